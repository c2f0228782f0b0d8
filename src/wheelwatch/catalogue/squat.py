"""Names that startup files take and that are not theirs, from ``data/startup_names.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any, Literal

import msgspec

from wheelwatch.catalogue.place import data_path
from wheelwatch.errors import DataError
from wheelwatch.model import SUPPORTED_PYTHONS, Version

_STEMS = "well_known_pth"


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
def _document() -> dict[str, Any]:
    return tomllib.loads(data_path("startup_names.toml").read_text(encoding="utf-8"))


@cache
def well_known_stems() -> frozenset[str]:
    """Stems of the ``.pth`` files that many environments have.

    Raises:
        DataError: ``data/startup_names.toml`` does not have the form that it must have.
    """
    try:
        return frozenset(msgspec.convert(_document().get(_STEMS), list[str]))
    except msgspec.ValidationError as error:
        raise DataError("data/startup_names.toml", f"{_STEMS}: {error}") from error


@cache
def squats() -> tuple[Squat, ...]:
    """Every such name, in the order of the file.

    Raises:
        DataError: ``data/startup_names.toml`` does not have the form that it must have.
    """
    rows = ((name, table) for name, table in _document().items() if name != _STEMS)
    try:
        found = [msgspec.convert({"name": name, **table}, Squat) for name, table in rows]
        return tuple(squat for squat in found if squat.pythons)
    except (TypeError, ValueError, msgspec.ValidationError) as error:
        raise DataError("data/startup_names.toml", str(error)) from error
