"""Import finders read: whether one answers only names of its own distribution."""

from __future__ import annotations

import ast

from wheelwatch.code.extract.values import Box, Class, Const, Function, Part, Value

METHODS = ("find_spec", "find_module", "load_module", "exec_module")


def own_names(owner: Class) -> str | None:
    """Names that the finder answers, comma-separated, empty when only its own module's; ``None``: anything.

    A finder is taken to answer only some names when each ``return`` of something but ``None`` in its
    ``find_spec`` or ``find_module`` stands under a test that compares the asked name with known ones.
    """
    held = [atom for name in METHODS[:2] for atom in _inherited(owner, name) if atom != Const(None)]
    methods = [atom for atom in held if isinstance(atom, Function)]
    # What a decorator of another file made of a method, or what replaces it, cannot be read.
    if not methods or len(methods) < len(held) or any(name in owner.fields for name in METHODS):
        return None
    found: set[str] = set()
    for method in methods:
        names = _answers(method, owner)
        if names is None:
            return None
        found |= names
    return ",".join(sorted(found)[:50])


def _inherited(owner: Class, name: str) -> Value:
    """A method along the bases in this file; nothing when a base outside may have it first."""
    for place in owner.mro():
        if not isinstance(place, Class):
            break
        if name in place.attributes:
            return place.attributes[name]
    return ()


def _answers(method: Function, owner: Class) -> set[str] | None:
    """The literal names under whose tests this method answers; ``None`` when it answers without a test."""
    spec = method.node.args
    positional = [*spec.posonlyargs, *spec.args]
    asked = positional[1 if method.wraps != "staticmethod" else 0 :]
    if not asked or isinstance(method.node, ast.Lambda):
        return None
    name = asked[0].arg
    names: set[str] = set()
    is_tested = False
    stack: list[tuple[ast.stmt, bool]] = [(statement, False) for statement in method.node.body]
    while stack:
        node, under = stack.pop()
        if isinstance(node, ast.If):
            known = _tested(node.test, name, owner, method)
            leaves = known is not None and _only_leaves(node.body)
            if known is not None:
                names |= known
                is_tested = True
            stack.extend((child, under or known is not None) for child in node.body)
            stack.extend((child, under) for child in node.orelse)
            if leaves:
                return names
            continue
        if isinstance(node, ast.Return) and not under and not _is_none(node.value):
            return None
        for block in ("body", "orelse", "finalbody"):
            stack.extend(
                (child, under) for child in getattr(node, block, ()) if isinstance(child, ast.stmt)
            )
        for handler in getattr(node, "handlers", ()):
            stack.extend((child, under) for child in handler.body)
    return names if is_tested else None


def _is_none(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def _only_leaves(body: list[ast.stmt]) -> bool:
    """Whether a block only says that the name is not answered."""
    return len(body) == 1 and isinstance(body[0], ast.Return) and _is_none(body[0].value)


def _tested(test: ast.expr, name: str, owner: Class, method: Function) -> set[str] | None:
    """The names that a test compares the asked one with; ``None`` when it says nothing of it."""
    found: set[str] | None = None
    stack: list[ast.AST] = [test]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Compare) and _speaks_of(node, name):
            others = [side for side in (node.left, *node.comparators) if not _is_name(side, name)]
            known = [_constants(side, owner, method) for side in others]
            if any(one is None for one in known):
                return None
            found = (found or set()).union(*(one for one in known if one is not None))
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "startswith"
        ):
            if _is_name(node.func.value, name) and node.args:
                known_one = _constants(node.args[0], owner, method)
                if known_one is None:
                    return None
                found = (found or set()) | known_one
        elif isinstance(node, (ast.BoolOp, ast.UnaryOp)):
            stack.extend(ast.iter_child_nodes(node))
    return found


def _speaks_of(node: ast.Compare, name: str) -> bool:
    return any(_is_name(side, name) for side in (node.left, *node.comparators))


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _constants(node: ast.expr, owner: Class, method: Function) -> set[str] | None:
    """The strings that an operand of a test may be; empty for names made of the module's own."""
    value: Value | None = None
    if isinstance(node, ast.Constant):
        value = (Const(node.value),) if isinstance(node.value, str) else None
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        value = owner.fields.get(node.attr) or owner.attributes.get(node.attr)
    elif isinstance(node, ast.Name):
        value = method.closure.module.everything.get(node.id)
    if value is None:
        return None
    return _strings(value)


def _strings(value: Value) -> set[str] | None:
    found: set[str] = set()
    for atom in value:
        if isinstance(atom, Const) and isinstance(atom.value, str):
            found.add(atom.value)
        elif isinstance(atom, Part) and atom.own:
            continue
        elif isinstance(atom, Box):
            if atom.kind == "dict":
                found |= {key for key in atom.items if isinstance(key, str)}
                continue
            for item in atom.items.values():
                found |= _strings(item) or set()
        else:
            return None
    return found
