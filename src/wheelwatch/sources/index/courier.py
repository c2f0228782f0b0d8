"""The one that fetches: pages and files over the network, on a thread of its own, within bounds."""

from __future__ import annotations

import asyncio
import hashlib
import queue
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from itertools import takewhile
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import msgspec

from wheelwatch.limits import MIB, Limits
from wheelwatch.model import Failure
from wheelwatch.sources.address import host, local_path, redacted, shown
from wheelwatch.sources.index import listing
from wheelwatch.sources.index.settings import Index, Settings
from wheelwatch.sources.index.shelf import Shelf
from wheelwatch.sources.plan import Locked

if TYPE_CHECKING:
    from wheelwatch.sources.index.session import Session

AT_ONCE = 10
PAGE_BYTES = 32 * MIB
STEP = 256 * 1024
UNWINDING_SECONDS = 0.3
STRONG = ("sha512", "sha384", "sha256")
"""Hashes that prove what a file is, the strongest first."""


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is here and has the hash that it should have."""

    locked: Locked
    path: str
    sha256: str
    cached: bool
    """It was here already."""
    size: int


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What one index lists for a name, or why that is not known."""

    index: Index
    name: str
    files: tuple[listing.Listed, ...] = ()
    failure: Failure | None = None


class Courier:
    """Fetches on a thread, so that what has arrived is judged while the rest is on its way.

    Args:
        settings: credentials, certificates, proxies.
        shelf: where files are kept.
        limits: bounds on their sizes.
        is_offline: only what is on the shelf or on this disk is handed out.
    """

    def __init__(self, settings: Settings, shelf: Shelf, limits: Limits, *, is_offline: bool) -> None:
        self._settings = settings
        self._shelf = shelf
        self._limits = limits
        self._is_offline = is_offline
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="wheelwatch-courier", daemon=True)
        self._session: Session | None = None
        self.downloads = 0
        """Files that came over the network."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(1)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know about the way of the answers."""
        return self._session.notes if self._session else ()

    def pages(self, wanted: Sequence[tuple[Index, str]]) -> tuple[Page, ...]:
        """What each index lists for each name, in their order."""
        return self.ask(wanted).result()

    def ask(self, wanted: Sequence[tuple[Index, str]]) -> Future[tuple[Page, ...]]:
        """The same, to be looked at later."""
        return asyncio.run_coroutine_threadsafe(self._pages(wanted), self._loop)

    def fetch(self, files: Sequence[Locked]) -> Iterator[Fetched | tuple[Locked, Failure]]:
        """The files in the order in which they arrive, each checked against its hash."""
        done: queue.SimpleQueue[Fetched | tuple[Locked, Failure]] = queue.SimpleQueue()
        gate = asyncio.Semaphore(AT_ONCE)
        for locked in files:
            asyncio.run_coroutine_threadsafe(self._deliver(locked, gate, done), self._loop)
        for _ in files:
            yield done.get()

    def _serve(self) -> None:
        import httpx  # noqa: F401, PLC0415 - loads here while uv resolves

        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.run_until_complete(self._wind_up())
        self._loop.close()

    async def _wind_up(self) -> None:
        """Lets generators that were left half way close, each of which does so in a task of its own."""
        await asyncio.sleep(0)
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        if rest:
            _, late = await asyncio.wait(rest, timeout=UNWINDING_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._loop.shutdown_asyncgens()

    async def _pages(self, wanted: Sequence[tuple[Index, str]]) -> tuple[Page, ...]:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(index: Index, name: str) -> Page:
            async with gate:
                return await self._page(index, name)

        return tuple(await asyncio.gather(*(one(index, name) for index, name in wanted)))

    async def _end(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _open(self) -> Session:
        if self._session is None:
            from wheelwatch.sources.index.session import Session  # noqa: PLC0415 - with httpx

            self._session = Session(self._settings)
        return self._session

    # pages

    async def _page(self, index: Index, name: str) -> Page:
        try:
            return Page(index=index, name=name, files=await self._listed(index, name))
        except (OSError, ValueError) as error:
            failure = Failure(
                where=index.shown, what=f"{name}: {_first(error)}", hint=getattr(error, "hint", "")
            )
            return Page(index=index, name=name, failure=failure)

    async def _listed(self, index: Index, name: str) -> tuple[listing.Listed, ...]:
        if path := local_path(index.url):
            return listing.folder(path, name)
        if self._is_offline:
            raise OSError("not asked, as --offline is given")
        session = await self._open()
        is_links = index in self._settings.find_links
        address = index.url if is_links else f"{index.url}/{name}/"
        answer = await session.page(address, index, PAGE_BYTES, listing.ACCEPT)
        if answer is None:
            return ()
        if is_links:
            return listing.of_links(answer.data, answer.address, name)
        rows = listing.parse(answer.data, answer.content_type, answer.address)
        return tuple(row for row in rows if row.name == name)

    # files

    def place(self, locked: Locked) -> str:
        """Where a file of the network will lie, if its hash tells and it is not there yet; else nothing."""
        known = _sha256(locked)
        if not known or local_path(locked.url) or "://" not in locked.url:
            return ""
        return "" if self._shelf.find(known, locked.filename) else self._shelf.place(known, locked.filename)

    async def _deliver(self, locked: Locked, gate: asyncio.Semaphore, done: queue.SimpleQueue[Any]) -> None:
        try:
            async with gate:
                done.put(await self._file(locked))
        except (OSError, ValueError) as error:
            what = f"{locked.filename}: {_first(error)}"
            where = shown(locked.url)
            done.put((locked, Failure(where=where, what=what, hint=getattr(error, "hint", ""))))
        except BaseException as error:
            what = f"{locked.filename}: {type(error).__name__}: {_first(error)}"
            done.put((locked, Failure(where=shown(locked.url), what=what)))
            raise

    async def _file(self, locked: Locked) -> Fetched:
        known = _sha256(locked)
        path = local_path(locked.url) or ("" if "://" in locked.url else locked.url)
        if path:
            return self._checked(locked, path, is_local=True)
        if known and (found := self._shelf.find(known, locked.filename)):
            try:
                return self._checked(locked, found, is_local=False)
            except WrongHashError:
                self._shelf.drop(found)
        if self._is_offline:
            raise OfflineError
        session = await self._open()
        fresh = self._shelf.fresh()
        try:
            await session.download(locked.url, fresh, self._index(locked.url), self._most(locked))
            self.downloads += 1
            checked = self._checked(locked, fresh, is_local=False)
        except BaseException:
            self._shelf.drop(fresh)
            raise
        place = self._shelf.keep(fresh, checked.sha256, locked.filename)
        return msgspec.structs.replace(checked, path=place, cached=False)

    def _checked(self, locked: Locked, path: str, *, is_local: bool) -> Fetched:
        strong = [one for one in locked.hashes if one.partition(":")[0] in STRONG] or list(locked.hashes)
        algorithms = {one.partition(":")[0] for one in strong} | {"sha256"}
        hashing = {name: hashlib.new(name) for name in algorithms}
        size = 0
        with open(path, "rb") as stream:  # noqa: PTH123
            while data := stream.read(STEP):
                size += len(data)
                for one in hashing.values():
                    one.update(data)
        sha256 = hashing["sha256"].hexdigest()
        for name in sorted({one.partition(":")[0] for one in strong}):
            wanted = [one for one in strong if one.startswith(f"{name}:")]
            if f"{name}:{hashing[name].hexdigest()}" not in wanted:
                raise WrongHashError(name, wanted, hashing[name].hexdigest())
        return Fetched(locked=locked, path=path, sha256=sha256, cached=True, size=0 if is_local else size)

    def _most(self, locked: Locked) -> int:
        return min(locked.size or self._limits.archive_bytes, self._limits.archive_bytes)

    def _index(self, url: str) -> Index | None:
        """The index whose credentials hold for an address: on its host, the one with most of its path."""
        places = (*self._settings.indexes, *self._settings.find_links)
        near = [index for index in places if host(index.url) == host(url)]
        return max(near, key=lambda index: _alike(index.url, shown(url)), default=None)


def _sha256(locked: Locked) -> str:
    """The one SHA-256 that the file may have; nothing where there are several or none."""
    found = {one.partition(":")[2] for one in locked.hashes if one.startswith("sha256:")}
    return found.pop() if len(found) == 1 else ""


def _alike(one: str, other: str) -> int:
    """How many parts two addresses have in common from the left."""
    return sum(
        1
        for _ in takewhile(
            lambda pair: pair[0] == pair[1], zip(one.split("/"), other.split("/"), strict=False)
        )
    )


class WrongHashError(ValueError):
    """The content of a file is not what was promised."""

    hint = "somebody changed the file, or the requirement: find out who before you install it"

    def __init__(self, name: str, wanted: Sequence[str], found: str) -> None:
        promised = " or ".join(one.partition(":")[2] for one in wanted)
        super().__init__(f"wrong hash: {name} should be {promised} and is {found}; it was not opened")


class OfflineError(OSError):
    """The file is not here, and nothing may be fetched."""

    hint = "run once without --offline"

    def __init__(self) -> None:
        super().__init__("is not in the cache, and --offline is given")


def _first(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return (redacted(str(error)).splitlines() or [type(error).__name__])[0]
