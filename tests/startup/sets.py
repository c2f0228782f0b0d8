"""Sets written as text: no file, no archive."""

from __future__ import annotations

from collections.abc import Mapping

from wheelwatch.model import (
    Distribution,
    Inline,
    Member,
    NotAnalysed,
    PackageKind,
    Reason,
    StartupEntry,
    StartupKind,
    TargetSet,
)
from wheelwatch.startup import Surface, surface

SITE = "/env/lib/python3.12/site-packages"
ALL = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15")
BEFORE_15 = ALL[:-1]
UP_TO_12 = ALL[:5]


def member(place: str, content: str | bytes) -> Member:
    data = content if isinstance(content, bytes) else content.encode()
    return Member(stored=place, place=place, uv_place=place, size=len(data), source=Inline(data))


def distribution(
    files: Mapping[str, str | bytes], *, name: str = "demo", root: str = SITE, kind: str = "installed"
) -> Distribution:
    return Distribution(
        name=name,
        version="1.0",
        kind=PackageKind(kind),
        location=root,
        sha256=None,
        members=tuple(member(place, content) for place, content in files.items()),
        root=root,
    )


def target(*distributions: Distribution) -> TargetSet:
    roots = tuple(dict.fromkeys(each.root for each in distributions))
    return TargetSet(label="test", distributions=distributions, roots=roots, site_roots=roots)


def read(member: Member) -> bytes | NotAnalysed:
    if not isinstance(member.source, Inline):
        return NotAnalysed(reason=Reason.VANISHED, detail="gone")
    return member.source.data


def site(files: Mapping[str, str | bytes], **options: str) -> Surface:
    """The surface of one site directory, installed unless ``root=""`` and ``kind`` say otherwise."""
    return surface(target(distribution(files, **options)), read)


def archive(files: Mapping[str, str | bytes]) -> Surface:
    return site(files, root="", kind="wheel")


def of(found: Surface, kind: StartupKind) -> list[StartupEntry]:
    return [entry for entry in found.entries if entry.kind is kind]


def runs(
    found: Surface, kind: StartupKind = StartupKind.PTH_IMPORT
) -> list[tuple[str, str, tuple[str, ...]]]:
    """``(place:line, what runs, Pythons)`` of the entries of a kind."""
    return [(f"{entry.member.path}:{entry.line}", _what(entry), entry.pythons) for entry in of(found, kind)]


def _what(entry: StartupEntry) -> str:
    if entry.code is None:
        return entry.target
    assert isinstance(entry.code.source, Inline)
    assert entry.code.first_line == entry.line
    return entry.code.source.data.decode()
