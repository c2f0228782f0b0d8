"""What one ``.pth`` or ``.start`` file says in one dialect: the lines that take effect, in order."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from wheelwatch.startup.dialects import Dialect
from wheelwatch.startup.grammar import is_broken, is_entry_point

_IMPORTS = ("import ", "import\t")
_CHECKED_CHARACTERS = 1024 * 1024
"""How much of a file is tried for syntax; what comes later is taken to be right."""
_IDLE = 10
"""How many lines, also comments and blank ones, are looked at for each line that may count."""


@dataclass(frozen=True, slots=True)
class Line:
    r"""One line that takes effect.

    ``number`` is its line in the file as an editor counts (``\n``, ``\r``, ``\r\n``), ``text`` the
    line without its end, ``code`` what ``exec`` gets, else the path or entry point that is used.
    """

    number: int
    text: str
    code: str
    is_import: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The lines of one file in one dialect."""

    lines: tuple[Line, ...] = ()
    is_fatal: bool = False
    """A ``UnicodeDecodeError`` escapes and ends the start of the interpreter."""
    is_cut: bool = False
    """There are more lines than the limit allows; the rest was not looked at."""


def read_pth(data: bytes, dialect: Dialect, *, encoding: str = "utf-8", most: int = 20_000) -> Reading:
    """The lines of a ``.pth`` file that run or are used as paths.

    ``encoding`` is the locale's. A line that is certain not to compile ends the file up to 3.14 and is
    left out on 3.15; any other line is taken to succeed.
    """
    taken: list[Line] = []
    seen = physical = 0
    unchecked = _CHECKED_CHARACTERS
    try:
        for number, text in _split(data, dialect, encoding):
            physical += 1
            if physical > most * _IDLE:
                return Reading(tuple(taken), is_cut=True)
            line = _pth_line(number, text, dialect)
            if line is None:
                continue
            seen += 1
            if seen > most:
                return Reading(tuple(taken), is_cut=True)
            unchecked -= len(line.code)
            if not line.is_import or unchecked < 0 or not is_broken(line.code):
                taken.append(line)
            elif not dialect.defers:
                break
    except UnicodeDecodeError:
        return Reading(tuple(taken), is_fatal=True)
    return Reading(tuple(taken))


def read_start(data: bytes, *, most: int = 20_000) -> Reading | None:
    """The entry points of a ``.start`` file, ``None`` when it is skipped because it is not UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    taken: list[Line] = []
    for physical, (number, raw) in enumerate(_cut(text)):
        if physical >= most * _IDLE:
            return Reading(tuple(taken), is_cut=True)
        stripped = raw.strip()
        if not stripped or stripped.startswith("#") or not is_entry_point(stripped):
            continue
        if len(taken) >= most:
            return Reading(tuple(taken), is_cut=True)
        taken.append(Line(number, raw, stripped))
    return Reading(tuple(taken))


def _pth_line(number: int, text: str, dialect: Dialect) -> Line | None:
    shown = text.strip() if dialect.defers else text
    if shown.startswith("#") or not text.strip():
        return None
    if shown.startswith(_IMPORTS):
        return Line(number, text, shown, is_import=True)
    return Line(number, text, shown.rstrip())


def _split(data: bytes, dialect: Dialect, encoding: str) -> Iterator[tuple[int, str]]:
    if dialect.streams:
        return _stream(data, encoding)
    try:
        return _cut(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _cut(data.decode(encoding))


def _stream(data: bytes, encoding: str) -> Iterator[tuple[int, str]]:
    # The same class that site.py uses: a bad byte stops only the lines from its 8 KiB chunk on.
    with io.TextIOWrapper(io.BytesIO(data), encoding=encoding) as stream:
        for number, line in enumerate(stream, 1):
            yield number, line.removesuffix("\n")


def _cut(text: str) -> Iterator[tuple[int, str]]:
    number = 1
    for line in text.splitlines(keepends=True):
        bare = line.splitlines()[0]
        yield number, bare
        number += line[len(bare) :] in {"\n", "\r", "\r\n"}
