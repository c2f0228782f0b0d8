"""Dictionaries as they are made, and methods of containers that are called through their type."""

from __future__ import annotations

from wheelwatch.code.extract import access, attributes, calls, fold, mutation, pure
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.models import model
from wheelwatch.code.extract.values import (
    ITEMS,
    Box,
    Class,
    Const,
    Ext,
    Instance,
    box_of,
    join,
    taint,
)


@model(
    "builtins.dict",
    "collections.OrderedDict",
    "collections.defaultdict",
    "types.SimpleNamespace",
    "types.MappingProxyType",
    "collections.UserDict",
    "weakref.WeakValueDictionary",
    "weakref.WeakKeyDictionary",
    "argparse.Namespace",
    "threading.local",
)
def _dict(machine: Machine, act: Activation, call: Call, name: str) -> None:
    box = Box("dict")
    if name.endswith("defaultdict"):
        calls.invoke(machine, act, call.arg(0), [], {}, call.node, then=box.add)
    for value in call.args:
        rows = (
            access.items_of(value)
            if not any(isinstance(a, Box) and a.kind == "dict" for a in value)
            else None
        )
        if rows is None:
            access.merge(box, value)
            continue
        for row in rows:
            pair = access.items_of(row)
            if pair and len(pair) == 2:
                access.put(box, pair[0], pair[1])
    box.items.update(call.keywords)
    if name in {"types.SimpleNamespace", "argparse.Namespace", "threading.local"}:
        owner = Class(-1, ())
        owner.fields.update({key: value for key, value in box.items.items() if isinstance(key, str)})
        call.cell.add((Instance(owner),))
    else:
        call.cell.add((box,))


@model("types.ModuleType")
def _module(_: Machine, act: Activation, call: Call, __: str) -> None:
    """A module that is made by hand: an object with whatever is put into it."""
    del act
    owner = Class(-1, ((Ext("types.ModuleType"),),), "module")
    owner.fields["__name__"] = call.arg(0, "name")
    call.cell.add((Instance(owner),))


@model("queue.Queue", "queue.LifoQueue", "queue.PriorityQueue", "queue.SimpleQueue", "asyncio.Queue")
def _queue(_: Machine, act: Activation, call: Call, __: str) -> None:
    del act
    call.cell.add((Box("list"),))


@model("heapq.heappop", "heapq.heapreplace", "heapq.heappushpop", "_heapq.heappop")
def _pop(_: Machine, act: Activation, call: Call, __: str) -> None:
    """The least item of a heap, or the one that is put in its place."""
    del act
    for atom in call.arg(0):
        call.cell.add(atom.union() if isinstance(atom, Box) else taint((atom,)))
    call.cell.add(call.arg(1))


@model("builtins.bytearray")
def _bytearray(machine: Machine, act: Activation, call: Call, _: str) -> None:
    """Bytes that can be changed; long ones are taken as bytes."""
    del act
    for atom in fold.fold(pure.PURE["builtins.bytes"], call.args, machine.limits.fold_bytes):
        data = atom.value if isinstance(atom, Const) else None
        is_short = isinstance(data, bytes) and len(data) <= ITEMS
        how = atom.how if isinstance(atom, Const) else 0
        items = ((Const(number, how),) for number in data) if is_short and isinstance(data, bytes) else None
        call.cell.add((box_of("bytearray", items),) if items is not None else (atom,))


@model("collections.ChainMap")
def _chain(_: Machine, act: Activation, call: Call, __: str) -> None:
    """Mappings one after the other: whatever any of them holds."""
    del act
    call.cell.add(join(*call.args) or (Box("dict"),))


@model(
    "operator.getitem",
    "operator.setitem",
    "operator.delitem",
    "operator.iadd",
    "operator.iconcat",
    "builtins.list.append",
    "builtins.list.insert",
    "builtins.list.extend",
    "builtins.list.__iadd__",
    "builtins.list.__setitem__",
    "builtins.dict.__setitem__",
    "builtins.dict.update",
    "builtins.dict.setdefault",
    "builtins.list.remove",
    "builtins.list.pop",
    "builtins.dict.pop",
    "bisect.insort",
    "bisect.insort_left",
    "bisect.insort_right",
    "heapq.heappush",
    "builtins.dict.get",
    "builtins.dict.__getitem__",
    "builtins.list.__getitem__",
    "builtins.dict.values",
    "builtins.dict.items",
)
def _unbound(machine: Machine, act: Activation, call: Call, name: str) -> None:
    """A container's method called through its type, or the function for its operator."""
    last = name.rpartition(".")[2]
    renamed = {
        "getitem": "__getitem__",
        "setitem": "__setitem__",
        "delitem": "__delitem__",
        "iadd": "extend",
        "iconcat": "extend",
        "insort": "append",
        "insort_left": "append",
        "insort_right": "append",
        "heappush": "append",
    }
    method = renamed.get(last, last)
    for atom in call.arg(0):
        inner = call.with_args(call.args[1:])
        if method == "__setitem__":
            mutation.set_item(machine, act, (atom,), call.arg(1), call.arg(2), call.node)
        elif method == "__delitem__":
            mutation.delete_item(machine, act, (atom,), call.arg(1), call.node)
        elif method == "__getitem__":
            call.cell.add(access.get_item(machine, act, atom, call.arg(1), call.node))
        else:
            for bound in attributes.read(machine, act, atom, method):
                calls.call_atom(machine, act, bound, inner)
    if last in {"iadd", "iconcat"}:
        call.cell.add(call.arg(0))
