"""Names that the standard library asks for and that need not be there, from ``data/startup_names.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Literal

import msgspec

from wheelwatch.catalogue.place import data_path
from wheelwatch.errors import DataError
from wheelwatch.model import SUPPORTED_PYTHONS, Version


class Squat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One name; ``pythons`` are the versions whose library asks for it."""

    name: str
    imported_by: tuple[str, ...]
    when: Literal["import", "call", "build"]
    """As soon as one of these is imported; only in some functions; in builds that left the module out."""
    first: Version = SUPPORTED_PYTHONS[0]
    last: Version = SUPPORTED_PYTHONS[-1]
    platform: str = ""
    """Wheels whose platform tag begins like this ship the name for good reason."""

    @property
    def pythons(self) -> tuple[Version, ...]:
        """The supported versions from ``first`` to ``last``."""
        order = SUPPORTED_PYTHONS.index
        return SUPPORTED_PYTHONS[order(self.first) : order(self.last) + 1]


@cache
def squats() -> tuple[Squat, ...]:
    """Every such name, in the order of the file.

    Raises:
        DataError: ``data/startup_names.toml`` does not have the form that it must have.
    """
    document = tomllib.loads(data_path("startup_names.toml").read_text(encoding="utf-8"))
    try:
        found = [msgspec.convert({"name": name, **table}, Squat) for name, table in document.items()]
        return tuple(squat for squat in found if squat.pythons)
    except (TypeError, ValueError, msgspec.ValidationError) as error:
        raise DataError("data/startup_names.toml", str(error)) from error
