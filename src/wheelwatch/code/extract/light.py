"""Functions in which nothing of interest can stand: only who calls whom is read off them."""

from __future__ import annotations

import ast

from wheelwatch.code.extract import attributes
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.classes import bases
from wheelwatch.code.extract.invocation import parameters
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.names import BARE, NAME
from wheelwatch.code.extract.record import refer_all
from wheelwatch.code.extract.values import Atom, Class, Ext, Function, Instance, Value, join
from wheelwatch.code.extract.vocabulary import is_standard
from wheelwatch.model import EdgeKind, Ref


def read(machine: Machine, function: Function) -> None:
    """Note the imports and calls of a function's body, by what its names stand for outside of it."""
    if function.node in machine.ran_free:
        return
    machine.ran_free.add(function.node)
    act = machine.new_activation(function)
    names = parameters(function, (), {}, is_free=True)
    act.layers[0].update(names)
    act.everything.update(names)
    body = [function.node.body] if isinstance(function.node, ast.Lambda) else function.node.body
    stack: list[ast.AST | tuple[ast.AST]] = list(reversed(body))
    while stack:
        node = stack.pop()
        if isinstance(node, tuple):
            _finish(machine, act, node[0])
            continue
        kind = type(node)
        if kind in _FINISHED:
            stack.append((node,))
        elif kind is ast.Import or kind is ast.ImportFrom:
            _import(machine, act, node)  # type: ignore[arg-type]  # told by its type
        elif kind in _NAMED:
            _define(machine, act, node)  # type: ignore[arg-type]  # told by its type
            continue
        for name in _FIELDS.get(kind) or _fields(kind):
            child = getattr(node, name, None)
            if child.__class__ is list:
                stack.extend([one for one in child[::-1] if one.__class__ not in _LEAVES])
            elif child.__class__ not in _LEAVES and isinstance(child, ast.AST):
                stack.append(child)


_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}
_PLAIN = frozenset(
    [
        "ctx",
        "op",
        "ops",
        "id",
        "attr",
        "name",
        "arg",
        "names",
        "module",
        "level",
        "kind",
        "rest",
        "kwd_attrs",
        "conversion",
        "simple",
        "is_async",
        "type_comment",
        "type_ignores",
    ]
)
"""Fields of nodes in which no expression or statement stands."""


def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    """The fields of a kind of node that are gone through, the last one first."""
    found = tuple(name for name in reversed(kind._fields) if name not in _PLAIN)
    if kind is ast.Constant:
        found = ()
    _FIELDS[kind] = found
    return found


_FINISHED = frozenset({ast.Call, ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.withitem})
"""What is done when its parts are."""
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LEAVES = frozenset({ast.Name, ast.Constant, ast.arguments, type(None)})


def _import(machine: Machine, act: Activation, node: ast.Import | ast.ImportFrom) -> None:
    machine.stack.append(act)
    act.work.append(node)
    machine.drain()


def _define(
    machine: Machine, act: Activation, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
) -> None:
    """A function or class inside one of no interest: its methods are read in the same way."""
    if isinstance(node, ast.ClassDef):
        scope = machine.scope(act, node)
        machine.record.edge(act, node, EdgeKind.BODY, Ref(scope=scope), text=f"class {node.name}")
        return
    function = Function(node, machine.scope(act, node), act)
    machine.functions.append(function)
    act.bind(node.name, (function,))


def _finish(machine: Machine, act: Activation, node: ast.AST) -> None:
    """A call is an edge; a variable that gets something with a name stands for it from then on."""
    if isinstance(node, ast.Call):
        _call(machine, act, node)
        return
    value, targets = None, []
    if isinstance(node, ast.Assign):
        value, targets = node.value, node.targets
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
        value, targets = node.value, [node.target]
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        value, targets = node.context_expr, [node.optional_vars]
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    if not names or not isinstance(value, _NAMES):
        return
    found = _value(machine, act, value)
    for name in names if found else ():
        act.bind(name, join(act.here(name) or (), found))


_NAMES = (ast.Name, ast.Attribute, ast.Call)
_LINKS = 12
"""Attributes and calls of one expression that are followed."""


def _call(machine: Machine, act: Activation, call: ast.Call) -> None:
    for ref in refer_all(_value(machine, act, call.func)):
        if ref.scope < 0 and (is_standard(ref.name) or not ref.name.strip("._")):
            continue
        machine.record.edge(act, call, EdgeKind.CALL, ref)


def _value(machine: Machine, act: Activation, node: ast.expr) -> Value:
    """What a dotted name with calls in it (``Maker().go``) stands for; nothing for anything else."""
    links: list[str | None] = []
    while isinstance(node, (ast.Attribute, ast.Call)):
        links.append(node.attr if isinstance(node, ast.Attribute) else None)
        node = node.value if isinstance(node, ast.Attribute) else node.func
    if not isinstance(node, ast.Name) or len(links) > _LINKS:
        return ()
    value = machine.look(act, node.id)
    for name in reversed(links):
        if name is None:
            value = tuple(made for atom in value for made in _made(act, atom))
            continue
        value = join(
            *(
                attributes.read(machine, act, atom, name)
                for atom in value
                if not (isinstance(atom, Ext) and atom.name in BARE)
            )
        )
    return value


def _made(act: Activation, atom: Atom) -> Value:
    """What a call gives: an object of a class of this file or of something outside, or the bases."""
    if isinstance(atom, Class):
        return (Instance(atom),)
    if isinstance(atom, Ext) and atom.name == "builtins.super":
        return bases(act)
    if isinstance(atom, Ext) and len(atom.name) < NAME and not is_standard(atom.name):
        return (Ext(atom.name + "()", atom.hidden),)
    return ()
