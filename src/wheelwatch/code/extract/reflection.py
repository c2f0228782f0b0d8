"""What the functions and classes of a file say of themselves: their names, texts and parts."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import partial

from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.values import (
    ANY,
    COMPUTED,
    SEARCHED_NAME,
    Atom,
    Box,
    Class,
    Code,
    Const,
    Ext,
    Function,
    Method,
    Native,
    Own,
    Space,
    Value,
    box_of,
)

_TOLD = frozenset({"__annotations__", "__kwdefaults__", "__dict__", "__type_params__"})
"""Attributes of what this file defines that give back its own words."""


def of_function(function: Function, name: str) -> Value:
    """An attribute of a function of this file."""
    known = function.fields.get(name)
    if known is not None:
        return known
    if name == "__globals__":
        return (Space(Own(function.closure.module)),)
    if name == "__builtins__":
        return (Space(Ext("builtins")),)
    if name == "__doc__" and isinstance(function.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return docstring(function.node)
    if name in {"__call__", "__wrapped__", "__func__"}:
        return (function,)
    if name in {"__name__", "__qualname__"}:
        is_plain = name == "__name__" or function.closure.kind == "module"
        return (Const(getattr(function.node, "name", "<lambda>"), COMPUTED),) if is_plain else ANY
    if name == "__defaults__":
        box = Box("tuple")
        for value in function.defaults.values():
            box.items[len(box.items)] = value
        return (box,)
    if name in _MADE:
        return (_MADE[name](function),)
    if name in _TOLD:
        return SEARCHED_NAME
    return (Ext(f"function.{name}"),)


def _set_setter(function: Function, machine: Machine, act: Activation, call: Call) -> None:
    """``@x.setter``: the function that is called when the property is set."""
    del machine, act
    function.fields["setter"] = call.arg(0)
    call.cell.add((function,))


_MADE: Mapping[str, Callable[[Function], Atom]] = {
    "__get__": lambda function: Method(function, "__get__"),
    "__code__": lambda function: Code((function,), "function", decoded=False),
    "setter": lambda function: Native(partial(_set_setter, function)),
}
"""Attributes of functions that stand for something that can be called or run."""


def docstring(node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Value:
    """The text that stands first in a module, function or class; it may be a name in disguise."""
    first = node.body[0] if node.body else None
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        return (Const(first.value.value, COMPUTED),)
    return (Const(None),)


def words(name: str, owner: Class) -> Box:
    """The names of a class's fields, as a tuple or as the keys of a dictionary."""
    found: list[Value] = [(Const(word, COMPUTED),) for word in owner.order]
    if name != "__annotations__":
        return box_of("tuple", found)
    box = Box("dict")
    box.items.update(dict.fromkeys(owner.order, ANY))
    return box
