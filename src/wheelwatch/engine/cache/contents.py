"""Sketches, facts and searches as the store keeps them: by what a file holds, never by where it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from wheelwatch.engine.cache.store import Kind, Store
from wheelwatch.engine.task import Item
from wheelwatch.model import Body, Inline, NotAnalysed, Reason, Sketch

LASTING = frozenset(
    {
        Reason.SYNTAX,
        Reason.ENCODING,
        Reason.UNDECODABLE,
        Reason.NUL,
        Reason.TOO_DEEP,
        Reason.TOO_MANY_NODES,
    }
)
"""Reasons that lie in the bytes alone. Time, memory and luck are no property of a file."""

_Row = tuple[int, str | None, bool, tuple[str, ...]]
_ROW = msgspec.msgpack.Decoder(_Row)
_BODIES = msgspec.msgpack.Decoder(tuple[Body, ...])
_FOUND = msgspec.msgpack.Decoder(dict[str, tuple[int, ...]])


def is_lasting(problem: NotAnalysed) -> bool:
    """The same bytes always lead to this."""
    return problem.reason in LASTING


def facts_key(item: Item, sha256: str) -> bytes:
    """The key of the facts of a source; those of a startup line depend on where it stands, too."""
    digest = bytes.fromhex(sha256)
    if not isinstance(item.source, Inline) and item.first_line == 1:
        return digest
    kind = b"line" if isinstance(item.source, Inline) else b"part"
    return hashlib.sha256(b"%b %d %b" % (kind, item.first_line, digest)).digest()


class Known(NamedTuple):
    """What is known of a content without parsing it."""

    sketch: Sketch
    is_wanted: bool
    """It is analysed unasked, as it may hold a site."""


class Contents:
    """Typed access to a store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def sketches(self, digests: Iterable[str]) -> dict[str, Known]:
        """What is known of contents, by SHA-256 in hexadecimal."""
        found = self.store.get(Kind.SKETCH, map(bytes.fromhex, digests))
        return {key.hex(): _known(key, value) for key, value in found.items()}

    def keep_sketches(self, rows: Iterable[Known]) -> None:
        """Keeps what is known of contents."""
        self.store.put(Kind.SKETCH, {bytes.fromhex(row.sketch.sha256): _packed(row) for row in rows})

    def facts(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Encoded analyses by the key of `facts_key`."""
        return self.store.get(Kind.FACTS, keys)

    def keep_facts(self, rows: Mapping[bytes, bytes]) -> bool:
        """Keeps encoded analyses; whether all of them are kept."""
        return self.store.put(Kind.FACTS, rows)

    def bodies(self, keys: Iterable[bytes]) -> dict[bytes, tuple[Body, ...]]:
        """Digests of code objects by the key of `facts_key`."""
        found = self.store.get(Kind.BODIES, keys)
        return {key: _BODIES.decode(value) for key, value in found.items()}

    def keep_bodies(self, rows: Mapping[bytes, tuple[Body, ...]]) -> None:
        """Keeps digests of code objects; none at all may be bad luck."""
        self.store.put(Kind.BODIES, {key: msgspec.msgpack.encode(row) for key, row in rows.items() if row})

    def search(self, digests: Sequence[str], names: Sequence[str]) -> dict[str, tuple[int, ...]] | None:
        """For each name the indices of those contents that hold it; ``None`` when that is not known."""
        found = self.store.get(Kind.SEARCH, (key := _search_key(digests, names),))
        return _FOUND.decode(found[key]) if found else None

    def keep_search(
        self, digests: Sequence[str], names: Sequence[str], found: Mapping[str, Sequence[int]]
    ) -> None:
        """Keeps which contents hold which names."""
        self.store.put(Kind.SEARCH, {_search_key(digests, names): msgspec.msgpack.encode(found)})


def _known(key: bytes, value: bytes) -> Known:
    size, encoding, is_wanted, anchors = _ROW.decode(value)
    return Known(Sketch(sha256=key.hex(), size=size, encoding=encoding, anchors=anchors), is_wanted)


def _packed(row: Known) -> bytes:
    sketch = row.sketch
    return msgspec.msgpack.encode((sketch.size, sketch.encoding, row.is_wanted, sketch.anchors))


def _search_key(digests: Sequence[str], names: Sequence[str]) -> bytes:
    """Of the contents in their order and the names; neither can be mistaken for the other."""
    hashing = hashlib.sha256("".join(digests).encode())
    for name in names:
        data = name.encode("utf-8", "surrogatepass")
        hashing.update(b" %d %b" % (len(data), data))
    return hashing.digest()
