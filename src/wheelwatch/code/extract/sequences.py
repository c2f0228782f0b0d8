"""Functions over sequences: ``list``, ``zip``, ``enumerate``, ``chain`` and their like."""

from __future__ import annotations

from wheelwatch.code.extract import access, calls, fold, pure
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.fold import first
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.values import ANY, Box, Const, Value, box_of, join


def run(machine: Machine, act: Activation, name: str, call: Call) -> Value:
    """What such a call gives: in order where places are known, else as a bag."""
    for value in call.args:
        calls.protocol(machine, act, [value], ("__iter__", "__reversed__"), call.node)
    key = call.keywords.get("key")
    if key:
        calls.invoke(machine, act, key, [access.element_of(call.arg(0))], {}, call.node)
    if name == "builtins.iter" and len(call.args) > 1:
        box = Box("list")
        calls.invoke(machine, act, call.arg(0), [], {}, call.node, then=box.add)
        return (box,)
    items = [access.items_of(value) for value in call.args]
    if name in {"builtins.list", "builtins.tuple", "builtins.iter"} and items and items[0] is not None:
        return (box_of("tuple" if name.endswith("tuple") else "list", items[0]),)
    if name == "builtins.reversed" and items and items[0] is not None:
        return (box_of("list", reversed(items[0])),)
    if name == "itertools.chain" and all(one is not None for one in items):
        return (box_of("list", (value for one in items if one for value in one)),)
    if name == "builtins.zip" and items and all(one is not None for one in items):
        rows = zip(*(one for one in items if one is not None), strict=False)
        return (box_of("list", ((box_of("tuple", row),) for row in rows)),)
    if name == "builtins.enumerate" and items and items[0] is not None:
        start = first(call.arg(1, "start"), int) or 0
        rows_of = ((Const(place), one) for place, one in enumerate(items[0], start))
        return (box_of("list", ((box_of("tuple", ((number,), one)),) for number, one in rows_of)),)
    if not call.args:
        return (Box("list"),)
    made = fold.fold(pure.SEQUENCES[name], call.args, machine.limits.fold_bytes)
    if any(isinstance(atom, Box) for atom in made):
        return made
    box = Box("list")
    elements = [access.element_of(value) for value in call.args]
    if name in {"builtins.zip", "builtins.enumerate"}:
        elements = elements if name.endswith("zip") else [ANY, *elements]
        box.add((box_of("tuple", elements),))
    else:
        box.add(join(*elements))
    return (box,)
