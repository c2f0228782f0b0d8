"""Sets of places in a list as bits of one number: small, and quickly united."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def packed(places: Iterable[int], count: int) -> int:
    """The set of these places, each below ``count``."""
    found = bytearray(count // 8 + 1)
    for place in places:
        found[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(found, "little")


def unpacked(bits: int) -> Iterator[int]:
    """The places of a set, in order."""
    data = bits.to_bytes(bits.bit_length() // 8 + 1, "little")
    for start, byte in enumerate(data):
        if byte:
            yield from (start * 8 + place for place in range(8) if byte >> place & 1)
