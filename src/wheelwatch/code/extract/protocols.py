"""Special methods that functions of the standard library call on the objects that they get."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from wheelwatch.code.extract import calls
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.values import (
    ANY,
    Atom,
    Bound,
    Box,
    Class,
    Const,
    Ext,
    Function,
    Instance,
    Value,
)
from wheelwatch.code.extract.vocabulary import is_standard

Groups = tuple[tuple[str, ...], ...]
"""Methods that are called; of each group the first one that a class has."""

_ITERATED: Groups = (("__iter__", "__getitem__"), ("__next__",))
_COUNTED: Groups = (*_ITERATED, ("__len__",), ("__length_hint__",))
_NUMBERED: Groups = (("__index__",),)
_MEASURED: Groups = (("__float__", "__index__"),)
_SHOWN: Groups = (("__str__", "__repr__"),)
_COMPARED: Groups = (("__lt__", "__gt__"),)
_HASHED: Groups = (("__hash__",), ("__eq__",))
_PATHED: Groups = (("__fspath__",),)
_PICKLED: Groups = (
    ("__reduce_ex__", "__reduce__"),
    ("__getstate__",),
    ("__getnewargs_ex__", "__getnewargs__"),
)
_MAPPED: Groups = (("keys",), ("__getitem__",), *_ITERATED)

_METHODS: Mapping[str, Groups] = {
    "builtins.abs": (("__abs__",),),
    "builtins.ascii": (("__repr__",),),
    "builtins.bin": _NUMBERED,
    "builtins.bool": (("__bool__", "__len__"),),
    "builtins.bytearray": (("__bytes__",), *_NUMBERED, *_ITERATED),
    "builtins.bytes": (("__bytes__",), *_NUMBERED, *_ITERATED),
    "builtins.callable": (),
    "builtins.chr": _NUMBERED,
    "builtins.complex": (("__complex__", "__float__", "__index__"),),
    "builtins.dict": _MAPPED,
    "builtins.dir": (("__dir__",),),
    "builtins.divmod": (("__divmod__",), ("__rdivmod__",)),
    "builtins.float": _MEASURED,
    "builtins.format": (("__format__", "__str__", "__repr__"),),
    "builtins.frozenset": _ITERATED,
    "builtins.getattr": (),
    "builtins.hasattr": (),
    "builtins.hash": (("__hash__",),),
    "builtins.hex": _NUMBERED,
    "builtins.id": (),
    "builtins.int": (("__int__", "__index__", "__trunc__"),),
    "builtins.isinstance": (),
    "builtins.issubclass": (),
    "builtins.len": (("__len__",),),
    "builtins.list": _COUNTED,
    "builtins.oct": _NUMBERED,
    "builtins.open": _PATHED,
    "builtins.pow": (("__pow__",), ("__rpow__",)),
    "builtins.print": _SHOWN,
    "builtins.range": _NUMBERED,
    "builtins.repr": (("__repr__",),),
    "builtins.reversed": (("__reversed__", "__len__"),),
    "builtins.round": (("__round__",),),
    "builtins.setattr": (),
    "builtins.slice": (),
    "builtins.str": _SHOWN,
    "builtins.sum": (*_ITERATED, ("__add__",), ("__radd__",)),
    "builtins.tuple": _COUNTED,
    "builtins.type": (),
    "builtins.vars": (),
    "copy.copy": (("__copy__",), *_PICKLED),
    "copy.deepcopy": (("__deepcopy__",), *_PICKLED),
    "json.dumps": (),
    "math.ceil": (("__ceil__", "__float__"),),
    "math.floor": (("__floor__", "__float__"),),
    "math.trunc": (("__trunc__",),),
    "operator.index": _NUMBERED,
    "operator.length_hint": (("__len__",), ("__length_hint__",)),
    "os.fspath": _PATHED,
    "pickle.dump": _PICKLED,
    "pickle.dumps": _PICKLED,
    "sys.getsizeof": (("__sizeof__",),),
    "sys.getrefcount": (),
    "time.sleep": _MEASURED,
}
_HEADS: Mapping[str, Groups] = {
    "math": (*_MEASURED, *_NUMBERED),
    "os": (*_PATHED, *_NUMBERED),
    "posixpath": _PATHED,
    "shutil": _PATHED,
    "itertools": _COUNTED,
    "statistics": (*_ITERATED, *_MEASURED),
    "heapq": (*_ITERATED, *_COMPARED),
    "bisect": _COMPARED,
    "pprint": (("__repr__",),),
    "random": (("__len__",), ("__getitem__",), *_NUMBERED),
    "struct": (*_NUMBERED, *_MEASURED),
    "collections": (*_ITERATED, *_HASHED),
    "decimal": _SHOWN,
    "fractions": _SHOWN,
}
"""The same for all functions of a module."""
_KEEPERS = frozenset(
    [
        "abc",
        "argparse",
        "atexit",
        "contextlib",
        "contextvars",
        "dataclasses",
        "enum",
        "functools",
        "inspect",
        "logging",
        "queue",
        "threading",
        "types",
        "typing",
        "unittest",
        "warnings",
        "weakref",
    ]
)
"""Modules whose functions keep an object without asking it anything."""
_OTHERS: Groups = (
    *_COUNTED,
    *_SHOWN,
    *_NUMBERED,
    *_MEASURED,
    *_PATHED,
    *_HASHED,
    *_COMPARED,
    *_PICKLED,
    ("__bool__",),
    ("__bytes__",),
    ("__contains__",),
)
"""What any other function of the standard library may call."""
_OPERATORS = frozenset(
    [
        "abs",
        "add",
        "and",
        "concat",
        "contains",
        "delitem",
        "eq",
        "floordiv",
        "ge",
        "getitem",
        "gt",
        "iadd",
        "iand",
        "ifloordiv",
        "ilshift",
        "imatmul",
        "imod",
        "imul",
        "index",
        "inv",
        "invert",
        "ior",
        "ipow",
        "irshift",
        "isub",
        "itruediv",
        "ixor",
        "le",
        "lshift",
        "lt",
        "matmul",
        "mod",
        "mul",
        "ne",
        "neg",
        "or",
        "pos",
        "pow",
        "rshift",
        "setitem",
        "sub",
        "truediv",
        "xor",
    ]
)
_INSIDE: Mapping[str, Groups] = {
    "builtins.all": (("__bool__", "__len__"),),
    "builtins.any": (("__bool__", "__len__"),),
    "builtins.dict": _HASHED,
    "builtins.frozenset": _HASHED,
    "builtins.max": _COMPARED,
    "builtins.min": _COMPARED,
    "builtins.print": (("__repr__",),),
    "builtins.repr": (("__repr__",),),
    "builtins.set": _HASHED,
    "builtins.sorted": _COMPARED,
    "builtins.str": (("__repr__",),),
    "builtins.sum": (("__add__",), ("__radd__",)),
    "copy.deepcopy": (("__deepcopy__",), *_PICKLED),
    "pickle.dump": _PICKLED,
    "pickle.dumps": _PICKLED,
}
"""Methods that are called on the items of a container."""


def touch(machine: Machine, act: Activation, name: str, call: Call) -> None:
    """Call the special methods that an outer function uses on objects of this file's classes."""
    if name in {"builtins.isinstance", "builtins.issubclass"}:
        _check(machine, act, name, call)
    known = _METHODS.get(name)
    for value in call.all():
        objects = tuple(
            atom for atom in value if isinstance(atom, Instance) or (known and isinstance(atom, Ext))
        )
        if objects:
            _ask(machine, act, objects, known if known is not None else _groups(machine, name), call)
        inside = _INSIDE.get(name)
        for atom in value if inside else ():
            if isinstance(atom, Box) and inside:
                _ask(machine, act, atom.union(), inside, call)


def _ask(machine: Machine, act: Activation, objects: Value, groups: Groups, call: Call) -> None:
    objects = tuple(atom for atom in objects if isinstance(atom, (Instance, Ext)))
    for names in groups:
        args = (ANY,) if names[0] in _BINARY else ()
        calls.protocol(machine, act, [objects], names, call.node, args, then=call.cell.add)


_BINARY = frozenset({"__lt__", "__eq__", "__add__", "__radd__", "__pow__", "__rpow__", "__divmod__"}) | {
    "__rdivmod__",
    "__getitem__",
    "__contains__",
    "__deepcopy__",
    "__reduce_ex__",
    "__format__",
}
"""Methods that get another argument."""


def _groups(machine: Machine, name: str) -> Groups:
    head, _, last = name.rpartition(".")
    if head == "operator":
        word = last.strip("_")
        return ((f"__{word}__",), (f"__r{word}__",)) if word in _OPERATORS else ()
    top = name.partition(".")[0]
    found = _HEADS.get(head) or _HEADS.get(top)
    if found is not None:
        return found
    is_open = is_standard(name) and top not in _KEEPERS and top != "builtins"
    return _OTHERS if is_open and machine.is_importing else ()


def _check(machine: Machine, act: Activation, name: str, call: Call) -> None:
    """``isinstance`` and ``issubclass`` ask the metaclass, and the hook of an abstract class."""
    method = "__instancecheck__" if name.endswith("instance") else "__subclasscheck__"
    for atom in call.arg(1):
        if not isinstance(atom, Class):
            continue
        calls.protocol(machine, act, [(atom,)], (method,), call.node, (call.arg(0),))
        for found in calls.atom_lookup(atom, "__subclasshook__"):
            if isinstance(found, Function):
                calls.call_atom(machine, act, Bound(found, atom), Call([call.arg(0)], {}, call.node))


_KEPT = frozenset(
    {"append", "appendleft", "add", "put", "put_nowait", "setdefault", "insert", "__setitem__"}
)
"""Methods of containers that keep what they get."""
_SEARCHED = frozenset({"index", "count", "remove", "__contains__", "discard"})


def handle(machine: Machine, act: Activation, base: Atom, name: str, call: Call) -> None:
    """A method of plain data gets objects of this file's classes, or compares those that it holds."""
    if isinstance(base, Box) and (name in _SEARCHED or name == "sort"):
        inside: Groups = _COMPARED if name == "sort" else (("__eq__",),)
        _ask(machine, act, base.union(), inside, call)
    if name in _KEPT or (isinstance(base, Box) and name in {"get", "pop"} and base.kind != "dict"):
        return
    for value in call.all():
        objects = tuple(atom for atom in value if isinstance(atom, Instance))
        if objects:
            _ask(machine, act, objects, (*_MAPPED, *_NUMBERED, *_HASHED), call)


def iterate(machine: Machine, act: Activation, node: ast.expr) -> None:
    """Go through objects of this file's classes: what they give stands in ``act.memo`` instead of them."""
    value = act.memo.get(node, ANY)
    objects = tuple(atom for atom in value if isinstance(atom, (Instance, Class)))
    if not objects:
        return
    act.push(_next, node)
    calls.protocol(machine, act, [objects], ("__iter__", "__aiter__"), node, result=node)


def _next(machine: Machine, act: Activation, node: ast.expr) -> None:
    box = Box("list")
    act.push(_given, node, box)
    value = act.memo.get(node, ANY)
    calls.protocol(machine, act, [value], ("__next__", "__anext__"), node, then=box.add)
    if not any(isinstance(atom, Box) for atom in value):
        calls.protocol(machine, act, [value], ("__getitem__",), node, (ANY,), then=box.add)


def _given(_: Machine, act: Activation, node: ast.expr, box: Box) -> None:
    value = act.memo.get(node, ANY)
    act.memo[node] = (*value, box) if box.rest else value


def looked_up(machine: Machine, act: Activation, base: Value, key: Value, node: object) -> None:
    """``base[key]`` with an object of this file's classes as the key."""
    objects = tuple(atom for atom in key if isinstance(atom, Instance))
    if not objects or not all(isinstance(atom, (Box, Const, Ext)) for atom in base):
        return
    is_table = any(isinstance(atom, Box) and atom.kind == "dict" for atom in base)
    for names in _HASHED if is_table else _NUMBERED:
        calls.protocol(machine, act, [objects], names, node, (ANY,) if names == ("__eq__",) else ())  # type: ignore[arg-type]  # a node
