"""Compare two syntax trees without recursion: structure, names, constants, positions."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_IGNORED = frozenset({"type_ignores", "type_comment", "ctx_ignored"})
_POSITIONS = ("lineno", "col_offset", "end_lineno", "end_col_offset")
_PLAIN = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)


def differences(one: ast.AST, other: ast.AST, *, inside_strings: bool) -> Iterator[str]:
    """What differs; positions inside f-strings count with ``inside_strings`` only (from 3.12 on)."""
    pairs: list[tuple[object, object, str, bool]] = [(one, other, "", True)]
    while pairs:
        left, right, path, places = pairs.pop()
        if isinstance(left, ast.AST) and type(left) is type(right):
            if places and not isinstance(left, _PLAIN):
                yield from _moved(left, right, path)
            below = places and (inside_strings or not isinstance(left, ast.JoinedStr))
            for name in left._fields:
                if name not in _IGNORED:
                    here = f"{path}.{name}"
                    pairs.append((getattr(left, name, None), getattr(right, name, None), here, below))
        elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
            for index, (first, second) in enumerate(zip(left, right, strict=True)):
                pairs.append((first, second, f"{path}[{index}]", places))
        elif type(left) is not type(right) or repr(left) != repr(right):
            yield f"{path}: {_shown(left)} != {_shown(right)}"


def _moved(left: ast.AST, right: object, path: str) -> Iterator[str]:
    for name in _POSITIONS:
        if getattr(left, name, None) != getattr(right, name, None):
            yield f"{path}.{name}: {getattr(left, name, None)} != {getattr(right, name, None)}"


def _shown(value: object) -> str:
    if isinstance(value, ast.AST):
        return f"{type(value).__name__} at {getattr(value, 'lineno', '?')}"
    return repr(value)[:80]
