"""Interleaved rounds: every question asked of every peer in turn, again and again."""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from benchmarks.client import Answer, Client, Unanswered, get_request
from benchmarks.peers import Peer
from benchmarks.process_cost import cpu_by_thread, spent_since

__all__ = ["Cell", "Contender", "Measurements", "Mode", "Sample", "Task", "measure_rounds"]

_SETTLING = 0.003
_MOST_REQUESTS = 400
_WARM = 2
_ASKED_BEFORE = 2


class Mode(StrEnum):
    """Whether an answer may have been kept."""

    FRESH = "fresh"
    CACHED = "cached"
    UNCHANGED = "304"


@dataclass(frozen=True, order=True)
class Cell:
    """What a figure is of: the size of the graph, the peer, the question, and how it was asked."""

    size: str
    peer: str
    question: str
    mode: Mode


@dataclass(frozen=True)
class Sample:
    """One batch: microseconds a request of processor time, and by the clock."""

    cpu: float
    wall: float
    requests: int


@dataclass(frozen=True)
class Contender:
    """A peer with a graph of a size and so many drugs in it."""

    size: str
    peer: Peer
    client: Client
    drugs: int


@dataclass(frozen=True)
class Task:
    """A question asked in a mode; ``request`` makes the bytes for a number and a contender.

    ``most`` is how many requests may be asked of a contender in one round: there may be no more
    drugs to ask about. ``is_for`` tells which contenders it is for.
    """

    question: str
    mode: Mode
    request: Callable[[Contender, int], bytes]
    most: Callable[[Contender], int] = lambda _: _MOST_REQUESTS
    is_for: Callable[[Contender], bool] = lambda _: True


@dataclass
class Measurements:
    """All samples, by what they are of, and why others are missing."""

    samples: dict[Cell, list[Sample]] = field(default_factory=lambda: defaultdict(list))
    failures: dict[Cell, str] = field(default_factory=dict)

    def cpu(self, cell: Cell) -> float | None:
        """Return the median of processor microseconds a request, if there is one."""
        found = self.samples.get(cell)
        return statistics.median(each.cpu for each in found) if found else None

    def wall(self, cell: Cell) -> float | None:
        """Return the median of microseconds by the clock a request, if there is one."""
        found = self.samples.get(cell)
        return statistics.median(each.wall for each in found) if found else None

    def cells(self) -> Iterator[Cell]:
        """Yield what there are samples of, in order."""
        return iter(sorted(self.samples))


def measure_rounds(
    tasks: Sequence[Task],
    contenders: Sequence[Contender],
    *,
    rounds: int,
    seconds: float,
    note: Callable[[str], None],
) -> Measurements:
    """Return the samples of some rounds, each batch about so many seconds long.

    What fails once, or takes longer than its client waits, is not asked again.
    """
    found = Measurements()
    sizes: dict[Cell, int] = {}
    for turn in range(rounds):
        note(f"round {turn + 1} of {rounds}")
        for task in tasks:
            for contender in contenders:
                cell = Cell(contender.size, contender.peer.name, task.question, task.mode)
                if cell in found.failures or not task.is_for(contender):
                    continue
                try:
                    if cell not in sizes:
                        sizes[cell] = _fitting(task, contender, seconds)
                    numbers = _numbers(task, contender, turn, sizes[cell])
                    found.samples[cell].append(_batch(task, contender, numbers))
                except (Unanswered, ValueError) as error:
                    found.failures[cell] = str(error)
    return found


def _fitting(task: Task, contender: Contender, seconds: float) -> int:
    """Return how many requests take about so many seconds, after a few that warm."""
    most = max(1, task.most(contender))
    taken = 0.0
    contender.client.renew(get_request(contender.peer.lightest))
    for number in range(min(_WARM, most)):
        start = time.perf_counter()
        _checked(task, contender.client.ask([task.request(contender, number)]))
        taken = time.perf_counter() - start
        if taken > seconds:
            break
    return max(1, min(most, int(seconds / max(taken, 1e-5) * 1.5)))


def _numbers(task: Task, contender: Contender, turn: int, count: int) -> Iterable[int]:
    """Return numbers that no earlier round has had, as far as there are drugs."""
    if task.mode is not Mode.FRESH:
        return [0] * count
    first = _WARM + turn * min(task.most(contender), _MOST_REQUESTS)
    return range(first, first + count)


def _batch(task: Task, contender: Contender, numbers: Iterable[int]) -> Sample:
    requests = [task.request(contender, number) for number in numbers]
    contender.client.renew(get_request(contender.peer.lightest))
    if task.mode is Mode.CACHED:
        # What was asked since the last round may have taken the place of what was kept.
        for _ in range(_ASKED_BEFORE):
            _checked(task, contender.client.ask(requests[:1]))
    before, start = cpu_by_thread(contender.peer.process), time.perf_counter()
    answers = contender.client.ask(requests)
    taken = time.perf_counter() - start
    time.sleep(_SETTLING)
    spent = spent_since(before, contender.peer.process)
    _checked(task, answers)
    return Sample(spent / 1e3 / len(requests), taken * 1e6 / len(requests), len(requests))


def _checked(task: Task, answers: Sequence[Answer]) -> None:
    """Raise ValueError for an answer that is none, or is another one than before."""
    wanted = 304 if task.mode is Mode.UNCHANGED else 200
    for answer in answers:
        if answer.status != wanted:
            text = answer.body[:200].decode("utf-8", "replace")
            raise ValueError(f"status {answer.status}: {text}")
        if wanted == 200 and not answer.body:
            raise ValueError("an empty body")
    if task.mode is Mode.CACHED and len({answer.body for answer in answers}) > 1:
        raise ValueError("the same request was answered in several ways")
