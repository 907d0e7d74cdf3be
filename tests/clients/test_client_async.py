"""An asynchronous client against a running server: many questions at once, streams, writes.

There is no maintained SPARQL library for asyncio to install: aiosparql 0.12 (2020) does not load
on Python 3.11, as it needs asyncio.coroutine. httpx is what such clients are made of today.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest
from server_process import TOKEN, Server, serving

QUERY, UPDATE = "application/sparql-query", "application/sparql-update"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ROWS = 2_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("async")
    graph = folder / "numbers.ttl"
    graph.write_text("".join(f"<urn:n{n}> <urn:value> '{n}' .\n" for n in range(ROWS)))
    flags = ("--port", "0", "--graph", str(graph), "--writable", "--no-gate", "--workers", "2")
    with serving(folder, *flags) as found:
        yield found


@asynccontextmanager
async def connected(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.address, timeout=30) as client:
        yield client


async def ask(client: httpx.AsyncClient, query: str, accept: str = "text/csv") -> httpx.Response:
    headers = {"Content-Type": QUERY, "Accept": accept}
    return await client.post("/sparql", content=query, headers=headers)


async def write(client: httpx.AsyncClient, update: str) -> httpx.Response:
    headers = {"Content-Type": UPDATE, "Authorization": f"Bearer {TOKEN}"}
    return await client.post("/sparql", content=update, headers=headers)


def test_a_hundred_questions_at_once(server: Server) -> None:
    async def run() -> list[httpx.Response]:
        queries = [f"SELECT ?v {{ <urn:n{n}> <urn:value> ?v }}" for n in range(100)]
        async with connected(server) as client:
            return await asyncio.gather(*(ask(client, each) for each in queries))

    answers = asyncio.run(run())
    # A client has its share of the queue; what is over it may be asked again.
    assert {each.status_code for each in answers} <= {200, 429}
    for n, answer in enumerate(answers):
        assert answer.status_code == 429 or answer.text == f"v\r\n{n}\r\n"
    assert all("retry-after" in each.headers for each in answers if each.status_code == 429)


def test_a_long_answer_is_read_line_by_line(server: Server) -> None:
    async def run() -> int:
        query = {"query": "SELECT ?a ?b { ?a <urn:value> ?v . ?b <urn:value> ?w } LIMIT 200000"}
        request = {"url": "/sparql", "data": query, "headers": {"Accept": "text/csv"}}
        async with (
            connected(server) as client,
            client.stream("POST", **request) as answer,  # type: ignore[arg-type]
        ):
            assert answer.status_code == 200
            return sum([1 async for _ in answer.aiter_lines()])

    assert asyncio.run(run()) == 200_001


def test_a_question_that_is_given_up_frees_its_worker(server: Server) -> None:
    async def run() -> float:
        async with connected(server) as client:
            for _ in range(4):
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.3):
                        await ask(client, RUNAWAY)
            start = time.monotonic()
            answer = await ask(client, "SELECT (COUNT(*) AS ?n) { ?s <urn:value> ?o }")
            assert answer.text == f"n\r\n{ROWS}\r\n"
            return time.monotonic() - start

    assert asyncio.run(run()) < 2


def test_writes_at_once_are_all_kept(server: Server) -> None:
    async def run() -> tuple[list[int], str]:
        async with connected(server) as client:
            updates = [f"INSERT DATA {{ <urn:m{n}> <urn:written> {n} }}" for n in range(8)]
            answers = await asyncio.gather(*(write(client, each) for each in updates))
            counted = await ask(client, "SELECT (COUNT(*) AS ?n) { ?s <urn:written> ?o }")
            return [each.status_code for each in answers], counted.text

    statuses, counted = asyncio.run(run())
    assert set(statuses) <= {200, 204}
    assert counted == "n\r\n8\r\n"


def test_a_graph_is_put_while_others_read(server: Server) -> None:
    async def run() -> tuple[int, list[int], str]:
        headers = {"Content-Type": "text/turtle", "Authorization": f"Bearer {TOKEN}"}
        graph = {"graph": "urn:put"}
        async with connected(server) as client:
            put, *read = await asyncio.gather(
                client.put(
                    "/rdf-graph-store", params=graph, content="<urn:a> a <urn:b> .", headers=headers
                ),
                *(ask(client, f"ASK {{ <urn:n{n}> ?p ?o }}") for n in range(20)),
            )
            stored = await client.get("/rdf-graph-store", params=graph)
            return put.status_code, [each.status_code for each in read], stored.text

    status, read, stored = asyncio.run(run())
    assert status == 201
    assert set(read) == {200}
    assert "<urn:b>" in stored
