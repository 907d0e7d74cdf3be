"""Catalogue: every graph is described, and a rule's text is found from its graph by SPARQL."""

from __future__ import annotations

from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from kg.catalogue import CATALOGUE, INFERRED, describe_graphs, is_made
from kg.rules import Rule
from kg.sources import GRAPH, graph_iri

RULE = Rule("roll-up", "A part counts for the whole.", "CONSTRUCT ...", "ontology/rules/roll-up.rq")
NAMES = ("ontology", "documents", "document-review", "vocabulary-drugs", "overlay-mine")
SOURCES = tuple(map(graph_iri, NAMES))
WRITTEN = (graph_iri("document-notes"), "http://e.org/mine", "_:b")


def _select(query: str) -> list[tuple[str, ...]]:
    store = Store()
    graph = NamedNode(CATALOGUE)
    for triple in describe_graphs(SOURCES, [RULE], WRITTEN):
        store.add(Quad(triple.subject, triple.predicate, triple.object, graph))
    prefixes = {
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "prov": "http://www.w3.org/ns/prov#",
        "sh": "http://www.w3.org/ns/shacl#",
    }
    rows = store.query(query, prefixes=prefixes, use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    return sorted(tuple(term.value if term else "" for term in row) for row in rows)


def test_every_graph_is_a_dataset_of_the_catalogue_with_one_title() -> None:
    rows = _select("SELECT ?g ?t { ?c dcat:dataset ?g . ?g a dcat:Dataset ; dcterms:title ?t }")
    assert {graph.removeprefix(GRAPH): title for graph, title in rows} == {
        "catalogue": "The description of the graphs",
        "document-notes": "Written by users: document-notes",
        "document-review": "What the document review states",
        "documents": "The source documents",
        "http://e.org/mine": "Written by users: http://e.org/mine",
        "inferred": "What the rules infer, one graph a rule",
        "inferred-roll-up": "Inferred: A part counts for the whole.",
        "ontology": "The ontology: classes, properties and axioms",
        "overlay-mine": "Records of the user: mine",
        "vocabulary-drugs": "The vocabulary of drugs",
    }
    assert len(rows) == 10


def test_the_rule_of_an_inferred_graph_is_found_with_its_text() -> None:
    query = f"""SELECT ?text {{
      ?g dcterms:isPartOf <{INFERRED}> ; prov:wasDerivedFrom/sh:construct ?text }}"""
    assert _select(query) == [("CONSTRUCT ...",)]


def test_the_graph_of_a_document_names_the_document() -> None:
    query = f"SELECT ?d {{ <{GRAPH}document-review> prov:wasDerivedFrom ?d }}"
    assert _select(query) == [("https://w3id.org/sarcoma-kg/document/review",)]


def test_the_records_of_a_user_get_no_licence_from_us() -> None:
    licensed = {graph for (graph,) in _select("SELECT ?g { ?g dcterms:license ?l }")}
    assert graph_iri("overlay-mine") not in licensed
    assert graph_iri("document-review") in licensed
    assert not licensed & set(WRITTEN)


def test_only_the_graphs_of_the_build_are_its_own() -> None:
    assert all(map(is_made, (CATALOGUE, INFERRED, RULE.graph)))
    assert not any(map(is_made, (*SOURCES, *WRITTEN, graph_iri("inferredness"), "")))
