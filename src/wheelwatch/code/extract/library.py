"""Modules of other files that one extraction runs when they are imported, as an interpreter would."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.values import Box, Const, Ext, Own, Value
from wheelwatch.model import SUPPORTED_PYTHONS

if TYPE_CHECKING:
    from wheelwatch.code.extract.machine import Machine

NEVER = frozenset({"main", "type-checking"})
"""Guards that are false in whatever is imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """One file of a library: its body, its scope, the names under which it is imported."""

    body: Sequence[ast.stmt]
    scope: int
    names: tuple[str, ...]
    is_package: bool
    doc: Value = ()
    is_main: bool = False
    is_futuristic: bool = False
    bound: Mapping[str, str] = field(default_factory=dict)
    """Names that are bound before its first statement, each to a dotted name."""


class Library:
    """The files of one group by the names of their modules, and those that were imported so far."""

    def __init__(self, books: Sequence[Book]) -> None:
        self.books = books
        self._by_name: dict[str, int] = {}
        for place, book in enumerate(books):
            for name in book.names:
                self._by_name.setdefault(name, place)
        self._open: dict[int, Activation] = {}
        self._places: dict[Activation, int] = {}

    def opened(self) -> tuple[Activation, ...]:
        """The modules that were imported."""
        return tuple(self._open.values())

    def absolute(self, act: Activation, name: str) -> str:
        """A name with the package of the running module in the place of its dots."""
        plain = name.lstrip(".")
        dots = len(name) - len(plain)
        place = self._places.get(act.module)
        if not dots or place is None or not self.books[place].names:
            return name
        book = self.books[place]
        parts = book.names[0].split(".")
        parts = parts[: len(parts) - dots + (1 if book.is_package else 0)]
        return ".".join([*parts, plain] if plain else parts)

    def is_main(self, act: Activation) -> bool:
        """Whether the running module is a script."""
        place = self._places.get(act.module)
        return place is not None and self.books[place].is_main

    def is_futuristic(self, act: Activation) -> bool:
        """Whether the running module has the annotations of the future."""
        place = self._places.get(act.module)
        return place is not None and self.books[place].is_futuristic

    def run(self, act: Activation, name: str) -> None:
        """Import a module with its packages, the outermost first; each runs once."""
        parts = self.absolute(act, name).split(".")
        places = [self._by_name.get(".".join(parts[:end])) for end in range(1, len(parts) + 1)]
        for place in reversed(places):
            if place is not None and place not in self._open:
                act.push(_start, self, place)

    def start(self, machine: Machine, place: int) -> None:
        """Run the body of one file, unless it runs or ran already."""
        if place in self._open:
            return
        book = self.books[place]
        module = Activation(book.scope, "module", None, guards=(), pythons=SUPPORTED_PYTHONS)
        self._open[place] = module
        self._places[module] = place
        module.bind("__doc__", book.doc)
        for name, outer in book.bound.items():
            module.bind(name, (Ext(outer),))
        module.work.extend(reversed(book.body))
        machine.start(module)

    def module(self, act: Activation, name: str) -> Value | None:
        """The module of this name, if it is one of the group and was imported."""
        found = self._open.get(self._by_name.get(self.absolute(act, name), -1))
        return (Own(found),) if found is not None else None

    def read(self, module: Activation, name: str) -> Value | None:
        """What a module of the group holds under a name: a variable, else a module below it."""
        place = self._places.get(module)
        if place is None:
            return None
        found = module.here(name)
        found = found if found is not None else module.everything.get(name)
        if found is not None:
            return found
        for own in self.books[place].names:
            inner = self._open.get(self._by_name.get(f"{own}.{name}", -1))
            if inner is not None:
                return (Own(inner),)
        return None

    def holds(self, act: Activation, name: str) -> bool:
        """Whether the group has a module of this name."""
        return self.absolute(act, name) in self._by_name

    def public(self, module: Activation) -> list[str]:
        """The names that a star import of a module binds."""
        listed = module.everything.get("__all__", ())
        names = [
            atom.value
            for box in listed
            if isinstance(box, Box)
            for value in box.items.values()
            for atom in value
            if isinstance(atom, Const) and isinstance(atom.value, str)
        ]
        return names or [name for name in module.everything if not name.startswith("_")]


def _start(machine: Machine, act: Activation, library: Library, place: int) -> None:
    del act
    library.start(machine, place)
