"""Containers: how items get into them, and how they come out."""

from __future__ import annotations

import ast
from types import EllipsisType

from wheelwatch.code.extract import ancestry, attributes, calls, fold, guards, protocols, shapes
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.fold import lift
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.names import BARE, SENSITIVE, canonical
from wheelwatch.code.extract.values import (
    ANY,
    ITEMS,
    SEARCHED_NAME,
    Atom,
    Box,
    Class,
    Code,
    Const,
    Ext,
    Flag,
    Instance,
    Own,
    Part,
    Space,
    Unknown,
    Value,
    join,
    taint,
)
from wheelwatch.model import Confidence, Kind

attribute = attributes.attribute
"""Reads stand here together: an attribute is an item of a namespace."""


def spread(box: Box, value: Value) -> None:
    """Put every item of an iterable into a list or tuple."""
    items = items_of(value)
    if items is None or box.rest or len(box.items) + len(items) > ITEMS:
        box.add(element_of(value))
        return
    for item_value in items:
        box.items[len(box.items)] = item_value


def merge(box: Box, value: Value) -> None:
    """Put the items of a mapping into a dictionary."""
    for atom in value:
        if isinstance(atom, Box):
            for key, held in atom.items.items():
                box.items[key] = join(box.items.get(key, ()), held) if key in box.items else held
            box.rest = join(box.rest, atom.rest)
            box.behind = tuple(dict.fromkeys((*box.behind, *atom.behind)))[:4]
        elif isinstance(atom, Space):
            box.behind = tuple(dict.fromkeys((*box.behind, atom)))[:4]
        else:
            box.add(element_of((atom,)))


def put(box: Box, keys: Value, value: Value) -> None:
    """Set an item under what its key may be."""
    known = [atom.value for atom in keys if isinstance(atom, Const)]
    if len(known) != len(keys) or len(box.items) >= ITEMS:
        box.add(value)
        return
    for key in known:
        box.items[key] = value if len(known) == 1 else join(box.items.get(key, ()), value)


def items_of(value: Value) -> list[Value] | None:
    """The items of an iterable in order, where every place is known."""
    if len(value) != 1:
        return None
    atom = value[0]
    if isinstance(atom, Box):
        if atom.kind == "dict":
            return None if atom.rest or atom.behind else [(Const(key),) for key in atom.items]
        return atom.sequence()
    if isinstance(atom, (Instance, Class)) and (members := shapes.members_of(atom)) is not None:
        return members.sequence()
    if isinstance(atom, Const) and isinstance(atom.value, (str, bytes)) and len(atom.value) <= ITEMS:
        return [(Const(piece, atom.how),) for piece in atom.value]
    return None


def element_of(value: Value) -> Value:
    """What any item of an iterable may be."""
    return join(*(_element(atom) for atom in value)) or ANY


def _element(atom: Atom) -> Value:
    """What any item of one iterable may be."""
    if isinstance(atom, Box):
        if atom.kind != "dict":
            return atom.union()
        searched = SEARCHED_NAME if atom.behind else ()
        return join(*((Const(key),) for key in atom.items), atom.rest, searched)
    if isinstance(atom, (Instance, Class)) and (members := shapes.members_of(atom)) is not None:
        return members.union()
    if isinstance(atom, Space):
        return SEARCHED_NAME
    if isinstance(atom, Const) and isinstance(atom.value, (str, bytes)):
        return join(*(lift(piece, atom.how) for piece in dict.fromkeys(atom.value[:64])), taint((atom,)))
    if isinstance(atom, Ext):
        return SEARCHED_NAME if canonical(atom.name) == "sys.modules" else ANY
    return taint((atom,))


def item(machine: Machine, act: Activation, base: Value, key: Value, node: ast.expr) -> None:
    """``base[key]`` into ``act.memo[node]``."""
    found: list[Value] = []
    protocols.looked_up(machine, act, base, key, node)
    for atom in base:
        if isinstance(atom, (Instance, Class)):
            is_object = isinstance(atom, Instance)
            methods = ("__getitem__", "__missing__") if is_object else ("__class_getitem__",)
            calls.protocol(machine, act, [(atom,)], methods, node, (key,), result=node)
            if not is_object:
                calls.protocol(machine, act, [(atom,)], ("__getitem__",), node, (key,), result=node)
            members = shapes.members_of(atom)
            found.append(_from_box(members, key) if members is not None else ANY)
        else:
            ancestry.subscribe(machine, act, atom, node)
            found.append(get_item(machine, act, atom, key, node))
    act.memo[node] = join(*found) or ANY


def get_item(machine: Machine, act: Activation, atom: Atom, key: Value, node: ast.AST) -> Value:
    """One item of something that is no object of this file's classes."""
    if isinstance(atom, Box):
        held = tuple(one.value for one in key if isinstance(one, Const))
        if atom.behind and (len(held) < len(key) or not all(one in atom.items for one in held)):
            spaces = [from_space(machine, act, space, key, node) for space in atom.behind]
            return join(*spaces, _from_box(atom, key) if atom.items or atom.rest else ())
        return _from_box(atom, key)
    if isinstance(atom, Space):
        return from_space(machine, act, atom, key, node)
    if isinstance(atom, Ext):
        return _from_outside(machine, act, atom, key, node)
    if isinstance(atom, Own):
        return ANY
    if isinstance(atom, Code):
        return (atom,)
    if isinstance(atom, (Const, Flag)):
        return fold.fold(lambda thing, place: thing[place], ((atom,), key), machine.limits.fold_bytes)
    return taint((atom,), key)


def _from_box(box: Box, key: Value) -> Value:
    found: list[Value] = []
    for atom in key:
        if not isinstance(atom, Const):
            return join(box.union(), taint(key)) if not box.items else box.union()
        place = atom.value
        if isinstance(place, int) and place < 0 and box.kind != "dict":
            place += len(box.items)
        found.append(box.items.get(place, ()))
    return join(*found, box.rest) or (box.union() or ANY)


def _from_outside(machine: Machine, act: Activation, atom: Ext, key: Value, node: ast.AST) -> Value:
    name = canonical(atom.name)
    if name == "sys.modules":
        return modules_item(key)
    if name == "os.environ":
        text = fold.first(key, str)
        return (Flag(guards.environment(text) if text else "other", None),)
    if name == "sys.version_info":
        place = fold.first(key, int)
        return (Ext(f"sys.version_info[{place}]"),) if place is not None else ANY
    if name in SENSITIVE:
        return from_space(machine, act, Space(atom), key, node)
    return (Ext(atom.name + "[]", atom.hidden),) if len(atom.name) < 200 else ANY


def modules_item(key: Value) -> Value:
    """A module out of ``sys.modules``."""
    found: list[Value] = []
    for atom in key:
        if isinstance(atom, Const) and isinstance(atom.value, str):
            found.append((Ext(atom.value, hidden=atom.how > 0),))
        elif isinstance(atom, Part) and atom.own and not atom.tail:
            found.append((OWN,))
        elif isinstance(atom, Unknown) and (atom.decoded or atom.searched):
            found.append((Ext("*", hidden=True),))
        else:
            found.append(ANY)
    return join(*found)


OWN = Ext("__own__")
"""This module where no activation is at hand; `attributes` turns it into `Own`."""


def from_space(machine: Machine, act: Activation, space: Space, key: Value, node: ast.AST) -> Value:
    """An item of a namespace: an attribute under its name."""
    found: list[Value] = []
    for atom in key:
        if isinstance(atom, Const) and isinstance(atom.value, str):
            found.append(attributes.read(machine, act, space.of, atom.value, hidden=atom.how > 0))
        elif isinstance(space.of, Ext):
            found.append(unresolved(machine, act, space.of, (atom,), node))
        elif isinstance(space.of, (Class, Instance, Own)):
            found.append(attributes.any_of(space.of))
        else:
            found.append(taint((atom,)))
    return join(*found) or ANY


def unresolved(machine: Machine, act: Activation, module: Ext, key: Value, node: ast.AST) -> Value:
    """An attribute of an outer object under a name that cannot be told."""
    name = canonical(module.name)
    unknown = taint(key)[0]
    is_hidden = isinstance(unknown, Unknown) and (unknown.decoded or unknown.searched)
    if name in BARE or (is_hidden and name in SENSITIVE):
        is_decoded = isinstance(unknown, Unknown) and unknown.decoded
        machine.record.site(
            act,
            node,
            Kind.DYNAMIC_ACCESS,
            name,
            obfuscated=is_decoded,
            confidence=Confidence.MEDIUM if is_hidden else Confidence.LOW,
        )
    if name in SENSITIVE:
        return (Ext(f"{module.name}.*", hidden=is_hidden),)
    return taint(key)


def cut(machine: Machine, act: Activation, base: Value, bounds: ast.Slice) -> Value:
    """A slice of a value."""
    values = [
        act.memo.get(part, ANY) if part is not None else (Const(None),)
        for part in (bounds.lower, bounds.upper, bounds.step)
    ]
    calls.protocol(machine, act, values, ("__index__",), bounds)
    if all(isinstance(atom, Ext) and atom.name == "sys.version_info" for atom in base) and base:
        end = fold.first(values[1], int)
        return (Ext(f"sys.version_info[:{end}]"),) if end is not None and bounds.lower is None else base
    boxes = [atom for atom in base if isinstance(atom, Box)]
    if boxes:
        return _cut_box(boxes[0], values)
    if any(isinstance(atom, Ext) for atom in base):
        return base
    return fold.fold(
        lambda thing, low, high, step: thing[low:high:step], (base, *values), machine.limits.fold_bytes
    )


def _cut_box(box: Box, values: list[Value]) -> Value:
    items = box.sequence()
    made = Box("tuple" if box.kind == "tuple" else "list")
    numbers = [_bound(value) for value in values]
    if items is None or any(number is ... for number in numbers):
        made.add(box.union())
        return (made,)
    low, high, step = (number if isinstance(number, int) else None for number in numbers)
    chosen = items[low:high:step] if step != 0 else []
    made.items.update(enumerate(chosen))
    return (made,)


def _bound(value: Value) -> int | EllipsisType | None:
    """One bound of a slice; ``...`` when it is not known."""
    atom = value[0] if len(value) == 1 else None
    if not isinstance(atom, Const) or not (atom.value is None or isinstance(atom.value, int)):
        return ...
    return atom.value


def end_of(left: Value, right: Value, joint: str = "") -> Value | None:
    """Two strings put together of which the first is not known: the end stays known."""
    if len(left) != 1 or len(right) != 1:
        return None
    head, rest = left[0], right[0]
    if isinstance(head, Const) and not isinstance(rest, Part):
        return None
    text = rest.value if isinstance(rest, Const) else rest.tail if isinstance(rest, Part) else None
    if not isinstance(text, str) or (isinstance(rest, Part) and rest.own and head != Const("")):
        return None
    if isinstance(head, Part):
        return (
            (Part(head.tail + joint + text, own=head.own),)
            if len(head.tail) < 500
            else (Part(text[-500:]),)
        )
    if isinstance(head, Const):
        return right if head.value == "" else (Part(text[-500:]),)
    if isinstance(head, (Unknown, Ext)) and text and not (isinstance(head, Unknown) and head.decoded):
        return (Part((joint + text)[-500:]),) if joint or not isinstance(head, Ext) else None
    return None
