"""What one file says: decoding, sketching, parsing, and facts from names and sites. Does no I/O."""

from __future__ import annotations

from collections.abc import Iterable

from wheelwatch.code import extract
from wheelwatch.code.analysis import analyse
from wheelwatch.code.body import bodies
from wheelwatch.code.extract import counts
from wheelwatch.code.joint import join
from wheelwatch.code.mentions import mentions
from wheelwatch.code.parse import parse, parse_text
from wheelwatch.code.parsed import Parsed
from wheelwatch.code.sketch import sketch

__all__ = [
    "Parsed",
    "analyse",
    "bodies",
    "counts",
    "join",
    "mentions",
    "parse",
    "parse_text",
    "sketch",
    "wants",
]


def wants(anchors: Iterable[str]) -> bool:
    """Whether a file with these anchor tokens must be parsed for its own sites; monotone."""
    return extract.wants(frozenset(anchors))
