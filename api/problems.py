"""What goes wrong, as RFC 9457 problem details: one table, one body."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from api.addresses import find_address, known_paths
from api.authorization import NoToken, NotWritable, WrongToken
from api.by_heart import TooManyRecords
from api.directory import AmbiguousName, Entry, UnknownName
from api.failures import CommitFailed, GraphTooLarge, NotReadYet, QueryTooBig, StorageFull
from api.paging import CursorError
from api.pool import Overloaded, QueryCrashed, QueryTimedOut, TooManyRequests
from api.quotation import clipped, quoted
from api.remote_failures import AnswerTooLong, EndpointDown, EndpointFailed
from api.snapshot_names import UnknownSnapshot
from api.writer import NotServed
from kg.graph_reading import GraphNotFoundError
from kg.near import suggest
from kg.query_error import (
    DocumentError,
    FormatNotOfferedError,
    QueryError,
    QueryFailedError,
    QueryForbiddenError,
    QueryRefusedError,
    QuerySyntaxError,
)
from kg.statement_limits import StatementError

__all__ = [
    "MEDIA_TYPE",
    "PROBLEMS",
    "PROBLEM_RESPONSES",
    "STOPPING",
    "NotAcceptable",
    "ParameterError",
    "PreconditionFailed",
    "ProblemKind",
    "TooLarge",
    "TooSlow",
    "UnknownCoding",
    "UnsupportedMedia",
    "problem_of",
    "show_problem",
]

MEDIA_TYPE = "application/problem+json"
_BASE = "https://w3id.org/sarcoma-kg/problem/"


PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {
        "description": "A problem, as RFC 9457 describes it",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status in ("4XX", "5XX")
}
"""How the contract describes problems."""


class ParameterError(ValueError):
    """A parameter is missing, repeated, unknown or ill-formed."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


class TooLarge(ValueError):  # noqa: N818 - what the client is told
    """The body of a request is longer than the server reads."""


class TooSlow(ValueError):  # noqa: N818 - what the client is told
    """The body of a request does not come."""


class PreconditionFailed(ValueError):  # noqa: N818 - what the client is told
    """What a write would change is not as its client takes it to be."""


class UnsupportedMedia(ValueError):  # noqa: N818 - what the client is told
    """The body of a request has a media type that means nothing here."""


class UnknownCoding(UnsupportedMedia):
    """The body of a request is compressed."""


class NotAcceptable(ValueError):  # noqa: N818 - what the client is told
    """No media type that the client accepts is offered."""


@dataclass(frozen=True)
class ProblemKind:
    """A kind of problem: the end of its type IRI, its status, its title."""

    slug: str
    status: int
    title: str


PROBLEMS: Mapping[type[Exception], ProblemKind] = {
    QuerySyntaxError: ProblemKind("query-syntax", 400, "The syntax is wrong"),
    QueryRefusedError: ProblemKind("query-refused", 400, "The query is refused"),
    QueryForbiddenError: ProblemKind("query-forbidden", 403, "The query is forbidden"),
    DocumentError: ProblemKind("document", 400, "The document cannot be read"),
    QueryFailedError: ProblemKind("query-failed", 422, "The query cannot be evaluated"),
    FormatNotOfferedError: ProblemKind("not-acceptable", 406, "No such format"),
    NotAcceptable: ProblemKind("not-acceptable", 406, "No such format"),
    QueryTimedOut: ProblemKind("query-timeout", 504, "It took too long"),
    TooManyRecords: ProblemKind("too-many-records", 422, "The list is too long"),
    QueryTooBig: ProblemKind("query-too-big", 422, "Too much memory is needed"),
    QueryCrashed: ProblemKind("query-crashed", 500, "The worker ended"),
    EndpointDown: ProblemKind("endpoint-down", 502, "The engine cannot be reached"),
    EndpointFailed: ProblemKind("endpoint-failed", 502, "The engine failed"),
    AnswerTooLong: ProblemKind("answer-too-long", 422, "The answer is too long"),
    StatementError: ProblemKind("statement", 422, "A statement cannot be kept"),
    StorageFull: ProblemKind("storage-full", 507, "The disk is full"),
    CommitFailed: ProblemKind("commit-failed", 500, "The write was not kept"),
    NotReadYet: ProblemKind("not-read-yet", 503, "The snapshot is still being read"),
    GraphTooLarge: ProblemKind("graph-too-large", 422, "The graph is too large for this"),
    Overloaded: ProblemKind("overloaded", 503, "Too many queries at once"),
    TooManyRequests: ProblemKind("too-many-requests", 429, "Too many queries of one client"),
    ParameterError: ProblemKind("parameter", 400, "A parameter is wrong"),
    RequestValidationError: ProblemKind("parameter", 400, "A parameter is wrong"),
    CursorError: ProblemKind("parameter", 400, "A parameter is wrong"),
    NotWritable: ProblemKind("not-writable", 403, "Writes are not accepted"),
    NoToken: ProblemKind("unauthorized", 401, "A token is needed"),
    WrongToken: ProblemKind("unauthorized", 401, "The token is wrong"),
    GraphNotFoundError: ProblemKind("graph-not-found", 404, "There is no such graph"),
    NotServed: ProblemKind("not-served", 500, "The write is kept, but not served"),
    UnknownSnapshot: ProblemKind("snapshot-not-found", 404, "There is no such snapshot"),
    PreconditionFailed: ProblemKind("precondition-failed", 412, "A precondition does not hold"),
    ClientDisconnect: ProblemKind("incomplete", 400, "The request is incomplete"),
    TooSlow: ProblemKind("too-slow", 408, "The request comes too slowly"),
    TooLarge: ProblemKind("too-large", 413, "The request is too large"),
    UnsupportedMedia: ProblemKind("unsupported-media-type", 415, "Unknown media type"),
    UnknownName: ProblemKind("unknown-name", 404, "Nothing has this name"),
    AmbiguousName: ProblemKind("ambiguous-name", 409, "Several things have this name"),
}
FAULT = ProblemKind("fault", 500, "A fault of the server")
STOPPING = ProblemKind("stopping", 503, "The server is stopping")
_HTTP = {
    404: ProblemKind("not-found", 404, "No such address"),
    405: ProblemKind("method-not-allowed", 405, "Method not allowed"),
}


def problem_of(request: Request, error: Exception) -> Response:
    """Return the answer to a request that an exception ended."""
    if isinstance(error, HTTPException):
        return _http_problem(request, error)
    kind = next((PROBLEMS[each] for each in type(error).__mro__ if each in PROBLEMS), FAULT)
    if kind is FAULT:
        return show_problem(FAULT, "the fault is logged; the request may be repeated")
    return show_problem(kind, _detail(error), _headers(error), **_members(error))


def show_problem(
    kind: ProblemKind, detail: str, headers: Mapping[str, str] | None = None, **members: object
) -> Response:
    """Return a problem as an answer; ``members`` without a value are left out."""
    body = {
        "type": _BASE + kind.slug,
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        **{name: value for name, value in members.items() if value is not None},
    }
    return Response(
        json.dumps(body, ensure_ascii=False).encode(errors="backslashreplace"),
        status_code=kind.status,
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def _http_problem(request: Request, error: HTTPException) -> Response:
    path, headers = request.url.path, dict(error.headers or {})
    kind = _HTTP.get(error.status_code) or ProblemKind(
        f"http-{error.status_code}", error.status_code, str(error.detail)
    )
    if error.status_code == 404:
        near = suggest(path, known_paths(request))
        return show_problem(kind, f"there is nothing at {clipped(path)}{near}; see /docs", headers)
    if error.status_code == 405:
        address = find_address(request)
        allowed = address.allow if address else ""
        detail = f"{request.method} is not allowed here; allowed: {allowed}"
        return show_problem(kind, detail, {"Allow": allowed})
    return show_problem(kind, str(error.detail), headers)


def _headers(error: Exception) -> dict[str, str]:
    match error:
        case Overloaded():
            return {"Retry-After": str(error.retry_after)}
        case NoToken():
            return {"WWW-Authenticate": error.challenge}
        case TooSlow():
            return {"Connection": "close"}
        case UnknownCoding():
            return {"Accept-Encoding": "identity"}
    return {}


def _detail(error: Exception) -> str:
    if isinstance(error, QueryError):
        return error.message
    if isinstance(error, RequestValidationError):
        return "; ".join(_validation_sentence(each) for each in error.errors())
    return str(error)


def _members(error: Exception) -> dict[str, object]:
    match error:
        case QueryError():
            spot = error.spot
            return {
                "line": spot and spot.line,
                "column": spot and spot.column,
                "excerpt": error.excerpt,
                "hint": error.hint,
            }
        case UnknownName():
            near = [_shown(each, error.relations.get(each.iri)) for each in error.near]
            return {"parameter": error.parameter, "near": near}
        case AmbiguousName():
            candidates = [_shown(each) for each in error.candidates]
            return {"parameter": error.parameter, "candidates": candidates}
        case ParameterError() | RequestValidationError() | CursorError():
            return {"parameter": _parameter(error)}
        case QueryTimedOut():
            return {"seconds": error.seconds}
    return {"query": error.query} if isinstance(error, TooManyRecords) else {}


def _parameter(error: ParameterError | RequestValidationError | CursorError) -> str:
    if isinstance(error, RequestValidationError):
        return _named(error.errors()[0])
    return error.parameter if isinstance(error, ParameterError) else "cursor"


def _shown(entry: Entry, relation: str | None = None) -> dict[str, str]:
    shown = {"id": entry.curie, "iri": entry.iri, "label": entry.label}
    if relation:
        shown["relation"] = f"skos:{relation}"
    return {**shown, **({"link": entry.address} if entry.address else {})}


def _validation_sentence(error: Mapping[str, Any]) -> str:
    parameter, reason = _named(error), str(error["msg"])
    return f"{parameter}: {reason[:1].lower()}{reason[1:]}, and not {quoted(error['input'])}"


def _named(error: Mapping[str, Any]) -> str:
    """Return the parameter that is wrong: the place in its list is no name."""
    return next(str(part) for part in (*reversed(error["loc"]), "body") if isinstance(part, str))
