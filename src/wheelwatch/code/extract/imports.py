"""Import statements: the names that they bind and, in a group of files, the modules that they run."""

from __future__ import annotations

import ast

from wheelwatch.code.extract import attributes, calls
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.library import Library
from wheelwatch.code.extract.machine import Machine, handles
from wheelwatch.code.extract.values import Const, Ext, Own, Value, join
from wheelwatch.model import EdgeKind, Ref


@handles(ast.Import)
def _import(machine: Machine, act: Activation, node: ast.Import) -> None:
    library = machine.library
    for alias in node.names:
        machine.record.edge(act, node, EdgeKind.IMPORT, Ref(name=alias.name))
        if library is None:
            _bind_module(machine, act, alias)
    for alias in reversed(node.names) if library is not None else ():
        act.push(_bind_module, alias)
        library.run(act, alias.name)  # type: ignore[union-attr]  # told by the loop


def _bind_module(machine: Machine, act: Activation, alias: ast.alias) -> None:
    name = alias.name if alias.asname else alias.name.partition(".")[0]
    act.bind(alias.asname or name, join(module(machine, act, name), machine.modules.get(name, ())))


def module(machine: Machine, act: Activation, name: str, *, hidden: bool = False) -> Value:
    """A module by its name: one of the group as an object, any other as a name."""
    library = machine.library
    if library is None:
        return (Ext(name, hidden),)
    return library.module(act, name) or (Ext(library.absolute(act, name), hidden),)


def is_held(machine: Machine, act: Activation, name: str) -> bool:
    """Whether a module is one of the group, and was imported."""
    return machine.library is not None and machine.library.module(act, name) is not None


@handles(ast.ImportFrom)
def _import_from(machine: Machine, act: Activation, node: ast.ImportFrom) -> None:
    name = "." * node.level + (node.module or "")
    if name == "__future__":
        return
    is_star = node.names[0].name == "*"
    machine.record.edge(act, node, EdgeKind.STAR if is_star else EdgeKind.IMPORT, Ref(name=name))
    joint = "" if not name.strip(".") else "."
    inner = [] if is_star else [f"{name}{joint}{alias.name}" for alias in node.names]
    for one in inner:
        machine.record.edge(act, node, EdgeKind.IMPORT, Ref(name=one))
    if machine.library is None:
        _bind_names(machine, act, node, name)
        return
    act.push(_bind_names, node, name)
    for one in (*reversed(inner), name):
        machine.library.run(act, one)


def _bind_names(machine: Machine, act: Activation, node: ast.ImportFrom, name: str) -> None:
    library = machine.library
    if node.names[0].name == "*":
        _bind_all(machine, act, name)
        return
    found = library.module(act, name) if library is not None else None
    for alias in node.names:
        bound = alias.asname or alias.name
        if library is not None and found is not None:
            _bind_member(machine, act, library, found[0], alias, node)
        else:
            outer = Ext(library.absolute(act, name) if library is not None else name)
            made = machine.modules.get(name, ())
            known = (attributes.read(machine, act, atom, alias.name) for atom in made)
            act.bind(bound, join(attributes.outer(act, outer, alias.name), *known))


def _bind_member(
    machine: Machine, act: Activation, library: Library, base: object, alias: ast.alias, node: ast.AST
) -> None:
    """A name out of a module of the group; its ``__getattr__`` is asked for what it does not have."""
    if not isinstance(base, Own):
        return
    bound = alias.asname or alias.name
    value = library.read(base.activation, alias.name)
    hook = base.activation.everything.get("__getattr__")
    if value is None and hook:

        def done(made: Value) -> None:
            act.bind(bound, made)

        calls.invoke(machine, act, hook, [(Const(alias.name),)], {}, node, then=done)
        return
    act.bind(bound, value if value is not None else machine.ambient(base.activation, alias.name))


def _bind_all(machine: Machine, act: Activation, name: str) -> None:
    library = machine.library
    found = library.module(act, name) if library is not None else None
    if library is None or found is None or not isinstance(found[0], Own):
        machine.star(act, library.absolute(act, name) if library is not None else name)
        return
    activation = found[0].activation
    for public in library.public(activation):
        value = library.read(activation, public)
        if value is not None:
            act.bind(public, value)
    act.module.stars.extend(activation.stars)
