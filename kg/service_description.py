"""What the SPARQL service says of itself: SPARQL 1.1 Service Description."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from pyoxigraph import Literal, NamedNode, Triple

from kg.formats import GraphFormat, ResultFormat, TableFormat
from kg.search_functions import FUNCTIONS
from kg.terms import format_term, number, term
from kg.void import dataset_node, default_graph_node, describe_more, graph_node, is_askable

__all__ = ["ServiceFacts", "describe_service"]


@dataclass(frozen=True)
class ServiceFacts:
    """What there is to say of a service: the address that was asked, the snapshot, the settings.

    ``graphs`` are the triples of each named graph, and under "" those of the default graph;
    ``union`` tells that a query without FROM sees all of them, ``union_triples`` how many
    different ones that are, where it is known. ``services`` are the endpoints that SERVICE may
    name, and ``examples`` is the graph of example queries. ``more_graphs`` are not listed.
    """

    endpoint: str
    snapshot: str
    graphs: Mapping[str, int]
    union: bool = True
    writable: bool = False
    services: tuple[str, ...] = ()
    union_triples: int | None = None
    examples: str | None = None
    more_graphs: int = 0

    @property
    def void(self) -> str:
        """The address of the description of the data set, beside the endpoint.

        >>> ServiceFacts("http://e.org/sparql", "", {}).void
        'http://e.org/.well-known/void'
        """
        return urljoin(self.endpoint, ".well-known/void")


def describe_service(facts: ServiceFacts) -> tuple[Triple, ...]:
    """Return the description of a service (https://www.w3.org/TR/sparql11-service-description/).

    The data set and the graphs are those that the VoID description names.
    """
    return (*_service(facts), *_dataset(facts))


def _service(facts: ServiceFacts) -> Iterator[Triple]:
    service, endpoint = NamedNode(f"{facts.endpoint}#service"), NamedNode(facts.endpoint)
    yield Triple(service, term("rdf:type"), term("sd:Service"))
    yield Triple(service, term("sd:endpoint"), endpoint)
    yield Triple(service, term("sd:defaultEntailmentRegime"), term("ent:Simple"))
    yield Triple(service, term("sd:defaultDataset"), _dataset_node(facts))
    yield Triple(service, term("rdfs:seeAlso"), NamedNode(facts.void))
    for language in _languages(facts):
        yield Triple(service, term("sd:supportedLanguage"), term(f"sd:{language}"))
    for function, said in FUNCTIONS.items():
        yield Triple(service, term("sd:extensionFunction"), NamedNode(function))
        yield Triple(NamedNode(function), term("rdf:type"), term("sd:Function"))
        yield Triple(NamedNode(function), term("rdfs:comment"), Literal(said, language="en"))
    for feature in _features(facts):
        yield Triple(service, term("sd:feature"), term(f"sd:{feature}"))
    for form in (*ResultFormat, *GraphFormat, *TableFormat):
        yield Triple(service, term("sd:resultFormat"), format_term(form))
    if facts.writable:
        for form in GraphFormat:
            yield Triple(service, term("sd:inputFormat"), format_term(form))
    if facts.examples:
        examples = NamedNode(urljoin(facts.endpoint, ".well-known/sparql-examples"))
        yield Triple(service, term("rdfs:seeAlso"), examples)
        said = f"Example queries stand in the named graph <{facts.examples}>."
        yield Triple(service, term("rdfs:comment"), Literal(said, language="en"))


def _languages(facts: ServiceFacts) -> tuple[str, ...]:
    return ("SPARQL11Query", "SPARQL11Update") if facts.writable else ("SPARQL11Query",)


def _features(facts: ServiceFacts) -> Iterator[str]:
    yield "EmptyGraphs"
    if facts.union:
        yield "UnionDefaultGraph"
    if facts.services:
        yield "BasicFederatedQuery"


def _dataset(facts: ServiceFacts) -> Iterator[Triple]:
    dataset = _dataset_node(facts)
    yield Triple(dataset, term("rdf:type"), term("sd:Dataset"))
    yield Triple(dataset, term("dcterms:identifier"), Literal(facts.snapshot))
    yield from describe_more("graphs", len(facts.graphs), facts.more_graphs, dataset)
    yield from _default_graph(facts, dataset)
    for graph, triples in facts.graphs.items():
        if is_askable(graph):
            yield from _named_graph(facts, dataset, graph, triples)


def _default_graph(facts: ServiceFacts, dataset: NamedNode) -> Iterator[Triple]:
    node = dataset_node(facts.void) if facts.union else default_graph_node(facts.void)
    triples = facts.union_triples if facts.union else facts.graphs.get("", 0)
    yield Triple(dataset, term("sd:defaultGraph"), node)
    yield from _graph(node, triples)


def _named_graph(
    facts: ServiceFacts, dataset: NamedNode, graph: str, triples: int
) -> Iterator[Triple]:
    node = graph_node(facts.void, graph)
    named = NamedNode(f"{facts.endpoint}{node.value.removeprefix(facts.void)}")
    yield Triple(dataset, term("sd:namedGraph"), named)
    yield Triple(named, term("rdf:type"), term("sd:NamedGraph"))
    yield Triple(named, term("sd:name"), NamedNode(graph))
    yield Triple(named, term("sd:graph"), node)
    yield from _graph(node, triples)


def _graph(node: NamedNode, triples: int | None) -> Iterator[Triple]:
    yield Triple(node, term("rdf:type"), term("sd:Graph"))
    yield Triple(node, term("rdf:type"), term("void:Dataset"))
    if triples is not None:
        yield Triple(node, term("void:triples"), number(triples))


def _dataset_node(facts: ServiceFacts) -> NamedNode:
    return NamedNode(f"{facts.endpoint}#dataset")
