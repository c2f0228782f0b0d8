"""Whose value an expression of a callback holds: variables of a frame, or one of the parameters."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Sequence

LOCALS = "locals"

PLAIN = frozenset(
    {"f_code", "f_lineno", "f_lasti", "f_globals", "f_builtins", "f_trace", "f_trace_opcodes"}
)
"""Attributes of a frame that tell which code it runs, and nothing of its variables."""

OWN_KEYS = frozenset({"self", "cls", "__class__", "klass", "this", "mcs"})
"""Variables that are read to learn the name of the class."""

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
WIDTH = 500
"""Nodes of one expression that are looked at."""
TURNS = 4
"""Times that assignments are gone through, as one name is made from another."""


_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}
_LEAVES = frozenset({ast.Load, ast.Store, ast.Del, type(None)})


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes directly below one in source order, but for what only says how a name is used."""
    kind = node.__class__
    fields = _FIELDS.get(kind)
    if fields is None:
        fields = _FIELDS[kind] = () if kind is ast.Constant else kind._fields
    found: list[ast.AST] = []
    for name in fields:
        child = getattr(node, name, None)
        if child.__class__ is list:
            found.extend([one for one in child if isinstance(one, ast.AST)])
        elif isinstance(child, ast.AST) and child.__class__ not in _LEAVES:
            found.append(child)
    return found


def inside(function: Function) -> Iterator[ast.AST]:
    """Every node of a function in source order, without the functions and classes in it."""
    body: Sequence[ast.AST] = [function.body] if isinstance(function, ast.Lambda) else function.body
    stack = list(reversed(body))
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, NESTED):
            stack.extend(children(node)[::-1])


def within(node: ast.AST) -> Iterator[ast.AST]:
    """An expression and everything in it, breadth first, up to a bound."""
    return itertools.islice(ast.walk(node), WIDTH)


def parameters(function: Function, *, is_method: bool) -> list[str]:
    """The names of the parameters, without ``self``; a starred one last."""
    spec = function.args
    names = [one.arg for one in (*spec.posonlyargs, *spec.args)]
    if spec.vararg is not None:
        names.append(spec.vararg.arg)
    return names[1:] if is_method else names


class Labels:
    """The labels of the names of one function, found without a look at the order of statements."""

    def __init__(self, function: Function, nodes: Sequence[ast.AST], *, is_method: bool) -> None:
        self.parameters = parameters(function, is_method=is_method)
        self.names: dict[str, frozenset[str]] = {
            name: frozenset({f"p{place}"}) for place, name in enumerate(self.parameters)
        }
        self._nodes = [node for node in nodes if isinstance(node, _BINDERS)]
        for _ in range(TURNS):
            if not self._turn():
                break

    def _turn(self) -> bool:
        if not self._nodes:
            return False
        before = dict(self.names)
        for node in self._nodes:
            for target, value in _bound(node):
                found = self.of(value)
                for name in _targets(target) if found else ():
                    self.names[name] = self.names.get(name, frozenset()) | found
        return self.names != before

    def of(self, node: ast.AST | None) -> frozenset[str]:
        """The labels of everything that an expression is made from."""
        found: set[str] = set()
        stack = [node] if node is not None else []
        room = WIDTH
        while stack and room:
            room -= 1
            one = stack.pop()
            if isinstance(one, ast.Name):
                found |= self.names.get(one.id, frozenset())
            elif is_own_key(one) or isinstance(one, NESTED):
                continue
            elif isinstance(one, ast.Attribute) and one.attr == "f_locals":
                found.add(LOCALS)
            elif not (isinstance(one, ast.Attribute) and one.attr in PLAIN):
                stack.extend(children(one))
        return frozenset(found)


_BINDERS = (
    *(ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr, ast.For, ast.AsyncFor),
    *(ast.With, ast.AsyncWith, ast.comprehension),
)


def _bound(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Targets with what they are bound to."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield target, node.value
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
        if node.value is not None:
            yield node.target, node.value
    elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
        yield node.target, node.iter
    elif isinstance(node, (ast.With, ast.AsyncWith)):
        for item in node.items:
            if item.optional_vars is not None:
                yield item.optional_vars, item.context_expr


def _targets(node: ast.AST) -> Iterator[str]:
    """The plain names of a target."""
    stack = [node]
    while stack:
        one = stack.pop()
        if isinstance(one, ast.Name):
            yield one.id
        elif isinstance(one, (ast.Tuple, ast.List)):
            stack.extend(one.elts)
        elif isinstance(one, ast.Starred):
            stack.append(one.value)


def is_own_key(node: ast.AST) -> bool:
    """Whether only the object or class of a frame is read from its variables: for a name."""
    if isinstance(node, ast.Subscript):
        return _is_locals(node.value) and _is_own(node.slice)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _is_locals(node.func.value) and bool(node.args) and _is_own(node.args[0])
    if isinstance(node, ast.Compare) and len(node.comparators) == 1:
        return _is_locals(node.comparators[0]) and _is_own(node.left)
    return False


def _is_locals(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "f_locals"


def _is_own(node: ast.AST) -> bool:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return False
    return node.value in OWN_KEYS or (node.value.startswith("__") and node.value.endswith("__"))
