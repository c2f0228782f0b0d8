"""Branches: ``if``, ``try`` and ``with``, and what the sides of a statement bound, joined behind it."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from wheelwatch.code.extract import calls, guards
from wheelwatch.code.extract.activation import Activation, Names
from wheelwatch.code.extract.library import NEVER
from wheelwatch.code.extract.machine import Machine, handles
from wheelwatch.code.extract.statements import bind, parts_of
from wheelwatch.code.extract.values import (
    ANY,
    NOTHING,
    SEARCHED_NAME,
    Box,
    Ext,
    join,
)
from wheelwatch.model import Version

Saved = tuple[tuple[str, ...], tuple[Version, ...]]


class Branching:
    """The branches of one statement: what each of them bound, until they are joined."""

    __slots__ = ("layers", "saved")

    def __init__(self, act: Activation) -> None:
        self.layers: list[Names] = []
        self.saved: Saved = (act.guards, act.pythons)


def open_branch(
    act: Activation, branching: Branching, guard: str | None, pythons: frozenset[str] | None
) -> None:
    """Begin a branch: its bindings are its own until it is closed."""
    act.push(_close_branch, branching)
    act.layers.append({})
    if guard and guard not in act.guards:
        act.guards = (*act.guards, guard)
    act.pythons = guards.narrow(act.pythons, pythons)


def _close_branch(_: Machine, act: Activation, branching: Branching) -> None:
    branching.layers.append(act.layers.pop())
    act.guards, act.pythons = branching.saved


def join_branches(_: Machine, act: Activation, branching: Branching, *, or_none: bool) -> None:
    """Join what the branches bound; ``or_none``: perhaps none of them was taken."""
    names = dict.fromkeys(name for layer in branching.layers for name in layer)
    for name in names:
        before = act.here(name)
        values = [layer.get(name, before) for layer in branching.layers]
        if or_none:
            values.append(before)
        act.layers[-1][name] = join(*(value for value in values if value is not None))
    act.guards, act.pythons = branching.saved


def _join_some(machine: Machine, act: Activation, branching: Branching) -> None:
    join_branches(machine, act, branching, or_none=True)


def _join_all(machine: Machine, act: Activation, branching: Branching) -> None:
    join_branches(machine, act, branching, or_none=False)


@handles(ast.If)
def _if(_: Machine, act: Activation, node: ast.If) -> None:
    branching = Branching(act)
    act.push(_take, node, branching)
    act.work.append(node.test)


def _take(machine: Machine, act: Activation, node: ast.If, branching: Branching) -> None:
    """Do the sides of an ``if``; a chain of ``elif`` shares one set of branches."""
    value = act.memo.get(node.test, ANY)
    calls.protocol(machine, act, [value], ("__bool__", "__len__"), node.test)
    sides = guards.split(value)
    may_prune = machine.is_importing or isinstance(node.test, ast.Constant)
    library = machine.library
    if library is not None and NEVER & {sides.guard, sides.other_guard} and not library.is_main(act):
        # In a group only what an import runs counts: a call under such a guard is none.
        sides.truth = sides.guard not in NEVER
    if sides.truth is not None and may_prune and not branching.layers:
        act.work.extend(reversed(node.body if sides.truth else node.orelse))
        return
    act.push(_other_side, node, branching, sides)
    if sides.pythons is None or act.pythons_in(sides.pythons):
        open_branch(act, branching, sides.guard, sides.pythons)
        act.work.extend(reversed(node.body))


def _other_side(
    _: Machine, act: Activation, node: ast.If, branching: Branching, sides: guards.Branches
) -> None:
    saved = branching.saved
    leaves = _leaves(node.body) and not node.orelse
    act.pythons = guards.narrow(act.pythons, sides.other_pythons)
    if sides.other_guard and sides.other_guard not in act.guards:
        act.guards = (*act.guards, sides.other_guard)
    if not node.orelse:
        after = (act.guards, act.pythons)
        act.guards, act.pythons = saved
        act.push(_join_some, branching)
        if leaves:
            branching.saved = after
        return
    if not act.pythons:
        act.guards, act.pythons = saved
        act.push(_join_all, branching)
        return
    only = node.orelse[0]
    if len(node.orelse) == 1 and isinstance(only, ast.If):
        act.push(_take_next, only, branching)
        act.work.append(only.test)
        return
    act.push(_join_all, branching)
    open_branch(act, branching, None, None)
    act.work.extend(reversed(node.orelse))


def _take_next(machine: Machine, act: Activation, node: ast.If, branching: Branching) -> None:
    """The next ``elif``: its branches close to the guards that hold between the branches."""
    outer = branching.saved
    inner = Branching(act)
    inner.layers = branching.layers
    act.push(_back_to, outer)
    _take(machine, act, node, inner)


def _back_to(_: Machine, act: Activation, saved: Saved) -> None:
    act.guards, act.pythons = saved


def _leaves(body: Sequence[ast.stmt]) -> bool:
    """Whether a block never goes on behind itself."""
    last = body[-1]
    if isinstance(last, (ast.Return, ast.Raise, ast.Continue, ast.Break)):
        return True
    call = last.value if isinstance(last, ast.Expr) else None
    if not isinstance(call, ast.Call):
        return False
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name in {"exit", "_exit", "abort"}


@handles(ast.Try, ast.TryStar)
def _try(_: Machine, act: Activation, node: ast.Try | ast.TryStar) -> None:
    act.work.extend(reversed(node.finalbody))
    handlers = Branching(act)
    if node.handlers:
        act.push(_join_some, handlers)
        for handler in reversed(node.handlers):
            act.push(_handle, handler, handlers)
    act.work.extend(reversed(node.orelse))
    body = Branching(act)
    act.push(_join_some, body)
    act.push(_open_plain, body, node.body)


def _open_plain(_: Machine, act: Activation, branching: Branching, body: Sequence[ast.stmt]) -> None:
    open_branch(act, branching, None, None)
    act.work.extend(reversed(body))


def _handle(_: Machine, act: Activation, handler: ast.ExceptHandler, branching: Branching) -> None:
    open_branch(act, branching, None, None)
    if handler.name:
        act.bind(handler.name, SEARCHED_NAME)
    act.work.extend(reversed(handler.body))
    if handler.type is not None:
        act.work.append(handler.type)


@handles(ast.With, ast.AsyncWith)
def _with(_: Machine, act: Activation, node: ast.With | ast.AsyncWith) -> None:
    for entry in node.items:
        act.push(_leave, entry, node)
    act.work.extend(reversed(node.body))
    for entry in reversed(node.items):
        act.push(_enter, entry)
        if entry.optional_vars is not None:
            act.work.extend(parts_of(entry.optional_vars))
        act.work.append(entry.context_expr)


def _enter(machine: Machine, act: Activation, entry: ast.withitem) -> None:
    value = act.memo.get(entry.context_expr, ANY)
    result = [
        (atom,) if isinstance(atom, Ext) else atom.union() for atom in value if isinstance(atom, (Ext, Box))
    ]
    act.memo[entry.context_expr] = join(*result) or ANY
    act.push(_bind_entered, entry)
    calls.protocol(
        machine, act, [value], ("__enter__", "__aenter__"), entry.context_expr, result=entry.context_expr
    )
    for atom in value:
        if isinstance(atom, Ext):
            calls.invoke(
                machine, act, (Ext(f"{atom.name}.__enter__", atom.hidden),), [], {}, entry.context_expr
            )
    act.memo[entry] = value


def _bind_entered(machine: Machine, act: Activation, entry: ast.withitem) -> None:
    if entry.optional_vars is not None:
        bind(machine, act, entry.optional_vars, act.memo.get(entry.context_expr, ANY))


def _leave(machine: Machine, act: Activation, entry: ast.withitem, node: ast.With | ast.AsyncWith) -> None:
    held = act.memo.get(entry, NOTHING)
    calls.protocol(machine, act, [held], ("__exit__", "__aexit__"), node, (ANY, ANY, ANY))
