"""Linking a set: every site of every package with the strongest trigger and a shortest chain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TypeVar

import msgspec

from wheelwatch.catalogue.severity import row_of
from wheelwatch.catalogue.stdlib import is_stdlib
from wheelwatch.limits import DEFAULT, Limits
from wheelwatch.model import (
    Confidence,
    EdgeKind,
    Effort,
    Facts,
    LinkedEntry,
    LinkedPackage,
    Reached,
    Ref,
    Site,
    StartupEntry,
    StartupKind,
    TargetSet,
    Trigger,
)
from wheelwatch.reach.assembly import Assembly
from wheelwatch.reach.callers import is_hook
from wheelwatch.reach.carriers import Carriers
from wheelwatch.reach.chains import Chains
from wheelwatch.reach.conduct import Conducts
from wheelwatch.reach.evidence import Witness, line
from wheelwatch.reach.forward import Forward, Start
from wheelwatch.reach.guards import along
from wheelwatch.reach.hosting import Hosting
from wheelwatch.reach.importable import is_nested_customize
from wheelwatch.reach.importing import Imports
from wheelwatch.reach.joining import Joining
from wheelwatch.reach.known import Recognition, recognise
from wheelwatch.reach.launching import Launching
from wheelwatch.reach.names import Names, Node
from wheelwatch.reach.order import rank
from wheelwatch.reach.outward import outward
from wheelwatch.reach.places import FileId, Places
from wheelwatch.reach.roots import Roots
from wheelwatch.reach.search import Root, Trail, led
from wheelwatch.reach.units import Unit, Units, versions

UNKNOWN = Recognition()

T = TypeVar("T")


def link(
    target: TargetSet,
    entries: tuple[StartupEntry, ...],
    facts: Facts,
    limits: Limits = DEFAULT,
    *,
    only_startup: bool = False,
) -> tuple[LinkedPackage, ...]:
    """Link one set: one package for each distribution, in the same order.

    ``entries`` are those of the startup surface of the same set; ``facts`` answers about its members.
    The result does not depend on the order in which the port computes them.
    ``only_startup``: look into nothing that no startup entry reaches.
    """
    return Linking(target, entries, facts, limits).run(only_startup=only_startup)


WEIGHTY = frozenset({"payload", "watch", "replace"})
"""Rows of which it matters whether the package itself comes to a site when it is imported."""


class Linking:
    """One run over one set; holds what the searches share."""

    def __init__(
        self,
        target: TargetSet,
        entries: tuple[StartupEntry, ...],
        facts: Facts,
        limits: Limits,
    ) -> None:
        self._target = target
        self._entries = entries
        self._facts = facts
        self._limits = limits
        self._places = Places(target, entries)
        self._units = Units(self._places, facts)
        self._exact = Names(self._units)
        self._roots = Roots(target, self._places, self._exact)
        self._chains = Chains(target, self._units)
        self._witness = Witness(target, self._units, facts)
        self._best: dict[tuple[FileId, Site], Reached] = {}
        self._touched: dict[FileId, Trigger] = {}
        self._cut: dict[int, int] = {}
        self._entered: set[Node] = set()
        self._doubtful: frozenset[Node] = frozenset()
        self._carriers = Carriers(self._units)
        points = [point for distribution in target.distributions for point in distribution.entry_points]
        self._joining = Joining(self._units, facts, points)
        self._forward = Forward(self._units, self._exact, self._joining, limits)
        self._hosting = Hosting(target, self._units, self._exact, self._forward)

    def run(self, *, only_startup: bool = False) -> tuple[LinkedPackage, ...]:
        """Search from every kind of root, the strongest trigger first, and sort by package."""
        linked = self._startup()
        if not only_startup:
            for search in (
                self._install,
                self._autoload,
                self._imports,
                self._aside,
                self._scripts,
                self._rest,
            ):
                search()
        self._launch()
        assembly = Assembly(self._target, self._units, Conducts(self._units, self._exact))
        efforts = self._efforts()
        return assembly.packages(linked, self._best, self._touched, efforts)

    def _keep(
        self,
        trail: Trail,
        trigger: Trigger,
        owner: int,
        known: Recognition = UNKNOWN,
        entry: StartupEntry | None = None,
    ) -> tuple[Reached, ...]:
        """Note what a search has found; the first, strongest trigger of a site stays."""
        self._cut[owner] = self._cut.get(owner, 0) + trail.cut
        for visit in trail.visits:
            self._touched.setdefault(visit.node[0], trigger)
        self._entered.update(trail.nodes())
        arrivals = tuple(trail.arrivals())
        proofs = self._witness.of_arrivals(entry, trail, arrivals) if entry else ((),) * len(arrivals)
        found = []
        for arrival, evidence in zip(arrivals, proofs, strict=True):
            chain = self._chains.of(trail, arrival)
            reached = Reached(
                site=arrival.site,
                member=self._places.members[arrival.file],
                trigger=trigger,
                chain=chain,
                pythons=versions(arrival.pythons),
                confidence=arrival.site.confidence,
                guard=along(chain),
                known=known.id if arrival.file in known.files else None,
                evidence=evidence,
                rivals=self._chains.rivals(chain),
            )
            self._improve(arrival.file, reached)
            found.append(reached)
        return tuple(found)

    def _improve(self, file: FileId, reached: Reached) -> None:
        """Keep the strongest trigger; of equal ones the shortest chain, and all Pythons of both."""
        key = (file, reached.site)
        old = self._best.get(key)
        if old is None or rank(reached) < rank(old):
            self._best[key] = reached

    def _startup(self) -> list[LinkedEntry]:
        files = [self._roots.file(entry) for entry in self._entries]
        begins = [
            file
            for file, entry in zip(files, self._entries, strict=True)
            if entry.kind not in (StartupKind.PTH_PATH, StartupKind.START)
        ]
        self._units.begin(begins)
        self._touched.update(dict.fromkeys(begins, Trigger.STARTUP))
        known = [
            recognise(self._target, self._units, self._exact, entry, file)
            for file, entry in zip(files, self._entries, strict=True)
        ]
        starts = [
            Start(
                roots=tuple(self._roots.startup(entry, file)),
                closed=one.files,
                calls=(entry.target,) if entry.kind is StartupKind.START and ":" in entry.target else (),
            )
            for entry, file, one in zip(self._entries, files, known, strict=True)
        ]
        trails = self._forward.run(starts)
        rows = zip(self._entries, files, known, trails, strict=True)
        return [self._entry(*row) for row in rows]

    def _entry(self, entry: StartupEntry, file: FileId, known: Recognition, trail: Trail) -> LinkedEntry:
        sites = self._keep(trail, Trigger.STARTUP, entry.distribution, known, entry)
        self._units.fail_native(file for file, _ in trail.nodes() if file not in known.compiled)
        sites += tuple(self._called_outside(entry, file))
        found = (self._places.members[one].path for one in trail.files() if one != file)
        modules = tuple(dict.fromkeys(found))
        return LinkedEntry(
            entry=entry,
            sites=sites,
            modules=modules,
            missing=tuple(self._missing(entry, file)),
            known=known.id,
            foreign=known.foreign,
            evidence=self._witness.of_entry(entry, trail),
            shared=tuple((path, names) for path in modules if (names := self._chains.placing(path))),
        )

    def _called_outside(self, entry: StartupEntry, file: FileId) -> Iterator[Reached]:
        """The site that a ``.start`` entry is when it calls a hook or capability outside the set."""
        if entry.kind is not StartupKind.START:
            return
        for api in self._exact.called(file, Ref(name=entry.target.replace(":", "."))).outside:
            known = outward(api)
            if known is not None:
                reached = msgspec.structs.replace(self._roots.outside(entry, known), evidence=line(entry))
                self._improve(file, reached)
                yield reached

    def _missing(self, entry: StartupEntry, file: FileId) -> Iterator[str]:
        """Modules that the entry names, and that neither the set nor the standard library has."""
        if entry.kind is StartupKind.START:
            names = [entry.target.partition(":")[0]]
        else:
            unit = self._units.known(file) if entry.code is not None else None
            edges = unit.edges.get(0, ()) if unit else ()
            names = [edge.target.name for edge in edges if edge.kind is EdgeKind.IMPORT]
        for name in dict.fromkeys(names):
            if name and not is_stdlib(name) and self._exact.is_outside(file, name):
                yield name

    def _install(self) -> None:
        for owner, trail in self._hosting.install():
            self._keep(trail, Trigger.INSTALL, owner)

    def _autoload(self) -> None:
        for owner, trail in self._hosting.autoload():
            self._keep(trail, Trigger.AUTOLOAD, owner)

    def _scripts(self) -> None:
        """The ways from console scripts to what nothing else reaches; others may call it as well."""
        for _, trail in self._hosting.scripts(Names(self._units, self._units.known)):
            for arrival in trail.arrivals():
                if (arrival.file, arrival.site) not in self._best:
                    alone = self._unreached(arrival.file, arrival.site)
                    if alone.trigger is not Trigger.IMPORT:
                        alone = msgspec.structs.replace(
                            alone, trigger=Trigger.CALL, chain=self._chains.of(trail, arrival)
                        )
                    self._best[arrival.file, arrival.site] = alone

    def _imports(self) -> None:
        search = Imports(self._units, self._facts, self._limits, self._joining)
        search.run(frozenset(self._entered))
        self._carriers = search.carriers
        self._doubtful = search.doubtful
        for owner, trail in search.trails.items():
            self._keep(trail, Trigger.IMPORT, owner)
            self._cut[owner] += search.cut.get(owner, 0)
        for owner, arrival in search.borrowed:
            chain = self._chains.of(search.trails[owner], arrival)
            reached = Reached(
                site=arrival.site,
                member=self._places.members[arrival.file],
                trigger=Trigger.IMPORT,
                chain=chain,
                pythons=versions(arrival.pythons),
                confidence=arrival.site.confidence,
                guard=along(chain),
            )
            self._improve(arrival.file, reached)

    def _aside(self) -> None:
        """Mark what only the import of an inner module reaches, not that of the package."""
        found: dict[int, list[tuple[FileId, Site]]] = {}
        for (file, site), reached in self._best.items():
            if reached.trigger is Trigger.IMPORT and row_of(site.kind) in WEIGHTY:
                found.setdefault(self._places.owners[file], []).append((file, site))
        files = self._asked_by_owner()
        for owner, keys in found.items():
            self._units.focus(files[owner])
            tops = [Root(node=(file, 0)) for file in self._places.tops(owner)]
            entered = set(self._forward.trail(Start(roots=tuple(tops), owner=owner)).nodes())
            for file, site in keys:
                if (file, site.scope) not in entered:
                    old = self._best[file, site]
                    self._best[file, site] = msgspec.structs.replace(old, is_aside=True)

    def _asked_by_owner(self) -> dict[int, frozenset[FileId]]:
        found: dict[int, set[FileId]] = {}
        for file in self._units.asked():
            found.setdefault(self._places.owners[file], set()).add(file)
        return {owner: frozenset(files) for owner, files in found.items()}

    # --- what is left

    def _rest(self) -> None:
        """Sites to which no way leads: in functions that nothing calls, in files that nothing imports."""
        for file in list(self._units.asked()):
            unit = self._units.get(file)
            for site in (*unit.facts.sites, *self._led(file, unit)) if unit else ():
                if (file, site) not in self._best:
                    self._best[file, site] = self._unreached(file, site)

    def _led(self, file: FileId, unit: Unit) -> Iterator[Site]:
        """The sites that calls are because of what other files say."""
        for edge in self._carriers.calls(file):
            yield from led(self._exact, file, unit, edge)

    def _unreached(self, file: FileId, site: Site) -> Reached:
        member = self._places.members[file]
        node = (file, site.scope)
        chain = (self._chains.alone(node, site),)
        trigger = Trigger.DORMANT if is_nested_customize(member) else Trigger.CALL
        doubtful = trigger is Trigger.CALL and node in self._doubtful and is_hook(site.kind)
        return Reached(
            site=site,
            member=member,
            # Callers were left out, so that import may reach it: never said to be called only.
            trigger=Trigger.IMPORT if doubtful else trigger,
            chain=chain,
            pythons=site.pythons,
            confidence=Confidence.LOW if doubtful else site.confidence,
            guard=along(chain),
        )

    def _launch(self) -> None:
        """What starts because code puts the folder of a customize module on the path."""
        launching = Launching(self._target, self._units, self._facts, self._chains, self._forward)
        for file, reached in launching.run(self._best.copy()):
            key = (file, reached.site)
            if reached.begins:
                self._best[key] = msgspec.structs.replace(self._best[key], begins=reached.begins)
            else:
                self._improve(file, reached)
                if reached.trigger is Trigger.STARTUP:
                    self._touched[file] = reached.trigger

    def _efforts(self) -> tuple[Effort, ...]:
        """How far the search went in each distribution."""
        asked = Counter(self._places.owners[file] for file in self._units.asked())
        return tuple(
            Effort(asked=asked[owner], cut=self._cut.get(owner, 0), failed=self._joining.failed[owner])
            for owner in range(len(self._target.distributions))
        )
