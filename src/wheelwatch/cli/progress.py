"""What a human sees while a run goes on: what the targets were taken for, and a bar on a terminal."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from wheelwatch import escape
from wheelwatch.cli.stream import is_terminal, say

if TYPE_CHECKING:
    from rich.progress import Progress, Task, TaskID

    from wheelwatch.engine.advance import Advance
    from wheelwatch.engine.cache import Store

WORTH_A_BAR = 500
"""Files from which a run lasts long enough to be watched."""

SECONDS = 0.1
"""Between two drawings of the bar."""

NAME = 24
"""Columns for the name of a package."""


class Watcher:
    """An observer of the engine that writes to stderr."""

    def __init__(self, *, is_quiet: bool) -> None:
        self._is_quiet = is_quiet
        self._has_bar = not is_quiet and is_terminal(sys.stderr)
        self._bar: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._drawn = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def found(self, notes: Sequence[str], packages: int) -> None:
        """Says what the targets were taken for."""
        del packages
        if not self._is_quiet:
            say("".join(f"{escape.terminal(note)}\n" for note in notes))

    def interrupted(self) -> None:
        """Calls off what would end the run for certain: it ends by itself, and has a report to write."""
        signal.setitimer(signal.ITIMER_REAL, 0)

    def trouble(self, store: Store | None, *, verbose: bool) -> None:
        """Says why the cache was of no use, to those who want to know."""
        if verbose and not self._is_quiet and store is not None and store.trouble:
            say(f"the cache is not used: {escape.terminal(store.trouble)}\n")

    def resolving(self, names: int) -> None:
        """Says that versions are being looked for, which can take seconds."""
        if self._has_bar and names:
            bar = self._bar = self._bar or _bar()
            self._tasks["resolve"] = bar.add_task("resolving", total=None, about="")
            bar.refresh()

    def fetched(self, done: int, total: int) -> None:
        """Moves the bar of downloads."""
        if not self._has_bar:
            return
        bar = self._bar = self._bar or _bar()
        if "resolve" in self._tasks:
            bar.remove_task(self._tasks.pop("resolve"))
        if "fetch" not in self._tasks:
            self._tasks["fetch"] = bar.add_task("fetching", total=total, about="")
        bar.update(self._tasks["fetch"], completed=done, refresh=True)

    def examined(self, label: str, advance: Advance) -> None:
        """Moves the bar."""
        if not self._has_bar or advance.of_files < WORTH_A_BAR:
            return
        now = time.monotonic()
        if now - self._drawn < SECONDS and advance.files < advance.of_files:
            return
        self._drawn = now
        bar = self._bar = self._bar or _bar()
        if label not in self._tasks:
            self._tasks[label] = bar.add_task(escape.terminal(label), total=advance.of_files, about="")
        bar.update(self._tasks[label], completed=advance.files, about=_about(advance), refresh=True)


def _about(advance: Advance) -> str:
    """What stands beside the bar: packages done, and the one that is looked into."""
    done = f"{advance.packages}/{advance.of_packages} packages"
    name = escape.terminal(advance.current)
    return f"{done}, {name if len(name) <= NAME else name[: NAME - 1] + '…'}" if name else done


def _bar() -> Progress:
    """A bar without a thread of its own: workers are forked while it is shown."""
    from rich.console import Console  # noqa: PLC0415 - only for those who see it
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        Progress,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text  # noqa: PLC0415

    class Rate(ProgressColumn):
        """Files in a second."""

        def render(self, task: Task) -> Text:
            """The speed of one task, empty until it is known."""
            return Text(f"{task.speed:.0f}/s" if task.speed else "")

    # No markup: names of targets and packages.
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        TextColumn("{task.completed}/{task.total} files", markup=False),
        Rate(),
        TextColumn("{task.fields[about]}", markup=False),
        TimeRemainingColumn(),
    )
    progress = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
    progress.start()
    return progress
