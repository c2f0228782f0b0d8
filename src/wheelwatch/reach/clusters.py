"""Which files of a distribution are read together: those that import each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wheelwatch.limits import Limits
from wheelwatch.model import EdgeKind
from wheelwatch.reach.importable import is_importable
from wheelwatch.reach.joining import Task
from wheelwatch.reach.names import Names
from wheelwatch.reach.places import FileId
from wheelwatch.reach.units import Units

DEPTH = 2
"""Steps of imports by which files are added to those that hold something."""

NEAR, MOST = 24, 256
"""Files that one file adds in each step, and all files of a distribution together."""


SMALL = 24
"""Files that a distribution may have to be read as a whole."""


class Clusters:
    """Finds the groups of one set; asks for the files that are added."""

    def __init__(self, units: Units, names: Names, limits: Limits) -> None:
        self._units = units
        self._places = units.places
        self._names = names
        self._limits = limits
        self._sources = self._places.sources()
        self._imported: dict[FileId, tuple[FileId, ...]] = {}

    def small(self, owner: int) -> list[FileId]:
        """Every file of a small distribution of more than one; else none.

        Its words may be spread over files so that none of them has an anchor.
        """
        found = self._sources.get(owner, [])
        weight = sum(self._places.members[file].size for file in found)
        if not 1 < len(found) <= SMALL or weight > self._limits.whole_bytes:
            return []
        return found

    def around(self, seeds: Sequence[FileId]) -> list[Task]:
        """The groups around these files of one distribution, one for each part that hangs together."""
        chosen = dict.fromkeys(seeds)
        level = list(seeds)
        for _ in range(DEPTH):
            near = dict.fromkeys(one for file in level for one in self._near(file)[:NEAR])
            level = [file for file in near if file not in chosen][: MOST - len(chosen)]
            self._units.ask(level)
            chosen.update(dict.fromkeys(level))
        chosen.update(dict.fromkeys(self._above(chosen, self._places.owners[seeds[0]])))
        return [self._task(part) for part in self._parts(list(chosen))]

    def _imports(self, file: FileId) -> tuple[FileId, ...]:
        """The files of the same distribution that a file imports, and the packages that it lies in."""
        if file not in self._imported:
            unit = self._units.known(file)
            found: dict[FileId, None] = {}
            for edge in unit.facts.edges if unit is not None else ():
                if edge.kind in (EdgeKind.IMPORT, EdgeKind.STAR):
                    found.update(dict.fromkeys(self._names.modules(file, edge.target.name)))
            for name in self._places.names(file):
                found.update(dict.fromkeys(self._names.modules(file, name)))
            owner = self._places.owners[file]
            self._imported[file] = tuple(one for one in found if self._places.owners[one] == owner)
        return self._imported[file]

    def _near(self, file: FileId) -> list[FileId]:
        return [one for one in self._imports(file) if self._places.is_source(one)]

    def _above(self, chosen: Iterable[FileId], owner: int) -> list[FileId]:
        """The analysed files of the distribution that import one of these."""
        known = set(chosen)
        found = [
            file
            for file in self._units.asked()
            if file not in known
            and self._places.owners[file] == owner
            and not known.isdisjoint(self._imports(file))
        ]
        return sorted(found, key=lambda file: (self._places.members[file].path, file))

    def _parts(self, files: Sequence[FileId]) -> list[list[FileId]]:
        """The files by what hangs together, each part in the given order."""
        heads = {file: file for file in files}

        def head(file: FileId) -> FileId:
            while heads[file] != file:
                heads[file] = heads[heads[file]]
                file = heads[file]
            return file

        for file in files:
            for one in self._imports(file):
                if one in heads:
                    heads[head(one)] = head(file)
        parts: dict[FileId, list[FileId]] = {}
        for file in files:
            parts.setdefault(head(file), []).append(file)
        return list(parts.values())

    def _task(self, files: Sequence[FileId]) -> Task:
        """A group in which every file is imported, those at the top first."""
        roots = sorted(
            (file for file in files if is_importable(self._places, file)),
            key=lambda file: (self._places.members[file].path.count("/"), self._places.members[file].path),
        )
        return Task(files=tuple(files), roots=tuple(roots))
