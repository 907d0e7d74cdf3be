"""Queries that are asked ahead of the application: how a request is put, and its answer shown.

Nothing here says what the head of an answer is: it is learnt from answers that went the whole way
to requests with the same headers, and only the tag, the length and the id are put in anew.
"""

from __future__ import annotations

import re
from binascii import a2b_qp
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from api.asked_ahead import AskedAhead, Asker
from api.compression import SHORTEST, compressed, compressed_tag, is_compressible
from api.front_answer import FrontAnswer
from api.front_key import Wish
from api.front_shown import ShownAnswer, learn_answer
from api.messages import Head, QueryRequest
from api.reply import Reply
from api.request_record import Observer, RequestRecord
from api.row_count import find_row_count
from kg.query_text import Form

__all__ = ["PATH", "AskedQuery", "FrontQueries", "QueryForm"]

PATH = "/sparql"

_TARGET = re.compile(rb"/sparql\?query=([!$'-.0-9A-Z_a-z~:@/?;%]+)")
_NO_CODE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_END = b"\r\n\r\n"
_VERSION = b" HTTP/1.1\r\n"
_KNOWN = b"GET /sparql?query="
_LONGEST_KNOWN = 8192
_MOST_FORMS = 256
_MOST_SEEN = 8192

Name = TypeVar("Name")


@dataclass(frozen=True)
class AskedQuery:
    """What the whole way made of a request: its query, and the tag of its answer.

    ``tag`` takes the part of an address after its question mark, and a media type.
    """

    query: QueryRequest
    tag: Callable[[str, str], str]
    may_compress: bool


@dataclass(frozen=True)
class QueryForm:
    """Requests that differ in the text of their query alone, and how they are answered."""

    asked: AskedQuery
    observers: Sequence[Observer]
    shown: dict[tuple[Head, bool], ShownAnswer] = field(default_factory=dict)

    def read(self, target: bytes) -> str | None:
        """Return the query in an address, or None where there is more, or less, than one."""
        found = _TARGET.fullmatch(target)
        if found is None or _NO_CODE.search(found[1]):
            return None
        # Where no "=" stands for itself, it is the encoding of mails with another sign.
        text = a2b_qp(found[1].replace(b"+", b" ").replace(b"%", b"="))
        try:
            return text.decode()
        except UnicodeDecodeError:
            return None

    def find(self, reply: Reply) -> ShownAnswer | None:
        """Return how a reply is shown; None where no such answer was seen yet, or it is long."""
        body = reply.whole
        if body is None:
            return None
        is_short = self.asked.may_compress and _gains(reply.head, len(body))
        return self.shown.get((reply.head, is_short))

    def show(
        self, how: ShownAnswer, target: bytes, reply: Reply, added: bytes, record: RequestRecord
    ) -> bytes:
        """Return the answer to a request; what is known of it is written to the record."""
        head, body = reply.head, reply.whole or b""
        tag = self.asked.tag(target.partition(b"?")[2].decode("ascii"), head.media_type)
        counted = None if head.form == Form.ASK.value else find_row_count(head.media_type)
        if counted is not None:
            counted.add(body)
            record.rows = counted.rows
        if how.is_compressed:
            body, tag = compressed(body), compressed_tag(tag)
        record.form, record.snapshot, record.sent = head.form, reply.snapshot, len(body)
        record.route, record.status = PATH, 200
        return how.show(added, tag, record.id, body)


class FrontQueries:
    """Knows how requests with a query are put and answered, as long as one snapshot is served.

    Whoever asks the same a second time goes the whole way, and is answered by what is kept then.
    ``asked`` counts the queries that were asked ahead.
    """

    def __init__(self, snapshot: Callable[[], object], asker: Asker) -> None:
        self._snapshot = snapshot
        self._asker = asker
        self._served: object = None
        self._forms: OrderedDict[tuple[object, ...], QueryForm] = OrderedDict()
        self._known: OrderedDict[bytes, QueryForm] = OrderedDict()
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
        self._forms.move_to_end(_form_of(wish))
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
        self._known.move_to_end(headers)
        target = line[len(b"GET ") :]
        text = form.read(target)
        if text is None or not self._is_new(form, target):
            return None
        return form, target, text

    def remember(self, form: QueryForm, head: bytes) -> None:
        """Remember that requests with the headers of this one are put alike."""
        headers = head.partition(_VERSION)[2]
        is_whole = head.endswith(_END) and head.count(_END) == 1
        if is_whole and headers:
            _put(self._known, headers, form)

    def begin(self, form: QueryForm, text: str, client: str, record: RequestRecord) -> AskedAhead:
        """Return the query of a request, which is to be asked."""
        record.query = text
        self.asked += 1
        return AskedAhead(record, self._asker, form.asked.query, text, client)

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
        record: RequestRecord,
    ) -> None:
        """Learn from an answer that went the whole way, if it can be shown alike."""
        if self._snapshot() is not self._served:
            self._start_anew()
        if wish.known is not None or wish.key[0] != b"GET" or answer.closes:
            return
        name, target, (query, head) = _form_of(wish), wish.key[1], asked
        form = self._forms.get(name) or QueryForm(query, observers)
        if not isinstance(target, bytes) or form.read(target) != query.query.query:
            return
        shown, tag, body = learn_answer(answer, record)
        own = form.asked.tag(target.partition(b"?")[2].decode("ascii"), head.media_type)
        own = compressed_tag(own) if shown.is_compressed else own
        if (
            shown.is_whole
            and tag == own
            and shown.show(b"", own, record.id, body) == answer.show(b"", record.id)
        ):
            form.shown[head, shown.is_compressed] = shown
            _put(self._forms, name, form)

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


def _put(forms: OrderedDict[Name, QueryForm], name: Name, form: QueryForm) -> None:
    """Keep a form; the one that was asked for longest ago makes room."""
    forms[name] = form
    forms.move_to_end(name)
    if len(forms) > _MOST_FORMS:
        forms.popitem(last=False)


def _gains(head: Head, size: int) -> bool:
    return size >= SHORTEST and is_compressible(head.content_type)


def _form_of(wish: Wish) -> tuple[object, ...]:
    """Return what decides an answer beside the address."""
    return (wish.key[0], *wish.key[2:])
