"""Writes: evaluated by one process, committed by another, and served after a swap."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from processes import children, command, descendants
from serving import engine_of

from api.engine import EmbeddedEngine
from api.failures import CommitFailed, QueryTimedOut, QueryTooBig
from api.messages import QueryRequest, WriteRequest
from kg.base import EmptyBase, build
from kg.change import Change
from kg.commit import CommitRequest
from kg.graph_reading import GraphNotFoundError
from kg.query_error import QueryForbiddenError, QuerySyntaxError
from kg.snapshot import Snapshot, get_snapshot
from kg.writing import GraphWrite, Update

INSERT = Update("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } }")
ENDLESS = Update("INSERT { ?a ?b ?i } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a = ?i) }")
MODES = pytest.mark.parametrize("memory_below", [64, 0], ids=["memory", "disk"])


def filled(count: int) -> Update:
    rows = " ".join(f"<urn:s{number}> <urn:p> {number} ." for number in range(count))
    return Update(f"INSERT DATA {{ GRAPH <urn:filled> {{ {rows} }} }}")


@asynccontextmanager
async def started(snapshot: Snapshot, **given: Any) -> AsyncIterator[EmbeddedEngine]:
    engine = engine_of(snapshot, **given)
    await engine.start()
    try:
        yield engine
    finally:
        await engine.close()


@pytest.fixture
def empty(tmp_path: Path) -> Snapshot:
    return build(EmptyBase(), tmp_path)


async def count(engine: EmbeddedEngine) -> int:
    request = QueryRequest("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", accept="text/csv")
    async with engine.ask(request) as reply:
        return int((await reply.read()).split()[1])


async def commit(engine: EmbeddedEngine, home: Path, change: Change, expected: str) -> str:
    request = CommitRequest(EmptyBase(), home, change, expected, gated=False)
    reply = await engine.commit(request)
    assert not reply.problems
    await engine.swap(get_snapshot(EmptyBase().home(home), reply.snapshot))
    return reply.snapshot


@MODES
def test_a_write_is_evaluated_kept_and_served(
    empty: Snapshot, tmp_path: Path, memory_below: int
) -> None:
    async def main() -> None:
        async with started(empty, memory_below=memory_below) as engine:
            effect = await engine.evaluate_write(WriteRequest(INSERT))
            assert len(effect.change.added) == 1
            assert await count(engine) == 0, "nothing is changed yet"
            second = await commit(engine, tmp_path, effect.change, empty.id)
            assert await count(engine) == 1
            effect = await engine.evaluate_write(WriteRequest(GraphWrite("DELETE", "urn:g")))
            assert effect.existed
            assert await commit(engine, tmp_path, effect.change, second) == empty.id
            assert await count(engine) == 0
            request = CommitRequest(EmptyBase(), tmp_path, effect.change, second, gated=False)
            assert (await engine.commit(request)).is_stale
        assert not list(EmptyBase().home(tmp_path).glob(".scratch*"))

    asyncio.run(main())


@MODES
def test_a_write_that_fails_says_why(empty: Snapshot, tmp_path: Path, memory_below: int) -> None:
    async def main() -> None:
        async with started(empty, memory_below=memory_below, memory=64) as engine:
            with pytest.raises(QuerySyntaxError) as syntax:
                await engine.evaluate_write(WriteRequest(Update("INSERT {")))
            assert syntax.value.spot
            with pytest.raises(QueryForbiddenError):
                await engine.evaluate_write(WriteRequest(Update("LOAD <http://example.org/>")))
            with pytest.raises(GraphNotFoundError):
                await engine.evaluate_write(WriteRequest(GraphWrite("DELETE", "urn:none")))
            effect = await engine.evaluate_write(WriteRequest(filled(500)))
            await commit(engine, tmp_path, effect.change, empty.id)
            with pytest.raises(QueryTimedOut, match=r"the write took longer than 0\.3 s"):
                await engine.evaluate_write(WriteRequest(ENDLESS, seconds=0.3))
            doubling = "".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1}) " for n in range(30))
            growing = Update(
                f"INSERT {{ <urn:a> <urn:b> ?x30 }} WHERE {{ BIND('xxxxxxxx' AS ?x0) {doubling} }}"
            )
            with pytest.raises(QueryTooBig, match="the write needs more than 64 MiB"):
                await engine.evaluate_write(WriteRequest(growing))
            assert await count(engine) == 500
        assert not list(EmptyBase().home(tmp_path).glob(".scratch*"))

    asyncio.run(main())


def test_a_graph_of_the_build_is_refused_before_any_commit(empty: Snapshot) -> None:
    made = "https://w3id.org/sarcoma-kg/graph/inferred-x"
    update = Update(f"INSERT DATA {{ GRAPH <{made}> {{ <urn:a> <urn:b> 1 }} }}")

    async def main() -> None:
        async with started(empty, has_made_graphs=True) as engine:
            with pytest.raises(QueryForbiddenError, match="made by the build"):
                await engine.evaluate_write(WriteRequest(update))
            with pytest.raises(QueryForbiddenError, match="made by the build"):
                await engine.evaluate_write(WriteRequest(GraphWrite("PUT", made)))
            assert (await engine.evaluate_write(WriteRequest(INSERT))).change.added
        async with started(empty) as engine:
            assert (await engine.evaluate_write(WriteRequest(update))).change.added

    asyncio.run(main())


def test_a_writer_that_dies_with_its_holder_is_asked_again(empty: Snapshot) -> None:
    async def main() -> None:
        async with started(empty) as engine:
            for victim in ("zygote", "holder"):
                asked = asyncio.create_task(engine.evaluate_write(WriteRequest(filled(300))))
                zygote = next(pid for pid in children(os.getpid()) if "zygote" in command(pid))
                pid = zygote if victim == "zygote" else children(zygote)[0]
                os.kill(pid, signal.SIGKILL)
                assert len((await asked).change.added) == 300
                await holder_is_back()

    asyncio.run(main())


async def holder_is_back() -> None:
    """Wait for a zygote that has a child."""
    deadline = time.monotonic() + 10
    while not any(children(pid) for pid in children(os.getpid()) if "zygote" in command(pid)):
        assert time.monotonic() < deadline, "no process holds the graph"
        await asyncio.sleep(0.05)


def test_a_home_that_cannot_be_written_fails_the_commit(empty: Snapshot, tmp_path: Path) -> None:
    async def main() -> None:
        async with started(empty) as engine:
            effect = await engine.evaluate_write(WriteRequest(INSERT))
            place = EmptyBase().home(tmp_path)
            (place / "journal").write_text("a file where the folder of the journal should be")
            with pytest.raises(CommitFailed, match="could not be kept"):
                await commit(engine, tmp_path, effect.change, empty.id)
            (place / "journal").unlink()
            await commit(engine, tmp_path, effect.change, empty.id)
            assert await count(engine) == 1

    asyncio.run(main())


def test_no_process_is_left_by_writes(empty: Snapshot) -> None:
    # Servers that other tests share have processes that come and go.
    others = {*children(os.getpid())}

    def own() -> int:
        return sum(1 + len(descendants(each)) for each in {*children(os.getpid())} - others)

    async def main() -> None:
        async with started(empty) as engine:
            before = own()
            for _ in range(20):
                await engine.evaluate_write(WriteRequest(INSERT))
            asked = asyncio.create_task(engine.evaluate_write(WriteRequest(filled(3000))))
            await asyncio.sleep(0.02)
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)
            # Who was killed is gone in a moment, on a busy machine in a longer one.
            deadline = time.monotonic() + 10
            while own() != before:
                assert time.monotonic() < deadline, "processes are left"
                await asyncio.sleep(0.05)

    asyncio.run(main())
