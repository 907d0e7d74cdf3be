from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps

import pytest

from api.failures import Overloaded, TooManyRequests
from api.messages import Kind
from api.queue import Queue, Turns
from api.ticket import Ticket


def in_loop(test: Callable[..., Coroutine[None, None, None]]) -> Callable[..., None]:
    """Run a test in an event loop, which tickets need."""

    @wraps(test)
    def run(*given: object, **named: object) -> None:
        asyncio.run(test(*given, **named))

    return run


def ticket(name: str) -> Ticket:
    """Return a ticket of the client that the first letter names."""
    return Ticket(name[0], Kind.QUERY, name.encode())


def names(take: Callable[[], Ticket | None]) -> list[str]:
    return [found.request.decode() for found in iter(take, None)]


def entered(queue: Queue, *given: str) -> dict[str, Ticket]:
    tickets = {name: ticket(name) for name in given}
    for each in tickets.values():
        queue.enter(each)
    return tickets


@in_loop
async def test_clients_take_turns_and_each_client_is_served_in_order() -> None:
    turns = Turns()
    for name in ("a1", "a2", "a3", "b1", "c1", "b2"):
        turns.add(ticket(name))
    assert names(turns.take_oldest) == ["a1", "b1", "c1", "a2", "b2", "a3"]


@in_loop
async def test_the_express_lane_takes_the_newest_of_each_client() -> None:
    turns = Turns()
    for name in ("a1", "a2", "a3", "b1", "b2"):
        turns.add(ticket(name))
    assert names(turns.take_newest) == ["a3", "b2", "a2", "b1", "a1"]


@in_loop
async def test_a_ticket_that_is_tasted_is_passed_over_by_the_workers() -> None:
    queue = Queue(limit=10, share=10)
    entered(queue, "a1", "a2", "b1")
    tasted = queue.take_for_taste()
    assert tasted is not None
    assert tasted.request == b"a2"
    assert names(queue.take_for_worker) == ["a1", "b1"]
    queue.go_on(tasted)
    assert names(queue.take_for_worker) == ["a2"]


@in_loop
async def test_a_client_gets_its_share_and_others_the_rest() -> None:
    queue = Queue(limit=4, share=2)
    tickets = entered(queue, "a1", "a2", "a3", "b1", "c1", "c2")
    assert [name for name, each in tickets.items() if each.has_place] == ["a1", "a2", "b1", "c1"]
    while tasted := queue.take_for_taste():
        queue.go_on(tasted)
    with pytest.raises(TooManyRequests):
        _ = tickets["a3"].turn
    with pytest.raises(Overloaded) as refusal:
        _ = tickets["c2"].turn
    assert not isinstance(refusal.value, TooManyRequests)
    assert len(queue) == 4


@in_loop
async def test_who_had_no_place_finds_one_that_became_free_meanwhile() -> None:
    queue = Queue(limit=1, share=1)
    tickets = entered(queue, "a1", "b1")
    tasted = queue.take_for_taste()
    while tasted and tasted is not tickets["b1"]:
        queue.go_on(tasted)
        tasted = queue.take_for_taste()
    assert queue.take_for_worker() is tickets["a1"]
    queue.go_on(tickets["b1"])
    assert tickets["b1"].has_place
    assert queue.take_for_worker() is tickets["b1"]
    assert len(queue) == 0


@in_loop
async def test_the_number_of_those_without_a_place_is_bounded_too() -> None:
    queue = Queue(limit=2, share=2)
    tickets = entered(queue, *(f"a{number}" for number in range(6)))
    refused = [name for name, each in tickets.items() if each.is_settled]
    assert refused == ["a2", "a3"]
    assert len(queue) == 4
    for each in tickets.values():
        if each.is_settled:
            assert isinstance(each.refusal, TooManyRequests)


@in_loop
async def test_who_leaves_is_nowhere_any_more() -> None:
    queue = Queue(limit=2, share=2)
    tickets = entered(queue, "a1", "a2", "a3")
    for each in tickets.values():
        queue.leave(each)
        queue.leave(each)
    assert len(queue) == 0
    assert queue.take_for_taste() is None
    assert queue.take_for_worker() is None


@pytest.mark.parametrize(("seconds", "told"), [(0.0, 1), (0.7, 2), (100.0, 60)])
@in_loop
async def test_who_is_refused_is_told_when_to_come_back(seconds: float, told: int) -> None:
    queue = Queue(limit=2, share=2)
    queue.seconds_each = seconds
    tickets = entered(queue, "a1", "a2", "a3")
    queue.refuse(tickets["a3"])
    refusal = tickets["a3"].refusal
    assert isinstance(refusal, Overloaded)
    assert refusal.retry_after == told
