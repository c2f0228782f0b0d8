"""Tokens of Python source, with the positions that ``ast`` uses."""

from __future__ import annotations

import keyword
from enum import IntEnum
from typing import Final, NamedTuple


class Type(IntEnum):
    """What a token is; keywords are names, brackets and operators are ``OP``."""

    NAME = 1
    KEYWORD = 2
    NUMBER = 3
    STRING = 4
    OP = 5
    NEWLINE = 6
    INDENT = 7
    DEDENT = 8
    END = 9
    FSTART = 10
    """Prefix and quotes that open an f-string or t-string."""
    FMIDDLE = 11
    """Literal text of an f-string, as written."""
    FEND = 12


class Token(NamedTuple):
    """One token. Lines are 1-based, columns 0-based in UTF-8 bytes, offsets in code points of the text."""

    type: Type
    text: str
    line: int
    column: int
    end_line: int
    end_column: int
    offset: int
    end: int


KEYWORDS: Final = frozenset({"async", "await", *keyword.kwlist})


class Refused(Exception):  # noqa: N818 - a verdict on the source, not an error of ours
    """The source is no Python of any version; ``line`` is 1-based."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(f"{what} (line {line})")
        self.what = what
        self.line = line


class Excess(Exception):  # noqa: N818 - as above
    """The source has more tokens than the limit allows."""


class Oversize(Exception):  # noqa: N818 - as above
    """A literal is too long to be evaluated."""
