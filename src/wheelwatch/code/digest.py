"""The digest of a syntax tree without comments, docstrings and positions: what known-good entries name."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator

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


def digest(tree: ast.Module, constants: frozenset[str] = frozenset()) -> str:
    """The SHA-256 of a tree, in hexadecimal; the same on every Python that parses the source.

    ``constants`` are module-level names: where one is assigned a literal, the literal is left out.
    """
    hashed = hashlib.sha256()
    stack: list[object] = [tree]
    while stack:
        thing = stack.pop()
        if isinstance(thing, ast.AST):
            hashed.update(b"(" + type(thing).__name__.encode())
            stack.append(")")
            stack.extend(reversed(list(_fields(thing, tree, constants))))
        else:
            hashed.update(_plain(thing).encode("utf-8", "surrogatepass") + b"\0")
    return hashed.hexdigest()


def _fields(node: ast.AST, tree: ast.Module, constants: frozenset[str]) -> Iterator[object]:
    """Names and values of a node's fields, lists between brackets; absent and empty ones are left out."""
    for name in node._fields:
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
    node: ast.AST, name: str, items: list[object], tree: ast.Module, constants: frozenset[str]
) -> Iterator[object]:
    if name == "body" and isinstance(node, DOCUMENTED) and _is_text(items[0]):
        items = items[1:]
    for item in items:
        constant = _constant(item, constants) if node is tree else None
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


def _is_literal(value: ast.AST) -> bool:
    return all(isinstance(node, LITERAL) for node in ast.walk(value))


def _plain(thing: object) -> str:
    """A constant or name as text; integers in base 16, as long ones have no decimal form."""
    if isinstance(thing, int) and not isinstance(thing, bool):
        return f"int {thing:x}"
    return f"{type(thing).__name__} {thing!r}"
