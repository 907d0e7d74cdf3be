"""The page of the SPARQL endpoint: a form for a query, and where to learn what to ask."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.responses import Response

from api.html import escaped, link, page
from kg.html_form import query_form

__all__ = ["sparql_page"]

_EXAMPLE = """\
SELECT ?drug ?name WHERE {
  ?drug :inhibits target:kit ; rdfs:label ?name .
}"""

_LINKS = (
    ("/.well-known/sparql-examples", "example queries"),
    ("/.well-known/void", "what the data set holds"),
    ("/sparql?format=ttl", "the description of this service"),
    ("/docs", "every address and parameter"),
)


def sparql_page(*, is_writable: bool) -> Response:
    """Return the page that a browser gets for the endpoint."""
    return page("SPARQL", _body(is_writable=is_writable))


def _body(*, is_writable: bool) -> Iterator[str]:
    yield escaped("p", "The prefixes of the graph (drug:, histology:, : ...) need no declaration.")
    yield query_form(_EXAMPLE)
    links = "".join(f"<li>{link(address, what)}</li>" for address, what in _LINKS)
    yield f"<ul>{links}</ul>"
    said = "are accepted with the token" if is_writable else "are not accepted here"
    yield escaped("p", f"Updates {said}.")
