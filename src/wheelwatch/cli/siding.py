"""One side of a comparison: an archive, a folder, a requirements or lock file, or a pin."""

from __future__ import annotations

import os
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import msgspec

from wheelwatch.cli.bundle import Effort, Fetching, Naming, Taking
from wheelwatch.cli.gating import engaged
from wheelwatch.cli.option import FailOn
from wheelwatch.cli.pin import is_pin
from wheelwatch.cli.progress import Watcher
from wheelwatch.cli.session import Session
from wheelwatch.gate import Gate

if TYPE_CHECKING:
    from wheelwatch.model import Report

FILES = ("*.txt", "*.in", "pylock.toml", "pylock.*.toml", "uv.lock", "pyproject.toml")
"""Names of files that ``audit`` reads."""


class Sides(msgspec.Struct, frozen=True, kw_only=True):
    """How every side of one run is judged."""

    gate: Gate
    fail_on: FailOn | None = None
    taking: Taking
    effort: Effort
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

    def audit(
        self, *, files: Sequence[str] = (), requirements: Sequence[str] = (), base: str = ""
    ) -> Report:
        """What an installation of these would bring; paths in the files count from ``base``."""
        from wheelwatch.cli.ordering import order  # noqa: PLC0415 - only for sides of this kind
        from wheelwatch.engine.audit import audit  # noqa: PLC0415

        with Session(self.effort, is_whole=True) as session:
            options = engaged(session, self.gate, self.fail_on, taking=self.taking)
            wanted = order(
                requirements,
                Naming(files=list(files)),
                Fetching(no_deps=not self.has_dependencies, offline=self.is_offline),
                python=options.pythons[0] if options.pythons else None,
                no_cache=self.effort.no_cache,
                base=base,
            )
            with Watcher(is_quiet=self.is_quiet) as watcher:
                return audit(wanted, options=options, observer=watcher, runner=session.runner).report

    def _scan(self, side: str) -> Report:
        from wheelwatch.engine.run import scan  # noqa: PLC0415 - only for sides of this kind

        with Session(self.effort) as session, Watcher(is_quiet=self.is_quiet) as watcher:
            options = engaged(session, self.gate, self.fail_on, taking=self.taking)
            return scan((side,), options=options, observer=watcher, runner=session.runner)
