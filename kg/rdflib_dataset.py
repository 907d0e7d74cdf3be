"""The graph as an rdflib data set."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, QueryTriples, Store, Triple
from rdflib import BNode, Dataset, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.term import Node

__all__ = ["dataset_of", "graph_of"]

_STRING = "http://www.w3.org/2001/XMLSchema#string"

Term = NamedNode | Literal | BlankNode | Triple


def dataset_of(
    store: Store, prefixes: Mapping[str, str], graphs: Iterable[str] | None = None
) -> Dataset:
    """Return all graphs of a store, or those with some IRIs (``""``: the default graph).

    A query that names no graph sees the union of all. Literals keep their lexical form.
    """
    made = Dataset(default_union=True)
    _bind(made, prefixes)
    term = _terms()
    wanted = None if graphs is None else frozenset(graphs)
    with _without_collecting():
        for name in (*store.named_graphs(), DefaultGraph()):
            iri = "" if isinstance(name, DefaultGraph) else name.value
            if wanted is not None and iri not in wanted:
                continue
            context = made.default_graph if not iri else made.graph(URIRef(iri))
            # One by one, without the checks of addN: more than twice as fast.
            for quad in store.quads_for_pattern(None, None, None, name):
                triple = (term(quad.subject), term(quad.predicate), term(quad.object))
                made.store.add(triple, context)
    return made


def graph_of(triples: QueryTriples, prefixes: Mapping[str, str]) -> Graph:
    """Return the triples of a CONSTRUCT or DESCRIBE query."""
    made, term = Graph(), _terms()
    _bind(made, prefixes)
    for each in triples:
        made.add((term(each.subject), term(each.predicate), term(each.object)))
    return made


def _bind(graph: Graph, prefixes: Mapping[str, str]) -> None:
    for prefix, iri in prefixes.items():
        graph.bind(prefix, iri, override=True, replace=True)


def _terms() -> Callable[[Term], Node]:
    """Return what turns terms into those of rdflib, each made once."""
    made: dict[Term, Node] = {}

    def term(given: Term) -> Node:
        found = made.get(given)
        if found is None:
            found = made[given] = _term(given)
        return found

    return term


def _term(given: Term) -> Node:
    match given:
        case NamedNode():
            return URIRef(given.value)
        case BlankNode():
            return BNode(given.value)
        case Literal() if given.language:
            return RdflibLiteral(given.value, lang=given.language)
        case Literal():
            datatype = given.datatype.value
            kind = None if datatype == _STRING else URIRef(datatype)
            return RdflibLiteral(given.value, datatype=kind, normalize=False)
    raise ValueError(f"rdflib has no triples as terms, and one is {given}; ask query() for it")


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep the collector of garbage from going through all that was made so far, many times."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
