"""What is known of one request, for its line in the log and for the figures."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from starlette.requests import ClientDisconnect
from starlette.types import Scope

from api.failures import Overloaded, QueryCrashed, QueryTimedOut, TooManyRequests

__all__ = [
    "Observer",
    "Outcome",
    "RequestRecord",
    "attach",
    "conclude",
    "digest_of",
    "note_error",
    "note_write",
    "record_of",
    "request_id",
]

_KEY = "sarcoma_kg.record"
_HARMLESS = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Outcome(StrEnum):
    """How a request ended."""

    OK = "ok"
    CLIENT_ERROR = "client-error"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    MEMORY = "memory"
    OVERLOADED = "overloaded"
    CLIENT_LEFT = "client-left"
    CUT_OFF = "cut-off"
    STOPPING = "stopping"
    FAULT = "fault"


_BY_STATUS = {
    401: Outcome.REFUSED,
    403: Outcome.REFUSED,
    422: Outcome.REFUSED,
    429: Outcome.REFUSED,
    501: Outcome.CLIENT_ERROR,
    503: Outcome.OVERLOADED,
    504: Outcome.TIMEOUT,
    505: Outcome.CLIENT_ERROR,
}


@dataclass
class RequestRecord:
    """One request; whoever learns more of it writes it here.

    ``seconds`` is how long it took, ``sent`` how many bytes its answer had; ``query`` is the
    text of a query or update, and ``form`` its kind. ``waited`` and ``evaluated`` are the parts of
    its seconds before its turn, and in the hands of a worker.
    """

    id: str = ""
    method: str = ""
    path: str = ""
    client: str | None = None
    started: float = field(default_factory=time.monotonic)
    seconds: float = 0.0
    route: str | None = None
    status: int | None = None
    sent: int = 0
    snapshot: str | None = None
    query: str | None = None
    form: str | None = None
    is_write: bool = False
    rows: int | None = None
    waited: float | None = None
    evaluated: float | None = None
    noted: Outcome | None = None

    @property
    def outcome(self) -> Outcome:
        """How the request ended: as was noted, else by its status."""
        if self.noted is not None:
            return self.noted
        if self.status is None:
            return Outcome.FAULT
        if self.status in _BY_STATUS:
            return _BY_STATUS[self.status]
        if self.status >= 500:
            return Outcome.FAULT
        return Outcome.CLIENT_ERROR if self.status >= 400 else Outcome.OK


class Observer(Protocol):
    """Something that wants to know of requests."""

    def began(self) -> None:
        """Take note that a request began."""

    def ended(self, record: RequestRecord) -> None:
        """Take note of a request that ended."""


def conclude(record: RequestRecord, observers: Sequence[Observer]) -> None:
    """Write down how long a request took, and tell those who want to know that it ended."""
    record.seconds = time.monotonic() - record.started
    for observer in observers:
        observer.ended(record)


def attach(scope: Scope, record: RequestRecord) -> None:
    """Let those who answer a request find its record."""
    scope[_KEY] = record


def record_of(scope: Scope) -> RequestRecord:
    """Return the record of a request; one that nobody reads where none is kept."""
    record = scope.setdefault(_KEY, RequestRecord())
    if not isinstance(record, RequestRecord):
        raise TypeError(f"{_KEY} in the scope is no record")
    return record


def note_write(scope: Scope, text: str | None = None) -> None:
    """Write down that a request would change the graph; ``text`` is that of an update."""
    record = record_of(scope)
    record.is_write = True
    record.query, record.form = text, record.method if text is None else "UPDATE"


def note_error(scope: Scope, error: Exception) -> None:
    """Write down how an error ended a request, where its status does not tell."""
    match error:
        case TooManyRequests():
            noted = Outcome.REFUSED
        case Overloaded():
            noted = Outcome.OVERLOADED
        case QueryTimedOut():
            noted = Outcome.TIMEOUT
        case QueryCrashed():
            noted = Outcome.MEMORY if error.cause == "memory" else Outcome.CRASHED
        case ClientDisconnect():
            noted = Outcome.CLIENT_LEFT
        case _:
            return
    record = record_of(scope)
    record.noted = noted
    _note_times(record, error)


def _note_times(record: RequestRecord, error: Exception) -> None:
    """Write down where the time went, if an error tells and nobody has done so."""
    if record.waited is not None or not isinstance(error, Overloaded | QueryTimedOut):
        return
    seconds = time.monotonic() - record.started
    if isinstance(error, QueryTimedOut):
        record.evaluated = min(error.seconds, seconds)
    record.waited = seconds - (record.evaluated or 0.0)


def digest_of(text: str) -> str:
    """Return the short digest by which a query is known: 16 hexadecimal digits of its SHA-256.

    >>> digest_of("ASK {}")
    '819ea91ed5f12b38'
    """
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]


def request_id(given: str | None) -> str:
    r"""Return the id that a client gave its request if it is short and harmless, else a new one.

    >>> request_id("job-7"), len(request_id("a\nb"))
    ('job-7', 16)
    """
    if given and _HARMLESS.fullmatch(given):
        return given
    return secrets.token_hex(8)
