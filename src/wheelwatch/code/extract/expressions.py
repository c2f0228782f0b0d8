"""Expressions: each node is taken apart, its parts are done, and then its own value is made."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from wheelwatch.code.extract import access, calls, fold, operators
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.machine import SENT, Machine, handles
from wheelwatch.code.extract.values import (
    ANY,
    COMPUTED,
    ITEMS,
    Box,
    Const,
    Function,
    Part,
    Value,
    box_of,
    join,
)


@handles(ast.Constant)
def _constant(_: Machine, act: Activation, node: ast.Constant) -> None:
    value = node.value
    if value is None or isinstance(value, (str, bytes, int, float, complex)):
        act.memo[node] = (Const(value),)
    else:
        act.memo[node] = ANY


@handles(ast.Attribute)
def _attribute(machine: Machine, act: Activation, node: ast.Attribute) -> None:
    base = node.value
    if isinstance(base, ast.Name):  # what most attributes are of: as if both were taken from the work
        machine.steps += 2
        act.memo[base] = value = machine.look(act, base.id)
        access.attribute(machine, act, value, node.attr, node)
        return
    act.work.append((_get_attribute, (node,)))
    act.work.append(base)


def _get_attribute(machine: Machine, act: Activation, node: ast.Attribute) -> None:
    access.attribute(machine, act, act.memo.get(node.value, ANY), node.attr, node)


@handles(ast.Subscript)
def _subscript(_: Machine, act: Activation, node: ast.Subscript) -> None:
    act.push(_get_item, node)
    act.work.append(node.slice)
    act.work.append(node.value)


def _get_item(machine: Machine, act: Activation, node: ast.Subscript) -> None:
    base = act.memo.get(node.value, ANY)
    if isinstance(node.slice, ast.Slice):
        act.memo[node] = access.cut(machine, act, base, node.slice)
        return
    access.item(machine, act, base, act.memo.get(node.slice, ANY), node)


@handles(ast.Slice)
def _slice(_: Machine, act: Activation, node: ast.Slice) -> None:
    act.work.extend(part for part in (node.lower, node.upper, node.step) if part is not None)


@handles(ast.Tuple, ast.List, ast.Set)
def _sequence(_: Machine, act: Activation, node: ast.Tuple | ast.List | ast.Set) -> None:
    if len(node.elts) > ITEMS and all(type(element) is ast.Constant for element in node.elts):
        act.memo[node] = _table(node.elts)
        return
    act.push(_make_sequence, node)
    act.work.extend(reversed(node.elts))


def _table(elements: Sequence[ast.expr]) -> Value:
    """A long table of plain constants, without a value of its own for each."""
    things = [element.value for element in elements if isinstance(element, ast.Constant)]
    numbers = [thing for thing in things if isinstance(thing, int) and 0 <= thing < 256]
    if len(numbers) == len(things):
        return (box_of("list", ((Const(number),) for number in numbers)),)
    box = Box("list")
    box.add(ANY)
    return (box,)


def _make_sequence(machine: Machine, act: Activation, node: ast.Tuple | ast.List | ast.Set) -> None:
    kind = {ast.Tuple: "tuple", ast.List: "list", ast.Set: "set"}[type(node)]
    box = Box(kind)  # type: ignore[arg-type]  # one of the three words above
    for element in node.elts:
        if isinstance(element, ast.Starred):
            _iterated(machine, act, element.value)
            access.spread(box, act.memo.get(element.value, ANY))
            continue
        value = act.memo.get(element, ANY)
        if box.rest or len(box.items) >= ITEMS:
            box.add(value)
        else:
            box.items[len(box.items)] = value
    act.memo[node] = (box,)
    if kind == "set":
        members = list(box.items.values())
        calls.protocol(machine, act, members, ("__hash__",), node)
        calls.protocol(machine, act, members, ("__eq__",), node, (ANY,))


def _iterated(machine: Machine, act: Activation, node: ast.expr) -> None:
    """A star goes through what stands behind it."""
    for names in (("__iter__", "__getitem__"), ("__next__",)):
        calls.protocol(machine, act, [act.memo.get(node, ANY)], names, node)


@handles(ast.Starred)
def _starred(_: Machine, act: Activation, node: ast.Starred) -> None:
    act.work.append(node.value)


@handles(ast.Dict)
def _dict(_: Machine, act: Activation, node: ast.Dict) -> None:
    act.push(_make_dict, node)
    for key, value in zip(reversed(node.keys), reversed(node.values), strict=True):
        act.work.append(value)
        if key is not None:
            act.work.append(key)


def _make_dict(machine: Machine, act: Activation, node: ast.Dict) -> None:
    box = Box("dict")
    hashed: list[Value] = []
    for key, value in zip(node.keys, node.values, strict=True):
        made = act.memo.get(value, ANY)
        if key is None:
            for names in (("keys",), ("__getitem__",)):
                calls.protocol(machine, act, [made], names, value, (ANY,) * (names != ("keys",)))
            access.merge(box, made)
            continue
        keys = act.memo.get(key, ANY)
        hashed.append(keys)
        access.put(box, keys, made)
    act.memo[node] = (box,)
    calls.protocol(machine, act, hashed, ("__hash__",), node)
    calls.protocol(machine, act, hashed, ("__eq__",), node, (ANY,))


@handles(ast.NamedExpr)
def _walrus(_: Machine, act: Activation, node: ast.NamedExpr) -> None:
    act.push(_bind_walrus, node)
    act.work.append(node.value)


def _bind_walrus(_: Machine, act: Activation, node: ast.NamedExpr) -> None:
    value = act.memo.get(node.value, ANY)
    act.memo[node] = value
    act.bind_outside(node.target.id, value)


@handles(ast.Lambda)
def _lambda(machine: Machine, act: Activation, node: ast.Lambda) -> None:
    act.push(_make_lambda, node)
    act.work.extend(
        default for default in [*node.args.defaults, *node.args.kw_defaults] if default is not None
    )
    if node not in machine.scope_of:
        source = machine.record.sources[act.scope]
        machine.scope_of[node] = machine.record.scope("<lambda>", node, act.scope, source, act.place)


def _make_lambda(machine: Machine, act: Activation, node: ast.Lambda) -> None:
    function = Function(node, machine.scope_of[node], act)
    set_defaults(act, function)
    machine.functions.append(function)
    act.memo[node] = (function,)


def set_defaults(act: Activation, function: Function) -> None:
    """Note what the default values of a function's parameters stand for."""
    spec = function.node.args
    positional = [*spec.posonlyargs, *spec.args]
    for parameter, default in zip(reversed(positional), reversed(spec.defaults), strict=False):
        function.defaults[parameter.arg] = act.memo.get(default, ANY)
    for parameter, keyword in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
        if keyword is not None:
            function.defaults[parameter.arg] = act.memo.get(keyword, ANY)


@handles(ast.JoinedStr)
def _formatted(machine: Machine, act: Activation, node: ast.JoinedStr) -> None:
    machine.record.sources[act.scope].enclose(node)
    act.push(_join_parts, node)
    act.work.extend(reversed(node.values))


def _join_parts(machine: Machine, act: Activation, node: ast.JoinedStr) -> None:
    made: Value = (Const(""),)
    for part in node.values:
        piece = act.memo.get(part, ANY)
        tail = access.end_of(made, piece)
        made = tail if tail is not None else fold.binary(ast.Add, made, piece, machine.limits.fold_bytes)
    if len(node.values) == 1 and isinstance(node.values[0], ast.Constant):
        made = piece_of(made)
    act.memo[node] = made


def piece_of(value: Value) -> Value:
    """An f-string without fields is as literal as a string."""
    return tuple(
        Const(atom.value) if isinstance(atom, Const) and atom.how == COMPUTED else atom for atom in value
    )


@handles(ast.FormattedValue)
def _field(_: Machine, act: Activation, node: ast.FormattedValue) -> None:
    act.push(_format, node)
    if node.format_spec is not None:
        act.work.append(node.format_spec)
    act.work.append(node.value)


def _format(machine: Machine, act: Activation, node: ast.FormattedValue) -> None:
    value = act.memo.get(node.value, ANY)
    spec = act.memo.get(node.format_spec, ANY) if node.format_spec is not None else None
    if len(value) == 1 and isinstance(value[0], Part) and spec is None:
        act.memo[node] = value
        return
    act.memo[node] = fold.formatted(value, node.conversion, spec, machine.limits.fold_bytes)
    names = {115: ("__str__", "__repr__"), 114: ("__repr__",), 97: ("__repr__",)}.get(
        node.conversion, ("__format__", "__str__", "__repr__")
    )
    calls.protocol(machine, act, [value], names, node, (spec or (Const(""),),), result=node)


@handles(ast.Await, ast.YieldFrom)
def _await(_: Machine, act: Activation, node: ast.Await | ast.YieldFrom) -> None:
    act.push(operators.copy, node.value, node)
    if isinstance(node, ast.YieldFrom):
        act.push(_yielded_from, node)
    else:
        act.push(_awaited, node)
    act.work.append(node.value)


def _awaited(machine: Machine, act: Activation, node: ast.Await) -> None:
    calls.protocol(machine, act, [act.memo.get(node.value, ANY)], ("__await__",), node)


def _yielded_from(machine: Machine, act: Activation, node: ast.YieldFrom) -> None:
    _iterated(machine, act, node.value)
    box = Box("list")
    access.spread(box, act.memo.get(node.value, ANY))
    act.returns = join(act.returns, (box,))


@handles(ast.Yield)
def _yield(_: Machine, act: Activation, node: ast.Yield) -> None:
    act.memo[node] = ANY
    act.push(_yielded, node)
    if node.value is not None:
        act.work.append(node.value)


def _yielded(_: Machine, act: Activation, node: ast.Yield) -> None:
    box = next((atom for atom in act.returns if isinstance(atom, Box) and atom.kind == "list"), None)
    if box is None:
        box = Box("list")
        box.origin = act.origin
        act.returns = join(act.returns, (box,))
    box.add(act.memo.get(node.value, ANY) if node.value is not None else (Const(None),))
    act.memo[node] = act.origin[0].fields.get(SENT, ANY) if act.origin is not None else ANY


@handles(ast.Call)
def _call(_: Machine, act: Activation, node: ast.Call) -> None:
    work = act.work
    work.append((_do_call, (node,)))
    if node.keywords:
        work.extend([keyword.value for keyword in node.keywords[::-1]])
    if node.args:
        work.extend(node.args[::-1])
    work.append(node.func)


def _do_call(machine: Machine, act: Activation, node: ast.Call) -> None:
    args: list[Value] = []
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            _iterated(machine, act, argument.value)
            args.extend(access.items_of(act.memo.get(argument.value, ANY)) or [ANY])
        else:
            args.append(act.memo.get(argument, ANY))
    keywords: dict[str, Value] = {}
    for keyword in node.keywords:
        value = act.memo.get(keyword.value, ANY)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
            continue
        calls.protocol(machine, act, [value], ("keys",), keyword.value)
        calls.protocol(machine, act, [value], ("__getitem__",), keyword.value, (ANY,))
        for atom in value:
            if isinstance(atom, Box):
                keywords.update({key: item for key, item in atom.items.items() if isinstance(key, str)})
    callee = act.memo.get(node.func, ANY)
    if callee is ANY:
        machine.steps += 1
        act.memo[node] = calls.invoke_unknown(machine, act, args, keywords, node)
        return
    calls.invoke(machine, act, callee, args, keywords, node, result=node)
