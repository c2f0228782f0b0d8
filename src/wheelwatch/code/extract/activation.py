"""One run of a scope: its names, what it still has to do, and under which guards it stands."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from wheelwatch.code.extract.values import NOTHING, Class, Function, Value, join
from wheelwatch.model import Version

if TYPE_CHECKING:
    from wheelwatch.code.extract.invocation import Call, Cell

Task = tuple[Callable[..., None], tuple[Any, ...]]
Names = dict[str, Value]


class Activation:
    """The names of one run of a scope, in layers (one per open branch), and its stack of work."""

    __slots__ = (
        "depth",
        "done",
        "everything",
        "everywhere",
        "function",
        "guards",
        "inexact",
        "inner",
        "key",
        "kind",
        "layers",
        "loops",
        "memo",
        "module",
        "origin",
        "owner",
        "parent",
        "place",
        "pythons",
        "returns",
        "scope",
        "space",
        "stars",
        "weak",
        "work",
    )

    def __init__(
        self,
        scope: int,
        kind: Literal["module", "function", "class"],
        parent: Activation | None,
        *,
        guards: tuple[str, ...],
        pythons: tuple[Version, ...],
    ) -> None:
        self.scope = scope
        self.kind = kind
        self.parent = parent
        self.module: Activation = parent.module if parent else self
        self.layers: list[Names] = [{}]
        self.everything: Names = {}
        """Every value that each name ever had."""
        self.everywhere: dict[str, Activation] = {}
        """Names that ``global`` or ``nonlocal`` moved elsewhere."""
        self.function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | None = None
        """The function that runs."""
        self.owner: Class | None = None
        """The class that a running method stands in."""
        self.stars: list[str] = []
        """Modules whose public names are all here."""
        self.work: list[ast.AST | Task] = []
        self.memo: dict[ast.AST, Value] = {}
        self.guards = guards
        self.pythons = pythons
        self.returns: Value = NOTHING
        self.place: tuple[int, int, str] | None = parent.place if parent else None
        """Where everything in here stands when it is a virtual file: line, column, snippet."""
        self.done: Callable[[], None] | None = None
        self.key: object = None
        self.origin: tuple[Function, Call] | None = None
        """The function that is run, and the call of it."""
        self.space: Cell | None = None
        """What a metaclass prepared for the names of a class body."""
        self.weak = False
        """A virtual file: what it binds may also be bound in the scope that runs it."""
        self.depth: int = parent.depth if parent else 0
        """How many virtual files this one is inside of."""
        self.inexact: set[ast.AST] = set()
        """Comprehensions whose items are not known one by one."""
        self.inner = 0
        """How many of the layers belong to comprehensions."""
        self.loops: list[tuple[int, int]] = []
        """Concrete loops that are running: height of the work, number of layers."""

    def here(self, name: str) -> Value | None:
        """What a name stands for at this moment in this scope; ``None`` when it is not bound here."""
        layers = self.layers
        if len(layers) == 1:
            return layers[0].get(name)
        for layer in reversed(layers):
            if name in layer:
                return layer[name]
        return None

    def bind(self, name: str, value: Value) -> None:
        """Bind a name; in a virtual file also, as one possibility, in the scope that runs it."""
        target = self.everywhere.get(name)
        if target is not None:
            target.widen(name, value)
            return
        self.layers[-1][name] = value
        known = self.everything.get(name)
        self.everything[name] = value if known is None else join(known, value)
        if self.weak and self.parent is not None:
            self.parent.widen(name, value)

    def widen(self, name: str, value: Value) -> None:
        """One more value that a name may have, assigned from another scope."""
        known = self.here(name)
        self.layers[-1][name] = value if known is None else join(known, value)
        self.everything[name] = join(self.everything.get(name, NOTHING), value)

    def bind_outside(self, name: str, value: Value) -> None:
        """Bind a name outside the comprehensions that are being done, as ``:=`` does."""
        kept = self.layers[len(self.layers) - self.inner :]
        del self.layers[len(self.layers) - self.inner :]
        self.bind(name, value)
        self.layers.extend(kept)

    def pythons_in(self, allowed: frozenset[Version]) -> bool:
        """Whether any Python that comes here is among these."""
        return any(version in allowed for version in self.pythons)

    def unbind(self, name: str) -> None:
        """Forget a name in this scope."""
        self.layers[-1].pop(name, None)

    def push(self, function: Callable[..., None], *arguments: Any) -> None:
        """Put one task on top of the work."""
        self.work.append((function, arguments))

    def clear(self) -> None:
        """Forget everything; no run comes here any more."""
        self.everything.clear()
        self.everywhere.clear()
        self.layers.clear()
        self.memo.clear()
        self.done = None
        self.origin = None
