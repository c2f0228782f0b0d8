"""Methods of constants, containers and namespaces."""

from __future__ import annotations

from wheelwatch.code.extract import (
    access,
    attributes,
    calls,
    fields,
    fold,
    literals,
    mutation,
    paths,
    payload,
    protocols,
)
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.machine import SENT, Machine
from wheelwatch.code.extract.values import (
    ANY,
    ITEMS,
    NONE,
    SEARCHED_NAME,
    Bound,
    Box,
    Class,
    Code,
    Const,
    Ext,
    Flag,
    Function,
    Instance,
    Method,
    Own,
    Part,
    Space,
    Value,
    box_of,
    join,
    taint,
)


def call_method(machine: Machine, act: Activation, method: Method, call: Call) -> None:
    """Call a method of something that is no object of this file's classes."""
    base, name = method.base, method.name
    if isinstance(base, Box):
        _of_box(machine, act, base, name, call)
    elif isinstance(base, (Const, Part)):
        _of_text(machine, act, base, name, call)
    elif isinstance(base, Space):
        _of_space(machine, act, base, name, call)
    elif isinstance(base, Flag):
        call.cell.add(
            fold.fold(
                lambda thing, *args: getattr(thing, name)(*args),
                ((base,), *call.args),
                machine.limits.fold_bytes,
            )
        )
    elif isinstance(base, Code):
        if name == "replace":
            payload.replace(machine, act, call)
        call.cell.add((base,))
    elif isinstance(base, Function):
        first = call.arg(0)
        call.cell.add(tuple(Bound(base, atom) for atom in first) or (base,))
    elif isinstance(base, (Ext, Instance, Class)):
        _reflect(machine, act, base, name, call)
    else:
        call.cell.add(taint((base,), *call.args))


def _reflect(
    machine: Machine, act: Activation, base: Ext | Instance | Class, name: str, call: Call
) -> None:
    """``x.__getattribute__(name)`` and its kin, also as ``type(x).__getattribute__(x, name)``."""
    if name == "__subclasses__" and isinstance(base, Class):
        below = [one for one in machine.classes if one is not base and base in one.mro()]
        call.cell.add((box_of("list", ((one,) for one in below)),))
        return
    if name == "__setattr__":
        mutation.set_by_name(machine, act, (base,), call.arg(0), call.arg(1) or ANY, call.node)
        call.cell.add(NONE)
        return
    key = call.arg(len(call.args) - 1) if call.args else ANY
    subject: Value = call.arg(0) if len(call.args) > 1 else (base,)
    call.cell.add(calls.read_path(machine, act, subject, key, call.node))


def _of_text(machine: Machine, act: Activation, base: Const | Part, name: str, call: Call) -> None:
    """A method of a string, bytes or number, or of a path that is kept as its text."""
    if name in paths.METHODS:
        paths.use(machine, act, (base,), name, call)
        return
    if isinstance(base, Part):
        call.cell.add(
            (base,) if name in {"lower", "strip", "rstrip", "as_posix", "resolve", "absolute"} else ANY
        )
        return
    if name == "__add__":
        call.cell.add(fold.fold(lambda a, b: a + b, ((base,), *call.args), machine.limits.fold_bytes))
        return
    if name == "__getitem__":
        call.cell.add(access.get_item(machine, act, base, call.arg(0) or ANY, call.node))
        return
    protocols.handle(machine, act, base, name, call)
    args = list(call.args)
    if name == "format":
        calls.protocol(machine, act, call.all(), ("__format__", "__str__", "__repr__"), call.node)
    if name in {"decode", "encode"} and "encoding" in call.keywords:
        args.insert(0, call.keywords["encoding"])
    if name in {"format", "format_map"} and isinstance(base.value, str):
        _format(machine, act, base, name, call)
        return
    made = literals.method(base.value, name, args, machine.limits.fold_bytes)
    call.cell.add(made if made is not None else taint((base,), *args))


def _format(machine: Machine, act: Activation, base: Const, name: str, call: Call) -> None:
    """``str.format``: each field is looked up, with its attributes and items, and then filled in."""
    text = str(base.value)
    keywords = dict(call.keywords)
    if name == "format_map":
        keywords = {
            key: held
            for atom in call.arg(0)
            if isinstance(atom, Box)
            for key, held in atom.items.items()
            if isinstance(key, str)
        }
    found = fields.rewritten(machine, act, text, list(call.args), keywords, call.node)
    if found is None:
        call.cell.add(taint((base,), *call.all()))
        return
    plain_text, values = found

    def fill(*things: object) -> object:
        if literals.is_wide(plain_text, things):
            raise fold.TooBigError
        return plain_text.format(*things)

    call.cell.add(fold.fold(fill, values, machine.limits.fold_bytes))


def _of_box(machine: Machine, act: Activation, box: Box, name: str, call: Call) -> None:
    """A method of a list, tuple, set or dictionary."""
    first, second = call.arg(0), call.arg(1)
    if box.kind == "bytearray" and name not in _LISTED:
        data = next(fold.plain((box,)), None)
        made = literals.method(data[0], name, call.args, machine.limits.fold_bytes) if data else None
        call.cell.add(made if made is not None else taint((box,)))
        return
    protocols.handle(machine, act, box, name, call)
    if name in {"append", "add", "appendleft", "put", "put_nowait"}:
        _append(box, first)
    elif name in {"extend", "__iadd__"}:
        access.spread(box, first)
    elif name == "insert":
        box.rest = join(box.rest, *box.items.values(), second)
    elif name in {"update", "__ior__"}:
        for value in call.args:
            access.merge(box, value)
        for key, value in call.keywords.items():
            box.items[key] = value
    elif name in {"__setitem__", "setdefault"}:
        access.put(box, first, second)
    elif name in {"sort", "reverse", "rotate", "move_to_end"}:
        box.rest = box.union()
        if box.kind != "dict":
            box.items.clear()
        for value in call.keywords.values():
            calls.invoke(machine, act, value, [box.union()], {}, call.node)
    call.cell.add(_read_box(machine, act, box, name, call))


_LISTED = frozenset({"append", "extend", "insert", "pop", "reverse", "clear", "remove", "__iadd__", "copy"})
"""Methods that a bytearray has as a list has them."""


def _append(box: Box, value: Value) -> None:
    if box.rest or len(box.items) >= ITEMS:
        box.add(value)
    else:
        box.items[len(box.items)] = value


def _read_box(machine: Machine, act: Activation, box: Box, name: str, call: Call) -> Value:
    """What a method of a container gives back."""
    first, second = call.arg(0), call.arg(1)
    if name in {"get", "__getitem__", "setdefault", "get_nowait"} or (name == "pop" and box.kind == "dict"):
        return join(access.get_item(machine, act, box, first, call.node), second)
    if name in {"pop", "popleft", "popitem"}:
        return access.get_item(machine, act, box, first, call.node) if first else box.union() or ANY
    if name in {"values", "copy", "__iter__", "union", "keys", "__reversed__"}:
        if name == "keys" and box.kind == "dict":
            return (box_of("list", ((Const(key),) for key in box.items)),) if not box.rest else (box,)
        if name == "copy":
            return (box,)
        made = box_of("list", box.items.values())
        made.rest = box.rest
        return (made,)
    if name == "items":
        made = box_of(
            "list", ((box_of("tuple", ((Const(key),), value)),) for key, value in box.items.items())
        )
        if box.rest:
            made.add((box_of("tuple", (ANY, box.rest)),))
        return (made,)
    if name in {"send", "asend"} and box.origin is not None:
        function, made_by = box.origin
        function.fields[SENT] = join(function.fields.get(SENT, ()), first)
        machine.enter(act, function, Call(made_by.args, made_by.keywords, call.node))
        return box.union() or ANY
    if name == "__next__":
        return box.union() or ANY
    if name in {"append", "extend", "insert", "update", "sort", "reverse", "add", "clear", "remove"}:
        return NONE
    if name in {"count", "index"}:
        folded = next(fold.plain((box,)), None)
        made_value = (
            literals.method(folded[0], name, call.args, machine.limits.fold_bytes) if folded else None
        )
        return made_value or ANY
    return ANY


def _of_space(machine: Machine, act: Activation, space: Space, name: str, call: Call) -> None:
    """A method of a namespace as a dictionary."""
    first, second = call.arg(0), call.arg(1)
    if name in {"get", "pop", "__getitem__", "setdefault"}:
        call.cell.add(join(access.from_space(machine, act, space, first or ANY, call.node), second))
        if name == "setdefault" and not isinstance(space.of, Ext):
            mutation.set_by_name(machine, act, (space.of,), first, second or NONE, call.node)
    elif name == "__setitem__":
        mutation.set_by_name(machine, act, (space.of,), first, second or ANY, call.node)
        call.cell.add(NONE)
    elif name in {"update", "__ior__"}:
        _update(machine, act, space, call)
        call.cell.add(NONE)
    elif name in {"values", "items", "keys"}:
        call.cell.add(_listing(space, name))
    elif name == "copy":
        call.cell.add((space,))
    else:
        call.cell.add(ANY)


def _update(machine: Machine, act: Activation, space: Space, call: Call) -> None:
    for value in call.args:
        for atom in value:
            if isinstance(atom, Box):
                for key, held in atom.items.items():
                    mutation.set_by_name(machine, act, (space.of,), (Const(key),), held, call.node)
    for key, held in call.keywords.items():
        mutation.set_by_name(machine, act, (space.of,), (Const(key),), held, call.node)


def _listing(space: Space, name: str) -> Value:
    """``vars(x).values()`` and its kin: everything of it, under names that one has to look through."""
    values: Value
    if isinstance(space.of, Ext):
        values = (Ext(f"{space.of.name}.*", hidden=True),)
    elif isinstance(space.of, (Class, Instance, Own)):
        values = attributes.any_of(space.of) or ANY
    else:
        values = ANY
    box = Box("list")
    if name == "keys":
        box.add(SEARCHED_NAME)
    elif name == "values":
        box.add(values)
    else:
        box.add((box_of("tuple", (SEARCHED_NAME, values)),))
    return (box,)
