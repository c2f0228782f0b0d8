"""The digest of a syntax tree without comments, docstrings and positions: what known-good entries name."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import cache

from wheelwatch.catalogue.squat import squats
from wheelwatch.catalogue.stdlib import is_stdlib

IGNORED = frozenset({"ctx", "kind", "type_comment", "type_ignores"})
"""Fields that say nothing about what runs, or that not every Python has."""

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
LITERAL = (
    ast.Constant,
    ast.Tuple,
    ast.List,
    ast.Set,
    ast.Dict,
    ast.UnaryOp,
    ast.USub,
    ast.BinOp,
    ast.Add,
    ast.Load,
)
"""What a literal is made of; sums of literals are literals too."""


STARTING = frozenset({"sitecustomize", "usercustomize", "apport_python_hook"})
HARMLESS = frozenset({"test"})
"""A module of the standard library that nothing there imports, and that projects have too."""


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def digest(
    tree: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef,
    constants: frozenset[str] = frozenset(),
    *,
    shallow: bool = False,
) -> str:
    """The SHA-256 of a tree, in hexadecimal; the same on every Python that parses the source.

    ``constants`` are module-level names: where one is assigned a literal, the literal is left out.
    ``f()`` stands for calls of ``f`` with literals only: their texts and containers are left out, and
    of the same call several times in a row all but one. A literal that names a module of the standard
    library, or one that starts by itself, always counts: a map of such names is no harmless one.
    ``shallow`` leaves out the bodies of the functions inside: what it defines, and does not run itself.
    """
    hashed = hashlib.sha256()
    stack: list[object] = [tree]
    while stack:
        thing = stack.pop()
        if isinstance(thing, ast.Call) and (name := _called(thing, constants)):
            hashed.update(f"(call {name}".encode())
            stack.append(")")
            stack.extend(_given(thing))
        elif isinstance(thing, ast.AST):
            hashed.update(b"(" + type(thing).__name__.encode())
            stack.append(")")
            stack.extend(reversed(list(_fields(thing, tree, constants, shallow=shallow))))
        else:
            hashed.update(_plain(thing).encode("utf-8", "surrogatepass") + b"\0")
    return hashed.hexdigest()


def _fields(node: ast.AST, tree: ast.AST, constants: frozenset[str], *, shallow: bool) -> Iterator[object]:
    """Names and values of a node's fields, lists between brackets; absent and empty ones are left out."""
    is_inner = shallow and node is not tree and isinstance(node, FUNCTIONS)
    for name in node._fields:
        if is_inner and name == "body":
            continue
        value = getattr(node, name, None)
        if name in IGNORED or value is None or value == []:
            if isinstance(node, ast.Constant) and name == "value":
                yield value
            continue
        yield name
        if not isinstance(value, list):
            yield value
            continue
        yield "["
        yield from _items(node, name, value, tree, constants)
        yield "]"


def _items(
    node: ast.AST, name: str, items: list[object], tree: ast.AST, constants: frozenset[str]
) -> Iterator[object]:
    if name == "body" and isinstance(node, DOCUMENTED) and _is_text(items[0]):
        items = items[1:]
    last = None
    for item in items:
        call = _called(item.value, constants) if isinstance(item, ast.Expr) else None
        if call and call == last:
            continue
        last = call
        constant = _constant(item, constants) if node is tree and constants else None
        yield item if constant is None else f"constant {constant}"
        if constant is not None and isinstance(item, ast.AnnAssign):
            yield item.annotation  # it runs


def _is_text(statement: object) -> bool:
    """Whether a first statement is a docstring."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _constant(statement: object, constants: frozenset[str]) -> str | None:
    """The name of a constant whose literal value does not count."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in constants:
            return name if _is_literal(value) else None
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.AST() as value) if name in constants:
            return name if _is_literal(value) else None
    return None


def _called(node: ast.AST, constants: frozenset[str]) -> str:
    """The name of a function whose literal arguments do not count; empty for any other node."""
    if not isinstance(node, ast.Call):
        return ""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(), attr=name) if f"{name}()" in constants:
            given = (*node.args, *(keyword.value for keyword in node.keywords))
            return name if all(_is_literal(value) for value in given) else ""
    return ""


def _given(call: ast.Call) -> Iterator[object]:
    """How a call is written without its texts and containers: what switches something on counts."""
    yield call.func
    for value in call.args:
        yield value if isinstance(value, ast.Constant) and not isinstance(value.value, str) else "literal"
    for keyword in call.keywords:
        is_switch = isinstance(keyword.value, ast.Constant) and not isinstance(keyword.value.value, str)
        yield keyword if is_switch else f"literal {keyword.arg}"


def _is_literal(value: ast.AST) -> bool:
    return all(isinstance(node, LITERAL) and not _names_module(node) for node in ast.walk(value))


def _names_module(node: ast.AST) -> bool:
    """Whether a text is the name of a module that somebody imports unasked."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return False
    top = node.value.partition(".")[0]
    return top not in HARMLESS and (is_stdlib(top) or top in _starting())


@cache
def _starting() -> frozenset[str]:
    return STARTING | {squat.name.partition(".")[0] for squat in squats()}


def _plain(thing: object) -> str:
    """A constant or name as text; integers in base 16, as long ones have no decimal form."""
    if isinstance(thing, int) and not isinstance(thing, bool):
        return f"int {thing:x}"
    return f"{type(thing).__name__} {thing!r}"
