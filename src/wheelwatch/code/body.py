"""The digest of each code object of a file: what a startup finding is bound to."""

from __future__ import annotations

import ast
import hashlib

from wheelwatch.code.digest import FUNCTIONS, digest
from wheelwatch.code.parse import parse
from wheelwatch.limits import DEFAULT, Limits
from wheelwatch.model import WHOLE, Body, NotAnalysed

LENGTH = 32
"""Hexadecimal digits."""


def bodies(data: bytes, limits: Limits = DEFAULT, *, first_line: int = 1) -> tuple[Body, ...]:
    """The file as a whole, its module body, then every function, each without the functions inside it.

    Of what cannot be parsed only the whole, by its bytes. Lambdas, classes and comprehensions belong to the
    function or module that they stand in.
    """
    parsed = parse(data, limits)
    if isinstance(parsed, NotAnalysed):
        return (Body(WHOLE, 0, hashlib.sha256(data).hexdigest()[:LENGTH]),)
    found = [Body(WHOLE, 0, digest(parsed.tree)[:LENGTH])]
    stack: list[tuple[ast.AST, str]] = [(parsed.tree, "")]
    while stack:
        node, above = stack.pop()
        name = above
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            name = f"{above}.{node.name}" if above else node.name
        if isinstance(node, (*FUNCTIONS, ast.Module)):
            line = getattr(node, "lineno", 1) + first_line - 1
            found.append(Body(name, line, digest(node, shallow=True)[:LENGTH]))
        stack.extend((child, name) for child in ast.iter_child_nodes(node))
    return tuple(found)
