"""The facts of one file in the form that the search walks: by scope and by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from wheelwatch.model import (
    SUPPORTED_PYTHONS,
    Act,
    Edge,
    EdgeKind,
    FileFacts,
    Inline,
    Member,
    NotAnalysed,
    Reason,
    Ref,
    Scope,
    Site,
    Version,
)
from wheelwatch.model import Facts as Port
from wheelwatch.reach.places import BYTECODE_SUFFIX, SOURCE_SUFFIXES, FileId, Places

Mask = int
"""A set of Python versions, one bit for each of `SUPPORTED_PYTHONS`."""

_BITS = {version: 1 << place for place, version in enumerate(SUPPORTED_PYTHONS)}
EVERY: Mask = (1 << len(SUPPORTED_PYTHONS)) - 1


def mask(pythons: tuple[Version, ...]) -> Mask:
    """The versions as a mask."""
    if pythons is SUPPORTED_PYTHONS or pythons == SUPPORTED_PYTHONS:
        return EVERY
    return sum(_BITS.get(version, 0) for version in dict.fromkeys(pythons))


def versions(bits: Mask) -> tuple[Version, ...]:
    """The mask as versions, oldest first."""
    return tuple(version for version in SUPPORTED_PYTHONS if bits & _BITS[version])


UNREAD_CODE = "virtual-files"
"""Note of facts in which code that is decoded and run was left out."""


class Unit:
    """One analysed file: its edges and sites by scope, its names by namespace."""

    def __init__(self, facts: FileFacts) -> None:
        self.facts = facts
        self.edges: dict[int, list[Edge]] = defaultdict(list)
        self.sites: dict[int, list[Site]] = defaultdict(list)
        self.names: dict[tuple[int, str], list[Ref]] = defaultdict(list)
        self.aliases: dict[int, list[str]] = defaultdict(list)
        """By scope: names of the module and of classes that stand for it."""
        self.far: dict[int, list[tuple[Edge, tuple[FileId, int]]]] = defaultdict(list)
        """By scope: edges to scopes that only a look at several files together has found."""
        self.known: dict[tuple[str, str, int], int] = {}
        """Scopes by name, qualified name and line, once somebody has asked."""
        self.stars: list[str] = []
        for edge in facts.edges:
            self.edges[edge.scope].append(edge)
            if edge.kind is EdgeKind.STAR:
                self.stars.append(edge.target.name)
        for site in facts.sites:
            self.sites[site.scope].append(site)
        self.acts: dict[int, list[Act]] = defaultdict(list)
        for act in facts.acts:
            self.acts[act.scope].append(act)
        self._name(facts)

    def _name(self, facts: FileFacts) -> None:
        for binding in facts.bindings:
            self.names[binding.scope, binding.name].append(binding.target)
            if binding.target.scope > 0:
                self.aliases[binding.target.scope].append(binding.name)
        for number, scope in enumerate(facts.scopes):
            key = (scope.parent, scope.name)
            if number and key not in self.names:
                self.names[key].append(Ref(scope=number))

    def extend(self, scopes: Iterable[Scope], edges: Iterable[Edge], sites: Iterable[Site]) -> None:
        """Add what was found by reading the file together with others."""
        for edge in edges:
            self.edges[edge.scope].append(edge)
        for site in sites:
            self.sites[site.scope].append(site)
        self.facts = msgspec.structs.replace(
            self.facts,
            scopes=(*self.facts.scopes, *scopes),
            edges=(*self.facts.edges, *edges),
            sites=(*self.facts.sites, *sites),
        )

    def lookup(self, scope: int, name: str) -> list[Ref]:
        """What a name of a module or class may stand for."""
        return self.names.get((scope, name), [])

    def holds(self, edge: Edge, api: str) -> bool:
        """Whether the extractor has already made a site of this API at the edge's place."""
        return any(site.line == edge.line and site.api == api for site in self.sites.get(edge.scope, ()))


class Units:
    """Every file that the search has asked for, each asked once."""

    def __init__(self, places: Places, port: Port) -> None:
        self.places = places
        self.failed: dict[FileId, NotAnalysed] = {}
        self._port = port
        self._units: dict[FileId, Unit] = {}

    def ask(self, files: Iterable[FileId]) -> None:
        """Get the facts of a round of files. A native module on the way is opaque and no failure."""
        wanted = [file for file in dict.fromkeys(files) if self.is_fresh(file) and self._is_open(file)]
        if not wanted:
            return
        members: list[Member] = [self.places.members[file] for file in wanted]
        self._port.ask(members)
        for file, member in zip(wanted, members, strict=True):
            answer = self._port.facts(member)
            if isinstance(answer, NotAnalysed):
                self.failed[file] = answer
            else:
                self._units[file] = Unit(answer)
                if UNREAD_CODE in answer.notes:
                    # What was found stays; the rest of the decoded code counts as unread.
                    detail = "it runs more decoded code than is read"
                    anchors = tuple(sorted({site.api for site in answer.sites})) or ("exec",)
                    self.failed[file] = NotAnalysed(
                        reason=Reason.TOO_MANY_NODES, detail=detail, anchors=anchors
                    )

    def begin(self, files: Iterable[FileId]) -> None:
        """Ask for the files in which startup entries begin, where machine code is a failure too."""
        begins = tuple(files)
        self.ask(begins)
        self.fail_native(begins)

    def fail_native(self, files: Iterable[FileId]) -> None:
        """Count the compiled modules among these files as not analysed, as they run unasked."""
        for file in files:
            if self.places.is_native(file):
                detail = "a compiled module: what it runs when it is loaded cannot be read"
                self.failed.setdefault(file, NotAnalysed(reason=Reason.NATIVE, detail=detail))

    def _is_open(self, file: FileId) -> bool:
        member = self.places.members[file]
        path = member.path
        if path.endswith(BYTECODE_SUFFIX):
            detail = "compiled without its source"
            self.failed[file] = NotAnalysed(reason=Reason.BYTECODE_ONLY, detail=detail)
        if file in self.places.paths.loaded and not self.places.is_native(file):
            return not path.endswith(BYTECODE_SUFFIX)
        return isinstance(member.source, Inline) or path.endswith(SOURCE_SUFFIXES)

    def get(self, file: FileId) -> Unit | None:
        """The unit of a file; asks for it when it was not in a round. ``None`` when it was not analysed."""
        if file not in self._units and file not in self.failed:
            self.ask((file,))
        return self._units.get(file)

    def is_fresh(self, file: FileId) -> bool:
        """Whether nobody has asked for the file yet."""
        return file not in self._units and file not in self.failed

    @property
    def count(self) -> int:
        """How many files were asked for; grows with what is known."""
        return len(self._units) + len(self.failed)

    def known(self, file: FileId) -> Unit | None:
        """The unit of a file if it was asked for already."""
        return self._units.get(file)

    def partial(self) -> dict[FileId, tuple[str, ...]]:
        """The files of which work was cut, with the notes of their facts."""
        return {file: unit.facts.notes for file, unit in self._units.items() if unit.facts.notes}

    def asked(self) -> Iterable[FileId]:
        """Every file that was analysed, in the order of asking."""
        return self._units.keys()
