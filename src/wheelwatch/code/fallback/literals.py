"""The values of number and string literals."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from wheelwatch.code.fallback.tokens import Oversize, Refused, Token

_DIGITS_LIMIT: Final = 1_000_000
_CHUNK: Final = 4000
"""Digits that ``int`` takes whatever ``sys.set_int_max_str_digits`` says."""
_ESCAPE: Final = re.compile(
    r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|N\{([^}]*)\}|([\s\S]))"
)
_BYTE_ESCAPE: Final = re.compile(r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|([\s\S]))")
_SIMPLE: Final = {
    "\n": "",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}


def number(token: Token) -> complex | float | int:
    """The value of a number token."""
    text = token.text.replace("_", "").lower()
    if text.startswith(("0x", "0b", "0o")):
        return int(text, 0)
    if text.endswith("j"):
        return complex(0.0, float(text[:-1]))
    if not text.isdigit():
        return float(text)
    return _decimal(text) if len(text) > _CHUNK else int(text)


def _decimal(text: str) -> int:
    """A long decimal, by joining neighbours: less than quadratic, and free of the interpreter's limit."""
    if len(text) > _DIGITS_LIMIT:
        raise Oversize(f"a literal of {len(text)} digits")
    first = len(text) % _CHUNK or _CHUNK
    values = [int(text[:first]), *(int(text[at : at + _CHUNK]) for at in range(first, len(text), _CHUNK))]
    scale: int = 10**_CHUNK
    while len(values) > 1:
        if len(values) % 2:
            values.insert(0, 0)
        values = [high * scale + low for high, low in zip(values[::2], values[1::2], strict=True)]
        scale *= scale
    return values[0]


def string(token: Token) -> str | bytes:
    """The value of a string or bytes token."""
    opening = len(token.text) - len(token.text.lstrip("bBrRuU"))
    prefix, body = token.text[:opening].lower(), token.text[opening:]
    quotes = 3 if body[:3] in {"'''", '"""'} else 1
    body = body[quotes : len(body) - quotes]
    if "b" not in prefix:
        return body if "r" in prefix else unescape(body, token.line)
    if not body.isascii():
        raise Refused("bytes can only contain ASCII literal characters", token.line)
    if "r" not in prefix and "\\" in body:
        body = _unescape_bytes(body, token.line)
    return body.encode("latin-1")


def unescape(body: str, line: int) -> str:
    """Replace the escapes of a text literal."""
    if "\\" not in body:
        return body

    def replace(found: re.Match[str]) -> str:
        octal, x, u, long, name, other = found.groups()
        if octal:
            return chr(int(octal, 8))
        if digits := x or u or long:
            if int(digits, 16) > 0x10FFFF:
                raise Refused("illegal Unicode character", line)
            return chr(int(digits, 16))
        return _named(name, line) if other is None else _other(found[0], other, "xuUN", line)

    return _ESCAPE.sub(replace, body)


def _unescape_bytes(body: str, line: int) -> str:
    def replace(found: re.Match[str]) -> str:
        octal, x, other = found.groups()
        if octal:
            return chr(int(octal, 8) & 0xFF)
        return chr(int(x, 16)) if x else _other(found[0], other, "x", line)

    return _BYTE_ESCAPE.sub(replace, body)


def _other(written: str, char: str, malformed: str, line: int) -> str:
    """An escape of one character; one that means nothing stands for itself."""
    if char in malformed:
        raise Refused(f"malformed \\{char} escape", line)
    return _SIMPLE.get(char, written)


def _named(name: str, line: int) -> str:
    try:
        char = unicodedata.lookup(name)
    except KeyError:
        char = ""
    if len(char) != 1:
        raise Refused("unknown Unicode character name", line)
    return char
