"""What was found in a set, sorted by distribution: the packages that the rules see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec

from wheelwatch.model import (
    Effort,
    LinkedEntry,
    LinkedPackage,
    Member,
    NotAnalysed,
    Reached,
    Site,
    TargetSet,
    Trigger,
)
from wheelwatch.reach.conduct import Conducts
from wheelwatch.reach.importable import own_trigger
from wheelwatch.reach.order import order
from wheelwatch.reach.places import FileId
from wheelwatch.reach.units import Units

T = TypeVar("T")


class Assembly:
    """Makes the packages of one set."""

    def __init__(self, target: TargetSet, units: Units, conducts: Conducts) -> None:
        self._target = target
        self._units = units
        self._places = units.places
        self._conducts = conducts

    def packages(
        self,
        linked: Sequence[LinkedEntry],
        best: Mapping[tuple[FileId, Site], Reached],
        touched: Mapping[FileId, Trigger],
        efforts: Sequence[Effort],
    ) -> tuple[LinkedPackage, ...]:
        """One package for each distribution, in order.

        ``best`` is the strongest way to each site, ``touched`` when each file runs that a search entered.
        """
        sites: dict[int, list[Reached]] = {}
        for (file, _), reached in list(best.items()):
            done = msgspec.structs.replace(reached, conduct=self._conducts.of(file, reached))
            sites.setdefault(self._places.owners[file], []).append(done)
        lost = self._by_owner(self._units.failed, touched)
        partial = self._by_owner(self._units.partial(), touched)
        started: dict[int, set[str]] = {}
        for file, trigger in touched.items():
            if trigger is Trigger.STARTUP:
                started.setdefault(self._places.owners[file], set()).add(self._places.members[file].path)
        return tuple(
            LinkedPackage(
                distribution=distribution,
                entries=tuple(entry for entry in linked if entry.entry.distribution == owner),
                sites=tuple(sorted(sites.get(owner, ()), key=order)),
                not_analysed=tuple(self._lost(owner, lost.get(owner, []))),
                started=tuple(sorted(started.get(owner, ()))),
                partial=tuple(sorted(partial.get(owner, ()), key=lambda row: row[0].path)),
                effort=efforts[owner],
            )
            for owner, distribution in enumerate(self._target.distributions)
        )

    def _by_owner(
        self, rows: Mapping[FileId, T], touched: Mapping[FileId, Trigger]
    ) -> dict[int, list[tuple[Member, T, Trigger]]]:
        """What is said of files, by distribution, with the member and when it runs."""
        found: dict[int, list[tuple[Member, T, Trigger]]] = {}
        for file, row in rows.items():
            member = self._places.members[file]
            trigger = touched.get(file, own_trigger(member))
            found.setdefault(self._places.owners[file], []).append((member, row, trigger))
        return found

    def _lost(
        self, owner: int, found: list[tuple[Member, NotAnalysed, Trigger]]
    ) -> list[tuple[Member, NotAnalysed, Trigger]]:
        """What was not analysed, with what was out of reach before; each member once, by path."""
        rows = {row[0].path: row for row in found}
        for member, reason in self._target.distributions[owner].not_analysed:
            rows.setdefault(member.path, (member, reason, own_trigger(member)))
        return [rows[path] for path in sorted(rows)]
