"""One session against servers that talk too little, too slowly or about the wrong place."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.index import Handler, serve
from wheelwatch.sources.index import session as sessions
from wheelwatch.sources.index.session import FetchError, Session
from wheelwatch.sources.index.settings import Settings

pytestmark = pytest.mark.network


def fetched(address: str, place: Path) -> bytes:
    place.touch()

    async def run() -> None:
        session = Session(Settings())
        try:
            await session.download(address, str(place), None, 10_000)
        finally:
            await session.close()

    asyncio.run(run())
    return place.read_bytes()


@pytest.fixture(autouse=True)
def haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "TRIES", 2)
    monkeypatch.setenv("NETRC", "/nowhere")


def drip_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    _drip(handler, b"X-Y: z\r\n")


def drip_body(handler: Handler) -> None:
    handler.send_response_only(200)
    handler.send_header("Content-Length", "9000")
    handler.end_headers()
    _drip(handler, b"x")


def _drip(handler: Handler, data: bytes) -> None:
    try:
        for _ in range(2_000):
            handler.wfile.write(data)
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        return


@pytest.mark.parametrize(
    ("fault", "grace", "words"),
    [(drip_headers, 0.4, "in time"), (drip_body, 3, "too slow")],  # the head of an answer has its time
    ids=["headers", "body"],
)
def test_a_server_that_drips_is_given_up(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[Handler], None],
    grace: float,
    words: str,
) -> None:
    monkeypatch.setattr(sessions, "GRACE", grace)
    with serve() as index:
        index.fail("/", fault)
        with pytest.raises(FetchError, match=words):
            fetched(f"{index.base}/file", tmp_path / "file")


@pytest.mark.parametrize(
    "address",
    [
        "ftp://127.0.0.1/x",
        "file:///etc/hosts",
        "http://127.0.0.1:99999/x",
        "http://[bad/x",
        "http:///x",
        "x",
        "",
    ],
)
def test_what_is_no_address_is_refused_at_once(tmp_path: Path, address: str) -> None:
    with pytest.raises(FetchError, match="no address"):
        fetched(address, tmp_path / "file")
    with serve() as index:
        index.fail("/", lambda handler: handler.send(302, b"", {"Location": address or "http://[/"}))
        with pytest.raises(FetchError, match=r"no address|not safe|in circles"):
            fetched(f"{index.base}/file", tmp_path / "file")


def test_an_answer_that_goes_on_elsewhere_than_asked(tmp_path: Path) -> None:
    """A server that breaks off and then sends the whole file as if it were the rest."""
    data, asked = bytes(range(256)) * 30, []

    def lie(handler: Handler) -> None:
        asked.append(handler.headers.get("range"))
        if len(asked) == 1:
            handler.send_response_only(200)
            handler.send_header("Content-Length", str(len(data)))
            handler.end_headers()
            handler.wfile.write(data[:1000])
            handler.close_connection = True
        else:
            handler.send(206, data, {"Content-Range": f"bytes 0-{len(data) - 1}/{len(data)}"})

    with serve() as index:
        index.fail("/", lie)
        assert fetched(f"{index.base}/file", tmp_path / "file") == data
    assert asked == [None, "bytes=1000-"]


def test_nobody_shows_what_a_proxy_is_told(tmp_path: Path) -> None:
    async def run() -> None:
        session = Session(Settings(proxy="http://me:s3cret@127.0.0.1:9"))
        try:
            await session.download("http://x.invalid/f", str(tmp_path / "f"), None, 10)
        finally:
            await session.close()

    (tmp_path / "f").touch()
    with pytest.raises(FetchError) as caught:
        asyncio.run(run())
    assert "s3cret" not in str(caught.value)
