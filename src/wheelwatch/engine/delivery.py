"""Work on files that may not be here yet: they are fetched before anybody reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from wheelwatch import archive
from wheelwatch.engine.runner import Progress, Runner
from wheelwatch.engine.task import Answer, Item, Work
from wheelwatch.limits import Limits
from wheelwatch.model import FileRef, Nested, NotAnalysed, Source


class Store(Protocol):
    """Where files come from that are not here: `sources.index.absent.Absent`."""

    def text(self, source: FileRef) -> bytes | None:
        """A member that is known word by word."""

    def bring(self, containers: Iterator[str]) -> None:
        """Fetches what is not here."""


class Delivery:
    """A runner that has the files of its items brought first.

    Args:
        runner: does the work.
    """

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self.store: Store | None = None

    def run(
        self, work: Work, items: Sequence[tuple[Item, int]], tokens: tuple[str, ...], progress: Progress
    ) -> Mapping[Item, Answer]:
        """The answer for each item."""
        if self.store is not None:
            self.store.bring(path for item, _ in items for path in _containers(item))
        return self._runner.run(work, items, tokens, progress)

    def read(self, source: Source, limits: Limits) -> bytes | NotAnalysed:
        """The bytes of a member, as `archive.read` gives them."""
        if self.store is not None:
            if isinstance(source, FileRef) and (known := self.store.text(source)) is not None:
                return known
            self.store.bring(_paths(source))
        return archive.read(source, limits)

    def head(self, source: Source, count: int, limits: Limits) -> bytes | NotAnalysed:
        """The first bytes of a member, as `archive.head` gives them."""
        if self.store is not None:
            self.store.bring(_paths(source))
        return archive.head(source, count, limits)

    def close(self) -> None:
        """Ends the runner's work."""
        self._runner.close()


def _containers(item: Item) -> Iterator[str]:
    yield from _paths(item.source)
    for placed in item.group.files if item.group is not None else ():
        yield from _paths(placed.member.source)


def _paths(source: Source) -> Iterator[str]:
    if isinstance(source, FileRef):
        yield source.container
    elif isinstance(source, Nested):
        yield source.outer.container
