"""Files that pass a hook on under a name of theirs: ``from sys import settrace as hook``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator

from wheelwatch.catalogue.stdlib import RENAMED
from wheelwatch.model import Binding, Edge, EdgeKind
from wheelwatch.reach.carried import Carried, parted
from wheelwatch.reach.names import Names
from wheelwatch.reach.outward import carried, tails
from wheelwatch.reach.places import FileId
from wheelwatch.reach.units import Unit, Units

CALLS = frozenset({EdgeKind.CALL, EdgeKind.DEFER})

STEPS = 6
"""Files through which a name is followed from the call to where it comes from."""


ALIASED = frozenset(RENAMED)
"""Tokens of files that give a sensitive module another name."""


class Carriers:
    """The names under which the analysed files of a set pass hooks on."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._carried = Carried(self._own_names)
        self._stars: dict[FileId, tuple[str, ...]] = {}
        """Star imports of the files that were looked at."""
        self._lasts: dict[FileId, frozenset[str]] = {}
        """By file: the last parts of the names that it calls."""

    def passed(self) -> Iterator[tuple[FileId, frozenset[str]]]:
        """The files under whose name others find what is carried, and by which names, also through stars.

        Files that write a word of the catalogue are analysed anyway: such names are left out.
        """
        names = {file: set(self._carried.here.get(file, ())) for file in self._carried.files}
        leads = {file: found for file, found in self._leads().items() if file in names}
        for _ in range(STEPS):
            for file, found in leads.items():
                names[file].update(*(names[one] for one in found if one in names))
        known = tails()
        for file, own in sorted(names.items()):
            if own - known:
                yield file, frozenset(own - known)

    def settle(self) -> None:
        """Look at the files that were analysed since, and ask for those through which their calls lead."""
        self._renew()
        if self._follow(list(self._units.asked())):
            self._renew()

    def _renew(self) -> None:
        for file in [one for one in self._units.asked() if one not in self._stars]:
            unit = self._units.known(file)
            rows = unit.facts.bindings if unit else ()
            edges = unit.facts.edges if unit else ()
            self._stars[file] = tuple(unit.stars) if unit else ()
            called = (edge.target.name for edge in edges if edge.kind in CALLS and edge.target.name)
            self._lasts[file] = frozenset(sys.intern(parted(name)[1]) for name in called)
            self._carried.add(file, [row for row in rows if self._may_carry(row)])
        for _ in range(STEPS):
            more = self._starred(self._carried.files) - self._carried.files
            for file in sorted(more):
                self._carried.pass_on(file)
            if not more:
                break

    def _may_carry(self, binding: Binding) -> bool:
        """Whether the name may stand for what is carried, directly or as another file of the set has it."""
        name = binding.target.name
        if not name:
            return binding.target.scope > 0
        return "." not in name or self._is_inside(name) or carried(name)

    def _own_names(self, file: FileId, scope: int) -> frozenset[str]:
        """The last part under which others name a class, or the module that a file is."""
        if scope == 0:
            return frozenset(name.rpartition(".")[2] for name in self._units.places.names(file))
        unit = self._units.known(file)
        row = unit.facts.scopes[scope] if unit is not None else None
        return frozenset({row.name} if row is not None and row.is_class else ())

    def _starred(self, files: set[FileId]) -> set[FileId]:
        """Files that pass on every name of one of these, and of those that do so in turn."""
        leads = self._leads()
        found: set[FileId] = set()
        for _ in range(STEPS):
            more = {file for file in leads if not leads[file].isdisjoint(files | found)} - found
            if not more:
                break
            found |= more
        return found

    def _leads(self) -> dict[FileId, set[FileId]]:
        """By file with star imports: the files that these name."""
        names = Names(self._units, self._units.known)
        return {
            file: {found for star in stars for found in names.modules(file, star)}
            for file, stars in self._stars.items()
            if stars
        }

    def calls(self, file: FileId) -> Iterator[Edge]:
        """The calls of a file that may lead to a hook under a name of another file."""
        is_whole = file in self._lasts and not self._units.is_extended(file)
        if is_whole and not self._carried.may_lead(self._lasts[file]):
            return
        unit = self._units.known(file)
        for edge in unit.facts.edges if unit else ():
            if edge.kind in CALLS and edge.target.name and self._carried.leads(edge.target.name):
                yield edge

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
