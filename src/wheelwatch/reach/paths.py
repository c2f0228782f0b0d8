"""Files that code loads by a path: found by the end of the path among the members of its distribution."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from wheelwatch.model import Distribution, Member

if TYPE_CHECKING:
    from wheelwatch.reach.places import FileId, Places

ALIKE = 8
"""Files of the same end that one path may lead to."""


def end_of(path: str) -> str:
    """The end of a path from where its folders go down only, without a leading separator."""
    plain = path.replace("\\", "/").rpartition("../")[2]
    return "/".join(part for part in plain.split("/") if part not in ("", "."))


def ends_so(path: str, end: str) -> bool:
    """Whether a place has this end, in whole names."""
    return bool(end) and (path == end or path.endswith("/" + end))


class Paths:
    """Every member of a set by its last name, whatever its suffix."""

    def __init__(self, distributions: Iterable[Distribution]) -> None:
        self._roots = [distribution.root for distribution in distributions]
        self._distributions = tuple(distributions)
        self._named: dict[int, dict[str, list[Member]]] = {}
        self.loaded: set[FileId] = set()
        """Files that code loads by their path, so that they are sources whatever their suffix."""

    def find(self, places: Places, file: FileId, path: str) -> tuple[FileId, ...]:
        """The files of the same distribution that a path in a file leads to, those beside it first."""
        owner, end = places.owners[file], end_of(path)
        found = [member for member in self._of(owner, end) if ends_so(member.path, end)]
        home = places.home(file)
        beside = [member for member in found if home is not None and member.place == home[1] + end]
        files = tuple(self._enter(places, owner, member) for member in (beside or found)[:ALIKE])
        self.loaded.update(files)
        return files

    def _of(self, owner: int, end: str) -> list[Member]:
        if owner not in self._named:
            named = self._named[owner] = {}
            for member in self._distributions[owner].members:
                named.setdefault(member.path.rpartition("/")[2], []).append(member)
        return self._named[owner].get(end.rpartition("/")[2], [])

    def _enter(self, places: Places, owner: int, member: Member) -> FileId:
        known = places.at(owner, member.path)
        return places.add(owner, member, (self._roots[owner], "")) if known is None else known
