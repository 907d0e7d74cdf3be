"""Long answers about paths: one of a client at a time, until the client has taken it."""

from __future__ import annotations

import asyncio

import pytest

from api.failures import Overloaded, TooManyRequests
from api.path_room import PathGate


class Work:
    """Work that goes on until it is let go."""

    def __init__(self) -> None:
        self.under_way = 0
        self.most = 0
        self.done = 0
        self.go = asyncio.Event()

    async def __call__(self) -> None:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await self.go.wait()
        self.under_way -= 1
        self.done += 1


def test_a_client_has_one_at_a_time_and_others_have_theirs() -> None:
    async def run() -> tuple[int, int]:
        gate, own, other = PathGate(), Work(), Work()
        tasks = [asyncio.create_task(gate.enter("a", own)) for _ in range(4)]
        tasks.append(asyncio.create_task(gate.enter("b", other)))
        await asyncio.sleep(0.01)
        assert (own.under_way, other.under_way) == (1, 1)
        own.go.set()
        other.go.set()
        await asyncio.gather(*tasks)
        return own.most, own.done

    assert asyncio.run(run()) == (1, 4)


def test_more_than_may_wait_are_refused_and_nothing_is_left_behind() -> None:
    async def run() -> None:
        gate, work = PathGate(most_waiting=1, most=1), Work()
        tasks = [asyncio.create_task(gate.enter("a", work)) for _ in range(2)]
        await asyncio.sleep(0.01)
        with pytest.raises(TooManyRequests):
            await gate.enter("a", work)
        with pytest.raises(Overloaded, match="long answers about paths"):
            await gate.enter("b", work)
        tasks[1].cancel()
        work.go.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        await gate.enter("b", work)
        assert work.done == 2

    asyncio.run(run())
