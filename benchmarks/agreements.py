"""The answers of all engines to the same queries, compared with one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.answers import Agreement, Rows, compare, read_rows
from benchmarks.client import Unanswered
from benchmarks.questions import QUERIES, Query
from benchmarks.rounds import Contender
from benchmarks.tasks import request_of_query

__all__ = ["compare_answers"]

_NUMBERS = (1_000_000, 1_000_003, 1_000_017)
"""Beyond those of the rounds, so that no answer is kept before it is asked for fresh."""


def compare_answers(
    contenders: Sequence[Contender], note: Callable[[str], None]
) -> dict[str, dict[str, str]]:
    """Return for each query and engine at one size how its answers compare with the first one's."""
    reference, *others = contenders
    found: dict[str, dict[str, str]] = {}
    for query in QUERIES:
        note(f"comparing answers: {query.name}")
        expected = [_rows(query, reference, number) for number in _NUMBERS]
        found[query.name] = {"rows": str(sum(expected[0].values()) if expected[0] else 0)}
        for other in others:
            found[query.name][other.peer.name] = _agreement(query, other, expected)
    return found


def _agreement(query: Query, other: Contender, expected: Sequence[Rows | None]) -> str:
    worst = Agreement.EQUAL
    for number, rows in zip(_NUMBERS, expected, strict=True):
        try:
            answered = _rows(query, other, number)
        except (SyntaxError, ValueError) as error:
            return f"unreadable: {error}"
        if rows is None or answered is None:
            return "not finished"
        found = compare(rows, answered)
        if found is Agreement.DIFFERENT:
            return f"different: {sum((rows - answered).values())} rows missing, " + (
                f"{sum((answered - rows).values())} more"
            )
        worst = max(worst, found, key=list(Agreement).index)
    return worst.value


def _rows(query: Query, contender: Contender, number: int) -> Rows | None:
    request = request_of_query(query, contender, number)
    contender.client.close()
    try:
        (answer,) = contender.client.ask([request])
    except Unanswered:
        return None
    return read_rows(answer.body, query.accept) if answer.status == 200 else None
