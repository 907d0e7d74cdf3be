"""Nothing a query does may hurt the server: workers are killed and replaced, over real HTTP."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from urllib.parse import quote, urlsplit

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store
from serving import engine_of, running, settings_of, snapshot_of
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.application import create_app
from api.messages import QueryRequest
from api.streaming import QueryAnswer
from kg.snapshot import Snapshot

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    store, p, g = Store(), NamedNode("urn:p"), NamedNode("urn:g")
    store.extend(Quad(NamedNode(f"urn:s{n}"), p, Literal("x" * 100), g) for n in range(2000))
    return snapshot_of(store, tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def address(small: Snapshot) -> Iterator[str]:
    """A server with one worker, and two seconds and 64 MiB for a query."""
    settings = settings_of(small.directory, query_timeout=2.0)
    engine = engine_of(small, workers=1, memory=64, queue=4, program=("-m", "faulty_zygote"))
    with running(create_app(settings, engine)) as found:
        yield found


@pytest.fixture
def ask(address: str) -> Iterator[Callable[..., httpx.Response]]:
    with httpx.Client(base_url=address, timeout=30) as client:
        yield lambda query, **more: client.get("/sparql", params={"query": query, **more})


def test_a_runaway_query_is_stopped_and_others_are_answered(
    ask: Callable[..., httpx.Response], address: str
) -> None:
    with ThreadPoolExecutor() as threads:
        start = time.monotonic()
        runaway = threads.submit(ask, RUNAWAY)
        time.sleep(0.2)
        health = httpx.get(f"{address}/healthz")
        records = httpx.get(f"{address}/api/v1/drugs")
        after = ask("ASK {}")
        answered = time.monotonic() - start
    assert health.status_code == records.status_code == 200
    assert after.json()["boolean"] is True
    assert answered < 1.9, "nobody waits for another one's query"
    assert runaway.result().status_code == 504
    assert "took longer than 2 s" in runaway.result().json()["detail"]


def test_a_client_may_lower_the_time_but_not_raise_it(ask: Callable[..., httpx.Response]) -> None:
    start = time.monotonic()
    assert ask(RUNAWAY, timeout="900").json()["seconds"] == 2.0
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("#! nest", "nested too deep, or too long, for the engine"),
        ("#! signal SIGSEGV", "nested too deep, or too long, for the engine"),
        ("#! signal SIGABRT", "the query made the engine fail"),
        ("#! exit 3", "the query made the engine fail"),
        ("#! fail an error that nobody foresaw", "the query made the engine fail"),
        ("#! signal SIGKILL", "as it does when memory runs short"),
        ("#! exit 0", "ended before it answered"),
    ],
)
def test_a_query_that_kills_its_worker_is_a_problem(
    ask: Callable[..., httpx.Response], query: str, told: str
) -> None:
    answer = ask(f"{query}\nASK {{}}")
    assert answer.status_code == 500
    assert told in answer.json()["detail"]
    assert ask("ASK {}").json()["boolean"] is True


def test_a_query_that_needs_too_much_memory_is_a_problem(
    ask: Callable[..., httpx.Response],
) -> None:
    doubling = "SELECT (STRLEN(?x30) AS ?n) { BIND('xxxxxxxxxxxxxxxx' AS ?x0) " + "".join(
        f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1}) " for n in range(30)
    )
    answer = ask(doubling + "}")
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("/problem/query-too-big")
    assert "needs more than 64 MiB of memory" in answer.json()["detail"]
    assert ask("ASK {}").json()["boolean"] is True


def test_who_has_its_share_of_the_queue_is_told_when_to_come_back(
    ask: Callable[..., httpx.Response],
) -> None:
    with ThreadPoolExecutor(12) as threads:
        asked = [threads.submit(ask, RUNAWAY, timeout="0.5") for _ in range(12)]
        answers = [each.result() for each in asked]
    refused = [each for each in answers if each.status_code == 429]
    assert refused
    assert all(int(each.headers["retry-after"]) >= 1 for each in refused)
    assert {each.status_code for each in answers} == {429, 504}
    assert ask("ASK {}").status_code == 200


def test_who_hangs_up_frees_the_worker(ask: Callable[..., httpx.Response], address: str) -> None:
    parts = urlsplit(address)
    start = time.monotonic()
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(
            f"GET /sparql?query={quote(RUNAWAY)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        )
        time.sleep(0.3)
    slow = ask("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }", timeout="0.6")
    assert time.monotonic() - start < 1.9, "the worker was busy until its deadline"
    assert slow.status_code in (200, 504), "it had a worker"


def test_a_long_answer_is_streamed_and_cut_off_visibly(small: Snapshot) -> None:
    engine = engine_of(small, workers=1)

    async def stream(request: Request) -> Response:
        query = QueryRequest(request.query_params["query"], accept="text/csv", seconds=1)
        return QueryAnswer(engine, query, lambda _: {}, longest_buffer=64 * 1024)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await engine.start()
        yield
        await engine.close()

    app = Starlette(routes=[Route("/", stream)], lifespan=lifespan)
    whole = "SELECT ?a ?c { ?a ?b ?c }"
    endless = "SELECT ?a ?c { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with running(app) as address:
        answer = httpx.get(address, params={"query": whole})
        assert answer.headers["transfer-encoding"] == "chunked"
        assert len(answer.text.splitlines()) == 2001
        with pytest.raises((httpx.RemoteProtocolError, http.client.IncompleteRead)):
            httpx.get(address, params={"query": endless}, timeout=30)
        assert len(httpx.get(address, params={"query": whole}).text.splitlines()) == 2001
