"""Calls: what happens when something is called, by what it is."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import partial

from wheelwatch.code.extract import access, ancestry, attributes, methods, models, payload, shapes
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.fold import texts
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.names import call_api, canonical
from wheelwatch.code.extract.values import (
    ANY,
    COMPUTED,
    NOTHING,
    Atom,
    Bound,
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
    Partial,
    Value,
    join,
    taint,
)
from wheelwatch.model import Confidence, EdgeKind, Kind

WRAPPERS = 40
"""Depth of wrappers that are taken off in one call."""
HOOKS = frozenset(Kind) - {
    Kind.PROCESS,
    Kind.NETWORK,
    Kind.EXIT,
    Kind.RUNTIME,
    Kind.CREDENTIALS,
    Kind.ENCRYPTION,
    Kind.DYNAMIC_CODE,
    Kind.DISPLAY,
    Kind.LOADER,
}
"""Families of which passing the function on is as good as calling it."""


def invoke(
    machine: Machine,
    act: Activation,
    callee: Value,
    args: Sequence[Value],
    keywords: dict[str, Value],
    node: ast.AST,
    *,
    result: ast.expr | None = None,
    keep: bool = False,
    kind: EdgeKind = EdgeKind.CALL,
    then: Callable[[Value], None] | None = None,
) -> None:
    """Call a value.

    The result goes to ``act.memo[result]`` (joined with what is there if ``keep``) and to ``then``.
    """
    call = Call(args, keywords, node, kind)
    act.push(_deliver, call, result, keep, then)
    for atom in callee:
        call_atom(machine, act, atom, call)


def invoke_unknown(
    machine: Machine, act: Activation, args: Sequence[Value], keywords: dict[str, Value], node: ast.AST
) -> Value:
    """Call something of which nothing is known: what it gives."""
    escape(machine, act, Call(args, keywords, node))
    return taint(ANY, *args)


def _deliver(
    _: Machine,
    act: Activation,
    call: Call,
    result: ast.expr | None,
    keep: bool,  # noqa: FBT001  # a task's arguments are positional
    then: Callable[[Value], None] | None,
) -> None:
    value = call.cell.value or ANY
    if result is not None:
        act.memo[result] = join(act.memo.get(result, NOTHING), value) if keep else value
    if then is not None:
        then(value)


def call_atom(machine: Machine, act: Activation, atom: Atom, call: Call) -> None:
    """Call one atom; wrappers within wrappers are followed to a bounded depth."""
    if machine.depth >= WRAPPERS:
        call.cell.add(ANY)
        return
    machine.depth += 1
    try:
        _call_atom(machine, act, atom, call)
    finally:
        machine.depth -= 1


def _call_atom(machine: Machine, act: Activation, atom: Atom, call: Call) -> None:
    if isinstance(atom, Ext):
        models.call_outer(machine, act, atom, call)
    elif isinstance(atom, Function):
        machine.enter(act, atom, call)
    elif isinstance(atom, Bound):
        machine.enter(act, atom.function, call.with_args([(atom.first,), *call.args]))
    elif isinstance(atom, Class):
        construct(machine, act, atom, call)
    elif isinstance(atom, Method):
        methods.call_method(machine, act, atom, call)
    elif isinstance(atom, Partial):
        call_atom(
            machine,
            act,
            atom.callee,
            call.with_args([*atom.args, *call.args], {**dict(atom.keywords), **call.keywords}),
        )
    elif isinstance(atom, Getter):
        _get(machine, act, atom, call)
    elif isinstance(atom, Instance):
        _call_object(machine, act, atom, call)
    elif isinstance(atom, Code):
        payload.run_code(machine, act, atom, call)
    elif isinstance(atom, Native):
        atom.run(machine, act, call)
    else:
        escape(machine, act, call)
        call.cell.add(taint((atom,), *call.args))


def _call_object(machine: Machine, act: Activation, atom: Instance, call: Call) -> None:
    found = attributes.find(atom, "__call__")
    if not found and any(isinstance(base, Ext) and base.name in _DECORATORS for base in atom.of.mro()):
        call.cell.add((Native(partial(_entered, atom, call.arg(0))),))
    if not found:
        ancestry.ask(machine, act, atom.of, ("__call__",), call.node)
    for one in found:
        for bound in attributes.bound(atom, one):
            call_atom(machine, act, bound, call)


_PLAIN = frozenset({"builtins.str", "builtins.bytes", "builtins.int"})
"""Classes whose objects are their data: a class that inherits from one may stand for it."""
_DECORATORS = frozenset({"contextlib.ContextDecorator", "contextlib.AsyncContextDecorator"})


def _entered(atom: Instance, function: Value, machine: Machine, act: Activation, call: Call) -> None:
    """A function that a context manager decorates is called: it is entered and left around it."""
    protocol(machine, act, [(atom,)], ("__exit__",), call.node, (ANY,) * 3)
    invoke(machine, act, function, call.args, call.keywords, call.node, then=call.cell.add)
    protocol(machine, act, [(atom,)], ("__enter__",), call.node)


def construct(machine: Machine, act: Activation, atom: Class, call: Call) -> None:
    """Make an object of a class of this file: its ``__new__`` and ``__init__``, the metaclass's call."""
    instance = Instance(atom)
    inner = Call(call.args, call.keywords, call.node, call.kind)
    for name, first in (("__new__", (atom,)), ("__init__", (instance,)), ("__post_init__", (instance,))):
        args = call.args if name != "__post_init__" else ()
        _enter_all(machine, act, atom_lookup(atom, name), inner.with_args([first, *args]))
    for meta in atom.attributes.get(ancestry.METACLASS, NOTHING):
        if isinstance(meta, Class):
            found = atom_lookup(meta, "__call__")
            _enter_all(machine, act, found, inner.with_args([(atom,), *call.args]))
    ends = Call([(instance,)], {}, call.node, EdgeKind.DEFER)
    _enter_all(machine, act, atom_lookup(atom, "__del__"), ends)
    ancestry.construct(machine, act, atom, call.node, call.kind)
    shapes.fill(machine, act, atom, call)
    if call.args and any(isinstance(base, Ext) and base.name in _PLAIN for base in atom.mro()):
        call.cell.add(call.args[0])
    members = shapes.members_of(atom)
    if members is not None:
        call.cell.add(members.union())
        _enter_all(machine, act, atom_lookup(atom, "_missing_"), inner.with_args([(atom,), *call.args]))
    call.cell.add((instance,))


def _enter_all(machine: Machine, act: Activation, found: Value, call: Call) -> None:
    for atom in found:
        if isinstance(atom, Function):
            machine.enter(act, atom, call)


def atom_lookup(owner: Class, name: str) -> Value:
    """A method by name along the bases that stand in this file."""
    for place in owner.mro():
        if isinstance(place, Class) and name in place.attributes:
            return place.attributes[name]
    return NOTHING


def _get(machine: Machine, act: Activation, getter: Getter, call: Call) -> None:
    """Call an ``operator.attrgetter``, ``itemgetter`` or ``methodcaller``."""
    subject = call.arg(0) or ANY
    if getter.kind == "item":
        for atom in subject:
            call.cell.add(access.get_item(machine, act, atom, getter.key, call.node))
        return
    found = read_path(machine, act, subject, getter.key, call.node)
    if getter.kind == "attr":
        call.cell.add(found)
        return
    for atom in found:
        call_atom(machine, act, atom, call.with_args(getter.args, {}))


def read_path(machine: Machine, act: Activation, subject: Value, key: Value, node: ast.AST) -> Value:
    """``getattr`` of a possibly dotted, possibly unknown name."""
    found: list[Value] = []
    key = tuple(_by_default(atom) for atom in key)
    for name, how in texts(key):
        value = subject
        for part in name.split("."):
            value = join(*(attributes.read(machine, act, atom, part, hidden=how > 0) for atom in value))
        found.append(value)
    unknown = tuple(atom for atom in key if not texts((atom,)))
    for atom in subject if unknown else ():
        if isinstance(atom, Ext):
            found.append(access.unresolved(machine, act, atom, unknown, node))
        elif isinstance(atom, (Instance, Class)):
            found.append(
                join(
                    *(
                        b
                        for v in [attributes.any_of(atom)]
                        for one in v
                        for b in [attributes.bound(atom, one)]
                    )
                )
            )
        else:
            found.append(taint((atom,), unknown))
    return join(*found) or ANY


def _by_default(atom: Atom) -> Atom:
    """A name that depends on the surroundings as what it is when nothing is set up on purpose."""
    if isinstance(atom, Flag) and isinstance(atom.default, str):
        return Const(atom.default, COMPUTED)
    return atom


def protocol(
    machine: Machine,
    act: Activation,
    subjects: Sequence[Value],
    names: tuple[str, ...],
    node: ast.AST,
    args: tuple[Value, ...] = (),
    *,
    result: ast.expr | None = None,
    then: Callable[[Value], None] | None = None,
) -> None:
    """Call the first of these special methods that a class of this file defines, for objects of it."""
    for value in subjects:
        if value is ANY:
            continue
        for atom in value:
            if isinstance(atom, Ext):
                ancestry.ask(machine, act, atom, names, node)
                continue
            if not isinstance(atom, (Instance, Class)):
                continue
            owner = _type_of(atom, names[0])
            if not isinstance(owner, Class):
                if owner is not None:
                    ancestry.ask(machine, act, owner, names, node)
                continue
            for name in names:
                found = atom_lookup(owner, name)
                if found:
                    bound = tuple(Bound(one, atom) if isinstance(one, Function) else one for one in found)
                    invoke(machine, act, bound, args, {}, node, result=result, keep=True, then=then)
                    break
            else:
                ancestry.ask(machine, act, owner, names, node)


def _type_of(atom: Instance | Class, method: str) -> Class | Ext | None:
    """The class in which the interpreter looks up a special method of an object or class."""
    if isinstance(atom, Instance):
        return atom.of
    if method == "__class_getitem__":
        return atom
    known = atom.attributes.get(ancestry.METACLASS, NOTHING)
    return next((meta for meta in known if isinstance(meta, (Class, Ext))), None)


def made_class(
    machine: Machine, act: Activation, owner: Class, node: ast.AST, keywords: dict[str, Value] | None = None
) -> None:
    """What runs when a class is made: ``__init_subclass__`` of bases, ``__set_name__`` of attributes."""
    for base in owner.mro():
        if isinstance(base, Class) and base is not owner and "__init_subclass__" in base.attributes:
            for found in base.attributes["__init_subclass__"]:
                if isinstance(found, Function):
                    machine.enter(act, found, Call([(owner,)], keywords or {}, node))
            break
    for name, value in list(owner.attributes.items()):
        protocol(machine, act, [value], ("__set_name__",), node, ((owner,), (Const(name),)))


def escape(machine: Machine, act: Activation, call: Call) -> None:
    """A hook function that is handed to something unknown counts as called."""
    for value in call.all():
        for atom in value:
            if atom.__class__ is not Ext and atom.__class__ is not Partial:
                continue
            outer = atom.callee if isinstance(atom, Partial) else atom
            if isinstance(outer, Ext) and not outer.name.endswith("()"):
                api = call_api(canonical(outer.name))
                if api is not None and api.kind in HOOKS:
                    machine.record.site(
                        act,
                        call.node,
                        api.kind,
                        api.name,
                        api=api,
                        obfuscated=outer.hidden,
                        confidence=Confidence.MEDIUM,
                        detail="handed on",
                    )
