"""Headers of a tar, read from a stream: names as ``tarfile`` gives them, sizes that cannot mislead.

``tarfile`` itself has looped or recursed on hostile headers in several releases; here every header moves
forward by at least one block, and nothing larger than a limit is held.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import msgspec

BLOCK = 512
MAX_HEADER = 1 << 20
"""Bytes of one extended header that are read; real ones have a few hundred."""

REGULAR = frozenset(b"0\x007")
LONG_NAME, LONG_LINK = ord("L"), ord("K")
PAX_LOCAL, PAX_GLOBAL, PAX_SOLARIS = ord("x"), ord("g"), ord("X")
KINDS = {
    ord("1"): "hard link",
    ord("2"): "symbolic link",
    ord("3"): "character device",
    ord("4"): "block device",
    ord("5"): "folder",
    ord("6"): "FIFO",
    ord("S"): "sparse file",
}


class BadTarError(Exception):
    """The stream is no tar, or ends early; the text says why."""


class Stream(Protocol):
    """Bytes that can only be read forward."""

    def read(self, count: int) -> bytes:
        """Up to ``count`` bytes; fewer only at the end."""

    def skip(self, count: int) -> int:
        """Pass over bytes; how many there were."""

    def tell(self) -> int:
        """Offset from the start of the tar."""


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """One member; ``offset`` is that of its content in the tar."""

    name: str
    kind: str
    """Empty for a regular file, else what it is: ``symbolic link``, ``folder``, ``FIFO``..."""
    link: str
    size: int
    offset: int


def headers(stream: Stream) -> Iterator[Header]:
    """Yield each member; the caller may read its content, the rest of which is passed over.

    Raises:
        BadTarError: a header is damaged or the stream ends within a member.
    """
    general: dict[str, str] = {}
    special: dict[str, str] = {}
    while (block := _block(stream)) is not None:
        size, kind = _number(block[124:136]), block[156]
        if kind in (LONG_NAME, LONG_LINK):
            text = _content(stream, size).split(b"\0", 1)[0].decode("utf-8", "surrogateescape")
            special.setdefault("path" if kind == LONG_NAME else "linkpath", text)
            continue
        if kind in (PAX_LOCAL, PAX_SOLARIS, PAX_GLOBAL):
            found = _pax(_content(stream, size))
            (general if kind == PAX_GLOBAL else special).update(found)
            continue
        header = _header(block, {**general, **special}, stream.tell())
        special = {}
        yield header
        _pass(stream, header)


def _pass(stream: Stream, header: Header) -> None:
    """Go on to the next header, from wherever the caller has left the stream."""
    end = header.offset + -(-header.size // BLOCK) * BLOCK
    stream.skip(end - stream.tell())
    if stream.tell() < header.offset + header.size:
        raise BadTarError(f"it ends within {header.name!r}")


def _block(stream: Stream) -> bytes | None:
    block = stream.read(BLOCK)
    if not block or not block.strip(b"\0"):
        return None
    if len(block) < BLOCK:
        raise BadTarError("it ends within a header")
    stored = _number(block[148:156])
    if stored != sum(block[:148]) + sum(block[156:]) + 8 * 32:
        raise BadTarError("a header has a wrong checksum")
    return block


def _content(stream: Stream, size: int) -> bytes:
    """The content of an extended header with its padding."""
    if size > MAX_HEADER:
        raise BadTarError(f"an extended header declares {size} bytes")
    padded = -(-size // BLOCK) * BLOCK
    data = stream.read(padded)
    if len(data) < size:
        raise BadTarError("it ends within an extended header")
    return data[:size]


def _header(block: bytes, special: dict[str, str], offset: int) -> Header:
    name = _text(block[0:100])
    prefix = _text(block[345:500]) if block[257:262] == b"ustar" and block[263:265] == b"00" else ""
    name = special.get("path") or (f"{prefix}/{name}" if prefix else name)
    flag = block[156]
    size = _size(special.get("size"), block)
    kind = "" if flag in REGULAR else KINDS.get(flag, "unknown kind")
    if not kind and name.endswith("/") and flag == 0:
        kind = "folder"
    if any(key.startswith("GNU.sparse.") for key in special):
        kind = "sparse file"
    has_content = kind in ("", "sparse file", "unknown kind")
    link = special.get("linkpath") or _text(block[157:257])
    return Header(name=name, kind=kind, link=link, size=size if has_content else 0, offset=offset)


def _size(text: str | None, block: bytes) -> int:
    if text is not None and text.isascii() and text.isdigit() and len(text) < 20:
        return int(text)
    return _number(block[124:136])


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("utf-8", "surrogateescape")


def _number(field: bytes) -> int:
    """Octal text, or base 256 when the first bit is set; never negative."""
    if field[0] == 0xFF:
        raise BadTarError("a header declares a negative size")
    if field[0] & 0x80:
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
    text = field.split(b"\0", 1)[0].strip()
    try:
        return int(text or b"0", 8)
    except ValueError:
        raise BadTarError("a header holds no number where it should") from None


def _pax(data: bytes) -> dict[str, str]:
    """The records ``<length> <key>=<value>`` of an extended header, as far as they are well formed."""
    found: dict[str, str] = {}
    while data:
        digits, _, _ = data[:21].partition(b" ")
        if not digits.isdigit() or not len(digits) < int(digits) <= len(data):
            break
        length = int(digits)
        key, _, value = data[len(digits) + 1 : length - 1].partition(b"=")
        found[key.decode("utf-8", "replace")] = value.decode("utf-8", "surrogateescape")
        data = data[length:]
    return found
