"""What the SPARQL endpoint takes: its parameters, each described once, and the contract of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Flag, auto
from typing import Any

from kg.formats import GraphFormat, ResultFormat, TableFormat

__all__ = [
    "ADDRESS_PARAMETERS",
    "FORM_PARAMETERS",
    "Operation",
    "described",
    "find_parameter",
    "written_schema",
]

_COMMAND = (
    "curl http://127.0.0.1:8000/sparql -H 'Content-Type: application/sparql-query' "
    "--data 'ASK { ?drug :inhibits target:kit }'"
)
_READ = (
    "The answer. Without a query, the description of the service: Turtle unless another format of "
    "RDF is asked for, or a page for browsers"
)
_POSTED = "The answer, or what an update changed"
_EXAMPLE = "/sparql?query=ASK%20%7B%20?drug%20:inhibits%20target:kit%20%7D"


class Operation(Flag):
    """The two operations of the protocol."""

    QUERY = auto()
    UPDATE = auto()


@dataclass(frozen=True)
class Parameter:
    """A parameter: what it means, and to which operation it says something."""

    name: str
    meaning: str
    operation: Operation
    is_list: bool = False

    @property
    def schema(self) -> dict[str, Any]:
        """What its values are."""
        text = {"type": "string"}
        return {"type": "array", "items": text} if self.is_list else text


_BOTH = Operation.QUERY | Operation.UPDATE
_NAMES = "json, xml, csv, tsv, html; ttl, nt, rdf, jsonld, nq, trig"

_PARAMETERS = (
    Parameter(
        "query",
        "The query. Our prefixes (drug:, histology:, : ...) need no declaration.",
        Operation.QUERY,
    ),
    Parameter("update", "The update, in the place of a query.", Operation.UPDATE),
    Parameter(
        "default-graph-uri",
        "A graph that the query's default graph consists of: an IRI, or a CURIE. Repeatable.",
        Operation.QUERY,
        is_list=True,
    ),
    Parameter(
        "named-graph-uri",
        "A graph that GRAPH may reach in a query. Repeatable.",
        Operation.QUERY,
        is_list=True,
    ),
    Parameter(
        "using-graph-uri",
        "A graph that the default graph of an update's WHERE consists of. Repeatable.",
        Operation.UPDATE,
        is_list=True,
    ),
    Parameter(
        "using-named-graph-uri",
        "A graph that GRAPH may reach in an update's WHERE. Repeatable.",
        Operation.UPDATE,
        is_list=True,
    ),
    Parameter(
        "timeout", "Seconds that it may take; the server's limit holds if that is less.", _BOTH
    ),
    Parameter("format", f"{_NAMES}: instead of Accept.", _BOTH, is_list=True),
    Parameter("output", "The same as `format`, which some clients call so.", _BOTH, is_list=True),
    Parameter("results", "The same as `format`, which some clients call so.", _BOTH, is_list=True),
)

FORM_PARAMETERS = {each.name: each.is_list for each in _PARAMETERS}
"""The fields of a form, and whether each may be given more than once."""

ADDRESS_PARAMETERS = {
    name: is_list for name, is_list in FORM_PARAMETERS.items() if name != "update"
}
"""The parameters of an address: an update is never one, as addresses are followed and kept."""


def find_parameter(name: str) -> Parameter | None:
    """Return the parameter of a name, or None."""
    return next((each for each in _PARAMETERS if each.name == name), None)


def described(method: str) -> dict[str, Any]:
    """Return how the contract describes GET, or POST."""
    return _get() if method == "GET" else _post()


def _get() -> dict[str, Any]:
    asking = [each for each in _PARAMETERS if Operation.QUERY in each.operation]
    return {"parameters": _in_address(asking), "responses": _answers(_READ), "x-example": _EXAMPLE}


def _post() -> dict[str, Any]:
    fields = {each.name: {**each.schema, "description": each.meaning} for each in _PARAMETERS}
    content = {
        "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": fields}},
        "application/sparql-query": _text("the query itself"),
        "application/sparql-update": _text("the update itself; needs the bearer token"),
    }
    beside = [each for each in _PARAMETERS if each.name in ADDRESS_PARAMETERS]
    return {
        "parameters": _in_address(each for each in beside if each.name != "query"),
        "requestBody": {"required": True, "content": content},
        "responses": _answers(_POSTED),
        "x-command": _COMMAND,
    }


def _text(what: str) -> dict[str, Any]:
    return {"schema": {"type": "string", "description": what}}


def _in_address(parameters: Iterable[Parameter]) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "in": "query",
            "required": False,
            "description": each.meaning,
            "schema": each.schema,
        }
        for each in parameters
    ]


def written_schema(media_type: str) -> dict[str, Any]:
    """Return how the contract describes an answer: JSON is any value, all else is text.

    >>> written_schema("application/ld+json"), written_schema("text/turtle")
    ({}, {'type': 'string'})
    """
    return {} if media_type.endswith("json") else {"type": "string"}


def _answers(what: str) -> dict[str, Any]:
    offered = (*ResultFormat, *GraphFormat, *TableFormat)
    content = {each.media_type: {"schema": written_schema(each.media_type)} for each in offered}
    content["application/json"] = {"schema": {"type": "object"}}
    return {"200": {"description": what, "content": content}}
