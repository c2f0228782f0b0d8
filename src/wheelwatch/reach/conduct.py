"""What the callback of a hook does: its own deeds, and those of what it leads to."""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Act, Conduct, Deed, EdgeKind, Kind, Reached, Ref, Site
from wheelwatch.reach.names import Names, Node
from wheelwatch.reach.units import Units

HOOKS = frozenset({Kind.TRACE, Kind.PROFILE, Kind.MONITOR, Kind.AUDIT, Kind.IMPORT, Kind.EXCEPTION})
"""Families of hooks whose callbacks are looked at."""

METHODS = frozenset(
    {
        "__call__",
        "find_spec",
        "find_module",
        "load_module",
        "exec_module",
        "create_module",
        "source_to_code",
    }
    | {"get_code", "get_source", "get_data", "invalidate_caches"}
)
"""Methods by which an object is a callback."""

CALLS = frozenset({EdgeKind.CALL, EdgeKind.DEFER, EdgeKind.BODY})
NODES = 60
DEPTH = 5
"""Functions that one callback is followed through, and how deep."""


class Conducts:
    """Reads the callbacks of one set, each once. Asks for no file but that of the callback itself."""

    def __init__(self, units: Units, exact: Names) -> None:
        self._units = units
        self._exact = exact
        self._known = Names(units, units.known)
        self._memory: dict[tuple[int, Ref], Conduct | None] = {}

    def of(self, file: int, reached: Reached) -> Conduct | None:
        """What the callback of a site does; ``None`` when it is not known which function that is."""
        site = reached.site
        if site.kind not in HOOKS or site.clears or site.callback is None:
            return None
        key = (file, site.callback)
        if key not in self._memory:
            self._memory[key] = self._read(file, site.callback)
        return self._memory[key]

    def _read(self, file: int, callback: Ref) -> Conduct | None:
        roots = list(self._roots(file, callback))
        if not roots:
            return None
        unit = self._units.get(roots[0][0])
        scope = unit.facts.scopes[roots[0][1]] if unit else None
        nodes = self._followed(roots)
        return Conduct(
            name=scope.qualified or scope.name if scope else "",
            path=self._units.places.members[roots[0][0]].path,
            line=scope.line if scope else 0,
            acts=tuple(act for node in nodes for act in self._acts(node)),
            sites=tuple(site for node in nodes for site in self._sites(node)),
        )

    def _roots(self, file: int, callback: Ref) -> Iterator[Node]:
        """The functions that the hook calls: the callback itself, or methods of the object that it is."""
        for node in self._exact.resolve(file, callback).nodes:
            unit = self._units.get(node[0])
            if unit is None or node[1] == 0:
                continue
            if not unit.facts.scopes[node[1]].is_class:
                yield node
                continue
            for number, scope in enumerate(unit.facts.scopes):
                if scope.parent == node[1] and scope.name in METHODS:
                    yield node[0], number

    def _followed(self, roots: list[Node]) -> list[Node]:
        found = dict.fromkeys(roots)
        frontier = roots
        for _ in range(DEPTH):
            following = [node for before in frontier for node in self._next(before) if node not in found]
            frontier = list(dict.fromkeys(following))[: max(0, NODES - len(found))]
            found.update(dict.fromkeys(frontier))
        return list(found)

    def _next(self, node: Node) -> Iterator[Node]:
        unit = self._units.known(node[0])
        if unit is None:
            return
        for act in self._acts(node):
            if act.deed is Deed.LEADS and act.to > 0:
                yield node[0], act.to
        for edge in unit.edges.get(node[1], ()):
            if edge.kind in CALLS:
                yield from self._known.called(node[0], edge.target).nodes

    def _acts(self, node: Node) -> list[Act]:
        unit = self._units.known(node[0])
        return unit.acts.get(node[1], []) if unit else []

    def _sites(self, node: Node) -> list[Site]:
        unit = self._units.known(node[0])
        return unit.sites.get(node[1], []) if unit else []
