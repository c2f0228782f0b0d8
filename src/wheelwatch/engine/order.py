"""The library's audit, in the form in which other programs call it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeAlias

from msgspec.structs import replace

from wheelwatch.catalogue import incidents
from wheelwatch.catalogue.incidents import Incident
from wheelwatch.engine.audit import Order, Unwatched
from wheelwatch.engine.audit import audit as run
from wheelwatch.engine.cache import folder, opened
from wheelwatch.engine.options import Options
from wheelwatch.engine.runner import Workers
from wheelwatch.errors import UsageError
from wheelwatch.limits import DEFAULT
from wheelwatch.model import Report, Severity, Version
from wheelwatch.sources.index.machine import OWN
from wheelwatch.sources.index.settings import Installer
from wheelwatch.sources.plan import index_options
from wheelwatch.sources.request import Inputs

Path: TypeAlias = "str | os.PathLike[str]"


def audit(  # noqa: PLR0913 - one keyword for each option
    requirements: str | Sequence[str] = (),
    *,
    files: Path | Sequence[Path] = (),
    constraints: Path | Sequence[Path] = (),
    extras: Sequence[str] = (),
    groups: Sequence[str] | None = None,
    installer: str | None = None,
    python: Version = OWN,
    platform: str = "",
    index_url: str = "",
    extra_index_urls: Sequence[str] = (),
    find_links: Sequence[str] = (),
    dependencies: bool = True,
    sdist: bool = False,
    offline: bool = False,
    fail_on: Severity | None = Severity.HIGH,
    workers: int = 0,
    ioc: Path | Sequence[Path] = (),
    cache: bool = True,
) -> Report:
    """Judges everything that an installation would bring, before anything is installed.

    What cannot be read, resolved or fetched does not raise: it stands in ``Report.errors``.

    Args:
        requirements: names like ``flask>=3``, paths or addresses.
        files: ``requirements.txt``, ``pyproject.toml``, ``pylock.toml``, ``uv.lock``.
        constraints: files that limit versions.
        extras: extras of a project or lock; ``*`` for all.
        groups: dependency groups of a project or lock; ``None`` for its default ones.
        installer: ``pip`` or ``uv``, whose settings and rules hold; by default that of the files.
        python: version to install for, such as ``"3.12"``.
        platform: platform to install for, in uv's words; empty for this one.
        index_url: the index in place of the configured one; the next two add to it.
        extra_index_urls: more indexes.
        find_links: folders or pages with files.
        dependencies: judge what packages require, too.
        sdist: judge sources where an installer would build; nothing is built.
        offline: use only what was fetched before.
        fail_on: severity from which a finding makes ``Report.outcome`` ``fail``; ``None`` for never.
        workers: worker processes; 0 for one per core.
        ioc: lists of attacks to look for, in the format of ``data/incidents.toml``.
        cache: use and keep files and facts in the user's cache; the report is the same.

    Raises:
        UsageError: an option cannot be used.
        WheelwatchError: the uv program is missing.
    """
    inputs = _inputs(requirements, files, constraints, extras, groups)
    places = index_options(index_url, extra_index_urls, find_links)
    taken = _installer(installer)
    order = Order(inputs=inputs, installer=taken, python=python, platform=platform, options=places)
    order = replace(order, has_dependencies=dependencies, may_build=sdist, is_offline=offline)
    return _judged(order, Options(fail_on=fail_on, incidents=_incidents(ioc), workers=workers), cache=cache)


def _inputs(
    requirements: str | Sequence[str],
    files: Path | Sequence[Path],
    constraints: Path | Sequence[Path],
    extras: Sequence[str],
    groups: Sequence[str] | None,
) -> Inputs:
    return Inputs(
        files=_paths(files),
        constraints=_paths(constraints),
        requirements=(requirements,) if isinstance(requirements, str) else tuple(requirements),
        extras=tuple(extras),
        groups=None if groups is None else tuple(groups),
    )


def _installer(name: str | None) -> Installer | None:
    if name is not None and name not in set(Installer):
        raise UsageError("installer", f"{name} is not known", "choose from pip, uv")
    return None if name is None else Installer(name)


def _incidents(paths: Path | Sequence[Path]) -> tuple[Incident, ...]:
    return tuple(incident for path in _paths(paths) for incident in incidents.read(path))


def _judged(order: Order, options: Options, *, cache: bool) -> Report:
    place = folder() if cache else None
    store = opened(DEFAULT) if cache else None
    runner = Workers(DEFAULT, options.workers, store)
    try:
        kept = replace(order, cache="" if place is None else str(place))
        return run(kept, options=replace(options, cache=store), observer=Unwatched(), runner=runner).report
    finally:
        runner.close()


def _paths(given: Path | Sequence[Path]) -> tuple[str, ...]:
    paths = [given] if isinstance(given, (str, os.PathLike)) else given
    return tuple(os.fspath(path) for path in paths)
