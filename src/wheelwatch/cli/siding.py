"""One side of a comparison: an archive, a folder, a requirements or lock file, or a pin."""

from __future__ import annotations

import os
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import msgspec
from packaging.requirements import InvalidRequirement, Requirement

from wheelwatch.cli.progress import Watcher
from wheelwatch.limits import DEFAULT

if TYPE_CHECKING:
    from wheelwatch.engine.flow import Options
    from wheelwatch.model import Report

FILES = ("*.txt", "*.in", "pylock.toml", "pylock.*.toml", "uv.lock", "pyproject.toml")
"""Names of files that ``audit`` reads."""


class Sides(msgspec.Struct, frozen=True, kw_only=True):
    """How every side of one run is judged."""

    options: Options
    has_cache: bool = True
    is_offline: bool = False
    has_dependencies: bool = True
    is_quiet: bool = False

    def report(self, side: str) -> Report:
        """What is to be said of one side, as given on the command line."""
        if os.path.exists(side):  # noqa: PTH110 - any string may be given
            name = os.path.basename(side)  # noqa: PTH119
            is_list = os.path.isfile(side) and any(fnmatchcase(name, form) for form in FILES)  # noqa: PTH113
            return self.audit(files=(side,)) if is_list else self._scan(side)
        return self.audit(requirements=(side,)) if is_pin(side) else self._scan(side)

    def audit(self, *, files: Sequence[str] = (), requirements: Sequence[str] = ()) -> Report:
        """What an installation of these would bring."""
        from wheelwatch.engine.audit import Order, audit  # noqa: PLC0415 - only for sides of this kind
        from wheelwatch.engine.cache import folder  # noqa: PLC0415
        from wheelwatch.engine.runner import Workers  # noqa: PLC0415
        from wheelwatch.sources.index.machine import OWN  # noqa: PLC0415
        from wheelwatch.sources.request import Inputs  # noqa: PLC0415

        options = self._fresh()
        order = Order(
            inputs=Inputs(files=tuple(files), requirements=tuple(requirements)),
            python=options.pythons[0] if options.pythons else OWN,
            has_dependencies=self.has_dependencies,
            is_offline=self.is_offline,
            cache=str(folder()) if self.has_cache else "",
        )
        runner = Workers(DEFAULT, options.workers, options.cache)
        try:
            with Watcher(is_quiet=self.is_quiet) as watcher:
                return audit(order, options=options, observer=watcher, runner=runner).report
        finally:
            runner.close()

    def _scan(self, side: str) -> Report:
        from wheelwatch.engine.run import scan  # noqa: PLC0415 - only for sides of this kind

        with Watcher(is_quiet=self.is_quiet) as watcher:
            return scan((side,), options=self._fresh(), observer=watcher)

    def _fresh(self) -> Options:
        """The options with a cache of their own: each run closes the one that it has."""
        from wheelwatch.engine.cache import opened  # noqa: PLC0415

        return msgspec.structs.replace(self.options, cache=opened(DEFAULT) if self.has_cache else None)


def is_pin(text: str) -> bool:
    """It names a package and a version, and no path: ``coverage==7.13.0``."""
    try:
        found = Requirement(text)
    except InvalidRequirement:
        return False
    return bool(found.specifier) or found.url is not None
