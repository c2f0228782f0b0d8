"""One way to the bytes of any member, from any process."""

from __future__ import annotations

import functools
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from wheelwatch.archive.directory import BadZipError, Bytes, Directory, directory
from wheelwatch.archive.folder import OPEN_FLAGS, read_file, refusal
from wheelwatch.archive.inflate import content
from wheelwatch.limits import Limits
from wheelwatch.model import ContainerKind, FileRef, Inline, NotAnalysed, Reason, Source


def read(source: Source, limits: Limits) -> bytes | NotAnalysed:
    """The bytes of a member, at most ``limits.member_bytes``; cheap to call many times."""
    if isinstance(source, Inline):
        return source.data
    match source.kind:
        case ContainerKind.FOLDER:
            return read_file(f"{source.container}/{source.key}", limits.member_bytes)
        case ContainerKind.ZIP:
            return _read_zip(source, limits)
        case ContainerKind.TAR:
            return NotAnalysed(reason=Reason.UNSUPPORTED, detail="a tar archive")


@contextmanager
def opened(path: str) -> Iterator[Bytes]:
    """Open a container for reading at offsets.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    descriptor = os.open(path, OPEN_FLAGS)
    try:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode):
            raise OSError(0, "no regular file")
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
