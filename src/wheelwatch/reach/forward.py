"""Searches from where code runs unasked, forward and exact, with the files on the way read together."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from wheelwatch.limits import Limits
from wheelwatch.reach.joining import Joining, Running, Task, is_opaque, loose
from wheelwatch.reach.names import Names
from wheelwatch.reach.places import FileId
from wheelwatch.reach.search import Policy, Root, Trail
from wheelwatch.reach.units import Units

SMALL = 24
"""Files that a start may reach to be read together whatever stands in them."""

JOINTS = 2
"""Rounds in which files are read together: what one finds may lead to more files."""


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """Where one forward search begins."""

    roots: tuple[Root, ...]
    closed: frozenset[FileId] = frozenset()
    """Files whose deferred calls are known, and not followed."""
    owner: int | None = None
    """The distribution that it stays in; ``None`` for the whole set."""
    besides: frozenset[int] = frozenset()
    """Distributions that it does not enter."""
    calls: tuple[str, ...] = ()
    """What the host calls, as ``module:attribute``."""


class Forward:
    """The forward searches over one set."""

    def __init__(self, units: Units, names: Names, joining: Joining, limits: Limits) -> None:
        self._units = units
        self._names = names
        self._joining = joining
        self._limits = limits

    @property
    def budget(self) -> int:
        """Scopes that one search may visit."""
        return self._limits.chain_nodes

    def run(self, starts: Sequence[Start]) -> list[Trail]:
        """Search from each of these, then read together what was reached, as long as that finds more."""
        trails = [self.trail(start) for start in starts]
        for _ in range(JOINTS):
            tasks = [
                Task(
                    files=trail.files(),
                    roots=tuple(dict.fromkeys(root.node[0] for root in start.roots if root.node[1] == 0)),
                    mains=tuple(root.node[0] for root in start.roots if root.is_main),
                    calls=start.calls,
                )
                for start, trail in zip(starts, trails, strict=True)
                if self._is_promising(trail)
            ]
            if not self._joining.run(tasks):
                break
            trails = [self.trail(start) for start in starts]
        return trails

    def _is_promising(self, trail: Trail) -> bool:
        """Whether some file on the way holds what only a look at several files may show."""
        if self._is_small(trail):
            return True
        running = Running(self._names, trail)
        for file in trail.files():
            unit = self._units.known(file)
            if unit is None:
                continue
            if any(running.escapes(unit, file)) or running.hands_over(unit, file):
                return True
            if is_opaque(unit.facts.sites) or any(loose(unit)):
                return True
        return False

    def _is_small(self, trail: Trail) -> bool:
        """Whether so little is reached that it costs nothing to read it together."""
        members = self._units.places.members
        weight = sum(members[file].size for file in trail.files())
        return len(trail.files()) <= SMALL and weight <= self._limits.whole_bytes

    def trail(self, start: Start) -> Trail:
        """One search through the whole set, or through one distribution only."""
        owners = self._units.places.owners

        def inside(file: FileId) -> bool:
            is_own = start.owner is None or owners[file] == start.owner
            return is_own and owners[file] not in start.besides

        policy = Policy(names=self._names, inside=inside, budget=self.budget, closed=start.closed)
        return Trail(self._units, policy, start.roots)
