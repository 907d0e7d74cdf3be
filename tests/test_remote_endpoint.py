"""What an endpoint elsewhere may do in place of answering, and what a client is told of it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from api.failures import Overloaded, QueryTimedOut
from api.remote_answer import ROWS, read_bindings, read_triples
from api.remote_dialect import STANDARD, VIRTUOSO
from api.remote_endpoint import Endpoint, RemoteAnswer, RemoteQuery
from api.remote_failures import AnswerTooLong, EndpointDown, EndpointFailed
from kg.query_error import QueryFailedError
from kg.query_text import Form

_JSON = '{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"urn:a"}}]}}'


class _Rude:
    """A server that says the same bytes to everybody, after it has read what they ask."""

    def __init__(self, *said: bytes, holds: bool = False) -> None:
        self.said = said
        self.holds = holds
        self.asked: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.stop = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}/sparql"

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                self.asked.append(_read_request(connection))
                words = self.said[min(len(self.asked), len(self.said)) - 1]
                connection.sendall(words)
                if self.holds:
                    self.stop.wait(5)


def _read_request(connection: socket.socket) -> bytes:
    read = b""
    while b"\r\n\r\n" not in read:
        read += connection.recv(65536)
    head, _, body = read.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length")
    )
    while len(body) < length:
        body += connection.recv(65536)
    return body


@contextmanager
def _rude(*said: bytes, holds: bool = False) -> Iterator[_Rude]:
    server = _Rude(*said, holds=holds)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.stop.set()
        server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()
        thread.join(timeout=10)


def _said(body: str, *, status: str = "200 OK", more: str = "", length: int | None = None) -> bytes:
    size = len(body.encode()) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/sparql-results+json\r\n{more}"
    return f"{head}Connection: close\r\nContent-Length: {size}\r\n\r\n{body}".encode()


def _ask(address: str, *, seconds: float = 5.0, longest: int = 1) -> RemoteAnswer:
    async def ask() -> RemoteAnswer:
        endpoint = Endpoint(address, longest=longest)
        try:
            return await endpoint.ask(RemoteQuery("ASK { }", ("urn:g",)), ROWS, seconds)
        finally:
            await endpoint.close()

    return asyncio.run(ask())


def test_a_query_goes_with_its_data_set() -> None:
    with _rude(_said(_JSON)) as server:
        answer = _ask(server.address)
    assert server.asked == [b"query=ASK+%7B+%7D&default-graph-uri=urn%3Ag"]
    assert read_bindings(answer, STANDARD)["results"]["bindings"][0]["x"]["value"] == "urn:a"


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}/sparql"
    with pytest.raises(EndpointDown, match="cannot be reached"):
        _ask(address)


def test_it_hangs_up_once_and_is_asked_again() -> None:
    with _rude(b"", _said(_JSON)) as server:
        assert _ask(server.address).body == _JSON.encode()
    assert len(server.asked) == 2


def test_it_hangs_up_always() -> None:
    with _rude(b"") as server, pytest.raises(EndpointFailed, match="broke off"):
        _ask(server.address)
    assert len(server.asked) == 3


def test_half_an_answer_is_none() -> None:
    half = _said(_JSON, length=len(_JSON) + 1)
    with _rude(half) as server, pytest.raises(EndpointFailed, match="broke off"):
        _ask(server.address)


def test_it_never_answers() -> None:
    with _rude(b"HTTP/1.1 200 OK\r\n", holds=True) as server, pytest.raises(QueryTimedOut):
        _ask(server.address, seconds=0.3)


def test_an_answer_is_too_long() -> None:
    with _rude(_said("x" * 1_100_000)) as server, pytest.raises(AnswerTooLong, match="1 MiB"):
        _ask(server.address)


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        ("400 Bad Request", QueryFailedError),
        ("500 Internal Server Error", EndpointFailed),
        ("302 Found", EndpointFailed),
        ("404 Not Found", EndpointFailed),
        ("503 Service Unavailable", Overloaded),
        ("429 Too Many Requests", Overloaded),
    ],
)
def test_it_refuses(status: str, wanted: type[Exception]) -> None:
    said = _said("no", status=status, more="Location: http://127.0.0.1:9/\r\n")
    with _rude(said) as server, pytest.raises(wanted):
        _ask(server.address)
    assert len(server.asked) == 1


def test_virtuoso_breaks_off_unseen() -> None:
    said = _said(_JSON, more="X-SQL-State: S1TAT\r\n")
    with _rude(said) as server, pytest.raises(EndpointFailed, match="broke its answer off"):
        _ask(server.address)


def test_virtuoso_cuts_rows() -> None:
    with _rude(_said(_JSON, more="X-SPARQL-MaxRows: 1\r\n")) as server:
        answer = _ask(server.address)
    with pytest.raises(EndpointFailed, match="cuts answers at 1 rows"):
        read_bindings(answer, VIRTUOSO)


@pytest.mark.parametrize("body", ["", "[]", "<html>", '{"head":{}}', _JSON[:-3], '{"results":3}'])
def test_nonsense_is_no_answer(body: str) -> None:
    answer = RemoteAnswer(body.encode(), "application/sparql-results+json", "")
    with pytest.raises(EndpointFailed, match="no results in JSON"):
        read_bindings(answer, STANDARD)


@pytest.mark.parametrize("body", ["<urn:a> <urn:b>", "<html>"])
def test_nonsense_is_no_graph(body: str) -> None:
    answer = RemoteAnswer(body.encode(), "application/n-triples", "")
    with pytest.raises(EndpointFailed, match="no triples"):
        read_triples(answer, dialect=STANDARD, form=Form.CONSTRUCT, accept=None, prefixes={})


@pytest.mark.parametrize("number", [1000, 2001])
def test_virtuoso_cuts_triples_and_says_nothing(number: int) -> None:
    body = "".join(f"<urn:a> <urn:b> <urn:{each}> .\n" for each in range(number))
    answer = RemoteAnswer(body.encode(), "application/n-triples", "")
    with pytest.raises(EndpointFailed, match="cuts answers"):
        read_triples(answer, dialect=VIRTUOSO, form=Form.CONSTRUCT, accept=None, prefixes={})
    found = read_triples(answer, dialect=STANDARD, form=Form.CONSTRUCT, accept=None, prefixes={})
    assert found.body()


def test_virtuoso_answers_ask_as_a_table() -> None:
    body = (
        b'{"head":{"link":[],"vars":["__ASK_RETVAL"]},"results":{"distinct":false,"bindings":'
        b'[{"__ASK_RETVAL":{"type":"typed-literal","value":"1"}}]}}'
    )
    answer = RemoteAnswer(body, "application/sparql-results+json", "Virtuoso/07")
    assert read_bindings(answer, VIRTUOSO)["boolean"] is True


def test_the_address_is_shown_without_a_password() -> None:
    assert "secret" not in Endpoint("http://me:secret@127.0.0.1:9/sparql").shown
