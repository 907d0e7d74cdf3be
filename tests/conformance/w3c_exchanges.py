"""The protocol's tests: requests that the manifests spell out, sent byte for byte, in order."""

from __future__ import annotations

from urllib.parse import quote

from pyoxigraph import RdfFormat
from w3c_comparison import EXACT, same_rows
from w3c_data import read_rows
from w3c_manifest import Case, Exchange, Suite
from w3c_results import READERS
from w3c_server import Address, Response, Server

__all__ = ["find_problem", "run_exchanges"]

_AUTHORITY = "www.example"
_BASE = "http://www.example/gsp"
_GRAPH_TYPES = frozenset(["text/turtle", "application/n-triples", "application/rdf+xml"])
_TABLE_TYPES = frozenset(READERS)
_BOOLEAN_TYPES = _TABLE_TYPES - {"text/csv", "text/tab-separated-values"}
_TYPES = {"boolean": _BOOLEAN_TYPES, "tabular": _TABLE_TYPES, "RDF": _GRAPH_TYPES}


def run_exchanges(case: Case, server: Server) -> str | None:
    """Send the requests of a test; return the first response that is wrong, or None."""
    locations: dict[str, str] = {}
    for number, exchange in enumerate(case.exchanges, start=1):
        url = _url(case, exchange, server.address, locations)
        body = exchange.body or None
        response = server.send(exchange.method, url, exchange.headers, body)
        problem = find_problem(exchange, response)
        if problem:
            return f"request {number}, {exchange.method}: {problem}"
        if exchange.location:
            locations[exchange.location] = response.headers["location"]
    return None


def _url(case: Case, exchange: Exchange, address: Address, locations: dict[str, str]) -> str:
    path = exchange.path
    for name, location in locations.items():
        path = path.replace(name, quote(location, safe=""))
    if case.suite is Suite.GRAPH_STORE:
        return address.graph_store + path.removeprefix("/gsp")
    endpoint = address.update if _is_update(case, exchange) else address.query
    return endpoint + path.removeprefix("/sparql/")


def _is_update(case: Case, exchange: Exchange) -> bool:
    """Tell which endpoint a request is for; where it does not say, the test's name does."""
    content = dict(exchange.headers).get("content-type", "")
    if content.startswith("application/sparql-"):
        return content.startswith("application/sparql-update")
    return "update" in case.name.partition("/")[2]


def find_problem(exchange: Exchange, response: Response) -> str | None:
    if not {response.status, response.status // 100} & exchange.statuses:
        return response.summary
    if exchange.formats and not any(
        response.media_type in _TYPES[each] for each in exchange.formats
    ):
        return f"answered as {response.media_type!r}"
    if exchange.boolean is not None:
        answer = READERS[response.media_type](response.text)
        if answer is not exchange.boolean:
            return f"{answer!r}, and not {exchange.boolean!r}"
    if exchange.location and "location" not in response.headers:
        return "the header Location is missing"
    if exchange.media_type and response.media_type != exchange.media_type:
        return f"answered as {response.media_type!r}, and not {exchange.media_type!r}"
    return _graph_problem(exchange, response) if exchange.graph else None


def _graph_problem(exchange: Exchange, response: Response) -> str | None:
    rdf_format = RdfFormat.from_media_type(response.media_type)
    assert exchange.graph
    assert rdf_format
    expected = read_rows(exchange.graph.encode(), RdfFormat.TURTLE, _BASE)
    actual = read_rows(response.body, rdf_format, _BASE)
    if same_rows(expected, actual, EXACT):
        return None
    return f"another graph: {response.text[:300]}"
