"""What goes wrong in a process, as a message to the server."""

from __future__ import annotations

import json

from api.failures import CommitFailed, QueryTooBig, StorageFull
from kg.graph_reading import GraphNotFoundError
from kg.query_error import (
    DocumentError,
    FormatNotOfferedError,
    QueryError,
    QueryFailedError,
    QueryForbiddenError,
    QueryRefusedError,
    QuerySyntaxError,
)
from kg.query_text import Spot
from kg.statement_limits import StatementError

__all__ = ["read_error", "show_error"]

_ERRORS = {
    each.__name__: each
    for each in (
        QuerySyntaxError,
        QueryRefusedError,
        QueryForbiddenError,
        QueryFailedError,
        FormatNotOfferedError,
        DocumentError,
        GraphNotFoundError,
        StatementError,
    )
}

_FAILURES = {each.__name__: each for each in (CommitFailed, QueryTooBig, StorageFull)}


def show_error(error: QueryError | CommitFailed | QueryTooBig) -> bytes:
    """Return an error as a message body."""
    shown: dict[str, object] = {"error": type(error).__name__, "message": str(error)}
    if isinstance(error, QueryError):
        shown |= {
            "message": error.message,
            "line": error.spot.line if error.spot else None,
            "column": error.spot.column if error.spot else None,
            "excerpt": error.excerpt,
            "hint": error.hint,
        }
    return json.dumps(shown).encode()


def read_error(body: bytes) -> QueryError | CommitFailed | QueryTooBig:
    """Return the error in a message body.

    >>> read_error(show_error(QueryRefusedError("no", hint="ask less"))).hint
    'ask less'
    """
    shown = json.loads(body)
    if failure := _FAILURES.get(shown["error"]):
        return failure(shown["message"])
    spot = Spot(shown["line"], shown["column"]) if shown["line"] else None
    return _ERRORS.get(shown["error"], QueryFailedError)(
        shown["message"], spot=spot, excerpt=shown["excerpt"], hint=shown["hint"]
    )
