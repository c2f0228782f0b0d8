"""What a human sees while a run goes on: what the targets were taken for, and a bar on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from wheelwatch import escape
from wheelwatch.cli.stream import is_terminal, say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from wheelwatch.engine.cache import Store

WORTH_A_BAR = 500
"""Files from which a run lasts long enough to be watched."""

SECONDS = 0.1
"""Between two drawings of the bar."""


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

    def trouble(self, store: Store | None, *, verbose: bool) -> None:
        """Says why the cache was of no use, to those who want to know."""
        if verbose and not self._is_quiet and store is not None and store.trouble:
            say(f"the cache is not used: {escape.terminal(store.trouble)}\n")

    def resolving(self, names: int) -> None:
        """Says that versions are being looked for, which can take seconds."""
        if self._has_bar and names:
            bar = self._bar = self._bar or _bar()
            self._tasks["resolve"] = bar.add_task("resolving", total=None)
            bar.refresh()

    def fetched(self, done: int, total: int) -> None:
        """Moves the bar of downloads."""
        if not self._has_bar:
            return
        bar = self._bar = self._bar or _bar()
        if "resolve" in self._tasks:
            bar.remove_task(self._tasks.pop("resolve"))
        if "fetch" not in self._tasks:
            self._tasks["fetch"] = bar.add_task("fetching", total=total)
        bar.update(self._tasks["fetch"], completed=done, refresh=True)

    def examined(self, label: str, done: int, total: int) -> None:
        """Moves the bar."""
        if not self._has_bar or total < WORTH_A_BAR:
            return
        now = time.monotonic()
        if now - self._drawn < SECONDS and done < total:
            return
        self._drawn = now
        bar = self._bar = self._bar or _bar()
        if label not in self._tasks:
            self._tasks[label] = bar.add_task(escape.terminal(label), total=total)
        bar.update(self._tasks[label], completed=done, refresh=True)


def _bar() -> Progress:
    """A bar without a thread of its own: workers are forked while it is shown."""
    from rich.console import Console  # noqa: PLC0415 - only for those who see it
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    # No markup: the description is the name of a target.
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} files", markup=False),
        TimeRemainingColumn(),
    )
    progress = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
    progress.start()
    return progress
