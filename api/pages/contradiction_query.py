"""The SPARQL query that gives what the page of contradictions shows of both sides."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode

from api.contradictions import Contradiction

__all__ = ["contradiction_query"]

_FIELDS = (
    ("value", ":asPrinted"),
    ("responders", ":responders"),
    ("evaluable", ":evaluable"),
    ("percent", ":percent"),
    ("months", ":months"),
)


def contradiction_query(found: Iterable[Contradiction], ontology: str) -> str:
    """Return a query with a row for each side of each pair: its figures, line, study and place.

    The rules themselves are computed by the server; the pairs are given to the query.
    """
    pairs = "\n".join(
        f'    ("{each.rule.value}" {NamedNode(side.iri)})'
        for each in found
        for side in (each.first, each.second)
    )
    optional = "\n".join(f"  OPTIONAL {{ ?result {path} ?{name} }}" for name, path in _FIELDS)
    shown = " ".join(f"?{name}" for name, _ in _FIELDS)
    return (
        f"PREFIX : <{ontology}>\n"
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        "PREFIX dcterms: <http://purl.org/dc/terms/>\n"
        f"SELECT DISTINCT ?rule ?result ?label ?direction {shown} ?line ?study ?document ?issued\n"
        "WHERE {\n"
        f"  VALUES (?rule ?result) {{\n{pairs}\n  }}\n"
        "  ?result rdfs:label ?label ; :direction/rdfs:label ?direction ;\n"
        "    :ofStudy/rdfs:label ?study ; :passage/:inDocument ?document .\n"
        "  OPTIONAL { ?result :line/rdfs:label ?line }\n"
        "  OPTIONAL { ?document :issued ?issued }\n"
        f"{optional}\n"
        "}"
    )
