"""Writes: assignments to attributes and items of outer objects, and changes of their containers."""

from __future__ import annotations

import ast

from wheelwatch.code.extract import access, ancestry, calls, changes
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.fold import texts
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.names import BARE, assign_api, canonical
from wheelwatch.code.extract.record import refer_all
from wheelwatch.code.extract.values import (
    Atom,
    Bound,
    Box,
    Class,
    Code,
    Const,
    Ext,
    Function,
    Instance,
    Own,
    Partial,
    Space,
    Unknown,
    Value,
    join,
)
from wheelwatch.code.extract.vocabulary import is_standard
from wheelwatch.model import EdgeKind, Kind, Ref

ARGUMENTS = 8
"""Things that are handed over at one place, of which an edge tells."""

RESTORES = frozenset(
    [
        "gettrace",
        "getprofile",
        "getsignal",
        "get_asyncgen_hooks",
        "SIG_DFL",
        "SIG_IGN",
        "default_int_handler",
        "get_debug",
        "getrecursionlimit",
        "getswitchinterval",
        "__excepthook__",
        "__displayhook__",
        "__unraisablehook__",
        "__stdout__",
        "__stderr__",
        "__stdin__",
        "__breakpointhook__",
    ]
)
"""Last components of what stands for the state before a hook."""
SWITCHES = frozenset({"f_trace_opcodes", "f_trace_lines"})
"""Attributes that are hooks when they are switched on."""
PATCHES = SWITCHES | frozenset({"f_trace", "__code__", "keylog_filename", "sni_callback", "_msg_callback"})
"""Attributes that are hooks on whatever object they are set."""
_FRESH = frozenset({"builtins.object.__new__()", "builtins.object()", "types.FunctionType()"})
"""What was made just now, so that nobody else has it: ``type(f)(...)`` is the second of these."""


def is_restoring(value: Value, name: str = "") -> bool:
    """Whether a value only takes a hook away, or puts back what stood in ``name`` before."""
    return bool(value) and all(_restores(atom, name) for atom in value)


def _restores(atom: Atom, name: str) -> bool:
    if isinstance(atom, Const):
        return atom.value is None or atom.value == 0
    if isinstance(atom, Ext):
        known = canonical(atom.name)
        return known == name or known.rpartition(".")[2] in RESTORES
    return False


def set_attribute(
    machine: Machine, act: Activation, base: Value, name: str, value: Value, node: ast.AST
) -> None:
    """``base.name = value``."""
    for atom in base:
        if isinstance(atom, Ext):
            set_outer(machine, act, atom, name, value, node)
            ancestry.ask(machine, act, atom, ("__setattr__",), node)
        elif isinstance(atom, (Instance, Class)):
            _set_own(machine, act, atom, name, value, node)
        elif isinstance(atom, Own):
            _set_module(machine, act, atom, name, value, node)
        elif isinstance(atom, Code):
            machine.edited[atom] = None
        elif isinstance(atom, Function) and name != "__code__":
            atom.fields[name] = join(atom.fields.get(name, ()), value)
            _set_defaults(atom, name, value)
        elif name in PATCHES:
            _patch(machine, act, f"*.{name}", value, node, is_hidden=False)


def _set_defaults(function: Function, name: str, value: Value) -> None:
    """Other default values for a function of this file."""
    spec = function.node.args
    for atom in value:
        if isinstance(atom, Box) and name == "__defaults__":
            names = [one.arg for one in (*spec.posonlyargs, *spec.args)]
            items = list(atom.items.values())
            for parameter, held in zip(reversed(names), reversed(items), strict=False):
                function.defaults[parameter] = held
        elif isinstance(atom, Box) and name == "__kwdefaults__":
            function.defaults.update(
                {key: held for key, held in atom.items.items() if isinstance(key, str)}
            )


def _set_own(
    machine: Machine, act: Activation, atom: Instance | Class, name: str, value: Value, node: ast.AST
) -> None:
    """An attribute of a class of this file or of its instances; descriptors and setters are called."""
    owner = atom.of if isinstance(atom, Instance) else atom
    held = owner.attributes.get(name, ())
    for one in held:
        if isinstance(one, Instance):
            calls.protocol(machine, act, [(one,)], ("__set__",), node, ((atom,), value))
        elif isinstance(one, Function) and "setter" in one.fields:
            calls.invoke(machine, act, one.fields["setter"], [(atom,), value], {}, node)
    if isinstance(atom, Instance):
        calls.protocol(machine, act, [(atom,)], ("__setattr__",), node, ((Const(name),), value))
    table = owner.fields if isinstance(atom, Instance) else owner.attributes
    table[name] = join(table.get(name, ()), value)
    if name in PATCHES and name != "__code__":
        _patch(machine, act, f"*.{name}", value, node, is_hidden=False)


def _set_module(
    machine: Machine, act: Activation, atom: Own, name: str, value: Value, node: ast.AST
) -> None:
    if name == "__class__":
        machine.record.site(act, node, Kind.MODULES, "sys.modules", own_names=True, callback=value)
    atom.activation.widen(name, value)


def set_outer(machine: Machine, act: Activation, atom: Ext, name: str, value: Value, node: ast.AST) -> None:
    """An attribute of something outside: a site when the catalogue knows it."""
    if atom.name == "__own__":
        act.module.widen(name, value)
        return
    full = canonical(f"{atom.name}.{name}")
    if name == "__class__":
        _set_class(machine, act, atom, value, node)
        return
    known = assign_api(full)
    is_object = atom.name.endswith("()") and name not in PATCHES
    if is_object and known is not None and known.name.endswith(".*"):
        return
    if full.endswith("__new__.__defaults__") or atom.name in _FRESH:
        return
    if atom.name == "sys.modules[]" or (name == "__class__" and "sys.modules" in atom.name):
        return
    _patch(machine, act, full, value, node, is_hidden=machine.is_hidden(atom, name))
    refs = tuple(refer_all(value))[:ARGUMENTS]
    if refs and machine.is_importing and full.strip("._") and not is_standard(full):
        # Whoever uses that name in its own file gets this.
        machine.record.edge(act, node, EdgeKind.CALL, Ref(name=f"{full}.__set__"), refs)


def _set_class(machine: Machine, act: Activation, atom: Ext, value: Value, node: ast.AST) -> None:
    """A module gets another class; of objects that are no modules nothing is said."""
    name = canonical(atom.name)
    is_module = name.isidentifier() or (is_standard(name) and name.rpartition(".")[2].islower())
    api = assign_api(f"{name}.__class__")
    if api is None or not is_module or "(" in atom.name or "[" in atom.name:
        return
    machine.record.site(
        act, node, api.kind, api.name, api=api, obfuscated=atom.hidden, callback=value, detail=name
    )


def _patch(
    machine: Machine, act: Activation, full: str, value: Value, node: ast.AST, *, is_hidden: bool
) -> None:
    api = assign_api(full)
    if api is None:
        return
    if _is_switch(full, value):
        return
    name = full if not api.name.startswith("*") else api.name
    machine.record.site(
        act,
        node,
        api.kind,
        name,
        api=api,
        clears=is_restoring(value, full),
        obfuscated=is_hidden,
        callback=value,
    )
    defer(machine, act, value, node)


def _is_switch(full: str, value: Value) -> bool:
    """A plain constant where only a pattern matches: a setting, no function."""
    api = assign_api(full)
    if api is None or api.name == full or full.rpartition(".")[2] in SWITCHES:
        return False
    return bool(value) and all(isinstance(atom, Const) for atom in value)


def defer(machine: Machine, act: Activation, value: Value, node: ast.AST) -> None:
    """Note that these functions will be called by the hook that they were given to."""
    for atom in value:
        target = atom.callee if isinstance(atom, Partial) else atom
        if isinstance(target, (Function, Bound)):
            scope = target.scope if isinstance(target, Function) else target.function.scope
            machine.record.edge(act, node, EdgeKind.DEFER, Ref(scope=scope))
        elif isinstance(target, Ext) and not target.name.startswith(("builtins", "sys.", "*")):
            machine.record.edge(act, node, EdgeKind.DEFER, Ref(name=canonical(target.name)))
        elif isinstance(target, Instance):
            for name in ("__call__", "find_spec", "find_module", "exec_module"):
                for found in calls.atom_lookup(target.of, name):
                    if isinstance(found, Function):
                        machine.record.edge(act, node, EdgeKind.DEFER, Ref(scope=found.scope))


def set_item(
    machine: Machine, act: Activation, base: Value, key: Value, value: Value, node: ast.AST
) -> None:
    """``base[key] = value``."""
    for atom in base:
        if isinstance(atom, Box):
            access.put(atom, key, value)
        elif isinstance(atom, Space):
            set_by_name(machine, act, (atom.of,), key, value, node)
        elif isinstance(atom, (Instance, Class)):
            calls.protocol(machine, act, [(atom,)], ("__setitem__",), node, (key, value))
        elif isinstance(atom, Ext):
            if canonical(atom.name) in BARE:
                set_by_name(machine, act, base, key, value, node)
            else:
                changes.change(machine, act, atom, "__setitem__", [key, value], node)
        elif isinstance(atom, Unknown) and texts(key):
            continue


def set_by_name(
    machine: Machine, act: Activation, base: Value, key: Value, value: Value, node: ast.AST
) -> None:
    """``setattr``: an attribute whose name is a value."""
    for name, how in texts(key):
        for atom in base:
            hidden = Ext(atom.name, hidden=True) if isinstance(atom, Ext) and how else atom
            set_attribute(machine, act, (hidden,), name, value, node)
    unknown = tuple(atom for atom in key if not texts((atom,)))
    for atom in base if unknown else ():
        if isinstance(atom, Ext):
            access.unresolved(machine, act, atom, unknown, node)
        elif isinstance(atom, Own):
            continue
        elif isinstance(atom, (Class, Instance)):
            table = atom.of.fields if isinstance(atom, Instance) else atom.attributes
            table["*"] = join(table.get("*", ()), value)


def delete(machine: Machine, act: Activation, base: Value, name: str, node: ast.AST) -> None:
    """``del base.name``: deleting a hook attribute switches it off."""
    for atom in base:
        if isinstance(atom, Ext):
            full = canonical(f"{atom.name}.{name}")
            api = assign_api(full)
            if api is not None:
                machine.record.site(act, node, api.kind, full, api=api, clears=True, obfuscated=atom.hidden)


def delete_item(machine: Machine, act: Activation, base: Value, key: Value, node: ast.AST) -> None:
    """``del base[key]``."""
    for atom in base:
        if isinstance(atom, Ext):
            changes.change(machine, act, atom, "__delitem__", [key], node)
        elif isinstance(atom, Space):
            for name, _ in texts(key):
                delete(machine, act, (atom.of,), name, node)
        elif isinstance(atom, Instance):
            calls.protocol(machine, act, [(atom,)], ("__delitem__",), node, (key,))
