"""From the bytes of a source file to its syntax tree."""

from __future__ import annotations

import ast
import hashlib
import warnings
from typing import Final

from wheelwatch.code.decode import Decoded, decode
from wheelwatch.code.parsed import Parsed
from wheelwatch.limits import DEFAULT, Limits
from wheelwatch.model import NotAnalysed, Reason

_NODES_PER_CHARACTER: Final = 2
"""No source has more nodes than this per character (``a;a;a`` has one)."""


def parse(data: bytes, limits: Limits = DEFAULT) -> Parsed | NotAnalysed:
    """Decode and parse a source file; never raises, whatever the bytes are."""
    decoded = decode(data, limits)
    if isinstance(decoded, NotAnalysed):
        return decoded
    tree = _tree(decoded, limits)
    if isinstance(tree, NotAnalysed):
        return tree
    digest = hashlib.sha256(data).hexdigest()
    return Parsed(tree=tree, text=decoded.text, encoding=decoded.encoding, sha256=digest)


def _tree(decoded: Decoded, limits: Limits) -> ast.Module | NotAnalysed:
    if decoded.is_lenient:
        return NotAnalysed(reason=Reason.UNDECODABLE, detail="not UTF-8, and no coding cookie")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(decoded.text)
    except (SyntaxError, ValueError) as problem:
        return NotAnalysed(reason=Reason.SYNTAX, detail=str(problem))
    except (RecursionError, MemoryError) as problem:
        return NotAnalysed(reason=Reason.TOO_DEEP, detail=str(problem))
    if _has_too_many_nodes(tree, decoded.text, limits):
        return NotAnalysed(reason=Reason.TOO_MANY_NODES, detail=f"more than {limits.nodes} nodes")
    return tree


def _has_too_many_nodes(tree: ast.Module, text: str, limits: Limits) -> bool:
    if len(text) * _NODES_PER_CHARACTER <= limits.nodes:
        return False
    return any(number > limits.nodes for number, _ in enumerate(ast.walk(tree), start=1))
