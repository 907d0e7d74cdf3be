"""Queries that are begun before anybody awaits them: none is lost, and no worker with it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store
from serving import engine_of, snapshot_of

from api.begun import Begun
from api.engine import EmbeddedEngine
from api.failures import Overloaded, QueryCrashed, QueryTimedOut
from api.messages import QueryRequest
from kg.query_error import QueryError
from kg.snapshot import Snapshot

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
Check = Callable[[EmbeddedEngine], Coroutine[Any, Any, None]]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    store, p, g = Store(), NamedNode("urn:p"), NamedNode("urn:g")
    store.extend(Quad(NamedNode(f"urn:s{n}"), p, Literal("x" * 100), g) for n in range(2000))
    return snapshot_of(store, tmp_path_factory.mktemp("small"))


def check(snapshot: Snapshot, what: Check, **given: Any) -> None:
    async def main() -> None:
        engine = engine_of(snapshot, **{"workers": 1, **given})
        await engine.start()
        try:
            await what(engine)
        finally:
            await engine.close()

    asyncio.run(main())


def request_of(query: str, seconds: float = 30) -> QueryRequest:
    return QueryRequest(query, accept="text/csv", seconds=seconds)


def begin(engine: EmbeddedEngine, query: str) -> tuple[Begun, asyncio.Event]:
    """Return what was begun, and what is set when there is something to hear of it."""
    heard = asyncio.Event()
    begun = engine.users.begin(request_of(query).to_bytes(), hear=heard.set)
    return begun, heard


async def go_on(engine: EmbeddedEngine, begun: Begun, query: str, seconds: float = 30) -> bytes:
    async with engine.users.ask(request_of(query, seconds), begun=begun) as reply:
        return await reply.read()


async def is_whole(engine: EmbeddedEngine) -> bool:
    """Tell whether all workers are idle, and nobody waits."""
    for _ in range(100):
        figures = engine.figures()
        if figures.busy == 0 and figures.idle == 1 and figures.queued == 0:
            return True
        await asyncio.sleep(0.05)
    return False


def test_a_short_answer_needs_nobody_who_awaits_it(small: Snapshot) -> None:
    async def what(engine: EmbeddedEngine) -> None:
        begun, heard = begin(engine, "ASK {}")
        await heard.wait()
        assert begun.reply is not None
        assert begun.reply.whole == b"true"
        assert await is_whole(engine)
        assert await go_on(engine, begun, "ASK {}") == b"true"

    check(small, what)


def test_what_waits_for_its_turn_is_answered_in_it(small: Snapshot) -> None:
    async def what(engine: EmbeddedEngine) -> None:
        several = [begin(engine, f"SELECT ({n} AS ?n) {{}}") for n in range(12)]
        for number, (begun, heard) in enumerate(several):
            await heard.wait()
            found = await go_on(engine, begun, f"SELECT ({number} AS ?n) {{}}")
            assert found.split() == [b"n", b"%d" % number]
        assert await is_whole(engine)

    check(small, what)


def test_a_long_answer_and_a_problem_are_for_who_awaits_them(small: Snapshot) -> None:
    async def what(engine: EmbeddedEngine) -> None:
        query = "SELECT * { ?s ?p ?o }"
        begun, heard = begin(engine, query)
        await heard.wait()
        assert begun.reply is None
        assert (await go_on(engine, begun, query)).count(b"\n") == 2001
        begun, heard = begin(engine, "ASK {")
        await heard.wait()
        with pytest.raises(QueryError):
            await go_on(engine, begun, "ASK {")
        assert await is_whole(engine)

    check(small, what)


def test_what_takes_its_time_is_awaited_after_a_moment_and_ends_at_its_deadline(
    small: Snapshot,
) -> None:
    async def what(engine: EmbeddedEngine) -> None:
        begun, heard = begin(engine, RUNAWAY)
        await asyncio.wait_for(heard.wait(), 5)
        assert begun.reply is None
        with pytest.raises(QueryTimedOut):
            await go_on(engine, begun, RUNAWAY, 0.3)
        assert await is_whole(engine)
        assert engine.figures().replaced == {"timeout": 1}

    check(small, what)


def test_patience_counts_from_the_beginning(small: Snapshot) -> None:
    async def what(engine: EmbeddedEngine) -> None:
        busy, _ = begin(engine, RUNAWAY)
        waiting, _ = begin(engine, RUNAWAY)
        await asyncio.sleep(0.6)
        with pytest.raises(Overloaded):
            await asyncio.wait_for(go_on(engine, waiting, RUNAWAY), 0.3)
        engine.users.give_up(busy)
        assert await is_whole(engine)

    check(small, what, patience=0.7)


@pytest.mark.parametrize("query", ["ASK {}", RUNAWAY])
def test_what_is_given_up_keeps_no_worker(small: Snapshot, query: str) -> None:
    async def what(engine: EmbeddedEngine) -> None:
        several = [begin(engine, query)[0] for _ in range(5)]
        for begun in several:
            engine.users.give_up(begun)
            engine.users.give_up(begun)
        assert await is_whole(engine)
        begun, heard = begin(engine, "ASK {}")
        await heard.wait()
        assert await go_on(engine, begun, "ASK {}") == b"true"

    check(small, what)


def test_nothing_that_is_awaited_can_be_given_up(small: Snapshot) -> None:
    async def what(engine: EmbeddedEngine) -> None:
        query = "SELECT * { ?s ?p ?o }"
        begun, _ = begin(engine, query)
        task = asyncio.create_task(go_on(engine, begun, query))
        await asyncio.sleep(0)
        engine.users.give_up(begun)
        assert (await task).count(b"\n") == 2001

    check(small, what)


def test_a_worker_that_dies_is_told_of_and_replaced(small: Snapshot) -> None:
    async def what(engine: EmbeddedEngine) -> None:
        begun, heard = begin(engine, RUNAWAY)
        worker = begun.worker
        assert worker is not None
        assert worker.process.pid
        os.kill(worker.process.pid, signal.SIGKILL)
        await heard.wait()
        with pytest.raises(QueryCrashed):
            await go_on(engine, begun, RUNAWAY)
        assert await is_whole(engine)

    check(small, what)
