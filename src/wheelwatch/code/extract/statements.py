"""Statements: assignments, imports, and the branches and loops around them."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from wheelwatch.code.extract import access, attributes, calls, changes, mutation, operators
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.machine import Machine, handles
from wheelwatch.code.extract.names import canonical, mutate_api
from wheelwatch.code.extract.values import (
    ANY,
    Box,
    Const,
    Ext,
    Instance,
    Value,
    box_of,
    join,
)
from wheelwatch.model import Kind, Version

UNROLLED = 4_096
"""Turns of one loop over constants."""

Saved = tuple[tuple[str, ...], tuple[Version, ...]]


@handles(ast.Expr)
def _expression(_: Machine, act: Activation, node: ast.Expr) -> None:
    act.work.append(node.value)


@handles(ast.Pass)
def _pass(_: Machine, __: Activation, ___: ast.AST) -> None:
    """Nothing."""


@handles(ast.Assign)
def _assign(_: Machine, act: Activation, node: ast.Assign) -> None:
    act.push(_bind_all, node.targets, node.value)
    for target in reversed(node.targets):
        act.work.extend(parts_of(target))
    act.work.append(node.value)


def _bind_all(machine: Machine, act: Activation, targets: Sequence[ast.expr], value: ast.expr) -> None:
    given = act.memo.get(value, ANY)
    if len(targets) == 1 and not isinstance(targets[0], ast.Name):
        given = _chosen(act, value) or given  # known by no other name, so that nobody can change it
    for target in targets:
        bind(machine, act, target, given)


def _chosen(act: Activation, node: ast.expr) -> Value:
    """The list of hooks that a comprehension takes some elements of, each as it is; else nothing."""
    if not isinstance(node, ast.ListComp) or len(node.generators) > 1:
        return ()
    target, source = node.generators[0].target, act.memo.get(node.generators[0].iter, ANY)
    is_same = isinstance(node.elt, ast.Name) and isinstance(target, ast.Name) and node.elt.id == target.id
    known = [atom for atom in source if isinstance(atom, Ext) and mutate_api(canonical(atom.name))]
    return source if is_same and len(known) == len(source) else ()


def parts_of(target: ast.expr) -> list[ast.expr]:
    """The expressions inside a target that must be done before it is bound."""
    found: list[ast.expr] = []
    stack: list[ast.expr] = [target]
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Tuple, ast.List)):
            stack.extend(node.elts)
        elif isinstance(node, ast.Starred):
            stack.append(node.value)
        elif isinstance(node, ast.Attribute):
            found.append(node.value)
        elif isinstance(node, ast.Subscript):
            found.extend((node.slice, node.value))
    return found


def bind(machine: Machine, act: Activation, target: ast.expr, value: Value) -> None:
    """Bind a target, however nested, to a value."""
    stack: list[tuple[ast.expr, Value]] = [(target, value)]
    while stack:
        node, held = stack.pop()
        if isinstance(node, ast.Name):
            act.bind(node.id, held)
            _special_name(machine, act, node, held)
        elif isinstance(node, ast.Attribute):
            mutation.set_attribute(machine, act, act.memo.get(node.value, ANY), node.attr, held, node)
        elif isinstance(node, ast.Subscript):
            base = act.memo.get(node.value, ANY)
            if isinstance(node.slice, ast.Slice):
                _bind_slice(machine, act, base, held, node)
            else:
                mutation.set_item(machine, act, base, act.memo.get(node.slice, ANY), held, node)
        elif isinstance(node, ast.Starred):
            stack.append((node.value, held))
        elif isinstance(node, (ast.Tuple, ast.List)):
            stack.extend(_unpack(machine, act, node, held))


def _special_name(machine: Machine, act: Activation, node: ast.Name, value: Value) -> None:
    """Module-level names that the interpreter itself reads."""
    if node.id == "__lazy_modules__" and act.kind == "module":
        literal = all(isinstance(atom, (Box, Const)) for atom in value)
        if not literal:
            machine.record.site(act, node, Kind.IMPORT, "__lazy_modules__", callback=value)


def _bind_slice(machine: Machine, act: Activation, base: Value, value: Value, node: ast.Subscript) -> None:
    for atom in base:
        if isinstance(atom, Ext):
            changes.change(machine, act, atom, "__setitem__", [ANY, value], node)
        elif isinstance(atom, Instance):
            calls.protocol(machine, act, [(atom,)], ("__setitem__",), node, (ANY, value))
        elif isinstance(atom, Box):
            access.spread(atom, value)


def _unpack(
    machine: Machine, act: Activation, node: ast.Tuple | ast.List, value: Value
) -> list[tuple[ast.expr, Value]]:
    """The parts of a tuple target with what each of them gets."""
    calls.protocol(machine, act, [value], ("__iter__", "__getitem__"), node)
    items = access.items_of(value)
    targets = node.elts
    star = next((place for place, target in enumerate(targets) if isinstance(target, ast.Starred)), None)
    if items is None or (star is None and len(items) != len(targets)) or len(items) < len(targets) - 1:
        element = access.element_of(value)
        return [
            (target, (box_of("list", (element,)),) if isinstance(target, ast.Starred) else element)
            for target in targets
        ]
    if star is None:
        return list(zip(targets, items, strict=True))
    after = len(targets) - star - 1
    middle = items[star : len(items) - after]
    return [
        *zip(targets[:star], items[:star], strict=True),
        (targets[star], (box_of("list", middle),)),
        *zip(targets[star + 1 :], items[len(items) - after :], strict=True),
    ]


@handles(ast.AugAssign)
def _augmented(_: Machine, act: Activation, node: ast.AugAssign) -> None:
    act.push(_bind_augmented, node)
    act.work.append(node.value)
    act.work.extend(parts_of(node.target))


def _bind_augmented(machine: Machine, act: Activation, node: ast.AugAssign) -> None:
    target, value = node.target, act.memo.get(node.value, ANY)
    if isinstance(target, ast.Name):
        old = machine.look(act, target.id)
    elif isinstance(target, ast.Attribute):
        old = join(
            *(attributes.read(machine, act, atom, target.attr) for atom in act.memo.get(target.value, ANY))
        )
    elif isinstance(target.slice, ast.Slice):
        old = access.cut(machine, act, act.memo.get(target.value, ANY), target.slice)
    else:
        key = act.memo.get(target.slice, ANY)
        old = join(
            *(access.get_item(machine, act, atom, key, node) for atom in act.memo.get(target.value, ANY))
        )
    name = {ast.Add: "__iadd__", ast.BitOr: "__ior__", ast.Mult: "__imul__"}.get(type(node.op), "")
    for atom in old:
        if isinstance(atom, Ext) and name and changes.change(machine, act, atom, name, [value], node):
            return
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Slice):
        _bind_slice(machine, act, act.memo.get(target.value, ANY), value, target)
        return
    made = operators.operate(machine, type(node.op), old, value)
    method = operators.operator_method(type(node.op))
    calls.protocol(machine, act, [old], (f"__i{method}__", f"__{method}__"), node, (value,))
    bind(machine, act, target, made)


@handles(ast.AnnAssign)
def _annotated(machine: Machine, act: Activation, node: ast.AnnAssign) -> None:
    act.push(_bind_annotated, node)
    if node.value is not None:
        act.work.extend(parts_of(node.target))
        act.work.append(node.value)
    if act.kind != "function":
        name = node.target.id if isinstance(node.target, ast.Name) else ""
        machine.annotations.setdefault(act.scope, []).append((name, node.annotation))
        annotation(machine, act, node.annotation)


def _is_future(machine: Machine, act: Activation) -> bool:
    """Whether annotations of the running file are never evaluated by themselves."""
    return machine.library.is_futuristic(act) if machine.library is not None else machine.is_futuristic


def annotation(machine: Machine, act: Activation, node: ast.expr | None) -> None:
    """An annotation runs at once up to 3.13, unless the file asks for the future."""
    if node is None or _is_future(machine, act) or isinstance(node, (ast.Name, ast.Constant)):
        return
    saved = act.guards, act.pythons
    act.push(restore, saved)
    act.work.append(node)
    act.pythons = tuple(version for version in act.pythons if version not in {"3.14", "3.15"})


def restore(_: Machine, act: Activation, saved: Saved) -> None:
    """Put guards and Pythons back to what they were before a block."""
    act.guards, act.pythons = saved


def _bind_annotated(machine: Machine, act: Activation, node: ast.AnnAssign) -> None:
    if node.value is not None:
        bind(machine, act, node.target, act.memo.get(node.value, ANY))


@handles(ast.Delete)
def _delete(_: Machine, act: Activation, node: ast.Delete) -> None:
    act.push(_unbind, node)
    for target in reversed(node.targets):
        act.work.extend(parts_of(target))


def _unbind(machine: Machine, act: Activation, node: ast.Delete) -> None:
    stack = list(node.targets)
    while stack:
        target = stack.pop()
        if isinstance(target, ast.Name):
            held = machine.look(act, target.id)
            calls.protocol(machine, act, [held], ("__del__",), node)
            act.unbind(target.id)
        elif isinstance(target, ast.Attribute):
            mutation.delete(machine, act, act.memo.get(target.value, ANY), target.attr, node)
            calls.protocol(
                machine,
                act,
                [act.memo.get(target.value, ANY)],
                ("__delattr__",),
                node,
                ((Const(target.attr),),),
            )
        elif isinstance(target, ast.Subscript):
            mutation.delete_item(
                machine, act, act.memo.get(target.value, ANY), act.memo.get(target.slice, ANY), node
            )
        elif isinstance(target, (ast.Tuple, ast.List)):
            stack.extend(target.elts)


@handles(ast.Global, ast.Nonlocal)
def _global(_: Machine, act: Activation, node: ast.Global | ast.Nonlocal) -> None:
    for name in node.names:
        owner: Activation | None = act.module
        if isinstance(node, ast.Nonlocal):
            owner = act.parent
            while owner is not None and name not in owner.everything and owner.parent is not None:
                owner = owner.parent
        if owner is not None and owner is not act:
            act.everywhere[name] = owner


# ---------------------------------------------------------------- leaving a block


@handles(ast.Return)
def _return(_: Machine, act: Activation, node: ast.Return) -> None:
    act.push(_returned, node)
    if node.value is not None:
        act.work.append(node.value)


def _returned(_: Machine, act: Activation, node: ast.Return) -> None:
    value = act.memo.get(node.value, ANY) if node.value is not None else (Const(None),)
    act.returns = join(act.returns, value)
    if len(act.layers) == 1 and not act.loops:
        act.work.clear()


@handles(ast.Raise)
def _raise(_: Machine, act: Activation, node: ast.Raise) -> None:
    act.work.extend(part for part in (node.cause, node.exc) if part is not None)


@handles(ast.Assert)
def _assert(_: Machine, act: Activation, node: ast.Assert) -> None:
    act.push(_asserted, node)
    if node.msg is not None:
        act.work.append(node.msg)
    act.work.append(node.test)


def _asserted(machine: Machine, act: Activation, node: ast.Assert) -> None:
    calls.protocol(machine, act, [act.memo.get(node.test, ANY)], ("__bool__", "__len__"), node.test)


@handles(ast.Break)
def _break(_: Machine, act: Activation, __: ast.Break) -> None:
    if act.loops and act.loops[-1][1] == len(act.layers):
        del act.work[act.loops[-1][0] :]


@handles(ast.Continue)
def _continue(_: Machine, __: Activation, ___: ast.Continue) -> None:
    """The rest of the turn is done all the same: it may belong to another turn."""
