"""Loops, comprehensions and ``match``: over constants turn by turn, else once for what all turns may do."""

from __future__ import annotations

import ast

from wheelwatch.code.extract import access, attributes, calls, guards, protocols
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.branches import Branching, join_branches, open_branch
from wheelwatch.code.extract.machine import Machine, handles
from wheelwatch.code.extract.statements import UNROLLED, bind, parts_of
from wheelwatch.code.extract.values import (
    ANY,
    ITEMS,
    Box,
    Class,
    Const,
    Instance,
    Plain,
    Value,
    box_of,
    join,
)

FEW = 16
"""Turns that are done one by one even where no name can be computed."""
_NEVER = frozenset({"main", "type-checking"})

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@handles(ast.For, ast.AsyncFor)
def _for(_: Machine, act: Activation, node: ast.For | ast.AsyncFor) -> None:
    act.push(_iterate, node)
    act.push(_gone_through, node.iter)
    act.work.append(node.iter)


def _gone_through(machine: Machine, act: Activation, node: ast.expr) -> None:
    protocols.iterate(machine, act, node)


def _iterate(machine: Machine, act: Activation, node: ast.For | ast.AsyncFor) -> None:
    value = act.memo.get(node.iter, ANY)
    act.work.extend(reversed(node.orelse))
    items = _few(machine, act, value, node)
    if items is not None:
        act.push(_end_loop)
        act.loops.append((len(act.work), len(act.layers)))
        for item in reversed(items):
            act.work.extend(reversed(node.body))
            act.push(_turn, node.target, item)
            act.work.extend(parts_of(node.target))
        return
    branching = Branching(act)
    act.push(_again, node, branching, 1)
    open_branch(act, branching, None, None)
    act.work.extend(reversed(node.body))
    _bind_element(machine, act, node, value)


def _few(
    machine: Machine, act: Activation, value: Value, node: ast.For | ast.AsyncFor | ast.expr
) -> list[Value] | None:
    """The items of a loop that is done turn by turn."""
    items = access.items_of(value)
    if items is None or len(items) > UNROLLED:
        return None
    if len(items) < 2:
        return items
    if act.guards and not _NEVER.isdisjoint(act.guards):
        return None
    is_worth_it = machine.is_dynamic or len(items) <= FEW
    return items if is_worth_it and machine.spend(len(items) * machine.cost(node)) else None


def _bind_element(machine: Machine, act: Activation, node: ast.For | ast.AsyncFor, value: Value) -> None:
    act.push(_turn, node.target, access.element_of(value))
    act.work.extend(parts_of(node.target))
    calls.protocol(machine, act, [value], ("__iter__", "__aiter__", "__getitem__"), node.iter)
    calls.protocol(machine, act, [value], ("__next__", "__anext__"), node.iter)


def _turn(machine: Machine, act: Activation, target: ast.expr, value: Value) -> None:
    bind(machine, act, target, value)


def _end_loop(_: Machine, act: Activation) -> None:
    act.loops.pop()


def _again(
    machine: Machine,
    act: Activation,
    node: ast.For | ast.AsyncFor | ast.While,
    branching: Branching,
    left: int,
) -> None:
    """Join what a turn did; once more when it carried something that matters into the next one."""
    carried = any(_matters(value) for layer in branching.layers for value in layer.values())
    join_branches(machine, act, branching, or_none=True)
    if left and carried and len(act.layers) < 4 and machine.spend(machine.cost(node)):
        again = Branching(act)
        act.push(_again, node, again, left - 1)
        open_branch(act, again, None, None)
        act.work.extend(reversed(node.body))


def _matters(value: Value) -> bool:
    return any(not isinstance(atom, Const) and atom != ANY[0] for atom in value)


@handles(ast.While)
def _while(_: Machine, act: Activation, node: ast.While) -> None:
    act.push(_check, node, 0)
    act.work.append(node.test)


def _check(machine: Machine, act: Activation, node: ast.While, turns: int) -> None:
    value = act.memo.get(node.test, ANY)
    calls.protocol(machine, act, [value], ("__bool__", "__len__"), node.test)
    truth = guards.split(value).truth
    if truth is False and not isinstance(node.test, ast.Constant) and (turns or machine.is_importing):
        act.work.extend(reversed(node.orelse))
        return
    is_concrete = truth and not isinstance(node.test, ast.Constant)
    if is_concrete and turns < UNROLLED and machine.spend(machine.cost(node)):
        act.push(_check, node, turns + 1)
        act.work.append(node.test)
        act.push(_end_loop)
        act.loops.append((len(act.work), len(act.layers)))
        act.work.extend(reversed(node.body))
        return
    if truth is False and isinstance(node.test, ast.Constant):
        return
    act.work.extend(reversed(node.orelse))
    branching = Branching(act)
    act.push(_again, node, branching, 1)
    open_branch(act, branching, None, None)
    act.work.extend(reversed(node.body))


# ---------------------------------------------------------------- comprehensions


@handles(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
def _comprehension(_: Machine, act: Activation, node: Comprehension) -> None:
    act.memo[node] = (Box("dict" if isinstance(node, ast.DictComp) else "list"),)
    act.layers.append({})
    act.inner += 1
    act.push(_end_comprehension)
    act.inexact.discard(node)
    act.push(_clause, node, 0)


def _end_comprehension(_: Machine, act: Activation) -> None:
    act.layers.pop()
    act.inner -= 1


def _clause(_: Machine, act: Activation, node: Comprehension, place: int) -> None:
    """The next ``for`` of a comprehension, or its element when there is none left."""
    if place == len(node.generators):
        act.push(_collect, node)
        if isinstance(node, ast.DictComp):
            act.work.extend((node.value, node.key))
        else:
            act.work.append(node.elt)
        return
    act.push(_each, node, place)
    act.push(_gone_through, node.generators[place].iter)
    act.work.append(node.generators[place].iter)


def _each(machine: Machine, act: Activation, node: Comprehension, place: int) -> None:
    clause = node.generators[place]
    value = act.memo.get(clause.iter, ANY)
    items = _few(machine, act, value, node)
    if items is None:
        act.inexact.add(node)
    rows = items if items is not None else [access.element_of(value)]
    for row in reversed(rows):
        act.push(_filter, node, place, 0)
        act.push(_turn, clause.target, row)
        act.work.extend(parts_of(clause.target))
    calls.protocol(machine, act, [value], ("__iter__", "__aiter__"), clause.iter)
    calls.protocol(machine, act, [value], ("__next__", "__anext__"), clause.iter)


def _filter(_: Machine, act: Activation, node: Comprehension, place: int, which: int) -> None:
    tests = node.generators[place].ifs
    if which == len(tests):
        act.push(_clause, node, place + 1)
        return
    act.push(_filtered, node, place, which)
    act.work.append(tests[which])


def _filtered(machine: Machine, act: Activation, node: Comprehension, place: int, which: int) -> None:
    test = node.generators[place].ifs[which]
    value = act.memo.get(test, ANY)
    truth = guards.split(value).truth
    calls.protocol(machine, act, [value], ("__bool__",), test)
    if truth is None:
        act.inexact.add(node)
    if truth is not False:
        act.push(_filter, node, place, which + 1)


def _collect(_: Machine, act: Activation, node: Comprehension) -> None:
    box = act.memo[node][0]
    if not isinstance(box, Box):
        return
    if isinstance(node, ast.DictComp):
        access.put(box, act.memo.get(node.key, ANY), act.memo.get(node.value, ANY))
        return
    value = act.memo.get(node.elt, ANY)
    if node not in act.inexact and not box.rest and len(box.items) < ITEMS:
        box.items[len(box.items)] = value
    else:
        box.add(value)


# ---------------------------------------------------------------- match


@handles(ast.Match)
def _match(_: Machine, act: Activation, node: ast.Match) -> None:
    act.push(_cases, node)
    act.work.append(node.subject)


def _cases(machine: Machine, act: Activation, node: ast.Match) -> None:
    subject = act.memo.get(node.subject, ANY)
    branching = Branching(act)
    act.push(_join_cases, branching)
    for case in reversed(node.cases):
        act.push(_case, case, subject, branching)
    calls.protocol(machine, act, [subject], ("__eq__",), node.subject, (ANY,))


def _join_cases(machine: Machine, act: Activation, branching: Branching) -> None:
    join_branches(machine, act, branching, or_none=True)


def _case(
    machine: Machine, act: Activation, case: ast.match_case, subject: Value, branching: Branching
) -> None:
    open_branch(act, branching, None, None)
    act.work.extend(reversed(case.body))
    if case.guard is not None:
        act.work.append(case.guard)
    capture(machine, act, case.pattern, subject)


def capture(machine: Machine, act: Activation, pattern: ast.pattern, subject: Value) -> None:
    """Bind what a pattern captures out of its subject."""
    stack: list[tuple[ast.pattern, Value]] = [(pattern, subject)]
    while stack:
        node, value = stack.pop()
        if isinstance(node, ast.MatchAs):
            if node.name:
                act.bind(node.name, value)
            if node.pattern is not None:
                stack.append((node.pattern, value))
        elif isinstance(node, ast.MatchStar):
            if node.name:
                act.bind(node.name, value)
        elif isinstance(node, ast.MatchOr):
            stack.extend((inner, value) for inner in node.patterns)
        elif isinstance(node, ast.MatchSequence):
            stack.extend(_of_sequence(node, value))
        elif isinstance(node, ast.MatchMapping):
            stack.extend(
                (inner, _of_mapping(key, value))
                for key, inner in zip(node.keys, node.patterns, strict=True)
            )
            if node.rest:
                act.bind(node.rest, value)
        elif isinstance(node, ast.MatchClass):
            stack.extend(_of_class(machine, act, node, value))


def _of_sequence(node: ast.MatchSequence, value: Value) -> list[tuple[ast.pattern, Value]]:
    items = access.items_of(value)
    if items is not None and len(items) == len(node.patterns):
        return list(zip(node.patterns, items, strict=True))
    element = access.element_of(value)
    return [
        (inner, (box_of("list", (element,)),) if isinstance(inner, ast.MatchStar) else element)
        for inner in node.patterns
    ]


def _of_mapping(key: ast.expr, value: Value) -> Value:
    found: list[Value] = []
    for atom in value:
        if isinstance(atom, Box):
            known = atom.items.get(_key(key), ()) if isinstance(key, ast.Constant) else atom.union()
            found.append(join(known, atom.rest))
    return join(*found) or ANY


def _key(node: ast.Constant) -> Plain:
    return node.value if node.value is not ... else None


def _of_class(
    machine: Machine, act: Activation, node: ast.MatchClass, value: Value
) -> list[tuple[ast.pattern, Value]]:
    found: list[tuple[ast.pattern, Value]] = []
    for name, inner in zip(node.kwd_attrs, node.kwd_patterns, strict=True):
        held = join(*(attributes.read(machine, act, atom, name) for atom in value))
        found.append((inner, held))
    # A class pattern with one place binds the subject itself for str, list and the like.
    whole = join(value, *(_fields(atom) for atom in value))
    return [*found, *((inner, whole) for inner in node.patterns)]


def _fields(atom: object) -> Value:
    owner = atom.of if isinstance(atom, Instance) else atom
    return join(*owner.fields.values()) if isinstance(owner, Class) else ()
