"""Statements of one line."""

from __future__ import annotations

import ast
from typing import Final

from wheelwatch.code.fallback.cursor import Rule
from wheelwatch.code.fallback.nodes import (
    BINARY,
    DEL,
    STORE,
    ParamSpec,
    TypeAlias,
    TypeVar,
    TypeVarTuple,
    build,
)
from wheelwatch.code.fallback.patterns import Patterns
from wheelwatch.code.fallback.tokens import Token, Type

_AUGMENTING: Final = {f"{symbol}=": operator for symbol, operator in BINARY.items()}


class Simple(Patterns):
    """The rules for statements without a block."""

    def simple_line(self) -> Rule[list[ast.stmt]]:
        """Statements up to the end of the line, between semicolons."""
        line: list[ast.stmt] = []
        while True:
            line.append((yield self._simple()))
            if not self.accept(";") or self.token.type is Type.NEWLINE:
                break
        self.expect_type(Type.NEWLINE)
        return line

    def _simple(self) -> Rule[ast.stmt]:
        start = self.token
        if start.type is Type.KEYWORD:
            if start.text in {"pass", "break", "continue", "import", "from", "global", "nonlocal"}:
                return self._leaf_statement(start)
            if start.text in {"return", "raise", "del", "assert"}:
                return (yield self._valued(start))  # type: ignore[no-any-return]
        elif self._at_alias():
            return (yield self._type_alias(start))  # type: ignore[no-any-return]
        elif (
            self.at_word("lazy")
            and self.peek().type is Type.KEYWORD
            and self.peek().text in {"import", "from"}
        ):
            return self._lazy(start)
        return (yield self._expression_statement(start))  # type: ignore[no-any-return]

    def _leaf_statement(self, start: Token) -> ast.stmt:
        """A statement that holds no expression."""
        match self.advance().text:
            case "pass":
                return ast.Pass(**self.span(start))
            case "break":
                return ast.Break(**self.span(start))
            case "continue":
                return ast.Continue(**self.span(start))
            case "import":
                return self._import(start)
            case "from":
                return self._import_from(start)
            case "global":
                return ast.Global(names=self._names(), **self.span(start))
            case _:
                return ast.Nonlocal(names=self._names(), **self.span(start))

    def _names(self) -> list[str]:
        names = [self.expect_type(Type.NAME).text]
        while self.accept(","):
            names.append(self.expect_type(Type.NAME).text)
        return names

    def _lazy(self, start: Token) -> ast.stmt:
        """``lazy import`` and ``lazy from`` of 3.15."""
        self.advance()
        node = self._import(start) if self.accept("import") else self._lazy_from(start)
        node.is_lazy = 1  # type: ignore[union-attr]  # a field of 3.15
        return node

    def _lazy_from(self, start: Token) -> ast.ImportFrom:
        self.expect("from")
        return self._import_from(start)

    def _import(self, start: Token) -> ast.Import:
        names = [self._alias(is_dotted=True)]
        while self.accept(","):
            names.append(self._alias(is_dotted=True))
        return ast.Import(names=names, **self.span(start))

    def _import_from(self, start: Token) -> ast.ImportFrom:
        level = 0
        while self.at(".", "..."):
            level += len(self.advance().text)
        module = self._dotted_name() if self.token.type is Type.NAME or not level else None
        self.expect("import")
        names = self._imported()
        return ast.ImportFrom(module=module, names=names, level=level, **self.span(start))

    def _imported(self) -> list[ast.alias]:
        start = self.token
        if self.accept("*"):
            return [ast.alias(name="*", asname=None, **self.span(start))]
        is_bracketed = self.accept("(")
        names = [self._alias(is_dotted=False)]
        while self.accept(","):
            if is_bracketed and self.at(")"):
                break
            names.append(self._alias(is_dotted=False))
        if is_bracketed:
            self.expect(")")
        return names

    def _alias(self, *, is_dotted: bool) -> ast.alias:
        start = self.token
        name = self._dotted_name() if is_dotted else self.expect_type(Type.NAME).text
        asname = self.expect_type(Type.NAME).text if self.accept("as") else None
        return ast.alias(name=name, asname=asname, **self.span(start))

    def _dotted_name(self) -> str:
        parts = [self.expect_type(Type.NAME).text]
        while self.accept("."):
            parts.append(self.expect_type(Type.NAME).text)
        return ".".join(parts)

    def _valued(self, start: Token) -> Rule[ast.stmt]:
        """``return``, ``raise``, ``del`` and ``assert``."""
        word = self.advance().text
        if word == "return":
            value = (yield self.expressions()) if self.starts_expression() else None
            return ast.Return(value=value, **self.span(start))
        if word == "raise":
            return (yield self._raise(start))  # type: ignore[no-any-return]
        if word == "del":
            return (yield self._delete(start))  # type: ignore[no-any-return]
        test: ast.expr = yield self.expression()
        message = (yield self.expression()) if self.accept(",") else None
        return ast.Assert(test=test, msg=message, **self.span(start))

    def _raise(self, start: Token) -> Rule[ast.stmt]:
        error = cause = None
        if self.starts_expression():
            error = yield self.expression()
            if self.accept("from"):
                cause = yield self.expression()
        return ast.Raise(exc=error, cause=cause, **self.span(start))

    def _delete(self, start: Token) -> Rule[ast.stmt]:
        targets: list[ast.expr] = [(yield self.operation(5))]
        while self.accept(",") and self.starts_expression():
            targets.append((yield self.operation(5)))
        for target in targets:
            self.bind(target, DEL)
        return ast.Delete(targets=targets, **self.span(start))

    def _expression_statement(self, start: Token) -> Rule[ast.stmt]:
        """An assignment of any kind, or an expression."""
        value: ast.expr = yield self.yield_or_expressions()
        if self.at("="):
            return (yield self._assign(start, value))  # type: ignore[no-any-return]
        if self.at(":"):
            return (yield self._annotate(start, value))  # type: ignore[no-any-return]
        if self.token.type is Type.OP and self.token.text in _AUGMENTING:
            return (yield self._augment(start, value))  # type: ignore[no-any-return]
        return ast.Expr(value=value, **self.span(start))

    def _assign(self, start: Token, value: ast.expr) -> Rule[ast.stmt]:
        targets: list[ast.expr] = []
        while self.accept("="):
            self.bind(value, STORE)
            targets.append(value)
            value = yield self.yield_or_expressions()
        return ast.Assign(targets=targets, value=value, type_comment=None, **self.span(start))

    def _annotate(self, start: Token, target: ast.expr) -> Rule[ast.stmt]:
        if not isinstance(target, ast.Name | ast.Attribute | ast.Subscript):
            raise self.refuse("only single target can be annotated")
        self.bind(target, STORE)
        is_simple = int(isinstance(target, ast.Name) and start.type is Type.NAME)
        self.expect(":")
        annotation: ast.expr = yield self.expression()
        value = (yield self.yield_or_expressions()) if self.accept("=") else None
        span = self.span(start)
        return ast.AnnAssign(target=target, annotation=annotation, value=value, simple=is_simple, **span)

    def _augment(self, start: Token, target: ast.expr) -> Rule[ast.stmt]:
        if not isinstance(target, ast.Name | ast.Attribute | ast.Subscript):
            raise self.refuse("illegal expression for augmented assignment")
        self.bind(target, STORE)
        operator = _AUGMENTING[self.advance().text]
        value: ast.expr = yield self.yield_or_expressions()
        return ast.AugAssign(target=target, op=operator, value=value, **self.span(start))

    def _at_alias(self) -> bool:
        return self.at_word("type") and self.peek().type is Type.NAME and self.peek(2).text in {"=", "["}

    def _type_alias(self, start: Token) -> Rule[ast.stmt]:
        self.advance()
        token = self.advance()
        name = ast.Name(id=token.text, ctx=STORE, **self.span(token))
        params: list[ast.AST] = yield self.type_parameters()
        self.expect("=")
        value: ast.expr = yield self.expression()
        fields = {"name": name, "type_params": params, "value": value}
        return build(TypeAlias, **fields, **self.span(start))  # type: ignore[return-value]  # is a stmt

    def type_parameters(self) -> Rule[list[ast.AST]]:
        """The parameters in square brackets behind a name, if there are any."""
        params: list[ast.AST] = []
        if not self.accept("["):
            return params
        while not self.at("]"):
            params.append((yield self._type_parameter()))
            if not self.accept(","):
                break
        if not params:
            raise self.refuse("type parameter list cannot be empty")
        self.expect("]")
        return params

    def _type_parameter(self) -> Rule[ast.AST]:
        start = self.token
        kind = TypeVarTuple if self.accept("*") else ParamSpec if self.accept("**") else TypeVar
        fields: dict[str, object] = {"name": self.expect_type(Type.NAME).text}
        if kind is TypeVar:
            fields["bound"] = (yield self.expression()) if self.accept(":") else None
        fields["default_value"] = None
        if self.accept("="):
            fields["default_value"] = yield (self.starred() if kind is TypeVarTuple else self.expression())
        return build(kind, **fields, **self.span(start))
