"""Functions of this file that the standard library gets as arguments: it may call them."""

from __future__ import annotations

from wheelwatch.code.extract import calls
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.values import ANY, Bound, Function
from wheelwatch.model import EdgeKind

_KEEPERS = (
    "argparse.",
    "optparse.",
    "typing.",
    "abc.",
    "dataclasses.",
    "enum.",
    "unittest.",
    "logging.",
    "inspect.",
    "types.",
    "collections.",
    "cmd.",
    "doctest.",
    "http.",
    "socketserver.",
    "tkinter.",
    "copy.",
    "warnings.",
    "contextlib.",
    "atexit.unregister",
    "functools.cached_property",
    "functools.singledispatch",
    "functools.partialmethod",
    "functools.total_ordering",
    *("builtins.isinstance", "builtins.issubclass", "builtins.object", "builtins.slice"),
)
"""Parts of the standard library that keep a function without calling it while a module is imported."""


def hand_over(machine: Machine, act: Activation, name: str, call: Call) -> None:
    """A function of this file that the standard library gets as an argument: it may call it."""
    if name.startswith(_KEEPERS):
        return
    for value in call.all():
        functions = tuple(atom for atom in value if isinstance(atom, (Function, Bound)))
        if functions:
            calls.invoke(machine, act, functions, [ANY], {}, call.node, kind=EdgeKind.DEFER)
