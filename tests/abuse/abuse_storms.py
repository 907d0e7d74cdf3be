"""Attacks by numbers: many runaways at once, long answers, and processes killed from outside."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

from abuse_case import ANSWERED, OVERRUN, Case
from abuse_processes import descendants
from abuse_runaways import ENDLESS, GROWING_QUERIES
from abuse_wire import CUT, Answer, Target

__all__ = ["at_once", "rows", "storm_cases"]

BUSY = frozenset({429, 503})
KILLED = frozenset({500, 502, 503}) | {CUT}


def storm_cases() -> Iterator[Case]:
    """Return every attack by numbers, and by signals to the server's own processes."""
    yield Case(
        "20 runaways at once",
        "each from a connection of its own, all of one client",
        lambda target: at_once(target, [ENDLESS] * 20),
        OVERRUN | BUSY,
        frozenset({504}),
        seconds=12,
    )
    yield Case(
        "20 memory bombs at once",
        "of every kind",
        lambda target: at_once(target, [*GROWING_QUERIES.values()] * 2),
        OVERRUN | BUSY,
        seconds=12,
    )
    yield Case(
        "100 refused queries at once",
        "syntax errors and SERVICE",
        lambda target: at_once(target, ["SELECT", "ASK { SERVICE <urn:x> {} }"] * 50),
        frozenset({400, 403}) | BUSY,
    )
    yield Case(
        "1,000,000 rows", "read as fast as they come", lambda target: rows(target, 50), ANSWERED
    )
    yield Case(
        "five times 1,000,000 rows",
        "read at once",
        lambda target: at_once(target, [_rows(50)] * 5),
        ANSWERED | BUSY | {CUT, 504},
        seconds=12,
    )
    yield Case(
        "6 updates at once",
        "of which each adds a triple",
        _updates,
        frozenset({200, 429, 503}),
        frozenset({200}),
        seconds=20,
    )
    for name, (victims, number) in SIGNALS.items():
        yield Case(
            f"signal: {name}",
            signal.Signals(number).name,
            _struck(victims, number),
            ANSWERED,
            seconds=8,
            pause=5,
        )


def at_once(target: Target, queries: Sequence[str]) -> list[Answer]:
    """Ask all queries at the same time."""
    with ThreadPoolExecutor(len(queries)) as threads:
        return list(threads.map(target.ask, queries))


def _rows(times: int) -> str:
    return f"SELECT ?a ?n {{ ?a <urn:next> ?b VALUES ?n {{ {' '.join(map(str, range(times)))} }} }}"


def rows(target: Target, times: int) -> Iterable[Answer]:
    """Ask for so many times 20,000 rows, and see that each came."""
    answer = target.ask(_rows(times), accept="text/csv")
    assert answer.status != 200 or answer.body.count(b"\n") == 20_000 * times + 1
    return [answer]


def _updates(target: Target) -> Iterable[Answer]:
    texts = [f"INSERT DATA {{ <urn:s> <urn:p> {n} }}" for n in range(6)]
    with ThreadPoolExecutor(len(texts)) as threads:
        return list(threads.map(replace(target, patience=20).update, texts))


def _parents(pid: int) -> list[int]:
    return descendants(pid)[:1]


def _workers(pid: int) -> list[int]:
    return [each for each in descendants(pid) if not descendants(each)]


SIGNALS: dict[str, tuple[Callable[[int], list[int]], int]] = {
    "every worker killed": (_workers, signal.SIGKILL),
    "every worker stopped": (_workers, signal.SIGSTOP),
    "every process interrupted": (descendants, signal.SIGINT),
    "every process asked to end": (descendants, signal.SIGTERM),
    "the parent of the workers killed": (_parents, signal.SIGKILL),
    "every process killed": (descendants, signal.SIGKILL),
}
"""Signals to the processes below the server, which are its own, and end with it."""


def _struck(
    victims: Callable[[int], list[int]], number: int
) -> Callable[[Target], Iterable[Answer]]:
    """Strike while queries run; what they get is a failure, and the next one is answered."""

    def attack(target: Target) -> Iterable[Answer]:
        with ThreadPoolExecutor() as threads:
            running = [threads.submit(target.ask, ENDLESS, timeout="1.5") for _ in range(2)]
            time.sleep(0.4)
            for pid in victims(target.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
            struck = [each.result() for each in running]
        assert all(each.status in KILLED | OVERRUN for each in struck), struck
        yield target.get(f"ASK {{}} # after {number}")

    return attack
