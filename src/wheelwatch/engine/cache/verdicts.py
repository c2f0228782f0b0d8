"""How whole sets were judged: by all that was read for it, by what was asked, and by all of our code."""

from __future__ import annotations

import hashlib
import os
import time
import zlib
from collections.abc import Iterable
from typing import Generic, TypeVar

import msgspec

from wheelwatch import archive
from wheelwatch.archive.hashing import in_parallel
from wheelwatch.collection import uncollected
from wheelwatch.engine.cache.mark import whole_mark
from wheelwatch.engine.cache.store import Kind, Store
from wheelwatch.limits import Limits
from wheelwatch.model import ContainerKind, FileRef, Nested, NotAnalysed, Source, TargetSet

View = TypeVar("View")

TICK = 0.05
"""Seconds; more than what file systems round the time of a change by."""


class Reading(msgspec.Struct, frozen=True, array_like=True):
    """One source that was read: its first bytes or, with ``count`` 0, all of it."""

    source: Source
    count: int
    answer: bytes
    """As `answer_of` has it."""


class _Row(msgspec.Struct, frozen=True, array_like=True):
    readings: bytes
    view: bytes


_ROW = msgspec.msgpack.Decoder(_Row)
_READINGS = msgspec.msgpack.Decoder(tuple[Reading, ...])


def answer_of(data: bytes | NotAnalysed) -> bytes:
    """A digest of what was read, or of why it could not be."""
    if isinstance(data, bytes):
        return hashlib.sha256(data, usedforsecurity=False).digest()
    return b"!" + hashlib.sha256(f"{data.reason} {data.detail}".encode("utf-8", "surrogatepass")).digest()


def known_contents(target: TargetSet) -> dict[Source, bytes]:
    """The members whose SHA-256 was computed when the set was read, and so is part of its key."""
    return {
        member.source: bytes.fromhex(member.sha256)
        for owned in target.distributions
        for member in owned.members
        if member.sha256 and member.first_line == 1
    }


class Verdicts(Generic[View]):
    """What was kept of judged sets, by all that it depends on.

    A set is known by all that reading its container has shown, with the SHA-256 of every member that was
    hashed for that. What was judged is found under that key, together with everything else that was read
    then; it is read again and compared before anything is handed out.

    Args:
        store: the cache.
        form: the type of what is kept of a set.
        limits: bounds on reading.
        told: what the run was told that the judgement depends on.
    """

    def __init__(self, store: Store, form: type[View], limits: Limits, told: object) -> None:
        self._store = store
        self._limits = limits
        self._decoder = msgspec.msgpack.Decoder(form)
        self._told = (form.__module__, form.__qualname__, limits, told)
        self._begin = time.time()

    def key(self, target: TargetSet) -> bytes:
        """What the verdict on a set is kept by; empty where it cannot be kept."""
        # A relative target counts against the current directory.
        whole = (whole_mark(), os.getcwd(), self._told, target)  # noqa: PTH109 - a name as the system has it
        try:
            return hashlib.sha256(msgspec.msgpack.encode(whole)).digest()
        except UnicodeEncodeError:
            return b""

    @uncollected()
    def known(self, key: bytes) -> View | None:
        """What was kept, if everything that was read for it still reads the same."""
        found = self._store.get(Kind.VERDICT, (key,)) if key else {}
        if not found:
            return None
        row = _ROW.decode(found[key])
        readings = _READINGS.decode(zlib.decompress(row.readings))
        if not all(in_parallel(self._is_same, readings)):
            return None
        return self._decoder.decode(zlib.decompress(row.view))

    def keep(self, key: bytes, target: TargetSet, view: View, readings: Iterable[Reading]) -> None:
        """Keeps what a set was judged like, unless a file of it has changed since this run began."""
        rows = tuple(readings)
        if not key or not self._is_settled(target, rows):
            return
        try:
            known = msgspec.msgpack.encode(rows), msgspec.msgpack.encode(view)
        except UnicodeEncodeError:
            return
        row = _Row(*(zlib.compress(part, 1) for part in known))
        self._store.put(Kind.VERDICT, {key: msgspec.msgpack.encode(row)})

    def _is_same(self, reading: Reading) -> bool:
        if reading.count:
            data = archive.head(reading.source, reading.count, self._limits)
        else:
            data = archive.read(reading.source, self._limits)
        return answer_of(data) == reading.answer

    def _is_settled(self, target: TargetSet, readings: Iterable[Reading]) -> bool:
        """Nobody can have put back what was judged: what changes leaves a time that cannot be set."""
        sources = [member.source for owned in target.distributions for member in owned.members]
        sources += [reading.source for reading in readings]
        return all(_changed(path) < self._begin - TICK for path in _paths(sources))


def _changed(path: str) -> float:
    """When a file or folder was changed last, in seconds since the epoch; nothing is as old as can be."""
    try:
        return max(os.lstat(path).st_ctime, os.stat(path).st_ctime)  # noqa: PTH116 - any name at all
    except (OSError, ValueError):
        return 0.0


def _paths(sources: Iterable[Source]) -> set[str]:
    """The files that hold these sources, and the folders between them and their container."""
    found: set[str] = set()
    for source in sources:
        ref = source.outer if isinstance(source, Nested) else source
        if not isinstance(ref, FileRef):
            continue
        found.add(ref.container)
        if ref.kind is ContainerKind.FOLDER:
            key = ref.key
            while key and (path := f"{ref.container}/{key}") not in found:
                found.add(path)
                key = key.rpartition("/")[0]
    return found
