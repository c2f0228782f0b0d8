"""Classes whose bases stand in other files: what runs of those bases is an edge to their names."""

from __future__ import annotations

import ast

from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.names import canonical
from wheelwatch.code.extract.values import Atom, Class, Ext
from wheelwatch.code.extract.vocabulary import is_standard
from wheelwatch.model import EdgeKind, Ref

METACLASS = "__class__"
"""The attribute of a class under which its metaclass is bound, for classes that inherit it."""


def outer_bases(owner: Class) -> tuple[str, ...]:
    """The names of the bases that stand in other files, but for the standard library's."""
    if owner.outer is None:
        owner.outer = _outer([canonical(atom.name) for atom in owner.mro() if isinstance(atom, Ext)])
    return owner.outer


def _outer(names: list[str]) -> tuple[str, ...]:
    """Those of these names that other files of a set may bind."""
    plain = (name.replace("[]", "") for name in names)
    return tuple(
        dict.fromkeys(
            name for name in plain if name.strip("._") and "*" not in name and not is_standard(name)
        )
    )


def construct(machine: Machine, act: Activation, owner: Class, node: ast.AST, kind: EdgeKind) -> None:
    """An object is made: constructors of the bases, through the class; the metaclass's call; its end."""
    bases = outer_bases(owner)
    if bases and owner.scope >= 0:
        machine.record.edge(act, node, kind, Ref(scope=owner.scope))
    for meta in owner.attributes.get(METACLASS, ()):
        if isinstance(meta, Ext) and not is_standard(meta.name):
            machine.record.edge(act, node, kind, Ref(name=f"{canonical(meta.name)}.__call__"))
    for base in bases:
        machine.record.edge(act, node, kind, Ref(name=f"{base}.{METACLASS}.__call__"))
        machine.record.edge(act, node, EdgeKind.DEFER, Ref(name=f"{base}.__del__"))


def make(machine: Machine, act: Activation, owner: Class, node: ast.AST) -> None:
    """A class is made: the metaclass of each base makes it."""
    for base in outer_bases(owner):
        machine.record.edge(act, node, EdgeKind.CALL, Ref(name=f"{base}.{METACLASS}"))


def ask(machine: Machine, act: Activation, atom: Atom, names: tuple[str, ...], node: ast.AST) -> None:
    """A special method is looked up on an object whose class, or a base of it, stands in another file.

    Objects of foreign classes themselves are only followed in what an import runs: everywhere else
    nearly every value would be one.
    """
    bases: tuple[str, ...] = ()
    if isinstance(atom, Class):
        bases = outer_bases(atom)
    elif isinstance(atom, Ext) and machine.is_importing and atom.name.endswith("()"):
        bases = _outer([canonical(atom.name)])
    for base in bases:
        for name in names:
            machine.record.edge(act, node, EdgeKind.CALL, Ref(name=f"{base}.{name}"))


def get(machine: Machine, act: Activation, atom: Atom, name: str, node: ast.AST) -> None:
    """An attribute is read while a module is imported: a property may run, or ``__getattr__``."""
    if machine.is_importing and not name.startswith("__"):
        ask(machine, act, atom, (name, "__getattr__", "__getattribute__"), node)


def subscribe(machine: Machine, act: Activation, atom: Atom, node: ast.AST) -> None:
    """``thing[...]`` while a module is imported, of an object or class of another file."""
    if isinstance(atom, Ext) and not atom.name.endswith("()") and machine.is_importing:
        for name in _outer([canonical(atom.name)]):
            machine.record.edge(act, node, EdgeKind.CALL, Ref(name=f"{name}.__class_getitem__"))
    else:
        ask(machine, act, atom, ("__getitem__",), node)
