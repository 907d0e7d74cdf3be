"""The graph that the tests of shapes start from: the ontology and valid, invented records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store, Triple

from kg.gate import n_triples
from kg.shipped import find_shipped
from kg.turtle import read_turtle

__all__ = [
    "BASE",
    "FIXTURES",
    "ONTOLOGY",
    "OWL",
    "RDF",
    "RDFS",
    "RDF_TYPE",
    "SH",
    "SHAPES",
    "SUBCLASS_OF",
    "instances",
    "local",
    "narrower",
    "ontology",
    "pairs",
    "read_shape_files",
    "stored",
    "text",
    "valid_graph",
    "valid_records",
]

BASE = "https://w3id.org/sarcoma-kg/"
ONTOLOGY = f"{BASE}ontology/"
OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SH = "http://www.w3.org/ns/shacl#"
RDF_TYPE = f"{RDF}type"
SUBCLASS_OF = f"{RDFS}subClassOf"
SHAPES = find_shipped().shapes
FIXTURES = Path(__file__).parent / "fixtures" / "shapes"


def stored(*triples: Iterable[Triple]) -> bytes:
    """Return triples as N-Triples in the normal forms of the store, as the gate sees them."""
    store, graph = Store(), NamedNode(f"{BASE}graph/fixtures")
    every = (triple for several in triples for triple in several)
    store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in every)
    return n_triples(store)


@cache
def ontology() -> tuple[Triple, ...]:
    """Return the triples of the ontology, without the tumour tree."""
    return read_turtle(find_shipped().ontology / "sarcoma.ttl")


@cache
def valid_records() -> tuple[Triple, ...]:
    """Return the triples of the valid records."""
    files = sorted((FIXTURES / "valid").glob("*.ttl"))
    return tuple(triple for file in files for triple in read_turtle(file))


@cache
def read_shape_files() -> Mapping[str, tuple[Triple, ...]]:
    """Return the triples of each shape file by its stem."""
    return {file.stem: read_turtle(file) for file in sorted(SHAPES.glob("*.ttl"))}


@cache
def valid_graph() -> tuple[Triple, ...]:
    """Return the triples of the valid records and of the ontology."""
    return (*valid_records(), *ontology())


def text(term: object) -> str:
    """Return the IRI, the label or the lexical form of a term."""
    return str(getattr(term, "value", term))


def local(term: object) -> str:
    """Return what stands after the last / or # of an IRI."""
    return re.split("[/#]", text(term))[-1]


def pairs(triples: Iterable[Triple], predicate: str) -> Iterator[tuple[str, str]]:
    """Yield subject and object of the triples of a predicate, as text."""
    for triple in triples:
        if text(triple.predicate) == predicate:
            yield text(triple.subject), text(triple.object)


@cache
def narrower(kind: str) -> frozenset[str]:
    """Return the IRIs of a class of the ontology and of its subclasses."""
    below = {name for name, wider in pairs(ontology(), SUBCLASS_OF) if wider == kind}
    return frozenset({kind}).union(*map(narrower, below))


@cache
def instances(kind: str) -> tuple[str, ...]:
    """Return the IRIs of the valid records and terms of a class, subclasses included."""
    kinds = narrower(kind)
    found = {name for name, of in pairs(valid_graph(), RDF_TYPE) if of in kinds}
    return tuple(sorted(found))
