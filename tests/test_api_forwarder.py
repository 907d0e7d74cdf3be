"""The forwarder against endpoints that are slow, huge, garbage, or redirect elsewhere."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from pyoxigraph import Store

from api.endpoint_calls import CallLimits
from api.forwarder import ServiceForwarder, serve_forwarder
from kg.evaluation import evaluate
from kg.query_error import QueryFailedError

ROWS = {
    "head": {"vars": ["x"]},
    "results": {"bindings": [{"x": {"type": "literal", "value": "from afar"}}]},
}
JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
CUT = (
    b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/></head>'
    b'<results><result><binding name="x"><literal>from afar</literal></binding></result>'
)
MANY = json.dumps({"head": {"vars": [f"v{each}" for each in range(1001)]}}).encode()
LIMITS = CallLimits(seconds=1.0, query_bytes=1000, answer_bytes=10_000, redirects=2)
Script = Callable[["Endpoint", asyncio.StreamWriter], Coroutine[Any, Any, None]]


@dataclass
class Endpoint:
    """A stand-in for an endpoint: it hears requests, and says what its script says."""

    script: Script
    address: str = ""
    heard: list[bytes] = field(default_factory=list)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                int(line.split(b":")[1])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length")
            )
            self.heard.append(head + await reader.readexactly(length))
            saying = asyncio.create_task(self.script(self, writer))
            leaving = asyncio.create_task(reader.read())
            await asyncio.wait([saying, leaving], return_when=asyncio.FIRST_COMPLETED)
            if leaving.done():
                self.hung_up.set()
            for task in (saying, leaving):
                task.cancel()
            await asyncio.gather(saying, leaving, return_exceptions=True)
        finally:
            writer.close()


def says(
    body: bytes = json.dumps(ROWS).encode(),
    status: str = "200 OK",
    content_type: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> Script:
    lines = {"Content-Type": content_type, "Content-Length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())

    async def script(endpoint: Endpoint, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body)
        await writer.drain()

    return script


def streams(piece: bytes, pause: float, head: bytes = b"") -> Script:
    """Return a script that never stops talking."""
    first = head or f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\n\r\n".encode()

    async def script(endpoint: Endpoint, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return script


def closes(body: bytes, content_type: str) -> Script:
    """Return a script whose answer ends with its connection: nobody can tell that it is whole."""

    async def script(endpoint: Endpoint, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n\r\n".encode() + body)
        await writer.drain()

    return script


async def silence(endpoint: Endpoint, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def garbage(endpoint: Endpoint, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x00\xff no HTTP at all\r\n\r\n")
    await writer.drain()


@asynccontextmanager
async def forwarding(
    *scripts: Script, listed: int | None = None, limits: CallLimits = LIMITS
) -> AsyncIterator[tuple[list[Endpoint], list[str]]]:
    """Yield endpoints with these scripts, and the addresses that lead to those listed."""
    async with AsyncExitStack() as stack:
        endpoints = [Endpoint(script) for script in scripts]
        for endpoint in endpoints:
            server = await asyncio.start_server(endpoint.answer, "127.0.0.1", 0)
            await stack.enter_async_context(server)
            endpoint.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/sparql"
        listener = socket.create_server(("127.0.0.1", 0))
        known = [each.address for each in endpoints][:listed]
        await stack.enter_async_context(serve_forwarder(listener, known, limits))
        services = ServiceForwarder(known).services(listener.getsockname()[1])
        yield endpoints, [services[address] for address in known]


async def post(
    address: str, query: bytes = b"SELECT * {}", content_type: str = "application/sparql-query"
) -> httpx.Response:
    headers = {"Content-Type": content_type, "Accept": JSON}
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        return await client.post(address, content=query, headers=headers)


async def outcome(*scripts: Script, listed: int | None = None) -> tuple[int, str]:
    """Return how a call of the first endpoint ends; ``{0}`` in the text is its address."""
    async with forwarding(*scripts, listed=listed) as (endpoints, addresses):
        answer = await post(addresses[0])
        return answer.status_code, answer.text.replace(endpoints[0].address, "{0}")


def test_a_query_is_carried_to_its_endpoint_and_the_answer_back() -> None:
    async def run() -> None:
        second = says(b"<sparql/>", content_type="application/sparql-results+xml; charset=utf-8")
        async with forwarding(says(), second) as (endpoints, addresses):
            answer = await post(addresses[0], b"SELECT ?x { ?x ?p ?o }")
            assert answer.json() == ROWS
            assert answer.headers["content-type"] == JSON
            assert (await post(addresses[1])).text == "<sparql/>"
            heard = endpoints[0].heard[0].decode().lower()
            assert heard.startswith("post /sparql http/1.1\r\n")
            assert heard.endswith("select ?x { ?x ?p ?o }")
            assert "content-type: application/sparql-query\r\n" in heard
            assert f"accept: {JSON}\r\n" in heard
            assert "accept-encoding: identity" in heard

    asyncio.run(run())


def ask(query: str, services: Mapping[str, str]) -> str:
    """Return the answer to a query, or why there is none; results belong to one thread."""
    try:
        return evaluate(Store(), query, services=services).body().decode()
    except QueryFailedError as error:
        return str(error)


def test_the_engine_reaches_an_allowed_endpoint_through_the_forwarder() -> None:
    async def run() -> None:
        refusing = says(b"no such table", status="500 Oops", content_type="text/plain")
        async with forwarding(says(), refusing) as (endpoints, addresses):
            services = {each.address: to for each, to in zip(endpoints, addresses, strict=True)}
            answers = [
                await asyncio.to_thread(ask, f"SELECT ?x {{ {call} }}", services)
                for endpoint in endpoints
                for call in [f"SERVICE <{endpoint.address}> {{ ?x ?p ?o }}"]
            ]
            assert "from afar" in answers[0]
            away = f"SERVICE has no answer: <{endpoints[1].address}> answers 500: no such table"
            assert answers[1].splitlines()[0] == away
            assert "SERVICE SILENT" in answers[1]
            assert addresses[1] not in answers[1]

    asyncio.run(run())


@pytest.mark.parametrize(
    "script",
    [
        closes(CUT, XML),
        closes(CUT.replace(b"afar", b"&afar;") + b"</results></sparql>", XML),
        closes(json.dumps(ROWS).encode()[:-2], JSON),
        closes(MANY, JSON),
        closes(b'{"head":' + b"[" * 5_000, JSON),
        says(b"", status="500 Oops"),
    ],
    ids=["cut", "entity", "cut JSON", "variables", "deep", "error"],
)
def test_silent_means_one_empty_solution_whatever_the_endpoint_says(script: Script) -> None:
    async def run() -> None:
        limits = CallLimits(seconds=5.0)
        async with forwarding(script, limits=limits) as (endpoints, addresses):
            services = {endpoints[0].address: addresses[0]}
            call = f"<{endpoints[0].address}> {{ ?x ?p ?o }}"
            loud = await asyncio.to_thread(ask, f"SELECT ?x {{ SERVICE {call} }}", services)
            assert loud.startswith("SERVICE has no answer: ")
            silent = f"SELECT ?x {{ SERVICE SILENT {call} }}"
            answer = json.loads(await asyncio.to_thread(ask, silent, services))
            assert answer["results"]["bindings"] == [{}]

    asyncio.run(run())


@pytest.mark.parametrize(
    ("script", "status", "words"),
    [
        (silence, 504, "has not answered within 1 s"),
        (streams(b" ", 0.05), 504, "has not answered within 1 s"),
        (streams(b" " * 5000, 0.0), 502, "more than 10,000 bytes"),
        (streams(b"X: y\r\n" * 1000, 0.0, b"HTTP/1.1 200 OK\r\n"), 502, "cannot be reached"),
        (says(b"", headers={"Content-Length": "10001"}), 502, "more than 10,000 bytes"),
        (says(b"cut", headers={"Content-Length": "100"}), 502, "cannot be reached"),
        (says(b"{}", content_type="text/html"), 502, "answers as 'text/html'"),
        (says(b"{}", content_type="x" * 900), 502, "x…'"),
        (
            says(b"bad\x1b[31m query\n", status="400 Bad Request"),
            502,
            "answers 400: bad [31m query",
        ),
        (says(b"", status="204 No Content"), 502, "answers 204"),
        (says(gzip.compress(b"{}"), headers={"Content-Encoding": "gzip"}), 502, "compresses"),
        (garbage, 502, "cannot be reached"),
        (closes(CUT, XML), 502, "is no whole XML document"),
        (closes(b"<!DOCTYPE a>" + CUT, XML), 502, "has a DOCTYPE"),
        (closes(b"<a>" * 101, XML), 502, "nests more than 100 deep"),
        (closes(json.dumps(ROWS).encode()[:-2], JSON), 502, "is no whole JSON object"),
        (closes(MANY, JSON), 502, "more than 1,000 variables"),
    ],
)
def test_what_an_endpoint_does_wrong_is_said(script: Script, status: int, words: str) -> None:
    got, text = asyncio.run(outcome(script))
    assert got == status
    assert text.startswith("<{0}> ")
    assert words in text
    assert len(text) < 500


def redirects(status: int, location: str) -> Script:
    return says(b"", status=f"{status} Moved", headers={"Location": location})


async def lead(endpoint: Endpoint, writer: asyncio.StreamWriter) -> None:
    """Redirect to another path of the same endpoint, which is not on the list."""
    await redirects(307, "/internal")(endpoint, writer)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_leads_to_listed_endpoints_only(status: int) -> None:
    async def run(listed: int) -> tuple[httpx.Response, Endpoint]:
        moved: list[Script] = []

        async def move(endpoint: Endpoint, writer: asyncio.StreamWriter) -> None:
            await moved[0](endpoint, writer)

        async with forwarding(move, says(), listed=listed) as (endpoints, addresses):
            moved.append(redirects(status, endpoints[1].address))
            return await post(addresses[0]), endpoints[1]

    allowed, target = asyncio.run(run(listed=2))
    assert allowed.json() == ROWS
    assert target.heard[0].startswith(b"POST /sparql")
    refused, target = asyncio.run(run(listed=1))
    assert refused.status_code == 502
    assert "which is not allowed" in refused.text
    assert not target.heard


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (lead, "redirects to <http://127.0.0.1:"),
        (redirects(307, "/sparql"), "redirects more than 2 times"),
        (redirects(307, "file:///etc/passwd"), "which is not allowed"),
        (redirects(307, "http://e:port/"), "cannot be reached"),
        (redirects(303, "/sparql"), "answers 303"),
    ],
)
def test_other_redirects_are_refused(script: Script, words: str) -> None:
    status, text = asyncio.run(outcome(script))
    assert status == 502
    assert words in text.replace("{0}", "http://127.0.0.1:1/sparql")


def test_a_worker_that_hangs_up_ends_the_call() -> None:
    async def run() -> None:
        patient = CallLimits(seconds=30)
        async with forwarding(silence, limits=patient) as (endpoints, addresses):
            calling = asyncio.create_task(post(addresses[0]))
            while not endpoints[0].heard:
                await asyncio.sleep(0.01)
            calling.cancel()
            await asyncio.wait_for(endpoints[0].hung_up.wait(), 5)

    asyncio.run(run())


def test_only_queries_to_endpoints_of_the_list_are_taken() -> None:
    async def run() -> None:
        async with forwarding(says()) as (endpoints, addresses):
            base = addresses[0].removesuffix("/0")
            assert (await post(f"{base}/1")).status_code == 404
            assert (await post(f"{base}/http://127.0.0.1:22/")).status_code == 404
            assert (await post(f"{base}/-1")).status_code == 404
            assert (await post(f"{base}/")).status_code == 404
            assert (await post(addresses[0], content_type="text/plain")).status_code == 415
            assert (await post(addresses[0], b"x" * 1001)).status_code == 413
            async with httpx.AsyncClient(trust_env=False) as client:
                assert (await client.get(addresses[0])).status_code == 405
            assert not endpoints[0].heard

    asyncio.run(run())


def test_nothing_around_and_nothing_received_is_sent_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    assert os.environ["http_proxy"]

    async def run() -> bytes:
        giving = says(headers={"Set-Cookie": "seen=1; Path=/"})
        async with forwarding(giving) as (endpoints, addresses):
            await post(addresses[0])
            await post(addresses[0])
            return endpoints[0].heard[1].lower()

    heard = asyncio.run(run())
    assert b"cookie" not in heard
    assert b"authorization" not in heard


def test_an_endpoint_that_nobody_hears_of_is_said() -> None:
    async def run() -> httpx.Response:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            address = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        listener = socket.create_server(("127.0.0.1", 0))
        async with serve_forwarder(listener, [address], LIMITS):
            return await post(f"http://127.0.0.1:{listener.getsockname()[1]}/0")

    answer = asyncio.run(run())
    assert answer.status_code == 502
    assert "cannot be reached" in answer.text


def test_a_forwarder_serves_until_it_is_cancelled() -> None:
    async def run() -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        forwarder = ServiceForwarder(["http://127.0.0.1:9/"], LIMITS)
        serving = asyncio.create_task(forwarder.serve(listener))
        assert (await post(f"http://127.0.0.1:{port}/1")).status_code == 404
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving
        with pytest.raises(httpx.ConnectError):
            await post(f"http://127.0.0.1:{port}/1")

    asyncio.run(run())


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ftp://example.org/", "write http:// or https://"),
        ("example.org/sparql", "write http:// or https://"),
        ("http://", "write http:// or https://"),
        ("http://example.org:port/", "is no address"),
        ("http://me:secret@example.org/", "has a password"),
        ("http://example.org/#here", "has a password or a '#'"),
    ],
)
def test_an_address_that_is_none_of_an_endpoint_is_refused(address: str, words: str) -> None:
    with pytest.raises(ValueError, match="endpoint") as caught:
        ServiceForwarder([address])
    assert words in str(caught.value)
    assert "secret" not in str(caught.value)
