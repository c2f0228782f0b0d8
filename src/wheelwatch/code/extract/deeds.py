"""What one function does that matters in the callback of a hook, read off its own statements."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from wheelwatch.code.extract.labels import LOCALS, NESTED, Function, Labels, children, is_own_key, within
from wheelwatch.model import Act, Deed

SECRET = re.compile(
    r"passw|passphrase|passcode|secret|(?:^|[^a-z])token(?:$|[^a-z])|api[_-]?key|credential|private[_-]?key"
    r"|access[_-]?key|auth[_-]?(?:key|token)|(?:^|_)pwd(?:$|_)|AWS_|_KEY$|mnemonic|seed_?phrase|wallet",
    re.IGNORECASE,
)
"""Words in names of what is meant to stay secret."""

SENDERS = frozenset(
    {"send", "sendall", "sendto", "sendmsg", "sendmail", "post", "request", "urlopen", "urlretrieve"}
    | {"gethostbyname", "getaddrinfo", "publish", "upload_file", "put_object", "create_connection"}
)
STORERS = frozenset(
    {"print", "write", "writelines", "write_text", "write_bytes", "dump", "info", "debug", "warning"}
    | {"error", "critical", "exception", "log", "append", "extend", "add", "put", "put_nowait", "pprint"}
    | {"execute", "executemany", "appendleft", "setdefault", "save", "insert", "echo", "secho"}
)
"""Last names of calls that send, and that print, write, log or collect what they are given."""

CHANGERS = frozenset({"update", "setdefault", "pop", "clear", "append", "insert", "extend", "__setitem__"})
BLOCKERS = frozenset({"sleep", "input", "breakpoint"})
EXITS = frozenset({"os._exit", "os.abort", "os.kill", "sys.exit"})
PLACES = frozenset(
    {"co_filename", "co_name", "co_qualname", "__name__", "__module__", "__file__", "co_flags"}
)
"""Attributes and keys by which code is told from other code."""

BEFORE = re.compile(
    r"_*(?:old|orig|original|prev|previous|saved|default|real|next|parent|inner|wrapped|super)(?:_|$)\w*"
    r"|\w*(?:_orig|_original|_old|_prev|_previous|_saved)|__\w*hook__|__import__|print_exception|format_exception"
)
"""Names of what a hook calls when it calls what was there before it."""

TEXT = 80

Strings = Mapping[str, tuple[str, ...]]
"""Module-level and class-level names with the strings in what they are bound to."""

Lead = Callable[[str], int]
"""The scope of a function by the name under which a function of the file says it; -1 for none."""


class Reading:
    """One function, being read.

    Args:
        function: its node.
        nodes: every node of it, as `inside` gives them.
        scope: its number.
        is_method: its first parameter is the object.
        strings: what module-level names hold.
        lead: finds other functions of the file.
    """

    def __init__(
        self,
        function: Function,
        nodes: Sequence[ast.AST],
        scope: int,
        *,
        is_method: bool,
        strings: Strings,
        lead: Lead,
    ) -> None:
        self._function = function
        self._nodes = nodes
        self._scope = scope
        self._strings = strings
        self._lead = lead
        self._name = getattr(function, "name", "")
        self.labels = Labels(function, nodes, is_method=is_method)
        self._first = self.labels.parameters[0] if self.labels.parameters else ""

    def acts(self) -> Iterator[Act]:
        """Every deed, in source order."""
        is_silent = True
        for node in self._nodes:
            reader = self._readers.get(node.__class__)
            if reader is not None:
                yield from reader(self, node)
            is_silent = is_silent and node.__class__ not in _LOUD
        yield from self._reads()
        if self._returns_itself():
            yield self._act(Deed.COSTS, self._function, "asks for every event of all code")
        if is_silent:
            yield self._act(Deed.SILENT, self._function)

    def _act(self, deed: Deed, node: ast.AST, text: str = "", of: Iterable[str] = (), to: int = -1) -> Act:
        line = getattr(node, "lineno", 0) or getattr(self._function, "lineno", 1)
        return Act(
            deed=deed,
            scope=self._scope,
            line=line,
            text=text[:TEXT],
            of=tuple(sorted(of)),
            to=to,
            by=self._name,
        )

    def _raised(self, node: ast.Raise) -> Iterator[Act]:
        yield self._act(Deed.VETOES, node, "raises")

    # -- calls

    def _call(self, node: ast.Call) -> Iterator[Act]:
        name = dotted(node.func)
        last = name.rpartition(".")[2]
        given = frozenset[str]().union(
            *(self.labels.of(one) for one in (*node.args, *(k.value for k in node.keywords)))
        )
        if last in SENDERS:
            yield self._act(Deed.SENDS, node, name, given)
        elif last in STORERS:
            yield self._act(Deed.STORES, node, name, given)
        elif given and last not in _LOOKS:
            yield self._act(Deed.HANDS_ON, node, name, given)
        if last in BLOCKERS:
            yield self._act(Deed.COSTS, node, f"waits in {name}")
        if name in EXITS:
            yield self._act(Deed.VETOES, node, name)
        if BEFORE.fullmatch(last):
            yield self._act(Deed.CHAINS, node, name)
        if last == "PyFrame_LocalsToFast":
            yield self._act(Deed.REWRITES, node, "variables of the frame")
        yield from self._changed_by(node, last)
        yield from self._tested_by(node, last)
        to = self._lead(name) if name else -1
        if to >= 0 and to != self._scope:
            yield self._act(Deed.LEADS, node, name, to=to)

    def _changed_by(self, node: ast.Call, method: str) -> Iterator[Act]:
        """A method that changes variables of a frame, or a parameter behind the first two."""
        if isinstance(node.func, ast.Attribute) and method in CHANGERS:
            yield from self._change(node, node.func.value)

    def _tested_by(self, node: ast.Call, method: str) -> Iterator[Act]:
        """``event.startswith(...)``, ``EVENTS.get(event)`` and the like."""
        if not isinstance(node.func, ast.Attribute):
            return
        owner = node.func.value
        if method == "startswith" and self._is_event(owner):
            for text in self._texts(node.args[:1]):
                yield self._act(Deed.EVENT, node, text + "*")
        elif method in {"get", "__contains__"} and node.args and self._is_event(node.args[0]):
            yield from (self._act(Deed.EVENT, node, text) for text in self._texts([owner]))
        elif method in {"startswith", "endswith", "match", "search"} and (
            _tells_place(owner) or any(map(_tells_place, node.args))
        ):
            yield self._act(Deed.FILTERS, node, ", ".join(self._texts([owner, *node.args])))

    # -- comparisons

    def _compared(self, node: ast.Compare) -> Iterator[Act]:
        sides = [node.left, *node.comparators]
        others = [side for side in sides if not self._is_event(side)]
        if len(others) < len(sides):
            yield from (self._act(Deed.EVENT, node, text) for text in self._texts(others))
        if any(map(_tells_place, sides)):
            yield self._act(Deed.FILTERS, node, ", ".join(self._texts(others)))

    def _matched(self, node: ast.Match) -> Iterator[Act]:
        if self._is_event(node.subject):
            patterns = [case.pattern for case in node.cases]
            yield from (self._act(Deed.EVENT, node, text) for text in self._texts(patterns))

    def _is_event(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and bool(self._first) and node.id == self._first

    def _texts(self, nodes: Iterable[ast.AST]) -> list[str]:
        """Every string in expressions, also behind names of the module."""
        found: list[str] = []
        for node in nodes:
            for one in within(node):
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    found.append(one.value)
                elif isinstance(one, (ast.Name, ast.Attribute)):
                    found += self._strings.get(one.id if isinstance(one, ast.Name) else one.attr, ())
        return list(dict.fromkeys(found))[:200]

    # -- what is held, bound and returned

    def _constant(self, node: ast.Constant) -> Iterator[Act]:
        if isinstance(node.value, str) and SECRET.search(node.value):
            yield self._act(Deed.SECRETS, node, node.value)

    def _named(self, node: ast.Name) -> Iterator[Act]:
        for text in self._strings.get(node.id, ()):
            if SECRET.search(text):
                yield self._act(Deed.SECRETS, node, text)
                return

    def _assigned(self, node: ast.Assign | ast.AugAssign) -> Iterator[Act]:
        given = self.labels.of(node.value)
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Subscript):
                yield from self._change(node, target.value)
            if isinstance(target, (ast.Subscript, ast.Attribute)) and given and not self._is_mine(target):
                yield self._act(Deed.STORES, node, dotted(target), given)
            if isinstance(target, ast.Attribute):
                yield from self._set(node, target)

    def _set(self, node: ast.Assign | ast.AugAssign, target: ast.Attribute) -> Iterator[Act]:
        if target.attr == "f_lineno":
            yield self._act(Deed.REWRITES, node, "the line that comes next")
        elif target.attr == "f_trace_opcodes":
            if not (isinstance(node.value, ast.Constant) and not node.value.value):
                yield self._act(Deed.COSTS, node, "asks for every opcode")
        elif target.attr == "f_trace" and (to := self._lead(dotted(node.value))) >= 0:
            yield self._act(Deed.LEADS, node, dotted(node.value), to=to)
        elif isinstance(target.value, ast.Name) and target.value.id in self.labels.parameters[2:]:
            yield self._act(Deed.REWRITES, node, f"{dotted(target)} of what it is given")

    def _change(self, node: ast.AST, owner: ast.AST) -> Iterator[Act]:
        changed = self.labels.of(owner)
        if LOCALS in changed and _is_the_mapping(owner):
            yield self._act(Deed.REWRITES, node, "variables of the frame", changed)
        elif isinstance(owner, ast.Name) and owner.id in self.labels.parameters[2:]:
            yield self._act(Deed.REWRITES, node, "what it is given", changed)

    def _is_mine(self, target: ast.AST) -> bool:
        """Whether the target lies in a variable of the function itself, or in the frame."""
        root = target
        while isinstance(root, (ast.Subscript, ast.Attribute)):
            if isinstance(root, ast.Attribute) and root.attr in {"f_locals", "f_trace"}:
                return True
            root = root.value
        return isinstance(root, ast.Name) and root.id in self.labels.names

    def _returned(self, node: ast.Return) -> Iterator[Act]:
        name = dotted(node.value) if node.value is not None else ""
        to = self._lead(name) if name else -1
        if to >= 0 and to != self._scope:
            yield self._act(Deed.LEADS, node, name, to=to)
        elif node.value is not None and (given := self.labels.of(node.value)):
            yield self._act(Deed.GIVES_BACK, node, name, given)

    def _returns_itself(self) -> bool:
        """Whether a trace function ends by returning itself, whatever it was called for."""
        if isinstance(self._function, ast.Lambda) or not self._name:
            return False
        last = self._function.body[-1]
        if not isinstance(last, ast.Return) or last.value is None:
            return False
        if dotted(last.value).rpartition(".")[2] != self._name:
            return False
        return sum(isinstance(node, ast.Return) for node in self._nodes) == 1

    def _reads(self) -> Iterator[Act]:
        """Variables of frames that are read, other than for the name of the class."""
        if not any(node.__class__ is ast.Attribute and node.attr in _FRAME for node in self._nodes):
            return
        stack: list[ast.AST] = [self._function.body] if isinstance(self._function, ast.Lambda) else []
        stack += [] if isinstance(self._function, ast.Lambda) else self._function.body
        seen: dict[str, ast.AST] = {}
        while stack:
            node = stack.pop()
            if is_own_key(node) or isinstance(node, NESTED):
                continue
            if isinstance(node, ast.Attribute) and node.attr in _FRAME:
                seen.setdefault(node.attr, node)
            stack.extend(children(node))
        for attribute in sorted(seen):
            yield self._act(Deed.READS, seen[attribute], attribute)

    _readers: ClassVar[dict[type[ast.AST], Callable[[Reading, Any], Iterator[Act]]]] = {
        ast.Call: _call,
        ast.Constant: _constant,
        ast.Name: _named,
        ast.Assign: _assigned,
        ast.AugAssign: _assigned,
        ast.Compare: _compared,
        ast.Raise: _raised,
        ast.Return: _returned,
        ast.Match: _matched,
    }
    """By kind of node: what is read off it."""


_FRAME = frozenset({"f_locals", "f_globals", "f_back"})
_LOUD = frozenset({ast.Call, ast.Raise, ast.Yield})
_LOOKS = frozenset({"isinstance", "len", "id", "type", "hasattr", "issubclass", "callable", "bool"})
"""Calls that only look at what they are given."""


def _is_the_mapping(node: ast.AST) -> bool:
    """Whether this is the mapping of variables itself: the attribute, or a name that it was given."""
    return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and node.attr == "f_locals")


def _tells_place(node: ast.AST) -> bool:
    for one in within(node):
        if isinstance(one, ast.Attribute) and one.attr in PLACES:
            return True
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value in PLACES:
            return True
    return False


def dotted(node: ast.AST | None) -> str:
    """A name with attributes as text; empty when it is anything else."""
    parts: list[str] = []
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)) and len(parts) < 20:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        else:
            node = node.value if isinstance(node, ast.Subscript) else node.func
    if isinstance(node, ast.Name):
        parts.append(node.id)
    return ".".join(reversed(parts))
