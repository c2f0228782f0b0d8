"""Which Python loads a ``.pyc``, told by its header (PEP 552)."""

from __future__ import annotations

from wheelwatch.model import Version

# Lib/importlib/_bootstrap_external.py: the first magic number of each version's development.
_FIRST = {
    "3.8": 3400,
    "3.9": 3420,
    "3.10": 3430,
    "3.11": 3450,
    "3.12": 3500,
    "3.13": 3550,
    "3.14": 3600,
    "3.15": 3650,
}
_END = 3700
LENGTH = 16
"""Bytes of a header."""
_KNOWN_FLAGS = 0b11
_UNCHECKED = 0b01


def version_of(data: bytes) -> Version | None:
    """The version whose interpreter accepts the header; ``None`` when none does."""
    if len(data) < LENGTH or data[2:4] != b"\r\n" or int.from_bytes(data[4:8], "little") & ~_KNOWN_FLAGS:
        return None
    magic = int.from_bytes(data[:2], "little")
    if magic >= _END:
        return None
    return next((version for version, first in reversed(_FIRST.items()) if magic >= first), None)


def is_unchecked(data: bytes) -> bool:
    """Hash-based and loaded without a look at the source beside it."""
    return int.from_bytes(data[4:8], "little") & _KNOWN_FLAGS == _UNCHECKED


def is_hashed(data: bytes) -> bool:
    """Held against the source by a hash, or by nothing, and not by time and size."""
    return bool(int.from_bytes(data[4:8], "little") & 1)
