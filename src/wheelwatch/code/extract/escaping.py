"""Functions that lead to a site and that other code may call without their name: handed on, decorated."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable

from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.values import Ext
from wheelwatch.code.extract.vocabulary import BUILTINS, is_standard
from wheelwatch.model import Escape, Ref, Scope

NAMES = 200
"""Names that a piece of the text is searched for at once."""


def escaping(machine: Machine, tree: ast.Module, module: Activation) -> tuple[Escape, ...]:
    """The scopes of a file that hold a site, or lead to one, and where they go elsewhere as values."""
    hot = _hot(machine)
    if not hot:
        return ()
    scopes = machine.record.scopes
    used = _used(machine, tree, module, _Names(machine, hot))
    found = [Escape(scope, where) for scope in hot for where in _places(scopes, scope, used)]
    found += [Escape(scope, scopes[scope].parent, base) for scope in hot for base in _bases(scopes, scope)]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.scope, one.where)))


def _hot(machine: Machine) -> set[int]:
    """Every scope but the module's that holds a site, or from which calls inside the file lead to one."""
    record = machine.record
    callers: dict[int, set[int]] = defaultdict(set)
    for edge in record.edges.values():
        if edge.target.scope > 0:
            callers[edge.target.scope].add(edge.scope)
    hot: set[int] = set()
    pending = [site.scope for site in record.sites.values() if not site.clears]
    while pending:
        scope = pending.pop()
        if scope > 0 and scope not in hot:
            hot.add(scope)
            pending.extend(callers[scope])
            parent = record.scopes[scope].parent
            if record.scopes[parent].is_class:
                pending.append(parent)
    return hot


def _places(scopes: list[Scope], scope: int, used: dict[str, set[int]]) -> Iterable[int]:
    """The scopes in which one that is hot is used otherwise than to call it."""
    known = scopes[scope]
    parent = scopes[known.parent]
    if known.name == "<lambda>":
        yield known.parent
    yield from used.get(known.name, ())
    if parent.is_class:
        # A method goes wherever objects of its class go.
        yield known.parent
        yield from used.get(parent.name, ())
    elif known.name == "__getattr__" and known.parent == 0:
        yield 0


def _bases(scopes: list[Scope], scope: int) -> Iterable[Ref]:
    """The classes of other files that the class of a method inherits from."""
    owner = scopes[scopes[scope].parent]
    return (base for base in owner.bases if owner.is_class and base.name and not is_standard(base.name))


class _Names:
    """The names of scopes and of those around them, and whether a piece of the text holds any of them."""

    def __init__(self, machine: Machine, hot: Iterable[int]) -> None:
        scopes = machine.record.scopes
        found = {scopes[scope].name for scope in hot} | {scopes[scopes[scope].parent].name for scope in hot}
        names = sorted(name for name in found if name.isidentifier())
        self._lines = machine.record.sources[0].lines
        # Other letters may spell the same name.
        is_plain = len(names) <= NAMES and machine.text.isascii()
        self._find = re.compile("|".join(names)).search if is_plain else None

    def is_in(self, node: ast.AST) -> bool:
        """Whether one of them may stand in a node."""
        last = getattr(node, "end_lineno", None)
        if self._find is None or last is None:
            return True
        return self._find("\n".join(self._lines[getattr(node, "lineno", 1) - 1 : last])) is not None


def _used(machine: Machine, tree: ast.Module, module: Activation, names: _Names) -> dict[str, set[int]]:
    """Names that are used otherwise than to call them, and those of what is decorated: in which scopes.

    Functions and classes that hold none of ``names`` are left out.

    A class that is called counts as used: the object that it makes goes elsewhere.
    """
    found: dict[str, set[int]] = defaultdict(set)
    stack: list[tuple[ast.AST, int]] = [(tree, 0)]
    while stack:
        node, scope = stack.pop()
        inner = machine.scope_of.get(node, scope)
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and not called.id[:1].isupper():
                stack.extend((one, scope) for one in (*node.args, *node.keywords))
                continue
            if isinstance(called, ast.Attribute):
                stack.extend((one, scope) for one in (called.value, *node.args, *node.keywords))
                continue
        elif isinstance(node, ast.Name):
            found[node.id].add(scope)
        elif isinstance(node, ast.Attribute):
            found[node.attr].add(scope)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            if not names.is_in(node):
                continue
            if any(_is_foreign(module, one) for one in node.decorator_list):
                found[node.name].add(scope)
            stack.extend([(one, inner) for one in _children(node) if one not in node.decorator_list])
            continue
        stack.extend([(one, inner) for one in _children(node)])
    return found


_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}
"""By kind of node: the fields in which other nodes stand that may hold a name."""
_LEAVES = frozenset({ast.Constant, ast.Load, ast.Store, ast.Del, ast.Pass, ast.alias, type(None)})


def _children(node: ast.AST) -> list[ast.AST]:
    """The nodes directly below one, but for those in which no name can stand."""
    kind = node.__class__
    fields = _FIELDS.get(kind)
    if fields is None:
        fields = _FIELDS[kind] = tuple(name for name in kind._fields if name not in ("ctx", "op", "ops"))
    found: list[ast.AST] = []
    for name in fields:
        child = getattr(node, name, None)
        if child.__class__ is list:
            found.extend(
                [one for one in child if one.__class__ not in _LEAVES and isinstance(one, ast.AST)]
            )
        elif child.__class__ not in _LEAVES and isinstance(child, ast.AST):
            found.append(child)
    return found


def _is_foreign(module: Activation, decorator: ast.expr) -> bool:
    """Whether a decorator comes from another file, but for those of the standard library."""
    node = decorator
    while isinstance(node, (ast.Attribute, ast.Call)):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    if not isinstance(node, ast.Name) or node.id in BUILTINS:
        return False
    bound = module.everything.get(node.id, ())
    return not bound or any(not isinstance(atom, Ext) or not is_standard(atom.name) for atom in bound)
