"""Functions that make classes, or what classes are made of."""

from __future__ import annotations

from wheelwatch.code.extract import access, attributes, calls, definitions, shapes
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.fold import first, texts
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.models import model
from wheelwatch.code.extract.names import canonical
from wheelwatch.code.extract.values import (
    ANY,
    Box,
    Class,
    Ext,
    Function,
    Instance,
    Native,
    Value,
    join,
)


@model("builtins.type")
def _type(machine: Machine, act: Activation, call: Call, _: str) -> None:
    """``type(x)`` names a class; ``type(name, bases, namespace)`` makes one."""
    if len(call.args) >= 3:
        call.cell.add((_made(machine, act, call, _namespace(call.arg(2)), dict(call.keywords)),))
        return
    for atom in call.arg(0):
        if isinstance(atom, Instance):
            call.cell.add((atom.of,))
        elif isinstance(atom, Ext):
            call.cell.add(
                (atom,) if canonical(atom.name) not in {"sys", "os"} else (Ext("types.ModuleType"),)
            )
        elif isinstance(atom, Function):
            call.cell.add((Ext("types.FunctionType"),))
        else:
            call.cell.add((Ext(f"builtins.{attributes.class_name(atom)}"),))


def _namespace(value: Value) -> dict[str, Value]:
    return {
        key: held
        for atom in value
        if isinstance(atom, Box)
        for key, held in atom.items.items()
        if isinstance(key, str)
    }


def _made(
    machine: Machine, act: Activation, call: Call, namespace: dict[str, Value], keywords: dict[str, Value]
) -> Class:
    bases = join(*(access.items_of(call.arg(1, "bases")) or []))
    name = first(call.arg(0, "name"), str) or ""
    return shapes.make_class(machine, act, name, bases, namespace, keywords, call.node)


@model("types.new_class")
def _new_class(machine: Machine, act: Activation, call: Call, _: str) -> None:
    """``types.new_class(name, bases, keywords, body)``: the body is called with the namespace."""
    space = Box("dict")

    def make(_: Value) -> None:
        keywords = _namespace(call.arg(2, "kwds"))
        metaclass = keywords.get("metaclass", ())
        owner = _made(machine, act, call, _namespace((space,)), keywords)
        for atom in metaclass:
            if isinstance(atom, Class):
                definitions.instantiate(machine, act, call.node, owner, atom)
            else:
                calls.call_atom(machine, act, atom, Call([ANY, ANY, ANY], {}, call.node))
        call.cell.add((owner,))

    calls.invoke(machine, act, call.arg(3, "exec_body"), [(space,)], {}, call.node, then=make)


@model("builtins.super")
def _super(machine: Machine, act: Activation, call: Call, _: str) -> None:
    """The bases of the class that the running method belongs to."""
    del machine
    call.cell.add(bases(act))


def bases(act: Activation) -> Value:
    """What ``super()`` is in a running method: the bases, as objects if its first argument is one."""
    found: list[Value] = []
    method = act.owner
    for value in [act.everything.get(name, ()) for name in list(act.everything)[:1]]:
        for atom in value:
            owner = atom.of if isinstance(atom, Instance) else atom if isinstance(atom, Class) else None
            if owner is None:
                continue
            # The class that the method stands in says where the search goes on, the object what it is of.
            above = method if method is not None and method in owner.mro() else owner
            for base in join(*above.bases):
                if isinstance(base, Class):
                    whole = Instance(base, owner if owner is not base else None)
                    found.append((whole,) if isinstance(atom, Instance) else (base,))
                elif isinstance(base, Ext):
                    found.append((base,))
    return join(*found)


@model("dataclasses.field", "attr.ib", "attr.attrib", "attr.field", "attrs.field", "pydantic.Field")
def _field(_: Machine, act: Activation, call: Call, __: str) -> None:
    """One field of a class whose ``__init__`` is generated."""
    del act
    made = Class(-1, (), shapes.FIELD)
    for name, value in call.keywords.items():
        made.fields[{"default_factory": "factory"}.get(name, name)] = value
    call.cell.add((Instance(made),))


@model("collections.namedtuple", "typing.NamedTuple", "dataclasses.make_dataclass")
def _tuple(_: Machine, act: Activation, call: Call, name: str) -> None:
    """A class with named fields, made by a call."""
    del act
    owner = Class(-1, (), first(call.arg(0, "typename"), str) or "")
    for text, _how in texts(call.arg(1, "field_names")):
        owner.order.update(dict.fromkeys(text.replace(",", " ").split()))
    for value in access.items_of(call.arg(1, "field_names")) or []:
        head = value if texts(value) else (access.items_of(value) or [()])[0]
        owner.order.update(dict.fromkeys(text for text, _ in texts(head)))
    if name != "dataclasses.make_dataclass":
        owner.attributes[shapes.TUPLE] = ANY
    call.cell.add((owner,))


@model("enum.Enum", "enum.IntEnum", "enum.Flag", "enum.IntFlag")
def _enum(machine: Machine, act: Activation, call: Call, name: str) -> None:
    """``enum.Enum(name, members)``: members by mapping, pairs or names."""
    namespace = _namespace(call.arg(1, "names"))
    for row in access.items_of(call.arg(1, "names")) or []:
        pair = access.items_of(row)
        if pair and len(pair) == 2:
            namespace.update({text: pair[1] for text, _ in texts(pair[0])})
    owner = shapes.make_class(
        machine, act, first(call.arg(0), str) or "", (Ext(name),), namespace, {}, call.node
    )
    call.cell.add((owner,))


@model("functools.singledispatch", "functools.singledispatchmethod")
def _dispatch(_: Machine, act: Activation, call: Call, __: str) -> None:
    """A function with others for other types: whichever is registered may be called."""
    del act
    owner = Class(-1, (), "singledispatch")
    owner.attributes["__call__"] = call.arg(0)

    def add(_: Machine, __: Activation, given: Call) -> None:
        functions = tuple(
            atom for value in given.args for atom in value if isinstance(atom, (Function, Native))
        )
        if functions:
            owner.attributes["__call__"] = join(owner.attributes["__call__"], functions)
        given.cell.add(functions or (Native(add),))

    owner.attributes["register"] = (Native(add),)
    call.cell.add((Instance(owner), *call.arg(0)))
