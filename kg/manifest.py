"""What a snapshot says of itself: counts, digests of its inputs, tools, validation."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pyoxigraph import NamedNode, QuerySolutions, Store

from kg.change import graph_name
from kg.inputs import Inputs
from kg.problem import Place, Problem, Severity

__all__ = ["GraphCounts", "Manifest", "Validation", "count_graphs", "read_validation"]

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_WRITER = json.JSONEncoder(sort_keys=True)


@dataclass(frozen=True)
class GraphCounts:
    """The size of a graph; its claims are those whose passage it states."""

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
    """The manifest of a snapshot; ``quads`` is the sum of the triples of its graphs.

    The default graph is the graph ``""``.
    """

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
        parts: dict[str, Any] = {
            "graphs": {name: vars(counts) for name, counts in self.graphs.items()},
            "id": self.id,
            "inputs": asdict(self.inputs),
            "quads": self.quads,
            "tools": dict(self.tools),
            "validation": asdict(self.validation, dict_factory=_shown),
        }
        shown = (f'"{name}": {_show(part)}' for name, part in parts.items())
        return "{\n" + ",\n".join(shown) + "\n}\n"

    @property
    def claims(self) -> int:
        """How many claims all graphs hold."""
        return sum(counts.claims for counts in self.graphs.values())


def count_graphs(store: Store, *, ontology: str) -> dict[str, GraphCounts]:
    """Return the counts of every named graph, and of the default graph, ``""``, if it has any.

    ``ontology`` is the namespace of ``Claim`` and ``passage``. That a result is a claim may stand
    in another graph, of what is inferred. Studies, arms and references have passages too, and are
    no claims.
    """
    triples = {graph_name(graph): 0 for graph in store.named_graphs()}
    triples |= _counts(store, "?s ?p ?o", "(COUNT(*) AS ?n)")
    claims = _count_claims(store, ontology)
    return {graph: GraphCounts(triples[graph], claims.get(graph, 0)) for graph in sorted(triples)}


def read_validation(problems: Iterable[Problem]) -> Validation:
    """Return the summary of the problems that stop no build."""
    given = tuple(problems)
    by_severity = Counter(problem.severity for problem in given)
    return Validation(by_severity[Severity.WARNING], by_severity[Severity.INFO], given)


def _shown(fields: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return the fields of an object without a problem's finding, which its message tells."""
    return {name: value for name, value in fields if name != "finding"}


def _show(part: object) -> str:
    """Return a part of a manifest as JSON, a line for each of its members.

    ``json.dumps`` with an indent takes seconds for many thousand graphs.
    """
    if not isinstance(part, dict):
        return json.dumps(part)
    members = (f"  {json.dumps(key)}: {_WRITER.encode(part[key])}" for key in sorted(part))
    return "{\n" + ",\n".join(members) + "\n}"


def _problem(read: Mapping[str, Any]) -> Problem:
    return Problem(Place(**read["place"]), read["message"], Severity(read["severity"]))


def _count_claims(store: Store, ontology: str) -> Counter[str]:
    claims = {
        quad.subject for quad in store.quads_for_pattern(None, _TYPE, NamedNode(f"{ontology}Claim"))
    }
    stated = {
        (quad.subject, quad.graph_name)
        for quad in store.quads_for_pattern(None, NamedNode(f"{ontology}passage"), None)
        if quad.subject in claims
    }
    return Counter(graph_name(graph) for _, graph in stated)


def _counts(store: Store, pattern: str, count: str) -> dict[str, int]:
    """Return what ``count`` gives for a pattern in each graph where it matches."""
    named = store.query(f"SELECT ?g {count} {{ GRAPH ?g {{ {pattern} }} }} GROUP BY ?g")
    default = store.query(f"SELECT {count} {{ {pattern} }}")
    assert isinstance(named, QuerySolutions)
    assert isinstance(default, QuerySolutions)
    found = {graph_name(row["g"]): int(row["n"].value) for row in named}
    (unnamed,) = (int(row["n"].value) for row in default)
    return {**found, "": unnamed} if unnamed else found
