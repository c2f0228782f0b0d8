"""Anchor tokens: the words without which no extractor can yield a site that counts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from wheelwatch.catalogue import apis, spellings
from wheelwatch.catalogue.severity import row_of, severity
from wheelwatch.code.extract.marks import FILES, MOVERS, MOVING, PATH
from wheelwatch.code.extract.words import (
    ACCESS,
    ASKED,
    ASSEMBLED,
    CODE,
    COMMON,
    DECODERS,
    IMPORTS,
    MODULES,
    PICKLES,
    ROUTES,
    STRONG,
    WALKED,
)
from wheelwatch.model import Kind, Trigger

_PARTS = re.compile(r"[.\[\]()]+")
ANY_NAME = "*"
"""In place of a name: each attribute of what stands before it."""


def counts(kind: Kind, *, is_obfuscated: bool) -> bool:
    """Whether a site can be a finding although neither startup, install nor autoload reaches it.

    Text that is run, names that cannot be told and files that are loaded by their path are everyday
    there, so they need no anchor: files on the way from a start are parsed whatever they hold.
    """
    if kind is Kind.DYNAMIC_ACCESS and is_obfuscated:
        return True
    return severity(row_of(kind), Trigger.IMPORT) is not None


class Way:
    """What must stand behind two parts of the name of an API (``http.client``): the rest of its parts."""

    __slots__ = ("is_assigned", "rest")

    def __init__(self, rest: tuple[str, ...], *, is_assigned: bool) -> None:
        self.rest = tuple(part.encode() for part in rest)
        self.is_assigned = is_assigned
        """Only an assignment to these two parts makes it a site."""


@cache
def _spelled() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Every way to write every API: its parts, and how it is used."""
    others: dict[str, list[str]] = defaultdict(list)
    for written, meant in spellings().items():
        others[meant].append(written)
    found: dict[tuple[tuple[str, ...], str], None] = {}
    for api in apis().values():
        names = [api.name] if counts(api.kind, is_obfuscated=True) else []
        for name in names:
            parts = name.split(".")
            for end in range(len(parts), 0, -1):
                head, rest = ".".join(parts[:end]), parts[end:]
                fresh = (".".join([other, *rest]) for other in others.get(head, ()))
                names.extend(name for name in fresh if name not in names and name.count(".") < _DEPTH)
        for name in names:
            found.setdefault((tuple(part for part in _PARTS.split(name) if part), api.how))
    return tuple(found)


_DEPTH = 6


@cache
def telling() -> frozenset[str]:
    """Attributes that make a site on whatever they are."""
    return frozenset(parts[1] for parts, _ in _spelled() if parts[0] == ANY_NAME)


@cache
def lasts() -> frozenset[str]:
    """The last words of APIs that hardly anything else is called by."""
    return frozenset(
        {parts[-1] for parts, _ in _spelled() if len(parts) > 1} - COMMON - {ANY_NAME} - telling()
    )


@cache
def ways() -> Mapping[str, Mapping[bytes, tuple[Way, ...]]]:
    """By the first part and the second one of an API: the ways from there.

    An API with one of `lasts` needs none, as that word is enough.
    """
    found: dict[str, dict[str, list[Way]]] = defaultdict(lambda: defaultdict(list))
    for parts, how in _spelled():
        if len(parts) < 2 or parts[0] == ANY_NAME or parts[-1] in lasts():
            continue
        rest = tuple(part for part in parts[2:] if part != ANY_NAME)
        is_assigned = how == "assign" and len(parts) == 2
        for head in (parts[0], f"_{parts[0]}"):
            found[head][parts[1]].append(Way(rest, is_assigned=is_assigned))
    return {
        head: {name.encode(): tuple(rows) for name, rows in subs.items()} for head, subs in found.items()
    }


@cache
def heads() -> frozenset[str]:
    """Names of modules behind which it is looked what of them is used."""
    return MODULES.union(ways(), PICKLES, MOVING)


def _all_words() -> Iterator[frozenset[str]]:
    yield from (telling(), lasts(), heads(), ACCESS, IMPORTS, ROUTES, CODE, DECODERS, FILES)


RUNS = CODE | {"loads"}
"""Words by which data is run as code."""
ANCHORS: frozenset[str] = frozenset().union(*_all_words(), {"modules"})
"""Words of a text that are looked at. Without any of these, and of `PATHS`, a file yields no site."""


def wants(tokens: frozenset[str]) -> bool:
    """Whether a file in which these tokens count must be parsed for its own sites; monotone in ``tokens``.

    `evidence` says which tokens count where they stand. Some are enough alone; a computed name matters
    with a module on which it may be used, or when it is put together or decoded.
    """
    if any("." in token for token in tokens) or not tokens.isdisjoint(telling() | lasts()):
        return True
    is_named = not tokens.isdisjoint(ACCESS)
    is_route = WALKED in tokens or not tokens.isdisjoint(ROUTES)
    if is_named and (is_route or not tokens.isdisjoint(MODULES)):
        return True
    is_file, is_run = not tokens.isdisjoint(FILES | MOVERS), not tokens.isdisjoint(RUNS)
    if (is_file and PATH in tokens) or (is_run and not tokens.isdisjoint(DECODERS)):
        return True
    is_made = ASSEMBLED in tokens or not tokens.isdisjoint(STRONG)
    is_asked = is_named and ASKED in tokens
    return is_made and (is_asked or is_file or is_run or not tokens.isdisjoint(IMPORTS | MODULES))
