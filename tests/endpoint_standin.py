"""Endpoints of this machine that stand in for public ones: the SPARQL protocol over a graph."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store, parse

__all__ = ["StandIn", "standing_in"]

_JSON = "application/sparql-results+json"


@dataclass
class StandIn:
    """An endpoint: its address, and the queries that it was asked."""

    address: str
    asked: list[str] = field(default_factory=list)


@contextmanager
def standing_in(graph: Path) -> Iterator[StandIn]:
    """Answer queries over the graph in a Turtle file until the block is left."""
    store = Store()
    store.extend(parse(path=str(graph), format=RdfFormat.TURTLE))
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    found = StandIn(f"http://127.0.0.1:{server.server_port}/sparql")
    server.RequestHandlerClass = _handler(store, found.asked)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(store: Store, asked: list[str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/sparql-query"
            assert _JSON in self.headers["Accept"]
            query = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.append(query)
            found = store.query(query)
            assert isinstance(found, QuerySolutions)
            body = found.serialize(format=QueryResultsFormat.JSON)
            assert body is not None
            self.send_response(200)
            self.send_header("Content-Type", _JSON)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Say nothing."""

    return Handler
