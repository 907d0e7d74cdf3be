"""The formats that linked data is answered in, and the choice among them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.requests import Request

from api.problems import ParameterError
from api.quotation import quoted
from api.sparql_contract import written_schema
from kg.formats import (
    Choice,
    GraphFormat,
    TableFormat,
    find_graph_format,
    find_table_format,
    get_graph_choice,
)

__all__ = ["FORMATS", "FORMAT_NAMES", "RESPONSES", "choose_format", "described_by"]

FORMATS = (*GraphFormat, *TableFormat)
FORMAT_NAMES = ", ".join(each.extension for each in FORMATS)

_OWL = "owl"
"""What files of ontologies in RDF/XML end in."""

_IN_HEADERS = "/:@!$&'()*+,;=~%?#[]"

RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The description, by Accept or by the parameter format",
        "content": {
            each.media_type: {"schema": written_schema(each.media_type)} for each in FORMATS
        },
    },
    410: {"description": "An older snapshot had it, and this one does not"},
}
"""How the contract describes answers."""


def choose_format(
    request: Request, given: str | None, what: str
) -> Choice[GraphFormat | TableFormat]:
    """Return the format to answer in: the one that is given by name, or by Accept.

    Raises ParameterError for a name that is none, and FormatNotOfferedError.
    """
    if given is None:
        accept = ", ".join(request.headers.getlist("accept")) or None
        return get_graph_choice(accept, what)
    name = GraphFormat.RDF_XML.extension if given == _OWL else given
    found = find_graph_format(name) or find_table_format(name)
    if found is None:
        raise ParameterError("format", f"format is one of {FORMAT_NAMES}, and not {quoted(given)}")
    return Choice(found, found.media_type)


def described_by(
    address: str, iri: str, extension: str, *, following: int | None = None
) -> dict[str, str]:
    """Return the headers that say what an answer describes, and where it is found otherwise.

    >>> headers = described_by("/drug/a", "https://example.org/drug/a", "ttl")
    >>> headers["Content-Location"], headers["Link"].partition(", ")[0]
    ('/drug/a?format=ttl', '<https://example.org/drug/a>; rel="describes"')
    """
    written = quote(address, safe=_IN_HEADERS)
    mark = "&" if "?" in written else "?"
    links = [f'<{quote(iri, safe=_IN_HEADERS)}>; rel="describes"']
    if following:
        links.append(f'<{written}{mark}page={following}>; rel="next"')
    for each in FORMATS:
        target = f"{written}{mark}format={each.extension}"
        links.append(f'<{target}>; rel="alternate"; type="{each.media_type}"')
    return {
        "Content-Location": f"{written}{mark}format={extension}",
        "Link": ", ".join(links),
    }
