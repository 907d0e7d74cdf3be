"""Whether an endpoint holds what a publication says: counts, blank nodes, and triples compared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kg.problem import Place, Problem
from kg.publish_comparison import Comparison, compare
from kg.publish_endpoint import Endpoint
from kg.publish_lines import read_groups
from kg.publish_plan import Plan

__all__ = ["COMPARED", "Verdict", "verify"]

COMPARED = 200_000
"""Triples that are compared one by one unless another number is asked for."""

_SHOWN = 20


@dataclass(frozen=True)
class Verdict:
    """What a verification found; ``exceptions`` are changes of the engine that keep the values."""

    graphs: int
    triples: int
    compared: int
    subjects: int
    is_whole: bool
    exceptions: tuple[str, ...]
    problems: tuple[Problem, ...]


def verify(
    endpoint: Endpoint, plan: Plan, *, compared: int = COMPARED, tell: Callable[[int, int], None]
) -> Verdict:
    """Compare an endpoint with a plan; ``tell`` hears how many triples of how many were compared.

    ``compared`` is about how many triples are compared one by one: all of them with 0.
    """
    step = 1 if not compared else max(1, -(-plan.triples // compared))
    total = plan.triples // step
    found = Comparison()
    for found in compare(endpoint, plan, read_groups(plan.snapshot.nquads), step):
        tell(min(found.triples, total), total)
    problems = [
        *_wrong_counts(endpoint, plan, found, is_whole=step == 1),
        *_wrong_blank(endpoint, plan),
        *_faults(found),
    ]
    return Verdict(
        len(plan.publication.graphs),
        plan.triples,
        found.triples,
        found.subjects,
        step == 1 and not found.left_out,
        tuple(_exceptions(plan, found)),
        tuple(problems),
    )


def _wrong_counts(
    endpoint: Endpoint, plan: Plan, found: Comparison, *, is_whole: bool
) -> Iterator[Problem]:
    for graph, expected in plan.expected.items():
        rows = endpoint.select(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        counted = int(rows[0]["n"]["value"])
        due = expected - found.merged[graph]
        if counted == due:
            continue
        remedy = "load it again with --restart"
        if not is_whole and counted < due:
            remedy = f"see with --compare 0 whether the engine merged values, or {remedy}"
        what = f"holds {counted:,} triples where the snapshot has {expected:,}"
        yield _problem(graph, f"{what}; {remedy}")


def _wrong_blank(endpoint: Endpoint, plan: Plan) -> Iterator[Problem]:
    """Count the triples whose subject is a blank node, which cannot be asked for one by one."""
    for graph, expected in _blank_counts(plan).items():
        rows = endpoint.select(
            f"SELECT ?p (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} "
            "FILTER(isBlank(?s)) } GROUP BY ?p"
        )
        counted = Counter({row["p"]["value"]: int(row["n"]["value"]) for row in rows})
        for name in sorted({*expected, *counted}):
            if counted[name] != expected[name]:
                what = f"has {counted[name]:,} triples of blank nodes with <{name}>"
                yield _problem(
                    graph, f"{what}, the snapshot {expected[name]:,}; load it again with --restart"
                )


def _blank_counts(plan: Plan) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for graph, parts in plan.blank.items():
        for group in (group for part in parts for group in part):
            if group.subject.startswith(b"_:"):
                counts[graph][group.triple.split(b" ", 2)[1][1:-1].decode()] += 1
    if plan.publication.union and counts:
        counts[plan.publication.union] = sum(counts.values(), Counter())
    return counts


def _faults(found: Comparison) -> Iterator[Problem]:
    for graph, what in found.faults[:_SHOWN]:
        yield _problem(graph, what)
    if len(found.faults) > _SHOWN:
        graph, _ = found.faults[_SHOWN]
        yield _problem(graph, f"and {len(found.faults) - _SHOWN:,} more triples differ")


def _exceptions(plan: Plan, found: Comparison) -> Iterator[str]:
    for kind, count in sorted(found.changes.items()):
        yield f"{kind}: {count:,} of the triples compared, such as {found.examples[kind]}"
    if merged := found.merged.total():
        yield f"equal values merged: {merged:,} triples became one with another"
    if plan.named:
        count = sum(map(len, plan.named))
        yield f"blank nodes as IRIs: {count:,} triples, too many at once or in several graphs"
    if found.left_out:
        yield f"not compared: {found.left_out:,} subjects with too many triples for one answer"
    empty = [graph.name for graph in plan.publication.graphs if not graph.triples]
    if empty:
        yield f"empty graphs stand in the publication only: {', '.join(empty)}"


def _problem(graph: str, message: str) -> Problem:
    return Problem(Place(f"<{graph}>", 0), message)
