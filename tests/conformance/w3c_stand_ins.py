"""Stand-ins for the endpoints of the federation tests: local servers with the tests' data."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store

__all__ = ["UNREACHABLE", "StandIns", "started"]

ENDPOINTS = (
    "http://example.org/sparql",
    "http://example1.org/sparql",
    "http://example2.org/sparql",
)
UNREACHABLE = "http://invalid.endpoint.org/sparql"
"""An endpoint that the tests call, and that must not answer."""


class StandIns:
    """Endpoints at addresses of this machine, one for each IRI of the tests.

    The texts of the tests, queries and data, are asked with those addresses in place of the IRIs.
    """

    def __init__(self, address: str) -> None:
        self._stores: dict[str, Store] = {}
        self._addresses = {
            iri: f"{address}/{number}" for number, iri in enumerate(ENDPOINTS, start=1)
        }
        self._addresses[UNREACHABLE] = "http://127.0.0.1:9/sparql"

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses that a server must be allowed to call."""
        return tuple(self._addresses.values())

    def readdressed(self, text: str) -> str:
        """Return a text with the addresses in place of the endpoints' IRIs."""
        for iri, address in self._addresses.items():
            text = text.replace(f"<{iri}>", f"<{address}>")
        return text

    def as_written(self, text: str) -> str:
        """Return a text with the endpoints' IRIs in place of the addresses."""
        for iri, address in self._addresses.items():
            text = text.replace(address, iri)
        return text

    @contextmanager
    def serving(self, services: tuple[tuple[str, Path], ...]) -> Iterator[None]:
        """Have the endpoints of a test answer from its files."""
        for iri, path in services:
            store = Store()
            store.load(path=path, format=RdfFormat.TURTLE)
            self._stores[self._addresses[iri]] = store
        try:
            yield
        finally:
            self._stores.clear()

    def answer(self, address: str, query: str) -> bytes | None:
        """Return the rows of an endpoint in JSON, or None where none answers there."""
        store = self._stores.get(address)
        return None if store is None else _rows(store, query)


def _rows(store: Store, query: str) -> bytes:
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    rows = found.serialize(format=QueryResultsFormat.JSON)
    assert rows is not None
    return rows


@contextmanager
def started() -> Iterator[StandIns]:
    """Run the stand-ins on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    address = f"http://127.0.0.1:{server.server_address[1]}"
    stand_ins = StandIns(address)
    server.RequestHandlerClass = _handler(stand_ins, address)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield stand_ins
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(stand_ins: StandIns, address: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            is_form = "form" in self.headers.get("Content-Type", "")
            self._answer(parse_qs(body)["query"][0] if is_form else body)

        def do_GET(self) -> None:
            self._answer(parse_qs(self.path.partition("?")[2])["query"][0])

        def _answer(self, query: str) -> None:
            body = stand_ins.answer(address + self.path.partition("?")[0], query)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - of the base
            """Say nothing: the tests do."""

    return Handler
