"""The patterns of ``case``."""

from __future__ import annotations

import ast
from typing import Final

from wheelwatch.code.fallback.cursor import Rule
from wheelwatch.code.fallback.expressions import Expressions
from wheelwatch.code.fallback.literals import number
from wheelwatch.code.fallback.nodes import BINARY, LOAD, UNARY
from wheelwatch.code.fallback.tokens import Token, Type

_SINGLETONS: Final = {"None": None, "True": True, "False": False}


class Patterns(Expressions):
    """The rules for patterns."""

    def patterns(self) -> Rule[ast.pattern]:
        """What stands between ``case`` and the guard: one pattern, or a sequence without brackets."""
        start = self.token
        first: ast.pattern = yield self._starred_pattern()
        if not self.at(",") and not isinstance(first, ast.MatchStar):
            return first
        items = [first]
        while self.accept(",") and not self.at(":", "if"):
            items.append((yield self._starred_pattern()))
        return ast.MatchSequence(patterns=items, **self.span(start))

    def _starred_pattern(self) -> Rule[ast.pattern]:
        start = self.token
        if self.accept("*"):
            name = self.expect_type(Type.NAME).text
            return ast.MatchStar(name=None if name == "_" else name, **self.span(start))
        return (yield self._pattern())  # type: ignore[no-any-return]

    def _pattern(self) -> Rule[ast.pattern]:
        """Alternatives, with the name behind ``as``."""
        start = self.token
        options: list[ast.pattern] = [(yield self._closed())]
        while self.accept("|"):
            options.append((yield self._closed()))
        pattern = options[0] if len(options) == 1 else ast.MatchOr(patterns=options, **self.span(start))
        if not self.accept("as"):
            return pattern
        name = self.expect_type(Type.NAME).text
        return ast.MatchAs(pattern=pattern, name=name, **self.span(start))

    def _closed(self) -> Rule[ast.pattern]:
        start = self.token
        match start.type:
            case Type.NAME:
                return (yield self._name_pattern(start))  # type: ignore[no-any-return]
            case Type.KEYWORD if start.text in _SINGLETONS:
                self.advance()
                return ast.MatchSingleton(value=_SINGLETONS[start.text], **self.span(start))
            case Type.NUMBER | Type.STRING | Type.FSTART:
                value: ast.expr = yield self._literal()
                return ast.MatchValue(value=value, **self.span(start))
            case _:
                return (yield self._marked(start))  # type: ignore[no-any-return]

    def _marked(self, start: Token) -> Rule[ast.pattern]:
        """A pattern that begins with a bracket or a sign."""
        if self.at("-"):
            value: ast.expr = yield self._literal()
            return ast.MatchValue(value=value, **self.span(start))
        if self.at("("):
            return (yield self._sequence(start, ")"))  # type: ignore[no-any-return]
        if self.at("["):
            return (yield self._sequence(start, "]"))  # type: ignore[no-any-return]
        self.expect("{")
        return (yield self._mapping(start))  # type: ignore[no-any-return]

    def _literal(self) -> Rule[ast.expr]:
        """A string, or a number that may be signed and complex."""
        start = self.token
        if start.type in {Type.STRING, Type.FSTART}:
            return (yield self.operation(13))  # type: ignore[no-any-return]
        value = self._signed()
        if self.at("+", "-"):
            operator = BINARY[self.advance().text]
            right = self._signed()
            return ast.BinOp(left=value, op=operator, right=right, **self.span(start))
        return value

    def _signed(self) -> ast.expr:
        start = self.token
        is_negative = self.accept("-")
        token = self.expect_type(Type.NUMBER)
        value = ast.Constant(value=number(token), kind=None, **self.span(token))
        return ast.UnaryOp(op=UNARY["-"], operand=value, **self.span(start)) if is_negative else value

    def _name_pattern(self, start: Token) -> Rule[ast.pattern]:
        """A capture, a wildcard, a dotted value or a class."""
        value = self._dotted()
        if self.at("("):
            return (yield self._class_pattern(start, value))  # type: ignore[no-any-return]
        if isinstance(value, ast.Attribute):
            return ast.MatchValue(value=value, **self.span(start))
        name = None if start.text == "_" else start.text
        return ast.MatchAs(pattern=None, name=name, **self.span(start))

    def _dotted(self) -> ast.expr:
        start = self.expect_type(Type.NAME)
        value: ast.expr = ast.Name(id=start.text, ctx=LOAD, **self.span(start))
        while self.accept("."):
            name = self.expect_type(Type.NAME).text
            value = ast.Attribute(value=value, attr=name, ctx=LOAD, **self.span(start))
        return value

    def _sequence(self, start: Token, closing: str) -> Rule[ast.pattern]:
        """A sequence in brackets; round ones without a comma only group."""
        self.advance()
        items: list[ast.pattern] = []
        has_comma = False
        while not self.at(closing):
            items.append((yield self._starred_pattern()))
            if not self.accept(","):
                break
            has_comma = True
        self.expect(closing)
        is_group = closing == ")" and len(items) == 1 and not has_comma
        if is_group and not isinstance(items[0], ast.MatchStar):
            return items[0]
        return ast.MatchSequence(patterns=items, **self.span(start))

    def _mapping(self, start: Token) -> Rule[ast.pattern]:
        keys: list[ast.expr] = []
        values: list[ast.pattern] = []
        rest: str | None = None
        while not self.at("}"):
            if self.accept("**"):
                rest = self.expect_type(Type.NAME).text
            else:
                keys.append((yield self._key()))
                self.expect(":")
                values.append((yield self._pattern()))
            if not self.accept(","):
                break
        self.expect("}")
        return ast.MatchMapping(keys=keys, patterns=values, rest=rest, **self.span(start))

    def _key(self) -> Rule[ast.expr]:
        token = self.token
        if token.type is Type.NAME:
            return self._dotted()
        if token.type is Type.KEYWORD and token.text in _SINGLETONS:
            self.advance()
            return ast.Constant(value=_SINGLETONS[token.text], kind=None, **self.span(token))
        return (yield self._literal())  # type: ignore[no-any-return]

    def _class_pattern(self, start: Token, kind: ast.expr) -> Rule[ast.pattern]:
        self.expect("(")
        items: list[ast.pattern] = []
        names: list[str] = []
        values: list[ast.pattern] = []
        while not self.at(")"):
            if self.token.type is Type.NAME and self.peek().text == "=":
                names.append(self.advance().text)
                self.expect("=")
                values.append((yield self._pattern()))
            else:
                items.append((yield self._pattern()))
            if not self.accept(","):
                break
        self.expect(")")
        return ast.MatchClass(
            cls=kind, patterns=items, kwd_attrs=names, kwd_patterns=values, **self.span(start)
        )
