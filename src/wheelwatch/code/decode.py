"""From the bytes of a source file to its text, as CPython's tokenizer reads them on import.

The rules are those of ``decode_str`` and ``check_coding_spec`` in CPython's tokenizer: newlines are
translated in the raw bytes, the cookie is looked for in the first two of those lines, and without a
cookie (or with one that says UTF-8) nobody decodes the file as a whole, so a comment may hold anything.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import Final

from wheelwatch.code.charsets import codec, is_windows
from wheelwatch.limits import DEFAULT, MIB, Limits
from wheelwatch.model import NotAnalysed, Reason

_BOM: Final = b"\xef\xbb\xbf"
_COOKIE: Final = re.compile(rb"[ \t\f]*#[^\n]*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")
_BLANK: Final = re.compile(rb"[ \t\f]*(?:#|$)")
_QUADRATIC: Final = frozenset({"idna", "punycode"})
_QUADRATIC_BYTES: Final = MIB // 4
"""``idna`` and ``punycode`` decode in time that grows with the square of the input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The text of one file, with line feeds for line ends.

    ``is_lenient``: bytes that are no UTF-8 stand in the text as lone surrogates
    (``surrogateescape``); CPython runs such a file when they stand in comments. ``has_returns``: the codec
    itself made carriage returns, which are then no line ends.
    """

    text: str
    encoding: str
    is_lenient: bool = False
    has_returns: bool = False


def cookie(head: bytes) -> bytes | None:
    """The name in the coding cookie of a source whose lines end in line feeds; ``None`` without one."""
    if b"coding" not in head:
        return None
    first, _, rest = head.partition(b"\n")
    if match := _COOKIE.match(first):
        return match[1]
    if not _BLANK.match(first):
        return None
    match = _COOKIE.match(rest.partition(b"\n")[0])
    return match[1] if match else None


def is_plain(data: bytes) -> bool:
    """Whether these bytes are their own text: ASCII, with no cookie that could say otherwise."""
    return data.isascii() and cookie(_head(data)) is None


def decode(data: bytes, limits: Limits = DEFAULT) -> Decoded | NotAnalysed:
    """Decode a source file; never raises, whatever the bytes are."""
    if len(data) > limits.source_bytes:
        return _refuse(Reason.TOO_LARGE, f"{len(data)} bytes of source, over the limit")
    if b"\0" in data:
        return _refuse(Reason.NUL, f"NUL at offset {data.index(0)}")
    has_bom = data.startswith(_BOM)
    body = _translate(data[len(_BOM) :] if has_bom else data)
    named = cookie(_head(body))
    name = _normal(named.decode("ascii")) if named is not None else "utf-8"
    if name == "utf-8":
        return _decode_utf8(body, "utf-8-sig" if has_bom else "utf-8")
    if has_bom:
        return _refuse(Reason.ENCODING, f"encoding problem: {name} with BOM")
    return _decode_named(body, name)


def _translate(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data


def _head(data: bytes) -> bytes:
    """At least the first two lines, with line feeds for line ends."""
    first = data.find(b"\n")
    second = data.find(b"\n", first + 1) if first >= 0 else -1
    return _translate(data[:second] if second >= 0 else data)


def _normal(name: str) -> str:
    """``get_normal_name`` of the tokenizer: the two encodings that have more spellings than others."""
    start = name[:12].lower().replace("_", "-")
    if start == "utf-8" or start.startswith("utf-8-"):
        return "utf-8"
    for latin in ("latin-1", "iso-8859-1", "iso-latin-1"):
        if start == latin or start.startswith(latin + "-"):
            return "iso-8859-1"
    return name


def _decode_utf8(body: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(text=body.decode("utf-8"), encoding=encoding)
    except UnicodeDecodeError:
        text = body.decode("utf-8", "surrogateescape")
        return Decoded(text=text, encoding=encoding, is_lenient=True)


def _decode_named(body: bytes, name: str) -> Decoded | NotAnalysed:
    if is_windows(name):
        if not body.isascii():
            return _refuse(Reason.ENCODING, f"what {name} stands for depends on the machine")
        return Decoded(text=body.decode("ascii"), encoding=name.lower())
    found = codec(name)
    if found is None:
        return _refuse(Reason.ENCODING, f"unknown encoding: {name}")
    if found in _QUADRATIC and len(body) > _QUADRATIC_BYTES:
        return _refuse(Reason.TOO_LARGE, f"{len(body)} bytes in {found}, over the limit of that codec")
    return _decode_text(body, found)


def _decode_text(body: bytes, encoding: str) -> Decoded | NotAnalysed:
    """Decode with a codec of the fixed table, as ``translate_into_utf8`` does."""
    if body and not body.endswith(b"\n"):
        body += b"\n"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text = body.decode(encoding)
        text.encode("utf-8")
    except (UnicodeError, ValueError, OverflowError) as problem:
        return _refuse(Reason.UNDECODABLE, str(problem))
    # A NUL that the codec made ends the input for the tokenizer.
    text = text.partition("\0")[0]
    return Decoded(text=text, encoding=encoding, has_returns="\r" in text)


def _refuse(reason: Reason, detail: str) -> NotAnalysed:
    return NotAnalysed(reason=reason, detail=" ".join(detail.split())[:300])
