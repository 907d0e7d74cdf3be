"""Queries that are asked ahead of the application: how a request is put, and its answer shown.

Nothing here says what the head of an answer is: it is learnt from answers that went the whole way
to requests with the same headers, and only the tag, the length and the id are put in anew.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from api.asked_ahead import Ask, AskedAhead
from api.compression import SHORTEST, compressed, compressed_tag, is_compressible
from api.front_answer import FrontAnswer
from api.front_key import Wish
from api.messages import Head, QueryRequest
from api.problems import ParameterError
from api.reply import Reply
from api.request_parameters import decode_parameters
from api.request_record import Observer, RequestRecord
from api.row_count import find_row_count
from kg.query_text import Form

__all__ = ["PATH", "AskedQuery", "FrontQueries", "QueryForm"]

PATH = "/sparql"

_TARGET = re.compile(rb"/sparql\?(query=[!$'-.0-9A-Z_a-z~%:@/?;]+)")
_SLOT = re.compile(rb"(?<=\r\netag: )[^\r]+|(?<=\r\ncontent-length: )\d+|\0")
_END = b"\r\n\r\n"
_VERSION = b" HTTP/1.1\r\n"
_KNOWN = b"GET /sparql?query="
_LONGEST_KNOWN = 8192
_MOST_FORMS = 256
_MOST_SEEN = 8192


@dataclass(frozen=True)
class AskedQuery:
    """What the whole way made of a request: its query, and the tag of its answer.

    ``tag`` takes the part of an address after its question mark, and a media type.
    """

    query: QueryRequest
    tag: Callable[[str, str], str]
    may_compress: bool


@dataclass(frozen=True)
class _Shown:
    """The head of answers of one kind around what each has of its own."""

    status: bytes
    pieces: tuple[bytes, ...]
    slots: tuple[str, ...]

    def show(self, added: bytes, tag: str, request_id: str, body: bytes) -> bytes:
        """Return an answer."""
        values = {"tag": tag.encode(), "length": b"%d" % len(body), "id": request_id.encode()}
        parts = [self.status, added]
        for piece, slot in zip(self.pieces, self.slots, strict=False):
            parts += (piece, values[slot])
        return b"".join((*parts, self.pieces[-1], _END, body))


@dataclass(frozen=True)
class QueryForm:
    """Requests that differ in the text of their query alone, and how they are answered."""

    asked: AskedQuery
    observers: Sequence[Observer]
    shown: dict[tuple[Head, bool], _Shown] = field(default_factory=dict)

    def read(self, target: bytes) -> str | None:
        """Return the query in an address, or None where there is more, or less, than one."""
        found = _TARGET.fullmatch(target)
        if found is None:
            return None
        with suppress(ParameterError):
            parameters = decode_parameters(found[1])
            if [*parameters] == ["query"] and len(parameters["query"]) == 1:
                return parameters["query"][0]
        return None

    def show(
        self, target: bytes, reply: Reply, added: bytes, record: RequestRecord
    ) -> bytes | None:
        """Return the answer to a request; None where no such answer was seen yet.

        What is known of it then is written to the record.
        """
        body = reply.whole
        if body is None:
            return None
        head, size = reply.head, len(body)
        is_short = self.asked.may_compress and _gains(head, size)
        shown = self.shown.get((head, is_short))
        if shown is None:
            return None
        tag = self.asked.tag(target.partition(b"?")[2].decode("ascii"), head.media_type)
        counted = None if head.form == Form.ASK.value else find_row_count(head.media_type)
        if counted is not None:
            counted.add(body)
            record.rows = counted.rows
        if is_short:
            body, tag = compressed(body), compressed_tag(tag)
        record.form, record.snapshot, record.sent = head.form, reply.snapshot, len(body)
        record.route, record.status = PATH, 200
        return shown.show(added, tag, record.id, body)


class FrontQueries:
    """Knows how requests with a query are put and answered, as long as one snapshot is served.

    Whoever asks the same a second time goes the whole way, and is answered by what is kept then.
    ``asked`` counts the queries that were asked ahead.
    """

    def __init__(
        self, snapshot: Callable[[], object], ask: Callable[[QueryRequest, str], Ask]
    ) -> None:
        self._snapshot = snapshot
        self._ask = ask
        self._served: object = None
        self._forms: dict[tuple[object, ...], QueryForm] = {}
        self._known: dict[bytes, QueryForm] = {}
        self._seen: OrderedDict[int, None] = OrderedDict()
        self.asked = 0

    def find(self, wish: Wish) -> tuple[QueryForm, str] | None:
        """Return how a request is put that may be asked ahead, and its query; else None."""
        if self._snapshot() is not self._served:
            self._start_anew()
        if wish.known is not None or wish.key[0] != b"GET":
            return None
        form, target = self._forms.get(_form_of(wish)), wish.key[1]
        if form is None or not isinstance(target, bytes):
            return None
        text = form.read(target)
        return None if text is None or not self._is_new(form, target) else (form, text)

    def find_known(self, head: bytes) -> tuple[QueryForm, bytes, str] | None:
        """Return the same, and the address, for a request whose headers are known; else None."""
        if not head.startswith(_KNOWN) or len(head) > _LONGEST_KNOWN:
            return None
        if self._snapshot() is not self._served:
            self._start_anew()
        line, _, headers = head.partition(_VERSION)
        form = self._known.get(headers)
        if form is None:
            return None
        target = line[len(b"GET ") :]
        text = form.read(target)
        if text is None or not self._is_new(form, target):
            return None
        return form, target, text

    def remember(self, form: QueryForm, head: bytes) -> None:
        """Remember that requests with the headers of this one are put alike."""
        headers = head.partition(_VERSION)[2]
        is_whole = head.endswith(_END) and head.count(_END) == 1
        if is_whole and headers and len(self._known) < _MOST_FORMS:
            self._known[headers] = form

    def begin(self, form: QueryForm, text: str, client: str, record: RequestRecord) -> AskedAhead:
        """Return the query of a request, which is to be asked; those who watch hear of it."""
        record.query = text
        self.asked += 1
        for each in form.observers:
            each.began()
        return AskedAhead(record, self._ask(replace(form.asked.query, query=text), client))

    def is_of(self, snapshot: str) -> bool:
        """Tell whether a snapshot is the one that is served, and that answers are known of."""
        served = self._snapshot()
        return served is self._served and getattr(served, "id", None) == snapshot

    def learn(
        self,
        wish: Wish,
        answer: FrontAnswer,
        asked: tuple[AskedQuery, Head],
        observers: Sequence[Observer],
        request_id: str,
    ) -> None:
        """Learn from an answer that went the whole way, if it can be shown alike."""
        if self._snapshot() is not self._served:
            self._start_anew()
        if len(self._forms) >= _MOST_FORMS or wish.known is not None or wish.key[0] != b"GET":
            return
        if answer.closes:
            return
        name, target, (query, head) = _form_of(wish), wish.key[1], asked
        form = self._forms.get(name) or QueryForm(query, observers)
        if not isinstance(target, bytes) or form.read(target) != query.query.query:
            return
        shown, tag, body = _learn(answer)
        is_short = b"\r\ncontent-encoding: gzip" in b"".join(shown.pieces)
        own = form.asked.tag(target.partition(b"?")[2].decode("ascii"), head.media_type)
        own = compressed_tag(own) if is_short else own
        # One in chunks has no length, and its body is not what was replied.
        is_whole = sorted(shown.slots) == ["id", "length", "tag"]
        if (
            is_whole
            and tag == own
            and shown.show(b"", own, request_id, body) == answer.show(b"", request_id)
        ):
            form.shown[head, is_short] = shown
            self._forms[name] = form

    def _is_new(self, form: QueryForm, target: bytes) -> bool:
        """Tell whether this was not asked lately, and remember it."""
        asked = hash((target, id(form)))
        if asked in self._seen:
            return False
        self._seen[asked] = None
        if len(self._seen) > _MOST_SEEN:
            self._seen.popitem(last=False)
        return True

    def _start_anew(self) -> None:
        self._served = self._snapshot()
        self._forms.clear()
        self._known.clear()
        self._seen.clear()


def _gains(head: Head, size: int) -> bool:
    return size >= SHORTEST and is_compressible(head.content_type)


def _form_of(wish: Wish) -> tuple[object, ...]:
    """Return what decides an answer beside the address."""
    return (wish.key[0], *wish.key[2:])


def _learn(answer: FrontAnswer) -> tuple[_Shown, str, bytes]:
    """Return the head of an answer without what is its own, its tag, and its body."""
    rest, _, body = answer.rest.partition(_END)
    text = b"\r\n" + answer.head + b"\0" + rest
    found = [each[0] for each in _SLOT.finditer(text)]
    names = {b"\0": "id"} | {each: "tag" for each in found if each.endswith(b'"')}
    slots = tuple(names.get(each, "length") for each in found)
    first, *others = _SLOT.split(text)
    tags = [each.decode("latin-1") for each in found if each.endswith(b'"')]
    return _Shown(answer.status, (first[2:], *others), slots), "".join(tags), body
