"""Classes of which the standard library makes a part: enumerations, dataclasses, named tuples."""

from __future__ import annotations

import ast

from wheelwatch.code.extract import ancestry, calls
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.names import canonical
from wheelwatch.code.extract.values import (
    ANY,
    Atom,
    Box,
    Class,
    Const,
    Ext,
    Function,
    Instance,
    Value,
    join,
)

MEMBERS = "__members__"
"""The attribute under which an enumeration has its members."""
TUPLE = "_fields"
"""The attribute that says that a class is a named tuple."""
FIELD = "()field"
"""The name of the class of what ``dataclasses.field`` gives."""
SHARED = 64
"""Attributes of a made class that are looked at."""

_ENUMS = frozenset(
    f"enum.{name}" for name in ("Enum", "IntEnum", "Flag", "IntFlag", "StrEnum", "ReprEnum", "_Enum")
)


def finish(machine: Machine, act: Activation, owner: Class, node: ast.AST) -> None:
    """What the standard library does with a class when its body is done."""
    bases = [base for base in owner.mro() if base is not owner]
    names = {canonical(base.name) for base in bases if isinstance(base, Ext)}
    if "typing.NamedTuple" in names:
        owner.attributes.setdefault(TUPLE, ANY)
    if names & _ENUMS or any(isinstance(base, Class) and MEMBERS in base.attributes for base in bases):
        enumerate_members(machine, act, owner, node)


def enumerate_members(machine: Machine, act: Activation, owner: Class, node: ast.AST) -> None:
    """Make the attributes of an enumeration its members, each with its value."""
    members = Box("dict")
    for name, value in list(owner.attributes.items()):
        if name.startswith("_") or any(isinstance(atom, Function) for atom in value):
            continue
        member = Class(-1, ((owner,),), name)
        held: Value = (Const(name),)
        member.fields.update({"value": value, "_value_": value, "name": held, "_name_": held})
        members.items[name] = owner.attributes[name] = (Instance(member),)
        given = [atom for atom in value if isinstance(atom, Box)]
        args = list(given[0].items.values()) if given else [value]
        for method in ("__new__", "__init__"):
            for found in calls.atom_lookup(owner, method):
                if isinstance(found, Function):
                    first: Value = (owner,) if method == "__new__" else (Instance(member),)
                    machine.enter(act, found, Call([first, *args], {}, node))
    owner.attributes[MEMBERS] = (members,)
    for found in owner.attributes.get("_generate_next_value_", ()):
        if isinstance(found, Function):
            machine.enter(act, found, Call([ANY] * 4, {}, node))


def members_of(atom: Atom) -> Box | None:
    """The members of an enumeration, or the items of a named tuple."""
    if isinstance(atom, Class):
        return next((one for one in atom.attributes.get(MEMBERS, ()) if isinstance(one, Box)), None)
    if isinstance(atom, Instance) and TUPLE in atom.of.attributes:
        box = Box("tuple")
        for name in ordered(atom.of):
            box.items[len(box.items)] = atom.of.fields.get(name, ANY)
        return box
    return None


def ordered(owner: Class) -> list[str]:
    """The annotated names of a class and its bases: what a generated ``__init__`` takes."""
    found: dict[str, None] = {}
    for base in reversed([base for base in owner.mro() if isinstance(base, Class)]):
        found.update(base.order)
    return list(found)


def fill(machine: Machine, act: Activation, owner: Class, call: Call) -> None:
    """What a generated ``__init__`` does: arguments become attributes, factories and converters run."""
    given: dict[str, Value] = {}
    if not calls.atom_lookup(owner, "__init__"):
        given.update(zip(ordered(owner), call.args, strict=False))
        given.update(call.keywords)
    for name, value in given.items():
        owner.fields[name] = join(owner.fields.get(name, ()), value)
    for base in owner.mro():
        for name, value in list(base.attributes.items())[:SHARED] if isinstance(base, Class) else ():
            for atom in value:
                if isinstance(atom, Instance) and atom.of.name == FIELD:
                    _make_field(machine, act, owner, name, atom.of.fields, given.get(name), call)


def _make_field(
    machine: Machine,
    act: Activation,
    owner: Class,
    name: str,
    options: dict[str, Value],
    given: Value | None,
    call: Call,
) -> None:
    def store(value: Value) -> None:
        owner.fields[name] = join(owner.fields.get(name, ()), value)

    if given is None and options.get("factory"):
        calls.invoke(machine, act, options["factory"], [], {}, call.node, then=store)
    elif given is None and options.get("default"):
        store(options["default"])
    value = given or options.get("default", ANY)
    if options.get("converter"):
        calls.invoke(machine, act, options["converter"], [value], {}, call.node, then=store)
    if options.get("validator"):
        calls.invoke(machine, act, options["validator"], [(Instance(owner),), ANY, value], {}, call.node)


def make_class(
    machine: Machine,
    act: Activation,
    name: str,
    bases: Value,
    namespace: dict[str, Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Class:
    """A class that is made by a call: its functions become methods, the hooks of its bases run."""
    owner = Class(-1, (bases,), name)
    for key, value in namespace.items():
        owner.attributes[key] = value
        for atom in value:
            if isinstance(atom, Function) and atom.owner is None:
                atom.owner = owner
                if key in {"__init_subclass__", "__class_getitem__"} and not atom.wraps:
                    atom.wraps = "classmethod"
    metaclass = keywords.pop("metaclass", ())
    if metaclass:
        owner.attributes[ancestry.METACLASS] = metaclass
    finish(machine, act, owner, node)
    calls.made_class(machine, act, owner, node, keywords)
    return owner
