"""Functions and classes as they are defined: what runs on the way, and the objects that come of it."""

from __future__ import annotations

import ast

from wheelwatch.code.extract import ancestry, calls, expressions, reflection, shapes, statements
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.machine import Machine, handles
from wheelwatch.code.extract.names import canonical
from wheelwatch.code.extract.values import ANY, Atom, Class, Const, Ext, Function, Value, join
from wheelwatch.code.extract.vocabulary import is_standard
from wheelwatch.model import EdgeKind, Ref


@handles(ast.FunctionDef, ast.AsyncFunctionDef)
def _function(machine: Machine, act: Activation, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    act.push(_define, node)
    spec = node.args
    arguments = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]
    arguments.extend(one for one in (spec.vararg, spec.kwarg) if one is not None)
    act.work.extend(default for default in [*spec.defaults, *spec.kw_defaults] if default is not None)
    for annotation in [*(one.annotation for one in arguments), node.returns]:
        statements.annotation(machine, act, annotation)
    act.work.extend(reversed(node.decorator_list))


def _define(machine: Machine, act: Activation, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    function = Function(node, machine.scope(act, node), act)
    expressions.set_defaults(act, function)
    machine.functions.append(function)
    _decorate(machine, act, node, (function,), 1)


def _decorate(
    machine: Machine,
    act: Activation,
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef,
    value: Value,
    place: int,
) -> None:
    """Call the decorators from the last to the first, then bind the name."""
    if place > len(node.decorator_list):
        act.bind(node.name, value)
        return
    decorator = node.decorator_list[-place]
    callee = _called(act.memo.get(decorator, ANY))
    if all(not isinstance(atom, (Ext, Function, Class)) for atom in callee) and callee == ANY:
        _decorate(machine, act, node, value, len(node.decorator_list) + 1)
        return

    def decorated(result: Value) -> None:
        kept = value if any(isinstance(atom, Ext) for atom in callee) else ()
        for atom in kept:
            if isinstance(atom, Function) and not _is_transparent(callee):
                atom.is_handed = True
        act.push(_decorate, node, join(kept, result), place + 1)

    calls.invoke(machine, act, callee, [value], {}, decorator, then=decorated)


def _called(decorator: Value) -> Value:
    """What decorates: ``@make(run)`` may be ``run`` itself, which does nothing yet if it is async."""
    if not any(isinstance(atom, Ext) for atom in decorator):
        return decorator
    return tuple(atom for atom in decorator if not _is_async(atom))


def _is_async(atom: Atom) -> bool:
    return isinstance(atom, Function) and isinstance(atom.node, ast.AsyncFunctionDef)


def _is_transparent(decorator: Value) -> bool:
    """Whether something of the standard library decorates, which calls the function when it is called."""
    return all(isinstance(atom, Ext) and is_standard(canonical(atom.name)) for atom in decorator)


@handles(ast.ClassDef)
def _class(_: Machine, act: Activation, node: ast.ClassDef) -> None:
    act.push(_open_class, node)
    act.work.extend(keyword.value for keyword in reversed(node.keywords))
    act.work.extend(reversed(node.bases))
    act.work.extend(reversed(node.decorator_list))


def _open_class(machine: Machine, act: Activation, node: ast.ClassDef) -> None:
    """Run the body of a class; what it binds are the attributes."""
    scope = machine.scope(act, node)
    bases = tuple(act.memo.get(base, ANY) for base in node.bases if not isinstance(base, ast.Starred))
    owner = Class(scope, bases, node.name)
    machine.record.set_bases(scope, bases)
    for base in bases:
        calls.protocol(machine, act, [base], ("__mro_entries__",), node, (ANY,))
    keywords = {keyword.arg: act.memo.get(keyword.value, ANY) for keyword in node.keywords if keyword.arg}
    machine.record.edge(act, node, EdgeKind.BODY, Ref(scope=scope), text=f"class {node.name}")
    body = Activation(scope, "class", act, guards=(), pythons=act.pythons)
    body.work.extend(reversed(node.body))
    act.push(_close_class, node, owner, body, keywords)
    for atom in keywords.get("metaclass", ()):
        if isinstance(atom, Class):
            for prepare in calls.atom_lookup(atom, "__prepare__"):
                call = Call([(atom,), ANY, ANY], {}, node)
                calls.call_atom(machine, act, prepare, call)
                body.space = call.cell
    machine.start(body)


def _close_class(
    machine: Machine,
    act: Activation,
    node: ast.ClassDef,
    owner: Class,
    body: Activation,
    keywords: dict[str, Value],
) -> None:
    """Make the class: its methods know it, the metaclass and the hooks of its bases are called."""
    if body.space is not None:
        for name, value in body.everything.items():
            args = ((Const(name),), value)
            calls.protocol(machine, act, [body.space.value], ("__setitem__",), node, args)
    _adopt(owner, body)
    owner.attributes.setdefault("__doc__", reflection.docstring(node))
    owner.order.update(dict.fromkeys(name for name, _ in machine.annotations.get(owner.scope, ())))
    shapes.finish(machine, act, owner, node)
    machine.classes.append(owner)
    given = keywords.pop("metaclass", ())
    bases = [base for base in owner.mro() if isinstance(base, Class)]
    metaclass = given or join(*(base.attributes.get(ancestry.METACLASS, ()) for base in bases))
    act.push(_decorate, node, (owner,), 1)
    calls.made_class(machine, act, owner, node, keywords)
    ancestry.make(machine, act, owner, node)
    if metaclass:
        owner.attributes[ancestry.METACLASS] = metaclass
    for atom in metaclass:
        if isinstance(atom, Class):
            instantiate(machine, act, node, owner, atom)
        elif given:
            calls.call_atom(machine, act, atom, Call([ANY, ANY, ANY], keywords, node))


def _adopt(owner: Class, body: Activation) -> None:
    """Make what a class body bound the attributes of the class, and its functions methods."""
    for name, value in body.everything.items():
        owner.attributes[name] = join(body.here(name) or (), value)
        for atom in value:
            if isinstance(atom, Function) and atom.closure is body:
                atom.owner = owner
                if name in {"__init_subclass__", "__class_getitem__"} and not atom.wraps:
                    atom.wraps = "classmethod"
                elif name == "__new__" and not atom.wraps:
                    atom.wraps = "staticmethod"


def instantiate(machine: Machine, act: Activation, node: ast.AST, owner: Class, metaclass: Class) -> None:
    """Call a metaclass of this file for a class that it makes."""
    runs: list[tuple[Value, Value]] = [
        (calls.atom_lookup(metaclass, "__new__"), (metaclass,)),
        (calls.atom_lookup(metaclass, "__init__"), (owner,)),
        (_above(metaclass), (metaclass,)),
    ]
    for methods, receiver in runs:
        for found in methods:
            if isinstance(found, Function):
                machine.enter(act, found, Call([receiver, ANY, ANY, ANY], {}, node))


def _above(metaclass: Class) -> Value:
    """``__call__`` of the metaclass of a metaclass."""
    return join(
        *(
            calls.atom_lookup(atom, "__call__")
            for atom in metaclass.attributes.get(ancestry.METACLASS, ())
            if isinstance(atom, Class)
        )
    )
