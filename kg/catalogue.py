"""The graph that describes the graphs: what each holds, from where, by which rule (DCAT, PROV)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from kg.rules import Rule
from kg.sources import GRAPH, graph_iri

__all__ = ["CATALOGUE", "INFERRED", "describe_graphs", "is_made"]

CATALOGUE = graph_iri("catalogue")
INFERRED = graph_iri("inferred")

_ROOT = GRAPH.removesuffix("graph/")
_LICENCE = NamedNode("https://creativecommons.org/licenses/by/4.0/")
_DCAT = "http://www.w3.org/ns/dcat#"
_DCTERMS = "http://purl.org/dc/terms/"
_PROV = "http://www.w3.org/ns/prov#"
_SHACL = "http://www.w3.org/ns/shacl#"
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
_DATASET = NamedNode(f"{_ROOT}dataset")
_TITLE = NamedNode(f"{_DCTERMS}title")
_DERIVED_FROM = NamedNode(f"{_PROV}wasDerivedFrom")

_TITLES = {
    "ontology": "The ontology: classes, properties and axioms",
    "histology": "The tumour tree",
    "documents": "The source documents",
    "catalogue": "The description of the graphs",
    "examples": "Example queries, among them the competency questions",
    "inferred": "What the rules infer, one graph a rule",
    "vocabulary": "The vocabulary of {}",
    "document": "What the document {} states",
    "overlay": "Records of the user: {}",
}


def is_made(graph: str) -> bool:
    """Tell whether a graph is made by the build alone: what is inferred, and the catalogue.

    >>> is_made(graph_iri("inferred-roll-up")), is_made(graph_iri("documents"))
    (True, False)
    """
    return graph in (CATALOGUE, INFERRED) or graph.startswith(f"{INFERRED}-")


def describe_graphs(
    sources: Iterable[str], rules: Iterable[Rule], written: Iterable[str] = ()
) -> tuple[Triple, ...]:
    """Return the descriptions of the graphs of the sources, of each rule, and of themselves.

    ``written`` are graphs that only updates made; a blank node among them has no description.
    Nothing is said of a build: dates and counts are in the manifest.
    """
    triples = [*_dataset(), *_described(CATALOGUE), *_described(INFERRED)]
    for graph in sources:
        triples += _described(graph)
        triples += _document(graph)
    for graph in written:
        triples += _written(graph)
    for rule in rules:
        triples += _inferred(rule)
    return tuple(triples)


def _dataset() -> Iterator[Triple]:
    yield Triple(_DATASET, _TYPE, NamedNode(f"{_DCAT}Catalog"))
    yield Triple(_DATASET, _TITLE, Literal("sarcoma-kg: soft-tissue sarcoma treatment"))


def _written(graph: str) -> Iterator[Triple]:
    """Describe a graph of a user, which has no licence from us."""
    if not graph.startswith("_:"):
        node = NamedNode(graph)
        yield Triple(_DATASET, NamedNode(f"{_DCAT}dataset"), node)
        yield Triple(node, _TYPE, NamedNode(f"{_DCAT}Dataset"))
        yield Triple(node, _TITLE, Literal(f"Written by users: {graph.removeprefix(GRAPH)}"))


def _described(graph: str, title: str | None = None) -> Iterator[Triple]:
    node, name = NamedNode(graph), graph.removeprefix(GRAPH)
    kind, _, slug = name.partition("-")
    shown = title or _TITLES.get(kind, "The graph {}").format(slug or name)
    yield Triple(_DATASET, NamedNode(f"{_DCAT}dataset"), node)
    yield Triple(node, _TYPE, NamedNode(f"{_DCAT}Dataset"))
    yield Triple(node, _TITLE, Literal(shown))
    if kind != "overlay":
        yield Triple(node, NamedNode(f"{_DCTERMS}license"), _LICENCE)


def _document(graph: str) -> Iterator[Triple]:
    kind, _, slug = graph.removeprefix(GRAPH).partition("-")
    if kind == "document" and slug:
        yield Triple(NamedNode(graph), _DERIVED_FROM, NamedNode(f"{_ROOT}document/{slug}"))


def _inferred(rule: Rule) -> Iterator[Triple]:
    graph, plan = NamedNode(rule.graph), NamedNode(f"{_ROOT}rule/{rule.name}")
    yield from _described(rule.graph, f"Inferred: {rule.label}")
    yield Triple(graph, NamedNode(f"{_DCTERMS}isPartOf"), NamedNode(INFERRED))
    yield Triple(graph, _DERIVED_FROM, plan)
    yield Triple(plan, _TYPE, NamedNode(f"{_PROV}Plan"))
    yield Triple(plan, _TYPE, NamedNode(f"{_SHACL}SPARQLRule"))
    yield Triple(plan, _LABEL, Literal(rule.label))
    yield Triple(plan, NamedNode(f"{_SHACL}construct"), Literal(rule.text))
