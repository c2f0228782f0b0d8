"""Hooks that a package installs while it is imported by calling a function of another distribution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from wheelwatch.model import Edge, EdgeKind, Facts, Site
from wheelwatch.reach.callers import Callers, is_hook
from wheelwatch.reach.guards import labels
from wheelwatch.reach.names import Names, Node
from wheelwatch.reach.places import FileId
from wheelwatch.reach.search import NEVER, Arrival, Policy, Root, Trail
from wheelwatch.reach.units import Units, mask, versions

CALLS = frozenset({EdgeKind.CALL, EdgeKind.DEFER})

VISITS = 2_000
"""Scopes of another distribution that one call is followed through."""

FILES = 4
"""Files of one distribution that are looked into because they name a function of another one."""


class Crossing(msgspec.Struct, frozen=True):
    """A call that runs when a distribution is imported, and that enters another one."""

    owner: int
    visit: int
    edge: Edge
    node: Node


class Borrowing:
    """Finds these calls in one set."""

    def __init__(self, units: Units, names: Names, callers: Callers, facts: Facts) -> None:
        self._facts = facts
        self._units = units
        self._places = units.places
        self._names = names
        self._callers = callers
        self._hooks: dict[Node, Site | None] = {}

    def ask(self, waiting: Mapping[int, Iterable[Node]]) -> tuple[FileId, ...]:
        """More files: those nearest to the top that name a function which installs a hook, and its package.

        ``waiting`` are the scopes that lead to hooks, by distribution.
        """
        functions = {owner: self._spoken(nodes) for owner, nodes in waiting.items()}
        modules = {owner: self._tops(owner) for owner, names in functions.items() if names}
        if not modules or len(self._places.distributions()) == 1:
            return ()
        tokens = frozenset().union(*functions.values(), *modules.values())
        self._facts.mentions(tokens)  # one pass over the files for all
        found: dict[FileId, None] = {}
        for owner, tops in modules.items():
            for file in self._mentioning(functions[owner]) & self._mentioning(tops):
                if self._places.owners[file] != owner and self._units.is_fresh(file):
                    found.setdefault(file)
        return tuple(self._nearest(found))

    def _spoken(self, nodes: Iterable[Node]) -> frozenset[str]:
        """The names by which others may call these scopes; for a constructor that of its class."""
        names = set()
        for file, scope in nodes:
            unit = self._units.known(file)
            if unit is None or scope == 0:
                continue
            own = unit.facts.scopes[scope]
            above = unit.facts.scopes[own.parent]
            names.add(above.name if above.is_class and own.name.startswith("__") else own.name)
        return frozenset(name for name in names if name.isidentifier())

    def _tops(self, owner: int) -> frozenset[str]:
        names = (name for file in self._places.tops(owner) for name in self._places.names(file))
        return frozenset(name.partition(".")[0] for name in names)

    def _mentioning(self, names: frozenset[str]) -> set[FileId]:
        return set(self._places.of(self._facts.mentions(names))) if names else set()

    def _nearest(self, files: Iterable[FileId]) -> Iterator[FileId]:
        counts: dict[int, int] = {}
        members = self._places.members
        for file in sorted(files, key=lambda one: (members[one].path.count("/"), members[one].path, one)):
            owner = self._places.owners[file]
            counts[owner] = counts.get(owner, 0) + 1
            if counts[owner] <= FILES and self._places.is_source(file):
                yield file

    def run(self, trails: Mapping[int, Trail]) -> Iterator[tuple[int, Arrival]]:
        """Each with its distribution: the call as a site of the hook that it leads to."""
        crossings = [one for owner, trail in trails.items() for one in self._crossings(owner, trail)]
        if not crossings:
            return
        leading = self._leading({self._places.owners[one.node[0]] for one in crossings})
        for one in crossings:
            hook = self._hook(one.node) if one.node in leading else None
            trail = trails[one.owner]
            visit = trail.visits[one.visit]
            unit = self._units.known(visit.node[0])
            if hook is None or unit is None or unit.holds(one.edge, hook.api):
                continue
            pythons = mask(one.edge.pythons) & mask(hook.pythons) & visit.pythons
            if pythons:
                site = _site(one.edge, hook, versions(mask(one.edge.pythons) & mask(hook.pythons)))
                yield one.owner, Arrival(visit.node[0], site, one.visit, pythons)

    def _crossings(self, owner: int, trail: Trail) -> Iterator[Crossing]:
        self._units.focus(frozenset(visit.node[0] for visit in trail.visits))
        for number, visit in enumerate(trail.visits):
            unit = self._units.known(visit.node[0])
            for edge in unit.edges.get(visit.node[1], ()) if unit else ():
                if edge.kind not in CALLS or not edge.target.name or edge.target.name.startswith("."):
                    continue
                if any(label in NEVER for label in labels(edge.guard)):
                    continue
                for node in self._names.called(visit.node[0], edge.target).nodes:
                    if self._places.owners[node[0]] != owner:
                        yield Crossing(owner, number, edge, node)

    def _leading(self, owners: Iterable[int]) -> frozenset[Node]:
        """The scopes of these distributions that lead to a hook."""
        files: dict[int, list[FileId]] = {}
        for file in self._units.asked():
            files.setdefault(self._places.owners[file], []).append(file)
        rows: list[Sequence[FileId]] = [files.get(owner, []) for owner in sorted(owners)]
        return frozenset(node for row in rows for node in self._callers.leading(row, frozenset()))

    def _hook(self, node: Node) -> Site | None:
        """The first hook that a function of another distribution installs, inside that one."""
        if node not in self._hooks:
            owner = self._places.owners[node[0]]

            def inside(file: FileId) -> bool:
                return self._places.owners[file] == owner and self._units.known(file) is not None

            policy = Policy(names=self._names, inside=inside, budget=VISITS)
            sites = [arrival.site for arrival in Trail(self._units, policy, [Root(node=node)]).arrivals()]
            found = (site for site in sites if is_hook(site.kind) and not site.clears)
            self._hooks[node] = next(found, None)
        return self._hooks[node]


def _site(edge: Edge, hook: Site, pythons: tuple[str, ...]) -> Site:
    return Site(
        kind=hook.kind,
        api=hook.api,
        scope=edge.scope,
        line=edge.line,
        column=edge.column,
        snippet=edge.text,
        obfuscated=hook.obfuscated,
        own_names=False,
        confidence=hook.confidence,
        guard=edge.guard,
        pythons=pythons,
        detail=f"by {edge.target.name}",
    )
