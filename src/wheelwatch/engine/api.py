"""The library's functions, in the form in which other programs call them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeAlias

from wheelwatch.catalogue import incidents
from wheelwatch.engine.cache import opened
from wheelwatch.engine.run import Options
from wheelwatch.engine.run import scan as run
from wheelwatch.errors import UsageError
from wheelwatch.limits import DEFAULT
from wheelwatch.model import SUPPORTED_PYTHONS, Report, Severity, Version

Path: TypeAlias = "str | os.PathLike[str]"


def scan(  # noqa: PLR0913 - one keyword for each option
    targets: Path | Sequence[Path] = (),
    *,
    fail_on: Severity | None = Severity.HIGH,
    pythons: Sequence[Version] = (),
    as_: str | None = None,
    workers: int = 0,
    ioc: Path | Sequence[Path] = (),
    cache: bool = True,
) -> Report:
    """Judges every package of the targets, without running any of them.

    A target that cannot be read does not raise: it stands in ``Report.errors``.

    Args:
        targets: wheels, folders, site directories, environments; empty for the default environment.
        fail_on: severity from which a finding makes ``Report.outcome`` ``fail``; ``None`` for never.
        pythons: versions that count, such as ``"3.12"``; empty for those that each target says itself.
        as_: what every folder is taken for, instead of what it looks like.
        workers: worker processes; 0 for one per core.
        ioc: lists of attacks to look for, in the format of ``data/incidents.toml``.
        cache: use and keep what runs find out in the user's cache; the report is the same.

    Raises:
        UsageError: a version is not one that wheelwatch judges, or a list cannot be used.
    """
    unknown = [version for version in pythons if version not in SUPPORTED_PYTHONS]
    if unknown:
        hint = f"choose from {', '.join(SUPPORTED_PYTHONS)}"
        raise UsageError("pythons", f"{unknown[0]} is not a version that wheelwatch judges", hint)
    lists = [incident for path in _paths(ioc) for incident in incidents.read(path)]
    options = Options(
        fail_on=fail_on,
        pythons=tuple(version for version in SUPPORTED_PYTHONS if version in pythons),
        as_=as_,
        workers=workers,
        incidents=tuple(lists),
        cache=opened(DEFAULT) if cache else None,
    )
    return run(_paths(targets), options=options)


def _paths(given: Path | Sequence[Path]) -> list[str]:
    paths = [given] if isinstance(given, (str, os.PathLike)) else given
    return [os.fspath(path) for path in paths]
