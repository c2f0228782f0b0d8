"""A gzip as a stream that is inflated forward in bounded steps, with several members as one."""

from __future__ import annotations

import zlib

from wheelwatch.archive.directory import Bytes
from wheelwatch.limits import MIB

STEP = MIB
GZIP_BITS = 31


class InflatedTooFarError(Exception):
    """More came out than the limit allows."""


class Gzip:
    """Reads ``file`` as gzip, at most ``limit`` inflated bytes.

    Raises while reading:
        zlib.error, EOFError: it is damaged or ends early.
        InflatedTooFarError: the limit is reached.
    """

    def __init__(self, file: Bytes, limit: int) -> None:
        self.file = file
        self.limit = limit
        self.packed = 0
        self.position = 0
        self.buffer = b""
        self.cursor = 0
        self.inner = zlib.decompressobj(GZIP_BITS)
        self.rest = b""

    def tell(self) -> int:
        """Inflated bytes that were handed out or passed over."""
        return self.position

    def read(self, count: int) -> bytes:
        """Up to ``count`` bytes; fewer only at the end."""
        parts = []
        while count > 0 and self._fill():
            parts.append(self.buffer[self.cursor : self.cursor + count])
            count -= self._advance(count)
        return b"".join(parts)

    def skip(self, count: int) -> int:
        """Pass over ``count`` bytes; how many there were."""
        begin = self.position
        while count > 0 and self._fill():
            count -= self._advance(count)
        return self.position - begin

    def _advance(self, count: int) -> int:
        size = min(count, len(self.buffer) - self.cursor)
        self.cursor += size
        self.position += size
        return size

    def _fill(self) -> bool:
        """Have something in the buffer; false at the end."""
        while self.cursor >= len(self.buffer):
            if self.inner.eof and not self._next():
                return False
            if not self.rest:
                self.rest = self.file.at(self.packed, STEP)
                self.packed += len(self.rest)
                if not self.rest:
                    raise EOFError("it ends early")
            self.buffer = self.inner.decompress(self.rest, STEP)
            self.cursor = 0
            self.rest = self.inner.unconsumed_tail
            if self.position + len(self.buffer) > self.limit:
                raise InflatedTooFarError(f"inflates to more than {self.limit} bytes")
        return True

    def _next(self) -> bool:
        """Begin the next gzip member; zero padding and what is no gzip end the stream, as for Python."""
        rest = self.inner.unused_data + self.rest
        while not rest.strip(b"\0"):
            rest = self.file.at(self.packed, STEP)
            self.packed += len(rest)
            if not rest:
                return False
        rest = rest.lstrip(b"\0")
        if rest[:2] != b"\x1f\x8b":
            return False
        self.inner = zlib.decompressobj(GZIP_BITS)
        self.rest = rest
        return True
