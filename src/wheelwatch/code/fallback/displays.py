"""What stands in brackets: groups, displays, comprehensions, arguments, subscripts; and parameters."""

from __future__ import annotations

import ast
from abc import abstractmethod

from wheelwatch.code.fallback.cursor import Rule, Span
from wheelwatch.code.fallback.nodes import LOAD
from wheelwatch.code.fallback.strings import Strings
from wheelwatch.code.fallback.tokens import Token, Type


class Displays(Strings):
    """The rules for brackets."""

    @abstractmethod
    def expression(self) -> Rule[ast.expr]:
        """An expression."""

    @abstractmethod
    def named(self) -> Rule[ast.expr]:
        """An expression, or ``name := expression``."""

    @abstractmethod
    def starred(self, *, is_named: bool = False) -> Rule[ast.expr]:
        """An expression, or one behind ``*``."""

    @abstractmethod
    def operation(self, floor: int) -> Rule[ast.expr]:
        """Operands and operators."""

    @abstractmethod
    def targets(self) -> Rule[ast.expr]:
        """What ``for`` binds."""

    @abstractmethod
    def yielding(self) -> Rule[ast.expr]:
        """``yield`` with what it yields."""

    def bracketed(self) -> Rule[ast.expr]:
        """A string with parts, or anything that begins with a bracket."""
        match self.token.text if self.token.type is Type.OP else self.token.type:
            case Type.STRING | Type.FSTART:
                rule = self.joined_string()
            case "(":
                rule = self._group()
            case "[":
                rule = self._list()
            case "{":
                rule = self._braces()
            case _:
                raise self.refuse()
        return (yield rule)  # type: ignore[no-any-return]

    def _group(self) -> Rule[ast.expr]:
        start = self.expect("(")
        if self.at("yield"):
            value: ast.expr = yield self.yielding()
            self.expect(")")
            return value
        items, has_comma = yield self._items(")")
        if self._at_comprehension():
            element, clauses = yield self._comprehension(items)
            self.expect(")")
            return ast.GeneratorExp(elt=element, generators=clauses, **self.span(start))
        self.expect(")")
        if has_comma or not items:
            return ast.Tuple(elts=items, ctx=LOAD, **self.span(start))
        if isinstance(items[0], ast.Starred):
            raise self.refuse("cannot use starred expression here")
        return items[0]  # type: ignore[no-any-return]

    def _list(self) -> Rule[ast.expr]:
        start = self.expect("[")
        items, _ = yield self._items("]")
        if self._at_comprehension():
            element, clauses = yield self._comprehension(items)
            self.expect("]")
            return ast.ListComp(elt=element, generators=clauses, **self.span(start))
        self.expect("]")
        return ast.List(elts=items, ctx=LOAD, **self.span(start))

    def _items(self, closing: str) -> Rule[tuple[list[ast.expr], bool]]:
        """Elements up to the closing bracket or a ``for``; whether there was a comma."""
        items: list[ast.expr] = []
        has_comma = False
        while not self.at(closing):
            items.append((yield self.starred(is_named=True)))
            if not self.accept(","):
                break
            has_comma = True
        return items, has_comma

    def _at_comprehension(self) -> bool:
        return self.at("for") or (self.at("async") and self.peek().text == "for")

    def _comprehension(self, items: list[ast.expr]) -> Rule[tuple[ast.expr, list[ast.comprehension]]]:
        """The ``for`` clauses behind the one element that was read."""
        if len(items) != 1 or self.tokens[self.index - 1].text == ",":
            raise self.refuse()
        clauses: list[ast.comprehension] = yield self._clauses()
        return items[0], clauses

    def _clauses(self) -> Rule[list[ast.comprehension]]:
        clauses: list[ast.comprehension] = []
        while self._at_comprehension():
            is_async = int(self.accept("async"))
            self.expect("for")
            target: ast.expr = yield self.targets()
            self.expect("in")
            source: ast.expr = yield self.operation(1)
            tests: list[ast.expr] = []
            while self.accept("if"):
                tests.append((yield self.operation(1)))
            clauses.append(ast.comprehension(target=target, iter=source, ifs=tests, is_async=is_async))
        return clauses

    def _braces(self) -> Rule[ast.expr]:
        start = self.expect("{")
        if self.at("}", "**"):
            return (yield self._dict(start, None))  # type: ignore[no-any-return]
        first: ast.expr = yield self.starred(is_named=True)
        if self.at(":"):
            return (yield self._dict(start, first))  # type: ignore[no-any-return]
        return (yield self._set(start, first))  # type: ignore[no-any-return]

    def _set(self, start: Token, first: ast.expr) -> Rule[ast.expr]:
        items = [first]
        if self._at_comprehension():
            element, clauses = yield self._comprehension(items)
            self.expect("}")
            return ast.SetComp(elt=element, generators=clauses, **self.span(start))
        if self.accept(","):
            more, _ = yield self._items("}")
            items += more
        self.expect("}")
        return ast.Set(elts=items, **self.span(start))

    def _dict(self, start: Token, first: ast.expr | None) -> Rule[ast.expr]:
        """A dict display or comprehension, whose first key may have been read."""
        keys: list[ast.expr | None] = []
        values: list[ast.expr] = []
        while first is not None or not self.at("}"):
            key = first
            if key is None and not self.accept("**"):
                key = yield self.expression()
            if key is not None:
                self.expect(":")
            first = None
            keys.append(key)
            values.append((yield (self.expression() if key is not None else self.operation(5))))
            if self._at_comprehension() and len(keys) == 1:
                return (yield self._dict_comprehension(start, key, values[0]))  # type: ignore[no-any-return]
            if not self.accept(","):
                break
        self.expect("}")
        return ast.Dict(keys=keys, values=values, **self.span(start))

    def _dict_comprehension(self, start: Token, key: ast.expr | None, value: ast.expr) -> Rule[ast.expr]:
        clauses: list[ast.comprehension] = yield self._clauses()
        self.expect("}")
        if key is not None:
            return ast.DictComp(key=key, value=value, generators=clauses, **self.span(start))
        # ``{**d for d in ds}`` of 3.15: its ``ast`` has the mapping as key and no value, here ``None``.
        nothing = ast.Constant(value=None, kind=None, **self.span(start))
        return ast.DictComp(key=value, value=nothing, generators=clauses, **self.span(start))

    def arguments(self) -> Rule[tuple[list[ast.expr], list[ast.keyword]]]:
        """The bracketed arguments of a call or class."""
        opening = self.expect("(")
        args: list[ast.expr] = []
        keywords: list[ast.keyword] = []
        while not self.at(")"):
            start = self.token
            if self.at("**") or (start.type is Type.NAME and self.peek().text == "="):
                name = start.text if start.type is Type.NAME else None
                self.advance()
                if name is not None:
                    self.expect("=")
                value: ast.expr = yield self.expression()
                keywords.append(ast.keyword(arg=name, value=value, **self.span(start)))
            else:
                args.append((yield self._argument(opening, args, keywords)))
            if not self.accept(","):
                break
        self.expect(")")
        return args, keywords

    def _argument(
        self, opening: Token, args: list[ast.expr], keywords: list[ast.keyword]
    ) -> Rule[ast.expr]:
        """One positional argument; a generator expression alone has the brackets of the call."""
        start = self.token
        if self.accept("*"):
            value: ast.expr = yield self.expression()
            if any(keyword.arg is None for keyword in keywords):
                raise self.refuse("iterable argument unpacking follows keyword argument unpacking")
            return ast.Starred(value=value, ctx=LOAD, **self.span(start))
        value = yield self.named()
        if not self._at_comprehension():
            if keywords:
                raise self.refuse("positional argument follows keyword argument")
            return value
        clauses: list[ast.comprehension] = yield self._clauses()
        if args or keywords or not self.at(")"):
            # CPython 3.8 lets a class statement have more; nobody else does.
            raise self.refuse("generator expression must be parenthesized")
        closing = self.token
        span: Span = {
            **self.span(opening),
            "end_lineno": closing.end_line,
            "end_col_offset": closing.end_column,
        }
        return ast.GeneratorExp(elt=value, generators=clauses, **span)

    def subscript(self) -> Rule[ast.expr]:
        """The bracketed index of a subscript."""
        self.expect("[")
        start = self.token
        items: list[ast.expr] = [(yield self._index())]
        has_comma = self.at(",")
        while self.accept(",") and not self.at("]"):
            items.append((yield self._index()))
        span = self.span(start)
        self.expect("]")
        if has_comma or isinstance(items[0], ast.Starred):
            return ast.Tuple(elts=items, ctx=LOAD, **span)
        return items[0]

    def _index(self) -> Rule[ast.expr]:
        start = self.token
        bounds: list[ast.expr | None] = [None, None, None]
        if not self.at(":"):
            first: ast.expr = yield self.starred(is_named=True)
            if not self.at(":"):
                return first
            bounds[0] = first
        for place in (1, 2):
            if self.accept(":") and not self.at(":", ",", "]"):
                bounds[place] = yield self.expression()
        return ast.Slice(lower=bounds[0], upper=bounds[1], step=bounds[2], **self.span(start))

    def parameters(self, closing: str, *, is_annotated: bool) -> Rule[ast.arguments]:
        """The parameters of a function up to the closing mark, which stays."""
        made = ast.arguments(
            posonlyargs=[], args=[], vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[]
        )
        is_keyword_only = False
        while not self.at(closing):
            if self.at("/") and made.args and not made.posonlyargs and not is_keyword_only:
                self.advance()
                made.posonlyargs, made.args = made.args, []
            elif self.at("*") and not is_keyword_only:
                is_keyword_only = True
                self.advance()
                if not self.at(","):
                    made.vararg = yield self._parameter(is_annotated=is_annotated, is_starred=True)
            elif self.accept("**"):
                made.kwarg = yield self._parameter(is_annotated=is_annotated)
                self.accept(",")
                break
            else:
                yield self._ordinary(made, is_annotated=is_annotated, is_keyword_only=is_keyword_only)
            if not self.accept(","):
                break
        return made

    def _ordinary(self, made: ast.arguments, *, is_annotated: bool, is_keyword_only: bool) -> Rule[None]:
        """One parameter with its default."""
        parameter: ast.arg = yield self._parameter(is_annotated=is_annotated)
        default: ast.expr | None = None
        if self.accept("="):
            default = yield self.expression()
        if is_keyword_only:
            made.kwonlyargs.append(parameter)
            made.kw_defaults.append(default)
            return
        made.args.append(parameter)
        if default is not None:
            made.defaults.append(default)
        elif made.defaults:
            raise self.refuse("parameter without a default follows parameter with a default")

    def _parameter(self, *, is_annotated: bool, is_starred: bool = False) -> Rule[ast.arg]:
        start = self.expect_type(Type.NAME)
        annotation: ast.expr | None = None
        if is_annotated and self.accept(":"):
            annotation = yield (self.starred() if is_starred else self.expression())
        return ast.arg(arg=start.text, annotation=annotation, type_comment=None, **self.span(start))
