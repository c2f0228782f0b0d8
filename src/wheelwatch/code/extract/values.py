"""What an expression may stand for: atoms, small unions of them, mutable objects of the file."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

if TYPE_CHECKING:
    from wheelwatch.code.extract.activation import Activation
    from wheelwatch.code.extract.invocation import Call
    from wheelwatch.code.extract.machine import Machine

Plain: TypeAlias = str | bytes | int | float | complex | bool | None
"""A Python constant that folding works on."""

BoxKind: TypeAlias = Literal["list", "tuple", "set", "dict", "bytearray"]

LITERAL, COMPUTED, DECODED = 0, 1, 2
"""How a constant came to be: written down, put together, or decoded."""

UNION = 12
"""Atoms that one value may hold."""
ITEMS = 4_096
"""Items of a container whose places are kept apart."""


class Unknown(msgspec.Struct, frozen=True):
    """Anything. ``decoded``: data from a decoder; ``searched``: a name found in a module."""

    decoded: bool = False
    searched: bool = False


class Const(msgspec.Struct, frozen=True):
    """A constant and how it came to be."""

    value: Plain
    how: int = LITERAL


class Part(msgspec.Struct, frozen=True):
    """A string of which only the end is known; ``own`` when it begins with this module's own name."""

    tail: str
    own: bool = False


class Ext(msgspec.Struct, frozen=True):
    """Something outside this file by its dotted name; ``()`` stands for the result of calling it.

    ``hidden``: the name was computed, decoded or searched for. A last component ``*`` is an unknown one.
    """

    name: str
    hidden: bool = False


class Flag(msgspec.Struct, frozen=True):
    """A value that depends on the surroundings, ``env:NAME`` and the like.

    ``default`` is what it is when nothing is set up on purpose; ``...`` when that cannot be told.
    """

    label: str
    default: object = ...


class Versions(msgspec.Struct, frozen=True):
    """A test that holds on these Python versions."""

    true: frozenset[str]


class Space(msgspec.Struct, frozen=True):
    """The namespace of something as a dictionary: ``vars(x)``, ``x.__dict__``, ``globals()``."""

    of: Atom


class Own(msgspec.Struct, frozen=True):
    """The analysed module as an object."""

    activation: Activation

    def __hash__(self) -> int:
        return id(self.activation)


class Method(msgspec.Struct, frozen=True):
    """A method of a constant, container or namespace, not called yet."""

    base: Atom
    name: str


class Bound(msgspec.Struct, frozen=True, eq=False):
    """A function of this file bound to its first argument.

    Like the wrappers below it is compared by identity: how deep they nest is the target's choice.
    """

    function: Function
    first: Atom


class Partial(msgspec.Struct, frozen=True, eq=False):
    """A callable with arguments put in already."""

    callee: Atom
    args: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...] = ()


class Getter(msgspec.Struct, frozen=True, eq=False):
    """``operator.attrgetter``, ``itemgetter`` or ``methodcaller`` with their arguments."""

    kind: Literal["attr", "item", "method"]
    key: Value
    args: tuple[Value, ...] = ()


class Code(msgspec.Struct, frozen=True, eq=False):
    """A code object: the source that it came from, when known, and whether that was decoded."""

    source: Value
    mode: str
    decoded: bool


class Native(msgspec.Struct, frozen=True, eq=False):
    """A callable of the standard library that remembers something: what it does when it is called."""

    run: Callable[[Machine, Activation, Call], None]


class Function:
    """A function or lambda of this file with the environment that it was made in."""

    __slots__ = ("closure", "defaults", "fields", "is_handed", "node", "owner", "scope", "wraps")

    def __init__(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: int, closure: Activation
    ) -> None:
        self.node = node
        self.scope = scope
        self.closure = closure
        self.defaults: dict[str, Value] = {}
        self.fields: dict[str, Value] = {}
        self.owner: Class | None = None
        self.is_handed = False
        """Its name stands for what a decorator of another file made of it, which may not call it."""
        self.wraps: str = ""
        """``property``, ``staticmethod`` or ``classmethod`` when decorated so."""


class Class:
    """A class of this file; ``attributes`` are those of the class, ``fields`` those of its instances."""

    __slots__ = ("attributes", "bases", "fields", "name", "order", "outer", "scope")

    def __init__(self, scope: int, bases: tuple[Value, ...], name: str = "") -> None:
        self.name = name
        self.order: dict[str, None] = {}
        """Its annotated names in order: what a generated ``__init__`` takes."""
        self.outer: tuple[str, ...] | None = None
        """Names of its bases in other files, once they were asked for."""
        self.scope = scope
        self.bases = bases
        self.attributes: dict[str, Value] = {}
        self.fields: dict[str, Value] = {}

    def mro(self) -> Iterable[Class | Ext]:
        """The classes of this file that it inherits from, nearest first, and outer ones by name."""
        queue: list[Class | Ext] = [self]
        seen: list[Class | Ext] = []
        while queue and len(seen) < UNION:
            found = queue.pop(0)
            if found in seen:
                continue
            seen.append(found)
            if isinstance(found, Class):
                for base in found.bases:
                    queue.extend(atom for atom in base if isinstance(atom, (Class, Ext)))
        return seen


class Instance(msgspec.Struct, frozen=True):
    """An object of a class of this file; all of a class are taken together.

    ``whole``: it is only seen through one of its bases, as ``super()`` does; this is what it is a whole of.
    """

    of: Class
    whole: Class | None = None


class Box:
    """A list, tuple, set or dictionary: items by place or key, and what may stand anywhere in it."""

    __slots__ = ("behind", "items", "kind", "origin", "rest")

    def __init__(self, kind: BoxKind) -> None:
        self.kind = kind
        self.behind: tuple[Space, ...] = ()
        """Namespaces whose items a dictionary holds as well: it is a copy of them."""
        self.origin: tuple[Function, Call] | None = None
        """The call of the generator function of which these are the items."""
        self.items: dict[Plain, Value] = {}
        self.rest: Value = NOTHING

    def union(self) -> Value:
        """Every item, wherever it stands."""
        return join(self.rest, *self.items.values())

    def add(self, value: Value) -> None:
        """One more item at a place that is not known."""
        self.rest = join(self.rest, value)

    def sequence(self) -> list[Value] | None:
        """The items in order; ``None`` when places are not known."""
        return None if self.rest else list(self.items.values())


Atom: TypeAlias = (
    Unknown
    | Const
    | Part
    | Ext
    | Flag
    | Versions
    | Space
    | Own
    | Method
    | Bound
    | Partial
    | Getter
    | Code
    | Native
    | Function
    | Class
    | Instance
    | Box
)
Value: TypeAlias = tuple[Atom, ...]

NOTHING: Value = ()
ANY: Value = (Unknown(),)
NONE: Value = (Const(None),)
DECODED_DATA: Value = (Unknown(decoded=True),)
SEARCHED_NAME: Value = (Unknown(searched=True),)


def join(*values: Value) -> Value:
    """The union of values, in the order of first appearance, at most ``UNION`` atoms."""
    first = NOTHING
    for value in values:
        if value and value is not first:
            if not first:
                first = value
            elif value != first:
                break
    else:
        return first
    merged = dict.fromkeys([atom for part in values for atom in part])
    if len(merged) <= UNION:
        return tuple(merged)
    # What names something is worth more than one more constant.
    ranked = sorted(merged, key=lambda atom: isinstance(atom, (Const, Part, Flag)))
    return (*ranked[: UNION - 1], *taint(tuple(merged)))


def taint(*values: Value) -> Value:
    """Unknown data made from these: decoded or searched for when one of them is."""
    decoded = searched = False
    for value in values:
        for atom in value:
            if isinstance(atom, Unknown):
                decoded = decoded or atom.decoded
                searched = searched or atom.searched
            elif isinstance(atom, Const):
                decoded = decoded or atom.how == DECODED
            elif isinstance(atom, Box):
                inner = taint_of_box(atom)
                decoded, searched = decoded or inner.decoded, searched or inner.searched
    return (Unknown(decoded, searched),) if decoded or searched else ANY


def taint_of_box(box: Box) -> Unknown:
    """The taint of a container's immediate items."""
    decoded = searched = False
    for atom in box.rest:
        if isinstance(atom, Unknown):
            decoded, searched = decoded or atom.decoded, searched or atom.searched
    for value in list(box.items.values())[:UNION]:
        for atom in value:
            if isinstance(atom, Unknown):
                decoded, searched = decoded or atom.decoded, searched or atom.searched
            elif isinstance(atom, Const):
                decoded = decoded or atom.how == DECODED
    return Unknown(decoded, searched)


def box_of(kind: BoxKind, values: Iterable[Value]) -> Box:
    """A container of these values in order."""
    box = Box(kind)
    rows = iter(values)
    box.items.update(enumerate(itertools.islice(rows, ITEMS)))
    more = list(itertools.islice(rows, UNION))
    if more:
        box.add(join(*more, ANY))
    return box
