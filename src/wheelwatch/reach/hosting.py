"""Searches from what others load and call: builds, hosts of plugins, the scripts of a distribution."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from packaging.utils import canonicalize_name

from wheelwatch.catalogue.autoload import host, is_autoloaded
from wheelwatch.model import EntryPoint, TargetSet
from wheelwatch.reach.forward import Forward, Start
from wheelwatch.reach.hosts import Hosts
from wheelwatch.reach.names import Names
from wheelwatch.reach.places import FileId, Places
from wheelwatch.reach.roots import Roots
from wheelwatch.reach.search import Policy, Root, Trail
from wheelwatch.reach.units import Units

PYTEST = "pytest11"
SCRIPTS = ("console_scripts", "gui_scripts")

LAYERS = 4
"""Rounds of objects that a plugin registers, which register more."""


class Hosting:
    """The searches of one set whose roots are named by configuration and entry points."""

    def __init__(self, target: TargetSet, units: Units, exact: Names, forward: Forward) -> None:
        self._target = target
        self._places: Places = units.places
        self._units = units
        self._hosts = Hosts(units, exact)
        self._roots = Roots(target, units.places, exact)
        self._forward = forward

    def install(self) -> Iterator[tuple[int, Trail]]:
        """What the build of each source tree executes."""
        for owner, distribution in enumerate(self._target.distributions):
            roots = tuple(self._roots.install(owner, distribution, self._hosts))
            if roots:
                (trail,) = self._forward.run([Start(roots=roots)])
                yield owner, trail

    def autoload(self) -> Iterator[tuple[int, Trail]]:
        """What hosts execute of each plugin, through the whole set but the host itself."""
        for owner, distribution in enumerate(self._target.distributions):
            for entry in distribution.entry_points:
                anchor = self._anchor(owner) if is_autoloaded(entry.group) else None
                if anchor is not None:
                    yield owner, self._loaded(owner, entry, anchor)

    def _loaded(self, owner: int, entry: EntryPoint, anchor: FileId) -> Trail:
        value = entry.value.partition("[")[0].strip()
        module, _, attribute = value.partition(":")
        before = self._roots.announced(owner, entry)
        roots = tuple(self._roots.autoload(entry, anchor, before))
        calls = [value] if attribute else []
        if entry.group == PYTEST:
            for file in self._roots.module(anchor, module):
                nodes = self._hosts.plugged(file, attribute)
                roots += tuple(Root(node=node, before=before) for node in nodes)
                calls += self._hosts.spoken(nodes, module)
        start = Start(roots=roots, besides=self._of_host(entry.group), calls=tuple(calls))
        (trail,) = self._forward.run([start])
        for _ in range(LAYERS if entry.group == PYTEST else 0):
            known = {root.node for root in start.roots}
            more = [node for node in self._hosts.registered(trail) if node not in known]
            if not more:
                break
            roots = (*start.roots, *(Root(node=node, before=before) for node in more))
            start = msgspec.structs.replace(start, roots=roots)
            (trail,) = self._forward.run([start])
        return trail

    def _of_host(self, group: str) -> frozenset[int]:
        """The distributions of the host itself: it is there without the plugin."""
        name = canonicalize_name((host(group) or "").partition(",")[0])
        rows = enumerate(self._target.distributions)
        return frozenset(owner for owner, row in rows if canonicalize_name(row.name) == name)

    def scripts(self, names: Names) -> Iterator[tuple[int, Trail]]:
        """What the scripts of each distribution call, over files that were looked into anyway."""
        for owner, distribution in enumerate(self._target.distributions):
            entries = [entry for entry in distribution.entry_points if entry.group in SCRIPTS]
            anchor = self._anchor(owner) if entries else None
            if anchor is None:
                continue
            roots = [
                root
                for entry in entries
                for root in self._roots.autoload(entry, anchor, self._roots.announced(owner, entry))
            ]
            self._units.ask(root.node[0] for root in roots if self._places.owners[root.node[0]] == owner)
            files = frozenset(file for file in self._units.asked() if self._places.owners[file] == owner)
            policy = Policy(names=names, inside=files.__contains__, budget=self._forward.budget)
            yield owner, Trail(self._units, policy, [root for root in roots if root.node[0] in files])

    def _anchor(self, owner: int) -> FileId | None:
        """Any file of a distribution, else of the set, as the context of an absolute name."""
        for member in self._target.distributions[owner].members:
            found = self._places.at(owner, member.path)
            if found is not None:
                return found
        return 0 if self._places.members else None
