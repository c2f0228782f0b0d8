"""The facts of one file in the form that the search walks: by scope and by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import pairwise

import msgspec

from wheelwatch.model import (
    SUPPORTED_PYTHONS,
    Act,
    Edge,
    EdgeKind,
    FileFacts,
    Inline,
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
        self.is_extended = False
        """Whether it holds more than the facts of the file alone."""
        self.stars: list[str] = []
        self._heads: set[tuple[int, int, str]] = set()
        for edge in facts.edges:
            self.edges[edge.scope].append(edge)
            if edge.kind is EdgeKind.STAR:
                self.stars.append(edge.target.name)
        for edge, inner in pairwise(facts.edges):
            if edge.kind is inner.kind is EdgeKind.IMPORT and _is_inside(inner, edge):
                self._heads.add((edge.line, edge.column, edge.target.name))
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
        self.is_extended = True
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

    def lead(self, edge: Edge, target: tuple[FileId, int]) -> None:
        """Add an edge to a scope of any file that was found in the same way."""
        self.is_extended = True
        self.far[edge.scope].append((edge, target))

    def lookup(self, scope: int, name: str) -> list[Ref]:
        """What a name of a module or class may stand for."""
        return self.names.get((scope, name), [])

    def is_head(self, edge: Edge) -> bool:
        """Whether an edge is the module ``a`` of ``from a import b``, not what is imported from it."""
        return (edge.line, edge.column, edge.target.name) in self._heads

    def holds(self, edge: Edge, api: str) -> bool:
        """Whether the extractor has already made a site of this API at the edge's place."""
        return any(site.line == edge.line and site.api == api for site in self.sites.get(edge.scope, ()))


def _is_inside(inner: Edge, edge: Edge) -> bool:
    """Whether both edges are of one statement, and the first names something inside the other."""
    name = edge.target.name
    start = name if name.endswith(".") else f"{name}."
    return (inner.line, inner.column) == (edge.line, edge.column) and inner.target.name.startswith(start)


HELD_BYTES = 16 * 1024 * 1024
"""Source of files whose units are held at once; their facts take five times as much memory."""


class Units:
    """Every file that the search has asked for, each asked once.

    What a file says is held while a part of the set is looked at (`focus`), and got from the port again
    when another part comes back to it.
    """

    def __init__(self, places: Places, port: Port) -> None:
        self.places = places
        self.failed: dict[FileId, NotAnalysed] = {}
        self._port = port
        self._asked: dict[FileId, tuple[str, ...]] = {}
        """The analysed files in the order of asking, with the notes of their facts."""
        self._held: dict[FileId, Unit] = {}
        self._focus: Collection[FileId] = ()
        self._ceiling = 2 * HELD_BYTES
        self._weight = 0
        """Bytes of source of those that are held."""

    def ask(self, files: Iterable[FileId]) -> None:
        """Get the facts of a round of files. A native module on the way is opaque and no failure."""
        wanted = [file for file in dict.fromkeys(files) if self.is_fresh(file) and self._is_open(file)]
        if not wanted:
            return
        self._port.ask([self.places.members[file] for file in wanted])
        for file in wanted:
            answer = self._port.facts(self.places.members[file])
            if isinstance(answer, NotAnalysed):
                self.failed[file] = answer
            else:
                self._asked[file] = answer.notes
                if self._weight <= HELD_BYTES:
                    self._hold(file, answer)
                if UNREAD_CODE in answer.notes:
                    # What was found stays; the rest of the decoded code counts as unread.
                    detail = "it runs more decoded code than is read"
                    anchors = tuple(sorted({site.api for site in answer.sites})) or ("exec",)
                    self.failed[file] = NotAnalysed(
                        reason=Reason.TOO_MANY_NODES, detail=detail, anchors=anchors
                    )

    def _hold(self, file: FileId, facts: FileFacts) -> Unit:
        if self._weight > self._ceiling:
            self._let_go()
        self._weight += self.places.members[file].size
        unit = self._held[file] = Unit(facts)
        return unit

    def focus(self, files: Collection[FileId]) -> None:
        """Hold the units of these files from now on; others may be let go and got again."""
        self._focus = files
        self._let_go()

    def _let_go(self) -> None:
        """Let go of the oldest where too much is held, but not of what several files have said."""
        for file in [one for one in self._held if one not in self._focus]:
            if self._weight <= HELD_BYTES:
                break
            if not self._held[file].is_extended:
                del self._held[file]
                self._weight -= self.places.members[file].size
        # What has to stay is not looked through again for every file that comes.
        self._ceiling = self._weight + HELD_BYTES

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
        if self.is_fresh(file):
            self.ask((file,))
        return self.known(file)

    def is_fresh(self, file: FileId) -> bool:
        """Whether nobody has asked for the file yet."""
        return file not in self._asked and file not in self.failed

    @property
    def count(self) -> int:
        """How many files were asked for; grows with what is known."""
        return len(self._asked) + len(self.failed)

    def known(self, file: FileId) -> Unit | None:
        """The unit of a file if it was asked for already."""
        unit = self._held.get(file)
        if unit is None and file in self._asked:
            facts = self._port.facts(self.places.members[file])
            if isinstance(facts, FileFacts):
                unit = self._hold(file, facts)
        return unit

    def is_extended(self, file: FileId) -> bool:
        """Whether more is known of a file than it says alone."""
        held = self._held.get(file)
        return held is not None and held.is_extended

    def partial(self) -> dict[FileId, tuple[str, ...]]:
        """The files of which work was cut, with the notes of their facts."""
        return {file: notes for file, notes in self._asked.items() if notes}

    def asked(self) -> Iterable[FileId]:
        """Every file that was analysed, in the order of asking."""
        return self._asked.keys()
