"""Files that are known without being here: fetched only when somebody needs their bytes."""

from __future__ import annotations

from collections.abc import Iterable

from wheelwatch.model import Failure, FileRef
from wheelwatch.sources.index.courier import Courier, Fetched
from wheelwatch.sources.plan import Locked


class Absent:
    """What is asked of files that are not here.

    Args:
        courier: fetches them, to the places that they would have.
    """

    def __init__(self, courier: Courier) -> None:
        self._courier = courier
        self._waiting: dict[str, Locked] = {}
        self._texts: dict[FileRef, bytes] = {}
        self.failures: list[Failure] = []
        """Why some of them could not be had when they were needed."""

    def expect(self, path: str, locked: Locked, texts: dict[FileRef, bytes]) -> None:
        """A file that would lie at this path, and what is known of its members word by word."""
        self._waiting[path] = locked
        self._texts.update(texts)

    def text(self, source: FileRef) -> bytes | None:
        """A member of a file that is not here, if it is known word by word."""
        return self._texts.get(source) if source.container in self._waiting else None

    def bring(self, containers: Iterable[str]) -> None:
        """Fetches those of these that are not here; afterwards they lie at their paths or never will."""
        wanted = [self._waiting.pop(path) for path in dict.fromkeys(containers) if path in self._waiting]
        for answer in self._courier.fetch(wanted):
            if not isinstance(answer, Fetched):
                self.failures.append(answer[1])
