"""One call of something: its arguments, where its result goes, and the parameters that they become."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from wheelwatch.code.extract.values import (
    ANY,
    NOTHING,
    Class,
    Function,
    Instance,
    Unknown,
    Value,
    box_of,
    join,
)
from wheelwatch.model import EdgeKind


class Cell:
    """Where the results of one call come together."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value: Value = NOTHING

    def add(self, value: Value) -> None:
        """One more possible result."""
        self.value = join(self.value, value)


class Call:
    """One call: the arguments, the node that it stands for, and where its result goes."""

    __slots__ = ("args", "cell", "keywords", "kind", "node")

    def __init__(
        self,
        args: Sequence[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        kind: EdgeKind = EdgeKind.CALL,
        cell: Cell | None = None,
    ) -> None:
        self.args = args
        self.keywords = keywords
        self.node = node
        self.kind = kind
        self.cell = cell or Cell()

    def arg(self, place: int, name: str = "") -> Value:
        """An argument by place or name; nothing when it is not given."""
        if place < len(self.args):
            return self.args[place]
        return self.keywords.get(name, NOTHING)

    def all(self) -> list[Value]:
        """Every argument."""
        return [*self.args, *self.keywords.values()]

    def with_args(self, args: Sequence[Value], keywords: dict[str, Value] | None = None) -> Call:
        """The same call with other arguments."""
        return Call(args, self.keywords if keywords is None else keywords, self.node, self.kind, self.cell)


def parameters(
    function: Function, args: Sequence[Value], keywords: dict[str, Value], *, is_free: bool = False
) -> dict[str, Value]:
    """The parameters of a function with what they stand for in one call."""
    spec = function.node.args
    names: dict[str, Value] = {}
    positional = [*spec.posonlyargs, *spec.args]
    left = dict(keywords)
    for place, parameter in enumerate(positional):
        name = parameter.arg
        value = args[place] if place < len(args) else left.pop(name, None)
        names[name] = value if value is not None else _default(function, name, is_free=is_free)
    for parameter in spec.kwonlyargs:
        given = left.pop(parameter.arg, None)
        names[parameter.arg] = (
            given if given is not None else _default(function, parameter.arg, is_free=is_free)
        )
    if spec.vararg:
        rest = args[len(positional) :]
        box = box_of("tuple", rest)
        if is_free:
            box.add(ANY)
        names[spec.vararg.arg] = (box,)
    if spec.kwarg:
        table = box_of("dict", ())
        table.items.update(left)
        if is_free:
            table.add(ANY)
        names[spec.kwarg.arg] = (table,)
    if is_free and positional and function.owner is not None and function.wraps != "staticmethod":
        names[positional[0].arg] = receiver(function.owner, function.wraps)
    return names


def receiver(owner: Class, wraps: str) -> Value:
    """The first argument of a method: the class for a class method, else an instance."""
    return (owner,) if wraps == "classmethod" else (Instance(owner),)


def _default(function: Function, name: str, *, is_free: bool) -> Value:
    known = function.defaults.get(name)
    if known is None:
        return ANY
    return join(known, ANY) if is_free else known


def is_told(names: dict[str, Value]) -> bool:
    """Whether every argument is a constant or an object: each run within a run is then another one."""
    return all(len(value) == 1 and not isinstance(value[0], Unknown) for value in names.values())
