"""A parser for what ``ast`` of the running Python refuses: newer or older grammar, and any depth.

It reads the union of the grammars of CPython 3.8 to 3.15 into the nodes of ``ast``, with CPython's
positions, without recursion. It is about seven times slower than ``ast.parse``, so it is asked
second.
"""

from __future__ import annotations

import ast

from wheelwatch.code.fallback.compound import Compound
from wheelwatch.code.fallback.cursor import run
from wheelwatch.code.fallback.lexer import Lexer
from wheelwatch.code.fallback.tokens import Excess, Oversize, Refused

__all__ = ["Excess", "Oversize", "Refused", "comments", "parse"]


def parse(text: str, limit: int) -> ast.Module:
    """The tree of a source with at most ``limit`` tokens.

    Raises:
        Refused: no Python from 3.8 to 3.15 takes it.
        Excess: it has more tokens.
        Oversize: a literal is too long.
    """
    lexer = Lexer(text, limit)
    return run(Compound(text, lexer.read(), lexer.comments).module())


def comments(text: str, limit: int) -> list[tuple[int, int]]:
    """Where the comments of a source are, as pairs of offsets; raises as ``parse`` does."""
    lexer = Lexer(text, limit)
    lexer.read()
    return lexer.comments
