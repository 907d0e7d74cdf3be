"""Questions to the lists of a running server, and the same ones to its graph."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

import httpx
from pyoxigraph import QuerySolutions, Store

__all__ = ["ROOT", "Lists", "ask", "count"]

ROOT = "https://w3id.org/sarcoma-kg/"
_PREFIXES = f"""
PREFIX : <{ROOT}ontology/>
PREFIX drug: <{ROOT}drug/>
PREFIX histology: <{ROOT}histology/>
PREFIX document: <{ROOT}document/>
PREFIX procedure: <{ROOT}procedure/>
PREFIX comorbidity: <{ROOT}comorbidity/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX obo: <http://purl.obolibrary.org/obo/>
PREFIX oboInOwl: <http://www.geneontology.org/formats/oboInOwl#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


def ask(store: Store, query: str) -> list[tuple[str, ...]]:
    """Give the rows of a SELECT query over all graphs."""
    rows = store.query(_PREFIXES + query, use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    return [tuple("" if term is None else str(term.value) for term in row) for row in rows]


def count(store: Store, pattern: str) -> int:
    """Give how many different ?item a pattern has."""
    ((found,),) = ask(store, f"SELECT (COUNT(DISTINCT ?item) AS ?n) WHERE {{ {pattern} }}")
    return int(found)


class Lists:
    """A client of the lists of a server."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=f"{address}/api/v1/", timeout=60)

    def raw(self, kind: str, /, accept: str = "application/json", **given: Any) -> httpx.Response:
        return self._client.get(kind, params=given or None, headers={"Accept": accept})

    def get(self, kind: str, /, **given: Any) -> Any:
        answer = self.raw(kind, **given)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def total(self, kind: str, /, **given: Any) -> int:
        return int(self.get(kind, limit=1, fields="id", **given)["total"])

    def ids(self, kind: str, **given: Any) -> list[str]:
        items = self.get(kind, fields="id", **given)["items"] if "limit" in given else None
        return [item["id"] for item in items or self.all(kind, fields="id", **given)]

    def all(self, kind: str, /, **given: Any) -> list[Any]:
        """Give the items of all pages."""
        answer = self.get(kind, limit=1000, **given)
        items = list(answer["items"])
        while "next" in answer:
            answer = self.get(answer["next"].removeprefix("/api/v1/"))
            items += answer["items"]
        return items

    def problem(self, kind: str, status: int, **given: Any) -> Any:
        answer = self.raw(kind, **given)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        return answer.json()

    def rows(self, kind: str, **given: Any) -> list[dict[str, str]]:
        answer = self.raw(kind, format="csv", **given)
        assert answer.status_code == 200, answer.text
        return list(csv.DictReader(io.StringIO(answer.text, newline="")))

    def facet(self, kind: str, field: str, **given: Any) -> dict[str, int]:
        """Give the counts of one facet, things by their ids."""
        return counts(self.get(kind, limit=1, facets=field, **given)["facets"][field]["values"])

    def close(self) -> None:
        self._client.close()


def counts(values: Iterable[Any]) -> dict[str, int]:
    return {str(each.get("id", each.get("value"))): each["count"] for each in values}
