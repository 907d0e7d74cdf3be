"""What follows from a reasoner's answer: the same facts of more general classes and properties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Quad, QueryTriples, Store, Triple

__all__ = ["generalise"]

_PREFIXES = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""

_DROP_TYPES_OF_PUNS = """
DELETE { ?pun a ?type } WHERE { ?pun a owl:Class ; a ?type . FILTER(?type != owl:Class) }
"""

_MORE_GENERAL = (
    """
    CONSTRUCT { ?s a ?general } WHERE {
      ?type (rdfs:subClassOf|owl:equivalentClass|^owl:equivalentClass)+ ?general .
      ?s a ?type . FILTER(isIRI(?s) && isIRI(?general))
    }
    """,
    """
    CONSTRUCT { ?s ?general ?o } WHERE {
      ?p (rdfs:subPropertyOf|owl:equivalentProperty|^owl:equivalentProperty)+ ?general .
      ?general a owl:ObjectProperty . ?s ?p ?o . FILTER(isIRI(?general))
    }
    """,
    """
    CONSTRUCT { ?o ?inverse ?s } WHERE {
      ?p owl:inverseOf|^owl:inverseOf ?inverse . ?s ?p ?o . FILTER(isIRI(?inverse))
    }
    """,
)

_FACTS = """
CONSTRUCT { ?s ?p ?o } WHERE {
  { ?p a owl:ObjectProperty . ?s ?p ?o }
  UNION { ?s ?p ?o . ?o a owl:Class . FILTER(?p = rdf:type) }
  FILTER(isIRI(?s) && isIRI(?o))
}
"""


def generalise(triples: Iterable[Triple]) -> frozenset[Triple]:
    """Return the types and object property values of the named individuals, and wider ones.

    The hierarchies are those in the triples. Types of punned classes are left out: owlready2
    writes the superclasses of a pun as its types.

    >>> from pyoxigraph import parse, RdfFormat
    >>> turtle = b'''@prefix : <http://example.org/> .
    ... @prefix owl: <http://www.w3.org/2002/07/owl#> .
    ... @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    ... :Inhibitor a owl:Class ; rdfs:subClassOf :Drug . :Drug a owl:Class .
    ... :imatinib a :Inhibitor .'''
    >>> found = generalise(quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE))
    >>> sorted(triple.object.value for triple in found)
    ['http://example.org/Drug', 'http://example.org/Inhibitor']
    """
    store = Store()
    store.extend(Quad(*triple) for triple in triples)
    store.update(_PREFIXES + _DROP_TYPES_OF_PUNS)
    size = -1
    while size != len(store):
        size = len(store)
        for query in _MORE_GENERAL:
            store.extend([Quad(*triple) for triple in _construct(store, query)])
    return frozenset(_construct(store, _FACTS))


def _construct(store: Store, query: str) -> Iterator[Triple]:
    answer = store.query(_PREFIXES + query)
    assert isinstance(answer, QueryTriples)
    return answer
