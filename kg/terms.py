"""Terms of the vocabularies that the server describes itself in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode

from kg.formats import GraphFormat, ResultFormat, TableFormat

__all__ = ["PREFIXES", "format_term", "number", "term"]

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "dcterms": "http://purl.org/dc/terms/",
        "ent": "http://www.w3.org/ns/entailment/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "formats": "http://www.w3.org/ns/formats/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "sd": "http://www.w3.org/ns/sparql-service-description#",
        "sh": "http://www.w3.org/ns/shacl#",
        "spex": "https://purl.expasy.org/sparql-examples/ontology#",
        "void": "http://rdfs.org/ns/void#",
        "void-ext": "http://ldf.fi/void-ext#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)


@lru_cache(maxsize=256)
def term(curie: str) -> NamedNode:
    """Return the term that a CURIE names; raises KeyError for a prefix that is not known.

    >>> term("void:triples").value
    'http://rdfs.org/ns/void#triples'
    """
    prefix, _, name = curie.partition(":")
    return NamedNode(PREFIXES[prefix] + name)


def number(count: int) -> Literal:
    """Return a count as an xsd:integer.

    >>> str(number(3))
    '"3"^^<http://www.w3.org/2001/XMLSchema#integer>'
    """
    return Literal(count)


def format_term(form: GraphFormat | ResultFormat | TableFormat) -> NamedNode:
    """Return the name of a format (https://www.w3.org/ns/formats/), else of its media type.

    >>> format_term(GraphFormat.JSON_LD).value
    'http://www.w3.org/ns/formats/JSON-LD'
    """
    if isinstance(form, TableFormat):
        return NamedNode(f"https://www.iana.org/assignments/media-types/{form.media_type}")
    # The engine's own name of JSON-LD is not a registered one.
    return term("formats:JSON-LD") if form is GraphFormat.JSON_LD else NamedNode(form.engine.iri)
