"""Bytecode that runs in place of the source beside it, told by its first bytes (PEP 552)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from wheelwatch.model import (
    Analysis,
    Compiled,
    Distribution,
    Member,
    NotAnalysed,
    PackageKind,
    Reason,
    Source,
)
from wheelwatch.startup import header

SUFFIX = ".pyc"
CACHE = "__pycache__"
UNPARSABLE = frozenset({Reason.SYNTAX, Reason.ENCODING, Reason.UNDECODABLE, Reason.NUL})
"""Reasons for which Python itself cannot compile a source, and takes the bytecode that it finds."""

Facts = Callable[[Member], Analysis]
Head = Callable[[Source, int], bytes | NotAnalysed]


def compiled(
    owned: Distribution, lost: Mapping[str, NotAnalysed], facts: Facts, head: Head
) -> tuple[Compiled, ...]:
    """The bytecode files of one distribution that an interpreter loads whatever their source says.

    Args:
        owned: the distribution.
        lost: by path, the sources that could not be analysed, as far as anybody has looked.
        facts: looks into a source beside suspicious bytecode.
        head: reads the first bytes of a file, as many as it is told.
    """
    places = {member.place: member for member in owned.members if member.place is not None}
    return tuple(_found(owned, places, lost, facts, head))


def _found(
    owned: Distribution,
    places: Mapping[str, Member],
    lost: Mapping[str, NotAnalysed],
    facts: Facts,
    head: Head,
) -> Iterator[Compiled]:
    for place, member in places.items():
        if not place.endswith(SUFFIX):
            continue
        source = places.get(source_of(place))
        if source is None and CACHE in place.split("/"):
            continue  # nobody loads it
        first = head(member.source, header.LENGTH)
        version = header.version_of(first) if isinstance(first, bytes) else None
        if version is None or not isinstance(first, bytes):
            continue
        is_unchecked = header.is_unchecked(first)
        is_alone = source is not None and source.path in lost and lost[source.path].reason in UNPARSABLE
        if source is not None and not is_alone and header.is_hashed(first) and _is_worth(owned, first):
            answer = facts(source)
            is_alone = isinstance(answer, NotAnalysed) and answer.reason in UNPARSABLE
        if is_unchecked or is_alone:
            path = source.path if source is not None else ""
            yield Compiled(
                member=member, source=path, python=version, is_unchecked=is_unchecked, is_alone=is_alone
            )


def _is_worth(owned: Distribution, head: bytes) -> bool:
    """Reproducible builds install hashes that are checked for every file: not worth reading them all."""
    return header.is_unchecked(head) or owned.kind is not PackageKind.INSTALLED


def source_of(place: str) -> str:
    """The place of the source that bytecode at this place stands for."""
    folder, _, name = place.rpartition("/")
    stem = name.removesuffix(SUFFIX)
    if folder == CACHE or folder.endswith("/" + CACHE):
        folder = folder[: -len(CACHE)].rstrip("/")
        stem = stem.partition(".")[0]
    return f"{folder}/{stem}.py" if folder else f"{stem}.py"
