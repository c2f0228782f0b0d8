"""From the bytes of a source file to its syntax tree.

``ast`` of the running Python is asked first. What it refuses goes to the fallback, whose verdict and
message stand, so that they do not depend on the version that runs.
"""

from __future__ import annotations

import ast
import hashlib
import re
import sys
import warnings
from itertools import islice
from typing import Final

from wheelwatch.code import fallback
from wheelwatch.code.decode import Decoded, decode
from wheelwatch.code.parsed import Parsed
from wheelwatch.collection import uncollected
from wheelwatch.limits import DEFAULT, Limits
from wheelwatch.model import NotAnalysed, Reason

_NODES_PER_CHARACTER: Final = 2
"""No source has more nodes than this per character (``a;a;a`` has one)."""
_HAS_EMPTY_PARTS: Final = sys.version_info[:2] == (3, 12)
"""3.12 ends ``f"{x:{y}}"`` with an empty constant that no other version has."""
_TOKENISH: Final = re.compile(r"\w+|[^\w\s]")
"""At least one match for every token that shows."""
_STRAY: Final = re.compile("[\udc80-\udcff]")
"""A byte that is no UTF-8, as ``surrogateescape`` decodes it."""


def parse(data: bytes, limits: Limits = DEFAULT) -> Parsed | NotAnalysed:
    """Decode and parse a source file; never raises, whatever the bytes are."""
    decoded = decode(data, limits)
    if isinstance(decoded, NotAnalysed):
        return decoded
    return _parse(decoded, hashlib.sha256(data).hexdigest(), limits)


def parse_text(text: str, limits: Limits = DEFAULT) -> Parsed | NotAnalysed:
    """Parse what ``exec`` of this string would run: a cookie in it says nothing."""
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as problem:
        return NotAnalysed(reason=Reason.UNDECODABLE, detail=str(problem))
    if len(data) > limits.source_bytes:
        return NotAnalysed(reason=Reason.TOO_LARGE, detail=f"{len(data)} bytes of source, over the limit")
    if "\0" in text:
        return NotAnalysed(reason=Reason.NUL, detail=f"NUL at offset {text.index(chr(0))}")
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _parse(Decoded(text=lines, encoding="utf-8"), hashlib.sha256(data).hexdigest(), limits)


def _parse(decoded: Decoded, sha256: str, limits: Limits) -> Parsed | NotAnalysed:
    text = _STRAY.sub("\ufffd", decoded.text) if decoded.is_lenient else decoded.text
    try:
        if decoded.is_lenient:
            _require_comments(decoded.text, text, limits)
        with uncollected():
            tree = _tree(text, limits, is_exact=decoded.has_returns)
    except UnicodeError as problem:
        return NotAnalysed(reason=Reason.UNDECODABLE, detail=str(problem))
    except fallback.Refused as problem:
        return NotAnalysed(reason=Reason.SYNTAX, detail=str(problem))
    except fallback.Excess as problem:
        return NotAnalysed(reason=Reason.TOO_MANY_NODES, detail=str(problem))
    except fallback.Oversize as problem:
        return NotAnalysed(reason=Reason.TOO_LARGE, detail=str(problem))
    except MemoryError:
        return NotAnalysed(reason=Reason.OUT_OF_MEMORY, detail="no memory left while parsing")
    return Parsed(tree=tree, text=text, encoding=decoded.encoding, sha256=sha256)


def _require_comments(escaped: str, text: str, limits: Limits) -> None:
    """Raise unless every byte that is no UTF-8 stands in a comment, where CPython does not look."""
    spans = iter(fallback.comments(text, limits.nodes))
    start = end = 0
    for stray in _STRAY.finditer(escaped):
        while end <= stray.start():
            start, end = next(spans, (len(text), len(text) + 1))
        if stray.start() < start:
            line = text.count("\n", 0, stray.start()) + 1
            raise UnicodeError(f"byte 0x{ord(stray[0]) - 0xDC00:02x} is no UTF-8 (line {line})")


def _tree(text: str, limits: Limits, *, is_exact: bool) -> ast.Module:
    """The tree; ``is_exact`` when carriage returns are no line ends, which ``ast`` takes them for."""
    _require_few_tokens(text, limits)
    tree = None if is_exact else standard_tree(text)
    if tree is None:
        tree = fallback.parse(text, limits.nodes)
    if len(text) * _NODES_PER_CHARACTER > limits.nodes:
        _require_few_nodes(tree, limits)
    return tree


def standard_tree(text: str) -> ast.Module | None:
    """The tree that the running Python makes, brought to the form of 3.13; ``None`` when it refuses."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if _HAS_EMPTY_PARTS and "}}" in text:
        _drop_empty_parts(tree)
    return tree


def _drop_empty_parts(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            node.values = [part for part in node.values if getattr(part, "value", None) != ""]


def _require_few_tokens(text: str, limits: Limits) -> None:
    """Raise ``Excess`` before a tree is built that no memory would hold."""
    beyond = islice(_TOKENISH.finditer(text), limits.nodes, None)
    if len(text) <= limits.nodes or next(beyond, None) is None:
        return
    # Words inside strings and comments were counted too, so only now is the exact count worth its time.
    fallback.comments(text, limits.nodes)


def _require_few_nodes(tree: ast.Module, limits: Limits) -> None:
    for number, _ in enumerate(ast.walk(tree), start=1):
        if number > limits.nodes:
            raise fallback.Excess(f"more than {limits.nodes} nodes")
