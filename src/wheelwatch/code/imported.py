"""Which modules a text may import or reach.

Names in import statements, behind a dot, or anywhere where modules are looked up by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

PREFIX: Final = "import "
"""Before a name in a search: not the word is looked for, but what names a module by it."""

_STATEMENT: Final = re.compile(
    rb"\b(?:from|import)\b[^\n(\\]*(?:\\\r?\n?[^\n(\\]*)*(?:\([^)#]*(?:#[^\n]*[^)#]*)*(?:\)|\Z))?"
)
"""``import a, b``, ``from a import (b,\n c)``; also in strings, and more than that: never less. An open
parenthesis takes the rest of the text, so that each character is looked at once."""

_NAME: Final = re.compile(rb"[\w\x80-\xff]+")

_DOTTED: Final = re.compile(rb"\.[\s\\]*([\w\x80-\xff]+)")

_BY_NAME: Final = (b"importlib", b"__import__", b"import_module", b"modules", b"pkgutil", b"runpy", b"lazy")
"""Where one of these stands, a module may be named by any string."""


def named(name: str) -> str:
    """The token that finds the texts in which a module of this name (without dots) is imported."""
    return PREFIX + name


def asked(token: str) -> str:
    """The name of the module that a token asks for; empty when it is a plain word."""
    name = token.removeprefix(PREFIX)
    return name if name != token and name.isidentifier() else ""


def imported(text: bytes, names: Iterable[str]) -> Iterator[str]:
    """Of the names that stand in a text as words, those that it may import or reach as attributes."""
    if any(word in text for word in _BY_NAME):
        yield from names
        return
    words = {word for row in _STATEMENT.finditer(text) for word in _NAME.findall(row.group())}
    words.update(_DOTTED.findall(text))
    for name in names:
        if name.encode("utf-8", "surrogatepass") in words:
            yield name
