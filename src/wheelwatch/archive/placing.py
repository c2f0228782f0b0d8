"""Which place each entry of a wheel gets in the end: names, scripts that are replaced, duplicates."""

from __future__ import annotations

import posixpath

import msgspec

from wheelwatch.archive.directory import Entry
from wheelwatch.archive.issue import Issue


class Name(msgspec.Struct, frozen=True):
    """A name under which an installer may see an entry."""

    text: str
    issue: Issue | None = None


class Placed(msgspec.Struct, frozen=True):
    """An entry under one of its names, with pip's place and uv's; ``None`` where it is not installed."""

    entry: Entry
    name: str
    place: str | None
    uv: str | None
    order: int
    """pip writes a lower order first."""
    issues: tuple[Issue, ...]
    is_moved: bool
    """It lies in the ``*.data`` folder that uv spreads, too."""


def names(entry: Entry) -> tuple[Name, ...]:
    """The names that Pythons 3.8 to 3.15 give to an entry: cut at NUL, renamed by 0x7075 from 3.12 on."""
    first = entry.text
    cut = first.split("\0", 1)[0]
    found = [Name(cut, Issue.NUL_NAME if cut != first else None)]
    other = entry.unicode_path
    if other is not None and (renamed := other.split("\0", 1)[0]) != cut:
        found.append(Name(renamed, Issue.UNICODE_PATH))
    return tuple(found)


def is_wrapped(place: str | None, order: int, wrappers: set[str]) -> bool:
    """A script that pip skips, as it generates one of the same name from an entry point."""
    if place is None or order != 2:
        return False
    name = posixpath.basename(place)
    lower = name.lower()
    if lower.endswith((".exe", ".pya")):
        name = name[:-4]
    elif lower.endswith("-script.py"):
        name = name[:-10]
    return name in wrappers


def settled(rows: list[Placed]) -> list[Placed]:
    """Take its place from a row that another one overwrites.

    pip writes one after the other, so the last wins. uv unpacks in parallel, so that of two equal names
    either may win, and moves ``*.data`` over the rest afterwards.
    """
    order = sorted(range(len(rows)), key=lambda index: (rows[index].order, index))
    last = {rows[index].place: index for index in order}
    moved = {row.uv for row in rows if row.is_moved}
    return [
        msgspec.structs.replace(
            row,
            place=row.place if last[row.place] == index else None,
            uv=row.uv if row.is_moved or row.uv not in moved else None,
        )
        for index, row in enumerate(rows)
    ]
