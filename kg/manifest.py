"""What a snapshot says of itself: counts, digests of its inputs, tools, validation."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pyoxigraph import QuerySolutions, Store

from kg.inputs import Inputs
from kg.problem import Place, Problem, Severity

__all__ = ["GraphCounts", "Manifest", "Validation", "count_graphs", "read_validation"]


@dataclass(frozen=True)
class GraphCounts:
    """The size of a named graph; a claim is a subject with a passage that is no omission."""

    triples: int
    claims: int


@dataclass(frozen=True)
class Validation:
    """What the gate let through: warnings, infos, and each problem with its place."""

    warnings: int
    infos: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Manifest:
    """The manifest of a snapshot; ``quads`` is the sum of the triples of its graphs."""

    id: str
    quads: int
    graphs: Mapping[str, GraphCounts]
    inputs: Inputs
    validation: Validation
    tools: Mapping[str, str]

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Return the manifest in a JSON text; raises ValueError when it is another thing."""
        try:
            read = json.loads(text)
            return cls(
                id=str(read["id"]),
                quads=int(read["quads"]),
                graphs={iri: GraphCounts(**counts) for iri, counts in read["graphs"].items()},
                inputs=Inputs(**read["inputs"]),
                validation=read_validation(map(_problem, read["validation"]["problems"])),
                tools=dict(read["tools"]),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a manifest of this version: {error!r}") from None

    def to_json(self) -> str:
        """Return the manifest as JSON text, the same for the same manifest."""
        return json.dumps(asdict(self), indent=2, sort_keys=True) + "\n"

    @property
    def claims(self) -> int:
        """How many claims all graphs hold."""
        return sum(counts.claims for counts in self.graphs.values())


def count_graphs(store: Store, *, passage: str) -> dict[str, GraphCounts]:
    """Return the counts of every named graph; ``passage`` is the predicate that marks a claim.

    An omission has a passage too, and claims nothing: what has an ``omissionReason`` from the
    namespace of ``passage`` is not counted.
    """
    reason = passage.removesuffix("passage") + "omissionReason"
    triples = _counts(store, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    claims = _counts(
        store,
        f"SELECT ?g (COUNT(DISTINCT ?s) AS ?n) {{ GRAPH ?g {{ ?s <{passage}> ?o "
        f"FILTER NOT EXISTS {{ ?s <{reason}> ?any }} }} }} GROUP BY ?g",
    )
    return {graph: GraphCounts(triples[graph], claims.get(graph, 0)) for graph in sorted(triples)}


def read_validation(problems: Iterable[Problem]) -> Validation:
    """Return the summary of the problems that stop no build."""
    given = tuple(problems)
    by_severity = Counter(problem.severity for problem in given)
    return Validation(by_severity[Severity.WARNING], by_severity[Severity.INFO], given)


def _problem(read: Mapping[str, Any]) -> Problem:
    return Problem(Place(**read["place"]), read["message"], Severity(read["severity"]))


def _counts(store: Store, query: str) -> dict[str, int]:
    rows = store.query(query)
    if not isinstance(rows, QuerySolutions):
        raise TypeError(f"not a SELECT query: {query}")
    return {row["g"].value: int(row["n"].value) for row in rows}
