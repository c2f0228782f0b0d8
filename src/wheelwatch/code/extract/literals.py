"""Methods of strings, bytes, numbers and containers that folding may call, and the bounds on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wheelwatch.code.extract.fold import WIDE, TooBigError, fold, texts
from wheelwatch.code.extract.values import (
    COMPUTED,
    DECODED,
    Value,
)

_TEXT = frozenset(
    [
        "capitalize",
        "casefold",
        "center",
        "count",
        "encode",
        "endswith",
        "expandtabs",
        "find",
        "format",
        "format_map",
        "index",
        "isalnum",
        "isalpha",
        "isascii",
        "isdecimal",
        "isdigit",
        "isidentifier",
        "islower",
        "isnumeric",
        "isprintable",
        "isspace",
        "istitle",
        "isupper",
        "join",
        "ljust",
        "lower",
        "lstrip",
        "maketrans",
        "partition",
        "removeprefix",
        "removesuffix",
        "replace",
        "rfind",
        "rindex",
        "rjust",
        "rpartition",
        "rsplit",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "swapcase",
        "title",
        "translate",
        "upper",
        "zfill",
        "decode",
        "hex",
        "fromhex",
    ]
)
_NUMBER = frozenset(
    ["to_bytes", "from_bytes", "bit_length", "hex", "conjugate", "is_integer", "as_integer_ratio"]
)
_CONTAINER = frozenset(
    ["get", "keys", "values", "items", "index", "count", "copy", "union", "intersection", "difference"]
)
_MAKES_DATA = frozenset({"fromhex", "translate", "to_bytes"})
TEXT_CODECS = frozenset(
    [
        "ascii",
        "utf8",
        "utf_8",
        "utf-8",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf_16",
        "utf_16_le",
        "utf_16_be",
        "utf-32",
        "utf_32",
        "latin1",
        "latin-1",
        "latin_1",
        "iso-8859-1",
        "cp1252",
        "cp437",
        "unicode_escape",
        "unicode-escape",
        "raw_unicode_escape",
        "raw-unicode-escape",
        "utf-7",
        "utf7",
        "utf_7",
        "punycode",
        "idna",
        "utf-8-sig",
        "utf_8_sig",
        "cp500",
        "cp037",
        "utf-32-le",
        "utf-32-be",
        "u8",
        "us-ascii",
    ]
)
_ODD_CODECS = TEXT_CODECS - frozenset(
    ["ascii", "utf8", "utf_8", "utf-8", "latin1", "latin-1", "latin_1", "us-ascii", "utf-8-sig", "u8"]
)


def method(base: object, name: str, args: Sequence[Value], bound: int) -> Value | None:
    """A pure method of a constant or container; ``None`` when it is none of these."""
    known = (
        _TEXT
        if isinstance(base, (str, bytes))
        else _NUMBER
        if isinstance(base, (int, float))
        else _CONTAINER
    )
    if name not in known:
        return None
    how = DECODED if name in _MAKES_DATA else COMPUTED
    if name in {"encode", "decode"} and args and any(text in _ODD_CODECS for text, _ in texts(args[0])):
        how = DECODED

    def call(*things: object) -> object:
        _check(base, name, things, bound)
        result = getattr(base, name)(*things)
        return list(result) if name in {"keys", "values", "items"} else result

    return fold(call, args, bound, how=how)


def _check(base: Any, name: str, things: tuple[Any, ...], bound: int) -> None:
    """Refuse a method call whose result may be far larger than its operands."""
    if name in {"format", "format_map"} and is_wide(base, things):
        raise TooBigError
    if name in {"encode", "decode"} and things and str(things[0]).lower() not in TEXT_CODECS:
        raise TooBigError
    numbers = [thing for thing in things if isinstance(thing, int)]
    if any(number > bound for number in numbers):
        raise TooBigError
    if name == "replace" and (base.count(things[0]) + 1) * len(things[1]) > bound:
        raise TooBigError
    if name == "join" and sum(len(part) + len(base) for part in things[0]) > bound:
        raise TooBigError
    if (
        name == "expandtabs"
        and numbers
        and base.count("\t" if isinstance(base, str) else b"\t") * numbers[0] > bound
    ):
        raise TooBigError
    if name == "translate" and isinstance(things[0], dict):
        longest = max((len(new) for new in things[0].values() if isinstance(new, str)), default=1)
        if longest * len(base) > bound:
            raise TooBigError


def is_wide(base: Any, things: tuple[Any, ...]) -> bool:
    """Whether a format string asks for a width that is large, nested, or an attribute of something."""
    return (
        bool(WIDE.search(base))
        or "{:{" in base
        or any(isinstance(thing, int) and thing > 10**6 for thing in things)
    )
