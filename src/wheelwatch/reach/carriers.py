"""Files that pass a hook on under a name of theirs: ``from sys import settrace as hook``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from wheelwatch.catalogue.stdlib import RENAMED
from wheelwatch.model import Binding, Edge, EdgeKind
from wheelwatch.reach.names import Names
from wheelwatch.reach.outward import CHANGES, ENTERED, carried, managers, tails
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
        self._holders: frozenset[str] = frozenset()
        """Last parts of the modules, classes and objects that have such a name."""
        self._managers: frozenset[str] = frozenset()
        self._bound: dict[FileId, list[tuple[FileId, Binding]]] = {}
        self._stars: dict[FileId, tuple[str, ...]] = {}

    def settle(self) -> None:
        """Look at every analysed file again, and ask for those through which their calls lead."""
        self._renew()
        if self._follow(list(self._units.asked())):
            self._renew()

    def _renew(self) -> None:
        found = Found(self._own_names)
        rows = [row for file in self._units.asked() for row in self._rows(file)]
        count = -1
        while count < found.count:
            count = found.count
            for file, binding in rows:
                found.look(file, binding)
            for file in self._starred(found.files) if count == found.count else ():
                found.pass_on(file)
        # Files that write a word of the catalogue are analysed anyway.
        self.names, self.files = frozenset(found.names - tails()), frozenset(found.files)
        self._holders, self._managers = frozenset(found.holders), frozenset(found.managers)

    def _rows(self, file: FileId) -> list[tuple[FileId, Binding]]:
        if file not in self._bound:
            unit = self._units.known(file)
            rows = unit.facts.bindings if unit else ()
            self._bound[file] = [(file, row) for row in rows if self._may_carry(row)]
            self._stars[file] = tuple(unit.stars) if unit else ()
        return self._bound[file]

    def _may_carry(self, binding: Binding) -> bool:
        """Whether the name may stand for what is carried, directly or as another file of the set has it."""
        name = binding.target.name
        if not name:
            return binding.target.scope > 0
        return "." not in name or self._is_inside(name) or carried(name)

    def _own_names(self, file: FileId, scope: int) -> frozenset[str]:
        """The last part under which others name a class, or the module that a file is."""
        unit = self._units.known(file)
        if unit is not None and unit.facts.scopes[scope].is_class:
            return frozenset({unit.facts.scopes[scope].name})
        if scope:
            return frozenset()
        return frozenset(name.rpartition(".")[2] for name in self._units.places.names(file))

    def _starred(self, files: set[FileId]) -> set[FileId]:
        """Files that pass on every name of one of these, and of those that do so in turn."""
        names = Names(self._units, self._units.known)
        leads = {
            file: {found for star in stars for found in names.modules(file, star)}
            for file, stars in self._stars.items()
            if stars
        }
        found: set[FileId] = set()
        for _ in range(STEPS):
            more = {file for file in leads if not leads[file].isdisjoint(files | found)} - found
            if not more:
                break
            found |= more
        return found

    def calls(self, file: FileId) -> Iterator[Edge]:
        """The calls of a file that may lead to a hook under a name of another file."""
        unit = self._units.known(file)
        for edge in unit.facts.edges if unit else ():
            if edge.kind in CALLS and edge.target.name and self._may_lead(edge.target.name):
                yield edge

    def _may_lead(self, name: str) -> bool:
        owner, _, last = name.rpartition(".")
        if last in CHANGES:
            owner, _, last = owner.rpartition(".")
        if last in ENTERED:
            return _last(owner) in self._managers
        return last in tails() or _is_held(owner, last, self.names, self._holders)

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


class Found:
    """What grows while the carriers of a set are looked for.

    Args:
        own_names: the last parts under which a scope of a file is named elsewhere.
    """

    def __init__(self, own_names: Callable[[FileId, int], Collection[str]]) -> None:
        self.names: set[str] = set()
        self.files: set[FileId] = set()
        self.holders: set[str] = set()
        self.managers: set[str] = set(managers())
        """Names of what is carried by entering it: ``with profile:``."""
        self._own_names = own_names

    @property
    def count(self) -> int:
        """How much there is."""
        return len(self.names) + len(self.files) + len(self.holders) + len(self.managers)

    def look(self, file: FileId, binding: Binding) -> None:
        """Note a binding that passes on what is carried, or what holds it."""
        name = _plain(binding.name)
        if self._is_carried(file, binding):
            if name not in ENTERED and name != "__getattr__":  # others never write these
                self.names.add(name)
            self.pass_on(file)
            self.holders.update(self._own_names(file, binding.scope))
        elif self._holds(file, binding):
            self.holders.add(name)
        if _last(binding.target.name) in self.managers:
            self.managers.add(name)

    def _holds(self, file: FileId, binding: Binding) -> bool:
        """Whether the name stands for a module, class or object that has what is carried."""
        if binding.target.scope > 0:
            return not self.holders.isdisjoint(self._own_names(file, binding.target.scope))
        return _last(binding.target.name) in self.holders

    def pass_on(self, file: FileId) -> None:
        """Note a file under whose name others find what is carried."""
        if file not in self.files:
            self.files.add(file)
            self.holders.update(self._own_names(file, 0))

    def _is_carried(self, file: FileId, binding: Binding) -> bool:
        target = binding.target.name
        if target in MODULES:
            return binding.name not in (target, f"_{target}")
        owner, _, last = target.rpartition(".")
        is_own = bool(owner) or file in self.files
        return carried(target) or (is_own and _is_held(owner, last, self.names, self.holders))


def _is_held(owner: str, last: str, names: Collection[str], holders: Collection[str]) -> bool:
    """Whether a name is one that is carried, of a holder that has one; dots alone are the own package."""
    holder = _last(owner)
    return last in names and (not holder or holder in holders)


def _last(name: str) -> str:
    return _plain(name).rpartition(".")[2]


def _plain(name: str) -> str:
    """A name without the marks of what a call of it returns and of what a table holds."""
    return name.removesuffix("()").removesuffix("[]")
