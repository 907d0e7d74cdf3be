"""The description of a release in VoID: its graphs, their licences, and the files they are in."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from kg.release_data import graph_file
from kg.release_facts import ReleaseFacts
from kg.release_graphs import GraphDescription
from kg.snapshot_shelf_parts import graph_slug

__all__ = ["describe_release"]

_PREFIXES = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""


def describe_release(facts: ReleaseFacts, dumps: tuple[str, ...]) -> str:
    """Return the description as Turtle whose addresses are relative to where it lies.

    ``dumps`` are the files with all graphs.
    """
    return _PREFIXES + "\n\n".join(_blocks(facts, dumps)) + "\n"


def _blocks(facts: ReleaseFacts, dumps: tuple[str, ...]) -> Iterator[str]:
    yield "<> a void:DatasetDescription ;\n  foaf:primaryTopic <#dataset> ."
    whole = [
        "<#dataset> a void:Dataset",
        f"dcterms:title {Literal(facts.title)}",
        f"dcterms:identifier {Literal(facts.snapshot)}",
        f'dcterms:issued "{facts.date}"^^xsd:date',
        f"void:triples {facts.quads}",
        *(f"dcterms:license {NamedNode(each)}" for each in facts.licences),
        *(f"void:dataDump <{quote(each)}>" for each in dumps),
        *(f"void:subset {_node(each.iri)}" for each in facts.graphs),
    ]
    yield " ;\n  ".join(whole) + " ."
    for each in facts.graphs:
        yield _graph(each)


def _graph(each: GraphDescription) -> str:
    parts = [
        f"{_node(each.iri)} a void:Dataset",
        f"void:triples {each.triples}",
        f"void:dataDump <{quote(graph_file(each.iri))}>",
    ]
    if each.title:
        parts.append(f"dcterms:title {Literal(each.title)}")
    if each.licence:
        parts.append(f"dcterms:license {NamedNode(each.licence)}")
    if each.attribution:
        parts.append(f"dcterms:rights {Literal(each.attribution)}")
    if each.iri and not each.iri.startswith("_:"):
        parts.append(f"dcterms:source {NamedNode(each.iri)}")
    return " ;\n  ".join(parts) + " ."


def _node(graph: str) -> str:
    return f"<#graph-{quote(graph_slug(graph))}>"
