"""Nothing a query does may hurt the server: workers are killed and replaced, over real HTTP."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
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
from api.engine import IN_MEMORY_BELOW, choose_opening
from api.messages import HEADER, Kind, Opening, QueryRequest, pack
from api.streaming import QueryAnswer
from kg.snapshot import Snapshot

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GROWING = "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?c), STR(?d), STR(?f))) AS ?x) " + (
    "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    store, p, g = Store(), NamedNode("urn:p"), NamedNode("urn:g")
    store.extend(Quad(NamedNode(f"urn:s{n}"), p, Literal("x" * 100), g) for n in range(2000))
    return snapshot_of(store, tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def address(small: Snapshot) -> Iterator[str]:
    """A server with one worker, and a second and 64 MiB for a query."""
    settings = settings_of(small.directory, query_timeout=1.0)
    with running(create_app(settings, engine_of(small, workers=1, memory=64, queue=4))) as found:
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
        answered = time.monotonic() - start
        after = ask("ASK {}")
        waited = time.monotonic() - start
    assert health.status_code == records.status_code == 200
    assert answered < 0.9, "health and records wait for nobody's query"
    assert runaway.result().status_code == 504
    assert "took longer than 1 s" in runaway.result().json()["detail"]
    assert after.json()["boolean"] is True
    assert 0.9 < waited < 5


def test_a_client_may_lower_the_time_but_not_raise_it(ask: Callable[..., httpx.Response]) -> None:
    start = time.monotonic()
    assert ask(RUNAWAY, timeout="900").json()["seconds"] == 1.0
    assert time.monotonic() - start < 10


def test_a_query_that_kills_its_worker_is_a_problem(
    ask: Callable[..., httpx.Response], address: str
) -> None:
    posted = httpx.post(
        f"{address}/sparql",
        content="ASK {{}" + " UNION {}" * 12_000 + "}",
        headers={"Content-Type": "application/sparql-query"},
        timeout=30,
    )
    assert posted.status_code == 500
    assert "for the engine" in posted.json()["detail"]
    assert ask("ASK {}").json()["boolean"] is True


def test_a_query_that_needs_too_much_memory_is_a_problem(
    ask: Callable[..., httpx.Response],
) -> None:
    doubling = "SELECT (STRLEN(?x30) AS ?n) { BIND('xxxxxxxxxxxxxxxx' AS ?x0) " + "".join(
        f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1}) " for n in range(30)
    )
    answer = ask(doubling + "}")
    assert answer.status_code == 500
    assert "needs more than 64 MiB of memory" in answer.json()["detail"]
    assert ask("ASK {}").json()["boolean"] is True


def test_when_the_queue_is_full_the_client_is_told_when_to_come_back(
    ask: Callable[..., httpx.Response],
) -> None:
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(ask, RUNAWAY, timeout="0.2") for _ in range(8)]
        answers = [each.result() for each in asked]
    refused = [each for each in answers if each.status_code == 503]
    assert refused
    assert all(int(each.headers["retry-after"]) >= 1 for each in refused)
    assert {each.status_code for each in answers} == {503, 504}
    assert ask("ASK {}").status_code == 200


def test_who_hangs_up_frees_the_worker(ask: Callable[..., httpx.Response], address: str) -> None:
    parts = urlsplit(address)
    start = time.monotonic()
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(
            f"GET /sparql?query={quote(RUNAWAY)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        )
        time.sleep(0.3)
    assert ask("ASK {}").json()["boolean"] is True
    assert time.monotonic() - start < 0.95, "the worker was busy until its deadline"


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


def run_worker(messages: bytes, *program: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, *(program or ("-m", "api.worker"))],
        input=messages,
        capture_output=True,
        timeout=30,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_a_worker_has_no_network_even_where_service_slips_through(small: Snapshot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        program = (
            "import kg.evaluation, api.worker\n"
            "kg.evaluation._check = lambda text: None\n"
            "api.worker.main()\n"
        )
        query = f"ASK {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
        messages = pack(Kind.OPEN, Opening(nquads=str(small.nquads)).to_bytes())
        messages += pack(Kind.QUERY, QueryRequest(query, seconds=5).to_bytes())
        done = run_worker(messages, "-c", program)
        listener.settimeout(0)
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert b"QueryFailedError" in done.stdout


def test_a_worker_ends_itself_when_the_server_is_gone(small: Snapshot) -> None:
    messages = pack(Kind.OPEN, Opening(nquads=str(small.nquads)).to_bytes())
    done = run_worker(messages + pack(Kind.QUERY, QueryRequest("ASK {}").to_bytes()))
    kinds = []
    rest = done.stdout
    while rest:
        kind, length = HEADER.unpack(rest[: HEADER.size])
        kinds.append(Kind(kind))
        rest = rest[HEADER.size + length :]
    assert done.returncode == 0
    assert kinds == [Kind.READY, Kind.HEAD, Kind.DATA, Kind.END]


def test_a_small_snapshot_is_held_in_memory_and_a_large_one_read_from_disk(
    small: Snapshot, tmp_path: Path
) -> None:
    assert choose_opening(small, memory=64, prefixes={}).nquads == str(small.nquads)
    large = Snapshot(small.id, tmp_path, small.manifest)
    with large.nquads.open("wb") as file:
        file.truncate(IN_MEMORY_BELOW)
    assert choose_opening(large, memory=64, prefixes={}).database == str(large.database)


def test_a_worker_reads_a_database_on_disk(small: Snapshot) -> None:
    messages = pack(Kind.OPEN, Opening(database=str(small.database)).to_bytes())
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    messages += pack(Kind.QUERY, QueryRequest(query, accept="text/csv").to_bytes())
    done = run_worker(messages)
    assert b"n\r\n2000\r\n" in done.stdout
