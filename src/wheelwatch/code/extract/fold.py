"""Constant folding: values to Python objects and back, operators and methods, all under a size bound."""

from __future__ import annotations

import ast
import itertools
import lzma
import operator
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from wheelwatch.code.extract.values import (
    ANY,
    COMPUTED,
    DECODED,
    LITERAL,
    Atom,
    Box,
    Const,
    Flag,
    Value,
    box_of,
    join,
    taint,
)

FAILURES = (
    ArithmeticError,
    AttributeError,
    BufferError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    SyntaxError,
    struct.error,
    RecursionError,
    TypeError,
    ValueError,
    re.error,
    lzma.LZMAError,
    zlib.error,
)
"""What folding a constant may raise; the value is then not known."""

DEPTH = 4
COMBINATIONS = 64
WIDE = re.compile(r"\d{5,}")

Folded = tuple[Any, int]


class TooBigError(ValueError):
    """A constant would grow over the bound."""


def plain(value: Value, depth: int = DEPTH) -> Iterator[Folded]:
    """Every alternative of a value as a Python object, with how it came to be; others are left out."""
    for atom in value:
        if isinstance(atom, Const):
            yield atom.value, atom.how
        elif isinstance(atom, Box) and depth:
            folded = _plain_box(atom, depth)
            if folded is not None:
                yield folded


def _plain_box(box: Box, depth: int) -> Folded | None:
    """A container as a Python object; ``None`` when an item is not known or has several values."""
    if box.rest:
        return None
    items: dict[Any, Any] = {}
    how = LITERAL
    for key, value in box.items.items():
        if len(value) != 1:
            return None
        inner = next(plain(value, depth - 1), None)
        if inner is None:
            return None
        items[key], how = inner[0], max(how, inner[1])
    try:
        return _SHAPES[box.kind](items), how
    except (TypeError, ValueError):  # an unhashable member of a set, a number that is no byte
        return None


_SHAPES: Mapping[str, Callable[[dict[Any, Any]], object]] = {
    "list": lambda items: list(items.values()),
    "tuple": lambda items: tuple(items.values()),
    "set": lambda items: set(items.values()),
    "dict": lambda items: items,
    "bytearray": lambda items: bytes(items.values()),
}


def lift(thing: object, how: int, depth: int = DEPTH) -> Value:
    """A Python object as a value."""
    if thing is None or isinstance(thing, (str, bytes, int, float, complex)):
        return (Const(thing, how),)
    if isinstance(thing, (bytearray, memoryview)):
        return (Const(bytes(thing), how),)
    if not depth:
        return ANY
    if isinstance(thing, dict):
        box = Box("dict")
        for key, item in itertools.islice(thing.items(), 4096):
            box.items[key] = lift(item, how, depth - 1)
        return (box,)
    if isinstance(thing, (list, tuple, set, frozenset, range)):
        kind = {list: "list", tuple: "tuple"}.get(type(thing), "list")
        things = sorted(thing, key=repr) if isinstance(thing, (set, frozenset)) else thing
        box = box_of(
            "tuple" if kind == "tuple" else "list", (lift(item, how, depth - 1) for item in things)
        )
        return (box,)
    return ANY


def first(value: Value, kind: type | tuple[type, ...]) -> Any:
    """The one constant of a value if it is of that type, else ``None``."""
    if len(value) == 1 and isinstance(atom := value[0], Const) and isinstance(atom.value, kind):
        return atom.value
    return None


def texts(value: Value) -> list[tuple[str, int]]:
    """The strings that a value may be, each with how it came to be."""
    return [
        (atom.value, atom.how) for atom in value if isinstance(atom, Const) and isinstance(atom.value, str)
    ]


def _is_partial(value: Value) -> bool:
    """Whether some alternative of the value cannot be folded."""
    return any(not isinstance(atom, (Const, Flag, Box)) for atom in value)


def fold(
    function: Callable[..., object], values: Sequence[Value], bound: int, *, how: int = COMPUTED
) -> Value:
    """The results of a pure function over alternatives of its arguments; unknown ones keep their taint."""
    flags = [atom for value in values if value is not ANY for atom in value if isinstance(atom, Flag)]
    if flags:
        return _fold_flag(function, values, flags[0], bound)
    if any(value is ANY for value in values):
        return taint((Const("", DECODED),)) if how == DECODED else taint(*values)
    choices = [list(plain(value)) for value in values]
    results: list[Value] = []
    for combination in itertools.islice(itertools.product(*choices), COMBINATIONS):
        made = max((one[1] for one in combination), default=LITERAL)
        try:
            result = function(*(one[0] for one in combination))
            if size(result) <= bound:
                results.append(lift(result, max(made, how)))
        except FAILURES:
            continue
    if not results or any(map(_is_partial, values)):
        unknown = taint(*values)
        if how == DECODED:
            unknown = taint((Const("", DECODED),))
        results.append(unknown)
    return join(*results)


def _fold_flag(function: Callable[..., object], values: Sequence[Value], flag: Flag, bound: int) -> Value:
    """The same for a value that depends on the surroundings: what becomes of its default."""
    things: list[object] = []
    for value in values:
        atom = value[0] if len(value) == 1 else None
        if isinstance(atom, Flag):
            things.append(atom.default)
            continue
        known = next(plain(value), None) if atom is not None else None
        if known is None:
            return (Flag(flag.label),)
        things.append(known[0])
    if any(thing is ... for thing in things):
        return (Flag(flag.label),)
    try:
        result = function(*things)
    except FAILURES:
        return (Flag(flag.label),)
    is_plain = result is None or isinstance(result, (str, bytes, int, float))
    return (Flag(flag.label, result if is_plain and size(result) <= bound else ...),)


def size(thing: object) -> int:
    """A rough size in bytes of a folded object."""
    if isinstance(thing, int):
        return thing.bit_length() // 8
    return len(thing) if hasattr(thing, "__len__") else 1


def _product(left: Any, right: Any, bound: int) -> object:
    if isinstance(left, int) and isinstance(right, int):
        if size(left) + size(right) > 4096:
            raise TooBigError
    elif isinstance(left, (int, str, bytes, list, tuple)) and isinstance(
        right, (int, str, bytes, list, tuple)
    ):
        count, thing = (left, right) if isinstance(left, int) else (right, left)
        if not isinstance(count, int) or count * size(thing) > bound:
            raise TooBigError
    return left * right


def _power(left: Any, right: Any) -> object:
    if isinstance(right, int) and isinstance(left, int) and (right > 4096 or size(left) * right > 4096):
        raise TooBigError
    return left**right


def _shift(left: Any, right: Any) -> object:
    if right > 65536:
        raise TooBigError
    return left << right


def _remainder(left: Any, right: Any) -> object:
    if isinstance(left, (str, bytes)) and WIDE.search(
        left if isinstance(left, str) else left.decode("latin-1")
    ):
        raise TooBigError
    if isinstance(left, (str, bytes)) and "*" in (
        left if isinstance(left, str) else left.decode("latin-1")
    ):
        raise TooBigError
    return left % right


_OPERATORS: Mapping[type[ast.operator], Callable[[Any, Any], object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: _remainder,
    ast.Pow: _power,
    ast.LShift: _shift,
    ast.RShift: operator.rshift,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
    ast.BitAnd: operator.and_,
}
_UNARY: Mapping[type[ast.unaryop], Callable[[Any], object]] = {
    ast.Not: operator.not_,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.eq,
    ast.IsNot: operator.ne,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}


def binary(kind: type[ast.operator], left: Value, right: Value, bound: int) -> Value:
    """A binary operator over two values."""
    if kind is ast.Mult:
        return fold(lambda a, b: _product(a, b, bound), (left, right), bound)
    if kind not in _OPERATORS:
        return taint(left, right)
    how = DECODED if kind is ast.BitXor else COMPUTED
    return fold(_OPERATORS[kind], (left, right), bound, how=how)


def unary(kind: type[ast.unaryop], value: Value, bound: int) -> Value:
    """A unary operator over a value."""
    return fold(_UNARY[kind], (value,), bound, how=LITERAL)


def compare(kind: type[ast.cmpop], left: Value, right: Value, bound: int) -> Value:
    """A comparison of two values."""
    return fold(_COMPARISONS[kind], (left, right), bound)


_CONVERSIONS: Mapping[int, Callable[[object], str]] = {115: str, 114: repr, 97: ascii}


def formatted(value: Value, conversion: int, spec: Value | None, bound: int) -> Value:
    """One replacement field of an f-string."""

    def call(thing: object, text: str = "") -> str:
        if WIDE.search(text):
            raise TooBigError
        made = _CONVERSIONS[conversion](thing) if conversion in _CONVERSIONS else thing
        return format(made, text)

    return fold(call, (value,) if spec is None else (value, spec), bound)


def subscript(base: Value, key: object, bound: int) -> Value:
    """An item or slice of folded text: ``key`` is an index or a slice of plain numbers."""
    return fold(lambda thing: thing[key], (base,), bound)


def is_foldable(atom: Atom) -> bool:
    """Whether an atom is a constant or a container."""
    return isinstance(atom, (Const, Box))
