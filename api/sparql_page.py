"""The page of the SPARQL endpoint: a form for a query, and where to learn what to ask."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from starlette.responses import Response

from api.html import escaped, link, page
from kg.formats import GraphFormat, ResultFormat, TableFormat

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
    yield '<form action="/sparql" method="get">'
    yield (
        '<p><label for="query">Query</label><br>'
        f'<textarea id="query" name="query" rows="12">{escape(_EXAMPLE)}</textarea></p>'
    )
    options = "".join(
        f'<option value="{each.extension}">{escape(each.title)}</option>'
        for each in (*TableFormat, *ResultFormat, *GraphFormat)
    )
    yield (
        '<p><label for="format">Answer as</label> '
        f'<select id="format" name="format">{options}</select> <button>Ask</button></p>'
    )
    yield "</form>"
    links = "".join(f"<li>{link(address, what)}</li>" for address, what in _LINKS)
    yield f"<ul>{links}</ul>"
    said = "are accepted with the token" if is_writable else "are not accepted here"
    yield escaped("p", f"Updates {said}.")
