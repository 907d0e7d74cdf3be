"""Terms of the graph by their short names, and Turtle with its prefixes, for tests."""

from __future__ import annotations

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

__all__ = ["claim", "drug", "histology", "term", "turtle"]

PREFIXES = """
@prefix : <https://w3id.org/sarcoma-kg/ontology/> .
@prefix claim: <https://w3id.org/sarcoma-kg/claim/> .
@prefix drug: <https://w3id.org/sarcoma-kg/drug/> .
@prefix family: <https://w3id.org/sarcoma-kg/family/> .
@prefix histology: <https://w3id.org/sarcoma-kg/histology/> .
@prefix regimen: <https://w3id.org/sarcoma-kg/regimen/> .
@prefix study: <https://w3id.org/sarcoma-kg/study/> .
@prefix target: <https://w3id.org/sarcoma-kg/target/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def turtle(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(PREFIXES + text, format=RdfFormat.TURTLE)]


def drug(slug: str) -> NamedNode:
    return NamedNode(f"https://w3id.org/sarcoma-kg/drug/{slug}")


def histology(slug: str) -> NamedNode:
    return NamedNode(f"https://w3id.org/sarcoma-kg/histology/{slug}")


def term(name: str) -> NamedNode:
    return NamedNode(f"https://w3id.org/sarcoma-kg/ontology/{name}")


def claim(slug: str) -> NamedNode:
    return NamedNode(f"https://w3id.org/sarcoma-kg/claim/{slug}")
