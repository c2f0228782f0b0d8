"""Zips as no honest tool writes them: every name, header and field as given."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.support.factories import record_of

STORED, DEFLATED = 0, 8
UTF8 = 0x800


@dataclass(frozen=True, kw_only=True)
class Row:
    """One entry. ``name`` is what the central directory says, ``local`` what the header says, if other."""

    name: bytes
    content: bytes = b""
    local: bytes | None = None
    extra: bytes = b""
    flags: int = 0
    mode: int = 0o100644
    listed: bool = True
    """It stands in the central directory."""


def unicode_path(name: bytes, other: bytes) -> bytes:
    """Extra field 0x7075 that renames ``name``."""
    data = b"\x01" + struct.pack("<L", zlib.crc32(name)) + other
    return struct.pack("<HH", 0x7075, len(data)) + data


def forge(path: Path, rows: Iterable[Row], *, front: bytes = b"", back: bytes = b"") -> Path:
    """Write a zip with these entries, and bytes in front of and behind it."""
    body, central = bytearray(), bytearray()
    count = 0
    for row in rows:
        offset = len(body)
        local = row.name if row.local is None else row.local
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = packer.compress(row.content) + packer.flush()
        middle = (20, row.flags, DEFLATED, 0, 33, zlib.crc32(row.content), len(packed), len(row.content))
        body += struct.pack("<4s5H3L2H", b"PK\x03\x04", *middle, len(local), 0) + local + packed
        if row.listed:
            count += 1
            tail = (len(row.name), len(row.extra), 0, 0, 0, row.mode << 16, offset)
            central += struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 0x0314, *middle, *tail)
            central += row.name + row.extra
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(central), len(body), 0)
    path.write_bytes(front + bytes(body + central) + end + back)
    return path


def forged_wheel(folder: Path, rows: Iterable[Row], *, front: bytes = b"", back: bytes = b"") -> Path:
    """The same as a wheel ``demo 1.0``: METADATA, WHEEL and a RECORD of all entries are added."""
    info = b"demo-1.0.dist-info/"
    about = [
        Row(name=info + b"METADATA", content=b"Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"),
        Row(
            name=info + b"WHEEL", content=b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        ),
    ]
    every = [*rows, *about]
    listed = {row.name.decode("latin-1"): row.content for row in every if row.listed}
    record = record_of(listed, "demo-1.0.dist-info/RECORD")
    folder.mkdir(parents=True, exist_ok=True)
    every.append(Row(name=info + b"RECORD", content=record))
    return forge(folder / "demo-1.0-py3-none-any.whl", every, front=front, back=back)
