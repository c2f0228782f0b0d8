"""Manifests of wheels: what their containers show, by the SHA-256 of the whole file and its name."""

from __future__ import annotations

import hashlib
import zlib
from pathlib import Path

import msgspec

from wheelwatch import archive
from wheelwatch.engine.cache.store import Kind, Store
from wheelwatch.limits import Limits
from wheelwatch.model import ContainerKind, Distribution, FileRef, Member, NotAnalysed, Reason

LASTING = frozenset({Reason.ENCRYPTED, Reason.TOO_LARGE, Reason.CORRUPT, Reason.UNSUPPORTED})
"""Reasons that lie in the bytes of the wheel."""


class Row(msgspec.Struct, frozen=True, array_like=True):
    """A member, without the path of its wheel."""

    stored: str
    place: str | None
    uv_place: str | None
    size: int
    key: str
    sha256: str


class Manifest(msgspec.Struct, frozen=True, array_like=True):
    """A wheel without its path; ``unread`` by the index of the member."""

    about: Distribution
    rows: tuple[Row, ...]
    unread: tuple[tuple[int, NotAnalysed], ...]
    record: bytes
    """The file RECORD, compressed; empty where there is none or several."""


class Kept(msgspec.Struct, frozen=True):
    """A wheel that was read before, and its RECORD word by word."""

    distribution: Distribution
    texts: dict[FileRef, bytes]


_MANIFEST = msgspec.msgpack.Decoder(Manifest)


class Wheels:
    """Reads wheels, those that are known from the cache."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, path: Path, limits: Limits) -> Distribution:
        """The wheel at this path, as `archive.read_wheel` reads it.

        Raises:
            TargetError: it is missing, unreadable, too large or no zip.
        """
        digest = archive.wheel_digest(path, limits)
        known = self.known(digest, path)
        if known is None:
            known = archive.read_wheel(path, limits)
            self._keep(path, known, limits)
        return known

    def known(self, sha256: str, path: Path) -> Distribution | None:
        """The wheel with this content, if it was ever read under this file name.

        Its members say that their bytes are at ``path``; nothing has been looked for there.
        """
        manifest = self._manifest(sha256, path)
        return _distribution(manifest, str(path)) if manifest else None

    def kept(self, sha256: str, path: Path) -> Kept | None:
        """The same with what a reader asks of every wheel, for one whose file is not here."""
        manifest = self._manifest(sha256, path)
        if manifest is None or not manifest.record:
            return None
        known = _distribution(manifest, str(path))
        (record,) = _records(known)
        return Kept(known, {record: zlib.decompress(manifest.record)})

    def _manifest(self, sha256: str, path: Path) -> Manifest | None:
        found = self._store.get(Kind.WHEEL, (key := _key(sha256, path.name),))
        return _MANIFEST.decode(found[key]) if found else None

    def _keep(self, path: Path, found: Distribution, limits: Limits) -> None:
        if found.sha256 is None or any(why.reason not in LASTING for _, why in found.not_analysed):
            return
        try:
            data = msgspec.msgpack.encode(_manifest(found, limits))
        except UnicodeEncodeError:
            return
        self._store.put(Kind.WHEEL, {_key(found.sha256, path.name): data})


def _key(sha256: str, name: str) -> bytes:
    """A wheel's own name says which tags and version it claims to have."""
    return hashlib.sha256(f"{sha256} ".encode() + name.encode("utf-8", "surrogateescape")).digest()


def _manifest(found: Distribution, limits: Limits) -> Manifest:
    places = {id(member): index for index, member in enumerate(found.members)}
    return Manifest(
        about=msgspec.structs.replace(found, location="", members=(), not_analysed=()),
        rows=tuple(map(_row, found.members)),
        unread=tuple((places[id(member)], why) for member, why in found.not_analysed),
        record=_record(found, limits),
    )


def _records(found: Distribution) -> list[FileRef]:
    """The members that are a RECORD; more than one is for those who read the file itself."""
    return [
        member.source
        for member in found.members
        if member.stored.endswith(".dist-info/RECORD") and isinstance(member.source, FileRef)
    ]


def _record(found: Distribution, limits: Limits) -> bytes:
    records = _records(found)
    data = archive.read(records[0], limits) if len(records) == 1 else None
    return zlib.compress(data) if isinstance(data, bytes) else b""


def _row(member: Member) -> Row:
    assert isinstance(member.source, FileRef)  # noqa: S101 - as wheels are read
    key = member.source.key
    return Row(member.stored, member.place, member.uv_place, member.size, key, member.sha256)


def _distribution(manifest: Manifest, path: str) -> Distribution:
    members = tuple(
        Member(
            stored=row.stored,
            place=row.place,
            uv_place=row.uv_place,
            size=row.size,
            source=FileRef(path, ContainerKind.ZIP, row.key),
            sha256=row.sha256,
        )
        for row in manifest.rows
    )
    return msgspec.structs.replace(
        manifest.about,
        location=path,
        members=members,
        not_analysed=tuple((members[index], why) for index, why in manifest.unread),
    )
