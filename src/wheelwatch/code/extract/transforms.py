"""Text that the standard library makes of text: patterns, buffers, and what is not folded."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from wheelwatch.code.extract import access, calls, fold
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.fold import TooBigError
from wheelwatch.code.extract.handing import hand_over
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.models import model
from wheelwatch.code.extract.values import (
    NONE,
    Box,
    Class,
    Const,
    Instance,
    Native,
    Value,
    box_of,
)

STEPS = 1_000_000
"""Steps that matching one pattern may take at the worst."""
_REPEATED = re.compile(r"\)\s*[*+?{]|\\[1-9]|\(\?P=|\(\?\(")
_MANY = re.compile(r"[*+]|\{\d*,")


def _bounded(pattern: Any, text: Any, flags: int = 0) -> re.Pattern[Any]:
    """A compiled pattern that cannot take long over this text."""
    written = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    many = len(_MANY.findall(written))
    if _REPEATED.search(written) or len(text) ** max(many, 1) > STEPS:
        raise TooBigError
    return re.compile(pattern, flags)


def _groups(found: re.Match[Any] | None) -> object:
    return None if found is None else [found[0], *found.groups()]


_PATTERNS: Mapping[str, Callable[..., object]] = {
    "sub": lambda pattern, new, text, *_: _bounded(pattern, text).sub(_plain(new), text),
    "findall": lambda pattern, text, *_: _bounded(pattern, text).findall(text),
    "split": lambda pattern, text, *_: _bounded(pattern, text).split(text),
    "match": lambda pattern, text, *_: _groups(_bounded(pattern, text).match(text)),
    "search": lambda pattern, text, *_: _groups(_bounded(pattern, text).search(text)),
    "fullmatch": lambda pattern, text, *_: _groups(_bounded(pattern, text).fullmatch(text)),
}


def _plain(new: Any) -> Any:
    if not isinstance(new, (str, bytes)) or len(new) > 1_000:
        raise TooBigError
    return new


def _matched(machine: Machine, act: Activation, call: Call, name: str) -> None:
    """A function of ``re`` over constants; what it calls for each match is called."""
    last = name.rpartition(".")[2]
    hand_over(machine, act, name, call)
    made = fold.fold(_PATTERNS[last], call.args, machine.limits.fold_bytes)
    if last not in {"match", "search", "fullmatch"}:
        call.cell.add(made)
        return
    for atom in made:
        call.cell.add((_match(atom),) if isinstance(atom, Box) else (atom,))


model(*(f"re.{name}" for name in _PATTERNS))(_matched)


def _match(box: Box) -> Instance:
    """A match: its groups by number."""
    owner = Class(-1, (), "Match")

    def group(_: Machine, __: Activation, call: Call) -> None:
        for value in call.args or [(Const(0),)]:
            for atom in value:
                call.cell.add(box.items.get(atom.value, NONE) if isinstance(atom, Const) else box.union())

    def groups(_: Machine, __: Activation, call: Call) -> None:
        call.cell.add((box_of("tuple", list(box.items.values())[1:]),))

    owner.attributes.update({"group": (Native(group),), "__getitem__": (Native(group),)})
    owner.attributes["groups"] = (Native(groups),)
    return Instance(owner)


@model("re.compile")
def _compile(_: Machine, act: Activation, call: Call, __: str) -> None:
    """A compiled pattern: its methods are the functions with the pattern in front."""
    del act
    owner = Class(-1, (), "Pattern")
    pattern = call.arg(0, "pattern")
    for name in _PATTERNS:

        def run(machine: Machine, act: Activation, given: Call, name: str = name) -> None:
            inner = Call([pattern, *given.args], given.keywords, given.node, given.kind, given.cell)
            _matched(machine, act, inner, name)

        owner.attributes[name] = (Native(run),)
    owner.attributes["pattern"] = pattern
    call.cell.add((Instance(owner),))


@model("io.StringIO", "io.BytesIO")
def _buffer(machine: Machine, act: Activation, call: Call, name: str) -> None:
    """A buffer: what is written to it comes out of it."""
    del act
    owner = Class(-1, (), name)
    empty: Value = (Const("" if name.endswith("StringIO") else b""),)
    held = [call.arg(0) or empty]

    def write(_: Machine, __: Activation, given: Call) -> None:
        held[0] = fold.fold(lambda old, new: old + new, [held[0], given.arg(0)], machine.limits.fold_bytes)

    def read(_: Machine, __: Activation, given: Call) -> None:
        given.cell.add(held[0])

    owner.attributes.update(dict.fromkeys(("getvalue", "read", "readline", "getbuffer"), (Native(read),)))
    owner.attributes["write"] = (Native(write),)
    call.cell.add((Instance(owner),))


@model("itertools.accumulate")
def _accumulate(machine: Machine, act: Activation, call: Call, _: str) -> None:
    """Running totals; with a function that is called on the items, whatever it gives."""
    function = call.arg(1, "func")
    items = access.items_of(call.arg(0))
    if not function and items is not None and len(items) <= 512:
        made = Box("list")
        total: Value = ()
        for item in items:
            both = [total, item]
            total = fold.fold(lambda a, b: a + b, both, machine.limits.fold_bytes) if total else item
            made.items[len(made.items)] = total
        call.cell.add((made,))
        return
    element = access.element_of(call.arg(0))
    box = Box("list")
    call.cell.add((box,))
    calls.invoke(machine, act, function, [element, element], {}, call.node, then=box.add)
