"""What a snapshot's catalogue says of its graphs, read out of its lines: title, licence, source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from kg.catalogue import CATALOGUE
from kg.change import graph_of_line

__all__ = ["GraphDescription", "describe_released_graphs"]

_DCTERMS = "http://purl.org/dc/terms/"
_FIELDS: Mapping[str, str] = {
    f"{_DCTERMS}title": "title",
    f"{_DCTERMS}license": "licence",
    f"{_DCTERMS}rights": "attribution",
    f"{_DCTERMS}source": "source",
    "http://www.w3.org/ns/dcat#version": "version",
    "https://w3id.org/sarcoma-kg/ontology/retrievedOn": "retrieved",
}
_MARK = f"<{CATALOGUE}> .".encode()


@dataclass(frozen=True)
class GraphDescription:
    """A graph as the catalogue describes it; what it leaves open is an empty text."""

    iri: str
    triples: int
    title: str = ""
    licence: str = ""
    attribution: str = ""
    source: str = ""
    version: str = ""
    retrieved: str = ""


def describe_released_graphs(
    nquads: Path, sizes: Mapping[str, int]
) -> tuple[GraphDescription, ...]:
    """Return the description of each graph by its size, in the order of the names."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    with nquads.open("rb") as file:
        for line in file:
            if _MARK in line and graph_of_line(line[:-1]) == CATALOGUE:
                (quad,) = parse(line, format=RdfFormat.N_QUADS)
                field = _FIELDS.get(quad.predicate.value)
                # A licence is a link; what foreign data say of theirs in words is in them alone.
                if field and (field != "licence" or isinstance(quad.object, NamedNode)):
                    found[str(quad.subject)[1:-1]].setdefault(field, _value(quad.object))
    return tuple(
        GraphDescription(graph, sizes[graph], **found.get(graph, {})) for graph in sorted(sizes)
    )


def _value(term: object) -> str:
    return str(getattr(term, "value", ""))
