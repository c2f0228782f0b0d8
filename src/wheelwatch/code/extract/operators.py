"""Operators: arithmetic, tests and choices, folded where they can be."""

from __future__ import annotations

import ast

from wheelwatch.code.extract import access, calls, fold, guards
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.machine import Machine, handles
from wheelwatch.code.extract.names import canonical
from wheelwatch.code.extract.values import (
    ANY,
    NOTHING,
    Box,
    Const,
    Ext,
    Flag,
    Part,
    Value,
    Versions,
    join,
    taint,
)
from wheelwatch.model import SUPPORTED_PYTHONS


@handles(ast.BinOp)
def _binary(_: Machine, act: Activation, node: ast.BinOp) -> None:
    # A sum of a thousand terms is one chain to the left: its operands are done in one go.
    chain = [node]
    while isinstance(chain[-1].left, ast.BinOp):
        chain.append(chain[-1].left)
    for link in chain:
        act.push(_operate, link)
        act.work.append(link.right)
    act.work.append(chain[-1].left)


OPERATOR_METHODS = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
    ast.BitOr: "or",
    ast.BitXor: "xor",
    ast.BitAnd: "and",
    ast.MatMult: "matmul",
}


def _operate(machine: Machine, act: Activation, node: ast.BinOp) -> None:
    left, right = act.memo.get(node.left, ANY), act.memo.get(node.right, ANY)
    name = OPERATOR_METHODS[type(node.op)]
    act.memo[node] = operate(machine, type(node.op), left, right)
    if isinstance(node.op, ast.Mod) and any(isinstance(atom, Const) for atom in left):
        for names in (("__str__", "__repr__"), ("__int__", "__index__"), ("__float__",), ("__getitem__",)):
            calls.protocol(
                machine,
                act,
                [right, *(access.items_of(right) or [])],
                names,
                node,
                (ANY,) * (names == ("__getitem__",)),
            )
    calls.protocol(machine, act, [left], (f"__{name}__",), node, (right,), result=node)
    calls.protocol(machine, act, [right], (f"__r{name}__",), node, (left,), result=node)


def operator_method(kind: type[ast.operator]) -> str:
    """The name of an operator's special method, without underscores."""
    return OPERATOR_METHODS[kind]


def operate(machine: Machine, kind: type[ast.operator], left: Value, right: Value) -> Value:
    """The value of a binary operator; lists are put together, strings of unknown head keep their end."""
    if kind is ast.Add:
        boxes = [atom for atom in (*left, *right) if isinstance(atom, Box)]
        if boxes and len(left) == len(right) == 1 and len(boxes) == 2:
            made = Box(boxes[0].kind)
            access.spread(made, left)
            access.spread(made, right)
            return (made,)
        tail = access.end_of(left, right)
        if tail is not None:
            return tail
    if kind is ast.Div and (tail := access.end_of(left, right, joint="/")) is not None:
        return tail
    if kind is ast.BitOr:
        boxes = [atom for atom in (*left, *right) if isinstance(atom, Box) and atom.kind == "dict"]
        if len(boxes) > 1:
            made = Box("dict")
            access.merge(made, left)
            access.merge(made, right)
            return (made,)
    return fold.binary(kind, left, right, machine.limits.fold_bytes)


@handles(ast.UnaryOp)
def _unary(_: Machine, act: Activation, node: ast.UnaryOp) -> None:
    act.push(_negate, node)
    act.work.append(node.operand)


_UNARY_METHODS = {ast.USub: "__neg__", ast.UAdd: "__pos__", ast.Invert: "__invert__", ast.Not: "__bool__"}


def _negate(machine: Machine, act: Activation, node: ast.UnaryOp) -> None:
    value = act.memo.get(node.operand, ANY)
    first = value[0] if len(value) == 1 else None
    if isinstance(node.op, ast.Not) and isinstance(first, Versions):
        act.memo[node] = (Versions(frozenset(SUPPORTED_PYTHONS) - first.true),)
        return
    act.memo[node] = fold.unary(type(node.op), value, machine.limits.fold_bytes)
    calls.protocol(machine, act, [value], (_UNARY_METHODS[type(node.op)],), node, result=node)


@handles(ast.BoolOp)
def _boolean(_: Machine, act: Activation, node: ast.BoolOp) -> None:
    act.push(_combine, node)
    act.push(_skip_rest, node, 0)
    act.work.append(node.values[0])


def _skip_rest(machine: Machine, act: Activation, node: ast.BoolOp, place: int) -> None:
    """Do the next operand, under what the one before says about it."""
    value = act.memo.get(node.values[place], ANY)
    sides = guards.split(value)
    stops = isinstance(node.op, ast.Or)
    calls.protocol(machine, act, [value], ("__bool__",), node)
    if sides.truth is stops or place + 1 == len(node.values):
        for skipped in node.values[place + 1 :]:
            act.memo[skipped] = NOTHING
        return
    saved = act.guards, act.pythons
    guard = sides.other_guard if stops else sides.guard
    if guard and sides.truth is None:
        act.guards = (*act.guards, guard)
    act.pythons = guards.narrow(act.pythons, sides.other_pythons if stops else sides.pythons)
    act.push(_restore, saved)
    act.push(_skip_rest, node, place + 1)
    act.work.append(node.values[place + 1])


def _restore(_: Machine, act: Activation, saved: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    act.guards, act.pythons = saved


def _combine(_: Machine, act: Activation, node: ast.BoolOp) -> None:
    values = [act.memo.get(value, ANY) for value in node.values]
    atoms = [atom for value in values for atom in value]
    is_and = isinstance(node.op, ast.And)
    versions = [atom.true for atom in atoms if isinstance(atom, Versions)]
    if len(versions) == len(atoms) and versions:
        combine = frozenset.intersection if is_and else frozenset.union
        act.memo[node] = (Versions(combine(*versions)),)
        return
    flags = [atom for atom in atoms if isinstance(atom, Flag)]
    decisive = [flag for flag in flags if flag.default is not ... and bool(flag.default) is not is_and]
    if flags and is_and:
        act.memo[node] = (decisive[0] if decisive else Flag("other"),)
    elif (
        flags
        and all(flag.default is not ... and not flag.default for flag in flags)
        and len(flags) == len(atoms)
    ):
        act.memo[node] = (flags[0],)
    elif flags and len(flags) == len(atoms):
        act.memo[node] = (Flag("other"),)
    else:
        act.memo[node] = join(*values)


@handles(ast.Compare)
def _compare(machine: Machine, act: Activation, node: ast.Compare) -> None:
    other = node.comparators[0]
    if len(node.ops) == 1 and isinstance(other, ast.Constant) and other.value is None:
        machine.compared.add(node.left)
    act.push(_judge, node)
    act.work.extend(reversed([node.left, *node.comparators]))


_COMPARE_METHODS = {
    ast.Eq: "__eq__",
    ast.NotEq: "__ne__",
    ast.Lt: "__lt__",
    ast.LtE: "__le__",
    ast.Gt: "__gt__",
    ast.GtE: "__ge__",
    ast.In: "__contains__",
    ast.NotIn: "__contains__",
}


def _judge(machine: Machine, act: Activation, node: ast.Compare) -> None:
    left, right = act.memo.get(node.left, ANY), act.memo.get(node.comparators[0], ANY)
    kind = type(node.ops[0])
    if len(node.ops) == 1:
        act.memo[node] = _test(machine, kind, left, right)
    else:
        act.memo[node] = taint(left, *(act.memo.get(other, ANY) for other in node.comparators))
    method = _COMPARE_METHODS.get(kind)
    if method:
        first, second = (right, left) if "contains" in method else (left, right)
        calls.protocol(machine, act, [first], (method,), node, (second,), result=node)
        if "contains" in method:
            for atom in first:
                if isinstance(atom, Box):
                    calls.protocol(machine, act, [atom.union(), second], ("__eq__",), node, (ANY,))
        if method in {"__eq__", "__ne__"}:
            calls.protocol(machine, act, [second], (method,), node, (first,), result=node)


def _test(machine: Machine, kind: type[ast.cmpop], left: Value, right: Value) -> Value:
    """The value of one comparison: of versions, of the surroundings, of constants."""
    one, other = (left[0] if len(left) == 1 else None), (right[0] if len(right) == 1 else None)
    if isinstance(one, Ext) and _is_version(one.name):
        constant = next(fold.plain(right), None)
        found = guards.version_test(kind, one.name, constant[0]) if constant else None
        return (found,) if found is not None else ANY
    if isinstance(one, Part) and one.own and not one.tail and isinstance(other, Const):
        if other.value == "__main__":
            return (Flag("main", default=kind is ast.NotEq),)
        return ANY
    if isinstance(other, Ext) and canonical(other.name) == "os.environ" and kind in {ast.In, ast.NotIn}:
        name = fold.first(left, str)
        return (Flag(guards.environment(name) if name else "other", default=kind is ast.NotIn),)
    for atom in (one, other):
        if isinstance(atom, Ext):
            return (Flag(guards.label(atom.name)),)
    return fold.compare(kind, left, right, machine.limits.fold_bytes)


def _is_version(name: str) -> bool:
    return name.startswith("sys.version_info") or name == "sys.hexversion"


@handles(ast.IfExp)
def _conditional(_: Machine, act: Activation, node: ast.IfExp) -> None:
    act.push(_choose, node)
    act.work.append(node.test)


def _choose(machine: Machine, act: Activation, node: ast.IfExp) -> None:
    calls.protocol(machine, act, [act.memo.get(node.test, ANY)], ("__bool__", "__len__"), node.test)
    sides = guards.split(act.memo.get(node.test, ANY))
    if sides.truth is not None:
        taken = node.body if sides.truth else node.orelse
        act.push(copy, taken, node)
        act.work.append(taken)
        return
    saved = act.guards, act.pythons
    act.push(_either, node, sides.pythons, sides.other_pythons)
    act.push(_restore, saved)
    act.work.append(node.orelse)
    act.push(_enter_side, saved, sides.other_guard, sides.other_pythons)
    act.work.append(node.body)
    act.push(_enter_side, saved, sides.guard, sides.pythons)


def _enter_side(
    _: Machine,
    act: Activation,
    saved: tuple[tuple[str, ...], tuple[str, ...]],
    guard: str | None,
    pythons: frozenset[str] | None,
) -> None:
    act.guards = (*saved[0], guard) if guard else saved[0]
    act.pythons = guards.narrow(saved[1], pythons)


def copy(_: Machine, act: Activation, source: ast.expr, node: ast.expr) -> None:
    """Task: the value of one expression is that of another."""
    act.memo[node] = act.memo.get(source, ANY)


def _either(
    _: Machine, act: Activation, node: ast.IfExp, one: frozenset[str] | None, other: frozenset[str] | None
) -> None:
    values = [act.memo.get(node.body, ANY)] if one is None or one else []
    if other is None or other:
        values.append(act.memo.get(node.orelse, ANY))
    act.memo[node] = join(*values)
