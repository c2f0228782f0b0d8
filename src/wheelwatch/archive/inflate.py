"""The content of one member of a zip, inflated in memory and never beyond a limit."""

from __future__ import annotations

import bz2
import hashlib
import lzma
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import TypeAlias

from wheelwatch.archive.directory import LOCAL_MAGIC, Bytes, Entry
from wheelwatch.limits import MIB
from wheelwatch.model import NotAnalysed, Reason

LOCAL = struct.Struct("<4s5H3L2H")
CHUNK = MIB

STORED, DEFLATED, BZIP2, LZMA = 0, 8, 12, 14
METHODS = {9: "deflate64", 93: "zstandard", 95: "xz", 99: "AES"}
LZMA_MEMORY = 256 * MIB

Step: TypeAlias = Callable[[bytes, int], bytes]
"""Feed packed bytes, get at most so many inflated ones."""


class ContentError(Exception):
    """A member whose content cannot be had."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason

    def outcome(self) -> NotAnalysed:
        """The same as a value."""
        return NotAnalysed(reason=self.reason, detail=str(self))


def content(source: Bytes, entry: Entry, limit: int) -> bytes | NotAnalysed:
    """Inflate a member whole, as far as its declared size, which is what ``zipfile`` hands out."""
    if entry.size > limit:
        return NotAnalysed(reason=Reason.TOO_LARGE, detail=f"declares {entry.size} bytes")
    try:
        data = b"".join(_chunks(source, entry))
    except ContentError as trouble:
        return trouble.outcome()
    if zlib.crc32(data) != entry.crc:
        return NotAnalysed(reason=Reason.CORRUPT, detail="its checksum is wrong")
    return data


def digests(source: Bytes, entry: Entry, algorithm: str) -> bytes | NotAnalysed:
    """Hash of a member's content, without holding it."""
    hashing = hashlib.new(algorithm, usedforsecurity=False)
    crc = 0
    try:
        for chunk in _chunks(source, entry):
            hashing.update(chunk)
            crc = zlib.crc32(chunk, crc)
    except ContentError as trouble:
        return trouble.outcome()
    if crc != entry.crc:
        return NotAnalysed(reason=Reason.CORRUPT, detail="its checksum is wrong")
    return hashing.digest()


def _chunks(source: Bytes, entry: Entry) -> Iterator[bytes]:
    if entry.is_encrypted:
        raise ContentError(Reason.ENCRYPTED, "it is encrypted")
    step = _step(source, entry)
    begin = _begin(source, entry)
    left = entry.size
    try:
        for packed in _packed(source, begin, entry.packed):
            data = step(packed, min(left, CHUNK))
            while data:
                left -= len(data)
                yield data
                if left <= 0:
                    return
                data = step(b"", min(left, CHUNK))
    except (zlib.error, OSError, EOFError, lzma.LZMAError, ValueError) as error:
        raise ContentError(Reason.CORRUPT, f"cannot be inflated: {error}") from None
    except MemoryError:
        raise ContentError(Reason.OUT_OF_MEMORY, "cannot be inflated in the memory there is") from None
    if left > 0:
        raise ContentError(Reason.CORRUPT, f"ends {left} bytes early")


def _begin(source: Bytes, entry: Entry) -> int:
    """Offset of the packed bytes, behind the local header."""
    header = source.at(entry.offset, LOCAL.size)
    if len(header) < LOCAL.size or header[:4] != LOCAL_MAGIC:
        raise ContentError(Reason.CORRUPT, "there is no header in front of it")
    fields = LOCAL.unpack(header)
    return entry.offset + LOCAL.size + int(fields[9]) + int(fields[10])


def _packed(source: Bytes, begin: int, size: int) -> Iterator[bytes]:
    end = begin + size
    while begin < end:
        data = source.at(begin, min(CHUNK, end - begin))
        if not data:
            return
        begin += len(data)
        yield data


def _step(source: Bytes, entry: Entry) -> Step:
    match entry.method:
        case 0:
            return _Stored().step
        case 8:
            return _Deflated().step
        case 12:
            return _Whole(bz2.BZ2Decompressor()).step
        case 14:
            return _lzma(source, entry).step
    name = METHODS.get(entry.method, "unknown")
    raise ContentError(Reason.UNSUPPORTED, f"compression method {entry.method} ({name})")


class _Stored:
    def __init__(self) -> None:
        self.rest = b""

    def step(self, packed: bytes, limit: int) -> bytes:
        data = self.rest + packed
        self.rest = data[limit:]
        return data[:limit]


class _Deflated:
    def __init__(self) -> None:
        self.inner = zlib.decompressobj(-zlib.MAX_WBITS)

    def step(self, packed: bytes, limit: int) -> bytes:
        return self.inner.decompress(self.inner.unconsumed_tail + packed, limit)


class _Whole:
    """bzip2 and LZMA: the decompressor keeps what it did not consume."""

    def __init__(self, inner: bz2.BZ2Decompressor | lzma.LZMADecompressor, head: bytes = b"") -> None:
        self.inner = inner
        self.head = head
        self.skip = 4 + 5 if head else 0

    def step(self, packed: bytes, limit: int) -> bytes:
        if self.inner.eof:
            return b""
        if self.skip and packed:
            packed, self.skip = self.head + packed[self.skip :], 0
        if not packed and self.inner.needs_input:
            return b""
        return self.inner.decompress(packed, limit)


def _lzma(source: Bytes, entry: Entry) -> _Whole:
    """Turn zip's LZMA header (version, 5, properties) into the one of an ``.lzma`` file."""
    head = source.at(_begin(source, entry), 9)
    if len(head) < 9 or head[2:4] != b"\x05\x00":
        raise ContentError(Reason.CORRUPT, "its LZMA header is damaged")
    alone = head[4:9] + entry.size.to_bytes(8, "little")
    inner = lzma.LZMADecompressor(format=lzma.FORMAT_ALONE, memlimit=LZMA_MEMORY)
    return _Whole(inner, alone)
