"""Attributes: of outer objects by dotted name, of this file's classes and functions by look-up."""

from __future__ import annotations

import ast

from wheelwatch.code.extract import ancestry, calls, pure, reflection
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.names import NAME, searched
from wheelwatch.code.extract.values import (
    ANY,
    COMPUTED,
    NOTHING,
    SEARCHED_NAME,
    Atom,
    Bound,
    Box,
    Class,
    Code,
    Const,
    Ext,
    Flag,
    Function,
    Getter,
    Instance,
    Method,
    Native,
    Own,
    Part,
    Partial,
    Space,
    Unknown,
    Value,
    join,
    taint,
)

_MODULES = {
    "sys": "sys",
    "_sys": "sys",
    "builtins": "builtins",
    "_os": "os",
    "__builtins__": "builtins",
    "threading": "threading",
    "_threading": "threading",
    "os": "os",
    "importlib": "importlib",
    "__import__": "builtins.__import__",
    "subprocess": "subprocess",
    "gc": "gc",
    "codecs": "codecs",
}
_TREE = frozenset({"body", "value", "func", "args", "targets", "keywords", "orelse", "test", "elts"})
"""Attributes of syntax trees that lead to their parts."""
_PATH_PARTS = frozenset({"stem", "name", "suffix"})
"""Attributes of a path that is kept as its text."""
_NOBODY = Unknown()
_FRAMES = {"f_builtins": "builtins", "__builtins__": "builtins"}


def attribute(machine: Machine, act: Activation, base: Value, name: str, node: ast.expr) -> None:
    """``base.name`` into ``act.memo[node]``; properties and ``__getattr__`` of own classes are called."""
    if base is ANY:
        act.memo[node] = _of_unknown(_NOBODY, name)
        return
    found: list[Value] = []
    for atom in base:
        if isinstance(atom, (Instance, Class)):
            value = find(atom, name)
            if not value and isinstance(atom, Class):
                found.append(_of_metaclass(machine, act, atom, name, node))
                continue
            found.append(bind(machine, act, atom, name, value, node))
            if isinstance(atom, Instance) and name not in atom.of.fields:
                ancestry.get(machine, act, atom.of, name, node)
        else:
            found.append(read(machine, act, atom, name))
            if machine.is_importing:
                ancestry.get(machine, act, atom, name, node)
            own = _own_module(machine, act, atom)
            if own is not None:
                _ask_module(machine, act, own, name, node)
    act.memo[node] = join(*found) or ANY


def _own_module(machine: Machine, act: Activation, atom: Atom) -> Activation | None:
    """The module that an atom is, if it was analysed here."""
    if isinstance(atom, Ext) and atom.name == "__own__":
        return act.module
    found = _in_library(machine, act, atom)
    return found.activation if isinstance(found, Own) else None


def _in_library(machine: Machine, act: Activation, atom: Atom) -> Atom:
    """A module of the group instead of its name."""
    if machine.library is None or not isinstance(atom, Ext):
        return atom
    found = machine.library.module(act, atom.name)
    return found[0] if found else atom


def _of_metaclass(machine: Machine, act: Activation, owner: Class, name: str, node: ast.expr) -> Value:
    """An attribute that a class does not have: its metaclass's, with the class as the object."""
    found: list[Value] = []
    for meta in owner.attributes.get(ancestry.METACLASS, NOTHING):
        for one in calls.atom_lookup(meta, name) if isinstance(meta, Class) else ():
            method = Bound(one, owner) if isinstance(one, Function) else one
            if isinstance(one, Function) and one.wraps == "property":
                calls.invoke(machine, act, (method,), [], {}, node, result=node, keep=True)
            else:
                found.append((method,))
        if isinstance(meta, Class) and not found:
            calls.protocol(machine, act, [(owner,)], ("__getattr__",), node, ((Const(name),),), result=node)
    return join(*found)


def _ask_module(machine: Machine, act: Activation, module: Activation, name: str, node: ast.expr) -> None:
    """A module's ``__getattr__``, for a name that the module does not have."""
    hook = module.everything.get("__getattr__")
    if hook and name not in module.everything:
        calls.invoke(machine, act, hook, [(Const(name),)], {}, node, result=node, keep=True)


def read(machine: Machine, act: Activation, atom: Atom, name: str, *, hidden: bool = False) -> Value:
    """An attribute of one atom, without calling anything."""
    atom = _in_library(machine, act, atom)
    if isinstance(atom, Ext):
        return outer(act, atom, name, hidden=hidden)
    if isinstance(atom, Own):
        if name == "__dict__":
            return (Space(atom),)
        held = machine.library.read(atom.activation, name) if machine.library is not None else None
        return held if held is not None else machine.look(atom.activation, name)
    if isinstance(atom, (Instance, Class)):
        return join(*(bound(atom, one) for one in find(atom, name))) or ANY
    if isinstance(atom, Function):
        return reflection.of_function(atom, name)
    if isinstance(atom, Bound):
        return {"__func__": (atom.function,), "__self__": (atom.first,), "__call__": (atom,)}.get(
            name
        ) or reflection.of_function(atom.function, name)
    if isinstance(atom, Partial):
        return {"func": (atom.callee,), "__call__": (atom,)}.get(name, ANY)
    if isinstance(atom, Unknown):
        return _of_unknown(atom, name)
    if isinstance(atom, (Getter, Native)) or (isinstance(atom, Method) and name == "__call__"):
        return (atom,)
    if isinstance(atom, (Const, Box, Part, Space, Flag, Code)):
        return _of_data(atom, name)
    return taint((atom,))


def _of_data(atom: Const | Box | Part | Space | Flag | Code, name: str) -> Value:
    if name == "__class__":
        return (Ext(f"builtins.{class_name(atom)}"),)
    if name in _PATH_PARTS and isinstance(atom, Const) and isinstance(atom.value, str):
        last = atom.value.rpartition("/")[2]
        stem, dot, suffix = last.rpartition(".")
        parts = {"name": last, "stem": stem or last, "suffix": dot + suffix if stem else ""}
        return (Const(parts[name], COMPUTED),)
    if isinstance(atom, Code) and name in _TREE:
        return (atom,)
    if isinstance(atom, Code) and name.startswith("co_"):
        return SEARCHED_NAME
    return (Method(atom, name),)


def class_name(atom: Atom) -> str:
    """The name of the builtin class of plain data."""
    if isinstance(atom, Box):
        return atom.kind
    return type(atom.value).__name__ if isinstance(atom, Const) else "object"


def outer(act: Activation, atom: Ext, name: str, *, hidden: bool = False) -> Value:
    """An attribute of something outside this file."""
    hidden = hidden or atom.hidden
    if atom.name == "__own__":
        return read_own(act, name)
    if atom.name.startswith("*"):
        return _of_any_module(name)
    if name == "__dict__":
        return (Space(atom),)
    if name in {"__getattribute__", "__getattr__", "__getitem__", "__setattr__"} and "()" not in atom.name:
        return (Method(atom, name),)
    if name in {"__globals__", "f_globals"}:
        module = atom.name.split(".", 1)[0]
        return (Space(Own(act.module)),) if "_getframe" in atom.name else (Space(Ext(module, hidden)),)
    if name in _FRAMES and "sys.modules" not in atom.name:
        return (Space(Ext("builtins", hidden)),)
    if name == "__self__":
        return (Ext(atom.name.rpartition(".")[0] or "builtins", hidden),)
    if name in {"__call__", "__wrapped__", "__func__"}:
        return (atom,)
    if len(atom.name) + len(name) > NAME:
        return (Unknown(searched=hidden),)
    full = (
        f"{atom.name}{name}"
        if atom.name.endswith(".") and not atom.name.strip(".")
        else f"{atom.name}.{name}"
    )
    if name == "TYPE_CHECKING" and atom.name in {"typing", "typing_extensions"}:
        return (Flag("type-checking", default=False),)
    constant = pure.CONSTANTS.get(full)
    if constant is not None:
        return (Const(constant, COMPUTED),)
    return (Ext(full, hidden),)


def read_own(act: Activation, name: str) -> Value:
    """A name of this module."""
    if name == "__dict__":
        return (Space(Own(act.module)),)
    return act.module.everything.get(name, ANY)


def _of_any_module(name: str) -> Value:
    """An attribute of a module that was searched for: the hook of that name, if there is one."""
    found = searched(name, is_module=True)
    if found is not None:
        return (Ext(found, hidden=True),)
    return (Ext(_MODULES[name], hidden=True),) if name in _MODULES else ANY


def _of_unknown(atom: Unknown, name: str) -> Value:
    if name in {"f_builtins", "__builtins__"}:
        return (Space(Ext("builtins", hidden=True)),)
    if name in {"__globals__", "f_globals"}:
        return (Space(Ext("*", hidden=True)),)
    if name in {"_sys", "sys"}:
        return (Ext("sys", hidden=True),)
    if atom.decoded or atom.searched:
        found = searched(name, is_module=False)
        return (Ext(found, hidden=True),) if found is not None else (atom,)
    return ANY


def find(atom: Instance | Class, name: str) -> Value:
    """What an attribute of a class of this file, or of its instances, may be; not bound yet."""
    owner = atom.of if isinstance(atom, Instance) else atom
    if name == "__class__":
        return (owner,) if isinstance(atom, Instance) else (Ext("builtins.type"),)
    if name == "__dict__":
        return (Space(atom),)
    if name in {"__getattribute__", "__setattr__", "__subclasses__"} and name not in owner.attributes:
        return (Method(atom, name),)
    if name in {"__name__", "__qualname__"} and isinstance(atom, Class) and name not in owner.attributes:
        return (Const(owner.name, COMPUTED),) if owner.name else ANY
    if name in {"_fields", "__annotations__", "__match_args__", "__slots__"} and owner.order:
        return (reflection.words(name, owner),)
    fields = owner.fields.get(name, NOTHING) if isinstance(atom, Instance) else NOTHING
    for place in owner.mro():
        if isinstance(place, Ext):
            if name.startswith("__") or place.name == "builtins.object":
                continue
            return join(fields, (Ext(f"{place.name}.{name}", place.hidden),))
        value = place.attributes.get(name)
        if value is None and isinstance(atom, Instance):
            value = place.fields.get(name)
        if value is not None:
            return join(fields, value)
    return fields


def bound(atom: Instance | Class, value: Atom) -> Value:
    """A function of a class as one gets it through an object."""
    if isinstance(atom, Instance) and atom.whole is not None:
        atom = Instance(atom.whole)
    if isinstance(value, Ext) and isinstance(atom, Instance) and _is_inherited(atom.of, value):
        return (Partial(value, ((atom,),)),)
    if not isinstance(value, Function) or value.owner is None or value.wraps == "staticmethod":
        return (value,)
    if value.wraps == "classmethod":
        return (Bound(value, atom.of if isinstance(atom, Instance) else atom),)
    return (Bound(value, atom),) if isinstance(atom, Instance) else (value,)


def _is_inherited(owner: Class, value: Ext) -> bool:
    """Whether an outer name is a method that a class of this file inherits."""
    head = value.name.rpartition(".")[0]
    return any(isinstance(base, Ext) and base.name == head for base in owner.mro())


def bind(
    machine: Machine, act: Activation, atom: Instance | Class, name: str, value: Value, node: ast.expr
) -> Value:
    """What one gets: functions bound, properties and descriptors called, ``__getattr__`` asked."""
    if not value:
        if isinstance(atom, Instance) and find(atom, "__getattr__"):
            calls.protocol(machine, act, [(atom,)], ("__getattr__",), node, ((Const(name),),), result=node)
        return NOTHING
    found: list[Value] = []
    for one in value:
        if isinstance(one, Function) and one.wraps == "property" and isinstance(atom, Instance):
            calls.invoke(machine, act, (Bound(one, atom),), [], {}, node, result=node)
        elif isinstance(one, Instance) and find(one, "__get__"):
            calls.protocol(machine, act, [(one,)], ("__get__",), node, ((atom,), ANY), result=node)
        else:
            found.append(bound(atom, one))
    if isinstance(atom, Instance) and atom.of.attributes.get("__getattribute__"):
        calls.protocol(machine, act, [(atom,)], ("__getattribute__",), node, ((Const(name),),), result=node)
    return join(*found)


def any_of(atom: Class | Instance | Own) -> Value:
    """Whatever an object of this file holds."""
    if isinstance(atom, Own):
        return join(*list(atom.activation.everything.values())[:64])
    owner = atom.of if isinstance(atom, Instance) else atom
    return join(*owner.attributes.values(), *owner.fields.values())
