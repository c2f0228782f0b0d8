"""The central directory of a zip, read from its own bytes: every name, also those that ``zipfile`` hides.

``zipfile`` decodes some names differently on 3.11 and 3.12 (extra field 0x7075), cuts at NUL and drops
all but the last of several equal names from its index. What is decided on must be the same on every
Python that runs wheelwatch, so names and offsets come from here.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator

import msgspec

from wheelwatch.limits import Limits

END = struct.Struct("<4s4H2LH")
END64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR64 = struct.Struct("<4sLQL")
CENTRAL = struct.Struct("<4s6H3L5H2L")

END_MAGIC = b"PK\x05\x06"
END64_MAGIC = b"PK\x06\x06"
LOCATOR64_MAGIC = b"PK\x06\x07"
CENTRAL_MAGIC = b"PK\x01\x02"
LOCAL_MAGIC = b"PK\x03\x04"

FLAG_ENCRYPTED = 0x1
FLAG_DESCRIPTOR = 0x8
FLAG_STRONG_ENCRYPTION = 0x40
FLAG_UTF8 = 0x800
EXTRA_ZIP64 = 0x0001
EXTRA_UNICODE_PATH = 0x7075
SYMLINK_MODE = 0o120000
KIND_MASK = 0o170000
MAX_COMMENT = 0xFFFF
FULL32 = 0xFFFFFFFF


class BadZipError(Exception):
    """The file is no zip that Python's ``zipfile`` would open; the text says why."""


class Bytes:
    """A file that is read at offsets, never as a whole."""

    def __init__(self, descriptor: int, size: int) -> None:
        self.descriptor = descriptor
        self.size = size

    def at(self, offset: int, count: int) -> bytes:
        """At most ``count`` bytes from ``offset``; shorter at the end of the file."""
        if offset < 0 or count <= 0:
            return b""
        return os.pread(self.descriptor, count, offset)


class Buffer(Bytes):
    """The same over bytes in memory: an archive inside an archive."""

    def __init__(self, data: bytes) -> None:
        super().__init__(-1, len(data))
        self.data = data

    def at(self, offset: int, count: int) -> bytes:
        """At most ``count`` bytes from ``offset``."""
        return self.data[offset : offset + count] if offset >= 0 else b""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the central directory; ``offset`` is that of its local header in the file."""

    index: int
    raw: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int
    extra: bytes

    @property
    def is_encrypted(self) -> bool:
        """The content needs a password."""
        return bool(self.flags & (FLAG_ENCRYPTED | FLAG_STRONG_ENCRYPTION))

    @property
    def is_symlink(self) -> bool:
        """Unix mode bits call it a symbolic link."""
        return self.mode & KIND_MASK == SYMLINK_MODE

    @property
    def text(self) -> str:
        """The stored name, decoded as ``zipfile`` does; bytes that are no UTF-8 become surrogates."""
        if self.flags & FLAG_UTF8:
            return self.raw.decode("utf-8", "surrogateescape")
        return self.raw.decode("cp437")

    @property
    def unicode_path(self) -> str | None:
        """The name that Python 3.12 and later take from extra field 0x7075, if there is one that counts."""
        for tag, data in extras(self.extra):
            if tag != EXTRA_UNICODE_PATH or len(data) < 5 or data[0] != 1:
                continue
            if int.from_bytes(data[1:5], "little") == zlib.crc32(self.raw):
                return data[5:].decode("utf-8", "surrogateescape") or None
        return None


class Directory(msgspec.Struct, frozen=True, kw_only=True):
    """All rows of a zip, with where its parts lie in the file."""

    entries: tuple[Entry, ...]
    start: int
    """Offset of the central directory."""
    end: int
    """Offset behind the end record and its comment."""
    shift: int
    """Bytes in front of the archive by which every stored offset is moved."""
    is_cut: bool = False
    """More rows than the limit, or rows that end early."""


def extras(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (tag, payload) of an extra field, as far as it is well formed."""
    offset = 0
    while offset + 4 <= len(data):
        tag, size = struct.unpack_from("<HH", data, offset)
        yield tag, data[offset + 4 : offset + 4 + size]
        offset += 4 + size


def directory(source: Bytes, limits: Limits) -> Directory:
    """Read the central directory as ``zipfile`` would find it: by the last end record.

    Raises:
        BadZipError: there is no end record, or no central directory where it says.
    """
    position, tail = _end(source)
    _, disk, _, _, _, size, offset, comment = END.unpack_from(tail)
    if disk not in (0, 0xFFFF):
        raise BadZipError("it spans several disks")
    bottom = position
    wide = _end64(source, position)
    if wide is not None:
        size, offset, bottom = wide
    start = bottom - size
    shift = start - offset
    if start < 0 or shift < 0:
        raise BadZipError("its central directory lies outside the file")
    if size > limits.member_bytes:
        raise BadZipError("its central directory is larger than the limit")
    data = source.at(start, size)
    entries, is_cut = _entries(data, shift, limits)
    if data and not entries:
        raise BadZipError("its central directory cannot be read")
    end = min(position + END.size + comment, source.size)
    return Directory(entries=entries, start=start, end=end, shift=shift, is_cut=is_cut)


def _end(source: Bytes) -> tuple[int, bytes]:
    """Find the end record: at the very end without a comment, else the last signature in reach."""
    position = source.size - END.size
    tail = source.at(position, END.size)
    if tail[:4] == END_MAGIC and tail[-2:] == b"\0\0":
        return position, tail
    begin = max(0, position - MAX_COMMENT)
    data = source.at(begin, END.size + MAX_COMMENT)
    found = data.rfind(END_MAGIC)
    if found < 0 or len(data) - found < END.size:
        raise BadZipError("it has no end record, it is no zip file or was cut off")
    return begin + found, data[found : found + END.size]


def _end64(source: Bytes, position: int) -> tuple[int, int, int] | None:
    """Size and offset of the directory and the place of its end record, from the zip64 records."""
    at = position - LOCATOR64.size
    data = source.at(at, LOCATOR64.size)
    if len(data) < LOCATOR64.size or data[:4] != LOCATOR64_MAGIC:
        return None
    begin = at - END64.size
    data = source.at(begin, END64.size)
    if len(data) < END64.size or data[:4] != END64_MAGIC:
        return None
    fields = END64.unpack(data)
    return fields[8], fields[9], begin


def _entries(data: bytes, shift: int, limits: Limits) -> tuple[tuple[Entry, ...], bool]:
    rows: list[Entry] = []
    offset = 0
    while offset < len(data):
        if len(rows) >= limits.members:
            return tuple(rows), True
        if len(data) - offset < CENTRAL.size or data[offset : offset + 4] != CENTRAL_MAGIC:
            return tuple(rows), True
        fields = CENTRAL.unpack_from(data, offset)
        names, extra, comment = fields[10:13]
        body = offset + CENTRAL.size
        if body + names + extra + comment > len(data):
            return tuple(rows), True
        raw = data[body : body + names]
        more = data[body + names : body + names + extra]
        rows.append(_entry(len(rows), fields, raw, more, shift))
        offset = body + names + extra + comment
    return tuple(rows), False


def _entry(index: int, fields: tuple[int, ...], raw: bytes, extra: bytes, shift: int) -> Entry:
    size, packed, offset = fields[9], fields[8], fields[16]
    if FULL32 in (size, packed, offset):
        size, packed, offset = _wide(extra, size, packed, offset)
    return Entry(
        index=index,
        raw=raw,
        flags=fields[3],
        method=fields[4],
        crc=fields[7],
        packed=packed,
        size=size,
        offset=offset + shift,
        mode=fields[15] >> 16,
        extra=extra,
    )


def _wide(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Replace each 32-bit field that is full by its 64-bit value, in the order of the specification."""
    payload = next((data for tag, data in extras(extra) if tag == EXTRA_ZIP64), b"")
    values = [size, packed, offset]
    at = 0
    for index, value in enumerate(values):
        if value == FULL32 and at + 8 <= len(payload):
            values[index] = int.from_bytes(payload[at : at + 8], "little")
            at += 8
    return values[0], values[1], values[2]
