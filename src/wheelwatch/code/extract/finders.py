"""Import finders and searches for codecs read: whether one answers only names of its own distribution."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from wheelwatch.code.extract.naming import Naming
from wheelwatch.code.extract.values import Class, Const, Function, Value

METHODS = ("find_spec", "find_module", "load_module", "exec_module")
Names = frozenset[str] | None
"""The names for which a place is reached; ``None``: any."""


def own_names(owner: Class) -> str | None:
    """Names that the finder answers, comma-separated, empty when only its own module's; ``None``: anything.

    A finder is taken to answer only some names when each ``return`` of something but ``None`` in its
    ``find_spec`` or ``find_module`` stands where only those names come. One that never answers is none
    of these: it still sees every import.
    """
    held = [atom for name in METHODS[:2] for atom in _inherited(owner, name) if atom != Const(None)]
    methods = [atom for atom in held if isinstance(atom, Function)]
    # What a decorator of another file made of a method, or what replaces it, cannot be read.
    if not methods or len(methods) < len(held) or any(name in owner.fields for name in METHODS):
        return None
    if all(_is_idle(method) for method in methods) and _finds_distributions(owner):
        return ""
    found: set[str] = set()
    does_answer = False
    for method in methods:
        for names in _answers(method, owner):
            if names is None:
                return None
            found |= names
            does_answer = True
    return ",".join(sorted(found)[:50]) if does_answer else None


def answered(search: Function) -> str | None:
    """Names for which a plain function answers anything, comma-separated; ``None``: any, or none at all."""
    found: set[str] = set()
    for names in _answers(search, Class(-1, ()), 0):
        if names is None:
            return None
        found |= names
    return ",".join(sorted(found)[:50]) or None


def _is_idle(method: Function) -> bool:
    """Whether a method does nothing but answer ``None``."""
    body = method.node.body
    return isinstance(body, list) and all(
        isinstance(node, ast.Pass)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or (isinstance(node, ast.Return) and _is_none(node.value))
        for node in body
    )


def _is_none(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def _finds_distributions(owner: Class) -> bool:
    """Whether it stands among the finders for ``importlib.metadata`` alone, which asks it for metadata."""
    return any(
        "find_distributions" in place.attributes for place in owner.mro() if isinstance(place, Class)
    )


def _inherited(owner: Class, name: str) -> Value:
    """A method along the bases in this file; nothing when a base outside may have it first."""
    for place in owner.mro():
        if not isinstance(place, Class):
            break
        if name in place.attributes:
            return place.attributes[name]
    return ()


def _answers(method: Function, owner: Class, first: int = 1) -> Iterator[Names]:
    """For each ``return`` of something: the names with which it is reached.

    ``first`` is the place of the asked name among the parameters.
    """
    asked = _asked(method, first)
    if asked is None or isinstance(method.node, ast.Lambda) or _is_rebound(method.node, asked):
        yield None
        return
    naming = Naming(asked, owner, method)
    frames: list[tuple[list[ast.stmt], Names]] = [(list(method.node.body), None)]
    while frames:
        body, names = frames.pop()
        for place, node in enumerate(body):
            naming.learn(node)
            if isinstance(node, ast.If):
                inside, outside = naming.true(node.test), naming.false(node.test)
                frames.append((node.body, meet(names, inside)))
                frames.append((node.orelse, meet(names, outside)))
                rest = meet(names, outside) if _leaves(node.body) else names
                rest = meet(rest, inside) if node.orelse and _leaves(node.orelse) else rest
                frames.append((body[place + 1 :], rest))
                break
            if isinstance(node, ast.Return):
                yield from _returned(naming, node.value, names)
                break
            frames.extend((inner, names) for inner in _blocks(node))


def _is_rebound(node: ast.AST, name: str) -> bool:
    """Whether the parameter gets another value somewhere in the method."""
    return any(
        isinstance(inner, ast.Name) and inner.id == name and not isinstance(inner.ctx, ast.Load)
        for inner in ast.walk(node)
    )


def _asked(method: Function, first: int) -> str | None:
    """The parameter that holds the asked name."""
    spec = method.node.args
    positional = [*spec.posonlyargs, *spec.args]
    asked = positional[first if method.wraps != "staticmethod" else 0 :]
    return asked[0].arg if asked else None


def _returned(naming: Naming, value: ast.expr | None, names: Names) -> Iterator[Names]:
    """What a ``return`` answers: nothing for ``None``, either side of a choice under its test."""
    if _is_none(value):
        return
    if isinstance(value, ast.IfExp):
        sides = ((value.body, naming.true(value.test)), (value.orelse, naming.false(value.test)))
        for side, allowed in sides:
            if not _is_none(side):
                yield meet(names, allowed)
    elif isinstance(value, ast.BoolOp) and isinstance(value.op, ast.And):
        yield meet(names, naming.true(value.values[0]))
    else:
        yield names


def _leaves(body: list[ast.stmt]) -> bool:
    return isinstance(body[-1], (ast.Return, ast.Raise))


def _blocks(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        inner = getattr(node, name, None)
        if isinstance(inner, list) and inner and not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield inner
    for handler in getattr(node, "handlers", ()):
        yield handler.body


def meet(one: Names, other: Names) -> Names:
    """The names that come through both of two tests."""
    if one is None or other is None:
        return one if other is None else other
    return one & other or one
