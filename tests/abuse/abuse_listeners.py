"""Listeners beside the server: one that nobody may reach, and endpoints that misbehave."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["WICKED", "Canary", "canary_listening", "wicked_endpoints"]

WICKED = (
    "honest",
    "endless",
    "silent",
    "slow",
    "redirect",
    "redirect-file",
    "garbage",
    "compressed",
    "cut",
)
"""The paths of endpoints that a server allows, and what each does; one is as it should be."""

RESULTS = "application/sparql-results+json"


class Canary:
    """A listener that counts who connects, and answers nobody."""

    def __init__(self, listener: socket.socket) -> None:
        self.address = "http://{}:{}".format(*listener.getsockname())
        self.visits = 0
        self._listener = listener

    def count(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.visits += 1
                connection.close()


@contextmanager
def canary_listening() -> Iterator[Canary]:
    """Listen on a free port until the block is left."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        canary = Canary(listener)
        thread = threading.Thread(target=canary.count)
        thread.start()
        try:
            yield canary
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


@contextmanager
def wicked_endpoints(canary: Canary) -> Iterator[str]:
    """Run the endpoints that misbehave, and give the address that their paths follow."""

    class Handler(_Wicked):
        elsewhere = canary.address

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield "http://{}:{}".format(*server.server_address)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Wicked(BaseHTTPRequestHandler):
    """An endpoint that seldom does what it should; ``elsewhere`` is where it sends others."""

    elsewhere = ""
    rounds = 100

    def do_GET(self) -> None:
        name = self.path.strip("/")
        act = getattr(self, "_" + name.replace("-", "_")) if name in WICKED else self._unknown
        with suppress(OSError):
            act()

    do_POST = do_GET  # noqa: N815 - a name of the standard library

    def log_message(self, *_: object) -> None:
        pass

    def _start(self, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": RESULTS, **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def _unknown(self) -> None:
        self._start(404)

    def _honest(self) -> None:
        self._start()
        self.wfile.write(b'{"head":{"vars":["s"]},"results":{"bindings":[')
        self.wfile.write(b'{"s":{"type":"uri","value":"urn:honest"}}]}}')

    def _endless(self) -> None:
        self._start()
        self.wfile.write(b'{"head":{"vars":["s"]},"results":{"bindings":[')
        row = b'{"s":{"type":"uri","value":"urn:s"}},' * 2_000
        for _ in range(10_000):
            self.wfile.write(row)

    def _silent(self) -> None:
        time.sleep(self.rounds / 10)

    def _slow(self) -> None:
        self._start()
        for _ in range(self.rounds):
            self.wfile.write(b" ")
            time.sleep(0.1)

    def _redirect(self) -> None:
        self._start(307, Location=f"{self.elsewhere}/sparql")

    def _redirect_file(self) -> None:
        self._start(302, Location="file:///etc/passwd")

    def _garbage(self) -> None:
        self._start()
        self.wfile.write(b"\xff\x00{" * 1_000)

    def _compressed(self) -> None:
        self._start(Content_Encoding="gzip")
        self.wfile.write(gzip.compress(b" " * (8 << 20), 1) * 128)

    def _cut(self) -> None:
        self._start(Content_Length="1000000")
        self.wfile.write(b'{"head":')
