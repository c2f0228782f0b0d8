"""Startup lines that are known to be good, by behaviour and never by name.

An entry of ``data/known_startup.toml`` names the whole line (or a template with holes), the
distribution that must own it, and the module that it calls with digests of its syntax tree. It excuses
the line and, where it says so, that module, never what they reach beyond.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal

import msgspec
from packaging.utils import canonicalize_name

from wheelwatch.catalogue.place import data_path
from wheelwatch.errors import DataError

ANY = "any"
NONE = "none"
"""Owner of files that tools write at run time, and that no distribution lists."""

HOLES: Mapping[str, str] = {
    "name": r"[A-Za-z_][A-Za-z0-9_.]*",
    "finder": r"__editable__[A-Za-z0-9_]*_finder",
    "names": r"'[A-Za-z_][A-Za-z0-9_]*'(?:, '[A-Za-z_][A-Za-z0-9_]*')*,?",
    "version": r"[A-Za-z0-9_.!+]+",
}
"""What a hole may hold: a dotted name, the module of an editable install, quoted names, a version."""

DIGEST = re.compile(r"[0-9a-f]{64}")


class Support(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A module of another distribution without which the known one does nothing."""

    module: str
    owner: str
    """Normalised name of the distribution that must own it."""
    digests: tuple[str, ...]
    token: str


class Known(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry."""

    id: str
    line: str
    """The whole line without trailing white space; ``{hole}`` where ``holes`` says so."""
    owner: str
    """Normalised name of a distribution, ``any``, or ``none``."""
    written_by: str = ""
    """Who writes the file when no distribution owns it."""
    holes: Mapping[str, str] = {}
    """Name of each hole of the line, with the kind of `HOLES` that it matches."""
    module: str = ""
    """The module that the line calls; empty when it calls none. It may hold the line's holes."""
    digests: tuple[str, ...] = ()
    """Digests of that module's syntax tree, one for each release."""
    token: str = ""
    """A piece of text without which a file cannot be that module; only such files are hashed."""
    constants: tuple[str, ...] = ()
    """Names of the module's constants that the digest leaves out when they are literals.

    ``f()`` stands for the literal texts that calls of ``f`` are given: generated modules say there
    what they map.
    """
    supports: tuple[Support, ...] = ()
    """Modules of other distributions that do the module's work; excused with it when unchanged."""
    compiled: tuple[str, ...] = ()
    """Compiled modules of the owner that the line loads in the end: nobody reads them, and it is known."""
    excuses: Literal["line", "module"] = "module"
    """Whether the sites of the module are excused too, or the line alone."""
    reference: str = ""


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A line that an entry describes, with the holes filled in."""

    known: Known
    module: str


@cache
def entries() -> tuple[Known, ...]:
    """Every entry, checked.

    Raises:
        DataError: ``data/known_startup.toml`` does not have the form that it must have.
    """
    document = tomllib.loads(data_path("known_startup.toml").read_text(encoding="utf-8"))
    rows = document.get("known", [])
    found = tuple(_entry(place, row) for place, row in enumerate(rows))
    if len({known.id for known in found}) != len(found):
        raise DataError("data/known_startup.toml", "an id stands there twice")
    return found


def _entry(place: int, row: Mapping[str, Any]) -> Known:
    try:
        known = msgspec.convert(row, Known)
        _check(known)
    except (msgspec.ValidationError, ValueError) as error:
        raise DataError(f"data/known_startup.toml: known[{place}]", str(error)) from error
    return known


def _check(known: Known) -> None:
    if known.module and not (known.digests and known.token):
        raise ValueError("names a module without digests or without a token")
    digests = (*known.digests, *(digest for support in known.supports for digest in support.digests))
    if not all(DIGEST.fullmatch(digest) for digest in digests):
        raise ValueError("a digest is not 64 hexadecimal digits")
    if set(known.holes.values()) - HOLES.keys():
        raise ValueError(f"a hole is none of {', '.join(HOLES)}")
    if known.owner == NONE and not known.written_by:
        raise ValueError("nobody owns it and nobody writes it")


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    return {known.id: _pattern(known) for known in entries()}


def _pattern(known: Known) -> re.Pattern[str]:
    """The line as a pattern; a hole that comes again must hold the same text again."""
    parts = re.split(r"\{(\w+)\}", known.line) if known.holes else [known.line]
    seen: set[str] = set()
    text = ""
    for place, part in enumerate(parts):
        if place % 2 == 0:
            text += re.escape(part)
        elif part not in known.holes:
            text += re.escape(f"{{{part}}}")
        elif part in seen:
            text += f"(?P={part})"
        else:
            seen.add(part)
            text += f"(?P<{part}>{HOLES[known.holes[part]]})"
    return re.compile(text)


def matches(line: str, owner: str, *, is_unowned: bool) -> Iterator[Match]:
    """The entries of this line and owner; whether the module is the known one remains to be seen."""
    for known in entries():
        if not _owns(known, owner, is_unowned=is_unowned):
            continue
        found = _patterns()[known.id].fullmatch(line.rstrip())
        if found:
            yield Match(known=known, module=_filled(known.module, found.groupdict()))


def _owns(known: Known, owner: str, *, is_unowned: bool) -> bool:
    if known.owner == ANY:
        return True
    return is_unowned if known.owner == NONE else canonicalize_name(owner) == known.owner


def _filled(module: str, holes: Mapping[str, str]) -> str:
    for name, text in holes.items():
        module = module.replace(f"{{{name}}}", text)
    return module


@cache
def constants() -> frozenset[str]:
    """Module-level names whose literal values no digest takes in."""
    return frozenset(name for known in entries() for name in known.constants)


@cache
def _tokens() -> tuple[str, ...]:
    texts = (text for known in entries() for text in (known.token, *(s.token for s in known.supports)))
    return tuple(dict.fromkeys(text for text in texts if text))


def may_be_known(text: str) -> bool:
    """Whether a source may be a known module, so that its digest is worth computing."""
    return any(token in text for token in _tokens())
