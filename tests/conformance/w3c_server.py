"""A SPARQL server under test: its three addresses, and the bytes that go to them."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

__all__ = ["Address", "Response", "Server", "opened"]

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Address:
    """Where a server listens, and the bearer token for its writes."""

    query: str
    update: str
    graph_store: str
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Response:
    """The status, headers (names in small letters) and body of a response."""

    status: int
    headers: dict[str, str] = field(repr=False)
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type of the body, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body as UTF-8, as every format of the standards is."""
        return self.body.decode()

    @property
    def summary(self) -> str:
        """The status and the first 200 characters of the body."""
        return f"{self.status} {self.body[:200].decode(errors='replace')}".strip()


@dataclass
class Server:
    """A client that sends exactly the bytes it is given, over one connection.

    ``held`` is what the data under test were last made, or None where a test has written since.
    """

    address: Address
    held: object = None
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def send(
        self, method: str, url: str, headers: Headers = (), body: bytes | None = None
    ) -> Response:
        """Send a request and return its response, whatever it is."""
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        fields = list(headers)
        if self.address.token is not None:
            fields.append(("Authorization", f"Bearer {self.address.token}"))
        is_kept = self._connection is not None
        try:
            return self._exchange(parts.netloc, method, target, fields, body)
        except (http.client.HTTPException, OSError):
            self.close()
            if not is_kept:
                raise
        # A server may close a connection that it kept; whether it did shows on a new one.
        return self._exchange(parts.netloc, method, target, fields, body)

    def query(self, text: str, accept: str, parameters: str = "") -> Response:
        """Ask a query by POST."""
        headers = [("Content-Type", "application/sparql-query"), ("Accept", accept)]
        return self.send("POST", self.address.query + parameters, headers, text.encode())

    def update(self, text: str) -> Response:
        """Send an update by POST."""
        headers = [("Content-Type", "application/sparql-update")]
        return self.send("POST", self.address.update, headers, text.encode())

    def hold(self, key: object, make: Callable[[], str]) -> None:
        """Make the server hold certain data by one update, unless it does already."""
        if self.held is not None and self.held == key:
            return
        self.held = None
        response = self.update(make())
        assert response.status < 300, f"the test's data were refused: {response.summary}"
        self.held = key

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _exchange(
        self, netloc: str, method: str, target: str, headers: Headers, body: bytes | None
    ) -> Response:
        connection = self._open(netloc)
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        if body is not None or method in ("PUT", "POST"):
            connection.putheader("Content-Length", str(len(body or b"")))
        connection.endheaders(body)
        response = connection.getresponse()
        fields = {name.lower(): value for name, value in response.getheaders()}
        return Response(response.status, fields, response.read())

    def _open(self, netloc: str) -> http.client.HTTPConnection:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(netloc, timeout=30)
            self._connection.connect()
            sock: socket.socket = self._connection.sock
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._connection


@contextmanager
def opened(address: Address) -> Iterator[Server]:
    """Give a client of a server, and close its connection afterwards."""
    server = Server(address)
    try:
        yield server
    finally:
        server.close()
