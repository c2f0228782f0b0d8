"""Where searches begin: startup entries, build code, entry points."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from wheelwatch.catalogue import Api
from wheelwatch.catalogue.autoload import host
from wheelwatch.model import (
    BuildRoot,
    Distribution,
    EntryPoint,
    Reached,
    Ref,
    Site,
    StartupEntry,
    StartupKind,
    Step,
    TargetSet,
    Trigger,
)
from wheelwatch.reach.hosts import Hosts
from wheelwatch.reach.names import Names
from wheelwatch.reach.places import FileId, Places
from wheelwatch.reach.search import Root
from wheelwatch.reach.units import Mask, mask

MODULE_KINDS = frozenset(
    {
        StartupKind.SITECUSTOMIZE,
        StartupKind.USERCUSTOMIZE,
        StartupKind.APPORT,
        StartupKind.SQUAT,
        StartupKind.PREFIX,
    }
)


class Roots:
    """Finds the roots of one set."""

    def __init__(self, target: TargetSet, places: Places, names: Names) -> None:
        self._target = target
        self._places = places
        self._names = names

    def file(self, entry: StartupEntry) -> FileId:
        """The file in which an entry begins: its executed line, else the member that it is."""
        owner = entry.distribution
        home = (self._target.distributions[owner].root, "")
        if entry.code is not None:
            return self._places.add(owner, entry.code, home)
        found = self._places.at(owner, entry.member.path)
        return self._places.add(owner, entry.member, home) if found is None else found

    def startup(self, entry: StartupEntry, file: FileId) -> Iterator[Root]:
        """What the interpreter executes for one entry."""
        pythons = mask(entry.pythons)
        if entry.code is not None:
            yield Root(node=(file, 0), pythons=pythons)
        elif entry.kind is StartupKind.START:
            yield from self._start(entry, file, pythons)
        elif entry.kind in MODULE_KINDS and self._places.is_source(file):
            yield Root(node=(file, 0), pythons=pythons)
            if entry.kind is StartupKind.APPORT:
                yield from self._callee(
                    file, f"{entry.target or 'apport_python_hook'}:install", None, pythons
                )

    def outside(self, entry: StartupEntry, api: Api) -> Reached:
        """The site that a ``.start`` entry is when what it calls is a hook or capability itself."""
        before = self._before(entry)
        text = entry.text.strip()
        site = Site(kind=api.kind, api=api.name, scope=0, line=entry.line, column=1, snippet=text)
        return Reached(
            site=site,
            member=entry.member,
            trigger=Trigger.STARTUP,
            chain=(before, msgspec.structs.replace(before, what=api.name)),
            pythons=entry.pythons,
            confidence=site.confidence,
        )

    def _before(self, entry: StartupEntry) -> Step:
        """The step of a startup file whose lines are no Python of their own."""
        return Step(
            package=self._target.distributions[entry.distribution].name,
            path=entry.member.path,
            line=entry.line,
            what=entry.text.strip(),
        )

    def _start(self, entry: StartupEntry, file: FileId, pythons: Mask) -> Iterator[Root]:
        before = self._before(entry)
        # The body runs even when the callable is missing (A.4).
        for module in self._names.modules(file, entry.target.partition(":")[0]):
            yield Root(node=(module, 0), before=before, pythons=pythons)
        yield from self._callee(file, entry.target, before, pythons)

    def _callee(self, file: FileId, target: str, before: Step | None, pythons: Mask) -> Iterator[Root]:
        module, _, attribute = target.partition(":")
        if attribute:
            for node in self._names.called(file, Ref(name=f"{module}.{attribute}")).nodes:
                yield Root(node=node, before=before, pythons=pythons)

    def install(self, owner: int, distribution: Distribution, hosts: Hosts) -> Iterator[Root]:
        """The build code of a source tree: what an installer executes before anything is installed."""
        for build in distribution.build:
            file = self._places.at(owner, build.path)
            if file is None:
                continue
            before = self._named(owner, build)
            yield Root(node=(file, 0), before=before, is_main=build.is_main)
            if build.interface:
                nodes = hosts.made(file, build.interface, build.calls)
            else:
                nodes = (node for name in build.calls for node in self._names.entered(file, name))
            for node in nodes:
                yield Root(node=node, before=before, is_main=build.is_main)

    def _named(self, owner: int, build: BuildRoot) -> Step | None:
        """The step of the configuration that names a file; none where its own name says it."""
        package = self._target.distributions[owner].name
        return Step(package=package, path=build.by, line=build.line, what=build.what) if build.by else None

    def module(self, anchor: FileId, name: str) -> tuple[FileId, ...]:
        """The files of a module by its dotted name, without its parents."""
        found = self._names.modules(anchor, name)
        ends = (name.replace(".", "/") + ".", name.replace(".", "/") + "/__init__.")
        return tuple(file for file in found if any(end in self._places.members[file].path for end in ends))

    def autoload(self, entry: EntryPoint, anchor: FileId, before: Step) -> Iterator[Root]:
        """What a host executes when it loads an entry point by itself."""
        module, _, attribute = entry.value.partition("[")[0].strip().partition(":")
        for file in self._names.modules(anchor, module):
            yield Root(node=(file, 0), before=before)
        if attribute:
            for node in self._names.called(anchor, Ref(name=f"{module}.{attribute}")).nodes:
                yield Root(node=node, before=before)

    def announced(self, owner: int, entry: EntryPoint) -> Step:
        """The step of the file that lists an entry point, with the host that loads it."""
        who = host(entry.group)
        return Step(
            package=self._target.distributions[owner].name,
            path=_entry_points(self._target.distributions[owner]),
            line=0,
            what=f"[{entry.group}] {entry.name} = {entry.value}" + (f", loaded by {who}" if who else ""),
        )


def _entry_points(distribution: Distribution) -> str:
    """Where a distribution lists its entry points."""
    paths = (member.path for member in distribution.members if member.path.endswith("/entry_points.txt"))
    return next(paths, "entry_points.txt")
