"""What the data set holds, in the Vocabulary of Interlinked Datasets (VoID)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from kg.formats import GraphFormat
from kg.statistics import Statistics
from kg.terms import format_term, number, term
from kg.void_partitions import describe_counts, describe_partitions

__all__ = [
    "DatasetFacts",
    "dataset_node",
    "default_graph_node",
    "describe_dataset",
    "describe_more",
    "graph_node",
    "is_askable",
]

_UNNAMED = "An RDF data set"
_WITHOUT_DETAILS = "What the members of each class state is too much to be listed."


@dataclass(frozen=True)
class DatasetFacts:
    """What there is to say of a data set: where it is described and asked, and what it holds.

    ``void`` is the address of the description, ``store`` that of the graph store. ``graphs`` are
    the triples of each graph, under "" those of the default graph; ``titles`` and ``licences``
    are those of graphs too, and under "" those of the whole. ``statistics`` are left out where
    counting takes too long; ``examples`` are names of things that show what there is. ``dump`` is
    the address of a file with everything. ``more_graphs`` are those that are not listed.
    """

    void: str
    endpoint: str
    store: str
    snapshot: str
    graphs: Mapping[str, int]
    titles: Mapping[str, str] = field(default_factory=dict)
    licences: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    statistics: Statistics | None = None
    dump: str | None = None
    more_graphs: int = 0


def dataset_node(void: str) -> NamedNode:
    """Return the name of the data set that is described at an address: all graphs together."""
    return NamedNode(f"{void}#dataset")


def default_graph_node(void: str) -> NamedNode:
    """Return the name of the part that is the default graph alone."""
    return NamedNode(f"{void}#default-graph")


def graph_node(void: str, graph: str) -> NamedNode:
    """Return the name of the part that is a named graph.

    >>> graph_node("http://e.org/void", "http://e.org/a#b").value
    'http://e.org/void#graph=http://e.org/a%23b'
    """
    return NamedNode(f"{void}#graph={quote(graph, safe=':/')}")


def is_askable(graph: str) -> bool:
    """Tell whether queries can name a graph: blank nodes and the default graph they cannot.

    >>> [is_askable(graph) for graph in ("http://e.org/a", "_:b", "")]
    [True, False, False]
    """
    return bool(graph) and not graph.startswith("_:")


def describe_more(what: str, listed: int, more: int, node: NamedNode) -> Iterator[Triple]:
    """Yield the sentence that a list is cut, if there are more things than those it has.

    >>> [each.object.value for each in describe_more("graphs", 5, 2000, NamedNode("urn:a"))]
    ['Of 2,005 graphs the largest 5 are listed.']
    """
    if more:
        said = f"Of {listed + more:,} {what} the largest {listed:,} are listed."
        yield Triple(node, term("rdfs:comment"), Literal(said, language="en"))


def describe_dataset(facts: DatasetFacts) -> tuple[Triple, ...]:
    """Return the description of a data set (https://www.w3.org/TR/void/)."""
    dataset = dataset_node(facts.void)
    triples = [*_document(facts, dataset), *_whole(facts, dataset), *_graphs(facts, dataset)]
    if facts.statistics:
        triples += describe_partitions(facts.statistics, dataset, facts.void)
    return tuple(triples)


def _document(facts: DatasetFacts, dataset: NamedNode) -> Iterator[Triple]:
    document = NamedNode(facts.void)
    yield Triple(document, term("rdf:type"), term("void:DatasetDescription"))
    yield Triple(document, term("foaf:primaryTopic"), dataset)


def _whole(facts: DatasetFacts, dataset: NamedNode) -> Iterator[Triple]:
    yield Triple(dataset, term("rdf:type"), term("void:Dataset"))
    yield Triple(dataset, term("dcterms:identifier"), Literal(facts.snapshot))
    yield Triple(dataset, term("dcterms:title"), Literal(facts.titles.get("", _UNNAMED)))
    yield Triple(dataset, term("void:sparqlEndpoint"), NamedNode(facts.endpoint))
    if licence := facts.licences.get(""):
        yield Triple(dataset, term("dcterms:license"), NamedNode(licence))
    if facts.dump:
        yield Triple(dataset, term("void:dataDump"), NamedNode(facts.dump))
    for form in GraphFormat:
        yield Triple(dataset, term("void:feature"), format_term(form))
    for example in facts.examples:
        yield Triple(dataset, term("void:exampleResource"), NamedNode(example))
    yield from describe_more("graphs", len(facts.graphs), facts.more_graphs, dataset)
    if facts.statistics:
        yield from _totals(facts.statistics, dataset)


def _totals(statistics: Statistics, dataset: NamedNode) -> Iterator[Triple]:
    yield from describe_counts(statistics.counts, dataset)
    yield Triple(dataset, term("void:entities"), number(statistics.entities))
    for what, listed, more in (
        ("classes", len(statistics.classes), statistics.more_classes),
        ("properties", len(statistics.properties), statistics.more_properties),
    ):
        yield Triple(dataset, term(f"void:{what}"), number(listed + more))
        yield from describe_more(what, listed, more, dataset)
    if not statistics.is_detailed:
        yield Triple(dataset, term("rdfs:comment"), Literal(_WITHOUT_DETAILS, language="en"))
    if statistics.space:
        yield Triple(dataset, term("void:uriSpace"), Literal(statistics.space))
    for vocabulary in {*map(_vocabulary, (*statistics.classes, *statistics.properties))} - {""}:
        yield Triple(dataset, term("void:vocabulary"), NamedNode(vocabulary))


def _graphs(facts: DatasetFacts, dataset: NamedNode) -> Iterator[Triple]:
    if "" in facts.graphs:
        node = default_graph_node(facts.void)
        yield from _graph(facts, dataset, node, "", f"{facts.store}?default")
    for graph in filter(is_askable, facts.graphs):
        node, dump = graph_node(facts.void, graph), f"{facts.store}?graph={quote(graph, safe='')}"
        yield from _graph(facts, dataset, node, graph, dump)
        if graph in facts.titles:
            yield Triple(node, term("dcterms:title"), Literal(facts.titles[graph]))
        if graph in facts.licences:
            yield Triple(node, term("dcterms:license"), NamedNode(facts.licences[graph]))


def _graph(
    facts: DatasetFacts, dataset: NamedNode, node: NamedNode, graph: str, dump: str
) -> Iterator[Triple]:
    yield Triple(dataset, term("void:subset"), node)
    yield Triple(node, term("rdf:type"), term("void:Dataset"))
    yield Triple(node, term("void:dataDump"), NamedNode(dump))
    counted = facts.statistics.graphs.get(graph) if facts.statistics else None
    if counted is None:
        yield Triple(node, term("void:triples"), number(facts.graphs[graph]))
    else:
        yield from describe_counts(counted.counts, node)
        yield Triple(node, term("void:properties"), number(counted.properties))
        yield Triple(node, term("void:classes"), number(counted.classes))


def _vocabulary(iri: str) -> str:
    """Return the namespace of a term, what stands up to the last # or /, or nothing.

    >>> _vocabulary("http://www.w3.org/2002/07/owl#Class"), _vocabulary("urn:a:b")
    ('http://www.w3.org/2002/07/owl#', '')
    """
    found = re.match(r"[A-Za-z][A-Za-z0-9+.-]*://[^/]+.*[#/]", iri)
    return found[0] if found else ""
