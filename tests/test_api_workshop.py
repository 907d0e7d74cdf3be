"""What takes long is made beside the server's loop, a few at a time, and clients take turns."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from api.engine import Engine
from api.failures import Overloaded, QueryCrashed, TooManyRequests
from api.fair_gate import FairGate
from api.messages import Head, QueryRequest
from api.reply import Reply
from api.workshop import Workshop, engine_from_afar


class StandIn:
    """An engine that insists on the loop that it belongs to."""

    def __init__(self) -> None:
        self.home = asyncio.get_running_loop()
        self.snapshot = "a snapshot"

    @asynccontextmanager
    async def ask_for_server(self, request: QueryRequest) -> AsyncIterator[Reply]:
        assert asyncio.get_running_loop() is self.home
        if request.query == "crash":
            raise QueryCrashed("the query made the engine fail")

        async def pieces() -> AsyncIterator[bytes]:
            for letter in request.query:
                await asyncio.sleep(0)
                yield letter.encode()

        yield Reply(Head("ASK", "x", "x", is_volatile=False), pieces(), "5" * 64)


async def ask(engine: Engine, query: str) -> tuple[bytes, str, str]:
    async with engine.ask_for_server(QueryRequest(query)) as reply:
        return await reply.read(), reply.snapshot, threading.current_thread().name


def test_work_is_done_elsewhere_and_asks_the_engine_at_home() -> None:
    async def run() -> None:
        workshop, engine = Workshop(), engine_from_afar(cast(Engine, StandIn()))
        assert await workshop.make(ask(engine, "abc")) == (b"abc", "5" * 64, "workshop")
        assert cast(Any, engine.snapshot) == "a snapshot"
        with pytest.raises(QueryCrashed):
            await workshop.make(ask(engine, "crash"))
        workshop.close()
        assert await workshop.make(ask(engine, "again")) == (b"again", "5" * 64, "workshop")
        workshop.close()

    asyncio.run(run())


def test_the_loop_goes_on_while_work_is_done() -> None:
    async def toil() -> None:
        until = time.monotonic() + 0.5
        while time.monotonic() < until:
            pass

    async def run() -> float:
        workshop = Workshop()
        made = asyncio.create_task(workshop.make(toil()))
        longest = 0.0
        while not made.done():
            start = time.monotonic()
            await asyncio.sleep(0.001)
            longest = max(longest, time.monotonic() - start)
        workshop.close()
        return longest

    assert asyncio.run(run()) < 0.4


def test_closing_gives_up_what_is_being_made() -> None:
    given_up: list[bool] = []

    async def endless() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            given_up.append(True)

    async def run() -> None:
        workshop = Workshop()
        waiting = asyncio.create_task(workshop.make(endless()))
        await asyncio.sleep(0.1)
        workshop.close()
        assert given_up
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(run())
    Workshop().close()


def test_clients_take_turns_however_much_one_wants() -> None:
    order: list[str] = []

    async def pass_through(gate: FairGate, client: str) -> None:
        async with gate.enter(client):
            order.append(client)
            await asyncio.sleep(0)

    async def run() -> None:
        gate = FairGate(1)
        async with gate.enter("first"):
            greedy = [asyncio.create_task(pass_through(gate, "greedy")) for _ in range(5)]
            await asyncio.sleep(0)
            modest = [asyncio.create_task(pass_through(gate, "modest")) for _ in range(2)]
            await asyncio.sleep(0)
        await asyncio.gather(*greedy, *modest)
        async with gate.enter("later"):
            order.append("later")

    asyncio.run(run())
    assert order == ["greedy", "modest", "greedy", "modest", *["greedy"] * 3, "later"]


def test_no_more_than_the_size_are_let_through() -> None:
    inside = most = 0

    async def pass_through(gate: FairGate) -> None:
        nonlocal inside, most
        async with gate.enter("x"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    async def run() -> None:
        gate = FairGate(3)
        await asyncio.gather(*(pass_through(gate) for _ in range(20)))

    asyncio.run(run())
    assert most == 3


def test_too_many_are_sent_away() -> None:
    async def run() -> None:
        gate = FairGate(1, most_of_one=1, most=2)
        async with gate.enter("a"):
            for client, refusal in (("a", TooManyRequests), ("b", None), ("c", Overloaded)):
                waits = asyncio.create_task(gate.enter(client).__aenter__())
                await asyncio.sleep(0)
                if client == "a":
                    with pytest.raises(TooManyRequests):
                        await gate.enter("a").__aenter__()
                if refusal is Overloaded:
                    with pytest.raises(Overloaded):
                        await waits
                else:
                    assert not waits.done()

    asyncio.run(run())


def test_who_gives_up_waiting_passes_the_turn_on() -> None:
    async def run() -> None:
        gate = FairGate(1)

        async def wait() -> str:
            async with gate.enter("x"):
                return "through"

        async with gate.enter("x"):
            first, second = asyncio.create_task(wait()), asyncio.create_task(wait())
            await asyncio.sleep(0)
            first.cancel()
        assert await second == "through"
        async with gate.enter("x"):
            late = asyncio.create_task(wait())
            await asyncio.sleep(0)
        late.cancel()  # its turn has come already
        async with asyncio.timeout(1), gate.enter("y"):
            pass

    asyncio.run(run())
