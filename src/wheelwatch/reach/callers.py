"""Backwards from hooks in functions that nothing calls yet: the files whose import might call them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from wheelwatch.catalogue.severity import row_of, severity
from wheelwatch.model import Binding, Edge, EdgeKind, Facts, Kind, Ref, Scope, Trigger
from wheelwatch.reach.carriers import Carriers
from wheelwatch.reach.names import Names, Node
from wheelwatch.reach.places import FileId
from wheelwatch.reach.search import led
from wheelwatch.reach.units import Unit, Units

HOOKS = frozenset({"watch", "replace"})
"""Rows of the severity table whose sites are never said to be called only when callers were left out."""

ROWS = HOOKS | {"payload"}
"""Rows whose sites are worth a search through other files."""

FILES = 64
"""Files of one distribution that one round may add."""

STARS = frozenset({"import *", "import*", "import  *"})
"""Tokens of files that pass on names which they do not write."""

IMPORT = "import "
"""Begins a token that a text holds when it may import the module that is named behind it."""

RUNS = frozenset({EdgeKind.CALL, EdgeKind.DEFER, EdgeKind.BODY})


def is_worth(kind: Kind) -> bool:
    """Whether it matters for a site of this family that import reaches it."""
    row = row_of(kind)
    weak, strong = severity(row, Trigger.CALL), severity(row, Trigger.IMPORT)
    return row in ROWS and weak is not None and strong is not None and strong > weak


def is_hook(kind: Kind) -> bool:
    """Whether the site is a hook whose row weighs more at import."""
    return row_of(kind) in HOOKS and is_worth(kind)


class Calls:
    """Calls by what they name, so that only those are resolved that may lead to a given scope."""

    def __init__(self) -> None:
        self._inner: dict[Node, list[tuple[FileId, Edge]]] = {}
        self._named: dict[str, list[tuple[FileId, Edge]]] = {}
        self._classes: list[tuple[FileId, Edge]] = []

    def add(self, file: FileId, edge: Edge, *, is_class: bool) -> None:
        """A call of a scope of its own file, a class say, or of a name."""
        row = (file, edge)
        if edge.target.scope < 0:
            self._named.setdefault(edge.target.name.rpartition(".")[2], []).append(row)
        elif is_class:
            self._classes.append(row)
        else:
            self._inner.setdefault((file, edge.target.scope), []).append(row)

    def of(self, nodes: Iterable[Node], names: Iterable[str]) -> Iterator[tuple[FileId, Edge]]:
        """The calls of these scopes and names, and of every class, whose methods may be meant."""
        for node in nodes:
            yield from self._inner.get(node, ())
        for name in names:
            yield from self._named.get(name, ())
        yield from self._classes


class Wanted(msgspec.Struct, frozen=True):
    """Functions of one file whose callers are looked for."""

    file: FileId
    functions: frozenset[str]
    """All names by which others call them."""
    sources: frozenset[FileId]
    """The files that others get them from: this one, and those that pass them on."""
    is_carried: bool = False
    """They are hooks under other names: a caller left out is a site unseen, none here is doubtful."""


class Passing(NamedTuple):
    """A name under which a file passes something on."""

    file: FileId
    name: str
    target: Ref | None
    """What it stands for; ``None`` for a class, which may inherit it."""


class Callers:
    """Finds more files of a distribution that may call what holds a hook."""

    def __init__(self, units: Units, names: Names, facts: Facts, carriers: Carriers) -> None:
        self._places = units.places
        self._units = units
        self._names = names
        self._facts = facts
        self._carriers = carriers
        self.cut: dict[int, int] = {}
        """By distribution: files that were left out."""
        self.doubtful: set[FileId] = set()
        """Files with functions of which such a file may be a caller."""

    def leading(self, files: Sequence[FileId], seen: frozenset[Node]) -> frozenset[Node]:
        """The scopes of these files that lead to a hook and that no search has entered."""
        found = {node for file in files for node in self._hooked(file)} - seen
        calls = self._sorted(files, seen) if found else Calls()
        growing = bool(found)
        while growing:
            more = {
                (file, edge.scope)
                for file, edge in calls.of(found, self._spoken(found, files))
                if (file, edge.scope) not in found and self._hits(file, edge, found)
            }
            found |= more
            growing = bool(more)
        return frozenset(found)

    def _sorted(self, files: Sequence[FileId], seen: frozenset[Node]) -> Calls:
        """The calls in these files outside the scopes that were entered already."""
        calls = Calls()
        for file in files:
            unit = self._units.known(file)
            for edge in unit.facts.edges if unit else ():
                if edge.kind in RUNS and (file, edge.scope) not in seen:
                    calls.add(file, edge, is_class=_is_class(unit, edge.target.scope))
        return calls

    def _hooked(self, file: FileId) -> Iterator[Node]:
        unit = self._units.known(file)
        for site in unit.facts.sites if unit else ():
            is_hidden = site.obfuscated and site.kind is Kind.DYNAMIC_ACCESS
            if (is_hidden or is_worth(site.kind)) and not site.clears:
                yield file, site.scope
        for edge in self._carriers.calls(file):
            if unit is not None and any(is_worth(site.kind) for site in led(self._names, file, unit, edge)):
                yield file, edge.scope

    def _hits(self, file: FileId, edge: Edge, found: set[Node]) -> bool:
        """Whether an edge leads to one of the scopes."""
        return any(node in found for node in self._names.called(file, edge.target).nodes)

    def _spoken(self, nodes: Iterable[Node], files: Sequence[FileId]) -> frozenset[str]:
        """The names by which other files call these scopes, also those under which they are passed on."""
        names = {name for node in nodes for name in self._own_names(node)}
        for file in files:
            for binding in self._bindings(file):
                if _last(binding.target) in names:
                    names.add(binding.name)
            names.update(self._subclasses(file, names))
        return frozenset(names)

    def _subclasses(self, file: FileId, names: Collection[str]) -> list[str]:
        """The classes of a file that inherit from one of these names."""
        return [
            scope.name for scope in self._scopes(file) if any(_last(base) in names for base in scope.bases)
        ]

    def _own_names(self, node: Node) -> Iterator[str]:
        """A scope's own name, and that of its class; what is nested in a function has none outside."""
        unit = self._units.known(node[0])
        if unit is None or node[1] == 0:
            return
        yield from unit.aliases.get(node[1], ())
        scope = unit.facts.scopes[node[1]]
        parent = unit.facts.scopes[scope.parent]
        if parent.is_class:
            yield from unit.aliases.get(scope.parent, ())
        if scope.parent == 0 or parent.is_class:
            yield from (name for name in (scope.name, parent.name) if name.isidentifier())

    def _bindings(self, file: FileId) -> tuple[Binding, ...]:
        unit = self._units.known(file)
        return unit.facts.bindings if unit else ()

    def _scopes(self, file: FileId) -> tuple[Scope, ...]:
        unit = self._units.known(file)
        return unit.facts.scopes if unit else ()

    def wanted(self, nodes: frozenset[Node], files: Sequence[FileId]) -> tuple[Wanted, ...]:
        """What to look for to find the callers of these scopes of a distribution with these files."""
        names: dict[FileId, set[str]] = {}
        for node in sorted(nodes):
            names.setdefault(node[0], set()).update(self._own_names(node))
        passing = self._passing(files) if any(names.values()) else {}
        return tuple(self._grown(file, own, passing) for file, own in names.items() if own)

    def _passing(self, files: Sequence[FileId]) -> Mapping[str, Sequence[Passing]]:
        """What these files pass on under names of their own, by the last part of what it is."""
        found: dict[str, list[Passing]] = {}
        for file in files:
            for binding in self._bindings(file):
                found.setdefault(_last(binding.target), []).append(
                    Passing(file, binding.name, binding.target)
                )
            for scope in self._scopes(file):
                for base in scope.bases:
                    found.setdefault(_last(base), []).append(Passing(file, scope.name, None))
        return found

    def _grown(
        self, source: FileId, own: Collection[str], passing: Mapping[str, Sequence[Passing]]
    ) -> Wanted:
        """With the names under which functions of a file are passed on, and the files that do so."""
        names, sources = set(own), {source}
        fresh = list(own)
        while fresh:
            for one in passing.get(fresh.pop(), ()):
                if one.file != source and one.target and not self._may_be_of(one.file, one.target, sources):
                    continue
                sources.add(one.file)
                if one.name not in names:
                    names.add(one.name)
                    fresh.append(one.name)
        return Wanted(source, frozenset(names), frozenset(sources))

    def _may_be_of(self, file: FileId, target: Ref, sources: Collection[FileId]) -> bool:
        """Whether a name of a file may stand for something of one of these."""
        called = self._names.called(file, target)
        return any(node[0] in sources for node in called.nodes) or not (called.nodes or called.outside)

    def round(self, wanted: Mapping[int, Sequence[Wanted]]) -> tuple[FileId, ...]:
        """More files, by distribution, that mention a wanted function and a module that it comes from."""
        own = [(one, frozenset({owner})) for owner, row in wanted.items() for one in row]
        owners = {self._places.owners[file] for one, _ in own for file in one.sources}
        carried = [
            Wanted(file, names, frozenset({file}), is_carried=True)
            for file, names in self._carriers.passed()
        ]
        owners.update(self._places.owners[one.file] for one in carried)
        everything = [*own, *((one, frozenset(owners)) for one in carried)]
        if not everything:
            return ()
        # One pass over the files for all.
        self._facts.mentions(STARS.union(*(one.functions | self._modules(one) for one, _ in everything)))
        found: dict[FileId, list[Wanted]] = {}
        for one, inside in everything:
            for file in self._calling(one, inside):
                found.setdefault(file, []).append(one)
        return tuple(self._bounded(found))

    def _modules(self, wanted: Wanted) -> frozenset[str]:
        """Tokens of the texts that may import one of the files that are waited for."""
        return frozenset(IMPORT + _stem(self._places.members[file].path) for file in wanted.sources)

    def _calling(self, wanted: Wanted, owners: Collection[int]) -> Iterator[FileId]:
        """The files that write a wanted name, or take over all names, and a module that it comes from."""
        for file in self._mentioning(wanted.functions | STARS, self._modules(wanted)):
            if self._places.owners[file] in owners and self._may_hold(file):
                yield file
        yield from self._below(wanted)

    def _may_hold(self, file: FileId) -> bool:
        return self._units.is_fresh(file) and self._places.is_source(file)

    def _mentioning(self, *names: frozenset[str]) -> Iterable[FileId]:
        return self._places.of(self._facts.mentions(*names))

    def _below(self, wanted: Wanted) -> Iterator[FileId]:
        """The files in a package whose ``__init__`` has such a name: ``from . import hook``."""
        places = self._places
        for source in wanted.sources:
            folder, _, last = places.members[source].path.rpartition("/")
            unit = self._units.known(source) if last.startswith("__init__.") else None
            own = {name for scope, name in unit.names if scope == 0} & wanted.functions if unit else set()
            for file in self._mentioning(frozenset(own)) if own else ():
                is_inside = places.members[file].path.startswith(folder + "/")
                if is_inside and places.owners[file] == places.owners[source] and self._may_hold(file):
                    yield file

    def _bounded(self, found: Mapping[FileId, Sequence[Wanted]]) -> Iterator[FileId]:
        """At most `FILES` of each distribution, those nearest to the top first."""
        counts: dict[int, int] = {}
        for file in sorted(found, key=self._nearness):
            owner = self._places.owners[file]
            counts[owner] = counts.get(owner, 0) + 1
            if counts[owner] <= FILES:
                yield file
            else:
                self.cut[owner] = self.cut.get(owner, 0) + 1
                self.doubtful.update(one.file for one in found[file] if not one.is_carried)

    def _nearness(self, file: FileId) -> tuple[int, str, int]:
        path = self._places.members[file].path
        return path.count("/"), path, file


def _is_class(unit: Unit | None, scope: int) -> bool:
    return unit is not None and scope >= 0 and unit.facts.scopes[scope].is_class


def _stem(path: str) -> str:
    """The last part of a module's name: ``a/b.py`` gives ``b``, ``a/b/__init__.py`` gives ``b``."""
    folder, _, name = path.rpartition("/")
    stem = name.partition(".")[0]
    return folder.rpartition("/")[2] if stem == "__init__" and folder else stem


def _last(ref: Ref) -> str:
    return ref.name.rpartition(".")[2]
