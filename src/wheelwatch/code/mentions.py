"""Which of some thousand tokens a text holds: words, modules that it may import, and a few others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from wheelwatch.code.imported import asked, imported, named
from wheelwatch.code.sketch import ESCAPE, WORD, Search, searchable
from wheelwatch.limits import DEFAULT, Limits

_PARTS: Final = bytes(octet if WORD[octet] else ord(" ") for octet in range(256))
_ESCAPED: Final = re.compile(rb"\\([\w\x80-\xff]+)")


def mentions(data: bytes, tokens: Iterable[str], limits: Limits = DEFAULT) -> tuple[str, ...]:
    """Which of these tokens the decoded text of a file holds as whole words, sorted; never raises.

    A token of `imported.named` is held by a text that may import a module of this name.
    """
    text = searchable(data, limits)[0]
    return tuple(sorted(_sought(tuple(tokens)).found(text)))


class Sought:
    """Tokens by how they are looked for; words are compared with the words of a text."""

    def __init__(self, tokens: Iterable[str]) -> None:
        normal = {unicodedata.normalize("NFKC", token) for token in tokens} - {""}
        modules = {name for token in normal if (name := asked(token))}
        others = {token for token in normal if not asked(token)}
        self._plain = {data: token for token in others if _is_word(data := _bytes(token))}
        self._modules = {_bytes(name): name for name in modules}
        self._words = frozenset(self._plain.keys() | self._modules.keys())
        rest = others.difference(self._plain.values())
        self._rest = Search(rest) if rest else None

    def found(self, text: bytes) -> Iterator[str]:
        """The tokens that a text holds, each once."""
        words = self._words.intersection(text.translate(_PARTS).split())
        if b"\\" in text:
            words |= self._words.intersection(_escaped(text))
        yield from (self._plain[word] for word in words if word in self._plain)
        present = [self._modules[word] for word in words if word in self._modules]
        if present:
            yield from map(named, imported(text, present))
        if self._rest is not None:
            yield from self._rest(text)


@lru_cache(maxsize=4)
def _sought(tokens: tuple[str, ...]) -> Sought:
    return Sought(tokens)


def _escaped(text: bytes) -> Iterator[bytes]:
    r"""What may stand behind an escape: in ``"\nsettrace"`` its end is no letter of the word."""
    for word in set(_ESCAPED.findall(text)):
        yield from (word[begin:] for begin in range(1, min(len(word), ESCAPE)))


def _is_word(token: bytes) -> bool:
    return not token.translate(None, bytes(octet for octet in range(256) if WORD[octet]))


def _bytes(token: str) -> bytes:
    return token.encode("utf-8", "surrogatepass")
