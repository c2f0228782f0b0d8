"""Statements that hold blocks, and the module."""

from __future__ import annotations

import ast
from typing import Final

from wheelwatch.code.fallback.cursor import Rule
from wheelwatch.code.fallback.nodes import STORE
from wheelwatch.code.fallback.simple import Simple
from wheelwatch.code.fallback.tokens import Token, Type

_COMPOUND: Final = frozenset({"if", "while", "for", "try", "with", "def", "class", "async"})


class Compound(Simple):
    """The rules for statements with a block."""

    def module(self) -> Rule[ast.Module]:
        """The whole source."""
        body: list[ast.stmt] = yield self._statements()
        if self.token.type is not Type.END:
            raise self.refuse("unexpected dedent")
        return ast.Module(body=body, type_ignores=[])

    def _statements(self) -> Rule[list[ast.stmt]]:
        body: list[ast.stmt] = []
        while self.token.type not in {Type.DEDENT, Type.END}:
            if self._at_compound():
                body.append((yield self._compound()))
            else:
                body.extend((yield self.simple_line()))
        return body

    def _at_compound(self) -> bool:
        token = self.token
        if token.type is Type.KEYWORD:
            return token.text in _COMPOUND
        return self.at("@") or self._at_match()

    def _at_match(self) -> bool:
        """Whether a line ``match ...:`` begins here, with a ``case`` in the line below."""
        if not self.at_word("match"):
            return False
        ahead = 1
        while self.peek(ahead).type not in {Type.NEWLINE, Type.END}:
            ahead += 1
        case = self.peek(ahead + 2)
        is_block = self.peek(ahead - 1).text == ":" and self.peek(ahead + 1).type is Type.INDENT
        return is_block and case.type is Type.NAME and case.text == "case"

    def _compound(self) -> Rule[ast.stmt]:
        start = self.token
        if start.text == "@":
            return (yield self._decorated())  # type: ignore[no-any-return]
        is_async = self.accept("async")
        word = self.advance().text
        match word:
            case "def":
                rule = self._function(start, [], is_async=is_async)
            case "for":
                rule = self._for(start, is_async=is_async)
            case "with":
                rule = self._with(start, is_async=is_async)
            case _ if is_async:
                raise self.refuse()
            case "if":
                rule = self._if(start)
            case "while":
                rule = self._while(start)
            case "try":
                rule = self._try(start)
            case "class":
                rule = self._class(start, [])
            case _:
                rule = self._match(start)
        return (yield rule)  # type: ignore[no-any-return]

    def block(self) -> Rule[list[ast.stmt]]:
        """A colon and what belongs to it, on the same line or indented below."""
        self.expect(":")
        if self.token.type is not Type.NEWLINE:
            return (yield self.simple_line())  # type: ignore[no-any-return]
        self.advance()
        self.expect_type(Type.INDENT)
        body: list[ast.stmt] = yield self._statements()
        self.expect_type(Type.DEDENT)
        return body

    def _else(self) -> Rule[list[ast.stmt]]:
        if not self.accept("else"):
            return []
        return (yield self.block())  # type: ignore[no-any-return]

    def _if(self, start: Token) -> Rule[ast.stmt]:
        """``if`` with its ``elif`` branches, which are nested from the last to the first."""
        branches: list[tuple[Token, ast.expr, list[ast.stmt]]] = []
        while True:
            test: ast.expr = yield self.named()
            body: list[ast.stmt] = yield self.block()
            branches.append((start, test, body))
            start = self.token
            if not self.accept("elif"):
                break
        orelse: list[ast.stmt] = yield self._else()
        for at, test, body in reversed(branches):
            orelse = [ast.If(test=test, body=body, orelse=orelse, **self.block_span(at))]
        return orelse[0]

    def _while(self, start: Token) -> Rule[ast.stmt]:
        test: ast.expr = yield self.named()
        body: list[ast.stmt] = yield self.block()
        orelse: list[ast.stmt] = yield self._else()
        return ast.While(test=test, body=body, orelse=orelse, **self.block_span(start))

    def _for(self, start: Token, *, is_async: bool) -> Rule[ast.stmt]:
        target: ast.expr = yield self.targets()
        self.expect("in")
        source: ast.expr = yield self.expressions()
        body: list[ast.stmt] = yield self.block()
        orelse: list[ast.stmt] = yield self._else()
        kind = ast.AsyncFor if is_async else ast.For
        span = self.block_span(start)
        return kind(target=target, iter=source, body=body, orelse=orelse, type_comment=None, **span)

    def _with(self, start: Token, *, is_async: bool) -> Rule[ast.stmt]:
        is_bracketed = self._has_bracketed_items()
        if is_bracketed:
            self.expect("(")
        items: list[ast.withitem] = [(yield self._with_item())]
        while self.accept(",") and not (is_bracketed and self.at(")")):
            items.append((yield self._with_item()))
        if is_bracketed:
            self.expect(")")
        body: list[ast.stmt] = yield self.block()
        kind = ast.AsyncWith if is_async else ast.With
        return kind(items=items, body=body, type_comment=None, **self.block_span(start))

    def _has_bracketed_items(self) -> bool:
        """Whether the bracket here holds the items of the ``with`` and is no expression itself."""
        if not self.at("("):
            return False
        depth, ahead = 0, 0
        is_item_start = False
        while True:
            token = self.peek(ahead)
            if token.type is Type.END:
                return False
            text = token.text if token.type in {Type.OP, Type.KEYWORD} else ""
            if depth == 1 and (text in {":=", "for", "yield"} or (is_item_start and text in {"*", ")"})):
                return False
            is_item_start = False
            if text in {"(", "[", "{"}:
                depth += 1
                is_item_start = depth == 1
            elif text in {")", "]", "}"}:
                depth -= 1
                if not depth:
                    return self.peek(ahead + 1).text == ":"
            elif text == ",":
                is_item_start = self.peek(ahead + 1).text != ")"
            ahead += 1

    def _with_item(self) -> Rule[ast.withitem]:
        value: ast.expr = yield self.expression()
        target: ast.expr | None = None
        if self.accept("as"):
            target = yield self.starred() if self.at("*") else self.operation(5)
            self.bind(target, STORE)
        return ast.withitem(context_expr=value, optional_vars=target)

    def _try(self, start: Token) -> Rule[ast.stmt]:
        body: list[ast.stmt] = yield self.block()
        handlers: list[ast.ExceptHandler] = []
        is_group = self.at("except") and self.peek().text == "*"
        while self.at("except"):
            handlers.append((yield self._handler(is_group=is_group)))
        orelse: list[ast.stmt] = (yield self._else()) if handlers else []
        final: list[ast.stmt] = (yield self.block()) if self.accept("finally") else []
        if not handlers and not final:
            raise self.refuse("expected 'except' or 'finally' block")
        kind = ast.TryStar if is_group else ast.Try
        span = self.block_span(start)
        return kind(body=body, handlers=handlers, orelse=orelse, finalbody=final, **span)

    def _handler(self, *, is_group: bool) -> Rule[ast.ExceptHandler]:
        start = self.expect("except")
        if is_group:
            self.expect("*")
        kind: ast.expr | None = None
        name: str | None = None
        if not self.at(":"):
            first = self.token
            kind = yield self.expression()
            if self.at(","):
                # 3.14 takes several types without brackets.
                kind = yield self._handler_types(first, kind)
            elif self.accept("as"):
                name = self.expect_type(Type.NAME).text
        body: list[ast.stmt] = yield self.block()
        return ast.ExceptHandler(type=kind, name=name, body=body, **self.block_span(start))

    def _handler_types(self, start: Token, first: ast.expr) -> Rule[ast.expr]:
        items = [first]
        while self.accept(",") and self.starts_expression():
            items.append((yield self.expression()))
        return ast.Tuple(elts=items, ctx=ast.Load(), **self.span(start))

    def _decorated(self) -> Rule[ast.stmt]:
        decorators: list[ast.expr] = []
        while self.accept("@"):
            decorators.append((yield self.named()))
            self.expect_type(Type.NEWLINE)
        start = self.token
        is_async = self.accept("async")
        if self.accept("def"):
            return (yield self._function(start, decorators, is_async=is_async))  # type: ignore[no-any-return]
        if is_async:
            raise self.refuse()
        self.expect("class")
        return (yield self._class(start, decorators))  # type: ignore[no-any-return]

    def _function(self, start: Token, decorators: list[ast.expr], *, is_async: bool) -> Rule[ast.stmt]:
        name = self.expect_type(Type.NAME).text
        params: list[ast.AST] = yield self.type_parameters()
        self.expect("(")
        args: ast.arguments = yield self.parameters(")", is_annotated=True)
        self.expect(")")
        returns = (yield self.expression()) if self.accept("->") else None
        body: list[ast.stmt] = yield self.block()
        node = (ast.AsyncFunctionDef if is_async else ast.FunctionDef)(
            name=name,
            args=args,
            body=body,
            decorator_list=decorators,
            returns=returns,
            type_comment=None,
            **self.block_span(start),
        )
        node.type_params = params  # type: ignore[union-attr]  # a field since 3.12
        return node

    def _class(self, start: Token, decorators: list[ast.expr]) -> Rule[ast.stmt]:
        name = self.expect_type(Type.NAME).text
        params: list[ast.AST] = yield self.type_parameters()
        bases, keywords = (yield self.arguments()) if self.at("(") else ([], [])
        body: list[ast.stmt] = yield self.block()
        span = self.block_span(start)
        node = ast.ClassDef(
            name=name, bases=bases, keywords=keywords, body=body, decorator_list=decorators, **span
        )
        node.type_params = params  # type: ignore[attr-defined]  # a field since 3.12
        return node

    def _match(self, start: Token) -> Rule[ast.stmt]:
        subject: ast.expr = yield self._subject()
        self.expect(":")
        self.expect_type(Type.NEWLINE)
        self.expect_type(Type.INDENT)
        cases: list[ast.match_case] = []
        while self.at_word("case"):
            cases.append((yield self._case()))
        self.expect_type(Type.DEDENT)
        return ast.Match(subject=subject, cases=cases, **self.block_span(start))

    def _subject(self) -> Rule[ast.expr]:
        start = self.token
        first: ast.expr = yield self.starred(is_named=True)
        if not self.at(","):
            return first
        items = [first]
        while self.accept(",") and self.starts_expression():
            items.append((yield self.starred(is_named=True)))
        return ast.Tuple(elts=items, ctx=ast.Load(), **self.span(start))

    def _case(self) -> Rule[ast.match_case]:
        self.advance()
        pattern: ast.pattern = yield self.patterns()
        guard = (yield self.named()) if self.accept("if") else None
        body: list[ast.stmt] = yield self.block()
        return ast.match_case(pattern=pattern, guard=guard, body=body)
