"""Functions that call what they are given: now, later, or through an object that they make."""

from __future__ import annotations

from wheelwatch.code.extract import access, calls, fold
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.models import model
from wheelwatch.code.extract.values import (
    ANY,
    NONE,
    Bound,
    Box,
    Class,
    Ext,
    Function,
    Getter,
    Partial,
    Value,
    box_of,
    join,
)

MAPPED = 512
"""Items over which ``map`` and its kin are done one by one."""


@model("functools.partial", "functools.partialmethod")
def _partial(_: Machine, act: Activation, call: Call, __: str) -> None:
    del act
    for atom in call.arg(0):
        rest = tuple(call.args[1:])
        if isinstance(atom, Partial) and len(atom.args) < 64:
            keywords = {**dict(atom.keywords), **call.keywords}
            call.cell.add((Partial(atom.callee, (*atom.args, *rest), tuple(keywords.items())),))
        elif rest or call.keywords:
            call.cell.add((Partial(atom, rest, tuple(call.keywords.items())),))
        else:
            call.cell.add((atom,))


@model("functools.wraps", "functools.update_wrapper")
def _wraps(_: Machine, act: Activation, call: Call, name: str) -> None:
    del act
    call.cell.add((Ext("typing.no_type_check"),) if name.endswith("wraps") else call.arg(0))


@model("typing.cast", "typing_extensions.cast")
def _cast(_: Machine, act: Activation, call: Call, name: str) -> None:
    del act, name
    call.cell.add(call.arg(1, "val"))


@model("typing.assert_type", "typing.reveal_type")
def _told(_: Machine, act: Activation, call: Call, name: str) -> None:
    del act, name
    call.cell.add(call.arg(0, "val"))


@model(
    "functools.lru_cache",
    "functools.cache",
    "contextlib.contextmanager",
    "contextlib.asynccontextmanager",
    "typing.no_type_check",
    "typing.overload",
    "typing.final",
    "abc.abstractmethod",
    "asyncio.coroutine",
    "types.coroutine",
    "typing.runtime_checkable",
    "dataclasses.dataclass",
    "functools.total_ordering",
    "enum.unique",
    "typing_extensions.final",
    "staticmethod",
    "contextlib.suppress",
)
def _same(_: Machine, act: Activation, call: Call, name: str) -> None:
    """A decorator that gives back what it gets, or a decorator that does when it is called with options."""
    del act
    given = tuple(atom for atom in call.arg(0) if isinstance(atom, (Function, Class, Bound, Ext, Partial)))
    call.cell.add(given or (Ext(name),))


@model(
    "builtins.property",
    "builtins.staticmethod",
    "builtins.classmethod",
    "abc.abstractproperty",
    "abc.abstractclassmethod",
    "abc.abstractstaticmethod",
    "functools.cached_property",
    "types.DynamicClassAttribute",
    "enum.property",
)
def _descriptor(_: Machine, act: Activation, call: Call, name: str) -> None:
    del act
    wraps = name.rpartition(".")[2].replace("abstract", "")
    wraps = wraps if wraps in {"staticmethod", "classmethod"} else "property"
    for atom in call.arg(0, "fget"):
        if isinstance(atom, Function):
            atom.wraps = wraps
            if call.arg(1, "fset"):
                atom.fields["setter"] = call.arg(1, "fset")
        call.cell.add((atom,))
    call.cell.add(())


@model(
    "builtins.map",
    "builtins.filter",
    "itertools.starmap",
    "itertools.filterfalse",
    "itertools.takewhile",
    "itertools.dropwhile",
    "itertools.groupby",
    "multiprocessing.dummy.Pool.map",
    "concurrent.futures.ThreadPoolExecutor.map",
    "multiprocessing.pool.ThreadPool.map",
    "concurrent.futures.ThreadPoolExecutor.submit",
    "multiprocessing.pool.ThreadPool.apply",
    "multiprocessing.pool.ThreadPool.starmap",
)
def _map(machine: Machine, act: Activation, call: Call, name: str) -> None:
    """Calls a function over items, one by one where they are known and few."""
    is_key_last = name in {"itertools.groupby"}
    callee = call.arg(1, "key") if is_key_last else call.arg(0)
    sources = [call.arg(0)] if is_key_last else list(call.args[1:])
    if name.endswith(("submit", "apply")):
        calls.invoke(machine, act, callee, sources, call.keywords, call.node, then=call.cell.add)
        return
    columns = [access.items_of(source) for source in sources]
    for source in sources:
        calls.protocol(machine, act, [source], ("__iter__",), call.node)
    made = Box("list")
    call.cell.add((made,))
    rows: list[list[Value]] | None = None
    if all(column is not None and len(column) <= MAPPED for column in columns):
        rows = [
            list(row) for row in zip(*(column for column in columns if column is not None), strict=False)
        ]
    is_exact = rows is not None and name == "builtins.map"
    if rows is None:
        rows = [[access.element_of(source) for source in sources]]
    if name.endswith("starmap"):
        rows = [access.items_of(row[0]) or [ANY] for row in rows]
    for place, row in enumerate(rows):
        kept = row[0] if name.endswith(("filter", "filterfalse", "while")) and row else None
        _apply(machine, act, callee, row, call, made, place if is_exact else None, kept)


def _apply(
    machine: Machine,
    act: Activation,
    callee: Value,
    row: list[Value],
    call: Call,
    made: Box,
    place: int | None,
    kept: Value | None,
) -> None:
    """One call of a mapped function; its result, or the item that it was asked about, goes to ``made``."""
    if place is not None:
        made.items[place] = ANY

    def store(value: Value) -> None:
        if kept is not None:
            made.add(kept)
        elif place is not None:
            made.items[place] = value
        else:
            made.add(value)

    if not callee or callee == NONE:
        store(row[0] if row else ANY)
        return
    calls.invoke(machine, act, callee, row, {}, call.node, then=store)


@model("functools.reduce", "_functools.reduce")
def _reduce(machine: Machine, act: Activation, call: Call, _: str) -> None:
    items = access.items_of(call.arg(1))
    start = [call.arg(2)] if len(call.args) > 2 else []
    callee = call.arg(0)
    if items is None or len(items) > MAPPED:
        element = access.element_of(call.arg(1))
        calls.invoke(
            machine, act, callee, [join(*start, element), element], {}, call.node, then=call.cell.add
        )
        return
    queue = start + items
    if not queue:
        call.cell.add(ANY)
        return

    def step(value: Value, place: int = 1) -> None:
        if place >= len(queue):
            call.cell.add(value)
            return
        act.push(_reduce_step, callee, value, queue, place, call, step)

    step(queue[0])


def _reduce_step(
    machine: Machine,
    act: Activation,
    callee: Value,
    value: Value,
    queue: list[Value],
    place: int,
    call: Call,
    step: object,
) -> None:
    calls.invoke(
        machine,
        act,
        callee,
        [value, queue[place]],
        {},
        call.node,
        then=lambda made: step(made, place + 1),  # type: ignore[operator]  # the closure above
    )


@model(
    "builtins.min",
    "builtins.max",
    "builtins.any",
    "builtins.all",
    "builtins.sum",
    "builtins.next",
    "builtins.set",
    "builtins.frozenset",
    "collections.deque",
    "heapq.nsmallest",
    "heapq.nlargest",
    "random.choice",
)
def _consume(machine: Machine, act: Activation, call: Call, name: str) -> None:
    """Goes through an iterable: its items, or one of them, come out."""
    key = call.keywords.get("key")
    source = call.arg(0)
    calls.protocol(machine, act, [source], ("__iter__", "__next__"), call.node)
    element = access.element_of(source)
    if key:
        calls.invoke(machine, act, key, [element], {}, call.node)
    if name == "builtins.next":
        items = access.items_of(source)
        call.cell.add(join(items[0] if items and len(items) == 1 else element, call.arg(1)))
    elif name in {"builtins.min", "builtins.max", "random.choice"}:
        call.cell.add(join(element, *call.args[1:]))
    elif name in {"builtins.any", "builtins.all", "builtins.sum"}:
        call.cell.add(_total(machine, name, call))
    else:
        items = access.items_of(source)
        box = box_of("list", items) if items is not None else Box("list")
        if items is None and call.args:
            box.add(element)
        call.cell.add((box,))


def _total(machine: Machine, name: str, call: Call) -> Value:
    if name != "builtins.sum":
        return ANY
    return fold.fold(sum, call.args, machine.limits.fold_bytes)


@model("builtins.sorted")
def _sorted(machine: Machine, act: Activation, call: Call, _: str) -> None:
    key = call.keywords.get("key")
    element = access.element_of(call.arg(0))
    if key:
        calls.invoke(machine, act, key, [element], {}, call.node)
    calls.protocol(machine, act, [element], ("__lt__", "__gt__"), call.node, (element,))
    made = fold.fold(sorted, [call.arg(0)], machine.limits.fold_bytes) if not call.keywords else ()
    if not any(isinstance(atom, Box) for atom in made):
        box = Box("list")
        box.add(element)
        made = (box,)
    call.cell.add(made)


@model("operator.attrgetter", "operator.itemgetter", "operator.methodcaller")
def _getter(_: Machine, act: Activation, call: Call, name: str) -> None:
    del act
    kinds = {"attrgetter": "attr", "itemgetter": "item", "methodcaller": "method"}
    kind = kinds[name.rpartition(".")[2]]
    call.cell.add((Getter(kind, call.arg(0) or ANY, tuple(call.args[1:])),))  # type: ignore[arg-type]  # a word above


@model("operator.call")
def _operator_call(machine: Machine, act: Activation, call: Call, _: str) -> None:
    for atom in call.arg(0):
        calls.call_atom(machine, act, atom, call.with_args(call.args[1:]))
