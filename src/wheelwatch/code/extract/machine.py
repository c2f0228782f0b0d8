"""The abstract interpreter of one file: an explicit stack of activations, each with a stack of work."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.invocation import Call, is_told, parameters
from wheelwatch.code.extract.library import Library
from wheelwatch.code.extract.names import members
from wheelwatch.code.extract.record import Place, Record, Source
from wheelwatch.code.extract.values import (
    ANY,
    Bound,
    Class,
    Code,
    Const,
    Ext,
    Flag,
    Function,
    Getter,
    Part,
    Partial,
    Space,
    Value,
    join,
)
from wheelwatch.code.extract.vocabulary import BUILTINS
from wheelwatch.limits import Limits
from wheelwatch.model import DECORATED, SUPPORTED_PYTHONS, Ref

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Visitor = Callable[["Machine", Activation, Any], None]

SENT = "()sent"
"""The field of a generator function that holds what is sent into it."""
NESTING = 60
"""Depth of runs within runs."""
RECURSION, TURNS = 3, 64
"""Runs of one function within each other, and of one whose arguments are all known."""
IMPORTING, AFTERWARDS = 120_000, 25_000
"""Work items of one file, besides the one run of every scope that is always done: of what an import
runs, and of what the functions do that are looked at for their own sake."""

LOADED = (Function, Bound, Partial, Getter, Space)
"""Atoms that may make a site of a call of them."""

_SIMPLE = frozenset(
    [
        ast.Expr,
        ast.Assign,
        ast.Return,
        ast.Import,
        ast.ImportFrom,
        ast.AugAssign,
        ast.AnnAssign,
        ast.Raise,
        ast.Assert,
        ast.Pass,
        ast.Delete,
    ]
)
"""Statements without a block."""

VISITORS: dict[type[ast.AST], Visitor] = {}
"""How each kind of node is done; filled by the modules of statements and expressions."""


def handles(*kinds: type[ast.AST]) -> Callable[[Visitor], Visitor]:
    """Register a function as what is done with nodes of these kinds."""

    def register(visitor: Visitor) -> Visitor:
        for kind in kinds:
            VISITORS[kind] = visitor
        return visitor

    return register


class Machine:
    """The state of one extraction. Nothing in here recurses over the target's structure."""

    def __init__(self, record: Record, limits: Limits, text: str = "") -> None:
        self.record = record
        self.text = text
        """All letters of the file, and of the names that stand for something in other files."""
        self.limits = limits
        self.stack: list[Activation] = []
        self.scope_of: dict[ast.AST, int] = {}
        self.functions: list[Function] = []
        """Every function that was defined, in order of definition."""
        self.ran_free: set[ast.AST] = set()
        """Bodies that were done with arguments that nothing is known of."""
        self.returned: dict[ast.AST, Value] = {}
        """What each function gave back when nothing was known of its arguments."""
        self.results: dict[object, Value] = {}
        self.active: Counter[object] = Counter()
        self.is_importing = True
        """Still doing what an import runs; afterwards every function is done for its own sake."""
        self.steps = 0
        self.depth = 0
        self.fuel = IMPORTING
        self.holds_sites: Callable[[ast.AST], bool] = lambda _: True
        self.costs: dict[ast.AST, int] = {}
        self.virtual = 0
        self.seen_sources: dict[object, int] = {}
        self.annotations: dict[int, list[tuple[str, ast.expr]]] = {}
        """Names and annotations of the variables of each module and class scope."""
        self.classes: list[Class] = []
        self.modules: dict[str, Value] = {}
        """What was put into ``sys.modules`` under a name that is told."""
        self.edited: dict[Code, None] = {}
        """Syntax trees of which a part was replaced: what they run stands in no text."""
        self.written: dict[str, None] = {}
        """Texts that were written to files: one of them may be run as a file."""
        self.is_dynamic = True
        """The file can use a computed name at all: only then loops over constants are worth their turns."""
        self.library: Library | None = None
        """Other files that an import runs; without it they are names."""
        self.compared: set[ast.AST] = set()
        """What is only held against ``None``: whatever it is, nobody uses it."""
        self.is_futuristic = False
        """``from __future__ import annotations`` stands in the file."""

    # -- running

    def drain(self) -> None:
        """Work until every activation is done."""
        stack, visitors = self.stack, VISITORS
        while stack:
            act = stack[-1]
            work = act.work
            while work and stack[-1] is act:
                item = work.pop()
                self.steps += 1
                kind = item.__class__
                if kind is tuple:
                    item[0](self, act, *item[1])  # type: ignore[index]  # a task
                elif kind is ast.Name:  # the most frequent one
                    act.memo[item] = self.look(act, item.id)  # type: ignore[index, union-attr]  # a name
                else:
                    visitors.get(kind, _expand)(self, act, item)  # type: ignore[arg-type]  # a node
            if not work and stack[-1] is act:
                stack.pop()
                if act.done is not None:
                    done, act.done = act.done, None  # it knows the run, which would hold itself
                    done()

    def scope(self, act: Activation, node: Definition) -> int:
        """The scope of a function or class statement."""
        if node not in self.scope_of:
            source = self.record.sources[act.scope]
            is_class = isinstance(node, ast.ClassDef)
            self.scope_of[node] = self.record.scope(
                node.name, node, act.scope, source, act.place, is_class=is_class
            )
        return self.scope_of[node]

    def spend(self, work: int) -> bool:
        """Take work beyond one run of every scope from the budget; whether it was there."""
        if self.fuel < work:
            self.record.notes.setdefault("budget")
            return False
        self.fuel -= work
        return True

    def cost(self, node: ast.For | ast.AsyncFor | ast.While | ast.expr) -> int:
        """Work items that one turn of a loop takes, roughly."""
        known = self.costs.get(node)
        if known is None:
            known = self.costs[node] = sum(1 for _ in ast.walk(node))
        return known

    def finish_import(self, holds_sites: Callable[[ast.AST], bool]) -> None:
        """From now on functions are done for their own sake; ``holds_sites`` says which can hold a site."""
        self.is_importing = False
        self.holds_sites = holds_sites
        self.fuel = min(self.fuel, AFTERWARDS)

    def start(self, act: Activation) -> None:
        """Put an activation on top; it runs before whatever is under it goes on."""
        self.stack.append(act)

    def survey(self, body: Sequence[ast.stmt], parent: int, source: Source, place: Place | None) -> None:
        """Give every function and class statement its scope, in source order."""
        stack: list[tuple[ast.AST, int]] = [(node, parent) for node in reversed(body)]
        while stack:
            node, above = stack.pop()
            if node.__class__ in _SIMPLE:
                continue
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                is_class = isinstance(node, ast.ClassDef)
                above = self.record.scope(node.name, node, above, source, place, is_class=is_class)
                self.scope_of[node] = above
            for block in ("finalbody", "orelse", "cases", "handlers", "body"):
                inner = getattr(node, block, None)
                if isinstance(inner, list):
                    stack.extend((child, above) for child in reversed(inner))

    def is_hidden(self, atom: Ext, word: str = "") -> bool:
        """Whether a name was computed; one that does not stand in the file must have been."""
        word = word or atom.name.rpartition(".")[2]
        return atom.hidden or (word.isidentifier() and word not in self.text and not word.startswith("__"))

    # -- names

    def look(self, act: Activation, name: str) -> Value:
        """What a name stands for in the running scope."""
        found: Value | None = None
        if name not in act.everywhere:
            found = act.here(name)
        if found is not None:
            return found
        inner, scope = act, act.parent
        while scope is not None:
            if scope.kind != "class" or inner.weak:
                is_running = inner.kind == "class" or inner.weak
                found = scope.here(name) if is_running else None
                found = found if found is not None else scope.everything.get(name)
                if found is not None:
                    return found
            inner, scope = scope, scope.parent
        return self.ambient(act, name)

    def ambient(self, act: Activation, name: str) -> Value:
        """A name that nothing in the file binds: of the module itself, from a star import, or a builtin."""
        if name in {"__name__", "__package__"}:
            return (Part("", own=True),)
        if name == "__builtins__":
            return (Ext("builtins"),)
        if name == "TYPE_CHECKING":
            return (Flag("type-checking", default=False),)
        if name in BUILTINS:
            return (Ext(f"builtins.{name}"),)
        stars = act.module.stars
        return (
            join(*((Ext(f"{star}.{name}" if star.strip(".") else star + name),) for star in stars[:4]))
            or ANY
        )

    def star(self, act: Activation, module: str) -> None:
        """``from module import *``: the catalogued names of a known module, and the module for the rest."""
        for name in members(module):
            act.bind(name, (Ext(f"{module}.{name}"),))
        act.module.stars.append(module)

    # -- functions

    def new_activation(self, function: Function) -> Activation:
        """A run of a function of this file, with nothing bound yet."""
        run = Activation(function.scope, "function", function.closure, guards=(), pythons=SUPPORTED_PYTHONS)
        run.function, run.owner = function.node, function.owner
        return run

    def enter(
        self,
        act: Activation,
        function: Function,
        call: Call,
    ) -> None:
        """Call a function of this file from ``act``; its result goes to the call's cell."""
        cell = call.cell
        label = DECORATED if function.is_handed else None
        self.record.edge(act, call.node, call.kind, Ref(scope=function.scope), label=label)
        names = parameters(function, call.args, call.keywords)
        sent = function.fields.get(SENT)
        key = (function.node, id(function.closure), tuple(names.items()), sent)
        if key in self.results:
            cell.add(self.results[key])
            return
        if not self.is_importing and not self._is_worth(function, names):
            cell.add(self.returned.get(function.node, ANY))
            return
        bound = TURNS if self.is_importing and is_told(names) else RECURSION
        is_deep = len(self.stack) > NESTING + bound or self.active[function.node] >= bound
        if key in self.active or is_deep or not self.spend(_length(function.node)):
            cell.add(ANY)
            return
        before = self.steps
        run = self.new_activation(function)
        run.layers[0].update(names)
        run.everything.update(names)
        run.key = key
        run.origin = (function, call)
        self.active[key] += 1
        self.active[function.node] += 1

        def done() -> None:
            self.fuel = max(0, self.fuel - (self.steps - before))
            del self.active[key]
            self.active[function.node] -= 1
            self.results[key] = run.returns or (Const(None),)
            cell.add(self.results[key])

        run.done = done
        self.begin(run, function)

    def _is_worth(self, function: Function, names: dict[str, Value]) -> bool:
        """Whether a call made for its own sake can tell more than the callee's own run does."""
        if function.closure.place is not None or self.holds_sites(function.node):
            return True
        return any(
            isinstance(atom, LOADED) or getattr(atom, "hidden", False)
            for value in names.values()
            for atom in value
        )

    def begin(self, run: Activation, function: Function) -> None:
        """Put the body of a function to work."""
        if isinstance(function.node, ast.Lambda):
            run.push(_return_lambda, function.node.body)
            run.work.append(function.node.body)
        else:
            run.work.extend(reversed(function.node.body))
        self.start(run)

    def run_free(self, function: Function) -> None:
        """Do a function's body with arguments that nothing is known of."""
        if function.node in self.ran_free:
            return
        self.ran_free.add(function.node)
        run = self.new_activation(function)
        names = parameters(function, (), {}, is_free=True)
        run.layers[0].update(names)
        run.everything.update(names)
        self.begin(run, function)
        self.drain()
        self.returned[function.node] = run.returns or (Const(None),)


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> int:
    """Lines of a function, as the least that a run of it costs."""
    return 8 + (node.end_lineno or node.lineno) - node.lineno


def _return_lambda(_: Machine, act: Activation, body: ast.expr) -> None:
    act.returns = join(act.returns, act.memo.get(body, ANY))


def _expand(_: Machine, act: Activation, node: ast.AST) -> None:
    """A node that nothing is known of: its parts are done, its value is not known."""
    act.memo[node] = ANY
    act.work.extend(
        child
        for child in reversed(list(ast.iter_child_nodes(node)))
        if isinstance(child, (ast.expr, ast.stmt))
    )
