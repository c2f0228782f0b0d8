"""One HTTP session: credentials, redirects, retries, resumption, and an end to everything that has none."""

from __future__ import annotations

import asyncio
import contextlib
import netrc
import os
import random
import shutil
import ssl
import subprocess
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from typing import TypeVar, cast
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec

from wheelwatch import __version__
from wheelwatch.sources.address import credentials, host, redacted, shown
from wheelwatch.sources.index.settings import Index, Settings

Answer = TypeVar("Answer")

TRIES = 4
REDIRECTS = 5
TIMEOUT = httpx.Timeout(30.0, connect=15.0)
GRACE = 60.0
SLOWEST = 8 * 1024
"""Bytes a second below which a server that keeps talking is given up, after the grace."""
RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
MEANINGS = {
    401: ("asks for credentials (401)", "name a user in the index's address, in netrc, or set up keyring"),
    403: ("refuses this (403)", "check the credentials and what they are allowed to read"),
    404: ("does not have this (404)", "check the address"),
}


class FetchError(OSError):
    """An address could not be fetched; ``hint`` says what to do."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.hint = hint


class Body(msgspec.Struct, frozen=True):
    """The answer to a page."""

    data: bytes
    content_type: str
    address: str
    """Where it came from after redirects."""


class Session:
    """Requests of one run, with the settings of the installer."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._netrc = _netrc()
        self._asked: dict[str, tuple[str, str]] = {}
        self._notes: dict[str, None] = {}
        verify = _context(settings)
        self._clients = {True: self._client(verify)}
        if settings.trusted_hosts:
            self._clients[False] = self._client(verify=False)

    def _client(self, verify: ssl.SSLContext | bool) -> httpx.AsyncClient:  # noqa: FBT001 - httpx's word
        return httpx.AsyncClient(
            http2=True,
            verify=verify,
            timeout=TIMEOUT,
            proxy=self._settings.proxy or None,
            headers={"User-Agent": f"wheelwatch/{__version__}", "Accept-Encoding": "gzip, deflate"},
            limits=httpx.Limits(max_connections=16, max_keepalive_connections=16),
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Hosts to which somebody was sent on."""
        return tuple(self._notes)

    async def close(self) -> None:
        """Ends all connections."""
        for client in self._clients.values():
            await client.aclose()

    async def page(self, address: str, index: Index, most: int, accept: str) -> Body | None:
        """A page of an index; ``None`` when the index does not have it.

        Raises:
            FetchError: it could not be had.
        """

        async def read() -> Body | None:
            async with self._stream(address, index, {"Accept": accept}) as answer:
                if answer.status_code == 404:
                    return None
                _refuse(answer)
                data = b"".join([part async for part in _bounded(answer.aiter_bytes(), most)])
                kind = answer.headers.get("content-type", "").lower()
                return Body(data, kind, str(answer.url))

        return await self._tried(read)

    async def download(self, address: str, path: str, index: Index | None, most: int) -> None:
        """Writes a file; what a broken connection leaves is taken up where it broke off.

        Raises:
            FetchError: it could not be had, or has more than ``most`` bytes.
        """

        async def read() -> None:
            have = os.path.getsize(path)  # noqa: PTH202
            headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
            async with self._stream(address, index, headers) as answer:
                if answer.status_code == 416:
                    os.truncate(path, 0)
                    raise httpx.ReadError("the server cannot go on where it broke off")
                _refuse(answer)
                has_begun = have > 0 and _begins_at(answer, have)
                with open(path, "r+b") as file:  # noqa: PTH123 - a local disk
                    file.truncate(have if has_begun else 0)
                    file.seek(0, os.SEEK_END)
                    async for part in _bounded(answer.aiter_raw(), most - file.tell()):
                        file.write(part)

        await self._tried(read)

    async def _tried(self, read: Callable[[], Awaitable[Answer]]) -> Answer:
        """Repeats what failed by chance."""
        attempt = 0
        while True:
            try:
                return await read()
            except _AgainError as error:
                failure, pause = FetchError(str(error), "try again later"), min(error.after, 30.0)
            except (httpx.TransportError, httpx.StreamError, httpx.DecodingError) as error:
                failure, pause = _unreachable(error), 0.0
            except (httpx.InvalidURL, UnicodeError) as error:
                raise FetchError(f"is no address that can be fetched: {redacted(str(error))}") from None
            except TimeoutError:
                failure, pause = FetchError("does not answer in time", "try again later"), 0.0
            except ExceptionGroup as group:
                # One for each of a host's addresses.
                failure, pause = _unreachable(group.exceptions[0]), 0.0
            attempt += 1
            if attempt == TRIES:
                raise failure
            await asyncio.sleep(pause or _backoff(attempt))

    @asynccontextmanager
    async def _stream(
        self, address: str, index: Index | None, headers: dict[str, str]
    ) -> AsyncIterator[httpx.Response]:
        """The answer behind all redirects; credentials stay with the host for which they are."""
        bare, user, password = credentials(address)
        _require_http(bare)
        auth = (user, password) if user or password else await self._auth(bare, index)
        home = host(bare)
        for _ in range(REDIRECTS + 1):
            client = self._clients[not self._is_trusted(bare)]
            own = auth if host(bare) == home else None
            # httpx reads netrc by itself where nobody names credentials; here that is done above.
            request = client.build_request("GET", bare, headers=headers)
            async with asyncio.timeout(GRACE):
                user_part = httpx.BasicAuth(*own) if own else None
                answer = await client.send(request, stream=True, auth=user_part)
            try:
                if not answer.has_redirect_location:
                    yield answer
                    return
                bare = self._next(answer, bare, home)
            finally:
                await answer.aclose()
        raise FetchError("redirects in circles")

    def _next(self, answer: httpx.Response, address: str, home: str) -> str:
        try:
            target = credentials(urljoin(address, answer.headers["location"]))[0]
        except ValueError:
            raise FetchError("redirects to what is no address") from None
        before, after = urlsplit(address).scheme, urlsplit(target).scheme
        if after not in ("http", "https") or (before == "https" and after == "http"):
            raise FetchError(f"redirects to {shown(target)}, which is not safe to follow")
        _require_http(target)
        if host(target) != home:
            self._notes.setdefault(f"{home} redirects to {host(target)}; no credentials were sent there")
        return target

    async def _auth(self, address: str, index: Index | None) -> tuple[str, str] | None:
        is_home = index is not None and host(index.url) == host(address)
        if index is not None and is_home and index.password:
            return index.user, index.password
        name = urlsplit(address).hostname or ""
        if self._netrc is not None and (found := self._netrc.authenticators(name)) is not None:
            return found[0], found[2] or ""
        if index is None or not is_home:
            return None
        if self._settings.keyring:
            return await asyncio.to_thread(self._keyring, index.url, index.user or "__token__")
        return (index.user, "") if index.user else None

    def _keyring(self, address: str, user: str) -> tuple[str, str] | None:
        """What the user's keyring program says, asked once for each index."""
        if address not in self._asked:
            self._asked[address] = _ask_keyring(address, user)
        found = self._asked[address]
        return found if any(found) else None

    def _is_trusted(self, address: str) -> bool:
        parts = urlsplit(address)
        return bool({parts.hostname or "", host(address)} & set(self._settings.trusted_hosts))


class _AgainError(Exception):
    """The server failed in a way that may pass; ``after`` is how long it wants to be left alone."""

    def __init__(self, what: str, after: float) -> None:
        super().__init__(what)
        self.after = after


def _require_http(address: str) -> None:
    try:
        parts = urlsplit(address)
        is_sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_sound = False
    if not is_sound:
        raise FetchError("is no address that can be fetched", "it begins with https:// and a host")


def _refuse(answer: httpx.Response) -> None:
    code = answer.status_code
    if code in RETRIED:
        after = answer.headers.get("retry-after", "")
        raise _AgainError(f"fails ({code})", float(after) if after.isdecimal() else 0.0)
    if code >= 400:
        raise FetchError(*MEANINGS.get(code, (f"refuses this ({code})", "")))
    if code not in (200, 206):
        raise FetchError(f"gives an answer that makes no sense ({code})")


async def _bounded(parts: AsyncIterator[bytes], most: int) -> AsyncIterator[bytes]:
    """The parts, as long as they are neither too many nor too slow."""
    begin, got = time.monotonic(), 0
    # They are generators, though their type does not say so: one that is left half way is closed.
    async with aclosing(cast("AsyncGenerator[bytes]", parts)):
        async for part in parts:
            got += len(part)
            if got > most:
                raise FetchError(f"sends more than the {most} bytes that it may have")
            if time.monotonic() - begin > GRACE + got / SLOWEST:
                raise FetchError("is too slow: it was given up", "try again later")
            yield part


def _begins_at(answer: httpx.Response, offset: int) -> bool:
    return answer.status_code == 206 and answer.headers.get("content-range", "").startswith(
        f"bytes {offset}-"
    )


def _backoff(attempt: int) -> float:
    return float(0.3 * 2**attempt * random.uniform(0.8, 1.2))  # noqa: S311 - no secret


def _unreachable(error: Exception) -> FetchError:
    words = redacted(str(error)) or type(error).__name__
    if isinstance(error, httpx.ConnectError):
        return FetchError(
            f"cannot be reached: {words}", "check the network, the proxy and the certificates"
        )
    if isinstance(error, httpx.TimeoutException):
        return FetchError("does not answer in time", "try again later")
    return FetchError(f"breaks off: {words}", "try again later")


def _context(settings: Settings) -> ssl.SSLContext:
    """The certificates that the installer trusts; those of the system besides its own list for ``cert``."""
    cert = settings.cert or os.environ.get("SSL_CERT_FILE", "")
    folder = os.environ.get("SSL_CERT_DIR", "")
    try:
        if cert or folder:
            context = ssl.create_default_context(cafile=cert or None, capath=folder or None)
        else:
            context = httpx.create_ssl_context()
        if settings.client_cert:
            context.load_cert_chain(settings.client_cert)
    except (OSError, ssl.SSLError) as error:
        raise FetchError(f"the certificates cannot be read: {error}", "check the option cert") from None
    return context


def _netrc() -> netrc.netrc | None:
    path = os.environ.get("NETRC") or os.path.expanduser("~/.netrc")  # noqa: PTH111
    try:
        return netrc.netrc(path)
    except (OSError, netrc.NetrcParseError, UnicodeError):
        return None


def _ask_keyring(address: str, user: str) -> tuple[str, str]:
    folders = [part for part in os.environ.get("PATH", "").split(os.pathsep) if part[:1] == "/"]
    program = shutil.which("keyring", path=os.pathsep.join(folders))
    if program is None:
        return "", ""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            [program, "get", address, user],
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=30,
            check=True,
        )
        return user, done.stdout.decode("utf-8", "replace").strip("\r\n")
    return "", ""
