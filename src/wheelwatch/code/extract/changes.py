"""Changes of containers outside this file: lists and tables of hooks, modules, the environment."""

from __future__ import annotations

import ast

from wheelwatch.code.extract import access, finders, mutation, paths
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.fold import first, texts
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.names import canonical, mutate_api
from wheelwatch.code.extract.values import (
    ANY,
    Box,
    Class,
    Ext,
    Instance,
    Part,
    Value,
)
from wheelwatch.model import Confidence, Kind

FOLDER = 120
"""Code points of a folder that a site keeps."""

REMOVERS = frozenset({"remove", "pop", "clear", "__delitem__", "popitem", "discard"})
ADDERS = frozenset(
    [
        "append",
        "extend",
        "insert",
        "__iadd__",
        "__setitem__",
        "update",
        "setdefault",
        "__ior__",
        "add",
        "appendleft",
        "sort",
        "reverse",
        "__imul__",
    ]
)


def change(
    machine: Machine, act: Activation, atom: Ext, how: str, args: list[Value], node: ast.AST
) -> bool:
    """A change of an outer container by one of its methods; whether the catalogue knows it."""
    name = canonical(atom.name)
    if name in {"os.environ", "os.environb"}:
        return _change_environment(machine, act, how, args, node)
    api = mutate_api(name)
    if api is None or how not in REMOVERS | ADDERS:
        return False
    shown = api.name if api.name.startswith("*") else name
    value = args[-1] if args else ANY
    if name == "sys.modules":
        _change_modules(machine, act, how, args, node)
        return True
    clears = how in REMOVERS or (
        how in {"__setitem__", "sort", "reverse"} and mutation.is_restoring(value, name)
    )
    kind_of_finder = _finder(value)
    machine.record.site(
        act,
        node,
        api.kind,
        shown,
        api=api,
        clears=clears,
        obfuscated=machine.is_hidden(atom),
        callback=value,
        own_names=kind_of_finder is not None,
        detail=kind_of_finder or (folder(value) if name == "sys.path" else ""),
    )
    if not clears:
        for atom_value in [value, *(access.items_of(value) or [])]:
            mutation.defer(machine, act, atom_value, node)
    return True


def folder(value: Value) -> str:
    """What a folder is that is put on the path, or how it ends, as far as that is known."""
    values = [value, *(access.items_of(value) or [])]
    return next((end[-FOLDER:] for one in values for end in paths.ends(one) if end), "")


def _finder(value: Value) -> str | None:
    for one in [value, *(access.items_of(value) or [])]:
        for atom in one:
            if isinstance(atom, (Instance, Class)):
                return finders.own_names(atom if isinstance(atom, Class) else atom.of)
    return None


def _change_environment(
    machine: Machine, act: Activation, how: str, args: list[Value], node: ast.AST
) -> bool:
    if how in REMOVERS or not args:
        return how in REMOVERS and how != "pop"  # which has a value, and its model knows it
    names = [*(text for text, _ in texts(args[0])), (first(args[0], bytes) or b"").decode("latin-1")]
    _note_variables(machine, act, [*names, *_keys(args)], node)
    return True


def give(machine: Machine, act: Activation, values: list[Value], node: ast.AST) -> None:
    """What a process is started with: a table that puts a folder on its path makes it run what is there."""
    _note_variables(machine, act, [name for name in _keys(values) if name == "PYTHONPATH"], node)


def _keys(values: list[Value]) -> list[str]:
    boxes = [atom for value in values for atom in value if isinstance(atom, Box)]
    return [key for box in boxes for key in box.items if isinstance(key, str)]


def _note_variables(machine: Machine, act: Activation, names: list[str], node: ast.AST) -> None:
    for text in names:
        api = mutate_api(f"os.environ[{text}]")
        if api is not None:
            machine.record.site(act, node, api.kind, api.name, api=api, detail=text)


def _change_modules(machine: Machine, act: Activation, how: str, args: list[Value], node: ast.AST) -> None:
    """An entry of ``sys.modules``: of this module itself, of a name that is told, or of any."""
    if how in REMOVERS:
        return
    key = args[0] if args else ANY
    is_own = bool(key) and all(isinstance(atom, Part) and atom.own for atom in key)
    name = first(key, str)
    value = args[-1] if len(args) > 1 else ANY
    if name and any(isinstance(atom, (Instance, Class)) for atom in value):
        machine.modules[name] = value
    if how == "setdefault" and name and mutation.is_restoring(value):
        return
    for atom in key:
        if isinstance(atom, Box):
            name = ",".join(sorted(one for one in atom.items if isinstance(one, str))[:20])
    machine.record.site(
        act,
        node,
        Kind.MODULES,
        "sys.modules",
        own_names=is_own,
        callback=value,
        detail=name or "",
        confidence=Confidence.HIGH if name or is_own else Confidence.MEDIUM,
    )
