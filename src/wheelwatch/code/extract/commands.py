"""The command that a process start is given, as text: what stands in variables, folded."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from wheelwatch.code.extract.access import items_of
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.fold import texts
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.values import Atom, Const, Ext, Part, Value

UNKNOWN = "?"
"""A word of a command that is not known."""
GIVEN = "?given"
"""Stands for what the caller of the function gives, which hands on its own arguments and nothing else."""
OPEN = "?open"
"""Stands for a command that is not known where the function is done for its own sake."""
LOOSE = "\n?loose"
"""Stands for other commands that may come where the words are not written in the call itself."""
OPTIONS = frozenset({"executable", "preexec_fn"})
"""Arguments by which another program runs than the one that the command names."""
POSITIONAL = 2
"""Arguments that a start of a process has before those."""
EITHER = " | "
"""Between words of which one is taken, as between those of a pipe."""
WORDS = 12
SHOWN = 160
"""Code points of a command that a site keeps."""


def command(act: Activation, call: Call, *, is_own: bool) -> str:
    """The words of the first argument, else of ``args`` or ``cmd``; one that is not known is a ``?``.

    ``is_own``: the function is done for its own sake, where an argument that is not known says nothing.
    """
    value = call.arg(0, "args") or call.keywords.get("cmd", ())
    if not value:
        return ""
    items = items_of(value) if not any(isinstance(atom, Const) for atom in value) else None
    words = [_word(item) for item in items[:WORDS]] if items is not None else [_word(value)]
    # A new line ends a command of a shell.
    text = " ".join(" ".join(words).replace("\n", ";").split())
    given = (GIVEN,) if text == UNKNOWN and is_given(act, call) else ()
    if is_own and text == UNKNOWN:
        return GIVEN if given else OPEN
    is_cut = len(text) > SHOWN or (items is not None and len(items) > WORDS)
    words = [text[:SHOWN], *(["?more"] if is_cut else ()), *_changed(call), *given]
    return " ".join(words) + ("" if given or _is_written(act, call) else LOOSE)


def _is_written(act: Activation, call: Call) -> bool:
    """Whether the words stand in the call, or in a name of its function that nothing else is given."""
    node = call.node
    if not isinstance(node, ast.Call) or not node.args or len(call.args) != len(node.args):
        return False
    first = node.args[0]
    if isinstance(first, ast.Name) and act.function is not None:
        first = _held(act.function, first)
    if not isinstance(first, (ast.List, ast.Tuple)):
        return isinstance(first, ast.Constant)
    written = [isinstance(item, ast.Constant) for item in first.elts]
    # What git does, other words of it decide too.
    program = first.elts[0].value if written[:1] == [True] else None  # type: ignore[attr-defined]
    return all(written) if str(program).endswith("git") else program is not None


def _held(function: ast.AST, name: ast.Name) -> ast.expr:
    """What the one assignment to a name of a function holds; the name where anything else is done to it."""
    values: list[ast.expr] = []
    uses = 0
    for inner in ast.walk(function):
        if isinstance(inner, ast.Assign) and len(inner.targets) == 1 and _is_name(inner.targets[0], name):
            values.append(inner.value)
            uses -= 1
        elif isinstance(inner, ast.FormattedValue) and _is_name(inner.value, name):
            uses -= 1
        elif _is_name(inner, name) or (
            isinstance(inner, (ast.Global, ast.Nonlocal)) and name.id in inner.names
        ):
            uses += 1
    return values[0] if len(values) == 1 and uses == 1 else name


def _is_name(node: ast.AST, name: ast.Name) -> bool:
    return isinstance(node, ast.Name) and node.id == name.id


def is_given(act: Activation, call: Call) -> bool:
    """Whether a function hands on arguments of its own, as they came, and nothing else."""
    node, function = call.node, act.function
    if function is None or not isinstance(node, ast.Call) or not (node.args or node.keywords):
        return False
    options = {keyword.arg for keyword in node.keywords}
    if len(call.args) != len(node.args) or not options.issuperset(call.keywords):
        return False
    parts = [*node.args, *(keyword.value for keyword in node.keywords)]
    plain = [part.value if isinstance(part, ast.Starred) else part for part in parts]
    names = {part.id for part in plain if isinstance(part, ast.Name)}
    if not all(isinstance(part, ast.Name) for part in plain) or not names <= _parameters(function.args):
        return False
    return not any(
        isinstance(inner, ast.Name) and inner.id in names and not isinstance(inner.ctx, ast.Load)
        for inner in ast.walk(function)
    )


def _parameters(spec: ast.arguments) -> frozenset[str]:
    listed = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, spec.vararg, spec.kwarg]
    return frozenset(one.arg for one in listed if one is not None)


def _changed(call: Call) -> Iterator[str]:
    """Words for arguments by which something else may run than what the command says."""
    if len(call.args) > POSITIONAL or not OPTIONS.isdisjoint(call.keywords) or _is_spread(call.node):
        yield "?executable"
    environment = call.keywords.get("env", ())
    if not all(_is_inherited(atom) for atom in environment):
        yield "?env"


def _is_spread(node: ast.AST) -> bool:
    """Whether arguments come out of something that may hold any of them: ``*rest``, ``**options``."""
    return isinstance(node, ast.Call) and (
        any(isinstance(argument, ast.Starred) for argument in node.args)
        or any(keyword.arg is None for keyword in node.keywords)
    )


def _is_inherited(atom: Atom) -> bool:
    """Whether an environment is the one of this process."""
    return atom == Const(None) or (isinstance(atom, Ext) and atom.name.startswith("os.environ"))


def _word(value: Value) -> str:
    known = [text for text, _ in texts(value)]
    if known and len(known) == len(value):
        return EITHER.join(known[:4])
    if len(value) == 1 and isinstance(value[0], Part):
        return UNKNOWN + value[0].tail
    if len(value) == 1 and isinstance(value[0], Ext):
        return value[0].name
    if len(value) == 1 and isinstance(value[0], Const) and isinstance(value[0].value, bytes):
        return value[0].value[:SHOWN].decode("utf-8", "replace")
    return UNKNOWN
