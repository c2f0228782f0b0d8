"""What is known of a file without parsing it: digest, size, encoding, and the anchor tokens it holds.

One pass of a multi-pattern automaton over the text. Identifiers are compared after NFKC, as Python
compares them; a file that is its own text (ASCII without a cookie) is searched as it is.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from ahocorasick_rs import BytesAhoCorasick, Implementation

from wheelwatch.code.decode import decode, is_plain
from wheelwatch.code.extract import ANCHORS
from wheelwatch.limits import DEFAULT, Limits
from wheelwatch.model import NotAnalysed, Sketch

_ESCAPE: Final = 10
"""Longest escape in a literal (``\\U0000000a``): its end is no part of the word behind it."""


def _is_word(octet: int) -> bool:
    return octet > 127 or chr(octet).isalnum() or octet == ord("_")


_WORD: Final = bytes(map(_is_word, range(256)))


class Search:
    """Finds which of some tokens stand in a text as whole words."""

    def __init__(self, tokens: Iterable[str]) -> None:
        self._tokens = sorted({unicodedata.normalize("NFKC", token) for token in tokens} - {""})
        patterns = [token.encode("utf-8", "surrogatepass") for token in self._tokens]
        self._edges = [(_WORD[pattern[0]], _WORD[pattern[-1]]) for pattern in patterns]
        self._find = BytesAhoCorasick(patterns, implementation=Implementation.DFA).find_matches_as_indexes

    def __call__(self, text: bytes) -> tuple[str, ...]:
        """The tokens found, sorted."""
        found: set[int] = set()
        word, last = _WORD, len(text)
        for index, start, end in self._find(text, overlapping=True):
            if index in found:
                continue
            opens, closes = self._edges[index]
            if closes and end < last and word[text[end]]:
                continue
            # The end of an escape (``"\nsettrace"``) is no letter of the word.
            if (
                opens
                and start
                and word[text[start - 1]]
                and b"\\" not in text[max(0, start - _ESCAPE) : start]
            ):
                continue
            found.add(index)
        return tuple(self._tokens[index] for index in sorted(found))


def sketch(data: bytes, limits: Limits = DEFAULT) -> Sketch:
    """Look at one file; never raises. A file that cannot be decoded is searched as it is."""
    text, encoding = _searchable(data, limits)
    digest = hashlib.sha256(data).hexdigest()
    return Sketch(sha256=digest, size=len(data), encoding=encoding, anchors=_anchors()(text))


def mentions(data: bytes, tokens: Iterable[str], limits: Limits = DEFAULT) -> tuple[str, ...]:
    """Which of these tokens the decoded text of a file holds as whole words, sorted; never raises."""
    return _search(frozenset(tokens))(_searchable(data, limits)[0])


def anchors(data: bytes, limits: Limits = DEFAULT) -> tuple[str, ...]:
    """The anchor tokens that a file holds as far as it can be searched."""
    return _anchors()(_searchable(data, limits)[0])


@cache
def _anchors() -> Search:
    return Search(ANCHORS)


@lru_cache(maxsize=16)
def _search(tokens: frozenset[str]) -> Search:
    return Search(tokens)


def _searchable(data: bytes, limits: Limits) -> tuple[bytes, str | None]:
    """The NFKC-normalised text in UTF-8, and the codec that gave it."""
    if is_plain(data) and b"\0" not in data:
        return data, "utf-8"
    decoded = decode(data, limits)
    if isinstance(decoded, NotAnalysed):
        return data, None
    if unicodedata.is_normalized("NFKC", decoded.text):
        is_same = decoded.encoding == "utf-8" and not decoded.is_lenient
        return data if is_same else decoded.text.encode("utf-8", "surrogatepass"), decoded.encoding
    text = unicodedata.normalize("NFKC", decoded.text)
    return text.encode("utf-8", "surrogatepass"), decoded.encoding
