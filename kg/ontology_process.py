"""The process that makes the documentation of an ontology: JSON comes in, HTML goes out."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Mapping

from pylode import OntPub
from rdflib import OWL, RDF, Graph, URIRef

from kg.ontology_document import OntologySource
from kg.ontology_html import clean_html
from kg.ontology_rest import describe_constraints, describe_rest

__all__ = ["document_ontology", "find_anchors", "main"]

_CREDIT = '<p><small>Made with <a href="https://github.com/RDFLib/pyLODE">pyLODE</a>.</small></p>'


def document_ontology(source: OntologySource) -> str:
    """Return the documentation of an ontology as the body of a page.

    Every term has its place there, by the last part of its name; nothing comes from elsewhere.
    """
    graph = Graph().parse(data=source.triples, format="nt")
    shapes = Graph()
    for text in source.shapes:
        shapes.parse(data=text, format="turtle")
    for each in (graph, shapes):
        _bind(each, source.prefixes)
    _keep_one_ontology(graph, source.iri)
    anchors = find_anchors(source.iri, (str(each) for each in graph.subjects()))
    made = OntPub(ontology=graph, sort_subjects=True)
    made.fids.update(anchors)
    body, placed = clean_html(made.make_html(), {place: iri for iri, place in anchors.items()})
    rest = {iri: place for iri, place in anchors.items() if place not in placed}
    return "\n".join(
        (body, *describe_rest(graph, rest), *describe_constraints(graph, shapes, anchors), _CREDIT)
    )


def find_anchors(ontology: str, subjects: Iterable[str]) -> dict[str, str]:
    """Return the place of each term on the page: the last part of its name.

    >>> find_anchors("http://e.org/o", ["http://e.org/o/Drug", "http://e.org/o"])
    {'http://e.org/o/Drug': 'Drug'}
    """
    found: dict[str, str] = {}
    for iri in sorted({each for each in subjects if each.startswith("http")} - {ontology}):
        place = iri.rstrip("/").replace("#", "/").rpartition("/")[2]
        if place and place not in found.values():
            found[iri] = place
    return found


def main() -> None:
    """Read a request, and write the documentation."""
    given = json.load(sys.stdin)
    # Loaded before, pyLODE lets everything log everything.
    logging.disable()
    source = OntologySource(**{**given, "shapes": tuple(given["shapes"])})
    sys.stdout.buffer.write(document_ontology(source).encode())


def _bind(graph: Graph, prefixes: Mapping[str, str]) -> None:
    for prefix, namespace in prefixes.items():
        graph.bind(prefix, namespace, replace=True)


def _keep_one_ontology(graph: Graph, iri: str) -> None:
    """Let the graph have one ontology: pyLODE would mix the titles of several."""
    for each in set(graph.subjects(RDF.type, OWL.Ontology)) - {URIRef(iri)}:
        graph.remove((each, None, None))


if __name__ == "__main__":
    main()
