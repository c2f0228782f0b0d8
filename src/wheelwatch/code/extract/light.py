"""Functions in which nothing of interest can stand: only who calls whom is read off them."""

from __future__ import annotations

import ast

from wheelwatch.code.extract import attributes
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.names import BARE
from wheelwatch.code.extract.record import refer_all
from wheelwatch.code.extract.values import Ext, Function, Instance, Value, join
from wheelwatch.code.extract.vocabulary import is_standard
from wheelwatch.model import EdgeKind, Ref


def read(machine: Machine, function: Function) -> None:
    """Note the imports and calls of a function's body, by what its names stand for outside of it."""
    if function.node in machine.ran_free:
        return
    machine.ran_free.add(function.node)
    act = machine.new_activation(function)
    spec = function.node.args
    positional = [*spec.posonlyargs, *spec.args]
    if function.owner is not None and positional and function.wraps != "staticmethod":
        act.bind(
            positional[0].arg,
            (Instance(function.owner),) if function.wraps != "classmethod" else (function.owner,),
        )
    body = [function.node.body] if isinstance(function.node, ast.Lambda) else function.node.body
    calls: list[ast.Call] = []
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind is ast.Call:
            calls.append(node)  # type: ignore[arg-type]  # told by its type
        elif kind is ast.Import or kind is ast.ImportFrom:
            _import(machine, act, node)  # type: ignore[arg-type]  # told by its type
        elif kind in _NAMED:
            _define(machine, act, node)  # type: ignore[arg-type]  # told by its type
            continue
        for name in node._fields:
            child = getattr(node, name, None)
            if isinstance(child, list):
                stack.extend(one for one in child if isinstance(one, ast.AST))
            elif isinstance(child, ast.AST) and type(child) not in _LEAVES:
                stack.append(child)
    for call in calls:
        _call(machine, act, call)


_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LEAVES = frozenset({ast.Name, ast.Constant, ast.Load, ast.Store, ast.Del, ast.arguments})


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


def _call(machine: Machine, act: Activation, call: ast.Call) -> None:
    for ref in refer_all(_callee(machine, act, call.func)):
        if ref.scope < 0 and (is_standard(ref.name) or not ref.name.strip("._")):
            continue
        machine.record.edge(act, call, EdgeKind.CALL, ref)


def _callee(machine: Machine, act: Activation, node: ast.expr) -> Value:
    """What a dotted name stands for; nothing for any other expression."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ()
    value = machine.look(act, node.id)
    for name in reversed(names[-12:]):
        value = join(
            *(
                attributes.read(machine, act, atom, name)
                for atom in value
                if not (isinstance(atom, Ext) and atom.name in BARE)
            )
        )
    return value
