"""The queries behind cards: each gives, row for row, what a table of a card shows."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode

__all__ = ["claims_query", "evidence_query", "node"]

_COLUMNS = (
    ("label", "rdfs:label"),
    ("endpoint", ":endpoint/rdfs:label"),
    ("asPrinted", ":asPrinted"),
    ("percent", ":percent"),
    ("responders", ":responders"),
    ("evaluable", ":evaluable"),
    ("value", ":value"),
    ("unit", ":unit/rdfs:label"),
    ("direction", ":direction/rdfs:label"),
    ("level", ":evidenceLevel/rdfs:label"),
    ("histology", ":aboutHistology/rdfs:label"),
    ("line", ":line/rdfs:label"),
    ("study", ":ofStudy/rdfs:label"),
    ("document", ":passage/:inDocument/rdfs:label"),
    ("issued", ":passage/:inDocument/:issued"),
    ("section", ":passage/:section"),
    ("knownProblem", ":needsReview"),
)

_OF_CLAIMS = frozenset({"label", "histology", "document", "issued", "section", "knownProblem"})


def evidence_query(ontology: str, *patterns: str) -> str:
    """Return the query that gives the results of some patterns, one row each.

    A pattern goes on from a result, such as ``:aboutDrug <urn:a>``; IRIs in it are written by
    ``node``, so that nothing else can stand there.
    """
    where = " ;\n    ".join(patterns)
    return _grouped(ontology, "result", f"?result a :EvidenceItem ;\n    {where} .", _COLUMNS)


def claims_query(ontology: str, classes: Iterable[str], pattern: str) -> str:
    """Return the query that gives the claims of some classes with a pattern, one row each."""
    listed = " ".join(f":{each}" for each in classes)
    where = f"VALUES ?class {{ {listed} }}\n  ?claim a ?class ;\n    {pattern} ."
    columns = ((name, path) for name, path in _COLUMNS if name in _OF_CLAIMS)
    return _grouped(ontology, "claim", where, columns)


def node(iri: str) -> str:
    """Return an IRI as SPARQL has it; raises ValueError for what is none.

    >>> node("https://example.org/a")
    '<https://example.org/a>'
    """
    return str(NamedNode(iri))


def _grouped(ontology: str, subject: str, where: str, columns: Iterable[tuple[str, str]]) -> str:
    found = tuple(columns)
    heads = "\n".join(
        f'  (GROUP_CONCAT(DISTINCT STR(?{name}_); SEPARATOR=", ") AS ?{name})' for name, _ in found
    )
    body = "\n".join(f"  OPTIONAL {{ ?{subject} {path} ?{name}_ }}" for name, path in found)
    return (
        f"PREFIX : <{ontology}>\n"
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        f"SELECT ?{subject}\n{heads}\nWHERE {{\n  {where}\n{body}\n}}\n"
        f"GROUP BY ?{subject}\nORDER BY ?{subject}"
    )
