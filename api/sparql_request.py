"""The SPARQL 1.1 Protocol: a query out of an HTTP request."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from starlette.requests import Request

from api.addresses import find_address
from api.messages import QueryRequest
from api.problems import ParameterError, TooLarge, UnsupportedMedia
from api.query_string import check_parameters
from api.quotation import clipped, quoted
from kg.formats import GraphFormat, ResultFormat, find_graph_format, find_result_format
from kg.settings import DefaultGraph, Settings

__all__ = ["LONGEST_BODY", "read_query"]

LONGEST_BODY = 1024 * 1024
"""Bytes of a request that are read at most."""

_FORM = "application/x-www-form-urlencoded"
_DIRECT = "application/sparql-query"
_UPDATE = "application/sparql-update"
_UNIVERSAL = {"json": GraphFormat.JSON_LD, "xml": GraphFormat.RDF_XML}

Parameters = Mapping[str, Sequence[str]]


async def read_query(request: Request, settings: Settings) -> QueryRequest:
    """Return the query of a GET or POST request, with the time that it may take.

    Raises ParameterError, UnsupportedMedia and TooLarge.
    """
    parameters = _decode(request.scope["query_string"])
    if request.method == "POST":
        parameters = await _read_body(request, parameters)
    return QueryRequest(
        _one(parameters, "query"),
        accept=_accept(request, parameters),
        default_graphs=tuple(parameters.get("default-graph-uri", ())),
        named_graphs=tuple(parameters.get("named-graph-uri", ())),
        union=settings.default_graph is DefaultGraph.UNION,
        seconds=_seconds(parameters, settings.query_timeout),
    )


async def _read_body(request: Request, parameters: Parameters) -> Parameters:
    media_type, charset = _content_type(request)
    if media_type == _UPDATE:
        raise UnsupportedMedia("updates are not accepted; this server answers queries only")
    if media_type not in (_FORM, _DIRECT) or charset not in ("utf-8", "utf8", ""):
        raise UnsupportedMedia(
            f"POST takes a body of {_FORM} or {_DIRECT} in UTF-8, and {_given(request)}"
        )
    body = await _limited(request)
    if media_type == _FORM:
        return _checked(request, _joined(parameters, _decode(body)))
    if "query" in parameters:
        raise ParameterError("query", "the query stands in the body and in the address")
    return {**parameters, "query": [_text(body)]}


def _given(request: Request) -> str:
    given = request.headers.get("content-type")
    return f"this one is {clipped(given)}" if given else "the header Content-Type is missing"


def _joined(address: Parameters, form: Parameters) -> Parameters:
    """Return the parameters of both places: what stands in both is given twice."""
    names = dict.fromkeys((*address, *form))
    return {name: [*address.get(name, ()), *form.get(name, ())] for name in names}


def _checked(request: Request, parameters: Parameters) -> Parameters:
    """Return the parameters of a form, held to the same rule as those of an address."""
    address = find_address(request)
    names = (name for name, values in parameters.items() for _ in values)
    check_parameters(names, address.parameters if address else {})
    return parameters


async def _limited(request: Request) -> bytes:
    pieces = bytearray()
    async for piece in request.stream():
        pieces += piece
        if len(pieces) > LONGEST_BODY:
            raise TooLarge(f"a request body has at most {LONGEST_BODY:,} bytes")
    return bytes(pieces)


def _content_type(request: Request) -> tuple[str, str]:
    media_type, *parameters = request.headers.get("content-type", "").lower().split(";")
    charsets = [each.partition("=")[2].strip(' "') for each in parameters if "charset" in each]
    return media_type.strip(), charsets[0] if charsets else ""


def _decode(encoded: bytes) -> Parameters:
    try:
        pairs = parse_qsl(
            _text(encoded), keep_blank_values=True, errors="strict", max_num_fields=1000
        )
    except ValueError:
        raise ParameterError("query", "the parameters are not percent-encoded UTF-8") from None
    parameters = defaultdict(list)
    for name, value in pairs:
        parameters[name].append(value)
    return parameters


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        message = f"byte {error.start + 1} of the query is not UTF-8"
        raise ParameterError("query", message) from None


def _one(parameters: Parameters, name: str) -> str:
    values = parameters.get(name, ())
    if values:
        return values[0]
    message = f"the parameter {name} is missing; try /sparql?query=SELECT+*+{{?s+?p+?o}}+LIMIT+10"
    raise ParameterError(name, message)


def _accept(request: Request, parameters: Parameters) -> str | None:
    if "format" not in parameters:
        return ", ".join(request.headers.getlist("accept")) or None
    name = _one(parameters, "format")
    found = (find_result_format(name), find_graph_format(name) or _UNIVERSAL.get(name))
    if not any(found):
        known = ", ".join(each.extension for each in (*ResultFormat, *GraphFormat))
        raise ParameterError("format", f"format is one of {known}, and not {quoted(name)}")
    return ", ".join(each.media_type for each in found if each)


def _seconds(parameters: Parameters, longest: float) -> float:
    if "timeout" not in parameters:
        return longest
    given = _one(parameters, "timeout")
    try:
        seconds = float(given)
    except ValueError:
        seconds = math.nan
    if not seconds > 0:
        raise ParameterError(
            "timeout", f"timeout is a positive number of seconds, and not {quoted(given)}"
        )
    return min(seconds, longest)
