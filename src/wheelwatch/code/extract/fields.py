"""Replacement fields of format strings: what each of them stands for."""

from __future__ import annotations

import ast
import string

from wheelwatch.code.extract import access, attributes, calls
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.values import ANY, Const, Value, join

FIELDS = 64
"""Fields of one format string that are looked up."""


def rewritten(
    machine: Machine,
    act: Activation,
    text: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> tuple[str, list[Value]] | None:
    """The format string with plain numbered fields, and the value of each; ``None`` if it is too odd."""
    values: list[Value] = []
    parts: list[str] = []
    try:
        pieces = list(string.Formatter().parse(text))
    except ValueError:
        return None
    if len(pieces) > FIELDS:
        return None
    count = 0
    for literal, name, spec, conversion in pieces:
        parts.append(literal.replace("{", "{{").replace("}", "}}"))
        if name is None:
            continue
        if "{" in (spec or ""):
            return None
        first, rest = _split(name)
        if not first:
            first, count = str(count), count + 1
        if first.isdigit():
            value = args[int(first)] if int(first) < len(args) else ANY
        else:
            value = keywords.get(first, ANY)
        values.append(_reach(machine, act, value, rest, node))
        mark = f"!{conversion}" if conversion else ""
        parts.append(f"{{{len(values) - 1}{mark}{':' + spec if spec else ''}}}")
    return "".join(parts), values


def _split(name: str) -> tuple[str, str]:
    for place, letter in enumerate(name):
        if letter in ".[":
            return name[:place], name[place:]
    return name, ""


def _reach(machine: Machine, act: Activation, value: Value, rest: str, node: ast.AST) -> Value:
    """A value behind attributes and items: ``.a[0]``."""
    for part in rest.replace("]", "").replace("[", ".[").split(".")[1:]:
        if part.startswith("["):
            key: Value = (Const(int(part[1:]) if part[1:].isdigit() else part[1:]),)
            calls.protocol(machine, act, [value], ("__getitem__",), node, (key,))
            value = join(*(access.get_item(machine, act, atom, key, node) for atom in value)) or ANY
        else:
            value = join(*(attributes.read(machine, act, atom, part) for atom in value)) or ANY
    return value
