"""What the import of any module of a distribution runs: forward inside it, with more files in rounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wheelwatch.limits import Limits
from wheelwatch.model import EdgeKind, Facts, Member
from wheelwatch.reach.callers import Callers
from wheelwatch.reach.carriers import ALIASED, Carriers
from wheelwatch.reach.joining import OPAQUE, Joining, Running, Task, loose
from wheelwatch.reach.names import Names, Node
from wheelwatch.reach.places import FileId, Places
from wheelwatch.reach.search import Policy, Root, Trail
from wheelwatch.reach.units import Units

ROUNDS = 3
"""Rounds in which files are added that may call what holds a hook."""

DEPTH, NEAR = 2, 64
"""Steps of imports by which files are added to those that are read together, and files for each step."""

CUSTOMIZE = ("sitecustomize", "usercustomize")


class Imports:
    """The searches from the modules of every distribution, over the files that may hold something."""

    def __init__(self, units: Units, facts: Facts, limits: Limits, joining: Joining) -> None:
        self._places = units.places
        self._units = units
        self._facts = facts
        self._limits = limits
        self._joining = joining
        self._names = Names(units.places, units.known)
        self.carriers = Carriers(units)
        self.trails: dict[int, Trail] = {}
        self.cut: dict[int, int] = {}
        self.doubtful: frozenset[Node] = frozenset()
        """Scopes that lead to a hook, in distributions of which callers were left out."""

    def run(self, entered: frozenset[Node]) -> None:
        """Search; ``entered`` are the scopes that a stronger trigger has reached already."""
        self._units.ask(self._places.of(self._facts.mentions(frozenset())))
        self._units.ask(self._places.of(self._facts.mentions(ALIASED)))
        carriers = self.carriers
        callers = Callers(self._units, self._names, self._facts, carriers)
        carriers.settle()
        files = self._by_owner(self._units.asked())
        waiting: dict[int, frozenset[Node]] = {}
        changed: Iterable[int] = files
        for place in range(ROUNDS + 1):
            self._names.forget()
            for owner in changed:
                self.trails[owner] = trail = self._search(files[owner])
                waiting[owner] = callers.leading(files[owner], entered.union(trail.nodes()))
            more = callers.round(waiting, files) if place < ROUNDS else ()
            if not more:
                break
            before = frozenset(self._units.asked())
            self._units.ask(more)
            carriers.settle()
            files = self._by_owner(self._units.asked())
            fresh = frozenset(self._units.asked()) - before
            changed = sorted({self._places.owners[file] for file in fresh})
        self._join(callers, files, waiting, entered)
        self.cut = callers.cut
        self.doubtful = frozenset(node for owner in callers.cut for node in waiting[owner])

    def _join(
        self,
        callers: Callers,
        files: dict[int, list[FileId]],
        waiting: dict[int, frozenset[Node]],
        entered: frozenset[Node],
    ) -> None:
        """Read together the files of each distribution that may call what nothing was seen to call."""
        seeds = {
            owner: found
            for owner, own in files.items()
            if (found := self._seeds(own, waiting[owner], self.trails[owner]))
        }
        for _ in range(DEPTH):
            self._units.ask(one for found in seeds.values() for one in self._near(found))
            seeds = {owner: found + self._near(found) for owner, found in seeds.items()}
        tasks = {owner: self._task(found) for owner, found in seeds.items()}
        if not self._joining.run(tasks.values()):
            return
        self.carriers.settle()
        self._names.forget()
        everything = self._by_owner(self._units.asked())
        for owner in tasks:
            files[owner] = everything[owner]
            self.trails[owner] = trail = self._search(files[owner])
            waiting[owner] = callers.leading(files[owner], entered.union(trail.nodes()))

    def _seeds(self, files: Sequence[FileId], waiting: frozenset[Node], trail: Trail) -> list[FileId]:
        """The files of a distribution that hold what other files may call, use or finish."""
        opaque = {arrival.file for arrival in trail.arrivals() if arrival.site.kind in OPAQUE}
        running = Running(self._names, trail)
        found = []
        for file in files:
            unit = self._units.known(file)
            if unit is None:
                continue
            is_waiting = any((file, scope) in waiting for scope in running.escapes(unit, file))
            if is_waiting or file in opaque or any(loose(unit)):
                found.append(file)
        return found

    def _near(self, files: Sequence[FileId]) -> list[FileId]:
        """What these files import of their own distribution, and the packages that they lie in."""
        found: dict[FileId, None] = {}
        owner = self._places.owners[files[0]]
        for file in files:
            unit = self._units.known(file)
            for edge in unit.facts.edges if unit is not None else ():
                if edge.kind in (EdgeKind.IMPORT, EdgeKind.STAR):
                    found.update(dict.fromkeys(self._names.modules(file, edge.target.name)))
            for name in self._places.names(file):
                found.update(dict.fromkeys(self._names.modules(file, name)))
        known = set(files)
        return [
            file
            for file in found
            if file not in known and self._places.owners[file] == owner and self._places.is_source(file)
        ][:NEAR]

    def _task(self, seeds: Sequence[FileId]) -> Task:
        """A group of these files, and of those analysed ones that import one of them."""
        chosen = set(seeds)
        owner = self._places.owners[seeds[0]]
        above = [
            file
            for file in self._units.asked()
            if file not in chosen and self._places.owners[file] == owner and self._imports_one(file, chosen)
        ]
        files = (*seeds, *sorted(above, key=lambda file: (self._places.members[file].path, file)))
        roots = sorted(
            (file for file in files if is_importable(self._places, file)),
            key=lambda file: (self._places.members[file].path.count("/"), self._places.members[file].path),
        )
        return Task(files=files, roots=tuple(roots))

    def _imports_one(self, file: FileId, chosen: set[FileId]) -> bool:
        unit = self._units.known(file)
        edges = unit.facts.edges if unit is not None else ()
        return any(
            not chosen.isdisjoint(self._names.modules(file, edge.target.name))
            for edge in edges
            if edge.kind in (EdgeKind.IMPORT, EdgeKind.STAR)
        )

    def _by_owner(self, files: Iterable[FileId]) -> dict[int, list[FileId]]:
        """Files by distribution, sorted by path."""
        found: dict[int, list[FileId]] = {}
        for file in sorted(files, key=lambda file: (self._places.members[file].path, file)):
            found.setdefault(self._places.owners[file], []).append(file)
        return found

    def _search(self, files: Sequence[FileId]) -> Trail:
        policy = Policy(
            names=self._names,
            inside=frozenset(files).__contains__,
            budget=self._limits.chain_nodes,
        )
        roots = [Root(node=(file, 0)) for file in files if is_importable(self._places, file)]
        return Trail(self._units, policy, roots)


def is_importable(places: Places, file: FileId) -> bool:
    """Whether some ``import`` statement can execute the file."""
    member = places.members[file]
    if member.place is None or member.place.startswith("{") or not places.is_source(file):
        return False
    name = member.place.rpartition("/")[2].rpartition(".")[0]
    return name.isidentifier() and name != "__main__" and not is_nested_customize(member)


def is_nested_customize(member: Member) -> bool:
    """Whether the member is a customize module in a folder, where no interpreter looks as installed."""
    folder, _, name = (member.place or "").rpartition("/")
    stem = name.partition(".")[0]
    if stem == "__init__":
        folder, _, stem = folder.rpartition("/")
    return bool(folder) and stem in CUSTOMIZE
