"""A package index on loopback: the simple API in HTML and JSON over wheels made here, faults on demand."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CONSTANT = {"Accept-Ranges": "bytes", "Cache-Control": "max-age=365000000, immutable", "ETag": '"one"'}
JSON = "application/vnd.pypi.simple.v1+json"


@dataclass
class File:
    """One file of the index; fields other than the path are what the index says of it."""

    path: Path
    name: str
    sha256: str
    uploaded: str | None = "2026-03-01T10:00:00Z"
    yanked: str | None = None
    requires_python: str = ""
    has_hash: bool = True


@dataclass
class Index:
    """The index while it is served; ``seen`` holds ``METHOD path`` of every request."""

    has_json: bool = True
    auth: tuple[str, str] | None = None
    files: dict[str, list[File]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    authorized: list[tuple[str, str | None]] = field(default_factory=list)
    faults: dict[str, Callable[[Handler], None]] = field(default_factory=dict)
    base: str = ""

    @property
    def url(self) -> str:
        """The address to give as an index."""
        return f"{self.base}/simple"

    @property
    def host(self) -> str:
        return self.base.partition("://")[2]

    def with_user(self, user: str, password: str) -> str:
        return self.url.replace("://", f"://{user}:{password}@")

    def add(self, path: Path, name: str = "", **says: Any) -> File:
        """Lists a file under the name that its own begins with."""
        key = (name or path.name.split("-")[0]).replace("_", "-").lower()
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        file = File(path, key, **({"sha256": digest} | says))
        self.files.setdefault(key, []).append(file)
        return file

    def fail(self, pattern: str, fault: Callable[[Handler], None]) -> None:
        """Answers every path that the pattern matches with a fault."""
        self.faults[pattern] = fault

    def downloads(self) -> list[str]:
        """The files that were fetched, metadata of uv's not among them."""
        found = [row.split(" ", 1) for row in self.seen]
        return [path for method, path in found if method == "GET" and path.startswith("/files/")]


class Handler(BaseHTTPRequestHandler):
    """Answers as the index says, or with a fault."""

    protocol_version = "HTTP/1.1"
    index: Index

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def handle(self) -> None:
        """As it is, but a client that goes away is no news."""
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            super().handle()

    def log_message(self, *_args: Any) -> None:
        """Nothing on stderr."""

    def _answer(self) -> None:
        index = self.index
        # A proxy is asked with whole addresses.
        self.path = re.sub(r"^http://[^/]+", "", self.path)
        index.seen.append(f"{self.command} {self.path}")
        index.authorized.append((self.path, self.headers.get("authorization")))
        for pattern, fault in index.faults.items():
            if re.search(pattern, self.path):
                fault(self)
                return
        if index.auth and self.headers.get("authorization") != _basic(*index.auth):
            self.send(401, b"who are you?", {"WWW-Authenticate": 'Basic realm="index"'})
        elif found := re.fullmatch(r"/simple/([^/]+)/", self.path):
            self._page(found[1])
        elif found := re.fullmatch(r"/files/([^/]+)/([^/]+)", self.path):
            self._file(found[1], found[2])
        else:
            self.send(404, b"nothing here")

    def _page(self, name: str) -> None:
        files = self.index.files.get(name)
        if files is None:
            self.send(404, b"nothing here")
        elif self.index.has_json and JSON in self.headers.get("accept", ""):
            self.send(200, json.dumps(_json(self.index, name, files)).encode(), {"Content-Type": JSON})
        else:
            rows = "".join(_anchor(file) for file in files)
            text = f"<!DOCTYPE html><html><body>{rows}</body></html>"
            self.send(200, text.encode(), {"Content-Type": "text/html; charset=utf-8"})

    def _file(self, name: str, filename: str) -> None:
        for file in self.index.files.get(name, ()):
            if file.path.name == filename:
                self.send_range(file.path.read_bytes())
                return
        self.send(404, b"nothing here")

    def send_range(self, data: bytes) -> None:
        """A file, or the part of it that is asked for."""
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("range", ""))
        if asked is None:
            self.send(200, data, CONSTANT)
            return
        begin, end = int(asked[1]), min(int(asked[2] or len(data) - 1), len(data) - 1)
        if begin >= len(data):
            self.send(416, b"")
            return
        where = {"Content-Range": f"bytes {begin}-{end}/{len(data)}", **CONSTANT}
        self.send(206, data[begin : end + 1], where)

    def send(self, code: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """A whole answer."""
        self.send_response_only(code)
        self.send_header("Date", formatdate(usegmt=True))
        for key, value in {"Content-Type": "text/plain", **(headers or {})}.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def status(code: int) -> Callable[[Handler], None]:
    """Always this answer."""
    return lambda handler: handler.send(code, b"no")


def page(text: str, kind: str = "text/html") -> Callable[[Handler], None]:
    """Always this text."""
    return lambda handler: handler.send(200, text.encode(), {"Content-Type": kind})


def redirect(target: Callable[[str], str]) -> Callable[[Handler], None]:
    """Sends elsewhere; the target is made from the path."""
    return lambda handler: handler.send(302, b"", {"Location": target(handler.path)})


def endless(kind: str = "text/html") -> Callable[[Handler], None]:
    """A body that has no end."""

    def send(handler: Handler) -> None:
        handler.send_response_only(200)
        handler.send_header("Content-Type", kind)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.close_connection = True
        part = b"<!-- and so on -->" * 8192
        try:
            while True:
                handler.wfile.write(part)
        except OSError:
            return

    return send


def broken(times: int, at: int = 1000) -> Callable[[Handler], None]:
    """The connection breaks off in the file, the first few times."""
    left = [times]

    def send(handler: Handler) -> None:
        name, filename = handler.path.split("/")[2:4]
        data = next(f.path.read_bytes() for f in handler.index.files[name] if f.path.name == filename)
        if left[0] <= 0:
            handler.send_range(data)
            return
        left[0] -= 1
        handler.send_response_only(200)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data[:at])
        handler.wfile.flush()
        handler.close_connection = True
        handler.connection.shutdown(socket.SHUT_RDWR)

    return send


def failing(times: int, code: int = 503) -> Callable[[Handler], None]:
    """A server that recovers."""
    left = [times]

    def send(handler: Handler) -> None:
        if left[0] > 0:
            left[0] -= 1
            handler.send(code, b"later", {"Retry-After": "0"})
            return
        name, filename = handler.path.split("/")[2:4]
        data = next(f.path.read_bytes() for f in handler.index.files[name] if f.path.name == filename)
        handler.send_range(data)

    return send


class Server(ThreadingHTTPServer):
    """None of its threads outlives it: the tool forks its workers only where no other thread is."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, handler: type[Handler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self._at_work: list[tuple[Any, threading.Thread]] = []

    def process_request(self, request: Any, client_address: Any) -> None:
        arguments = (request, client_address)
        thread = threading.Thread(target=self.process_request_thread, args=arguments, daemon=True)
        self._at_work.append((request, thread))
        thread.start()

    def end(self) -> None:
        """Takes nothing more, and breaks off what is under way."""
        self.shutdown()
        self.server_close()
        for request, thread in self._at_work:
            with contextlib.suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)
            thread.join()


@contextmanager
def serve(certificate: Path | None = None, **options: Any) -> Iterator[Index]:
    """An index until the end of the block; with TLS where a file with key and certificate is given."""
    index = Index(**options)
    handler = type("Bound", (Handler,), {"index": index})
    server = Server(handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "http" if certificate is None else "https"
    index.base = f"{scheme}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield index
    finally:
        server.end()
        thread.join()


def _json(index: Index, name: str, files: list[File]) -> dict[str, Any]:
    rows = []
    for file in files:
        row: dict[str, Any] = {
            "filename": file.path.name,
            "url": f"{index.base}/files/{name}/{file.path.name}",
            "hashes": {"sha256": file.sha256} if file.has_hash else {},
            "size": file.path.stat().st_size,
        }
        row |= {"upload-time": file.uploaded} if file.uploaded else {}
        row |= {"requires-python": file.requires_python} if file.requires_python else {}
        row |= {"yanked": file.yanked} if file.yanked is not None else {}
        rows.append(row)
    return {"meta": {"api-version": "1.1"}, "name": name, "versions": [], "files": rows}


def _anchor(file: File) -> str:
    fragment = f"#sha256={file.sha256}" if file.has_hash else ""
    yanked = f' data-yanked="{file.yanked}"' if file.yanked is not None else ""
    return f'<a href="../../files/{file.name}/{file.path.name}{fragment}"{yanked}>{file.path.name}</a><br>'


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
