"""The problems that each operation may answer with, by status, for the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.problems import MEDIA_TYPE

__all__ = ["add_errors", "statuses_of"]

Json = dict[str, Any]

_SAYS: Mapping[int, str] = {
    400: "A parameter or a query is unknown, ill-formed or contradicts another",
    401: "A write needs the bearer token, and the right one",
    403: "What is never done here, or not on this server",
    404: "A name means nothing; near names are given",
    406: "None of the formats that are accepted is offered",
    408: "The body comes too slowly",
    409: "A name means several things; all are given",
    410: "An older snapshot had it, and this one does not",
    412: "If-Match names other tags than the one there is",
    413: "The body is too large",
    415: "The body has a media type or a coding that means nothing here",
    416: "The file has no such range",
    422: "It cannot be evaluated, or the checks refuse it",
    429: "More questions at once than a client's share",
    500: "A fault of the server",
    503: "Too many questions at once, or the server is stopping",
    504: "The answer took too long",
    507: "The disk of the server is full",
}
_READ = (400, 406, 412, 429, 500, 503, 504)
_NAMED = (*_READ, 404, 409)
_BODY = (408, 413, 415)
_WRITE = (*_READ, *_BODY, 401, 403, 404, 422, 507)
_BY_TAG: Mapping[str, tuple[int, ...]] = {
    "records": _NAMED,
    "findings": _NAMED,
    "hierarchies": _NAMED,
    "paths": _NAMED,
    "search": _READ,
    "description": _READ,
    "linked data": (*_READ, 404, 410),
    "snapshots": (*_READ, 404),
    "downloads": (*_READ, 404),
    "operation": (400, 500),
    "SPARQL": (*_READ, 403, 404, 422),
}
_FILES = "/downloads/"
_WITHOUT_NAMES = frozenset({"/downloads", "/api/v1/snapshots", "/sparql"})


def add_errors(contract: Json) -> None:
    """Describe the problems that the operations of a contract lack."""
    for path, operations in contract["paths"].items():
        for method, operation in operations.items():
            responses = operation["responses"]
            for status in statuses_of(method, path, operation):
                described = responses.setdefault(str(status), {"description": _SAYS[status]})
                described.setdefault("content", {MEDIA_TYPE: {"schema": _problem()}})


def statuses_of(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[int]:
    """Yield the statuses of the problems that an operation may answer with."""
    (tag,) = operation["tags"]
    found = set(_BY_TAG[tag])
    if tag == "SPARQL" and method != "get":
        found |= {*_WRITE}
    elif method == "post":
        found |= {*_BODY}
    if path.startswith(_FILES):
        found = found - {406} | {416}
    if path in _WITHOUT_NAMES:
        found -= {404}
    yield from sorted(found)


def _problem() -> Json:
    return {"$ref": "#/components/schemas/Problem"}
