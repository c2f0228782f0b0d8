"""What is known of a file without parsing it: digest, size, encoding, and the anchor tokens it holds.

One pass of a multi-pattern automaton over the text. Identifiers are compared after NFKC, as Python
compares them; a file that is its own text (ASCII without a cookie) is searched as it is.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final

from ahocorasick_rs import BytesAhoCorasick, Implementation

from wheelwatch.catalogue.stdlib import RENAMED
from wheelwatch.code.decode import decode, is_plain
from wheelwatch.code.extract import ANCHORS
from wheelwatch.code.extract.evidence import JOINTS, counting
from wheelwatch.code.extract.marks import PATH, PATHS
from wheelwatch.limits import DEFAULT, Limits
from wheelwatch.model import NotAnalysed, Sketch

ESCAPE: Final = 10
"""Longest escape in a literal (``\\U0000000a``): its end is no part of the word behind it."""


def _is_word(octet: int) -> bool:
    return octet > 127 or chr(octet).isalnum() or octet == ord("_")


WORD: Final = bytes(map(_is_word, range(256)))


class Search:
    """Finds which of some tokens stand in a text as whole words."""

    def __init__(self, tokens: Iterable[str]) -> None:
        self._tokens = sorted({unicodedata.normalize("NFKC", token) for token in tokens} - {""})
        patterns = [token.encode("utf-8", "surrogatepass") for token in self._tokens]
        self._edges = [(WORD[pattern[0]], WORD[pattern[-1]]) for pattern in patterns]
        self._find = BytesAhoCorasick(patterns, implementation=Implementation.DFA).find_matches_as_indexes

    def __call__(self, text: bytes) -> tuple[str, ...]:
        """The tokens found, sorted."""
        found: set[int] = set()
        word, last = WORD, len(text)
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
                and b"\\" not in text[max(0, start - ESCAPE) : start]
            ):
                continue
            found.add(index)
        return tuple(self._tokens[index] for index in sorted(found))


def sketch(data: bytes, limits: Limits = DEFAULT) -> Sketch:
    """Look at one file; never raises. A file that cannot be decoded is searched as it is."""
    text, encoding = searchable(data, limits)
    digest = hashlib.sha256(data).hexdigest()
    found = _marks()(text)
    counted = tuple(sorted(counting(text, found))) if found else ()
    return Sketch(sha256=digest, size=len(data), encoding=encoding, anchors=counted)


def anchors(data: bytes, limits: Limits = DEFAULT) -> tuple[str, ...]:
    """The anchor tokens that a file holds as far as it can be searched."""
    return _words()(searchable(data, limits)[0])


@cache
def _words() -> Search:
    return Search(ANCHORS)


class Marks:
    """Finds the places of all that evidence is made of: words, parts of paths, joints of literals."""

    def __init__(self) -> None:
        rows: list[tuple[str, bytes, int]] = []
        for word in sorted(ANCHORS):
            plain = word.encode()
            # A short word stands within many others: it is looked for with what may stand before it.
            befores = _BEFORE if len(word) <= _SHORT else [b""]
            rows.extend((word, before + plain, len(before)) for before in befores)
        rows.extend((token, token.encode(), 0) for token in sorted(RENAMED))
        rows.extend((PATH, part.encode(), 0) for part in sorted(PATHS))
        rows.extend((joint, joint.encode(), 0) for joint in JOINTS)
        self._rows = [
            (word, shift, word in _WHOLE and len(word) > _SHORT, word in _WHOLE, pattern)
            for word, pattern, shift in rows
        ]
        patterns = [pattern for _, pattern, _ in rows]
        self._find = BytesAhoCorasick(patterns, implementation=Implementation.DFA).find_matches_as_indexes

    def __call__(self, text: bytes) -> dict[str, list[int]]:
        """The offsets of each that is found."""
        found: dict[str, list[int]] = {}
        word, last, rows = WORD, len(text), self._rows
        for index, start, end in self._find(text, overlapping=True):
            name, shift, opens, closes, pattern = rows[index]
            if closes and end < last and word[text[end]]:
                continue
            if (
                opens
                and start
                and word[text[start - 1]]
                and b"\\" not in text[max(0, start - ESCAPE) : start]
            ):
                continue
            if name == PATH and not _is_part(pattern, text, start, end):
                continue
            places = found.get(name)
            if places is None:
                found[name] = [start + shift]
            else:
                places.append(start + shift)
        if text.startswith(_SHORT_WORDS):
            self._begin(text, found)
        return found

    def _begin(self, text: bytes, found: dict[str, list[int]]) -> None:
        """A short word with which the text begins has nothing before it."""
        for plain in _SHORT_WORDS:
            if text.startswith(plain) and not WORD[(text[len(plain) :] or b" ")[0]]:
                found.setdefault(plain.decode(), []).insert(0, 0)


_SHORT: Final = 3
_WHOLE: Final = ANCHORS.union(RENAMED)
_SHORT_WORDS: Final = tuple(sorted(word.encode() for word in ANCHORS if len(word) <= _SHORT))
_BEFORE: Final = [bytes([octet]) for octet in range(128) if not WORD[octet]] + [
    rb"\n",
    rb"\t",
    rb"\r",
]
_FREE: Final = frozenset({b".pth", b"._pth", b".bash", b".zsh", b"sitecustomize", b"usercustomize"})
_STOPS: Final = b"\"'/\\{%-"
_STARTS: Final = b"\"'/\\}"


def _is_part(pattern: bytes, text: bytes, start: int, end: int) -> bool:
    """Whether a part of a path stands as one, where it may be a word or an attribute as well."""
    if pattern in _FREE:
        return True
    behind = text[end : end + 1]
    if pattern[:1] == b".":
        return behind != b"" and behind in _STOPS
    if start and text[start - 1] not in _STARTS:
        return pattern == b"cron" and text[start - 4 : start] == b"etc/"
    if pattern == b"pip.":
        return text[end : end + 3] in (b"con", b"ini")
    return pattern != b"python3" or behind in b"{%0123456789"


@cache
def _marks() -> Marks:
    return Marks()


def searchable(data: bytes, limits: Limits) -> tuple[bytes, str | None]:
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
