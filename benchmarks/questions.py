"""What is asked of every engine: typical queries in the model of the project, and the JSON routes.

A question is asked fresh (each time about another drug, day or word, so that no answer can have
been kept) or cached (the same request again and again).
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Template
from urllib.parse import quote

from benchmarks.tokens import Tokens

__all__ = ["QUERIES", "ROUTES", "Form", "Query", "Route"]

_PREFIXES = """\
PREFIX : <https://w3id.org/sarcoma-kg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
_DRUG = "https://w3id.org/sarcoma-kg/drug/"
_HISTOLOGY = "<https://w3id.org/sarcoma-kg/histology/leiomyosarcoma>"
_ROWS = 10_000
_PASSAGES = 17
"""Passages of every drug, at places of their own."""


class Form:
    """The media types that answers are asked in."""

    ROWS = "application/sparql-results+json"
    TRIPLES = "application/n-triples"


@dataclass(frozen=True)
class Query:
    """A query with gaps: ``$drug``, ``$name``, ``$word``, ``$day`` and ``$starts``.

    ``is_indexed`` tells that its cost should not depend on the size of the graph,
    ``is_quadratic`` that some engines compare everything with everything.
    """

    name: str
    pattern: str
    accept: str = Form.ROWS
    is_indexed: bool = False
    is_quadratic: bool = False

    def text(self, number: int, drugs: int) -> str:
        """Return the query about a drug, the only one with this text whatever ``drugs`` there are.

        >>> print(QUERIES[0].text(36, 35).splitlines()[-2:])
        ['SELECT ?p ?o { <https://w3id.org/sarcoma-kg/drug/babababemab> ?p ?o }', '# 36']
        """
        tokens = Tokens.of_unit(number % drugs)
        filled = Template(self.pattern).substitute(
            drug=f"<{_DRUG}{tokens.name}>",
            name=tokens.name,
            word=tokens.name[2:8],
            day=f'"{tokens.date}"^^xsd:date',
            starts=_starts(number, drugs),
            histology=_HISTOLOGY,
        )
        return f"{_PREFIXES}{filled}\n# {number}\n"

    def target(self, path: str, number: int, drugs: int) -> str:
        """Return the address that asks it of an endpoint."""
        return f"{path}?query={quote(self.text(number, drugs), safe='')}"


def _starts(number: int, drugs: int) -> str:
    """Return beginnings of passages, as many as make ten thousand rows with so many drugs."""
    count = min(_PASSAGES, max(1, -(-_ROWS // drugs)))
    starts = sorted(40 + 400 * ((number + turn) % _PASSAGES + 1) for turn in range(count))
    return " ".join(map(str, starts))


@dataclass(frozen=True)
class Route:
    """An address of the JSON interface, with ``$name`` for the name of a drug."""

    name: str
    pattern: str

    def target(self, number: int, drugs: int) -> str:
        """Return the address about a drug.

        >>> ROUTES[0].target(0, 35)
        '/api/v1/drugs/babababanib'
        """
        return Template(self.pattern).substitute(name=Tokens.of_unit(number % drugs).name)


QUERIES = (
    Query("lookup", "SELECT ?p ?o { $drug ?p ?o }", is_indexed=True),
    Query(
        "label CONTAINS",
        """SELECT ?thing ?label {
  ?thing rdfs:label ?label FILTER CONTAINS(LCASE(?label), "$word")
}""",
    ),
    Query(
        "regex",
        """SELECT ?drug ?label {
  ?drug a :Drug ; rdfs:label ?label FILTER REGEX(?label, "^.a$word|^$name", "i")
}""",
    ),
    Query(
        "path subClassOf*",
        "SELECT DISTINCT ?wider { $drug :testedIn/rdfs:subClassOf* ?wider }",
        is_indexed=True,
    ),
    Query(
        "roll-up, all",
        """SELECT ?histology (COUNT(?result) AS ?results) {
  ?result :aboutDrug ?drug ; :relevantToHistology ?histology FILTER (?drug != $drug)
} GROUP BY ?histology""",
    ),
    Query(
        "roll-up, one drug",
        """SELECT ?wider (COUNT(DISTINCT ?result) AS ?results) {
  $drug :hasEvidence ?result . ?result :aboutHistology/rdfs:subClassOf* ?wider
} GROUP BY ?wider""",
        is_indexed=True,
    ),
    Query(
        "top 20 by date",
        """SELECT ?claim ?day {
  ?claim :asOf ?day FILTER (?day < $day)
} ORDER BY DESC(?day) ?claim LIMIT 20""",
    ),
    Query(
        "OPTIONAL card",
        """SELECT * {
  BIND ($drug AS ?drug)
  ?drug rdfs:label ?label .
  OPTIONAL { ?drug :developmentCode ?code }
  OPTIONAL { ?drug :memberOfClass ?class . ?class rdfs:label ?className }
  OPTIONAL { ?drug :inhibits ?target . ?target rdfs:label ?targetName }
  OPTIONAL {
    ?drug :hasEvidence ?result . ?result rdfs:label ?resultName
    OPTIONAL { ?result :percent ?percent }
    OPTIONAL { ?result :value ?value }
  }
  OPTIONAL { ?warning a :Contraindication ; :aboutDrug ?drug ; :aboutComorbidity ?comorbidity }
}""",
        is_indexed=True,
    ),
    Query(
        "CONSTRUCT",
        """CONSTRUCT { ?drug :hasEvidence ?result . ?result rdfs:label ?label }
WHERE { VALUES ?drug { $drug } ?drug :hasEvidence ?result . ?result rdfs:label ?label }""",
        accept=Form.TRIPLES,
        is_indexed=True,
    ),
    Query("DESCRIBE", "DESCRIBE $drug", accept=Form.TRIPLES, is_indexed=True),
    Query("ASK", "ASK { $drug a :Drug }", is_indexed=True),
    Query(
        "count by class",
        """SELECT ?class (COUNT(?thing) AS ?things) {
  ?thing a ?class FILTER (?thing != $drug)
} GROUP BY ?class""",
    ),
    Query(
        "NOT EXISTS",
        """SELECT ?drug {
  ?drug a :Drug FILTER (?drug != $drug)
  FILTER NOT EXISTS { ?result :aboutDrug ?drug ; :aboutHistology $histology }
}""",
        is_quadratic=True,
    ),
    Query(
        "MINUS",
        """SELECT ?drug {
  ?drug a :Drug FILTER (?drug != $drug)
  MINUS { ?result :aboutDrug ?drug ; :aboutHistology $histology }
}""",
    ),
    Query(
        "3-hop",
        """SELECT DISTINCT ?reference {
  $drug :hasEvidence ?result . ?result :ofStudy ?study . ?study :cites ?reference
}""",
        is_indexed=True,
    ),
    Query(
        "10,000 rows",
        """SELECT ?range ?start ?end {
  VALUES ?start { $starts } ?range :start ?start ; :end ?end
}""",
    ),
)

ROUTES = (
    Route("record", "/api/v1/drugs/$name"),
    Route("list of evidence of a drug", "/api/v1/evidence?drug=$name"),
    Route("list of drugs", "/api/v1/drugs?limit=20&q=$name"),
    Route("paths", "/api/v1/paths?drug=$name&fields=nodes"),
    Route("paths with evidence", "/api/v1/paths?drug=$name&limit=10"),
    Route("search", "/api/v1/search?q=$name"),
    Route("contradictions", "/api/v1/contradictions?drug=$name"),
)
