"""Where the members of a set lie, as the site directories of each Python see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import msgspec

from wheelwatch.archive.place import PREFIX, site_place
from wheelwatch.model import SUPPORTED_PYTHONS, Member, TargetSet, Version


class Located(msgspec.Struct, frozen=True):
    """One member at one place of a folder.

    ``pythons`` are the versions whose site directory has it there: all of them, or one when it came
    by ``{prefix}/lib/python3.9/site-packages``.
    """

    distribution: int
    member: Member
    name: str
    """The last part of its path."""
    pythons: tuple[Version, ...] = SUPPORTED_PYTHONS
    is_windows: bool = False
    """It lies there on Windows only."""


@dataclass(frozen=True)
class Layout:
    """The folders of a set: ``(root, folder)`` to what lies directly inside.

    A folder is relative to the root (``""`` the site directory itself, ``pkg/sub``), or begins with
    ``{prefix}/`` and is relative to the interpreter's prefix.
    """

    folders: dict[tuple[str, str], list[Located]] = field(default_factory=dict)
    _named: dict[tuple[str, str], dict[str, list[Located]]] = field(default_factory=dict)

    def inside(self, root: str, folder: str) -> list[Located]:
        """What lies directly inside a folder, in the order of the distributions."""
        return self.folders.get((root, folder), [])

    @cached_property
    def _parents(self) -> dict[tuple[str, str], set[Version]]:
        known: dict[tuple[str, str], set[Version]] = {}
        for (root, folder), members in self.folders.items():
            pythons = {version for located in members for version in located.pythons}
            place = folder
            while place and not pythons <= known.setdefault((root, place), set()):
                known[root, place] |= pythons
                place = place.rpartition("/")[0]
        return known

    def is_folder(self, root: str, folder: str, python: Version) -> bool:
        """Whether some member lies in the folder, at any depth, for this Python."""
        return python in self._parents.get((root, folder), ())

    def is_known(self, root: str, folder: str) -> bool:
        """Whether a member lies in this folder, at any depth, for some Python."""
        return (root, folder) in self._parents

    def at(self, root: str, path: str, python: Version) -> Iterator[Located]:
        """The members at exactly this path for this Python; several distributions may claim it."""
        folder, _, name = path.rpartition("/")
        if (root, folder) not in self._named:
            named = self._named[root, folder] = {}
            for located in self.inside(root, folder):
                named.setdefault(located.name, []).append(located)
        for located in self._named[root, folder].get(name, ()):
            if python in located.pythons:
                yield located


def lay_out(target: TargetSet) -> Layout:
    """Where every installed member of the set lies; one under pip's place and uv's if they differ."""
    layout = Layout()
    for index, distribution in enumerate(target.distributions):
        for member in distribution.members:
            if member.place is not None:
                _put(layout, distribution.root, index, member, member.place)
            if member.uv_place is not None and member.uv_place != member.place:
                _put(layout, distribution.root, index, member, member.uv_place)
    return layout


def _put(layout: Layout, root: str, index: int, member: Member, place: str) -> None:
    folder, _, name = place.rpartition("/")
    layout.folders.setdefault((root, folder), []).append(Located(index, member, name))
    if not place.startswith(PREFIX):
        return
    if (site := site_place(place)) is not None:
        folder, _, name = site.path.rpartition("/")
        located = Located(index, member, name, site.pythons, site.is_windows)
        layout.folders.setdefault((root, folder), []).append(located)
    elif not folder.partition("/")[2]:
        # The prefix itself is a site directory on Windows.
        located = Located(index, member, name, is_windows=True)
        layout.folders.setdefault((root, ""), []).append(located)
