"""Sets made of real sources, analysed in this process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from wheelwatch import code, startup
from wheelwatch.limits import DEFAULT
from wheelwatch.model import (
    Analysis,
    Body,
    ContainerKind,
    Distribution,
    FileRef,
    Group,
    Inline,
    Joint,
    LinkedPackage,
    Member,
    NotAnalysed,
    PackageKind,
    Reached,
    TargetSet,
)
from wheelwatch.reach import link

Sources = Mapping[str, str | bytes]


class Analysed:
    """The `Facts` port over bytes in memory; no workers."""

    def __init__(self, contents: Mapping[tuple[str, str], bytes], target: TargetSet) -> None:
        self._contents = contents
        self._target = target
        self._known: dict[Member, Analysis] = {}
        self.asked: list[str] = []

    def read(self, member: Member) -> bytes | NotAnalysed:
        source = member.source
        if isinstance(source, Inline):
            return source.data
        assert isinstance(source, FileRef)
        return self._contents[source.container, source.key]

    def ask(self, members: Iterable[Member]) -> None:
        self.asked += [member.path for member in members]

    def facts(self, member: Member) -> Analysis:
        if member not in self._known:
            data = self.read(member)
            assert isinstance(data, bytes)
            self._known[member] = code.analyse(data, DEFAULT, first_line=member.first_line)
        return self._known[member]

    def bodies(self, members: Sequence[Member]) -> tuple[tuple[Body, ...], ...]:
        contents = [self.read(member) for member in members]
        return tuple(code.bodies(data) if isinstance(data, bytes) else () for data in contents)

    def mentions(self, names: frozenset[str], *also: frozenset[str]) -> tuple[Member, ...]:
        return tuple(
            member
            for distribution in self._target.distributions
            for member in distribution.members
            if member.path.endswith(".py") and all(self._has(member, tokens) for tokens in (names, *also))
        )

    def together(self, groups: Sequence[Group]) -> tuple[Joint | NotAnalysed, ...]:
        return tuple(
            code.join([self.read(placed.member) for placed in group.files], group) for group in groups
        )

    def _has(self, member: Member, names: frozenset[str]) -> bool:
        data = self.read(member)
        assert isinstance(data, bytes)
        if names:
            return bool(code.mentions(data, tuple(sorted(names))))
        return code.wants(code.sketch(data).anchors)


def distribution(name: str, sources: Sources) -> Distribution:
    """A distribution whose members lie in memory."""
    members = tuple(
        Member(
            stored=path,
            place=path,
            uv_place=path,
            size=len(content),
            source=FileRef(container=name, kind=ContainerKind.FOLDER, key=path),
        )
        for path, content in sources.items()
    )
    return Distribution(
        name=name, version="1.0", kind=PackageKind.WHEEL, location=name, sha256=None, members=members
    )


def linked(sets: Mapping[str, Sources]) -> tuple[LinkedPackage, ...]:
    """Link distributions given as name -> path -> source."""
    target = TargetSet(
        label="test", distributions=tuple(distribution(name, files) for name, files in sets.items())
    )
    contents = {
        (name, path): content.encode() if isinstance(content, str) else content
        for name, files in sets.items()
        for path, content in files.items()
    }
    port = Analysed(contents, target)
    surface = startup.surface(target, port.read, DEFAULT)
    assert surface.not_analysed == ()
    return link(target, surface.entries, port)


def sites(sets: Mapping[str, Sources]) -> tuple[Reached, ...]:
    """Every site of a set, in the order of packages and files."""
    return tuple(reached for package in linked(sets) for reached in package.sites)
