"""Plants one spelling of a hook at a random place of a random real file, in a random encoding.

A case is its number: `plant` gives the same file for the same number on the same machine. Hosts are the
sources of the running Python's standard library and of the installed packages.
"""

from __future__ import annotations

import ast
import builtins
import codecs
import random
import re
import sysconfig
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from tests.evasions.table import FAMILIES, Snippet, snippets
from wheelwatch.model import Kind

CALLABLES = ("print", "repr", "lambda *a: None", "type(print)", "print if 1 else len", "[print][0]")
"""Whatever stands for the function that is installed; harmless when it is called with anything."""

ENCODINGS = {
    "utf-8": "\u2028 \x85 \ufb01",
    "utf-8 cookie": "\xa0 \u200b \u202e",
    "utf-8-sig": "\ufeff",
    "latin-1": "\xe9 \x85 \xa0",
    "cp1252": "\u20ac \u2019",
    "shift_jis": "\u8868 \u30bd \u80fd",
    "gbk": "\u8a80 \u6c49",
    "iso-2022-jp": "\u65e5\u672c",
    "koi8-r": "\u044f",
    "cp437": "\u2554",
    "utf-7": "\xe9 + \u65e5",
}
"""Each encoding with characters for a comment that are awkward in it: trail bytes that read as a backslash,
escapes that switch the character set, ends of lines that Python does not see as such."""

NEWLINES = ("\n", "\r\n", "\r")
SIZES = range(200, 24_000)
"""Bytes of a host: large enough to hide in, small enough for thousands of cases."""

COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*[-_.a-zA-Z0-9]+")
ENDS = (ast.Raise, ast.Return, ast.While, ast.Assert, ast.With, ast.Try)
"""Statements behind which a module's body may never get: nothing is planted after one of these."""

LATER = "from __future__ import annotations"
"""Keeps annotations from running."""

WHOLE_FILE = re.compile(r"coding[:=]|__future__|__doc__|__file__|globals\(\)\.|__annotations__")
"""Spellings that depend on where in a file they stand, on its encoding, or on all of its names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One file with what must be found in it: a site of one of ``kinds`` on one of ``lines``."""

    what: str
    data: bytes
    kinds: frozenset[Kind]
    lines: range


def plant(number: int) -> Planted:
    """The case of this number."""
    chance = random.Random(number)
    snippet = chance.choice(spellings())
    spelling = _spelled(snippet, chance)
    while True:
        path = chance.choice(hosts())
        before = _host(path)
        if before is None or (LATER in before and "annotation" in snippet.name):
            continue
        if _shadows(before, spelling):
            continue
        encoding, newline = chance.choice(list(ENCODINGS)), chance.choice(NEWLINES)
        planted = _insert(before, spelling, chance, encoding)
        data = _encoded(planted[0], encoding, newline) if planted else None
        if planted and data is not None and _is_python(data):
            what = f"{number}: {snippet.row}/{snippet.name} in {path.name}, {encoding}, {newline!r}"
            return Planted(what=what, data=data, kinds=_kinds(snippet), lines=planted[1])


@cache
def spellings() -> tuple[Snippet, ...]:
    """The tricks of one file that mean the same wherever they stand."""
    return tuple(
        one
        for one in snippets()
        if not one.is_quiet and len(one.files) == 1 and not WHOLE_FILE.search(one.files[0][1])
    )


@cache
def hosts() -> tuple[Path, ...]:
    """Sources of the standard library and of what is installed, in an order of their own."""
    folders = dict.fromkeys(Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib"))
    return tuple(
        path
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
        if path.stat().st_size in SIZES and not {"lib2to3", "test", "tests"} & set(path.parts)
    )


def _shadows(host: str, spelling: str) -> bool:
    """Whether the host gives a builtin that the spelling uses another meaning."""
    used = "|".join(set(re.findall(r"\w+", spelling)) & set(dir(builtins)))
    bound = rf"(?m)^(?:from\b.*import\b.*|import\b.*|def |class )\b(?:{used})\b|^(?:{used})\s*[=:(]"
    return bool(used) and re.search(bound, host) is not None


def _kinds(snippet: Snippet) -> frozenset[Kind]:
    return frozenset({FAMILIES[snippet.effect], Kind.DYNAMIC_ACCESS, Kind.DECODE_RUN})


def _spelled(snippet: Snippet, chance: random.Random) -> str:
    """The trick with another callable than the one it is written with."""
    text = snippet.files[0][1]
    chosen = chance.choice(CALLABLES)
    return re.sub(r"(?<=\()print(?=\))", chosen, text) if "def print" not in text else text


@cache
def _host(path: Path) -> str | None:
    """The text of a file without a mark or cookie, lines ended by line feeds; ``None`` if it has no use."""
    data = path.read_bytes()
    try:
        encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
        text = data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError):
        return None
    lines = re.split("\r\n|\r|\n", text)
    for number in (0, 1):
        if number < len(lines) and COOKIE.match(lines[number].encode()):
            lines[number] = "#"
    return "\n".join(lines)


def _insert(host: str, spelling: str, chance: random.Random, encoding: str) -> tuple[str, range] | None:
    """The host with the trick between two statements of its body, and the lines on which that stands."""
    try:
        body = ast.parse(host).body
    except (SyntaxError, ValueError):
        return None
    lines = host.split("\n")
    place = chance.choice(list(_places(body, len(lines))))
    tail = [f"# {ENCODINGS[encoding]}", *spelling.rstrip("\n").split("\n"), ""]
    first = place + 1
    if encoding not in ("utf-8", "utf-8-sig"):
        lines.insert(0, f"# -*- coding: {encoding.split(maxsplit=1)[0]} -*-")
        place, first = place + 1, first + 1
    text = "\n".join([*lines[:place], *tail, *lines[place:]])
    return text, range(first, first + len(tail))


def _places(body: list[ast.stmt], last: int) -> Iterator[int]:
    """Numbers of lines after which a statement may begin: where one ends and the next has not begun."""
    begin = 0
    for statement in body:
        is_first = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        start = min([statement.lineno, *(one.lineno for one in getattr(statement, "decorator_list", ()))])
        if is_first or (is_text and begin == 0):
            begin = statement.end_lineno or start
            continue
        if start > begin:
            yield start - 1
        if isinstance(statement, ENDS) or _leaves(statement):
            return
        begin = statement.end_lineno or start
    yield last


def _leaves(statement: ast.stmt) -> bool:
    """Whether a statement may end the import: ``sys.exit()``, or a branch that raises."""
    return any(
        isinstance(node, ast.Raise)
        or (isinstance(node, ast.Name) and node.id in ("exit", "quit"))
        or (isinstance(node, ast.Attribute) and node.attr in ("exit", "_exit"))
        for node in ast.walk(statement)
        if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    )


def _encoded(text: str, encoding: str, newline: str) -> bytes | None:
    """The bytes of a file; ``None`` when the encoding has no such characters."""
    codec = encoding.split(maxsplit=1)[0]
    try:
        data = text.replace("\n", newline).encode(codec)
        return data if codecs.decode(data, codec) == text.replace("\n", newline) else None
    except UnicodeError:
        return None


def _is_python(data: bytes) -> bool:
    """Whether the running Python takes the bytes for a module."""
    try:
        ast.parse(data)
    except (SyntaxError, ValueError):
        return False
    return True
