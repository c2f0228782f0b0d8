"""Files that pass a hook on under a name of theirs: ``from sys import settrace as hook``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from wheelwatch.catalogue.stdlib import RENAMED
from wheelwatch.model import Binding, Edge, EdgeKind
from wheelwatch.reach.names import Names
from wheelwatch.reach.outward import CHANGES, carried, tails
from wheelwatch.reach.places import FileId
from wheelwatch.reach.units import Unit, Units

CALLS = frozenset({EdgeKind.CALL, EdgeKind.DEFER})

STEPS = 6
"""Files through which a name is followed from the call to where it comes from."""


MODULES = frozenset(RENAMED.values())

ALIASED = frozenset(RENAMED)
"""Tokens of files that give a sensitive module another name."""


class Carriers:
    """The names under which the analysed files of a set pass hooks on."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self.names: frozenset[str] = frozenset()
        self.files: frozenset[FileId] = frozenset()
        """Those that bind such a name."""
        self._bound: dict[FileId, list[tuple[FileId, Binding]]] = {}

    def settle(self) -> None:
        """Look at every analysed file again, and ask for those through which their calls lead."""
        self._renew()
        if self._follow(list(self._units.asked())):
            self._renew()

    def _renew(self) -> None:
        names: set[str] = set()
        files: set[FileId] = set()
        rows = [row for file in self._units.asked() for row in self._rows(file)]
        growing = True
        while growing:
            count = len(names)
            for file, binding in rows:
                if _is_carried(binding, names):
                    files.add(file)
                    names.add(binding.name.removesuffix("()").removesuffix("[]"))
            growing = len(names) > count
        # Files that write a word of the catalogue are analysed anyway.
        self.names, self.files = frozenset(names - tails()), frozenset(files | self._starred(files))

    def _rows(self, file: FileId) -> list[tuple[FileId, Binding]]:
        if file not in self._bound:
            unit = self._units.known(file)
            rows = unit.facts.bindings if unit else ()
            self._bound[file] = [(file, row) for row in rows if row.target.name]
        return self._bound[file]

    def _starred(self, files: set[FileId]) -> set[FileId]:
        """Files that pass on every name of one of these, and of those that do so in turn."""
        names = Names(self._units, self._units.known)
        leads = {file: set(self._stars(names, file)) for file in self._units.asked()}
        found: set[FileId] = set()
        for _ in range(STEPS):
            more = {file for file in leads if not leads[file].isdisjoint(files | found)} - found
            if not more:
                break
            found |= more
        return found

    def _stars(self, names: Names, file: FileId) -> Iterator[FileId]:
        unit = self._units.known(file)
        for star in unit.stars if unit else ():
            yield from names.modules(file, star)

    def calls(self, file: FileId) -> Iterator[Edge]:
        """The calls of a file that may lead to a hook under a name of another file."""
        unit = self._units.known(file)
        for edge in unit.facts.edges if unit else ():
            if edge.kind in CALLS and edge.target.name and self._may_lead(edge.target.name):
                yield edge

    def _may_lead(self, name: str) -> bool:
        owner, _, last = name.rpartition(".")
        if last in CHANGES:
            last = owner.rpartition(".")[2]
        return last in self.names or last in tails()

    def _follow(self, files: Iterable[FileId]) -> bool:
        calls = dict.fromkeys((file, edge.target) for file in files for edge in self.calls(file))
        pending = [(file, ref) for file, ref in calls if self._is_inside(ref.name)]
        for step in range(STEPS):
            wanted: dict[FileId, None] = {}
            names = Names(self._units, self._noting(wanted))
            for file, ref in pending:
                names.called(file, ref)
            fresh = [file for file in wanted if self._units.is_fresh(file)]
            if not fresh:
                return step > 0
            self._units.ask(fresh)
        return True

    def _noting(self, wanted: dict[FileId, None]) -> Callable[[FileId], Unit | None]:
        """A getter of analysed files that notes each one it was asked for."""

        def get(file: FileId) -> Unit | None:
            wanted.setdefault(file)
            return self._units.known(file)

        return get

    def _is_inside(self, name: str) -> bool:
        """Whether a name is relative, or begins with a module that somebody in the set ships."""
        return name.startswith(".") or bool(self._units.places.holding(name.partition(".")[0]))


def _is_carried(binding: Binding, names: set[str]) -> bool:
    target = binding.target.name
    is_renamed = target in MODULES and binding.name not in (target, f"_{target}")
    return is_renamed or carried(target) or target.rpartition(".")[2] in names
