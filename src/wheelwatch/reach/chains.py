"""From a visited scope back to its root: the steps of a chain as the report shows them."""

from __future__ import annotations

from wheelwatch.model import Edge, Site, Step, TargetSet
from wheelwatch.reach.names import Node
from wheelwatch.reach.search import Arrival, Trail
from wheelwatch.reach.units import Units


class Chains:
    """Writes chains for the files of one set."""

    def __init__(self, target: TargetSet, units: Units) -> None:
        self._target = target
        self._units = units
        self._shared = units.places.shared()

    def of(self, trail: Trail, arrival: Arrival) -> tuple[Step, ...]:
        """The step before the root if there is one, a frame for each visit, then the site.

        Lines are those that each frame stands at while the site runs, as in a Python stack.
        """
        visit = trail.visits[arrival.visit]
        chain = [self.alone(visit.node, arrival.site)]
        while visit.edge is not None:
            edge, visit = visit.edge, trail.visits[visit.parent]
            chain.append(self._frame(visit.node, edge))
        before = trail.roots[visit.root].before
        return ((before,) if before else ()) + tuple(reversed(chain))

    def rivals(self, chain: tuple[Step, ...]) -> tuple[str, ...]:
        """Who else places a module of a chain."""
        steps = [step for step in chain if step.path in self._shared]
        names = (name for step in steps for name in self.placing(step.path) if name != step.package)
        return tuple(dict.fromkeys(names))

    def placing(self, path: str) -> tuple[str, ...]:
        """The distributions that place a module which several of them do; none for any other."""
        return tuple(self._target.distributions[owner].name for owner in self._shared.get(path, ()))

    def alone(self, node: Node, site: Site) -> Step:
        """The last step of a chain, or the only one when nothing leads to the site."""
        return Step(
            package=self._package(node),
            path=self._units.places.members[node[0]].path,
            line=site.line,
            what=site.api,
            guard=site.guard,
            function=self._function(node),
        )

    def _frame(self, node: Node, edge: Edge) -> Step:
        return Step(
            package=self._package(node),
            path=self._units.places.members[node[0]].path,
            line=edge.line,
            what=edge.text,
            guard=edge.guard,
            function=self._function(node),
        )

    def _package(self, node: Node) -> str:
        return self._target.distributions[self._units.places.owners[node[0]]].name

    def _function(self, node: Node) -> str:
        unit = self._units.known(node[0])
        return unit.facts.scopes[node[1]].name if unit else ""
