"""The command that a process start is given, as text: what stands in variables, folded."""

from __future__ import annotations

from wheelwatch.code.extract.access import items_of
from wheelwatch.code.extract.fold import texts
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.values import Const, Ext, Part, Value

UNKNOWN = "?"
"""A word of a command that is not known."""
WORDS = 12
SHOWN = 160
"""Code points of a command that a site keeps."""


def command(call: Call, *, is_own: bool) -> str:
    """The words of the first argument, else of ``args`` or ``cmd``; one that is not known is a ``?``.

    ``is_own``: the function is done for its own sake, where an argument that is not known says nothing.
    """
    value = call.arg(0, "args") or call.keywords.get("cmd", ())
    if not value:
        return ""
    items = items_of(value) if not any(isinstance(atom, Const) for atom in value) else None
    words = [_word(item) for item in items[:WORDS]] if items is not None else [_word(value)]
    text = " ".join(" ".join(words).split())[:SHOWN]
    return "" if is_own and text == UNKNOWN else text


def _word(value: Value) -> str:
    known = [text for text, _ in texts(value)]
    if known and len(known) == len(value):
        return " ".join(known[:4])
    if len(value) == 1 and isinstance(value[0], Part):
        return UNKNOWN + value[0].tail
    if len(value) == 1 and isinstance(value[0], Ext):
        return value[0].name
    if len(value) == 1 and isinstance(value[0], Const) and isinstance(value[0].value, bytes):
        return value[0].value[:SHOWN].decode("utf-8", "replace")
    return UNKNOWN
