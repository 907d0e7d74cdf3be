"""The SPARQL queries that give the results a comparison shows."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode

from api.histologies import Scope

__all__ = ["arms_query", "drugs_query"]

_FIELDS = ("asPrinted", "responders", "evaluable", "percent", "months", "hazardRatio", "pAsPrinted")


def drugs_query(
    drugs: Iterable[str], scope: Scope | None, ontology: str, *, is_ours: bool = True
) -> str:
    """Return a query with the results about some drugs, in a histology and narrower ones.

    A histology that ``is_ours`` has a tree in the graph; of any other, all below it are named.
    """
    histology = ""
    if scope is not None and is_ours:
        histology = f"  ?histology rdfs:subClassOf* {NamedNode(scope.asked)} .\n"
    elif scope is not None:
        named = " ".join(str(NamedNode(iri)) for iri in sorted(scope.narrower))
        histology = f"  VALUES ?histology {{ {named} }}\n"
    return _query("drug", ":aboutDrug", drugs, histology, ontology)


def arms_query(arms: Iterable[str], ontology: str) -> str:
    """Return a query with the results about some arms.

    >>> "VALUES ?arm { <urn:a> }" in arms_query(["urn:a"], "urn:o/")
    True
    """
    return _query("arm", ":arm", arms, "", ontology)


def _query(name: str, path: str, things: Iterable[str], histology: str, ontology: str) -> str:
    listed = " ".join(str(NamedNode(iri)) for iri in things)
    shown = " ".join(f"?{field}" for field in _FIELDS)
    optional = "\n".join(f"  OPTIONAL {{ ?result :{field} ?{field} }}" for field in _FIELDS)
    return (
        f"PREFIX : <{ontology}>\n"
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        f"SELECT DISTINCT ?{name} ?result ?label ?endpoint {shown}\n"
        "  ?histology ?line ?study ?document\n"
        "WHERE {\n"
        f"  VALUES ?{name} {{ {listed} }}\n"
        f"  ?result a :EvidenceItem ; {path} ?{name} ; :aboutHistology ?histology .\n"
        f"{histology}"
        "  OPTIONAL { ?result rdfs:label ?label }\n"
        "  OPTIONAL { ?result :endpoint ?endpoint }\n"
        "  OPTIONAL { ?result :line/rdfs:label ?line }\n"
        "  OPTIONAL { ?result :ofStudy ?study }\n"
        "  OPTIONAL { ?result :passage/:inDocument ?document }\n"
        f"{optional}\n"
        f"}} ORDER BY ?{name} ?endpoint ?result"
    )
