"""Counts of tests passed and missed, by suite, as the table that is printed and documented."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from w3c_manifest import Case, Suite
from w3c_runner import Miss

__all__ = ["Count", "count", "show_counts"]

_SHOWN = (
    Suite.QUERY,
    Suite.UPDATE,
    Suite.SYNTAX,
    Suite.RESULTS,
    Suite.PROTOCOL,
    Suite.GRAPH_STORE,
    Suite.SERVICE_DESCRIPTION,
)


@dataclass(frozen=True)
class Count:
    """How many tests a suite has, pass, and pass where all literals are compared by value."""

    tests: int
    passed: int
    by_value: int

    def __add__(self, other: Count) -> Count:
        return Count(
            self.tests + other.tests, self.passed + other.passed, self.by_value + other.by_value
        )


def count(cases: Iterable[Case], misses: Mapping[str, Miss]) -> dict[str, Count]:
    """Return the counts by suite, and those of all."""
    counts = {str(suite): Count(0, 0, 0) for suite in _SHOWN}
    for case in cases:
        if case.suite in _SHOWN:
            miss = misses.get(case.name)
            one = Count(1, int(miss is None), int(miss is None or miss.is_lexical))
            counts[case.suite] += one
    return {**counts, "all": sum(counts.values(), Count(0, 0, 0))}


def show_counts(counts: Mapping[str, Count]) -> list[str]:
    """Return the lines of a table."""
    rows = [("suite", "tests", "passed", "by value")]
    rows += [
        (name, str(each.tests), str(each.passed), str(each.by_value))
        for name, each in counts.items()
    ]
    return [f"{name:<20}{tests:>6}{passed:>8}{value:>10}" for name, tests, passed, value in rows]
