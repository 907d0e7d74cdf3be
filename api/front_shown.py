"""How the answers to queries of one kind are shown, learnt from one of them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from api.front_answer import FrontAnswer, line_of
from api.front_tally import FrontTally
from api.request_record import RequestRecord, digest_of

__all__ = ["ShownAnswer", "learn_answer"]

_SLOT = re.compile(rb"(?<=\r\netag: )[^\r]+|(?<=\r\ncontent-length: )\d+|\0")
_END = b"\r\n\r\n"
_OWN = ("ms", "waited_ms", "evaluated_ms", "rows", "bytes")
_PLACES = {
    **{name: f'"%({name})s"' for name in ("time", "id", "digest")},
    "client": "%(client)s",
    **{name: f"%({name})s" for name in _OWN},
}


@dataclass(frozen=True)
class ShownAnswer:
    """The head of answers of one kind around what each has of its own, and who counts them.

    ``line`` is that of the log, with places for what each has of its own.
    """

    status: bytes
    pieces: tuple[bytes, ...]
    slots: tuple[str, ...]
    line: str
    tallies: Sequence[FrontTally]

    @cached_property
    def is_compressed(self) -> bool:
        """Whether the body is compressed."""
        return any(b"\r\ncontent-encoding: gzip" in piece for piece in self.pieces)

    @property
    def is_whole(self) -> bool:
        """Whether an answer has all that is put in anew: one in chunks has no length."""
        return sorted(self.slots) == ["id", "length", "tag"]

    def show(self, added: bytes, tag: str, request_id: str, body: bytes) -> bytes:
        """Return an answer."""
        values = {"tag": tag.encode(), "length": b"%d" % len(body), "id": request_id.encode()}
        parts = [self.status, added]
        for piece, slot in zip(self.pieces, self.slots, strict=False):
            parts += (piece, values[slot])
        return b"".join((*parts, self.pieces[-1], _END, body))

    def describe(self, record: RequestRecord, time: str, client: str) -> str:
        """Return the line of the log for an answer; ``client`` is written as JSON."""
        return self.line % {
            "time": time,
            "id": record.id,
            "client": client,
            "digest": digest_of(record.query or ""),
            "ms": round(record.seconds * 1000, 3),
            "waited_ms": round((record.waited or 0.0) * 1000, 3),
            "evaluated_ms": round((record.evaluated or 0.0) * 1000, 3),
            "rows": json.dumps(record.rows),
            "bytes": record.sent,
        }


def learn_answer(answer: FrontAnswer, record: RequestRecord) -> tuple[ShownAnswer, str, bytes]:
    """Return how answers like one are shown, its tag, and its body."""
    rest, _, body = answer.rest.partition(_END)
    text = b"\r\n" + answer.head + b"\0" + rest
    found = [each[0] for each in _SLOT.finditer(text)]
    names = {b"\0": "id"} | {each: "tag" for each in found if each.endswith(b'"')}
    slots = tuple(names.get(each, "length") for each in found)
    first, *others = _SLOT.split(text)
    tag = b"".join(each for each in found if each.endswith(b'"')).decode("latin-1")
    line = line_of(record, _PLACES)
    shown = ShownAnswer(answer.status, (first[2:], *others), slots, line, answer.tallies)
    return shown, tag, body
