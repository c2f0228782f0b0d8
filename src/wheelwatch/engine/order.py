"""The library's audit, in the form in which other programs call it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeAlias

from wheelwatch.catalogue import incidents
from wheelwatch.engine.audit import Order, Unwatched
from wheelwatch.engine.audit import audit as run
from wheelwatch.engine.cache import folder, opened
from wheelwatch.engine.flow import Options
from wheelwatch.engine.runner import Workers
from wheelwatch.errors import UsageError
from wheelwatch.limits import DEFAULT
from wheelwatch.model import Report, Severity, Version
from wheelwatch.sources.index.machine import OWN
from wheelwatch.sources.index.settings import Installer
from wheelwatch.sources.plan import Asked, Option
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
    if installer is not None and installer not in set(Installer):
        raise UsageError("installer", f"{installer} is not known", "choose from pip, uv")
    rows = [("index-url", index_url)] if index_url else []
    rows += [("extra-index-url", url) for url in extra_index_urls]
    rows += [("find-links", place) for place in find_links]
    place = folder() if cache else None
    order = Order(
        inputs=Inputs(
            files=_paths(files),
            constraints=_paths(constraints),
            requirements=(requirements,) if isinstance(requirements, str) else tuple(requirements),
            extras=tuple(extras),
            groups=None if groups is None else tuple(groups),
        ),
        installer=None if installer is None else Installer(installer),
        python=python,
        platform=platform,
        options=tuple(Option(name, value, Asked(f"--{name}")) for name, value in rows),
        has_dependencies=dependencies,
        may_build=sdist,
        is_offline=offline,
        cache="" if place is None else str(place),
    )
    store = opened(DEFAULT) if cache else None
    lists = tuple(incident for path in _paths(ioc) for incident in incidents.read(path))
    runner = Workers(DEFAULT, workers, store)
    try:
        options = Options(fail_on=fail_on, incidents=lists, cache=store)
        return run(order, options=options, observer=Unwatched(), runner=runner).report
    finally:
        runner.close()


def _paths(given: Path | Sequence[Path]) -> tuple[str, ...]:
    paths = [given] if isinstance(given, (str, os.PathLike)) else given
    return tuple(os.fspath(path) for path in paths)
