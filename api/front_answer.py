"""An answer that is kept as it was sent: all but the date, and the id of its request."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from api.front_tally import FrontTally
from api.request_log import describe_request
from api.request_record import RequestRecord

__all__ = ["FrontAnswer", "line_of", "read_answer"]

_END = b"\r\n\r\n"
_ID = b"\r\nx-request-id: "
_TAG = b"\r\netag: "
_NOT_KEPT = b"\r\ncache-control: no-store"
_OVERHEAD = 1500
"""Bytes that an answer takes beside its own, roughly: its key, its places in tables, its line."""

_KEPT = {"time": '"%s"', "id": '"%s"', "client": "%s", "ms": "%s"}
"""What a line has of its own where an answer is kept, and how it is written."""


@dataclass(slots=True, eq=False)
class FrontAnswer:
    """The bytes of an answer around what each client gets of its own.

    Between ``status`` and ``head`` stand the headers that the server adds, between ``head`` and
    ``rest`` the id of the request. ``validator`` is what all forms of its tag have in common,
    ``line`` the line of the log, with places for the time, the id, the client and the milliseconds,
    ``sent`` the bytes of its body; ``tallies`` count who gets it. ``key`` is under what it is kept,
    and ``requests`` are heads of requests that are known to be answered so.
    """

    status: bytes
    head: bytes
    rest: bytes
    validator: bytes
    closes: bool
    line: str
    sent: int = 0
    tallies: Sequence[FrontTally] = ()
    key: tuple[tuple[object, ...], bytes | None] = ((), None)
    requests: list[bytes] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many bytes it takes, roughly."""
        asked = sum(len(str(each)) for each in self.key[0]) + len(self.key[1] or b"")
        return _OVERHEAD + 2 * asked + len(self.line) + len(self.head) + len(self.rest)

    def show(self, added: bytes, request_id: str) -> bytes:
        """Return the answer to a request, with the headers that the server adds to all."""
        return b"".join((self.status, added, self.head, request_id.encode("ascii"), self.rest))


def read_answer(
    sent: bytes,
    added: bytes,
    record: RequestRecord,
    *,
    closes: bool,
    tallies: Sequence[FrontTally] = (),
) -> FrontAnswer | None:
    """Return what was sent as an answer to be kept; None where it is none that may be.

    It may be kept if it has a tag, is not forbidden to be kept, and has the id of its request
    once. ``added`` are the headers that the server added.
    """
    status = sent[: sent.find(b"\r\n") + 2]
    if not sent.startswith(added, len(status)):
        return None
    start = len(status) + len(added)
    # Its first header has no end of a line before it.
    head = b"\r\n" + sent[start : sent.find(_END, start) + 2]
    own = _ID + record.id.encode() + b"\r\n"
    if head.count(_ID) != 1 or own not in head or _NOT_KEPT in head or _TAG not in head:
        return None
    end_of_name = start - 2 + head.index(own) + len(_ID)
    tag = head.partition(_TAG)[2].partition(b"\r\n")[0]
    return FrontAnswer(
        status=status,
        head=sent[start:end_of_name],
        rest=sent[end_of_name + len(record.id) :],
        validator=tag.removeprefix(b"W/").strip(b'"').removesuffix(b"-gzip"),
        closes=closes,
        line=line_of(record),
        sent=record.sent,
        tallies=tallies,
    )


def line_of(record: RequestRecord, places: Mapping[str, str] = _KEPT) -> str:
    """Return the line of the log for another request like one, with places for what is its own.

    Where no place is given for them, nobody waited for a turn, nor for a worker.
    """
    described = {"time": "", "level": "info", **describe_request(record), "client": ""}
    for name in {"waited_ms", "evaluated_ms"} - places.keys():
        described.pop(name, None)
    shown = (
        f'"{name}": {places.get(name) or json.dumps(value).replace("%", "%%")}'
        for name, value in described.items()
    )
    return "{" + ", ".join(shown) + "}"
