"""A server that speaks nothing but HTTP/2: pages and files come over one connection, side by side."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import Event, RequestReceived
from h2.exceptions import ProtocolError

from tests.audit.test_ways import certificate
from wheelwatch.sources.index.session import FetchError, Session
from wheelwatch.sources.index.settings import Index, Settings

pytestmark = pytest.mark.network

DATA = bytes(range(256)) * 1000
"""More than the first window of a stream holds."""


class Server:
    """Answers ``/file`` with bytes and all else with 404; counts connections and requests."""

    def __init__(self, listener: socket.socket, context: ssl.SSLContext) -> None:
        self.connections = 0
        self.paths: list[str] = []
        self._listener = listener
        self._context = context
        self._threads = [threading.Thread(target=self._serve, daemon=True)]

    def start(self) -> None:
        self._threads[0].start()

    def end(self) -> None:
        """When its clients are gone."""
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                raw, _ = self._listener.accept()
                self._threads.append(threading.Thread(target=self._speak, args=(raw,), daemon=True))
                self._threads[-1].start()

    def _speak(self, raw: socket.socket) -> None:
        with (
            contextlib.suppress(OSError, ProtocolError),
            self._context.wrap_socket(raw, server_side=True) as s,
        ):
            assert s.selected_alpn_protocol() == "h2"
            self.connections += 1
            link = H2Connection(H2Configuration(client_side=False))
            link.initiate_connection()
            s.sendall(link.data_to_send())
            waiting: dict[int, bytes] = {}
            while data := s.recv(65536):
                for event in link.receive_data(data):
                    self._heed(link, event, waiting)
                _send(link, waiting)
                s.sendall(link.data_to_send())

    def _heed(self, link: H2Connection, event: Event, waiting: dict[int, bytes]) -> None:
        if not isinstance(event, RequestReceived) or event.stream_id is None:
            return
        path = dict(event.headers or [])[b":path"].decode()
        self.paths.append(path)
        is_file = path.startswith("/file")
        body = DATA if is_file else b"nothing"
        head = [(":status", "200" if is_file else "404"), ("content-length", str(len(body)))]
        link.send_headers(event.stream_id, head)
        waiting[event.stream_id] = body


def _send(link: H2Connection, waiting: dict[int, bytes]) -> None:
    """As much of each body as the client wants to have now."""
    for stream in list(waiting):
        while room := min(link.local_flow_control_window(stream), link.max_outbound_frame_size):
            if not waiting[stream]:
                break
            link.send_data(stream, waiting[stream][:room])
            waiting[stream] = waiting[stream][room:]
        if not waiting[stream]:
            link.end_stream(stream)
            del waiting[stream]


@contextmanager
def served(folder: Path) -> Iterator[tuple[Server, str]]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(folder))
    context.set_alpn_protocols(["h2"])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(listener, context)
        server.start()
        try:
            yield server, f"https://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.end()


def test_files_and_pages_come_over_one_connection(tmp_path: Path) -> None:
    places = [tmp_path / str(number) for number in range(8)]

    async def run(base: str) -> None:
        session = Session(Settings(cert=str(tmp_path / "cert.pem")))
        try:
            await asyncio.gather(
                *(session.download(f"{base}/file{p.name}", str(p), None, len(DATA)) for p in places)
            )
            assert await session.page(f"{base}/page", Index(url=base), 1000, "text/html") is None
            with pytest.raises(FetchError, match="more than"):
                await session.download(f"{base}/file", str(places[0]), None, len(DATA) - 1)
        finally:
            await session.close()

    with served(tmp_path) as (server, base):
        for place in places:
            place.touch()
        asyncio.run(run(base))
        assert all(place.read_bytes() == DATA for place in places[1:])
        assert server.connections == 1
        assert sorted(server.paths) == sorted([*(f"/file{p.name}" for p in places), "/page", "/file"])
