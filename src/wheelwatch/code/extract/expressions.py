"""Expressions: each node is taken apart, its parts are done, and then its own value is made."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from wheelwatch.code.extract import access, calls, fold, guards
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.machine import Machine, handles
from wheelwatch.code.extract.names import canonical
from wheelwatch.code.extract.values import (
    ANY,
    COMPUTED,
    ITEMS,
    NOTHING,
    Box,
    Const,
    Ext,
    Flag,
    Function,
    Part,
    Value,
    Versions,
    box_of,
    join,
    taint,
)
from wheelwatch.model import SUPPORTED_PYTHONS


@handles(ast.Constant)
def _constant(_: Machine, act: Activation, node: ast.Constant) -> None:
    value = node.value
    if value is None or isinstance(value, (str, bytes, int, float, complex)):
        act.memo[node] = (Const(value),)
    else:
        act.memo[node] = ANY


@handles(ast.Name)
def _name(machine: Machine, act: Activation, node: ast.Name) -> None:
    act.memo[node] = machine.look(act, node.id)


@handles(ast.Attribute)
def _attribute(_: Machine, act: Activation, node: ast.Attribute) -> None:
    act.push(_get_attribute, node)
    act.work.append(node.value)


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
            access.merge(box, made)
            continue
        keys = act.memo.get(key, ANY)
        hashed.append(keys)
        access.put(box, keys, made)
    act.memo[node] = (box,)
    calls.protocol(machine, act, hashed, ("__hash__",), node)
    calls.protocol(machine, act, hashed, ("__eq__",), node, (ANY,))


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
        calls.protocol(
            machine, act, [right, *(access.items_of(right) or [])], ("__str__", "__repr__"), node
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
def _compare(_: Machine, act: Activation, node: ast.Compare) -> None:
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


def _choose(_: Machine, act: Activation, node: ast.IfExp) -> None:
    sides = guards.split(act.memo.get(node.test, ANY))
    if sides.truth is not None:
        taken = node.body if sides.truth else node.orelse
        act.push(_copy, taken, node)
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


def _copy(_: Machine, act: Activation, source: ast.expr, node: ast.expr) -> None:
    act.memo[node] = act.memo.get(source, ANY)


def _either(
    _: Machine, act: Activation, node: ast.IfExp, one: frozenset[str] | None, other: frozenset[str] | None
) -> None:
    values = [act.memo.get(node.body, ANY)] if one is None or one else []
    if other is None or other:
        values.append(act.memo.get(node.orelse, ANY))
    act.memo[node] = join(*values)


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
    act.push(_copy, node.value, node)
    if isinstance(node, ast.YieldFrom):
        act.push(_yielded_from, node)
    else:
        act.push(_awaited, node)
    act.work.append(node.value)


def _awaited(machine: Machine, act: Activation, node: ast.Await) -> None:
    calls.protocol(machine, act, [act.memo.get(node.value, ANY)], ("__await__",), node)


def _yielded_from(_: Machine, act: Activation, node: ast.YieldFrom) -> None:
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
        act.returns = join(act.returns, (box,))
    box.add(act.memo.get(node.value, ANY) if node.value is not None else (Const(None),))
    act.memo[node] = ANY


@handles(ast.Call)
def _call(_: Machine, act: Activation, node: ast.Call) -> None:
    act.push(_do_call, node)
    act.work.extend(keyword.value for keyword in reversed(node.keywords))
    act.work.extend(reversed(node.args))
    act.work.append(node.func)


def _do_call(machine: Machine, act: Activation, node: ast.Call) -> None:
    args: list[Value] = []
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            args.extend(access.items_of(act.memo.get(argument.value, ANY)) or [ANY])
        else:
            args.append(act.memo.get(argument, ANY))
    keywords: dict[str, Value] = {}
    for keyword in node.keywords:
        value = act.memo.get(keyword.value, ANY)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
            continue
        for atom in value:
            if isinstance(atom, Box):
                keywords.update({key: item for key, item in atom.items.items() if isinstance(key, str)})
    calls.invoke(machine, act, act.memo.get(node.func, ANY), args, keywords, node, result=node)
