"""Questions for the SPARQL endpoint, and the asking of them by GET, for tests."""

from __future__ import annotations

import httpx

__all__ = ["ABOUT", "DIRECT", "DRUGS", "FORM", "ask"]

DRUGS = "SELECT ?drug ?name { ?drug a :Drug ; rdfs:label ?name } ORDER BY ?name LIMIT 5"
ABOUT = "DESCRIBE drug:imatinib"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"


def ask(client: httpx.Client, query: str, accept: str | None = None) -> httpx.Response:
    headers = {"Accept": accept} if accept else {}
    return client.get("/sparql", params={"query": query}, headers=headers)
