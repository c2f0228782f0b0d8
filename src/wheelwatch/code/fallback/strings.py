"""String literals: adjacent ones become one node, f-strings and t-strings one with parts."""

from __future__ import annotations

import ast
from abc import abstractmethod
from bisect import bisect_left
from typing import Final

from wheelwatch.code.fallback.cursor import Cursor, Rule
from wheelwatch.code.fallback.literals import string, unescape
from wheelwatch.code.fallback.nodes import Interpolation, TemplateStr, build
from wheelwatch.code.fallback.tokens import Token, Type

_NO_CONVERSION: Final = -1


class Strings(Cursor):
    """The rules for strings."""

    @abstractmethod
    def yield_or_expressions(self) -> Rule[ast.expr]:
        """What may stand in a replacement field."""

    def plain_string(self) -> ast.expr:
        """Adjacent literals, none of them an f-string."""
        start = self.token
        values = [string(self.advance())]
        while self.token.type is Type.STRING:
            values.append(string(self.advance()))
        return self._constant(start, values)

    def has_parts(self) -> bool:
        """Whether an f-string or t-string stands among the adjacent literals that begin here."""
        ahead = 0
        while self.peek(ahead).type is Type.STRING:
            ahead += 1
        return self.peek(ahead).type is Type.FSTART

    def _constant(self, start: Token, values: list[str | bytes]) -> ast.Constant:
        kind = "u" if start.text.startswith("u") else None
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) == len(values):
            return ast.Constant(value="".join(texts), kind=kind, **self.span(start))
        if texts:
            raise self.refuse("cannot mix bytes and nonbytes literals")
        octets = b"".join(value for value in values if isinstance(value, bytes))
        return ast.Constant(value=octets, kind=kind, **self.span(start))

    def joined_string(self) -> Rule[ast.expr]:
        """Adjacent literals of which at least one is an f-string or t-string."""
        start = self.token
        parts: list[ast.expr] = []
        is_template = False
        while self.token.type in {Type.STRING, Type.FSTART}:
            if self.token.type is Type.STRING:
                parts.append(self._piece(self.token, string(self.advance())))
                continue
            is_template = is_template or "t" in self.token.text.lower()
            parts.extend((yield self._parts_of_string()))
        kind = "u" if start.text.startswith("u") else None
        values = _merge(parts, kind)
        span = self.span(start)
        if is_template:
            return build(TemplateStr, values=values, **span)  # type: ignore[return-value]  # is an expr
        return ast.JoinedStr(values=values, **span)

    def _piece(self, start: Token, value: str | bytes) -> ast.Constant:
        if isinstance(value, bytes):
            raise self.refuse("cannot mix bytes and nonbytes literals")
        return ast.Constant(value=value, kind=None, **self.span(start))

    def _parts_of_string(self) -> Rule[list[ast.expr]]:
        opening = self.expect_type(Type.FSTART).text.lower()
        parts: list[ast.expr] = yield self._literals_and_fields(opening)
        self.expect_type(Type.FEND)
        return parts

    def _literals_and_fields(self, opening: str) -> Rule[list[ast.expr]]:
        parts: list[ast.expr] = []
        while True:
            if self.token.type is Type.FMIDDLE:
                token = self.advance()
                text = token.text if "r" in opening else unescape(token.text, token.line)
                parts.append(ast.Constant(value=text, kind=None, **self.span(token)))
            elif self.at("{"):
                parts.extend((yield self._field(opening)))
            else:
                return parts

    def _field(self, opening: str) -> Rule[list[ast.AST]]:
        start = self.expect("{")
        value: ast.expr = yield self.yield_or_expressions()
        written = self.text[start.end : self.tokens[self.index - 1].end]
        debug = self._debug(start)
        fields = {"value": value, "conversion": self._conversion(), "format_spec": None}
        if self.at(":"):
            fields["format_spec"] = yield self._format(opening)
        elif debug is not None and fields["conversion"] == _NO_CONVERSION:
            fields["conversion"] = ord("r")
        self.expect("}")
        if "t" in opening:
            made = build(Interpolation, **fields, str=written, **self.span(start))
        else:
            made = build(ast.FormattedValue, **fields, **self.span(start))
        return [made] if debug is None else [debug, made]

    def _debug(self, start: Token) -> ast.expr | None:
        """The text before the value of ``{value=}``."""
        if not self.accept("="):
            return None
        text = self._without_comments(start.end, self.token.offset)
        debug = ast.Constant(value=text, kind=None, **self.span(start))
        debug.col_offset = start.end_column
        debug.end_lineno, debug.end_col_offset = self.token.line, self.token.column
        return debug

    def _without_comments(self, start: int, end: int) -> str:
        kept: list[str] = []
        for begin, stop in self.comments[bisect_left(self.comments, (start, 0)) :]:
            if begin >= end:
                break
            kept.append(self.text[start:begin])
            start = stop
        return "".join((*kept, self.text[start:end]))

    def _conversion(self) -> int:
        if not self.accept("!"):
            return _NO_CONVERSION
        name = self.expect_type(Type.NAME).text
        if name not in {"a", "r", "s"}:
            raise self.refuse("f-string: invalid conversion character")
        return ord(name)

    def _format(self, opening: str) -> Rule[ast.expr]:
        start = self.expect(":")
        parts: list[ast.expr] = yield self._literals_and_fields(opening)
        return ast.JoinedStr(values=_merge(parts, None), **self.span(start))


def _merge(parts: list[ast.expr], kind: str | None) -> list[ast.expr]:
    """Join neighbouring constants and drop the empty ones."""
    merged: list[ast.expr] = []
    run: list[ast.Constant] = []
    for part in [*parts, None]:
        if isinstance(part, ast.Constant):
            run.append(part)
            continue
        text = "".join(str(one.value) for one in run)
        if text:
            first, last = run[0], run[-1]
            first.value, first.kind = text, kind
            first.end_lineno, first.end_col_offset = last.end_lineno, last.end_col_offset
            merged.append(first)
        run = []
        if part is not None:
            merged.append(part)
    return merged
