"""The digest of each code object of a file: what a startup finding is bound to."""

from __future__ import annotations

import ast
import hashlib
import re

from wheelwatch.code.digest import FUNCTIONS, digest
from wheelwatch.code.parse import parse
from wheelwatch.limits import DEFAULT, Limits
from wheelwatch.model import WHOLE, Body, NotAnalysed

VERSION = "__version__"
LENGTH = 32
"""Hexadecimal digits; also the longest text that is read as a version."""

PLAIN = re.compile(r"\d+(\.\d+)*((a|b|rc|\.post|\.dev)\d+)*")
"""A version that says nothing but numbers."""


def bodies(data: bytes, limits: Limits = DEFAULT, *, first_line: int = 1) -> tuple[Body, ...]:
    """The file as a whole, its module body, then every function, each without the functions inside it.

    Of what cannot be parsed only the whole, by its bytes. Lambdas, classes and comprehensions belong to the
    function or module that they stand in. The number in ``__version__ = "1.2"`` does not count: another
    version alone is no other code.
    """
    parsed = parse(data, limits)
    if isinstance(parsed, NotAnalysed):
        return (Body(WHOLE, 0, hashlib.sha256(data).hexdigest()[:LENGTH]),)
    versions = _versions(parsed.tree)
    found = [Body(WHOLE, 0, digest(parsed.tree, versions)[:LENGTH])]
    stack: list[tuple[ast.AST, str]] = [(parsed.tree, "")]
    while stack:
        node, above = stack.pop()
        name = above
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            name = f"{above}.{node.name}" if above else node.name
        if isinstance(node, (*FUNCTIONS, ast.Module)):
            line = getattr(node, "lineno", 1) + first_line - 1
            found.append(Body(name, line, digest(node, versions, shallow=True)[:LENGTH]))
        stack.extend((child, name) for child in ast.iter_child_nodes(node))
    return tuple(found)


def _versions(tree: ast.Module) -> frozenset[str]:
    """``__version__``, when everything that is assigned to it reads as a version and nothing else."""
    values = [
        statement.value
        for statement in tree.body
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and _is_named(statement)
    ]
    return frozenset({VERSION}) if values and all(map(_is_version, values)) else frozenset()


def _is_named(statement: ast.Assign | ast.AnnAssign) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return any(isinstance(target, ast.Name) and target.id == VERSION for target in targets)


def _is_version(value: ast.expr | None) -> bool:
    if not isinstance(value, ast.Constant) or not isinstance(value.value, str) or len(value.value) > LENGTH:
        return False
    return PLAIN.fullmatch(value.value) is not None
