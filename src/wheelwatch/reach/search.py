"""The forward search: from roots over edges to every scope that runs, with a shortest way to each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from wheelwatch.catalogue import Api
from wheelwatch.code.extract.names import canonical
from wheelwatch.model import Confidence, Edge, EdgeKind, Site, Step
from wheelwatch.reach.guards import is_excused, labels
from wheelwatch.reach.names import Names, Node
from wheelwatch.reach.outward import outward
from wheelwatch.reach.places import FileId
from wheelwatch.reach.units import EVERY, Mask, Unit, Units, mask

NEVER = ("main", "type-checking")
"""Guards that are false whenever a module is imported."""

CLEARS = re.compile(r"[\w.\s]+\(\s*None\s*\)")
"""A call that hands over nothing but ``None``: it removes a hook."""

SETS = re.compile(r"""setattr\(\s*([\w.]+)\s*,\s*["'](\w+)["']""")
"""A function that is replaced by its name."""

NAME = re.compile(r"\w+(?:\.\w+)+")

GIVEN = re.compile(r"(?:\? (?:\?executable )?)?\?given")
"""What a site says of arguments that are those of its function (`code.extract.commands`)."""


class Root(msgspec.Struct, frozen=True, kw_only=True):
    """Where a search begins: a scope, and the step that stands before it (a ``.start`` line)."""

    node: Node
    before: Step | None = None
    pythons: Mask = EVERY
    is_main: bool = False
    """The file runs as a script, so that its ``__main__`` part runs too."""


class Visit(msgspec.Struct, frozen=True):
    """One arrival at a scope: from which visit, over which edge, on which Pythons."""

    node: Node
    parent: int
    edge: Edge | None
    pythons: Mask
    root: int


class Arrival(msgspec.Struct, frozen=True):
    """A site that a search has reached: the first visit of its scope, and all Pythons on which it runs."""

    file: FileId
    site: Site
    visit: int
    pythons: Mask


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """How one search moves."""

    names: Names
    inside: Callable[[FileId], bool]
    """Files that it may enter."""
    budget: int
    """Visits that it may make."""
    closed: frozenset[FileId] = frozenset()
    """Files whose deferred calls are known, and not followed."""


class Trail:
    """One search, run to its end: visits in breadth-first order, and the sites of the visited scopes.

    A way over a guard that can excuse what stands behind it is taken after all others: a decoy must not
    hide the way that nothing excuses.
    """

    def __init__(self, units: Units, policy: Policy, roots: Iterable[Root]) -> None:
        self.units = units
        self.roots = tuple(roots)
        self.visits: list[Visit] = []
        self.cut = 0
        self._policy = policy
        self._seen: dict[Node, Mask] = {}
        self._excused: list[Visit] = []
        self._ways: dict[Node, set[str]] = {}
        """By scope that a replaced function may be: what it replaces, empty for other ways to it."""
        self._run()

    def _run(self) -> None:
        frontier: list[int] = []
        for number, root in enumerate(self.roots):
            self._ways.setdefault(root.node, set()).add("")
            self._arrive(Visit(root.node, -1, None, root.pythons, number), frontier)
        while frontier or self._excused:
            self._gather(frontier)
            following: list[int] = []
            for number in frontier:
                self._expand(number, following)
            frontier = following or self._resume()

    def _resume(self) -> list[int]:
        """The visits over excused ways, once there is no other one left."""
        waiting, self._excused = self._excused, []
        frontier: list[int] = []
        for visit in waiting:
            self._arrive(visit, frontier)
        return frontier

    def _gather(self, frontier: list[int]) -> None:
        """Ask in one round for the files of the frontier, then for those that its edges name."""
        self.units.ask(self.visits[number].node[0] for number in frontier)
        named: dict[FileId, None] = {}
        for number in frontier:
            self._gather_far(number, named)
            for edge in self._edges(self.visits[number]):
                if edge.target.name and edge.kind is not EdgeKind.LOAD:
                    for file in self._policy.names.modules(self.visits[number].node[0], edge.target.name):
                        named.setdefault(file)
        self.units.ask(file for file in named if self._policy.inside(file))

    def _gather_far(self, number: int, named: dict[FileId, None]) -> None:
        for _, node in self._far(self.visits[number]):
            named.setdefault(node[0])

    def _arrive(self, visit: Visit, frontier: list[int]) -> None:
        seen = self._seen.get(visit.node, 0)
        fresh = visit.pythons & ~seen
        if not fresh:
            return
        if len(self.visits) >= self._policy.budget:
            self.cut += 1
            return
        self._seen[visit.node] = seen | fresh
        frontier.append(len(self.visits))
        self.visits.append(msgspec.structs.replace(visit, pythons=fresh) if seen else visit)

    def _unit(self, visit: Visit) -> Unit | None:
        return self.units.known(visit.node[0])

    def _edges(self, visit: Visit) -> Iterator[Edge]:
        """The edges that run when the scope does, on some of the visit's Pythons."""
        unit = self._unit(visit)
        if unit is None:
            return
        for edge in unit.edges.get(visit.node[1], ()):
            if self._is_taken(visit, edge):
                yield edge

    def _far(self, visit: Visit) -> Iterator[tuple[Edge, Node]]:
        """The edges to scopes of which only several files together tell."""
        unit = self._unit(visit)
        for edge, node in unit.far.get(visit.node[1], ()) if unit is not None else ():
            if self._is_taken(visit, edge):
                yield edge, node

    def _is_taken(self, visit: Visit, edge: Edge) -> bool:
        is_closed = edge.kind is EdgeKind.DEFER and visit.node[0] in self._policy.closed
        is_open = not is_closed and self._is_open(visit, edge.guard)
        return is_open and bool(mask(edge.pythons) & visit.pythons)

    def _is_open(self, visit: Visit, guard: str | None) -> bool:
        if guard is None or (self.roots[visit.root].is_main and visit.edge is None):
            return True
        return not any(label in NEVER for label in labels(guard))

    def _expand(self, number: int, frontier: list[int]) -> None:
        visit = self.visits[number]
        for edge in self._edges(visit):
            pythons = mask(edge.pythons) & visit.pythons
            for node in self._targets(visit.node[0], edge):
                if self._policy.inside(node[0]):
                    self._go(Visit(node, number, edge, pythons, visit.root), edge, frontier)
        for edge, node in self._far(visit):
            if self._policy.inside(node[0]):
                pythons = mask(edge.pythons) & visit.pythons
                self._go(Visit(node, number, edge, pythons, visit.root), edge, frontier)

    def _go(self, visit: Visit, edge: Edge, frontier: list[int]) -> None:
        self._ways.setdefault(visit.node, set()).add(replaced(edge))
        if not is_excused(edge.guard):
            self._arrive(visit, frontier)
        elif visit.pythons & ~self._seen.get(visit.node, 0):
            self._excused.append(visit)

    def _targets(self, file: FileId, edge: Edge) -> tuple[Node, ...]:
        names = self._policy.names
        match edge.kind:
            case EdgeKind.IMPORT | EdgeKind.STAR:
                bodies = tuple((found, 0) for found in names.modules(file, edge.target.name))
                return bodies + self._asked(file, edge)
            case EdgeKind.LOAD:
                return tuple((found, 0) for found in names.loaded(file, edge.target.name))
            case EdgeKind.BODY:
                nodes = names.resolve(file, edge.target).nodes
                return nodes + tuple(node for body in nodes for node in names.subclassed(body))
            case EdgeKind.CALL | EdgeKind.DEFER:
                return names.called(file, edge.target).nodes

    def _asked(self, file: FileId, edge: Edge) -> tuple[Node, ...]:
        """Functions ``__getattr__`` that an import runs.

        ``import a.b`` finds its module without asking ``a``, and so does the first part of ``from a.b
        import c``; for ``c`` the module ``a.b`` is asked, and nobody else.
        """
        found = self._policy.names.resolve(file, edge.target)
        unit = self.units.known(file)
        if unit is None or not edge.text.startswith("from") or unit.is_head(edge):
            return () if any(scope == 0 for _, scope in found.nodes) else found.asked
        return found.last if found.is_met else found.asked

    def arrivals(self) -> Iterator[Arrival]:
        """Every site that was reached, each once, in breadth-first order."""
        found: dict[tuple[FileId, Site], Arrival] = {}
        for number, visit in enumerate(self.visits):
            for site in self._sites(visit):
                pythons = mask(site.pythons) & visit.pythons
                key = (visit.node[0], site)
                old = found.get(key)
                if old is not None:
                    found[key] = msgspec.structs.replace(old, pythons=old.pythons | pythons)
                elif pythons:
                    found[key] = Arrival(visit.node[0], site, number, pythons)
        yield from found.values()

    def _sites(self, visit: Visit) -> Iterator[Site]:
        unit = self._unit(visit)
        if unit is None:
            return
        for site in unit.sites.get(visit.node[1], ()):
            if self._is_open(visit, site.guard) and not self._passes_on(visit, site):
                yield site
        for edge in self._edges(visit):
            yield from led(self._policy.names, visit.node[0], unit, edge)

    def _passes_on(self, visit: Visit, site: Site) -> bool:
        """Whether a replacement (``os.execv = wrapper``) only calls what it replaces, as it was called.

        One that something else calls, or that adds arguments, does more than what was asked.
        """
        ways = self._ways.get(visit.node, set())
        return (
            site.api in ways
            and "" not in ways
            and all(GIVEN.fullmatch(line) for line in site.detail.split("\n"))
        )

    def nodes(self) -> tuple[Node, ...]:
        """Every scope that was entered."""
        return tuple(self._seen)

    def files(self) -> tuple[FileId, ...]:
        """The files whose bodies ran, first reached first."""
        return tuple(dict.fromkeys(visit.node[0] for visit in self.visits if visit.node[1] == 0))


def replaced(edge: Edge) -> str:
    """The name that an edge gives another function: ``os.execv = mine``, ``setattr(os, "execv", mine)``."""
    if edge.kind is not EdgeKind.DEFER:
        return ""
    match = SETS.match(edge.text)
    name = ".".join(match.groups()) if match else edge.text
    return canonical(name) if NAME.fullmatch(name) else ""


def led(names: Names, file: FileId, unit: Unit, edge: Edge) -> Iterator[Site]:
    """Sites of an edge whose name leads, through another file, to a hook outside the set."""
    if edge.kind not in (EdgeKind.CALL, EdgeKind.DEFER) or not edge.target.name:
        return
    for name in names.called(file, edge.target).outside:
        api = outward(name) if name != edge.target.name else None
        if api is not None and not unit.holds(edge, api.name):
            site = site_of(edge, api)
            if site.pythons:
                yield site


def site_of(edge: Edge, api: Api) -> Site:
    """The site that a call is, once its name is known to lead to a hook."""
    return Site(
        kind=api.kind,
        api=api.name,
        scope=edge.scope,
        line=edge.line,
        column=edge.column,
        snippet=edge.text,
        clears=not edge.arguments and CLEARS.fullmatch(edge.text) is not None,
        confidence=Confidence.HIGH,
        guard=edge.guard,
        pythons=tuple(version for version in edge.pythons if version in api.pythons),
        detail=f"as {edge.target.name}",
    )
