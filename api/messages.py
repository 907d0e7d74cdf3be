"""What the server and its query workers say to each other: framed messages over pipes."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from kg.query_error import (
    FormatNotOfferedError,
    QueryError,
    QueryFailedError,
    QueryRefusedError,
    QuerySyntaxError,
)
from kg.query_text import Spot

__all__ = ["HEADER", "Head", "Kind", "Opening", "QueryRequest", "pack", "read_error", "show_error"]

HEADER = struct.Struct("!cI")
"""A message is one byte for its kind, its length, and as many bytes."""

_ERRORS = {
    each.__name__: each
    for each in (QuerySyntaxError, QueryRefusedError, QueryFailedError, FormatNotOfferedError)
}


class Kind(Enum):
    """The kinds of messages, by their first byte."""

    OPEN = b"O"
    READY = b"R"
    QUERY = b"Q"
    HEAD = b"H"
    DATA = b"D"
    END = b"E"
    ERROR = b"X"


@dataclass(frozen=True)
class Opening:
    """The graph that a worker shall open, and the memory that its queries may take.

    ``database`` is opened read-only where it lies; ``nquads`` is read into memory instead.
    """

    nquads: str | None = None
    database: str | None = None
    memory: int = 2048
    prefixes: Mapping[str, str] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Return the opening as a message body."""
        return json.dumps(vars(self)).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> Opening:
        """Return the opening in a message body."""
        return cls(**json.loads(body))


@dataclass(frozen=True)
class QueryRequest:
    """A query, what its sender accepts, the data set it names, and its seconds to live."""

    query: str
    accept: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    union: bool = True
    seconds: float = 30.0

    def to_bytes(self) -> bytes:
        """Return the request as a message body."""
        return json.dumps(vars(self)).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> QueryRequest:
        """Return the request in a message body."""
        read: dict[str, Any] = json.loads(body)
        for name in ("default_graphs", "named_graphs"):
            read[name] = tuple(read[name])
        return cls(**read)


@dataclass(frozen=True)
class Head:
    """What is known of an answer before its first byte."""

    form: str
    content_type: str
    media_type: str
    is_volatile: bool

    def to_bytes(self) -> bytes:
        """Return the head as a message body."""
        return json.dumps(vars(self)).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> Head:
        """Return the head in a message body."""
        return cls(**json.loads(body))


def pack(kind: Kind, body: bytes = b"") -> bytes:
    r"""Return a message as it goes over the pipe.

    >>> pack(Kind.DATA, b"row")
    b'D\x00\x00\x00\x03row'
    """
    return HEADER.pack(kind.value, len(body)) + body


def show_error(error: QueryError) -> bytes:
    """Return an error as a message body."""
    shown = {
        "error": type(error).__name__,
        "message": error.message,
        "line": error.spot and error.spot.line,
        "column": error.spot and error.spot.column,
        "excerpt": error.excerpt,
        "hint": error.hint,
    }
    return json.dumps(shown).encode()


def read_error(body: bytes) -> QueryError:
    """Return the error in a message body.

    >>> read_error(show_error(QueryRefusedError("no", hint="ask less"))).hint
    'ask less'
    """
    shown = json.loads(body)
    spot = Spot(shown["line"], shown["column"]) if shown["line"] else None
    return _ERRORS.get(shown["error"], QueryFailedError)(
        shown["message"], spot=spot, excerpt=shown["excerpt"], hint=shown["hint"]
    )
