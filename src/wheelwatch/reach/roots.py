"""Where searches begin: startup entries, build code, entry points that a host loads by itself."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from wheelwatch.catalogue import Api
from wheelwatch.model import (
    Distribution,
    EntryPoint,
    Member,
    PackageKind,
    Reached,
    Ref,
    Site,
    StartupEntry,
    StartupKind,
    Step,
    TargetSet,
    Trigger,
)
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
BACKEND_FOLDERS = ("_build", "_custom_build", "backend", "build_backend")
BUILD_FILES = ("setup.py", "hatch_build.py", "build.py")
"""Files at the top of an sdist that builds execute; in-tree backends by their folders."""


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

    def install(self, owner: int, distribution: Distribution) -> Iterator[Root]:
        """The build code of an sdist: what an installer executes before anything is installed."""
        if distribution.kind is not PackageKind.SDIST:
            return
        for member in sorted(distribution.members, key=lambda member: member.stored):
            if is_build_code(member):
                file = self._places.at(owner, member.path)
                if file is not None:
                    yield Root(node=(file, 0), is_main=True)

    def autoload(self, owner: int, entry: EntryPoint, anchor: FileId) -> Iterator[Root]:
        """What a host executes when it loads an entry point by itself."""
        module, _, attribute = entry.value.partition("[")[0].strip().partition(":")
        before = Step(
            package=self._target.distributions[owner].name,
            path=_entry_points(self._target.distributions[owner]),
            line=0,
            what=f"[{entry.group}] {entry.name} = {entry.value}",
        )
        for file in self._names.modules(anchor, module):
            yield Root(node=(file, 0), before=before)
        if attribute:
            for node in self._names.called(anchor, Ref(name=f"{module}.{attribute}")).nodes:
                yield Root(node=node, before=before)


def _entry_points(distribution: Distribution) -> str:
    """Where a distribution lists its entry points."""
    paths = (member.path for member in distribution.members if member.path.endswith("/entry_points.txt"))
    return next(paths, "entry_points.txt")


def is_build_code(member: Member) -> bool:
    """Whether building executes the member: by its name at the top of an sdist, or an in-tree backend's."""
    if member.place is not None:
        return False
    path = member.stored.partition("/")[2] or member.stored
    folder, _, name = path.rpartition("/")
    if not folder:
        return name in BUILD_FILES
    return (
        name.endswith(".py")
        and "/" not in folder
        and folder in {"_build", "backend", "build_backend", "_custom_build"}
    )
