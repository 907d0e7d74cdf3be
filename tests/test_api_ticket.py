"""What a ticket waits for comes once, to who listens or awaits it, and is never lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, cast

import pytest

from api import lanes
from api.crew import Crew, Worker
from api.lanes import ExpressLane
from api.messages import Head, Kind
from api.queue import Queue
from api.reply import Reply
from api.ticket import Ticket

REPLY = Reply(Head("ASK", "text/csv", "text/csv", False), b"true", "snapshot")


class Given:
    """Stands for the crew of a worker, and counts how often it came back."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    def give_back(self, worker: Worker, why: str) -> None:
        self.reasons.append(why)


def worker_of(crew: Given) -> Worker:
    worker = Worker.__new__(Worker)
    worker.crew = cast(Crew, crew)
    return worker


def ticket(name: str = "a") -> Ticket:
    return Ticket(name, Kind.QUERY, name.encode())


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(test())


def test_who_listens_hears_of_a_worker_at_once_and_of_all_else_soon() -> None:
    async def main() -> None:
        heard: list[str] = []
        one, two, three = ticket(), ticket(), ticket()
        one.listen(lambda: heard.append("worker"))
        two.listen(lambda: heard.append("reply"))
        three.listen(lambda: heard.append("refusal"))
        two.give(REPLY)
        three.refuse(KeyError("full"))
        one.give(worker_of(Given()))
        assert heard == ["worker"]
        await asyncio.sleep(0)
        assert heard == ["worker", "reply", "refusal"]

    run(main)


def test_who_listens_late_hears_too_and_nobody_hears_twice() -> None:
    async def main() -> None:
        heard: list[int] = []
        settled = ticket()
        settled.refuse(KeyError("full"))
        settled.listen(lambda: heard.append(1))
        settled.listen(lambda: heard.append(2))
        for _ in range(3):
            await asyncio.sleep(0)
        assert heard == [1, 2]

    run(main)


def test_who_awaits_has_it_before_or_after_it_came() -> None:
    async def main() -> None:
        early, late, refused = ticket(), ticket(), ticket()
        early.give(REPLY)
        assert await early.wait() is REPLY
        waiting = asyncio.create_task(late.wait())
        await asyncio.sleep(0)
        late.give(REPLY)
        assert await waiting is REPLY
        refused.refuse(KeyError("full"))
        with pytest.raises(KeyError, match="full"):
            await refused.wait()

    run(main)


def test_a_worker_for_who_has_left_is_given_back_once() -> None:
    async def main() -> None:
        crew, left = Given(), ticket()
        waiting = asyncio.create_task(left.wait())
        await asyncio.sleep(0)
        left.give(worker_of(crew))
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        left.abandon()
        left.abandon()
        assert crew.reasons == ["unwanted"]
        assert left.is_settled

    run(main)


def test_nothing_is_there_before_it_comes() -> None:
    early = ticket()
    assert not early.is_settled
    with pytest.raises(RuntimeError, match="not come"):
        _ = early.turn


class Idle:
    """Stands for the crew of the express lane, which always has somebody."""

    has_idle = True

    def take_idle(self) -> Worker:
        return worker_of(Given())


class Lane(ExpressLane):
    """Writes down who is tasted."""

    def __init__(self, queue: Queue) -> None:
        super().__init__(queue, lambda: None)
        self.tasted: list[str] = []

    async def _taste(self, crew: Crew, worker: Worker, ticket: Ticket) -> None:
        self.tasted.append(ticket.client)


@pytest.mark.parametrize(("moving", "soonest"), [(True, lanes._MOST_MOMENTS), (False, 1)])
def test_a_taste_waits_for_some_moments_while_workers_come_by(
    monkeypatch: pytest.MonkeyPatch, moving: bool, soonest: int
) -> None:
    """Each moment a worker takes somebody, or does not; what is planned is done by hand here."""

    async def main() -> None:
        planned: list[tuple[Callable[..., None], tuple[object, ...]]] = []
        loop = asyncio.get_running_loop()
        monkeypatch.setattr(
            loop, "call_later", lambda _, what, *given: planned.append((what, given))
        )
        queue = Queue(limit=20, share=20)
        lane = Lane(queue)
        lane.employ(cast(Crew, Idle()))
        for number in range(10):
            queue.enter(ticket(str(number)))
        lane.advance_soon()
        lane.advance_soon()
        moments = 0
        while planned:
            moments += 1
            if moving:
                queue.take_for_worker()
            what, given = planned.pop()
            what(*given)
        await asyncio.sleep(0)
        assert moments == soonest
        assert len(lane.tasted) == (10 - moments if moving else 10)

    run(main)


def test_the_next_taste_follows_at_once_where_no_worker_comes_by() -> None:
    async def main() -> None:
        queue = Queue(limit=20, share=20)
        lane = Lane(queue)
        lane.employ(cast(Crew, Idle()))
        queue.enter(ticket("a"))
        lane.go_on()
        await asyncio.sleep(0)
        assert lane.tasted == ["a"]

    run(main)
