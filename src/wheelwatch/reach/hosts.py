"""What a host calls of code that it has loaded: hooks of pytest plugins, classes that a build makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wheelwatch.model import EdgeKind, Ref
from wheelwatch.reach.names import Names, Node
from wheelwatch.reach.places import FileId
from wheelwatch.reach.search import Trail
from wheelwatch.reach.units import Unit, Units

HOOK = "pytest_"
"""How the hooks of a plugin begin."""

FIXTURE = "pytest.fixture"
ALWAYS = "autouse=True"
"""The decorator of a fixture, and what it says when every test uses it."""

LEVELS = 40
"""Classes and starred modules that one look passes through."""


class Hosts:
    """Finds the scopes in one set; asks for the files that it needs."""

    def __init__(self, units: Units, names: Names) -> None:
        self._units = units
        self._names = names

    def made(self, file: FileId, interface: str, methods: Iterable[str]) -> Iterator[Node]:
        """These methods of the classes of a module that inherit from a class of this last name."""
        unit = self._units.get(file)
        names = [name for scope, name in unit.names if scope == 0] if unit else []
        classes = dict.fromkeys(node for name in names for node in self._names.things((file, 0), name))
        for node in classes:
            if self._is_class(node) and self._derives(node, interface):
                for method in methods:
                    yield from self._names.things(node, method)

    def _is_class(self, node: Node) -> bool:
        unit = self._units.get(node[0])
        return unit is not None and node[1] > 0 and unit.facts.scopes[node[1]].is_class

    def _derives(self, node: Node, interface: str) -> bool:
        pending, seen = [node], {node}
        for one in pending[:]:
            found = self._names.bases(one)
            if any(name.rpartition(".")[2] == interface for name in found.outside):
                return True
            fresh = [base for base in found.nodes if base not in seen]
            seen.update(fresh)
            pending.extend(fresh)
        return False

    def plugged(self, file: FileId, attribute: str) -> tuple[Node, ...]:
        """The hooks of a pytest plugin: of a module, or of the class or object that it holds."""
        nodes = self._names.things((file, 0), attribute) if attribute else ((file, 0),)
        return tuple(dict.fromkeys(hook for node in nodes for hook in self._hooks(node)))

    def spoken(self, nodes: Iterable[Node], module: str) -> list[str]:
        """The functions among these by their names, as ``module:function``."""
        scopes = [(self._units.get(file), scope) for file, scope in nodes]
        found = [unit.facts.scopes[scope] for unit, scope in scopes if unit is not None]
        return [f"{module}:{scope.name}" for scope in found if scope.parent == 0]

    def registered(self, trail: Trail) -> tuple[Node, ...]:
        """The hooks of objects that a plugin makes while it is loaded: it makes them to register them."""
        found: dict[Node, None] = {}
        for visit in trail.visits:
            unit = self._units.known(visit.node[0])
            for edge in unit.edges.get(visit.node[1], ()) if unit else ():
                if edge.kind is EdgeKind.CALL:
                    for node in self._names.resolve(visit.node[0], edge.target).nodes:
                        if self._is_class(node):
                            found.update(dict.fromkeys(self._hooks(node)))
        return tuple(found)

    def _hooks(self, node: Node) -> Iterator[Node]:
        """The hooks in the namespace of a module or class, its bases and the modules that it stars."""
        pending = [node]
        for file, scope in pending:
            unit = self._units.get(file)
            if unit is None or (scope and not unit.facts.scopes[scope].is_class):
                continue
            for name in self._hook_names(unit, scope):
                yield from (found for found in self._names.things((file, scope), name) if found[1] > 0)
            above = self._names.starred(file) if scope == 0 else self._names.bases((file, scope)).nodes
            pending += [one for one in above if one not in pending][: LEVELS - len(pending)]

    def _hook_names(self, unit: Unit, scope: int) -> list[str]:
        found = []
        for (where, name), refs in unit.names.items():
            if where != scope:
                continue
            is_fixture = any(ref.name == FIXTURE for ref in refs) and self._is_always(unit, refs)
            if name.startswith(HOOK) or is_fixture:
                found.append(name)
        return found

    def _is_always(self, unit: Unit, refs: Iterable[Ref]) -> bool:
        """Whether the decorator of a fixture, which stands right before it, says that all tests use it."""
        lines = [unit.facts.scopes[ref.scope].line for ref in refs if ref.scope > 0]
        marks = [edge for edge in unit.facts.edges if edge.target.name == FIXTURE]
        for line in lines:
            before = [edge for edge in marks if edge.line <= line]
            nearest = max(before, key=lambda edge: edge.line, default=None)
            if nearest is not None and ALWAYS in nearest.text.replace(" ", ""):
                return True
        return False
