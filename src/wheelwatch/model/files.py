"""Where bytes are: containers, members, and the reasons why a file could not be analysed."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

import msgspec


class Reason(StrEnum):
    """The closed list of reasons why a file could not be analysed."""

    SYNTAX = "syntax-error"
    ENCODING = "unknown-encoding"
    UNDECODABLE = "undecodable"
    NUL = "nul-byte"
    TOO_LARGE = "too-large"
    TOO_DEEP = "too-deep"
    TOO_MANY_NODES = "too-many-nodes"
    TOO_SLOW = "too-slow"
    OUT_OF_MEMORY = "out-of-memory"
    WORKER_DIED = "worker-died"
    INTERNAL = "internal-error"
    UNREADABLE = "unreadable"
    ENCRYPTED = "encrypted"
    CORRUPT = "corrupt"
    UNSUPPORTED = "unsupported-compression"
    NOT_REGULAR = "not-a-regular-file"
    VANISHED = "vanished"
    BYTECODE_ONLY = "bytecode-only"
    NATIVE = "native-module"


class ContainerKind(StrEnum):
    """How the bytes of a member are reached."""

    ZIP = "zip"
    TAR = "tar"
    FOLDER = "folder"


class FileRef(msgspec.Struct, frozen=True, tag="file", gc=False):
    """One file inside a container, addressable from any process.

    ``key`` is the index in the central directory of a zip, ``offset:size`` of the content in a tar, and the
    relative path (``/``-separated, ``os.fsdecode`` form) in a folder.
    """

    container: str
    kind: ContainerKind
    key: str


class Inline(msgspec.Struct, frozen=True, tag="inline"):
    """Bytes that belong to no file of their own: a line of a ``.pth``, decoded source."""

    data: bytes


class Nested(msgspec.Struct, frozen=True, tag="nested"):
    """One file of a zip that is itself a member: an egg in a wheel, to which a ``.pth`` line leads.

    ``key`` is the index in the central directory of the inner zip.
    """

    outer: FileRef
    key: str


Source: TypeAlias = FileRef | Inline | Nested


class Member(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One file of a distribution.

    ``stored`` is the name as stored; ``place`` where pip puts it (relative to the site
    directory, ``{prefix}/...`` outside it, ``None`` when it is not installed); ``uv_place`` where uv
    puts it when that differs, else equal to ``place``. ``size`` is in bytes, as declared.
    """

    stored: str
    place: str | None
    uv_place: str | None
    size: int
    source: Source
    first_line: int = 1
    """Line of the enclosing file at which an inline source begins."""
    sha256: str = ""
    """Hexadecimal digest of its content, where that was computed already."""

    @property
    def path(self) -> str:
        """The path that reports show: the install place, else the stored name behind ``{source}/``."""
        return self.place if self.place is not None else "{source}/" + self.stored


class NotAnalysed(msgspec.Struct, frozen=True, kw_only=True, tag="not-analysed"):
    """A file could not be analysed; ``detail`` is one line for a human, it may hold target text."""

    reason: Reason
    detail: str
    anchors: tuple[str, ...] = ()
    """Anchor tokens that the file holds as far as its bytes could be searched."""
