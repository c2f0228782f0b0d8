"""How far the examination of a set is, in files and in packages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import msgspec


class Advance(msgspec.Struct, frozen=True, kw_only=True):
    """How many files and packages are done, of how many, and the package that comes next."""

    files: int
    of_files: int
    packages: int
    of_packages: int
    current: str
    """Its name; empty when all are done."""


Progress: TypeAlias = Callable[[Advance], None]


class Meter:
    """Turns counts of files into an `Advance`.

    Args:
        owners: the name of the package of each file, in the order in which files are examined.
        known: how many of the first files need no examination.
        tell: is told.
    """

    def __init__(self, owners: Sequence[str], known: int, tell: Progress) -> None:
        self._owners = owners
        self._known = known
        self._tell = tell
        self._places = {name: place for place, name in enumerate(dict.fromkeys(owners))}

    def __call__(self, done: int, _total: int) -> None:
        """So many of the files that are not known have been examined."""
        files = self._known + done
        current = self._owners[files] if files < len(self._owners) else ""
        count = len(self._places)
        self._tell(
            Advance(
                files=files,
                of_files=len(self._owners),
                packages=self._places[current] if files < len(self._owners) else count,
                of_packages=count,
                current=current,
            )
        )
