"""The graph as records of nodes and edges in the terms of Biolink, as KGX files hold them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from kg.shipped import Shipped
from kg.snapshot import Snapshot

__all__ = [
    "EDGE_COLUMNS",
    "LISTED",
    "NODE_COLUMNS",
    "OWN_SOURCE",
    "ClaimsReader",
    "KgxClaims",
    "KgxUnavailableError",
    "Record",
    "Value",
]

Value = str | int | float | bool | list[str]
Record = Mapping[str, Value]
"""A node or an edge: what it has no value for is left out."""

OWN_SOURCE = "infores:sarcoma-kg"
"""What the claims of the documents name as their primary source."""

NODE_COLUMNS = ("id", "category", "name", "xref", "synonym", "in_taxon", "iri", "provided_by")
"""The columns of nodes that come first, in this order; none but the first three is in all."""

EDGE_COLUMNS = (
    "id",
    "subject",
    "predicate",
    "object",
    "category",
    "negated",
    "qualified_predicate",
    "object_aspect_qualifier",
    "object_direction_qualifier",
    "causal_mechanism_qualifier",
    "disease_context_qualifier",
    "primary_knowledge_source",
    "aggregator_knowledge_source",
    "knowledge_level",
    "agent_type",
    "publications",
)
"""The columns of edges that come first; those of the fields of the records follow."""

LISTED = frozenset(
    {
        "category",
        "xref",
        "synonym",
        "in_taxon",
        "provided_by",
        "aggregator_knowledge_source",
        "publications",
    }
)
"""The columns of Biolink whose values are lists, be it of one."""


class KgxUnavailableError(RuntimeError):
    """Nothing here can tell what the claims are in Biolink; the message says what can."""


@dataclass(frozen=True)
class KgxClaims:
    """The claims of the documents and the vocabularies; ``identifiers`` are node ids by IRI."""

    nodes: Iterable[Record]
    edges: Iterable[Record]
    identifiers: Mapping[str, str]


ClaimsReader = Callable[[Snapshot, Shipped], KgxClaims]
"""What reads the claims of a snapshot: the same mapping to Biolink that answers reasoners."""
