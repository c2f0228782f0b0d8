"""A table of values by content, in one SQLite file that many processes share.

Every value carries a checksum over its table, its key and itself, so that damage anywhere in the file
is a miss and never another answer. Whatever goes wrong (a locked, damaged, foreign or read-only file, a
full disk) ends the use of the cache by this process, and the run goes on without.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from wheelwatch.engine.cache.place import files, prepare, remove, size
from wheelwatch.limits import MIB

Result = TypeVar("Result")

LIMIT = 512 * MIB
WAIT_SECONDS = 2.0
"""For another process that writes."""

MANY = 400
"""Keys of one query; SQLite takes at least 999."""

DAY = 24 * 60 * 60
CHECK = 8
PAGE = 4096
FULL, KEPT = 0.9, 0.6
"""Parts of the allowed size at which the oldest entries go, and which is kept then."""

BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class Kind(StrEnum):
    """What is kept; each kind is a table."""

    SKETCH = "sketch"
    FACTS = "facts"
    BODIES = "bodies"
    SEARCH = "search"
    WHEEL = "wheel"
    VERDICT = "verdict"

    @property
    def noun(self) -> str:
        """What a row holds, in the plural."""
        others = {"sketch": "sketches", "search": "searches", "wheel": "wheels", "verdict": "verdicts"}
        return others.get(self.value, self.value)


class Store:
    """The cache as one process sees it; opened when it is first used, never after a fork.

    Args:
        locate: gives the file, whose folder is the cache's own; raises OSError where there is no place.
        limit: bytes that all files of the folder may have.
    """

    def __init__(self, locate: Callable[[], Path], limit: int = LIMIT) -> None:
        self.trouble = ""
        """Why the cache is not used any more, for a human; empty as long as it is."""
        self._locate = locate
        self._limit = limit
        self._path: Path | None = None
        self._database: sqlite3.Connection | None = None
        self._is_full = False
        self._today = int(time.time()) // DAY

    @property
    def path(self) -> Path:
        """The file; OSError where there is no place for it."""
        if self._path is None:
            self._path = self._locate()
        return self._path

    def is_there(self) -> bool:
        """Something has been kept before."""
        try:
            return self.path.is_file()
        except OSError:
            return False

    def get(self, kind: Kind, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """The values of those keys that are known and undamaged."""
        wanted = list(dict.fromkeys(keys))
        return self._guarded(lambda database: self._get(database, kind, wanted)) or {}

    def put(self, kind: Kind, rows: Mapping[bytes, bytes]) -> bool:
        """Keeps values, all of them or none; says which."""
        if not rows:
            return True
        if self._is_full:
            return False
        return self._guarded(lambda database: self._put(database, kind, rows)) or False

    def counts(self) -> dict[Kind, int]:
        """The number of entries of each kind."""
        return self._guarded(_counts) or {}

    def holds(self, kind: Kind) -> bool:
        """There is an entry of this kind; a cache that is not there is not made for that."""
        order = f"SELECT 1 FROM {kind} LIMIT 1"  # noqa: S608
        return self.is_there() and bool(self._guarded(lambda database: database.execute(order).fetchall()))

    def trim(self) -> None:
        """Lets what was not used for the longest time go, where the cache has become too large."""
        self._guarded(self._trim)

    def close(self) -> None:
        """Gives the file back."""
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.close()
            self._database = None

    # what can go wrong

    def _guarded(self, work: Callable[[sqlite3.Connection], Result]) -> Result | None:
        if self.trouble:
            return None
        try:
            if self._database is None:
                self._database = self._open()
            return None if self._database is None else work(self._database)
        except sqlite3.Error as error:
            if self._is_harmless(error):
                return None
        except (OSError, MemoryError, OverflowError, ValueError) as error:
            self.trouble = str(error)
        self.close()
        return None

    def _is_harmless(self, error: sqlite3.Error) -> bool:
        """Nothing more can be kept, but what is there can still be read; else the cache is given up."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL and self._database is not None:
            self._is_full = True
            return True
        self.trouble = f"{self.path}: {error}"
        if code in BROKEN:
            self.trouble += "; it was deleted"
            with contextlib.suppress(OSError):
                remove(self.path)
        return False

    # the file

    def _open(self) -> sqlite3.Connection | None:
        self.trouble = prepare(self.path.parent)
        if self.trouble:
            return None
        # SQLite gives a new file the rights of its process; nobody else is to read it.
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
        database = sqlite3.connect(self.path, timeout=WAIT_SECONDS, isolation_level=None)
        database.text_factory = bytes
        try:
            for order in _orders(self._limit):
                database.execute(order)
        except (sqlite3.Error, OSError, MemoryError, OverflowError, ValueError):
            database.close()
            raise
        return database

    def _get(self, database: sqlite3.Connection, kind: Kind, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        aged: list[bytes] = []
        for begin in range(0, len(keys), MANY):
            part = keys[begin : begin + MANY]
            holes = ",".join("?" * len(part))
            rows = database.execute(f"SELECT key, used, value FROM {kind} WHERE key IN ({holes})", part)  # noqa: S608
            for key, used, value in rows:
                content = _opened(kind, key, value)
                if content is not None:
                    found[key] = content
                    if used != self._today:
                        aged.append(key)
        if aged:
            self._refresh(database, kind, aged)
        return found

    def _refresh(self, database: sqlite3.Connection, kind: Kind, keys: Sequence[bytes]) -> None:
        """Notes the day of use; that it could not be noted is no reason to do without the cache."""
        with contextlib.suppress(sqlite3.OperationalError), _transaction(database):
            rows = [(self._today, key) for key in keys]
            database.executemany(f"UPDATE {kind} SET used = ? WHERE key = ?", rows)  # noqa: S608

    def _put(self, database: sqlite3.Connection, kind: Kind, rows: Mapping[bytes, bytes]) -> bool:
        sealed = [(key, self._today, _check(kind, key, value) + value) for key, value in rows.items()]
        with _transaction(database):
            database.executemany(f"INSERT OR REPLACE INTO {kind} VALUES (?, ?, ?)", sealed)  # noqa: S608
        return True

    def _trim(self, database: sqlite3.Connection) -> None:
        others = sorted((path for path in files(self.path.parent) if path != self.path), key=_age)
        sizes = {path: size(path) for path in others}
        room = self._limit - size(self.path)
        for path in others:
            if sum(sizes.values()) > room:
                remove(path)
                del sizes[path]
        used = _used(database)
        if used > self._limit * FULL:
            with _transaction(database):
                for kind in Kind:
                    _drop(database, kind, 1 - self._limit * KEPT / used)


def _drop(database: sqlite3.Connection, kind: Kind, part: float) -> None:
    """Deletes so large a part of the entries, those of the oldest use; their pages are used again."""
    ((count,),) = database.execute(f"SELECT count(*) FROM {kind}")  # noqa: S608
    oldest = f"SELECT key FROM {kind} ORDER BY used LIMIT ?"  # noqa: S608
    database.execute(f"DELETE FROM {kind} WHERE key IN ({oldest})", (math.ceil(count * part),))  # noqa: S608


def _used(database: sqlite3.Connection) -> int:
    """Bytes of the pages that hold something."""
    ((pages,),) = database.execute("PRAGMA page_count")
    ((free,),) = database.execute("PRAGMA freelist_count")
    return int(pages - free) * PAGE


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _counts(database: sqlite3.Connection) -> dict[Kind, int]:
    return {
        kind: int(count)
        for kind in Kind
        for (count,) in database.execute(f"SELECT count(*) FROM {kind}")  # noqa: S608
    }


@contextlib.contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def _check(kind: Kind, key: bytes, value: bytes) -> bytes:
    return hashlib.blake2b(b"%b %b %b" % (kind.encode(), key, value), digest_size=CHECK).digest()


def _opened(kind: Kind, key: object, sealed: object) -> bytes | None:
    """The value behind its checksum; ``None`` when it is not what was kept."""
    if not isinstance(key, bytes) or not isinstance(sealed, bytes):
        return None
    value = sealed[CHECK:]
    return value if sealed[:CHECK] == _check(kind, key, value) else None


def _orders(limit: int) -> Iterator[str]:
    yield f"PRAGMA page_size = {PAGE}"
    yield "PRAGMA journal_mode = WAL"
    # What is lost with the machine's power is computed again.
    yield "PRAGMA synchronous = OFF"
    yield f"PRAGMA max_page_count = {max(1, limit // PAGE)}"
    for kind in Kind:
        form = "WITHOUT ROWID" if kind is Kind.SKETCH else ""
        columns = "key BLOB PRIMARY KEY, used INTEGER, value BLOB"
        yield f"CREATE TABLE IF NOT EXISTS {kind} ({columns}) {form}"
