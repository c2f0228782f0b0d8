"""Anchor tokens: the words without which no extractor can yield a site."""

from __future__ import annotations

import ast
import re
from functools import cache

from wheelwatch.catalogue import apis, spellings
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
from wheelwatch.code.extract.words import (
    ACCESS,
    CODE,
    COMMON,
    DECODERS,
    FILES,
    IMPORTS,
    LIBRARIES,
    MOVERS,
    OTHERS,
    PATHS,
    SUBJECTS,
)


@cache
def _needs() -> tuple[frozenset[str], tuple[tuple[frozenset[str], frozenset[str]], ...]]:
    """Words that are enough by themselves, and pairs of word sets of which each must be met."""
    alone: set[str] = set()
    pairs: dict[frozenset[str], set[str]] = {}
    for api in apis().values():
        words = [word for word in re.split(r"[.\[\]()]+", api.name) if word and word != "*"]
        first, last = words[0], words[-1]
        if last not in COMMON and not api.name.endswith(".*"):
            alone.add(last)
        else:
            pairs.setdefault(_modules(first), set()).add(last)
    pairs.setdefault(ACCESS, set()).update(SUBJECTS | IMPORTS | OTHERS)
    pairs.setdefault(frozenset({"shutil", "os", "posix", "nt"}), set()).update(MOVERS)
    pairs.setdefault(frozenset({"ctypes", "_ctypes"}), set()).update(LIBRARIES)
    pairs[frozenset({"pickle", "_pickle", "cPickle", "dill", "cloudpickle"})] = {"loads"}
    # Text that is run, and paths, may be put together from pieces that hold no word at all.
    return frozenset(alone | CODE | FILES | PATHS), tuple(
        (heads, frozenset(tails)) for heads, tails in pairs.items()
    )


@cache
def _modules(first: str) -> frozenset[str]:
    """The words by which a module may be written."""
    others = {name.split(".")[0] for name, meant in spellings().items() if meant.split(".")[0] == first}
    return frozenset({first, f"_{first}", *others})


def _all_words() -> frozenset[str]:
    alone, pairs = _needs()
    return alone.union(*(heads | tails for heads, tails in pairs), IMPORTS, SUBJECTS, OTHERS, DECODERS)


ANCHORS: frozenset[str] = _all_words()
"""A file whose NFKC-normalised text holds none of these tokens yields no site."""


def wants(tokens: frozenset[str]) -> bool:
    """Whether a file that holds these tokens must be parsed for its own sites; monotone in ``tokens``."""
    alone, pairs = _needs()
    if not tokens.isdisjoint(alone):
        return True
    return any(not tokens.isdisjoint(heads) and not tokens.isdisjoint(tails) for heads, tails in pairs)


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
        self.words = ANCHORS | {name for name, value in names.items() if _is_loaded(value)}
        self.lines = _LINES.split(text) if "\r" in text else text.split("\n")
        self.is_plain = text.isascii()
        self.known: dict[ast.AST, bool] = {}

    def wants(self, node: ast.AST) -> bool:
        """Whether a function holds such a word; always when the text may spell words in another way."""
        if not self.is_plain:
            return True
        known = self.known.get(node)
        if known is None:
            first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", None) or 1
            words = _WORD.findall("\n".join(self.lines[first - 1 : last]))
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
