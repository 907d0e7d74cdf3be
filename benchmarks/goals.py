"""The goals, each a ratio of figures of the same run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.questions import QUERIES
from benchmarks.results import Results
from benchmarks.tasks import HELLO

__all__ = ["GOALS", "VIOLATIONS", "Goal", "Peers", "growth"]


class Peers(StrEnum):
    """The names of the servers, as figures have them."""

    MEMORY = "sarcoma-kg, memory"
    DISK = "sarcoma-kg, disk"
    OXIGRAPH_MEMORY = "oxigraph serve, memory"
    OXIGRAPH_DISK = "oxigraph serve, disk"
    RDFLIB = "rdflib-endpoint"
    HELLO = "bare ASGI on uvicorn"


_PATH, _CARD, _ASK, _MANY = "path subClassOf*", "OPTIONAL card", "ASK", "10,000 rows"
_SMALL = (_ASK, _PATH, "3-hop")

VIOLATIONS = 20
"""Errors that are seeded in the graph whose validation is timed."""


@dataclass(frozen=True)
class Goal:
    """A goal: what it compares, in which mode of ours, the bound, and how it is measured.

    ``measure`` returns None where the run did not measure it.
    """

    text: str
    mode: str
    bound: float
    is_least: bool
    measure: Callable[[Results], float | None]
    unit: str = "x"

    @property
    def wanted(self) -> str:
        """The bound in words."""
        return f"{'≥' if self.is_least else '≤'} {self.bound:g}{self.shown_unit}"

    @property
    def shown_unit(self) -> str:
        """The unit after a number."""
        return self.unit if self.unit == "x" else f" {self.unit}"

    def is_reached(self, value: float) -> bool:
        """Tell whether a value reaches the goal."""
        return value >= self.bound if self.is_least else value <= self.bound


def growth(results: Results, peer: str, question: str) -> float | None:
    """Return how much more a fresh question costs at the largest size than at the smallest."""
    sizes = results.options["sizes"]
    if len(sizes) < 2:
        return None
    first = results.comparable(sizes[0], peer, question)
    last = results.comparable(sizes[-1], peer, question)
    return last / first if first and last else None


def _cheaper(
    peer: str, questions: Iterable[str], mode: str = "fresh", own: str = Peers.MEMORY
) -> Callable[[Results], float | None]:
    """Return what gives how many times cheaper ours is, of several questions the worst."""

    def measure(results: Results) -> float | None:
        size = results.options["compared at"]
        found = [
            (
                results.comparable(size, peer, question, mode),
                results.comparable(size, own, question, mode),
            )
            for question in questions
        ]
        ratios = [theirs / ours for theirs, ours in found if theirs and ours]
        return min(ratios) if len(ratios) == len(found) else None

    return measure


def _against_hello(results: Results) -> float | None:
    size = results.options["compared at"]
    ours = results.comparable(size, Peers.MEMORY, _ASK, "cached")
    hello = results.comparable(size, Peers.HELLO, HELLO, "cached")
    return ours / hello if ours and hello else None


def _unchanged(results: Results) -> float | None:
    size = results.options["compared at"]
    ours = results.comparable(size, Peers.MEMORY, _ASK, "304")
    cached = results.comparable(size, Peers.MEMORY, _ASK, "cached")
    return ours / cached if ours and cached else None


def _inside(part: str, name: str) -> Callable[[Results], float | None]:
    def measure(results: Results) -> float | None:
        found = results.inside.get(part, {}).get(name)
        return None if found is None else float(found)

    return measure


def _building(results: Results) -> float | None:
    held = results.inside
    names = ("build and validate", "bulk load, disk")
    ours, raw = (held.get(name, {}).get("cpu_seconds") for name in names)
    return float(ours) / float(raw) if ours and raw else None


def _paths(results: Results) -> float | None:
    held = results.inside.get("paths", {})
    if not held.get("same_rows"):
        return None
    return float(held["sparql_microseconds"]) / float(held["route_microseconds"])


def _validation(results: Results) -> float | None:
    held = results.inside.get("validation", {})
    if not held.get("same_violations") or held["violations"] < VIOLATIONS:
        return None
    return float(held["pyshacl_seconds"]) / float(held["ours_seconds"])


def _growth_inside(names: Callable[[str], bool]) -> Callable[[Results], float | None]:
    def measure(results: Results) -> float | None:
        held = results.inside.get("growth in memory", {})
        wanted = [query.name for query in QUERIES if query.is_indexed and names(query.name)]
        measured = [held.get(name) for name in wanted]
        found = [
            sizes[list(sizes)[-1]] / sizes[next(iter(sizes))]
            for sizes in measured
            if isinstance(sizes, dict) and len(sizes) > 1
        ]
        return max(found) if len(found) == len(wanted) else None

    return measure


def _growth_on_disk(results: Results) -> float | None:
    """Return the largest ratio of our growth on disk to that of oxigraph serve."""
    both = [
        (growth(results, Peers.DISK, query.name), growth(results, Peers.OXIGRAPH_DISK, query.name))
        for query in QUERIES
        if query.is_indexed
    ]
    ratios = [ours / theirs for ours, theirs in both if ours and theirs]
    return max(ratios) if len(ratios) == len(both) else None


def _shipped(results: Results) -> float | None:
    if len(results.options["sizes"]) < 2:
        return None
    held = results.inside.get("shipped queries", {}).get("worst")
    return float(held[0][1]) if held else None


GOALS = (
    Goal(
        "fresh path query against `oxigraph serve` on disk",
        "memory",
        1.5,
        True,
        _cheaper(Peers.OXIGRAPH_DISK, [_PATH]),
    ),
    Goal(
        "fresh path query against `oxigraph serve` in memory",
        "memory",
        0.55,
        True,
        _cheaper(Peers.OXIGRAPH_MEMORY, [_PATH]),
    ),
    Goal(
        "cached small answers against `oxigraph serve` in memory",
        "memory",
        1.3,
        True,
        _cheaper(Peers.OXIGRAPH_MEMORY, _SMALL, "cached"),
    ),
    Goal("cached small answer over a bare ASGI hello", "memory", 1.3, False, _against_hello),
    Goal("304 over a cached answer", "memory", 1.0, False, _unchanged),
    Goal(
        "fresh path query against rdflib-endpoint",
        "memory",
        7,
        True,
        _cheaper(Peers.RDFLIB, [_PATH]),
    ),
    Goal(
        "fresh entity card against rdflib-endpoint",
        "memory",
        12,
        True,
        _cheaper(Peers.RDFLIB, [_CARD]),
    ),
    Goal(
        "cached path query against rdflib-endpoint",
        "memory",
        40,
        True,
        _cheaper(Peers.RDFLIB, [_PATH], "cached"),
    ),
    Goal(
        "fresh JSON of 10,000 rows against `oxigraph serve` in memory",
        "memory",
        0.8,
        True,
        _cheaper(Peers.OXIGRAPH_MEMORY, [_MANY]),
    ),
    Goal(
        "path route against its own SPARQL, in process",
        "memory",
        15,
        True,
        _paths,
    ),
    Goal("way to a worker and back", "disk", 80, False, _inside("worker hop", "hop"), "µs"),
    Goal("build and validate over a raw bulk load on disk", "disk", 2.5, False, _building),
    Goal("SHACL against pySHACL, same violations", "memory", 8, True, _validation),
    Goal(
        "growth of indexed queries, in process",
        "memory",
        1.15,
        False,
        _growth_inside(lambda n: n != "3-hop"),
    ),
    Goal(
        "growth of the 3-hop query, in process",
        "memory",
        1.35,
        False,
        _growth_inside(lambda n: n == "3-hop"),
    ),
    Goal(
        "growth of indexed queries over that of `oxigraph serve`",
        "disk",
        1.0,
        False,
        _growth_on_disk,
    ),
    Goal("growth of shipped queries over that of the data", "memory", 1.5, False, _shipped),
    Goal(
        "opening the largest graph and the first answer",
        "disk",
        0.1,
        False,
        _inside("first answer, largest", "seconds"),
        "s",
    ),
    Goal(
        "cold `serve` of the shipped data to the first answer",
        "memory",
        3,
        False,
        _inside("cold start", "seconds"),
        "s",
    ),
)
