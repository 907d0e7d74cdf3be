"""The parameters of a request, as many times as they are given, and what they ask to be sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from starlette.requests import Request

from api.problems import ParameterError
from api.quotation import quoted
from kg.formats import (
    GraphFormat,
    ResultFormat,
    TableFormat,
    find_graph_format,
    find_result_format,
    find_table_format,
)

__all__ = ["FORMATS", "Parameters", "decode_parameters", "decode_text", "read_accept"]

FORMATS = ("format", "output", "results")
"""The parameters that name a format: clients do not agree on one."""

_ALSO = {"json": GraphFormat.JSON_LD, "xml": GraphFormat.RDF_XML, "n3": GraphFormat.TURTLE}
"""Names of formats for RDF, too: Turtle is N3."""

_MOST = 1000

Parameters = Mapping[str, Sequence[str]]


def decode_parameters(encoded: bytes) -> Parameters:
    """Return the parameters of an address or a form; raises ParameterError.

    >>> dict(decode_parameters(b"query=ASK%20%7B%7D&format=csv&format=text/csv"))
    {'query': ['ASK {}'], 'format': ['csv', 'text/csv']}
    """
    text = decode_text(encoded)
    if text.count("&") >= _MOST:
        raise ParameterError("query", f"there are more than {_MOST} parameters")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except ValueError:
        raise ParameterError("query", "the parameters are not percent-encoded UTF-8") from None
    parameters = defaultdict(list)
    for name, value in pairs:
        parameters[name].append(value)
    return parameters


def decode_text(body: bytes) -> str:
    """Return a text in UTF-8, without a byte order mark; raises ParameterError."""
    try:
        return body.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        message = f"byte {error.start + 1} of the query is not UTF-8"
        raise ParameterError("query", message) from None


def read_accept(request: Request, parameters: Parameters) -> str | None:
    """Return what a request accepts: the formats that its parameters name, else its Accept.

    Some clients name a format several times, by its name and by its media type. Raises
    ParameterError where none of the names is known.
    """
    values = [value for name in FORMATS for value in parameters.get(name, ())]
    if not values:
        return ", ".join(request.headers.getlist("accept")) or None
    found = [media_type for value in values for media_type in _media_types(value)]
    if not found:
        offered = (*ResultFormat, *TableFormat, *GraphFormat)
        known = ", ".join(each.extension for each in offered)
        raise ParameterError("format", f"format is one of {known}, and not {quoted(values[0])}")
    return ", ".join(dict.fromkeys(found))


def _media_types(name: str) -> list[str]:
    found = (
        find_result_format(name),
        find_graph_format(name) or _ALSO.get(name.strip().lower()),
        find_table_format(name),
    )
    return [each.media_type for each in found if each]
