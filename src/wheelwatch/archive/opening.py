"""One way to the bytes of any member, from any process."""

from __future__ import annotations

import errno
import functools
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from wheelwatch.archive.directory import BadZipError, Buffer, Bytes, Directory, directory
from wheelwatch.archive.folder import OPEN_FLAGS, read_file, refusal
from wheelwatch.archive.inflate import content
from wheelwatch.archive.stream import Gzip, InflatedTooFarError
from wheelwatch.limits import MIB, Limits
from wheelwatch.model import ContainerKind, FileRef, Inline, Nested, NotAnalysed, Reason, Source


def read(source: Source, limits: Limits) -> bytes | NotAnalysed:
    """The bytes of a member, at most ``limits.member_bytes``; cheap to call many times."""
    if isinstance(source, Inline):
        return source.data
    if isinstance(source, Nested):
        return _read_nested(source, limits)
    match source.kind:
        case ContainerKind.FOLDER:
            return read_file(f"{source.container}/{source.key}", limits.member_bytes)
        case ContainerKind.ZIP:
            return _read_zip(source, limits)
        case ContainerKind.TAR:
            return _read_tar(source, limits)


def head(source: Source, count: int, limits: Limits) -> bytes | NotAnalysed:
    """The first bytes of a member, at most so many; of a file in a folder nothing else is read."""
    if isinstance(source, FileRef) and source.kind is ContainerKind.FOLDER:
        return read_file(f"{source.container}/{source.key}", count, is_head=True)
    data = read(source, limits)
    return data[:count] if isinstance(data, bytes) else data


@contextmanager
def opened(path: str) -> Iterator[Bytes]:
    """Open a container for reading at offsets.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    try:
        descriptor = os.open(path, OPEN_FLAGS)
    except ValueError:
        raise OSError(errno.ENOENT, "no file can have this name") from None
    try:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode):
            raise OSError(errno.EINVAL, "no regular file")
        yield Bytes(descriptor, info.st_size)
    finally:
        os.close(descriptor)


def _read_zip(source: FileRef, limits: Limits) -> bytes | NotAnalysed:
    try:
        with opened(source.container) as file:
            entries = _directory(source.container, _state(file), limits).entries
            return content(file, entries[int(source.key)], limits.member_bytes)
    except OSError as error:
        return refusal(error)
    except (BadZipError, IndexError):
        return NotAnalysed(reason=Reason.VANISHED, detail="the archive has changed meanwhile")


def _state(file: Bytes) -> tuple[int, int, int]:
    info = os.fstat(file.descriptor)
    return info.st_ino, info.st_mtime_ns, info.st_size


@functools.lru_cache(maxsize=16)
def _directory(path: str, state: tuple[int, int, int], limits: Limits) -> Directory:
    """Kept per process, as long as the file is the same."""
    del state
    with opened(path) as file:
        return directory(file, limits)


def _read_nested(source: Nested, limits: Limits) -> bytes | NotAnalysed:
    found = _inner(source.outer, limits)
    if isinstance(found, NotAnalysed):
        return found
    buffer, entries = found
    try:
        return content(buffer, entries.entries[int(source.key)], limits.member_bytes)
    except IndexError:
        return NotAnalysed(reason=Reason.VANISHED, detail="the archive has changed meanwhile")


@functools.lru_cache(maxsize=2)
def _inner(outer: FileRef, limits: Limits) -> tuple[Buffer, Directory] | NotAnalysed:
    """An archive inside an archive, inflated and taken apart."""
    data = read(outer, limits)
    if isinstance(data, NotAnalysed):
        return data
    buffer = Buffer(data)
    try:
        return buffer, directory(buffer, limits)
    except BadZipError as error:
        return NotAnalysed(reason=Reason.CORRUPT, detail=str(error))


TAR_KEPT = 128 * MIB
"""So much of an inflated tar is kept, of one per process; what lies behind is inflated each time."""


def _read_tar(source: FileRef, limits: Limits) -> bytes | NotAnalysed:
    offset, _, size = source.key.partition(":")
    begin, count = int(offset), int(size)
    if count > limits.member_bytes:
        return NotAnalysed(reason=Reason.TOO_LARGE, detail=f"declares {count} bytes")
    try:
        with opened(source.container) as file:
            kept = _tar(source.container, _state(file)) if begin + count <= TAR_KEPT else b""
            if begin + count <= len(kept):
                return kept[begin : begin + count]
            stream = Gzip(file, limits.unpacked_bytes)
            stream.skip(begin)
            data = stream.read(count)
    except OSError as error:
        return refusal(error)
    except (zlib.error, EOFError, InflatedTooFarError) as error:
        return NotAnalysed(reason=Reason.CORRUPT, detail=str(error))
    if len(data) < count:
        return NotAnalysed(reason=Reason.VANISHED, detail="the archive has changed meanwhile")
    return data


@functools.lru_cache(maxsize=1)
def _tar(path: str, state: tuple[int, int, int]) -> bytes:
    """The beginning of an inflated tar, as far as it is kept."""
    del state
    with opened(path) as file:
        return Gzip(file, TAR_KEPT + MIB).read(TAR_KEPT)
