"""What the import of any module of a distribution runs: forward inside it, with more files in rounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wheelwatch.limits import Limits
from wheelwatch.model import Facts, Member
from wheelwatch.reach.callers import Callers
from wheelwatch.reach.carriers import ALIASED, Carriers
from wheelwatch.reach.names import Names, Node
from wheelwatch.reach.places import FileId, Places
from wheelwatch.reach.search import Policy, Root, Trail
from wheelwatch.reach.units import Units

ROUNDS = 3
"""Rounds in which files are added that may call what holds a hook."""

CUSTOMIZE = ("sitecustomize", "usercustomize")


class Imports:
    """The searches from the modules of every distribution, over the files that may hold something."""

    def __init__(self, units: Units, facts: Facts, limits: Limits) -> None:
        self._places = units.places
        self._units = units
        self._facts = facts
        self._limits = limits
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
        self.cut = callers.cut
        self.doubtful = frozenset(node for owner in callers.cut for node in waiting[owner])

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
