"""Expressions: operators by precedence with a stack of their own, everything bracketed by rules."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Final

from wheelwatch.code.fallback.cursor import Rule
from wheelwatch.code.fallback.displays import Displays
from wheelwatch.code.fallback.literals import number
from wheelwatch.code.fallback.nodes import BINARY, BOOLEAN, COMPARING, LOAD, STORE, UNARY
from wheelwatch.code.fallback.tokens import Token, Type

OR: Final = 1
AND: Final = 2
NOT: Final = 3
COMPARE: Final = 4
BIT_OR: Final = 5
SIGN: Final = 11
POWER: Final = 12
AWAIT: Final = 13
_LEVELS: Final = {
    "or": OR, "and": AND, "|": BIT_OR, "^": 6, "&": 7, "<<": 8, ">>": 8, "+": 9, "-": 9,
    "*": 10, "/": 10, "//": 10, "%": 10, "@": 10, "**": POWER,
    "==": COMPARE, "!=": COMPARE, "<": COMPARE, "<=": COMPARE, ">": COMPARE, ">=": COMPARE,
    "is": COMPARE, "in": COMPARE, "not": COMPARE,
}  # fmt: skip
_CONSTANTS: Final = {"None": None, "True": True, "False": False}
_OPENERS: Final = frozenset({"(", "[", "{", "-", "+", "~", "...", "*"})
_WORDS: Final = frozenset({*_CONSTANTS, "not", "lambda", "await"})
_TRAILERS: Final = frozenset({".", "(", "["})


@dataclass(slots=True)
class _Pending:
    """An operator that waits for its right operand."""

    level: int
    start: Token
    operator: ast.operator | ast.unaryop | ast.boolop | None = None
    left: list[ast.expr] = field(default_factory=list)
    comparing: list[ast.cmpop] = field(default_factory=list)


class Expressions(Displays):
    """The rules for expressions."""

    def expressions(self) -> Rule[ast.expr]:
        """``star_expressions``: one expression, or a tuple without brackets."""
        start = self.token
        first: ast.expr = yield self.starred()
        if not self.at(","):
            return first
        items = [first]
        while self.accept(",") and self.starts_expression():
            items.append((yield self.starred()))
        return ast.Tuple(elts=items, ctx=LOAD, **self.span(start))

    def yield_or_expressions(self) -> Rule[ast.expr]:
        """``yield``, or what ``expressions`` takes."""
        if self.at("yield"):
            return (yield self.yielding())  # type: ignore[no-any-return]
        return (yield self.expressions())  # type: ignore[no-any-return]

    def yielding(self) -> Rule[ast.expr]:
        """``yield``, ``yield value``, ``yield from value``."""
        start = self.expect("yield")
        value: ast.expr | None = None
        if self.accept("from"):
            value = yield self.expression()
            return ast.YieldFrom(value=value, **self.span(start))
        if self.starts_expression():
            value = yield self.expressions()
        return ast.Yield(value=value, **self.span(start))

    def starred(self, *, is_named: bool = False) -> Rule[ast.expr]:
        """An expression, or one behind ``*``."""
        if self.at("*"):
            start = self.advance()
            value: ast.expr = yield self.operation(BIT_OR)
            return ast.Starred(value=value, ctx=LOAD, **self.span(start))
        return (yield (self.named() if is_named else self.expression()))  # type: ignore[no-any-return]

    def named(self) -> Rule[ast.expr]:
        """An expression, or ``name := expression``."""
        if not (self.token.type is Type.NAME and self.peek().text == ":="):
            return (yield self.expression())  # type: ignore[no-any-return]
        start = self.advance()
        target = ast.Name(id=start.text, ctx=STORE, **self.span(start))
        self.expect(":=")
        value: ast.expr = yield self.expression()
        return ast.NamedExpr(target=target, value=value, **self.span(start))

    def expression(self) -> Rule[ast.expr]:
        """A conditional expression, a lambda, or an operation."""
        if self.at("lambda"):
            return (yield self._lambda())  # type: ignore[no-any-return]
        start = self.token
        body: ast.expr = yield self.operation(OR)
        if not self.accept("if"):
            return body
        test: ast.expr = yield self.operation(OR)
        self.expect("else")
        other: ast.expr = yield self.expression()
        return ast.IfExp(test=test, body=body, orelse=other, **self.span(start))

    def _lambda(self) -> Rule[ast.expr]:
        start = self.expect("lambda")
        args: ast.arguments = yield self.parameters(":", is_annotated=False)
        self.expect(":")
        body: ast.expr = yield self.expression()
        return ast.Lambda(args=args, body=body, **self.span(start))

    def targets(self) -> Rule[ast.expr]:
        """``star_targets``: what ``for`` binds."""
        start = self.token
        first: ast.expr = yield self._target()
        if self.at(","):
            items = [first]
            while self.accept(",") and self.starts_expression():
                items.append((yield self._target()))
            first = ast.Tuple(elts=items, ctx=STORE, **self.span(start))
        self.bind(first, STORE)
        return first

    def _target(self) -> Rule[ast.expr]:
        if self.at("*"):
            return (yield self.starred())  # type: ignore[no-any-return]
        return (yield self.operation(BIT_OR))  # type: ignore[no-any-return]

    def operation(self, floor: int) -> Rule[ast.expr]:
        """Operands joined by operators that bind at least as tightly as ``floor``."""
        pending: list[_Pending] = []
        while True:
            self._open_prefixes(pending, floor)
            start = self.token
            operand: ast.expr | None = self._leaf()
            if operand is None or self.token.text in _TRAILERS:
                operand = yield self._primary(start, operand)
            level = self._infix_level()
            if level < floor:
                return self._close(operand, start, pending, 0)[0]
            self._open_infix(operand, start, pending, level)

    def _open_prefixes(self, pending: list[_Pending], floor: int) -> None:
        while self.token.type in {Type.OP, Type.KEYWORD}:
            text, last = self.token.text, pending[-1].level if pending else floor
            if text == "not" and last <= NOT:
                pending.append(_Pending(NOT, self.advance(), UNARY[text]))
            elif text == "await" and last < AWAIT:
                pending.append(_Pending(AWAIT, self.advance()))
            elif text in UNARY and text != "not" and last < AWAIT:
                pending.append(_Pending(SIGN, self.advance(), UNARY[text]))
            else:
                return

    def _infix_level(self) -> int:
        """How tightly the operator here binds; 0 when there is none."""
        token = self.token
        if token.type is not Type.OP and token.type is not Type.KEYWORD:
            return 0
        if token.text == "not" and self.peek().text != "in":
            return 0
        return _LEVELS.get(token.text, 0)

    def _open_infix(self, operand: ast.expr, start: Token, pending: list[_Pending], level: int) -> None:
        text = self.token.text
        is_left = text in BINARY and level != POWER
        left, start = self._close(operand, start, pending, level if is_left else level + 1)
        continues = bool(pending) and pending[-1].level == level and level <= COMPARE
        if level == COMPARE:
            operator = COMPARING[self._comparing()]
            if not continues:
                pending.append(_Pending(level, start))
            pending[-1].comparing.append(operator)
        else:
            self.advance()
            if not continues:
                pending.append(_Pending(level, start, BINARY.get(text) or BOOLEAN[text]))
        pending[-1].left.append(left)

    def _comparing(self) -> str:
        text = self.advance().text
        if text == "not":
            self.expect("in")
            return "not in"
        return "is not" if text == "is" and self.accept("not") else text

    def _close(
        self, operand: ast.expr, start: Token, pending: list[_Pending], level: int
    ) -> tuple[ast.expr, Token]:
        """Give the operand to every pending operator that binds at least as tightly as ``level``."""
        while pending and pending[-1].level >= level:
            last = pending.pop()
            start = last.start
            operand = self._join(last, operand)
        return operand, start

    def _join(self, pending: _Pending, right: ast.expr) -> ast.expr:
        span = self.span(pending.start)
        match pending.operator:
            case ast.operator() as operator:
                return ast.BinOp(left=pending.left[0], op=operator, right=right, **span)
            case ast.unaryop() as operator:
                return ast.UnaryOp(op=operator, operand=right, **span)
            case ast.boolop() as operator:
                return ast.BoolOp(op=operator, values=[*pending.left, right], **span)
            case _ if pending.comparing:
                left, *others = pending.left
                return ast.Compare(left=left, ops=pending.comparing, comparators=[*others, right], **span)
            case _:
                return ast.Await(value=right, **span)

    def _leaf(self) -> ast.expr | None:
        """An operand of one token, or of adjacent plain strings; ``None`` for one that takes rules."""
        token = self.token
        match token.type:
            case Type.NAME:
                self.advance()
                return ast.Name(id=token.text, ctx=LOAD, **self.span(token))
            case Type.NUMBER:
                self.advance()
                return ast.Constant(value=number(token), kind=None, **self.span(token))
            case Type.STRING if not self.has_parts():
                return self.plain_string()
            case Type.KEYWORD if token.text in _CONSTANTS:
                self.advance()
                return ast.Constant(value=_CONSTANTS[token.text], kind=None, **self.span(token))
            case Type.OP if token.text == "...":
                self.advance()
                return ast.Constant(value=..., kind=None, **self.span(token))
            case _:
                return None

    def _primary(self, start: Token, operand: ast.expr | None) -> Rule[ast.expr]:
        """An operand with its attributes, calls and subscripts."""
        if operand is None:
            operand = yield self.bracketed()
        while self.token.type is Type.OP and self.token.text in _TRAILERS:
            if self.accept("."):
                name = self.expect_type(Type.NAME).text
                operand = ast.Attribute(value=operand, attr=name, ctx=LOAD, **self.span(start))
            elif self.at("("):
                args, keywords = yield self.arguments()
                operand = ast.Call(func=operand, args=args, keywords=keywords, **self.span(start))
            else:
                item: ast.expr = yield self.subscript()
                operand = ast.Subscript(value=operand, slice=item, ctx=LOAD, **self.span(start))
        return operand

    def starts_expression(self) -> bool:
        """Whether the next token can begin an expression, also one behind ``*``."""
        token = self.token
        if token.type is Type.OP:
            return token.text in _OPENERS
        if token.type is Type.KEYWORD:
            return token.text in _WORDS
        return token.type in {Type.NAME, Type.NUMBER, Type.STRING, Type.FSTART}
