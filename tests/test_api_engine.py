from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from processes import children, command, descendants, open_descriptors
from pyoxigraph import Literal, NamedNode, Quad, Store
from serving import engine_of, snapshot_of

from api.engine import EmbeddedEngine
from api.failures import QueryCrashed, QueryTimedOut
from api.messages import GraphRequest, QueryRequest, WriteRequest
from kg.graph_reading import GraphNotFoundError
from kg.query_error import FormatNotOfferedError, QueryForbiddenError, QuerySyntaxError
from kg.snapshot import Snapshot, SnapshotMissing
from kg.writing import Update

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def store_of(size: int) -> Store:
    store, p, g = Store(), NamedNode("urn:p"), NamedNode("urn:g")
    store.extend(Quad(NamedNode(f"urn:s{n}"), p, Literal("x" * 100), g) for n in range(size))
    return store


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def small(home: Path) -> Snapshot:
    return snapshot_of(store_of(500), home)


@pytest.fixture(scope="module")
def other(home: Path, small: Snapshot) -> Snapshot:
    return snapshot_of(store_of(700), home)


@asynccontextmanager
async def started(snapshot: Snapshot, **given: Any) -> AsyncIterator[EmbeddedEngine]:
    engine = engine_of(snapshot, **{"program": ("-m", "faulty_zygote"), **given})
    await engine.start()
    try:
        yield engine
    finally:
        await engine.close()


async def ask(
    engine: EmbeddedEngine, query: str, *, client: str = "", **given: Any
) -> tuple[str, str]:
    """Return the snapshot that answered, and the answer in CSV."""
    request = QueryRequest(query, **{"accept": "text/csv", "seconds": 10, **given})
    async with engine.ask(request, client=client) as reply:
        return reply.snapshot, (await reply.read()).decode()


async def outcome(asked: Awaitable[object]) -> object:
    try:
        return await asked
    except Exception as error:
        return error


def test_workers_that_were_begun_are_those_that_start(small: Snapshot) -> None:
    async def main() -> None:
        engine = engine_of(small)
        engine.begin()
        await engine.start()
        try:
            assert await ask(engine, COUNT) == (small.id, "n\r\n500\r\n")
            assert len(engine._succession._zygotes) == 1
        finally:
            await engine.close()

    asyncio.run(main())


@pytest.mark.parametrize("seconds", [0.0, 0.02, 0.2, 3.0])
def test_workers_that_were_begun_are_gone_when_nobody_starts(
    small: Snapshot, seconds: float
) -> None:
    async def main() -> None:
        before = children(os.getpid())
        engine = engine_of(small)
        engine.begin()
        await asyncio.sleep(seconds)
        await engine.close()
        assert children(os.getpid()) == before

    asyncio.run(main())


@pytest.mark.parametrize("memory_below", [64, 0], ids=["memory", "disk"])
def test_a_query_is_answered_from_memory_and_from_disk(small: Snapshot, memory_below: int) -> None:
    async def main() -> None:
        async with started(small, memory_below=memory_below) as engine:
            assert engine.is_ready
            assert await ask(engine, COUNT) == (small.id, "n\r\n500\r\n")
            with pytest.raises(QuerySyntaxError):
                await ask(engine, "ASK {")
            with pytest.raises(FormatNotOfferedError):
                await ask(engine, "ASK {}", accept="image/png")
            with pytest.raises(QueryTimedOut):
                await ask(engine, RUNAWAY, seconds=0.3)
            with pytest.raises(QueryCrashed):
                await ask(engine, "#! signal SIGSEGV\nASK {}")
            assert (await ask(engine, COUNT))[1] == "n\r\n500\r\n"
        assert not engine.is_ready

    asyncio.run(main())


@pytest.mark.parametrize(("memory_below", "in_union"), [(64, 3), (0, 4)], ids=["memory", "disk"])
def test_a_triple_in_several_graphs_counts_once_but_in_the_union_on_disk(
    home: Path, memory_below: int, in_union: int
) -> None:
    s, p = NamedNode("urn:s"), NamedNode("urn:p")
    a, b = NamedNode("urn:a"), NamedNode("urn:b")
    store = Store()
    store.extend(Quad(s, p, Literal(n), a) for n in (1, 2))
    store.extend(Quad(s, p, Literal(n), b) for n in (2, 3))
    shared = snapshot_of(store, home)

    async def main() -> None:
        async with started(shared, memory_below=memory_below) as engine:
            for _ in range(3):
                assert (await ask(engine, COUNT))[1] == f"n\r\n{in_union}\r\n"
                both = await ask(engine, COUNT, default_graphs=("urn:a", "urn:b"))
                assert both[1] == "n\r\n3\r\n"
                graphs = await ask(engine, "SELECT ?g { GRAPH ?g { ?s ?p 2 } } ORDER BY ?g")
                assert graphs[1] == "g\r\nurn:a\r\nurn:b\r\n"
            assert (await ask(engine, COUNT, union=False))[1] == "n\r\n0\r\n"
            update = Update("INSERT { GRAPH <urn:c> { ?s ?p ?o } } WHERE { ?s ?p ?o }")
            effect = await engine.evaluate_write(WriteRequest(update))
            assert len(effect.change.added) == 3
            assert effect.change.graphs == {"urn:c"}

    asyncio.run(main())


def test_a_graph_is_read_by_a_worker(small: Snapshot) -> None:
    async def main() -> None:
        async with started(small) as engine:
            request = GraphRequest("urn:g", "application/n-triples")
            async with engine.ask(request) as reply:
                assert (await reply.read()).count(b"\n") == 500
                assert reply.head.media_type == "application/n-triples"
            with pytest.raises(GraphNotFoundError):
                async with engine.ask(GraphRequest("urn:none")) as reply:
                    await reply.read()

    asyncio.run(main())


def test_the_servers_own_queries_wait_for_no_user(small: Snapshot) -> None:
    async def main() -> None:
        async with started(small, workers=1) as engine:
            runaways = [asyncio.create_task(ask(engine, RUNAWAY, seconds=3)) for _ in range(4)]
            await asyncio.sleep(0.2)
            start = time.monotonic()
            for _ in range(5):
                async with engine.ask_for_server(QueryRequest(COUNT)) as reply:
                    await reply.read()
            assert time.monotonic() - start < 0.5
            for each in runaways:
                each.cancel()

    asyncio.run(main())


@pytest.mark.parametrize(
    ("without", "memory_below", "told"),
    [
        ((), 0, "namespace of their own"),
        (("namespace",), 64, "filter of system calls"),
        (("namespace",), 0, "filter of system calls"),
        (("namespace", "filter"), 64, "limit of descriptors"),
    ],
)
def test_workers_have_no_network_even_where_service_slips_through(
    small: Snapshot, without: tuple[str, ...], memory_below: int, told: str
) -> None:
    async def main() -> None:
        reached = asyncio.Event()

        async def note(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            reached.set()
            writer.close()

        server = await asyncio.start_server(note, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        program = ("-m", "faulty_zygote", *without)
        async with server, started(small, program=program, memory_below=memory_below) as engine:
            assert told in engine.isolation
            found = await outcome(ask(engine, f"#! call http://127.0.0.1:{port}/\nASK {{}}"))
            assert isinstance(found, QueryCrashed)
            assert (await ask(engine, COUNT))[1] == "n\r\n500\r\n"
        assert not reached.is_set()

    asyncio.run(main())


class Echo:
    """A forwarder that answers every call with one row."""

    ROWS = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"1"}}]}}'

    def services(self, port: int) -> dict[str, str]:
        return {"http://example.org/sparql": f"http://127.0.0.1:{port}/0"}

    async def serve(self, listener: socket.socket) -> None:
        server = await asyncio.start_server(self._answer, sock=listener)
        async with server:
            await server.serve_forever()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
            b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(self.ROWS)
        )
        writer.write(head + self.ROWS)
        await writer.drain()
        writer.close()


@pytest.mark.parametrize("without", [(), ("namespace",)], ids=["namespace", "limit"])
def test_service_reaches_the_forwarder_and_nothing_else(
    small: Snapshot, without: tuple[str, ...]
) -> None:
    query = "SELECT ?x {{ SERVICE <{}> {{ ?s ?p ?x }} }}"

    async def main() -> None:
        program = ("-m", "faulty_zygote", *without)
        async with started(small, program=program, forwarder=Echo()) as engine:
            for _ in range(2):
                answer = await ask(engine, query.format("http://example.org/sparql"))
                assert answer[1] == "x\r\n1\r\n"
                with pytest.raises(QueryForbiddenError):
                    await ask(engine, query.format("http://example.org/other"))
                os.kill(zygote(), signal.SIGKILL)
                await until(lambda: engine.figures().started >= 8, "the workers are new")

    asyncio.run(main())


def test_a_worker_knows_no_secret_of_the_environment(
    small: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SARCOMA_KG_TOKEN", "a-token-that-nobody-may-read")

    async def main() -> None:
        async with started(small):
            found = [pid for pid in descendants(os.getpid()) if "faulty_zygote" in command(pid)]
            assert len(found) == 2 + 4
            for pid in found:
                environment = Path(f"/proc/{pid}/environ").read_bytes()
                assert b"PYTHONPATH" in environment
                assert b"token" not in environment.lower()

    asyncio.run(main())


def test_a_swap_fails_no_query(small: Snapshot, other: Snapshot) -> None:
    """Under load all the time, and back and forth: every answer is of one of the two."""
    counts = {small.id: "n\r\n500\r\n", other.id: "n\r\n700\r\n"}

    async def main() -> None:
        answers = Counter[str]()
        is_over = False

        async def load(number: int) -> None:
            while not is_over:
                snapshot, answer = await ask(engine, COUNT, client=str(number))
                assert counts[snapshot] == answer
                answers[snapshot] += 1

        async with started(small) as engine:
            clients = [asyncio.create_task(load(number)) for number in range(6)]
            for snapshot in (other, small) * 3:
                await asyncio.sleep(0.1)
                await engine.swap(snapshot)
                assert engine.snapshot is snapshot
                assert await ask(engine, COUNT) == (snapshot.id, counts[snapshot.id])
            is_over = True
            await asyncio.gather(*clients)
            assert set(answers) == set(counts)
            assert not {"crash", "lost", "timeout"} & set(engine.figures().replaced)

    asyncio.run(main())


def test_an_answer_under_way_is_finished_on_the_old_snapshot(
    small: Snapshot, other: Snapshot
) -> None:
    async def main() -> None:
        async with started(small) as engine:
            everything = QueryRequest("SELECT * { ?s ?p ?o . ?t ?q ?u }", accept="text/csv")
            async with engine.ask(everything) as reply:
                pieces = aiter(reply)
                size = len(await anext(pieces))
                await engine.swap(other)
                size += sum([len(piece) async for piece in pieces])
                assert reply.is_complete
                assert reply.snapshot == small.id
            assert size > 500 * 500 * 200
            await until(lambda: len(zygote_children()) == 1, "the old holder is gone")

    asyncio.run(main())


def test_a_snapshot_that_cannot_be_opened_leaves_the_old_one(
    small: Snapshot, tmp_path: Path
) -> None:
    broken = snapshot_of(store_of(3), tmp_path)
    broken.nquads.write_text("no quads")
    gone = Snapshot("0" * 64, tmp_path / "gone", small.manifest)

    async def main() -> None:
        async with started(small) as engine:
            with pytest.raises(QueryCrashed, match="line 1"):
                await engine.swap(broken)
            with pytest.raises((SnapshotMissing, OSError)):
                await engine.swap(gone)
            assert (await ask(engine, COUNT))[1] == "n\r\n500\r\n"
            assert len(zygote_children()) == 1

    asyncio.run(main())


async def until(is_so: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end, what
        await asyncio.sleep(0.01)


def zygote() -> int:
    return next(pid for pid in children(os.getpid()) if "faulty_zygote" in command(pid))


def zygote_children() -> list[int]:
    return children(zygote())


def test_a_holder_that_hangs_is_replaced(small: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.crew._START_SECONDS", 0.5)
    monkeypatch.setattr("api.generation._END_SECONDS", 0.5)

    async def main() -> None:
        async with started(small) as engine:
            holder = zygote_children()[0]
            os.kill(holder, signal.SIGSTOP)
            assert (await ask(engine, COUNT))[1] == "n\r\n500\r\n"
            with pytest.raises(QueryTimedOut):
                await ask(engine, RUNAWAY, seconds=0.2)
            await until(lambda: zygote_children() not in ([], [holder]), "there is another one")
            assert (await ask(engine, COUNT))[1] == "n\r\n500\r\n"
            await until(lambda: holder not in zygote_children(), "the old one is gone")

    asyncio.run(main())


@pytest.mark.parametrize("victim", ["zygote", "holder", "both"])
def test_stopped_processes_are_replaced_and_no_query_fails(
    small: Snapshot, other: Snapshot, victim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.watchdog._PERIOD", 0.1)
    monkeypatch.setattr("api.generation._END_SECONDS", 0.2)
    numbers = " ".join(map(str, range(15)))
    some_seconds = f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {numbers} }} ?a ?b ?c . ?d ?e ?f }}"

    async def main() -> None:
        async with started(small) as engine:
            old, holder = zygote(), zygote_children()[0]
            victims = {"zygote": [old], "holder": [holder], "both": [old, holder]}[victim]
            running = asyncio.create_task(ask(engine, some_seconds, seconds=30))
            await asyncio.sleep(0.1)
            for pid in victims:
                os.kill(pid, signal.SIGSTOP)
            lost = [asyncio.create_task(ask(engine, RUNAWAY, seconds=0.1))]
            asked = [asyncio.create_task(ask(engine, COUNT)) for _ in range(10)]
            async with asyncio.timeout(5):
                assert await asyncio.gather(*asked) == [(small.id, "n\r\n500\r\n")] * 10
            assert (await running)[1] == f"n\r\n{15 * 500 * 500}\r\n"
            await asyncio.gather(*map(outcome, lost))
            await engine.swap(other)
            assert (await ask(engine, COUNT))[1] == "n\r\n700\r\n"
            await until(lambda: not any(map(command, victims)), "what was stopped is gone")
            await until(lambda: engine.is_ready, "all workers are there")

    asyncio.run(main())


@pytest.mark.parametrize("victim", ["zygote", "holder", "both"])
def test_an_engine_ends_though_its_processes_are_stopped(
    small: Snapshot, victim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.watchdog._PERIOD", 0.1)
    monkeypatch.setattr("api.generation._END_SECONDS", 0.2)
    monkeypatch.setattr("api.zygote_process._END_SECONDS", 0.2)

    async def main() -> None:
        async with started(small):
            old, holder = zygote(), zygote_children()[0]
            victims = {"zygote": [old], "holder": [holder], "both": [old, holder]}[victim]
            found = descendants(old)
            for pid in victims:
                os.kill(pid, signal.SIGSTOP)
        await until(lambda: not any(map(command, [old, *found])), "all are gone")

    async def in_time() -> None:
        async with asyncio.timeout(5):
            await main()

    asyncio.run(in_time())


@pytest.mark.parametrize("victim", ["zygote", "holder", "both", "all workers"])
def test_killed_processes_are_replaced_and_no_query_that_waits_fails(
    small: Snapshot, other: Snapshot, victim: str
) -> None:
    async def main() -> None:
        async with started(small, queue=64) as engine:
            holder = zygote_children()[0]
            victims = {
                "zygote": [zygote()],
                "holder": [holder],
                "both": [zygote(), holder],
                "all workers": children(holder),
            }[victim]
            asked = [asyncio.create_task(ask(engine, COUNT)) for _ in range(20)]
            for pid in victims:
                os.kill(pid, signal.SIGKILL)
            start = time.monotonic()
            asked += [asyncio.create_task(ask(engine, COUNT)) for _ in range(20)]
            answers = await asyncio.gather(*map(outcome, asked))
            assert time.monotonic() - start < 5
            failed = [each for each in answers if each != (small.id, "n\r\n500\r\n")]
            # A query in the worker's hands is taken for what killed it.
            assert len(failed) <= len(victims) * ("workers" in victim), failed
            await engine.swap(other)
            assert (await ask(engine, COUNT))[1] == "n\r\n700\r\n"

    asyncio.run(main())


@pytest.mark.parametrize("rounds", [20, pytest.param(400, marks=pytest.mark.soak)])
def test_nothing_is_left_behind_by_many_kills(small: Snapshot, rounds: int) -> None:
    async def main() -> None:
        async with started(small) as engine:
            await ask(engine, COUNT)
            before = open_descriptors(), open_descriptors(zygote_children()[0])
            for _ in range(rounds):
                asked = [
                    ask(engine, "#! signal SIGABRT\nASK {}"),
                    ask(engine, RUNAWAY, seconds=0.01),
                    ask(engine, "#! exit 0\nASK {}"),
                ]
                assert all(
                    isinstance(each, Exception)
                    for each in await asyncio.gather(*map(outcome, asked))
                )
            replaced = engine.figures().replaced
            assert sum(replaced.values()) >= 5 * rounds, replaced
            await until(lambda: engine.figures().idle == 2, "all workers are back")
            await until(
                lambda: len(children(zygote_children()[0])) == 4, "no more children than workers"
            )
            assert (open_descriptors(), open_descriptors(zygote_children()[0])) == before
        assert not [pid for pid in children(os.getpid()) if "faulty_zygote" in command(pid)]

    asyncio.run(main())


def test_no_process_outlives_a_server_that_is_killed(small: Snapshot) -> None:
    server = os.fork()
    if not server:
        asyncio.run(serve_for_ever(small))
    time.sleep(2)
    found = descendants(server)
    assert len(found) >= 6
    os.kill(server, signal.SIGKILL)
    os.waitpid(server, 0)
    end = time.monotonic() + 5
    while any(command(pid) for pid in found):
        assert time.monotonic() < end, [command(pid) for pid in found]
        time.sleep(0.01)


async def serve_for_ever(snapshot: Snapshot) -> None:
    try:
        async with started(snapshot) as engine:
            await outcome(ask(engine, RUNAWAY, seconds=60))
    finally:
        os._exit(1)
