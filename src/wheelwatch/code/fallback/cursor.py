"""The place in the tokens, and the loop that runs the rules of the grammar without recursion.

A rule is a generator: it yields the rules that it needs and is sent what they return, so the depth of
the source is the length of a list and not of a stack.
"""

from __future__ import annotations

import ast
from collections.abc import Generator
from typing import Any, Final, TypeAlias, TypedDict, TypeVar

from wheelwatch.code.fallback.nodes import DEL
from wheelwatch.code.fallback.tokens import Refused, Token, Type

T = TypeVar("T")
Rule: TypeAlias = Generator[Any, Any, T]
"""A rule of the grammar that returns a ``T``."""


_INVISIBLE: Final = frozenset({Type.NEWLINE, Type.INDENT, Type.DEDENT})


class Span(TypedDict):
    """The positions of a node."""

    lineno: int
    col_offset: int
    end_lineno: int
    end_col_offset: int


def run(rule: Rule[T]) -> T:
    """Run a rule with all that it yields."""
    rules: list[Rule[Any]] = [rule]
    value: Any = None
    while rules:
        try:
            rules.append(rules[-1].send(value))
            value = None
        except StopIteration as stop:
            rules.pop()
            value = stop.value
    return value  # type: ignore[no-any-return]  # what the outermost rule returned


class Cursor:
    """The next token, what may follow, and what was passed."""

    def __init__(self, text: str, tokens: list[Token], comments: list[tuple[int, int]]) -> None:
        self.text = text
        self.tokens = tokens
        self.comments = comments
        self.index = 0
        self.token = tokens[0]

    def advance(self) -> Token:
        """Pass one token and return it."""
        token = self.token
        self.index += 1
        self.token = self.tokens[self.index]
        return token

    def peek(self, ahead: int = 1) -> Token:
        """The token ``ahead`` places after the next one, or the last."""
        return self.tokens[min(self.index + ahead, len(self.tokens) - 1)]

    def at(self, *texts: str) -> bool:
        """Whether the next token is one of these operators or keywords."""
        return self.token.text in texts and self.token.type in {Type.OP, Type.KEYWORD}

    def at_word(self, word: str) -> bool:
        """Whether the next token is this soft keyword."""
        return self.token.text == word and self.token.type is Type.NAME

    def accept(self, text: str) -> bool:
        """Pass an operator or keyword if it is the next token."""
        if self.token.text == text and self.token.type in {Type.OP, Type.KEYWORD}:
            self.advance()
            return True
        return False

    def expect(self, text: str) -> Token:
        """Pass an operator or keyword, which must be the next token."""
        token = self.token
        if not self.accept(text):
            raise self.refuse(f"expected {text!r}")
        return token

    def expect_type(self, kind: Type) -> Token:
        """Pass a token, which must be of this type."""
        if self.token.type is not kind:
            raise self.refuse(f"expected {kind.name.lower()}")
        return self.advance()

    def refuse(self, what: str = "invalid syntax") -> Refused:
        """The error for the next token."""
        return Refused(what, self.token.line)

    def span(self, start: Token) -> Span:
        """From the beginning of ``start`` to the end of the last token passed."""
        last = self.tokens[self.index - 1]
        return {
            "lineno": start.line,
            "col_offset": start.column,
            "end_lineno": last.end_line,
            "end_col_offset": last.end_column,
        }

    def block_span(self, start: Token) -> Span:
        """From the beginning of ``start`` to the end of the block that was passed, a semicolon included."""
        index = self.index - 1
        while self.tokens[index].type in _INVISIBLE:
            index -= 1
        last = self.tokens[index]
        return {**self.span(start), "end_lineno": last.end_line, "end_col_offset": last.end_column}

    def bind(self, node: ast.expr, context: ast.expr_context) -> None:
        """Make an expression a target; raises ``Refused`` for one that cannot be."""
        nodes = [node]
        while nodes:
            match nodes.pop():
                case ast.Name() | ast.Attribute() | ast.Subscript() as leaf:
                    leaf.ctx = context
                case ast.Tuple() | ast.List() as group:
                    group.ctx = context
                    nodes.extend(group.elts)
                case ast.Starred() as starred if context is not DEL:
                    starred.ctx = context
                    nodes.append(starred.value)
                case other:
                    raise Refused(f"cannot assign to {type(other).__name__}", other.lineno)
