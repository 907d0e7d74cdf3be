"""One attack of the table: what it is called, what it sends, and what may come back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from abuse_wire import CUT, Answer, Target

__all__ = ["ANSWERED", "BROKEN_OFF", "LIMITED", "OVERRUN", "REFUSED", "WRITTEN", "Case"]

ANSWERED = frozenset({200})
WRITTEN = frozenset({200, 201, 204})
REFUSED = frozenset({400, 413})
"""Refused before anything is evaluated: for its size, nesting or length, or its syntax."""

LIMITED = ANSWERED | REFUSED | {504}
"""Of a ladder of sizes the low ones are answered, and the high ones refused; none ends a worker."""

OVERRUN = frozenset({422, 500, 504})
"""Stopped while it was evaluated: at the limit of memory, or at the deadline."""

BROKEN_OFF = frozenset({CUT})


@dataclass(frozen=True)
class Case:
    """An attack: its name, what is sent, and the statuses of which each answer must have one.

    ``required`` are statuses that some answer must have: of a ladder of sizes, the lowest is
    answered, so that what is refused is its size. ``seconds`` may pass until a single answer.
    ``pause`` is how long ``ASK {}`` may be unanswered because processes of the server were killed.
    """

    name: str
    sent: str
    attack: Callable[[Target], Iterable[Answer]]
    expected: frozenset[int]
    required: frozenset[int] = frozenset()
    seconds: float = 5.0
    pause: float = 0.0
