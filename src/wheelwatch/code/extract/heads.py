"""What a text does with one module, by the places at which the name of the module stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wheelwatch.code.extract.anchors import Way, ways
from wheelwatch.code.extract.look import GAP, NEXT, QUOTES, Look
from wheelwatch.code.extract.marks import MOVERS, MOVING
from wheelwatch.code.extract.words import (
    ACCESS,
    IMPORTS,
    LIBRARIES,
    MODULES,
    PICKLES,
    ROUTES,
    WALKED,
)

_FROM = re.compile(
    rb"((?:" + GAP + rb"\." + GAP + rb"\w+)*)" + GAP + rb"\bimport\b" + GAP + rb"(\([^)]*\)?|[^\n;#]*)"
)
_AS = re.compile(GAP + rb"(?:\." + GAP + rb"\w+" + GAP + rb")*as\s+(\w*)")
_ASKS = re.compile(rb"(?:hasattr|getattr|setattr|delattr)\s*\(\s*\Z")
_LITERAL = re.compile(rb"""\s*,\s*(['"])([A-Za-z_]\w*)\1\s*([,)])""")
_STRING_NEXT = re.compile(rb"""['"]\s*[)\]]""" + NEXT.pattern)
_BY_NAME = re.compile(
    rb"(?:__import__|import_module|modules|globals\(\)|locals\(\)|vars\([^()]*\)|__dict__|__globals__|f_globals"
    rb"|resolve_name|locate|find_spec|get|pop|setdefault|__getitem__|run_module|load_module|safeimport"
    rb"|import_string|name=|\w*import\w*)\s*[(\[]?\s*\Z"
)
"""What gives the module that a string names, as it stands before the string."""
_PATCH = re.compile(rb"\bpatch(?:\.\w+)*\s*\(\s*\Z")
_COLON = re.compile(rb":([A-Za-z_]\w*)")
_WALKS = re.compile(
    rb"\s*(?:\.\s*(?:items|values|copy)\b|\[(?!\s*(?:['\"][\w.]+['\"]|__name__|__package__)\s*\]))"
)
_DUNDER = re.compile(rb"__\w+__\Z")
_FIELDS = frozenset(
    {"signal", "socket", "site", "ssl", "http", "requests", "httpx", "code", "trace", "profile", "types"}
    | {"logging", "gc", "commands", "profiling", "interpreters", "codecs", "subprocess", "monitoring"}
)
"""Names of modules that objects like to have as attributes of their own."""
_ACCESS = frozenset(word.encode() for word in ACCESS)
_MOVERS = frozenset(word.encode() for word in MOVERS)
_HOLDERS = frozenset(
    word.encode() for word in (MODULES | ROUTES | LIBRARIES) - {"signal", "socket", "site", "ssl", "codecs"}
)
"""Attributes of a module that are modules, or open a library."""


class Head:
    """What a text does with one module."""

    def __init__(self, look: Look, head: str) -> None:
        self._look = look
        self._head = head
        self.is_bound = head == "__builtins__"
        """Something imports it, or may."""
        self.is_bare = False
        """The module itself is handed on, renamed, or all of it is imported."""
        self.is_walked = False
        """It is ``sys``, and all modules are gone through, or one is taken by a computed name."""
        self.used: dict[bytes, bool] = {}
        """Names behind it, and whether one of them may be assigned to."""
        for start in look.written(head):
            self._see(start, start + len(head))

    def words(self) -> Iterator[str]:
        """The module, where it counts as such; and each name of it by which a site may come about."""
        head = self._head
        if not self.is_bound:
            return
        for name in self._reached():
            yield f"{head}.{name}"
        if self.is_walked:
            yield WALKED
        yield from (name.decode() for name in _ACCESS & self.used.keys())
        if head in MOVING:
            yield from MOVERS if self.is_bare else (name.decode() for name in _MOVERS & self.used.keys())
        if head in PICKLES and (self.is_bare or b"loads" in self.used):
            yield "loads"
        is_held = any(name in _HOLDERS or _DUNDER.match(name) for name in self.used)
        if head in MODULES and (self.is_bare or is_held):
            yield head

    def _reached(self) -> Iterator[str]:
        known = ways().get(self._head)
        if known is None:
            return
        if b"*" in known and (self.is_bare or any(self.used.values())):
            yield "*"
        for name in known if self.is_bare else known.keys() & self.used.keys():
            is_used = self.used.get(name)
            if is_used is None and name not in self._look.text:
                continue
            if any(self._leads(row, is_assigned=is_used) for row in known[name]):
                yield name.decode()

    def _leads(self, way: Way, *, is_assigned: bool | None) -> bool:
        if way.is_assigned and is_assigned is False:
            return False
        return all(word in self._look.text for word in way.rest)

    def _see(self, start: int, end: int) -> None:
        look, text = self._look, self._look.text
        if look.is_imported(start, end):
            self._import(start, end)
            return
        before = text[start - 1 : start]
        if before in QUOTES:
            self._quoted(start, end)
            return
        if before == b".":
            if self._head in _FIELDS and text[max(0, start - 5) : start] in (b"self.", b" cls."):
                return
            # A module of the standard library holds another one: os.sys, threading._sys.
            self.is_bound = self.is_bound or self._head in MODULES
        found = NEXT.match(text, end)
        if found is None:
            self._pass_on(start, end)
        elif found[1] == b"modules" and look.is_read(start, found.end()):
            self.is_walked = self.is_walked or _WALKS.match(text, found.end()) is not None
        else:
            self._use(found[1], is_assigned=look.is_target(start, found.end(1)))

    def _pass_on(self, start: int, end: int) -> None:
        """The module as a value: asked for an attribute by a literal name, or handed on."""
        if not self._look.is_value(start, end):
            return
        asked = _ASKS.search(self._look.line(start))
        literal = _LITERAL.match(self._look.text, end) if asked else None
        if asked is None or literal is None:
            self.is_bare = True
        elif not asked[0].startswith(b"hasattr"):
            self._use(literal[2], is_assigned=asked[0].startswith((b"set", b"del")))

    def _quoted(self, start: int, end: int) -> None:
        """The name in a string: of a patch, of text that is run, of an import by name."""
        look, text = self._look, self._look.text
        before = look.line(start)[:-1]
        found = NEXT.match(text, end) or _COLON.match(text, end)
        if found is not None:
            is_patched = _PATCH.search(before) is not None
            if is_patched or look.is_run or not IMPORTS.isdisjoint(look.places):
                self.is_bound = True
                self._use(found[1], is_assigned=is_patched)
        elif text[end : end + 1] in QUOTES and (look.is_by_name or _BY_NAME.search(before)):
            self.is_bound = True
            found = _STRING_NEXT.match(text, end)
            if found is not None:
                self._use(found[1], is_assigned=look.is_target(end, found.end(1)))
            else:
                self.is_bare = True

    def _use(self, name: bytes, *, is_assigned: bool) -> None:
        self.used[name] = self.used.get(name, False) or is_assigned

    def _import(self, start: int, end: int) -> None:
        """``import a.b``, ``from a.b import c``, and the module as one of several names."""
        look, text = self._look, self._look.text
        if not look.is_shared(start):
            return
        if self._head not in MODULES and look.origin(start):
            return
        self.is_bound = True
        if look.line(start).rstrip().endswith(b"from"):
            self._import_names(end)
            return
        found = NEXT.match(text, end)
        if found is not None:
            self.used.setdefault(found[1], False)
        renamed = _AS.match(text, end)
        if renamed is not None and renamed[1].decode() not in (self._head, f"_{self._head}"):
            self.is_bare = True

    def _import_names(self, end: int) -> None:
        found = _FROM.match(self._look.text, end)
        if found is None:
            self.is_bare = True
            return
        subs = re.findall(rb"\w+", found[1])
        for name in subs[:1] or re.findall(rb"\w+", found[2]):
            self.used.setdefault(name, False)
        self.is_bare = self.is_bare or b"*" in found[2]
