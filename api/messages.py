"""What the server and its processes say to each other: framed messages over sockets."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any

from kg.html_page import PLAIN, Frame

if TYPE_CHECKING:
    from kg.writing import Write

__all__ = [
    "FILTERED",
    "HEADER",
    "KINDS",
    "SPENT",
    "Ending",
    "Fork",
    "GraphRequest",
    "Head",
    "Isolation",
    "Kind",
    "Opening",
    "QueryRequest",
    "WriteRequest",
    "pack",
    "read_message",
]

SPENT = b"spent"
"""What the end of an answer says when the worker ends too, as it took much memory."""

FILTERED = "filtered"
"""Tells the zygote that no process of it needs a socket."""

HEADER = struct.Struct("!cI")
"""A message is one byte for its kind, its length, and as many bytes."""


class Kind(Enum):
    """The kinds of messages, by their first byte.

    An answer is WHOLE, a line with its head and the rest of it; or it is a HEAD, its DATA, and
    END, or ERROR and END.
    """

    OPEN = b"O"
    READY = b"R"
    QUERY = b"Q"
    GRAPH = b"G"
    WRITE = b"W"
    COMMIT = b"C"
    WHOLE = b"A"
    HEAD = b"H"
    DATA = b"D"
    END = b"E"
    ERROR = b"X"
    FORK = b"F"
    KILL = b"K"
    STARTED = b"S"
    ENDED = b"Z"
    PING = b"P"
    PONG = b"N"


KINDS = MappingProxyType({kind.value: kind for kind in Kind})
"""The kinds by their bytes."""


class Isolation(Enum):
    """What keeps the processes of a zygote from the network, as its first message says."""

    NAMESPACE = b"namespace"
    FILTER = b"filter"
    NONE = b"none"


@dataclass(frozen=True)
class Opening:
    """The graph that a worker shall open, and the memory that its queries may take.

    ``nquads`` are read into memory, unless there is a ``database``, which is opened read-only
    where it lies.
    ``descriptors`` are those that a worker may open once it serves; None means any number.
    ``services`` are the endpoints that SERVICE may name, each with the address to call instead.
    ``has_made_graphs`` tells that some graphs are those of the build, which no write may change.
    ``frame`` stands around answers that are pages.
    """

    nquads: str | None = None
    database: str | None = None
    memory: int = 2048
    descriptors: int | None = None
    prefixes: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)
    has_made_graphs: bool = False
    frame: Frame = PLAIN

    def to_bytes(self) -> bytes:
        """Return the opening as a message body."""
        return json.dumps({**vars(self), "frame": vars(self.frame)}).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> Opening:
        """Return the opening in a message body."""
        read: dict[str, Any] = json.loads(body)
        return cls(**{**read, "frame": Frame(**read["frame"])})


@dataclass(frozen=True)
class QueryRequest:
    """A query, what its sender accepts, the data set it names, and its seconds to live.

    ``services`` are the endpoints that SERVICE may name, each with the address to call instead.
    """

    query: str
    accept: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    union: bool = True
    seconds: float = 30.0
    services: Mapping[str, str] = field(default_factory=dict, hash=False)

    def to_bytes(self) -> bytes:
        """Return the request as a message body: one line, and the query after it."""
        return self.head + self.query.encode(errors="surrogatepass")

    @cached_property
    def head(self) -> bytes:
        """The first line of the message body, which many requests have in common."""
        shown = {name: value for name, value in vars(self).items() if name != "query"}
        return json.dumps(shown).encode() + b"\n"

    @classmethod
    def from_bytes(cls, body: bytes) -> QueryRequest:
        """Return the request in a message body."""
        head, _, query = body.partition(b"\n")
        return cls(query.decode(errors="surrogatepass"), **_read_head(head))


@lru_cache(maxsize=64)
def _read_head(head: bytes) -> Mapping[str, Any]:
    read: dict[str, Any] = json.loads(head)
    for name in ("default_graphs", "named_graphs"):
        read[name] = tuple(read[name])
    return MappingProxyType(read)


@dataclass(frozen=True)
class GraphRequest:
    """A graph by its IRI, or the default graph, what its reader accepts, and the seconds it has."""

    graph: str | None = None
    accept: str | None = None
    seconds: float = 30.0

    def to_bytes(self) -> bytes:
        """Return the request as a message body."""
        return json.dumps(vars(self)).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> GraphRequest:
        """Return the request in a message body."""
        return cls(**json.loads(body))


@dataclass(frozen=True)
class WriteRequest:
    """A write, the seconds that its evaluation may take, and a folder for a copy of a database."""

    write: Write
    seconds: float = 30.0
    scratch: str | None = None

    def to_bytes(self) -> bytes:
        """Return the request as a message body: one line, and the write after it."""
        head = {"seconds": self.seconds, "scratch": self.scratch}
        return json.dumps(head).encode() + b"\n" + self.write.to_bytes()


@dataclass(frozen=True)
class Head:
    """What is known of an answer before its first byte."""

    form: str
    content_type: str
    media_type: str
    is_volatile: bool

    def to_bytes(self) -> bytes:
        """Return the head as a message body, which is one line; there are few that differ."""
        return _show_head(self)

    @classmethod
    @lru_cache(maxsize=64)
    def from_bytes(cls, body: bytes) -> Head:
        """Return the head in a message body."""
        return cls(**json.loads(body))


@lru_cache(maxsize=64)
def _show_head(head: Head) -> bytes:
    return json.dumps(vars(head)).encode()


@dataclass(frozen=True)
class Fork:
    """Asks for a child process with a number, a role, and one end of a socket of its own."""

    number: int
    role: str

    def to_bytes(self) -> bytes:
        """Return the wish as a message body; the socket goes along as a descriptor."""
        return json.dumps(vars(self)).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> Fork:
        """Return the wish in a message body."""
        return cls(**json.loads(body))


@dataclass(frozen=True)
class Ending:
    """How the child process of a number ended.

    ``status`` is its exit code, or the negative number of the signal that killed it; ``words``
    are the last that it wrote to standard error.
    """

    number: int
    status: int
    words: str = ""

    def to_bytes(self) -> bytes:
        """Return the ending as a message body."""
        return json.dumps(vars(self)).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> Ending:
        """Return the ending in a message body."""
        return cls(**json.loads(body))


def pack(kind: Kind, body: bytes = b"") -> bytes:
    r"""Return a message as it goes over the pipe.

    >>> pack(Kind.DATA, b"row")
    b'D\x00\x00\x00\x03row'
    """
    return HEADER.pack(kind.value, len(body)) + body


def read_message(source: IO[bytes]) -> tuple[Kind | None, bytes]:
    """Return the next message of a file, or None as its kind where the file ends."""
    header = source.read(HEADER.size)
    if len(header) < HEADER.size:
        return None, b""
    kind, length = HEADER.unpack(header)
    body = source.read(length)
    return (KINDS[kind], body) if len(body) == length else (None, b"")
