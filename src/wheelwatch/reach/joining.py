"""Files that are read together, because what they say alone does not tell what they do to each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from wheelwatch.model import (
    Binding,
    Edge,
    EdgeKind,
    EntryPoint,
    Facts,
    Group,
    Joint,
    Kind,
    NotAnalysed,
    Placed,
    Ref,
    Scope,
    Site,
)
from wheelwatch.reach.names import Names, Node
from wheelwatch.reach.outward import carried
from wheelwatch.reach.places import FileId
from wheelwatch.reach.search import Trail
from wheelwatch.reach.units import Unit, Units

FILES, BYTES = 40, 512 * 1024
"""What one group may hold."""

OPAQUE = frozenset({Kind.DYNAMIC_ACCESS, Kind.DYNAMIC_CODE})
"""Families of sites that may be another one once more is known."""

MODULES = frozenset({"sys", "builtins", "threading", "gc", "ctypes"})


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A group by its files, the first ones first."""

    files: tuple[FileId, ...]
    roots: tuple[FileId, ...]
    mains: tuple[FileId, ...] = ()
    calls: tuple[str, ...] = ()


class Joining:
    """Asks for groups of files, and adds what comes of it to the facts of each."""

    def __init__(self, units: Units, facts: Facts, points: Sequence[EntryPoint]) -> None:
        self._units = units
        self._places = units.places
        self._facts = facts
        self._points = tuple(points)
        self._done: set[Task] = set()
        self.failed: Counter[int] = Counter()
        """By distribution of its first file: groups of which nothing came."""

    def run(self, tasks: Iterable[Task]) -> frozenset[FileId]:
        """Read these groups; the files of those that have added anything."""
        bounded = [self._bounded(task) for task in tasks]
        fresh = [task for task in dict.fromkeys(bounded) if len(task.files) > 1 and task not in self._done]
        self._done.update(fresh)
        groups = [self._group(task) for task in fresh]
        added: set[FileId] = set()
        for task, answer in zip(fresh, self._facts.together(groups) if groups else (), strict=True):
            if isinstance(answer, NotAnalysed):
                self.failed[self._places.owners[task.files[0]]] += 1
            elif Merge(self._units, task.files, answer).run():
                added.update(task.files)
        return frozenset(added)

    def _bounded(self, task: Task) -> Task:
        """As many of the files as one group may hold; roots are kept before others."""
        kept: dict[FileId, None] = {}
        weight = 0
        for file in dict.fromkeys((*task.roots[: FILES // 2], *task.files)):
            member = self._places.members[file]
            weight += member.size
            if len(kept) < FILES and weight <= BYTES and self._units.known(file) is not None:
                kept.setdefault(file)
        return msgspec.structs.replace(
            task,
            files=tuple(kept),
            roots=tuple(root for root in task.roots if root in kept),
            mains=tuple(main for main in task.mains if main in kept),
        )

    def _group(self, task: Task) -> Group:
        places = {file: number for number, file in enumerate(task.files)}
        return Group(
            files=tuple(self._placed(file) for file in task.files),
            roots=tuple(places[file] for file in task.roots),
            mains=tuple(places[file] for file in task.mains),
            calls=task.calls,
            points=self._points,
        )

    def _placed(self, file: FileId) -> Placed:
        member = self._places.members[file]
        is_package = member.path.rpartition("/")[2].startswith("__init__.")
        return Placed(member=member, names=self._places.names(file), is_package=is_package)


class Merge:
    """What a group says, in terms of the scopes that its files have already."""

    def __init__(self, units: Units, files: Sequence[FileId], joint: Joint) -> None:
        self._units = units
        self._files = files
        self._joint = joint
        self._nodes: dict[int, Node] = {}
        self._fresh: dict[FileId, list[Scope]] = {}

    def run(self) -> bool:
        """Add what is new; whether anything is."""
        self._units.focus(self._files)
        for number in range(len(self._joint.scopes)):
            self._place(number)
        edges = self._edges()
        sites = self._sites()
        far = self._far()
        touched = dict.fromkeys((*self._fresh, *edges, *sites))
        for file in touched:
            unit = self._units.known(file)
            if unit is not None:
                unit.extend(self._fresh.get(file, ()), edges.get(file, ()), sites.get(file, ()))
        return bool(edges or sites or far)

    def _place(self, number: int) -> None:
        """The node that a scope of the group is: one that is known, or a new one of its file."""
        owner = self._joint.owners[number]
        unit = self._units.known(self._files[owner]) if owner >= 0 else None
        if unit is None:
            return
        file, scope = self._files[owner], self._joint.scopes[number]
        known = _known(unit).get((scope.name, scope.qualified, scope.line))
        if known is None:
            parent = self._nodes.get(scope.parent, (file, 0))[1]
            rows = self._fresh.setdefault(file, [])
            known = len(unit.facts.scopes) + len(rows)
            rows.append(msgspec.structs.replace(scope, parent=parent, bases=()))
            _known(unit)[scope.name, scope.qualified, scope.line] = known
        self._nodes[number] = (file, known)

    def _targets(self) -> dict[int, tuple[int, ...]]:
        """By scope: the scopes of files that it stands for, where code of no file is looked through."""
        behind: dict[int, list[int]] = {}
        for edge in self._joint.edges:
            if edge.scope not in self._nodes and edge.target.scope >= 0:
                behind.setdefault(edge.scope, []).append(edge.target.scope)
        found: dict[int, tuple[int, ...]] = {}
        for number in range(len(self._joint.scopes)):
            seen, stack = {number: None}, [number]
            while stack:
                one = stack.pop()
                for more in behind.get(one, ()) if one not in self._nodes else ():
                    if more not in seen:
                        seen[more] = None
                        stack.append(more)
            found[number] = tuple(one for one in seen if one in self._nodes)
        return found

    def _far(self) -> bool:
        """The edges between scopes; those that the facts have anyway are left out."""
        targets = self._targets()
        added = False
        for edge in self._joint.edges:
            node = self._nodes.get(edge.scope)
            if node is None or edge.target.scope < 0:
                continue
            unit = self._units.known(node[0])
            for number in targets[edge.target.scope] if unit is not None else ():
                added = _add_far(unit, node, self._nodes[number], edge) or added  # type: ignore[arg-type]
        return added

    def _edges(self) -> dict[FileId, list[Edge]]:
        """Edges to names: imports and calls that a file alone did not tell."""
        found: dict[FileId, list[Edge]] = {}
        for edge in self._joint.edges:
            node = self._nodes.get(edge.scope)
            unit = self._units.known(node[0]) if node is not None else None
            if node is None or unit is None or not edge.target.name:
                continue
            if not any(
                one.line == edge.line and (one.kind is edge.kind or edge.kind is not EdgeKind.IMPORT)
                for one in unit.edges.get(node[1], ())
            ):
                row = msgspec.structs.replace(edge, scope=node[1], arguments=())
                found.setdefault(node[0], []).append(row)
        return found

    def _sites(self) -> dict[FileId, list[Site]]:
        """Sites that no file has alone."""
        found: dict[FileId, list[Site]] = {}
        for site in self._joint.sites:
            node = self._nodes.get(site.scope)
            unit = self._units.known(node[0]) if node is not None else None
            if node is None or unit is None:
                continue
            if any(
                one.line == site.line and one.api == site.api and one.clears <= site.clears
                for one in unit.sites.get(node[1], ())
            ):
                continue
            row = msgspec.structs.replace(site, scope=node[1], callback=self._callback(site, node[0]))
            found.setdefault(node[0], []).append(row)
        return found

    def _callback(self, site: Site, file: FileId) -> Ref | None:
        if site.callback is None or site.callback.scope < 0:
            return site.callback
        node = self._nodes.get(site.callback.scope)
        return Ref(scope=node[1]) if node is not None and node[0] == file else None


def _known(unit: Unit) -> dict[tuple[str, str, int], int]:
    """The scopes of a file by what tells them apart."""
    if not unit.known:
        for number, scope in enumerate(unit.facts.scopes):
            unit.known.setdefault((scope.name, scope.qualified, scope.line), number)
    return unit.known


def _add_far(unit: Unit, node: Node, target: Node, edge: Edge) -> bool:
    is_own = target[0] == node[0]
    if is_own and any(
        one.line == edge.line and one.target.scope == target[1] for one in unit.edges.get(node[1], ())
    ):
        return False
    row = msgspec.structs.replace(edge, scope=node[1], target=Ref(), arguments=())
    if (row, target) in unit.far[node[1]]:
        return False
    unit.lead(row, target)
    return True


def loose(unit: Unit) -> Iterator[Binding]:
    """The bindings by which a file hands on hooks otherwise than under a plain name of the module."""
    for binding in unit.facts.bindings:
        name = binding.target.name
        if name in MODULES:
            if binding.name not in (name, f"_{name}"):
                yield binding
        elif name and (binding.scope or binding.name.endswith((")", "]"))) and carried(name):
            yield binding


class Running:
    """What one search has entered, as far as it tells which functions that it hands on may be called."""

    def __init__(self, names: Names, trail: Trail) -> None:
        self._names = names
        self.entered = frozenset(trail.nodes())
        self._called = frozenset(_called(trail))

    def escapes(self, unit: Unit, file: FileId) -> Iterator[int]:
        """Scopes that lead to a site, that nothing has entered, and that code which runs hands on."""
        for one in unit.facts.escaping:
            if (file, one.scope) in self.entered:
                continue
            place = unit.facts.scopes[one.where]
            if one.base is not None:
                is_near = self._hears(file, one.base)
            elif place.is_class:
                is_near = place.name in self._called
            else:
                is_near = (file, one.where) in self.entered
            if is_near:
                yield one.scope

    def _hears(self, file: FileId, base: Ref) -> bool:
        """Whether a class of another file runs something when a class inherits from it."""
        hooks = (f"{base.name}.{name}" for name in ("__init_subclass__", "__class__"))
        return any(self._names.resolve(file, Ref(name=name)).nodes for name in hooks)

    def hands_over(self, unit: Unit, file: FileId) -> bool:
        """Whether code that runs passes a hook, or what holds hooks, to code of another file."""
        return any(
            (file, edge.scope) in self.entered and any(_is_loaded(ref.name) for ref in edge.arguments)
            for edge in unit.facts.edges
            if edge.arguments
        )


def _is_loaded(name: str) -> bool:
    return bool(name) and (name in MODULES or carried(name))


def _called(trail: Trail) -> Iterator[str]:
    """The last parts of all names that are called."""
    for visit in trail.visits:
        unit = trail.units.known(visit.node[0])
        for edge in unit.edges.get(visit.node[1], ()) if unit is not None else ():
            if edge.kind is not EdgeKind.IMPORT and edge.target.name:
                yield edge.target.name.rpartition(".")[2]


def is_opaque(sites: Iterable[Site]) -> bool:
    """Whether one of these sites may be another one once more is known."""
    return any(site.kind in OPAQUE for site in sites)


def closure(
    units: Units, imports: Mapping[FileId, Sequence[FileId]], files: Iterable[FileId], depth: int
) -> list[FileId]:
    """These files and what they import, the nearest first."""
    found = dict.fromkeys(files)
    level = list(found)
    for _ in range(depth):
        level = [one for file in level for one in imports.get(file, ()) if one not in found]
        found.update(dict.fromkeys(level))
    return [file for file in found if units.known(file) is not None]
