"""Which functions of a file can hold a site, and whether computed constants matter in it."""

from __future__ import annotations

import ast
import re
import unicodedata

from wheelwatch.code.extract.anchors import ANCHORS
from wheelwatch.code.extract.marks import MOVERS
from wheelwatch.code.extract.names import call_api, canonical, mutate_api
from wheelwatch.code.extract.values import (
    Atom,
    Box,
    Class,
    Const,
    Ext,
    Flag,
    Function,
    Instance,
    Part,
    Unknown,
    Value,
    Versions,
)
from wheelwatch.code.extract.words import COMMON, LIBRARIES

WORDS = ANCHORS | COMMON | LIBRARIES | MOVERS
"""Words of the functions that are run in full."""

_DYNAMIC = re.compile(
    r"getattr|setattr|__dict__|\bvars\b|globals|exec|eval|compile|__import__|import_module|attrgetter|methodcaller"
    r"|resolve_name|locate|loads|modules|-c\b|CodeType|FunctionType|__code__|patch|open|Path|locals|runpy|Type"
)


def is_dynamic(text: str) -> bool:
    """Whether a computed constant can matter in this file: as a name, as code, as a path."""
    return _DYNAMIC.search(text) is not None or not text.isascii()


class Relevance:
    """Which functions of a file can hold a site, by the words in their lines."""

    def __init__(self, text: str, names: dict[str, Value]) -> None:
        self.words = WORDS | {name for name, value in names.items() if _is_loaded(value)}
        self.lines = _LINES.split(text) if "\r" in text else text.split("\n")
        self.known: dict[ast.AST, bool] = {}

    def wants(self, node: ast.AST) -> bool:
        """Whether a function holds such a word, in whatever letters Python takes for the same."""
        known = self.known.get(node)
        if known is None:
            first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", None) or 1
            text = "\n".join(self.lines[first - 1 : last])
            words = _WORD.findall(text if text.isascii() else unicodedata.normalize("NFKC", text))
            known = self.known[node] = not self.words.isdisjoint(words)
        return known


_LINES = re.compile(r"\r\n|\r|\n")
_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")


def _is_loaded(value: Value) -> bool:
    """Whether a module-level name stands for something that can yield a site when it is used."""
    stack: list[Atom] = list(value)
    seen: set[int] = set()
    while stack and len(seen) < 500:
        atom = stack.pop()
        if isinstance(atom, Ext):
            name = canonical(atom.name)
            if atom.hidden or call_api(name) is not None or mutate_api(name) is not None:
                return True
        elif isinstance(atom, Box):
            if id(atom) not in seen:
                seen.add(id(atom))
                stack.extend(atom.union())
        elif not isinstance(atom, (Const, Unknown, Function, Class, Instance, Part, Flag, Versions)):
            return True
    return False
