"""The SPARQL 1.1 Protocol: a query or an update out of an HTTP request."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from api.authorization import Authority
from api.graph_name import read_graph_name
from api.messages import QueryRequest, WriteRequest
from api.problems import ParameterError, TooLarge, UnsupportedMedia
from api.query_string import check_parameters
from api.quotation import quoted
from api.request_body import MIB, read_body, read_content_type, show_content_type
from api.request_parameters import (
    FORMATS,
    Parameters,
    decode_parameters,
    decode_text,
    read_accept,
)
from api.sparql_contract import ADDRESS_PARAMETERS, FORM_PARAMETERS, Operation, find_parameter
from kg.namespaces import Namespaces
from kg.settings import DefaultGraph, Settings
from kg.writing import Update

__all__ = ["FORM", "LONGEST_QUERY", "QUERY", "UPDATE", "Clerk"]

LONGEST_QUERY = MIB
"""Bytes that a query may have, and a form of anybody who may not write."""

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"


@dataclass(frozen=True)
class Clerk:
    """Reads requests: by the settings of the server, who may write, and the names of graphs."""

    settings: Settings
    authority: Authority
    names: Namespaces

    async def read(self, request: Request) -> QueryRequest | WriteRequest | None:
        """Return the query or update of a GET or POST request; None: it asks for neither.

        Raises ParameterError, UnsupportedMedia and TooLarge; for an update of somebody who may
        not write, what `Authority.check` raises.
        """
        parameters = _checked(decode_parameters(request.scope["query_string"]), ADDRESS_PARAMETERS)
        if request.method == "POST":
            parameters = await self._read_post(request, parameters)
        elif not parameters.keys() - set(FORMATS):
            return None
        if _find_operation(parameters) is Operation.QUERY:
            return self._query(request, parameters)
        self.authority.check(request)
        return self._update(parameters)

    async def _read_post(self, request: Request, address: Parameters) -> Parameters:
        given = request.headers.get("content-type")
        kind = read_content_type(given)
        if kind.media_type == UPDATE:
            self.authority.check(request)
        body = await read_body(request, self._longest(request))
        if not body and not kind.media_type:
            raise ParameterError(
                "query", "the body is empty; POST takes a query or an update in it"
            )
        if kind.media_type not in (FORM, QUERY, UPDATE) or not kind.is_utf_8:
            offered = f"{FORM}, {QUERY} or {UPDATE}"
            raise UnsupportedMedia(
                f"POST takes a body of {offered} in UTF-8, and {show_content_type(given)}"
            )
        if kind.media_type == FORM:
            return _joined(address, decode_parameters(body))
        name = "query" if kind.media_type == QUERY else "update"
        if "query" in address:
            message = f"the address has a query, and the body is of {kind.media_type}; send one"
            raise ParameterError("query", message)
        return {**address, name: [decode_text(body)]}

    def _longest(self, request: Request) -> int:
        may_write = self.authority.is_writable and self.authority.allows(request)
        return self.settings.upload_limit * MIB if may_write else LONGEST_QUERY

    def _query(self, request: Request, parameters: Parameters) -> QueryRequest:
        query = parameters["query"][0]
        if len(query.encode()) > LONGEST_QUERY:
            raise TooLarge(f"a query has at most {LONGEST_QUERY:,} bytes")
        return QueryRequest(
            query,
            accept=read_accept(request, parameters),
            default_graphs=self._graphs(parameters, "default-graph-uri"),
            named_graphs=self._graphs(parameters, "named-graph-uri"),
            union=self._is_union,
            seconds=self._seconds(parameters),
        )

    def _update(self, parameters: Parameters) -> WriteRequest:
        update = Update(
            parameters["update"][0],
            using_graphs=self._graphs(parameters, "using-graph-uri"),
            using_named_graphs=self._graphs(parameters, "using-named-graph-uri"),
            union=self._is_union,
        )
        return WriteRequest(update, seconds=self._seconds(parameters))

    @property
    def _is_union(self) -> bool:
        return self.settings.default_graph is DefaultGraph.UNION

    def _graphs(self, parameters: Parameters, name: str) -> tuple[str, ...]:
        given = parameters.get(name, ())
        return tuple(read_graph_name(each, name, self.names) for each in given)

    def _seconds(self, parameters: Parameters) -> float:
        longest = self.settings.query_timeout
        if "timeout" not in parameters:
            return longest
        given = parameters["timeout"][0]
        try:
            seconds = float(given)
        except ValueError:
            seconds = math.nan
        if not seconds > 0:
            message = f"timeout is a positive number of seconds, and not {quoted(given)}"
            raise ParameterError("timeout", message)
        return min(seconds, longest)


def _find_operation(parameters: Parameters) -> Operation:
    """Return what a request asks for; its parameters must say something to that."""
    if "query" in parameters and "update" in parameters:
        raise ParameterError("update", "a query and an update are given; send one")
    if "query" not in parameters and "update" not in parameters:
        example = "/sparql?query=SELECT+*+{?s+?p+?o}+LIMIT+10"
        raise ParameterError("query", f"the parameter query is missing; try {example}")
    operation = Operation.UPDATE if "update" in parameters else Operation.QUERY
    for name in parameters:
        described = find_parameter(name)
        if described and operation not in described.operation:
            raise ParameterError(name, _misplaced(name, operation))
    return operation


def _misplaced(name: str, operation: Operation) -> str:
    if operation is Operation.UPDATE:
        return f"{name} is for queries; an update has using-graph-uri and using-named-graph-uri"
    return f"{name} is for updates; a query has default-graph-uri and named-graph-uri"


def _joined(address: Parameters, form: Parameters) -> Parameters:
    """Return the parameters of both places, held to the same rule: given in both is twice."""
    names = dict.fromkeys((*address, *form))
    joined = {name: [*address.get(name, ()), *form.get(name, ())] for name in names}
    return _checked(joined, FORM_PARAMETERS)


def _checked(parameters: Parameters, known: Mapping[str, bool]) -> Parameters:
    check_parameters((name for name in parameters for _ in parameters[name]), known)
    return parameters
