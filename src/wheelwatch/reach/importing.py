"""What the import of any module of a distribution runs: forward inside it, with more files in rounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wheelwatch.limits import Limits
from wheelwatch.model import Facts
from wheelwatch.reach.borrowing import Borrowing
from wheelwatch.reach.callers import Callers, Wanted
from wheelwatch.reach.carriers import ALIASED, Carriers
from wheelwatch.reach.clusters import Clusters
from wheelwatch.reach.importable import is_importable
from wheelwatch.reach.joining import OPAQUE, Joining, Running, loose
from wheelwatch.reach.names import Names, Node
from wheelwatch.reach.places import FileId
from wheelwatch.reach.search import Arrival, Policy, Root, Trail
from wheelwatch.reach.units import Units

ROUNDS = 3
"""Rounds in which files are added that may call what holds a hook."""


class Imports:
    """The searches from the modules of every distribution, over the files that may hold something."""

    def __init__(self, units: Units, facts: Facts, limits: Limits, joining: Joining) -> None:
        self._places = units.places
        self._units = units
        self._facts = facts
        self._limits = limits
        self._joining = joining
        self._names = Names(units, units.known)
        self.carriers = Carriers(units)
        self._clusters = Clusters(units, self._names, limits)
        self.trails: dict[int, Trail] = {}
        self.cut: dict[int, int] = {}
        self.borrowed: list[tuple[int, Arrival]] = []
        """By distribution: calls of other distributions that install a hook."""
        self.doubtful: frozenset[Node] = frozenset()
        """Scopes that lead to a hook, in files of which callers may have been left out."""

    def run(self, entered: frozenset[Node]) -> None:
        """Search; ``entered`` are the scopes that a stronger trigger has reached already."""
        self._units.ask(self._places.of(self._facts.mentions(frozenset())))
        self._units.ask(self._places.of(self._facts.mentions(ALIASED)))
        carriers = self.carriers
        callers = Callers(self._units, self._names, self._facts, carriers)
        carriers.settle()
        files = self._by_owner(self._units.asked())
        waiting: dict[int, frozenset[Node]] = {}
        wanted: dict[int, tuple[Wanted, ...]] = {}
        changed: Iterable[int] = files
        for place in range(ROUNDS + 1):
            self._names.forget()
            for owner in changed:
                self._focus(files[owner])
                self.trails[owner] = trail = self._search(files[owner])
                waiting[owner] = callers.leading(files[owner], entered.union(trail.nodes()))
                wanted[owner] = callers.wanted(waiting[owner], files[owner])
            more = callers.round(wanted) if place < ROUNDS else ()
            if not more:
                break
            before = frozenset(self._units.asked())
            self._units.ask(more)
            carriers.settle()
            files = self._by_owner(self._units.asked())
            fresh = frozenset(self._units.asked()) - before
            changed = sorted({self._places.owners[file] for file in fresh})
        self._join(callers, files, waiting, entered)
        self._borrow(callers, waiting, entered)
        self.cut = callers.cut
        left = (node for owner in callers.cut for node in waiting[owner])
        self.doubtful = frozenset(node for node in left if node[0] in callers.doubtful)

    def _borrow(
        self, callers: Callers, waiting: dict[int, frozenset[Node]], entered: frozenset[Node]
    ) -> None:
        """Look for calls of what other distributions install hooks with."""
        borrowing = Borrowing(self._units, self._names, callers, self._facts)
        more = borrowing.ask(waiting)
        if more:
            self._units.ask(more)
            self._names.forget()
            files = self._by_owner(self._units.asked())
            for owner in sorted({self._places.owners[file] for file in more}):
                self._units.focus(frozenset(files[owner]))
                self.trails[owner] = trail = self._search(files[owner])
                waiting[owner] = callers.leading(files[owner], entered.union(trail.nodes()))
        self.borrowed = list(borrowing.run(self.trails))

    def _join(
        self,
        callers: Callers,
        files: dict[int, list[FileId]],
        waiting: dict[int, frozenset[Node]],
        entered: frozenset[Node],
    ) -> None:
        """Read together the files of each distribution that may call what nothing was seen to call."""
        before = frozenset(self._units.asked())
        seeds = {owner: self._clusters.small(owner) for owner in self._places.distributions()}
        self._units.ask(file for found in seeds.values() for file in found)
        for owner, own in files.items():
            self._focus(own)
            seeds[owner] = seeds.get(owner) or self._seeds(own, self.trails[owner])
        seeds = {owner: found for owner, found in seeds.items() if found}
        tasks = [task for found in seeds.values() for task in self._clusters.around(found)]
        added = self._joining.run(tasks)
        self.carriers.settle()
        fresh = frozenset(self._units.asked()) - before
        changed = {self._places.owners[file] for file in added | fresh}
        self._names.forget()
        everything = self._by_owner(self._units.asked())
        for owner in sorted(changed):
            files[owner] = everything[owner]
            self._focus(files[owner])
            self.trails[owner] = trail = self._search(files[owner])
            waiting[owner] = callers.leading(files[owner], entered.union(trail.nodes()))

    def _focus(self, files: Sequence[FileId]) -> None:
        """Turn to the files of a distribution."""
        self._units.focus(frozenset(files))
        self._names.spare()

    def _seeds(self, files: Sequence[FileId], trail: Trail) -> list[FileId]:
        """The files of a distribution that hold what other files may call, use or finish."""
        opaque = {arrival.file for arrival in trail.arrivals() if arrival.site.kind in OPAQUE}
        running = Running(self._names, trail)
        found = []
        for file in files:
            unit = self._units.known(file)
            if unit is None:
                continue
            is_left = any(running.escapes(unit, file)) or running.hands_over(unit, file)
            if is_left or file in opaque or any(loose(unit)):
                found.append(file)
        return found

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
