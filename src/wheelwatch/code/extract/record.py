"""What an extraction has found so far: scopes, edges, sites and bindings, each with its place."""

from __future__ import annotations

import ast
import itertools
import re

import msgspec

from wheelwatch.catalogue import Api
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.names import canonical, is_loaded
from wheelwatch.code.extract.values import (
    Atom,
    Bound,
    Box,
    Class,
    Ext,
    Function,
    Instance,
    Partial,
    Value,
)
from wheelwatch.limits import Limits
from wheelwatch.model import (
    SUPPORTED_PYTHONS,
    Binding,
    Confidence,
    Edge,
    EdgeKind,
    Kind,
    Ref,
    Scope,
    Site,
    Version,
)

TEXT = 80
NAMED = 50
"""Names of modules that one site tells."""
DEPTH, HELD = 3, 400
"""Containers within each other, and the things in them, that are looked at for hooks."""
_NEWLINES = re.compile(r"\r\n|\r|\n")
_ORDER = {version: place for place, version in enumerate(SUPPORTED_PYTHONS)}
_SURE = {Confidence.LOW: 0, Confidence.MEDIUM: 1, Confidence.HIGH: 2}

Place = tuple[int, int, str]


class Source:
    """The text of one (possibly virtual) file, for columns and snippets."""

    def __init__(self, text: str, limit: int) -> None:
        self.lines = _NEWLINES.split(text) if "\r" in text else text.split("\n")
        self.limit = limit
        self.formatted: dict[ast.AST, ast.AST] = {}
        """Nodes inside an f-string, each with the outermost one: their own positions differ on 3.11."""

    def place(self, node: ast.AST) -> Place:
        """Line, column in code points (both from 1), and the source from there, for one node."""
        node = self.formatted.get(node, node)
        line = getattr(node, "lineno", 1)
        offset = getattr(node, "col_offset", 0)
        if not 0 < line <= len(self.lines):
            return line, 1, ""
        column = self._column(line, offset)
        return line, column + 1, self._segment(node, line, column)

    def _column(self, line: int, offset: int) -> int:
        text = self.lines[line - 1]
        if text.isascii():
            return min(offset, len(text))
        return len(text.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "replace"))

    def _segment(self, node: ast.AST, line: int, column: int) -> str:
        last = getattr(node, "end_lineno", None) or line
        end = getattr(node, "end_col_offset", None)
        head = self.lines[line - 1]
        if last == line and end is not None:
            return head[column : self._column(line, end)][: self.limit]
        parts = [head[column:]]
        room = self.limit - len(parts[0])
        for number in range(line, min(last, len(self.lines))):
            if room <= 0:
                break
            parts.append(self.lines[number])
            room -= len(parts[-1]) + 1
        return "\n".join(parts)[: self.limit]

    def enclose(self, outer: ast.AST) -> None:
        """Note that everything inside this f-string has its position."""
        if outer in self.formatted:
            return
        stack = list(ast.iter_child_nodes(outer))
        while stack:
            node = stack.pop()
            self.formatted.setdefault(node, outer)
            stack.extend(ast.iter_child_nodes(node))


def refer(atom: Atom) -> Ref | None:
    """What an edge or a binding to this atom points to; ``None`` for plain data."""
    if isinstance(atom, (Function, Class)):
        return Ref(scope=atom.scope) if atom.scope >= 0 else None
    if isinstance(atom, Ext):
        return Ref(name=canonical(atom.name).replace("[]", "")) if "*" not in atom.name else None
    if isinstance(atom, Bound):
        return Ref(scope=atom.function.scope)
    if isinstance(atom, Instance):
        return refer(atom.of)
    if isinstance(atom, Partial):
        inner = atom.callee
        return refer(inner) if not isinstance(inner, Partial) else None
    return None


def refer_all(value: Value) -> list[Ref]:
    """The distinct targets of a value, in order."""
    return list(dict.fromkeys(ref for atom in value if (ref := refer(atom)) is not None))


def _merge_pythons(left: tuple[Version, ...], right: tuple[Version, ...]) -> tuple[Version, ...]:
    return left if left == right else tuple(sorted({*left, *right}, key=_ORDER.__getitem__))


class Record:
    """Collects the facts of one file; the same site seen twice is one site, described by its worst."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.scopes: list[Scope] = []
        self.sites: dict[tuple[object, ...], Site] = {}
        self.edges: dict[tuple[object, ...], Edge] = {}
        self.bindings: dict[Binding, None] = {}
        self.notes: dict[str, None] = {}
        self.sources: dict[int, Source] = {}
        """By scope: the text that its nodes stand in."""

    def scope(
        self,
        name: str,
        node: ast.AST | None,
        parent: int,
        source: Source,
        place: Place | None,
        *,
        is_class: bool = False,
    ) -> int:
        """A new scope; its qualified name is built from its parent's."""
        above = self.scopes[parent].qualified if parent >= 0 else ""
        qualified = f"{above}.{name}" if above else name
        if name == "<module>":
            qualified = above
        line = (
            place[0] if place else getattr(source.formatted.get(node, node) if node else None, "lineno", 1)
        )
        self.scopes.append(
            Scope(name=name, qualified=qualified, line=line, parent=parent, is_class=is_class)
        )
        self.sources[len(self.scopes) - 1] = source
        return len(self.scopes) - 1

    def set_bases(self, scope: int, bases: tuple[Value, ...]) -> None:
        """Note what a class inherits from."""
        refs = tuple(ref for base in bases for ref in refer_all(base))
        self.scopes[scope] = msgspec.structs.replace(self.scopes[scope], bases=refs)

    def place(self, act: Activation, node: ast.AST) -> Place:
        """Where a node stands in the real file."""
        return act.place if act.place is not None else self.sources[act.scope].place(node)

    def site(
        self,
        act: Activation,
        node: ast.AST,
        kind: Kind,
        name: str,
        *,
        api: Api | None = None,
        clears: bool = False,
        obfuscated: bool = False,
        own_names: bool = False,
        confidence: Confidence = Confidence.HIGH,
        callback: Value = (),
        detail: str = "",
    ) -> None:
        """One site; nothing when no Python has both the API and a way to this line."""
        pythons = act.pythons
        if api is not None and api.pythons != SUPPORTED_PYTHONS:
            pythons = tuple(version for version in pythons if version in api.pythons)
        if not pythons:
            return
        line, column, snippet = self.place(act, node)
        key = (act.scope, line, column, kind, name)
        new = Site(
            kind=kind,
            api=name,
            scope=act.scope,
            line=line,
            column=column,
            snippet=snippet[: self.limits.snippet],
            clears=clears,
            obfuscated=obfuscated,
            own_names=own_names,
            confidence=confidence,
            guard=_guard(act),
            pythons=pythons,
            callback=next(iter(refer_all(callback)), None),
            detail=detail,
        )
        old = self.sites.get(key)
        self.sites[key] = new if old is None else _worst(old, new)

    def edge(
        self,
        act: Activation,
        node: ast.AST,
        kind: EdgeKind,
        target: Ref,
        arguments: tuple[Ref, ...] = (),
        text: str = "",
        label: str | None = None,
    ) -> None:
        """One edge from the running scope; ``label`` is one more guard of it."""
        if not act.pythons:
            return
        line, column, snippet = self.place(act, node)
        guard = _guard(act, label)
        key = (kind, act.scope, line, column, target, guard)
        old = self.edges.get(key)
        if old is None:
            self.edges[key] = Edge(
                kind=kind,
                scope=act.scope,
                line=line,
                column=column,
                target=target,
                text=(text or snippet)[:TEXT],
                guard=guard,
                pythons=act.pythons,
                arguments=arguments,
            )
        elif old.pythons != act.pythons:
            self.edges[key] = msgspec.structs.replace(old, pythons=_merge_pythons(old.pythons, act.pythons))

    def bind(self, scope: int, names: dict[str, Value]) -> None:
        """The bindings of a module or class."""
        for name, value in names.items():
            for target in refer_all(value):
                self.bindings.setdefault(Binding(scope, name, target))

    def carry(self, scope: int, names: dict[str, Value]) -> None:
        """Hooks and sensitive modules that a container holds, as bindings of ``name[]``."""
        for name, value in names.items():
            for atom in value:
                for target in refer_all(_held(atom)) if isinstance(atom, Box) else ():
                    if target.name and is_loaded(target.name):
                        self.bindings.setdefault(Binding(scope, f"{name}[]", target))

    def give_back(self, scope: int, value: Value) -> None:
        """Hooks and sensitive modules that a function returns, as bindings of ``name()``."""
        known = self.scopes[scope]
        for atom in value:
            held = _held(atom) if isinstance(atom, Box) else (atom,)
            for target in refer_all(tuple(one for one in held if not _is_result(one))):
                if target.name and is_loaded(target.name):
                    self.bindings.setdefault(Binding(known.parent, f"{known.name}()", target))


def _is_result(atom: Atom) -> bool:
    """Whether something is what a call gave: ``subprocess.Popen(...)`` hands on no hook."""
    return isinstance(atom, Ext) and atom.name.endswith(("()", "[]"))


def _held(box: Box) -> Value:
    """Everything that a container and those in it hold, to a bounded depth."""
    found: list[Atom] = []
    level: list[Atom] = [box]
    for _ in range(DEPTH):
        inner = [atom for one in level if isinstance(one, Box) for atom in _values(one)]
        found += inner
        level = inner
        if len(found) > HELD:
            break
    return tuple(found[:HELD])


def _values(box: Box) -> list[Atom]:
    rows = itertools.islice(box.items.values(), HELD)
    return [*box.rest, *(atom for value in rows for atom in value)]


def _guard(act: Activation, label: str | None = None) -> str | None:
    if not act.guards:
        return label
    return " and ".join(dict.fromkeys((*act.guards, label) if label else act.guards)) or None


DETAILS = 400
"""Code points of what is known of one site from all ways to it."""
MORE = "\n?more"
"""Stands for the commands that find no place there."""


def _both(old: Site, new: Site) -> str:
    """What is said of a site; of a process every command that ways to it give, each on a line."""
    if old.kind is Kind.MODULES and old.detail != new.detail:
        # Several names, or one that cannot be told.
        names = {*old.detail.split(","), *new.detail.split(",")}
        return ",".join(sorted(names)) if old.detail and new.detail and len(names) <= NAMED else ""
    if old.kind is not Kind.PROCESS:
        return old.detail or new.detail
    if new.detail in old.detail.split("\n") or old.detail.endswith(MORE):
        return old.detail
    return f"{old.detail}\n{new.detail}" if len(old.detail) <= DETAILS else old.detail + MORE


def _worst(old: Site, new: Site) -> Site:
    """Two views of one site as one: what either of them says against it."""
    sure = max(old.confidence, new.confidence, key=_SURE.__getitem__)
    return msgspec.structs.replace(
        old,
        clears=old.clears and new.clears,
        obfuscated=old.obfuscated or new.obfuscated,
        own_names=old.own_names and new.own_names,
        confidence=sure,
        guard=old.guard if old.guard == new.guard else None,
        pythons=_merge_pythons(old.pythons, new.pythons),
        callback=old.callback or new.callback,
        detail=_both(old, new),
    )
