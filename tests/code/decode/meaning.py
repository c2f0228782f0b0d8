"""What interpreters make of sources; run by CPython 3.8 and newer, stdlib only.

Reads a JSON list of base64 sources, prints a JSON list: ``null`` for a source that is refused, else the
names and constants of its tree.
"""

from __future__ import annotations

import ast
import base64
import json
import sys
import warnings


def meaning(tree: ast.AST) -> list[str]:
    """The names and constants of a tree, in the order of ``ast.walk``."""
    found: list[str] = []
    for node in ast.walk(tree):
        found += [repr(node.value)] if isinstance(node, ast.Constant) else []
        found += [node.id] if isinstance(node, ast.Name) else []
        found += [node.attr] if isinstance(node, ast.Attribute) else []
    return found


def judge(data: bytes) -> list[str] | None:
    """The meaning of one source, or ``None``."""
    try:
        return meaning(compile(data, "source", "exec", ast.PyCF_ONLY_AST, dont_inherit=True))
    except (SyntaxError, ValueError, MemoryError, RecursionError, LookupError, OverflowError):
        return None


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps([judge(base64.b64decode(text)) for text in json.load(sys.stdin)]))
