"""Writes in their order: what is kept, what is tried again, and who may stop what."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from engine_at_hand import EngineAtHand

from api.messages import WriteRequest
from api.pool import Overloaded
from api.writer import NotServed, Times, Writer, WriteRefused, Written
from kg.base import EmptyBase
from kg.commit import CommitReply, CommitRequest
from kg.problem import Place, Problem
from kg.snapshot import Snapshot, get_current
from kg.writing import Effect, GraphWrite, Payload, Update


class Watched(EngineAtHand):
    """An engine whose steps can be held up, and fail."""

    def __init__(self, home: Path) -> None:
        super().__init__(EmptyBase(), home)
        self.gate = asyncio.Event()
        self.gate.set()
        self.steps: list[str] = []
        self.running = 0
        self.most_running = 0
        self.reply: Callable[[CommitRequest], CommitReply] | None = None

    async def evaluate_write(self, request: WriteRequest, *, client: str = "") -> Effect:
        self.steps.append("evaluate")
        self.running += 1
        self.most_running = max(self.running, self.most_running)
        try:
            await asyncio.sleep(0)
            await self.gate.wait()
            return await super().evaluate_write(request, client=client)
        finally:
            self.running -= 1

    async def commit(self, request: CommitRequest) -> CommitReply:
        self.steps.append("commit")
        await asyncio.sleep(0)
        await self.gate.wait()
        return await super().commit(request) if self.reply is None else self.reply(request)

    async def swap(self, snapshot: Snapshot) -> None:
        self.steps.append("swap")
        await super().swap(snapshot)


def insert(number: int) -> WriteRequest:
    return WriteRequest(Update(f"INSERT DATA {{ <urn:s> <urn:p> {number} }}"))


def writer_of(engine: EngineAtHand, home: Path, **more: Any) -> Writer:
    return Writer(engine, engine.base, home, gated=False, **more)


def run(step: Coroutine[None, None, None]) -> None:
    asyncio.run(step)


def test_a_write_is_kept_and_served(home: Path) -> None:
    async def check() -> None:
        engine = Watched(home)
        written = await writer_of(engine, home).write(insert(1), client="me")
        assert engine.steps == ["evaluate", "commit", "swap"]
        assert engine.clients == ["me"]
        assert (written.added, written.removed, written.existed) == (1, 0, True)
        assert written.snapshot.id == engine.snapshot.id
        assert get_current(engine.base.home(home)).id == engine.snapshot.id

    run(check())


def test_a_write_that_changes_nothing_makes_no_snapshot(home: Path) -> None:
    async def check() -> None:
        engine = Watched(home)
        written = await writer_of(engine, home).write(WriteRequest(Update("CLEAR ALL")))
        assert engine.steps == ["evaluate"]
        assert written == Written(engine.snapshot, existed=True, added=0, removed=0)

    run(check())


def test_an_empty_graph_is_a_change(home: Path) -> None:
    async def check() -> None:
        engine = Watched(home)
        put = WriteRequest(GraphWrite("PUT", "urn:g", (Payload("text/turtle", b""),)))
        first = await writer_of(engine, home).write(put)
        again = await writer_of(engine, home).write(put)
        assert (first.existed, again.existed) == (False, True)
        assert engine.steps.count("commit") == 1

    run(check())


def test_writes_are_made_one_at_a_time(home: Path) -> None:
    async def check() -> None:
        engine = Watched(home)
        writer = writer_of(engine, home)
        written = await asyncio.gather(*(writer.write(insert(number)) for number in range(5)))
        assert engine.most_running == 1
        assert engine.steps == ["evaluate", "commit", "swap"] * 5
        assert len({each.snapshot.id for each in written}) == 5
        assert engine.snapshot.manifest.quads == 5

    run(check())


def test_too_many_writes_at_once_are_turned_away(home: Path) -> None:
    async def check() -> None:
        engine = Watched(home)
        engine.gate.clear()
        engine.reply = lambda request: CommitReply(request.expected)
        writer = writer_of(engine, home)
        waiting = [asyncio.create_task(writer.write(insert(number))) for number in range(16)]
        await asyncio.sleep(0.01)
        with pytest.raises(Overloaded):
            await writer.write(insert(17))
        engine.gate.set()
        assert len(await asyncio.gather(*waiting)) == 16
        assert (await writer.write(insert(18))).added == 1

    run(check())


def test_a_write_whose_turn_does_not_come_is_turned_away_and_changes_nothing(home: Path) -> None:
    async def check() -> None:
        engine = Watched(home)
        writer = writer_of(engine, home, patience=0.2)
        times = [Times() for _ in range(3)]
        engine.gate.clear()
        first, *others = [
            asyncio.create_task(writer.write(insert(number), times=each))
            for number, each in enumerate(times)
        ]
        for other in others:
            with pytest.raises(Overloaded, match="the writes before this one take too long"):
                await other
        engine.gate.set()
        assert (await first).added == 1
        assert engine.steps == ["evaluate", "commit", "swap"]
        assert (times[0].evaluated or 0) > (times[0].waited or 0)
        assert all((each.waited or 0) >= 0.2 and each.evaluated is None for each in times[1:])
        assert (await writer.write(insert(9))).snapshot.manifest.quads == 2

    run(check())


def test_a_commit_has_all_the_time_it_needs(home: Path) -> None:
    async def check() -> None:
        engine = Watched(home)
        writer = writer_of(engine, home, patience=0.1)
        task = asyncio.create_task(writer.write(insert(1)))
        while "commit" not in engine.steps:
            await asyncio.sleep(0)
        engine.gate.clear()
        assert writer.is_committing
        with pytest.raises(Overloaded):
            await writer.write(insert(2))
        assert writer.is_committing
        engine.gate.set()
        assert (await task).snapshot.manifest.quads == 1
        assert not writer.is_committing

    run(check())


def test_who_is_turned_away_is_told_when_to_come_again(home: Path) -> None:
    async def check() -> None:
        engine = Watched(home)
        engine.reply = lambda request: CommitReply(request.expected)
        writer = writer_of(engine, home, patience=0.05)
        writer._seconds_each = 2.5  # as after slow writes
        engine.gate.clear()
        tasks = [asyncio.create_task(writer.write(insert(number))) for number in range(4)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded) as refused:
            await tasks[1]
        assert 1 < refused.value.retry_after <= 10
        engine.gate.set()
        await asyncio.gather(*tasks, return_exceptions=True)

    run(check())


def test_snapshots_are_counted_by_where_they_came_from(home: Path) -> None:
    counted: list[tuple[str, str]] = []

    def count(outcome: str, source: str) -> None:
        counted.append((outcome, source))

    async def check() -> None:
        engine, other = Watched(home), EngineAtHand(EmptyBase(), home)
        writer = writer_of(engine, home, count=count)
        await writer.write(insert(1))
        await writer.write(insert(1))
        await writer_of(other, home).write(insert(2))
        await writer.write(insert(3))
        assert counted == [("served", "write"), ("served", "build"), ("served", "write")]

        async def fail(snapshot: Snapshot) -> None:
            raise OSError("no room")

        engine.swap = fail  # type: ignore[method-assign]
        with pytest.raises(NotServed):
            await writer.write(insert(4))
        assert counted[-1] == ("refused", "write")

    run(check())


def test_a_refused_write_leaves_all_as_it_was(home: Path) -> None:
    async def check() -> None:
        engine = Watched(home)
        before = engine.snapshot.id
        problem = Problem(Place("your update", 0), "drug:x: no")
        engine.reply = lambda request: CommitReply(request.expected, (problem,))
        with pytest.raises(WriteRefused) as refused:
            await writer_of(engine, home).write(insert(1))
        assert refused.value.problems == (problem,)
        assert (engine.snapshot.id, engine.steps) == (before, ["evaluate", "commit"])

    run(check())


def test_a_guard_sees_the_effect_before_anything_is_kept(home: Path) -> None:
    seen: list[tuple[str, bool]] = []

    def guard(snapshot: Snapshot, effect: Effect) -> None:
        seen.append((snapshot.id, effect.existed))
        raise LookupError

    async def check() -> None:
        engine = Watched(home)
        with pytest.raises(LookupError):
            await writer_of(engine, home).write(insert(1), guard=guard)
        assert seen == [(engine.snapshot.id, True)]
        assert engine.steps == ["evaluate"]

    run(check())


def test_a_stale_write_is_made_again_on_the_newer_snapshot(home: Path) -> None:
    async def check() -> None:
        engine, other = Watched(home), EngineAtHand(EmptyBase(), home)
        await writer_of(other, home).write(insert(1))
        written = await writer_of(engine, home).write(insert(2))
        assert engine.steps == ["evaluate", "commit", "swap"] * 2
        assert written.snapshot.manifest.quads == 2

    run(check())


def test_a_write_that_is_always_stale_gives_up(home: Path) -> None:
    async def check() -> None:
        engine = Watched(home)
        engine.reply = lambda request: CommitReply(request.expected, is_stale=True)
        with pytest.raises(Overloaded):
            await writer_of(engine, home).write(insert(1))
        assert engine.steps.count("evaluate") == 5

    run(check())


def test_a_client_that_leaves_ends_the_evaluation(home: Path) -> None:
    async def check() -> None:
        engine = Watched(home)
        engine.gate.clear()
        writer = writer_of(engine, home)
        task = asyncio.create_task(writer.write(insert(1)))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        engine.gate.set()
        await writer.finish()
        assert engine.steps == ["evaluate"]
        assert (await writer.write(insert(2))).snapshot.manifest.quads == 1

    run(check())


def test_a_client_that_leaves_ends_no_commit(home: Path) -> None:
    async def check() -> None:
        engine = Watched(home)
        writer = writer_of(engine, home)
        task = asyncio.create_task(writer.write(insert(1)))
        while "commit" not in engine.steps:
            await asyncio.sleep(0)
        engine.gate.clear()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        later = asyncio.create_task(writer.write(insert(2)))
        await asyncio.sleep(0.01)
        assert engine.steps == ["evaluate", "commit"], "the next write waits for its turn"
        engine.gate.set()
        assert (await later).snapshot.manifest.quads == 2

    run(check())


def test_who_stops_the_server_waits_for_what_is_under_way(home: Path) -> None:
    async def check() -> None:
        engine = Watched(home)
        writer = writer_of(engine, home)
        await writer.finish()
        task = asyncio.create_task(writer.write(insert(1)))
        await asyncio.sleep(0)
        await writer.finish()
        assert engine.snapshot.manifest.quads == 1
        await task

    run(check())


def test_a_write_that_is_kept_but_not_served_says_so(home: Path) -> None:
    async def check() -> None:
        engine = Watched(home)

        async def fail(snapshot: Snapshot) -> None:
            raise OSError("no room")

        engine.swap = fail  # type: ignore[method-assign]
        with pytest.raises(NotServed, match=r"is kept in snapshot .* do not repeat it"):
            await writer_of(engine, home).write(insert(1))
        assert get_current(engine.base.home(home)).manifest.quads == 1

    run(check())


def test_whoever_served_the_snapshot_first_did_enough(home: Path) -> None:
    async def check() -> None:
        engine = Watched(home)
        writer = writer_of(engine, home)
        commit = engine.commit

        async def commit_and_serve(request: CommitRequest) -> CommitReply:
            reply = await commit(request)
            await engine.swap(get_current(engine.base.home(home)))
            return reply

        engine.commit = commit_and_serve  # type: ignore[method-assign]
        await writer.write(insert(1))
        assert engine.steps == ["evaluate", "commit", "swap"]

    run(check())
