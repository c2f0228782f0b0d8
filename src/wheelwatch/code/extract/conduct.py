"""Which functions of a file may be callbacks of hooks, and what each of them does."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from wheelwatch.code.extract.deeds import Reading
from wheelwatch.code.extract.labels import Function, inside, within
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.record import Record
from wheelwatch.model import Act, Kind

HOOKS = frozenset(
    {Kind.TRACE, Kind.PROFILE, Kind.MONITOR, Kind.AUDIT, Kind.IMPORT, Kind.EXCEPTION, Kind.NATIVE}
)
"""Families of hooks whose callbacks are looked at."""

WORDS = re.compile(
    r"\bf_locals\b|\btb_frame\b|\bco_filename\b|\bfind_spec\b|\(\s*(?:self\s*,\s*)?event\w*\s*,\s*\*?args\b"
)
"""A file without one of these and without a hook holds no callback that matters."""

HINTS = ("f_locals", "tb_frame", "co_filename", "find_spec")
EVENTS = re.compile(r"event\w*\s*,\s*\*?args\b")
"""Without one of these there is none of `WORDS`, and they are found far faster."""

NODES = 200_000
"""Syntax-tree nodes of the functions of one file that are read."""


def acts(machine: Machine, tree: ast.Module, text: str) -> tuple[Act, ...]:
    """The deeds of every function that a hook may call; none when the file is not about hooks."""
    if not any(site.kind in HOOKS for site in machine.record.sites.values()) and not _has_words(text):
        return ()
    reader = _Reader(machine, tree)
    return tuple(
        act for node, nodes, scope in reader.functions() for act in reader.read(node, nodes, scope)
    )


def _has_words(text: str) -> bool:
    is_likely = any(hint in text for hint in HINTS) or EVENTS.search(text) is not None
    return is_likely and WORDS.search(text) is not None


class _Reader:
    """The functions of one file with what they need to know of each other."""

    def __init__(self, machine: Machine, tree: ast.Module) -> None:
        self._record: Record = machine.record
        self._strings = _strings(tree)
        self._functions: dict[ast.AST, int] = {
            node: scope
            for node, scope in machine.scope_of.items()
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        }
        for function in machine.functions:
            self._functions.setdefault(function.node, function.scope)
        self._named: dict[tuple[int, str], int] = {}
        for scope in self._functions.values():
            entry = self._record.scopes[scope]
            self._named.setdefault((entry.parent, entry.name), scope)

    def functions(self) -> Iterator[tuple[Function, Sequence[ast.AST], int]]:
        """The functions in order of their scopes with the nodes in each, as long as there is room."""
        room = NODES
        for node, scope in sorted(self._functions.items(), key=lambda row: row[1]):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                nodes = list(itertools.islice(inside(node), NODES))
                room -= len(nodes)
                if room < 0:
                    self._record.notes.setdefault("callbacks")
                    return
                yield node, nodes, scope

    def read(self, node: Function, nodes: Sequence[ast.AST], scope: int) -> Iterator[Act]:
        """What one of them does."""
        parent = self._record.scopes[scope].parent
        is_method = parent >= 0 and self._record.scopes[parent].is_class and not _is_static(node)

        def lead(name: str) -> int:
            return self._lead(scope, name)

        reading = Reading(node, nodes, scope, is_method=is_method, strings=self._strings, lead=lead)
        yield from reading.acts()

    def _lead(self, scope: int, name: str) -> int:
        """A function by its name as a scope says it: ``self.x``, a nested one, one of the module."""
        head, _, last = name.rpartition(".")
        parent = self._record.scopes[scope].parent
        if head in {"self", "cls"}:
            return self._named.get((parent, last), -1)
        if head:
            return -1
        place = scope
        while place >= 0:
            found = self._named.get((place, last))
            if found is not None:
                return found
            place = self._record.scopes[place].parent
        return -1


def _is_static(node: Function) -> bool:
    return any(
        isinstance(one, ast.Name) and one.id == "staticmethod"
        for one in getattr(node, "decorator_list", ())
    )


def _strings(tree: ast.Module) -> Mapping[str, tuple[str, ...]]:
    """The strings in what each name of the module or of one of its classes is bound to."""
    found: dict[str, tuple[str, ...]] = {}
    blocks = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
    for body in blocks:
        for node in body:
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                texts = _texts(node.value)
                for target in targets if texts else ():
                    if isinstance(target, ast.Name):
                        found[target.id] = texts
    return found


def _texts(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, (ast.Lambda, ast.ListComp, ast.GeneratorExp)):
        return ()
    texts = [
        one.value for one in within(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]
    return tuple(dict.fromkeys(texts[:500]))
