"""Files on disk: walking a folder and opening a file, neither of which a target can make hang or loop."""

from __future__ import annotations

import errno
import os
import stat
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import msgspec

from wheelwatch.archive.issue import Issue
from wheelwatch.limits import Limits
from wheelwatch.model import ArchiveIssue, ContainerKind, FileRef, Member, NotAnalysed, Reason

MAX_VISITS = 50
CIRCLE = "a link that leads in a circle"
OPEN_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


class Walk(msgspec.Struct, frozen=True, kw_only=True):
    """What a folder holds: regular files with their sizes, and what is there but cannot be read."""

    root: str
    files: dict[str, int]
    unread: dict[str, NotAnalysed]
    issues: tuple[ArchiveIssue, ...] = ()


Identity: TypeAlias = "tuple[int, int]"
"""Device and inode of a folder."""


class _Pending(msgspec.Struct, frozen=True):
    """A folder that is still to be listed; ``above`` it, whose set its siblings share."""

    path: str
    prefix: str
    identity: Identity
    above: frozenset[Identity]


def walk(root: str, limits: Limits, *, descends: Callable[[str], bool] | None = None) -> Walk:
    """List a folder, following links to files and folders but never in a circle. Paths use ``/``.

    No name and no depth keeps a folder out: a path line may lead into ``.git`` or a hundred folders down,
    and what is nested too deep for the system's own limit cannot be imported either. ``descends`` decides
    by its path, as on disk, whether a folder is looked into. Folders count like files towards
    ``limits.members``, and links lead to one folder at most ``MAX_VISITS`` times: forty folders with two
    links each have a million million paths.

    Raises:
        OSError: the folder itself cannot be listed.
    """
    top = Path(root).stat()
    files: dict[str, int] = {}
    unread: dict[str, NotAnalysed] = {}
    issues: list[ArchiveIssue] = []
    stack = [_Pending(root, "", (top.st_dev, top.st_ino), frozenset())]
    visits: Counter[Identity] = Counter()
    folders = 0
    while stack:
        pending = stack.pop()
        visits[pending.identity] += 1
        if visits[pending.identity] > MAX_VISITS:
            if visits[pending.identity] == MAX_VISITS + 1:
                detail = f"more than {MAX_VISITS} links lead here"
                issues.append(ArchiveIssue(issue=Issue.TOO_MANY, path=pending.prefix, detail=detail))
            continue
        folders += 1
        try:
            found = _list(pending, files, unread)
        except OSError as error:
            if not pending.prefix:
                raise
            unread[pending.prefix.rstrip("/")] = refusal(error)
            continue
        if len(files) + len(unread) + folders > limits.members:
            detail = f"more than {limits.members} files and folders"
            issues.append(ArchiveIssue(issue=Issue.TOO_MANY, path=pending.prefix, detail=detail))
            break
        stack.extend(row for row in reversed(found) if descends is None or descends(row.path))
    return Walk(root=root, files=files, unread=unread, issues=tuple(issues))


def _list(pending: _Pending, files: dict[str, int], unread: dict[str, NotAnalysed]) -> list[_Pending]:
    folders: list[_Pending] = []
    above = pending.above | {pending.identity}
    with os.scandir(pending.path) as rows:
        for row in sorted(rows, key=lambda row: row.name):
            path = pending.prefix + row.name
            try:
                info = row.stat()
            except OSError as error:
                unread[path] = refusal(error)
                continue
            if stat.S_ISREG(info.st_mode):
                files[path] = info.st_size
            elif stat.S_ISDIR(info.st_mode):
                identity = (info.st_dev, info.st_ino)
                if identity in above or (row.is_symlink() and _is_above(row.path, pending.path)):
                    unread[path] = NotAnalysed(reason=Reason.NOT_REGULAR, detail=CIRCLE)
                else:
                    folders.append(_Pending(row.path, path + "/", identity, above))
            else:
                unread[path] = NotAnalysed(reason=Reason.NOT_REGULAR, detail="no regular file")
    return folders


def _is_above(link: str, folder: str) -> bool:
    """The link leads to a folder that encloses the one in which it stands."""
    target, here = os.path.realpath(link), os.path.realpath(folder)
    return (here + "/").startswith(target.rstrip("/") + "/")


def refusal(error: OSError) -> NotAnalysed:
    """Say why the system did not let us read."""
    reasons = {errno.ENOENT: Reason.VANISHED, errno.ELOOP: Reason.NOT_REGULAR}
    text = error.strerror or type(error).__name__
    if error.errno == errno.ENOENT:
        text = "is not there, or a link to nothing"
    return NotAnalysed(reason=reasons.get(error.errno or 0, Reason.UNREADABLE), detail=text)


def read_file(path: str, limit: int, *, is_head: bool = False) -> bytes | NotAnalysed:
    """Read a regular file of at most ``limit`` bytes, never waiting for a FIFO or a device.

    With ``is_head`` a larger file is no error: its first ``limit`` bytes are read.
    """
    try:
        descriptor = os.open(path, OPEN_FLAGS)
    except (OSError, ValueError) as error:
        return _refused(error)
    try:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode):
            return NotAnalysed(reason=Reason.NOT_REGULAR, detail="no regular file")
        if is_head:
            return os.read(descriptor, limit)
        if info.st_size > limit:
            return NotAnalysed(reason=Reason.TOO_LARGE, detail=f"has {info.st_size} bytes")
        return _whole(descriptor, info.st_size, limit)
    except OSError as error:
        return refusal(error)
    finally:
        os.close(descriptor)


def read_text(path: str, limit: int = 1 << 20) -> str:
    """A small text file such as ``pyvenv.cfg``; empty when it cannot be read."""
    data = read_file(path, limit)
    return data.decode("utf-8", "replace") if isinstance(data, bytes) else ""


def _refused(error: OSError | ValueError) -> NotAnalysed:
    """A ValueError is a path that no file can have: a NUL in it."""
    if isinstance(error, OSError):
        return refusal(error)
    return NotAnalysed(reason=Reason.VANISHED, detail="no file can have this name")


def _whole(descriptor: int, size: int, limit: int) -> bytes | NotAnalysed:
    """Read to the end, also of a file that grows meanwhile or does not tell its size."""
    first = os.read(descriptor, size + 1)
    return first if size and len(first) == size else _rest(descriptor, first, limit)


def _rest(descriptor: int, first: bytes, limit: int) -> bytes | NotAnalysed:
    parts = [first]
    total = len(first)
    while data := os.read(descriptor, 1 << 20):
        total += len(data)
        parts.append(data)
        if total > limit:
            break
    if total > limit:
        return NotAnalysed(reason=Reason.TOO_LARGE, detail=f"has more than {limit} bytes")
    return b"".join(parts)


def member(container: str, key: str, place: str | None, size: int, sha256: str = "") -> Member:
    """A file of a folder as a member."""
    source = FileRef(container, ContainerKind.FOLDER, key)
    return Member(stored=key, place=place, uv_place=place, size=size, source=source, sha256=sha256)
