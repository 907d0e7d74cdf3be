"""Whoever saturates the server, short queries are answered at once, his own included."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store
from serving import engine_of, snapshot_of

from api.engine import EmbeddedEngine
from api.failures import Overloaded, QueryTimedOut, TooManyRequests
from api.lanes import LEAST_SECONDS, LONGEST_TASTE, LONGEST_WAIT, TASTE_SECONDS
from api.messages import QueryRequest
from api.processor_time import find_processor_time
from kg.snapshot import Snapshot

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    store, p, g = Store(), NamedNode("urn:p"), NamedNode("urn:g")
    store.extend(Quad(NamedNode(f"urn:s{n}"), p, Literal("x" * 100), g) for n in range(2000))
    return snapshot_of(store, tmp_path_factory.mktemp("small"))


@asynccontextmanager
async def started(snapshot: Snapshot, **given: Any) -> AsyncIterator[EmbeddedEngine]:
    engine = engine_of(snapshot, **given)
    await engine.start()
    try:
        yield engine
    finally:
        await engine.close()


async def ask(engine: EmbeddedEngine, query: str, client: str = "", seconds: float = 30) -> bytes:
    request = QueryRequest(query, accept="text/csv", seconds=seconds)
    async with engine.ask(request, client=client) as reply:
        return await reply.read()


def express_worker(engine: EmbeddedEngine) -> int:
    """Return the process that tastes."""
    generation = engine._succession.generation
    assert generation
    (worker,) = generation.crews["express"]._alive
    assert worker.process.pid
    return worker.process.pid


async def ended(tasks: list[asyncio.Task[bytes]]) -> Counter[str]:
    """Return how tasks ended that are told to end now."""
    for each in tasks:
        each.cancel()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    return Counter(type(each).__name__ for each in found)


@pytest.mark.parametrize(
    ("client", "runaway"), [("attacker", ENDLESS), ("another", RUNAWAY)], ids=["same", "another"]
)
def test_twenty_runaways_of_one_client_delay_no_short_query(
    small: Snapshot, client: str, runaway: str
) -> None:
    async def main() -> None:
        async with started(small) as engine:
            asked = [asyncio.create_task(ask(engine, runaway, "attacker")) for _ in range(20)]
            await asyncio.sleep(0.3)
            longest = 0.0
            for _ in range(5):
                start = time.monotonic()
                assert await ask(engine, "ASK {}", client) == b"true"
                longest = max(longest, time.monotonic() - start)
            assert longest < 1
            figures = engine.figures()
            assert figures.busy == 2
            assert figures.tastes_won >= 5
            await ended(asked)
            assert engine.figures().queued == 0

    asyncio.run(main())


def test_a_taste_lasts_until_its_worker_has_run(small: Snapshot) -> None:
    async def main() -> None:
        async with started(small, workers=1) as engine:
            asked = [asyncio.create_task(ask(engine, RUNAWAY))]
            await asyncio.sleep(0.05)
            pid = express_worker(engine)
            os.kill(pid, signal.SIGSTOP)
            short = asyncio.create_task(ask(engine, "ASK {}"))
            await asyncio.sleep(3 * TASTE_SECONDS)
            os.kill(pid, signal.SIGCONT)
            assert await short == b"true"
            figures = engine.figures()
            assert (figures.tastes_won, figures.tastes_lost) == (1, 0)
            await ended(asked)

    asyncio.run(main())


def test_a_worker_that_barely_runs_is_not_kept_from_others(
    small: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # By the clock it would be kept for longer than any machine takes for what follows.
    monkeypatch.setattr("api.lanes.LONGEST_WAIT", 60.0)

    async def main() -> None:
        async with started(small, workers=1) as engine:
            tasting = express_worker(engine)
            before = find_processor_time(tasting)
            assert before is not None
            asked = [asyncio.create_task(ask(engine, RUNAWAY)) for _ in range(2)]
            while (find_processor_time(tasting) or 0) < before + LEAST_SECONDS:
                await asyncio.sleep(0.002)
            os.kill(tasting, signal.SIGSTOP)
            async with asyncio.timeout(20):
                assert await ask(engine, "ASK {}") == b"true"
            await ended(asked)

    asyncio.run(main())


def test_a_taste_ends_for_a_worker_that_never_runs(small: Snapshot) -> None:
    async def main() -> None:
        async with started(small, workers=1) as engine:
            asked = [asyncio.create_task(ask(engine, RUNAWAY))]
            await asyncio.sleep(0.05)
            os.kill(express_worker(engine), signal.SIGSTOP)
            asked.append(asyncio.create_task(ask(engine, "ASK {}")))
            await asyncio.sleep(LONGEST_WAIT + 0.3)
            assert engine.figures().tastes_lost == 1
            assert await ask(engine, "ASK {}") == b"true"
            await ended(asked)

    asyncio.run(main())


def test_a_runaway_has_no_more_than_its_taste(
    small: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.lanes.LONGEST_WAIT", 60.0)

    async def main() -> None:
        async with started(small, workers=1) as engine:
            asked = [asyncio.create_task(ask(engine, RUNAWAY)) for _ in range(2)]
            start = time.monotonic()
            async with asyncio.timeout(20):
                while not engine.figures().tastes_lost:
                    await asyncio.sleep(0.005)
            assert time.monotonic() - start >= TASTE_SECONDS
            await ended(asked)

    asyncio.run(main())


def test_a_short_query_is_answered_even_when_the_queue_is_full(small: Snapshot) -> None:
    async def main() -> None:
        async with started(small, workers=1, queue=2) as engine:
            asked = [
                asyncio.create_task(ask(engine, RUNAWAY, client))
                for client in ("a", "b", "c", "d", "e", "f")
            ]
            await asyncio.sleep(1.5)
            refused = [each.exception() for each in asked if each.done()]
            assert refused
            assert all(isinstance(each, Overloaded) for each in refused)
            start = time.monotonic()
            assert await ask(engine, "ASK {}", "g") == b"true"
            assert time.monotonic() - start < 1
            await ended(asked)

    asyncio.run(main())


def test_a_client_has_its_share_and_then_is_told_so(small: Snapshot) -> None:
    async def main() -> None:
        async with started(small, workers=1, queue=4) as engine:
            asked = [asyncio.create_task(ask(engine, RUNAWAY, "a")) for _ in range(10)]
            await asyncio.sleep(1.5)
            refused = [each.exception() for each in asked if each.done()]
            assert len(refused) == 7
            assert {type(each) for each in refused} == {TooManyRequests}
            other = asyncio.create_task(ask(engine, RUNAWAY, "b"))
            await asyncio.sleep(0.5)
            assert not other.done(), "another client still has a place"
            await ended([*asked, other])

    asyncio.run(main())


def test_clients_take_turns_at_the_workers(small: Snapshot) -> None:
    """Ten queries of one client wait; that of another is next, and not the eleventh."""

    async def main() -> None:
        order: list[str] = []

        async def note(name: str) -> None:
            with pytest.raises(QueryTimedOut):
                await ask(engine, RUNAWAY, name[0], seconds=0.2)
            order.append(name)

        async with started(small, workers=1, queue=32) as engine:
            many = [asyncio.create_task(note(f"a{number}")) for number in range(6)]
            await asyncio.sleep(0.05)
            await asyncio.gather(*many, note("b"))
            assert order.index("b") <= 3
            # One that is just tasted is passed over.
            order.remove("b")
            assert all(abs(int(name[1]) - place) <= 2 for place, name in enumerate(order))

    asyncio.run(main())


def test_a_query_waits_no_longer_than_patience_lasts(small: Snapshot) -> None:
    async def main() -> None:
        async with started(small, workers=1, patience=0.5) as engine:
            first = asyncio.create_task(ask(engine, RUNAWAY))
            await asyncio.sleep(0.1)
            start = time.monotonic()
            with pytest.raises(Overloaded):
                await ask(engine, RUNAWAY)
            assert 0.4 < time.monotonic() - start < 1.5
            await ended([first])

    asyncio.run(main())


def test_a_longer_answer_than_a_taste_comes_whole_from_a_worker(small: Snapshot) -> None:
    query = "SELECT ?a ?c ?f { ?a ?b ?c . ?d ?e ?f } LIMIT 60000"

    async def main() -> None:
        async with started(small, workers=1) as engine:
            blocking = asyncio.create_task(ask(engine, RUNAWAY, seconds=1))
            await asyncio.sleep(0.1)
            answer = await ask(engine, query)
            assert len(answer) > LONGEST_TASTE
            assert answer.count(b"\n") == 60001
            assert engine.figures().tastes_lost
            assert isinstance(
                (await asyncio.gather(blocking, return_exceptions=True))[0], QueryTimedOut
            )

    asyncio.run(main())


def test_who_leaves_frees_a_worker_and_a_place(small: Snapshot) -> None:
    async def main() -> None:
        async with started(small, workers=1) as engine:
            for _ in range(20):
                asked = [asyncio.create_task(ask(engine, RUNAWAY)) for _ in range(4)]
                await asyncio.sleep(0.05)
                assert await ended(asked) == {"CancelledError": 4}
            assert await ask(engine, "ASK {}") == b"true"
            await asyncio.sleep(0.3)
            figures = engine.figures()
            assert (figures.queued, figures.busy, figures.idle) == (0, 0, 1)
            assert figures.replaced["disconnect"] >= 5

    asyncio.run(main())
