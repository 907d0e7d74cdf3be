"""The questions as tasks: how each is asked of each contender, fresh, cached and unchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from benchmarks.client import get_request
from benchmarks.questions import QUERIES, ROUTES, Query, Route
from benchmarks.rounds import Contender, Mode, Task

__all__ = ["HELLO", "all_tasks", "request_of_query", "takes_routes"]

HELLO = "bare hello"
_UNCHANGED = ("ASK", "record")
_QUADRATIC_BELOW = 4000
"""Drugs up to which queries are asked that some engines answer in quadratic time."""


def all_tasks(rounds: int, compared_at: str) -> tuple[Task, ...]:
    """Return all tasks: fresh ones at every size, the others where all peers compete."""
    hello = Task(HELLO, Mode.CACHED, _hello, is_for=_is_hello)
    tasks = (hello, *_queries(), *_routes(rounds), *_unchanged())
    return tuple(
        task if task.mode is Mode.FRESH else replace(task, is_for=_Only(compared_at, task.is_for))
        for task in tasks
    )


@dataclass(frozen=True)
class _Only:
    """Tells contenders of one size from others."""

    size: str
    is_for: Callable[[Contender], bool]

    def __call__(self, contender: Contender) -> bool:
        return contender.size == self.size and self.is_for(contender)


def request_of_query(query: Query, contender: Contender, number: int) -> bytes:
    """Return the request that asks a query of a contender."""
    target = query.target(contender.peer.sparql, number, contender.drugs)
    return get_request(target, accept=query.accept)


def _queries() -> Iterator[Task]:
    for query in QUERIES:
        for mode in (Mode.FRESH, Mode.CACHED):
            asked = partial(request_of_query, query)
            takes = partial(_takes, query)
            yield Task(query.name, mode, asked, is_for=takes)


def _takes(query: Query, contender: Contender) -> bool:
    if _is_hello(contender):
        return False
    return not query.is_quadratic or contender.drugs < _QUADRATIC_BELOW


def _routes(rounds: int) -> Iterator[Task]:
    for route in ROUTES:
        for mode in (Mode.FRESH, Mode.CACHED):
            yield Task(
                route.name,
                mode,
                partial(_request_of_route, route),
                most=partial(_most_fresh if mode is Mode.FRESH else _most_cached, rounds),
                is_for=takes_routes,
            )


def _request_of_route(route: Route, contender: Contender, number: int) -> bytes:
    return get_request(route.target(number, contender.drugs))


def _most_fresh(rounds: int, contender: Contender) -> int:
    """Return how many requests a round may have so that no drug is asked about twice."""
    return max(1, (contender.drugs - 2) // rounds)


def _most_cached(rounds: int, contender: Contender) -> int:  # noqa: ARG001
    return 400


def _unchanged() -> Iterator[Task]:
    for task in (*_queries(), *_routes(1)):
        if task.mode is Mode.CACHED and task.question in _UNCHANGED:
            yield Task(task.question, Mode.UNCHANGED, _Tagged(task), is_for=takes_routes)


class _Tagged:
    """Makes requests with the tag of an answer that was asked for once."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._made: dict[str, bytes] = {}

    def __call__(self, contender: Contender, number: int) -> bytes:
        key = f"{contender.size} {contender.peer.name}"
        if key not in self._made:
            plain = self._task.request(contender, number)
            (answer,) = contender.client.ask([plain])
            head = plain.removesuffix(b"\r\n")
            self._made[key] = head + f"If-None-Match: {answer.tag}\r\n\r\n".encode()
        return self._made[key]


def _hello(contender: Contender, number: int) -> bytes:  # noqa: ARG001
    return get_request("/")


def _is_hello(contender: Contender) -> bool:
    return contender.peer.name.startswith("bare")


def takes_routes(contender: Contender) -> bool:
    """Tell whether a contender has the JSON routes: ours, but for the largest graphs.

    There the first answers take minutes, as docs/scale.md tells.
    """
    return contender.peer.is_ours and contender.drugs < _QUADRATIC_BELOW
