"""Sets and facts written by hand, and the port over a dict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wheelwatch import code
from wheelwatch.model import (
    SUPPORTED_PYTHONS,
    Analysis,
    Binding,
    Body,
    ContainerKind,
    Distribution,
    Edge,
    EdgeKind,
    FileFacts,
    FileRef,
    Group,
    Inline,
    Joint,
    Kind,
    Member,
    NotAnalysed,
    PackageKind,
    Ref,
    Scope,
    Site,
    StartupEntry,
    StartupKind,
    TargetSet,
)


class Written:
    """A `Facts` port over facts by path; keeps the rounds that were asked."""

    def __init__(self, files: Mapping[str, Analysis], tokens: Mapping[str, str] | None = None) -> None:
        self.files = dict(files)
        self.tokens = dict(tokens or {})
        self.rounds: list[tuple[str, ...]] = []
        self.members: dict[str, Member] = {}

    def ask(self, members: Iterable[Member]) -> None:
        self.rounds.append(tuple(member.path for member in members))

    def facts(self, member: Member) -> Analysis:
        key = f"{member.path}:{member.first_line}" if isinstance(member.source, Inline) else member.path
        return self.files[key]

    def bodies(self, members: Sequence[Member]) -> tuple[tuple[Body, ...], ...]:
        return tuple(() for _ in members)

    def together(self, groups: Sequence[Group]) -> tuple[Joint | NotAnalysed, ...]:
        return tuple(Joint() for _ in groups)

    def mentions(self, names: frozenset[str], *also: frozenset[str]) -> tuple[Member, ...]:
        if not names:
            wanted = [
                path
                for path, facts in self.files.items()
                if not isinstance(facts, FileFacts) or facts.sites
            ]
        else:
            wanted = [
                path
                for path, text in self.tokens.items()
                if all(code.mentions(text.encode(), tokens) for tokens in (names, *also))
            ]
        return tuple(self.members[path] for path in wanted if path in self.members)

    @property
    def asked(self) -> set[str]:
        return {path for batch in self.rounds for path in batch}


def member(path: str, place: str | None = "same") -> Member:
    where = path if place == "same" else place
    source = FileRef(container="demo", kind=ContainerKind.FOLDER, key=path)
    return Member(stored=path, place=where, uv_place=where, size=1, source=source)


def distribution(
    name: str, *paths: str, kind: PackageKind = PackageKind.WHEEL, **fields: Any
) -> Distribution:
    members = fields.pop("members", None) or tuple(member(path) for path in paths)
    return Distribution(
        name=name,
        version="1.0",
        kind=kind,
        location=f"{name}.whl",
        sha256=None,
        members=members,
        **fields,
    )


def target(*distributions: Distribution) -> TargetSet:
    return TargetSet(label="test", distributions=distributions)


def line(
    path: str, text: str, *, owner: int = 0, number: int = 1, pythons: tuple[str, ...] = SUPPORTED_PYTHONS
) -> StartupEntry:
    """An executed ``.pth`` line."""
    code = Member(
        stored=path,
        place=path,
        uv_place=path,
        size=len(text),
        source=Inline(text.encode()),
        first_line=number,
    )
    return StartupEntry(
        kind=StartupKind.PTH_IMPORT,
        distribution=owner,
        member=member(path),
        line=number,
        text=text,
        pythons=pythons,
        code=code,
    )


def facts(
    *items: Edge | Site | Binding | tuple[str, int],
    functions: Iterable[str] = (),
    classes: Mapping[str, tuple[Ref, ...]] | None = None,
) -> FileFacts:
    """Facts with the module's scope 0, then ``functions`` (``Class.method`` after its class) in order."""
    scopes = [Scope(name="<module>", qualified="", line=1, parent=-1)]
    numbers = {"": 0}
    for name, bases in (classes or {}).items():
        numbers[name] = len(scopes)
        scopes.append(Scope(name=name, qualified=name, line=1, parent=0, is_class=True, bases=bases))
    for qualified in functions:
        parent, _, name = qualified.rpartition(".")
        numbers[qualified] = len(scopes)
        scopes.append(Scope(name=name, qualified=qualified, line=1, parent=numbers[parent]))
    return FileFacts(
        sha256="0",
        scopes=tuple(scopes),
        edges=tuple(item for item in items if isinstance(item, Edge)),
        sites=tuple(item for item in items if isinstance(item, Site)),
        bindings=tuple(item for item in items if isinstance(item, Binding)),
    )


def edge(
    kind: EdgeKind,
    at: int,
    to: str | int,
    *,
    scope: int = 0,
    guard: str | None = None,
    text: str = "",
    **rest: Any,
) -> Edge:
    target = Ref(scope=to) if isinstance(to, int) else Ref(name=to)
    return Edge(
        kind=kind,
        scope=scope,
        line=at,
        column=1,
        target=target,
        text=text or f"{kind} {to}",
        guard=guard,
        **rest,
    )


def imports(at: int, name: str, **rest: Any) -> Edge:
    return edge(EdgeKind.IMPORT, at, name, text=f"import {name}", **rest)


def calls(at: int, to: str | int, **rest: Any) -> Edge:
    return edge(EdgeKind.CALL, at, to, text=f"{to}()", **rest)


def site(
    at: int, *, scope: int = 0, api: str = "sys.settrace", kind: Kind = Kind.TRACE, **rest: Any
) -> Site:
    return Site(kind=kind, api=api, scope=scope, line=at, column=1, snippet=f"{api}(spy)", **rest)


def port(
    target: TargetSet, files: Mapping[str, Analysis], tokens: Mapping[str, str] | None = None
) -> Written:
    written = Written(files, tokens)
    for owner in target.distributions:
        for found in owner.members:
            written.members.setdefault(found.path, found)
    return written
