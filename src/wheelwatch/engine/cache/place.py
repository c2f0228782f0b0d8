"""Where the cache lies, and that it is nobody else's."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

PREFIX = "facts-"
SUFFIX = ".sqlite3"
LAYOUT = 1
"""Of the tables in a database; part of its name."""

PARTS = ("", "-wal", "-shm", "-journal")
"""SQLite's own files beside a database."""

FETCHED = ("files", "uv")
"""Folders of ``audit``."""

OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def folder() -> Path | None:
    """The folder of this user's cache; ``None`` when the system names no absolute path for it.

    A relative one would lie in the current directory, which may belong to the target.
    """
    # Costs a few milliseconds, which ``--version`` and ``--no-cache`` need not pay.
    from platformdirs import user_cache_path  # noqa: PLC0415

    found = user_cache_path("wheelwatch", appauthor=False)
    return found if found.is_absolute() else None


def database(place: Path, mark: str) -> Path:
    """The database for the code that bears this mark."""
    return place / f"{PREFIX}{LAYOUT}-{mark}{SUFFIX}"


def prepare(place: Path) -> str:
    """Makes the folder, for this user alone; says why it cannot be used, else nothing."""
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = place.lstat()
    except OSError as error:
        return f"{place}: {error.strerror or error}"
    if not stat.S_ISDIR(about.st_mode):
        return f"{place}: is no folder"
    if hasattr(os, "geteuid") and (about.st_uid != os.geteuid() or about.st_mode & OTHERS_WRITE):
        return f"{place}: others may write there"
    return ""


def files(place: Path) -> Iterator[Path]:
    """The databases in a cache folder, also those of other versions of wheelwatch."""
    try:
        names = sorted(os.listdir(place))  # noqa: PTH208 - the folder may be missing
    except OSError:
        return
    for name in names:
        if name.startswith(PREFIX) and name.endswith(SUFFIX):
            yield place / name


def size(path: Path) -> int:
    """Bytes of a database with what SQLite keeps beside it."""
    total = 0
    for part in PARTS:
        try:
            total += os.stat(f"{path}{part}").st_size  # noqa: PTH116 - a suffix, not a name
        except OSError:
            continue
    return total


def remove(path: Path) -> None:
    """Deletes a database; one that is in use goes on without its name.

    Raises:
        OSError: it cannot be deleted.
    """
    for part in PARTS:
        try:
            os.unlink(f"{path}{part}")  # noqa: PTH108 - a suffix, not a name
        except FileNotFoundError:
            continue


def fetched(place: Path) -> int:
    """Bytes that ``audit`` has fetched and kept: files of indexes, and what uv learnt of them."""
    folders = [place / name for name in FETCHED]
    return sum(path.lstat().st_size for folder in folders for path in folder.rglob("*") if path.is_file())


def clear(place: Path) -> int:
    """Deletes every database in the folder and all that was fetched; gives the bytes that were freed.

    Raises:
        OSError: one cannot be deleted.
    """
    freed = fetched(place)
    for name in FETCHED:
        if os.path.lexists(place / name):
            shutil.rmtree(place / name)
    for path in files(place):
        freed += size(path)
        remove(path)
    return freed
