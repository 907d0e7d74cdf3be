"""What answers again ahead of the application: answers, their lines in the log, their figures."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from api.asked_ahead import Asker
from api.front_answer import FrontAnswer, read_answer
from api.front_cache import LARGEST_ANSWER, FrontCache, FrontFigures
from api.front_capture import Capture, CaptureRoom
from api.front_key import Wish
from api.front_query import PATH, FrontQueries
from api.front_routes import is_lasting
from api.front_shown import ShownAnswer
from api.front_tally import FrontTally
from api.request_ids import RequestIds
from api.request_record import RequestRecord

__all__ = ["Front", "client_in_line"]

_MIB = 1024 * 1024
_CAPTURED = 32 * _MIB
_WHOLE, _KNOWN = 200, 304
_DIGITS_OF_SNAPSHOT = 64

Headers = list[tuple[bytes, bytes]]


class Front:
    """Answers again what was answered, and takes down what is answered for the first time.

    ``snapshot`` gives what is served, ``largest`` is in bytes, and ``log`` takes the lines of
    requests if there are to be any; with ``asker``, queries are asked ahead of the application too.
    """

    def __init__(
        self,
        snapshot: Callable[[], object],
        largest: int,
        log: Callable[[str], None] | None = None,
        asker: Asker | None = None,
    ) -> None:
        self.cache = FrontCache(snapshot, largest)
        self.queries = None if asker is None else FrontQueries(snapshot, asker)
        self._log = log
        self._room = CaptureRoom(_CAPTURED, LARGEST_ANSWER)
        self._ids = RequestIds()
        self._added: tuple[Headers, bytes] = ([], b"")
        self._second = -1
        self._shown_second = ""

    def figures(self) -> FrontFigures:
        """Return how it fares."""
        return self.cache.figures

    def show(
        self, answer: FrontAnswer, added: Headers, client: str, given_id: str | None, started: float
    ) -> bytes:
        """Return an answer for another client, as bytes, and write down that it got it.

        ``added`` are the headers that the server adds to all answers.
        """
        name = self._ids.take(given_id)
        shown = answer.show(self.join(added), name)
        seconds = time.monotonic() - started
        self.cache.count_hit(answer)
        for tally in answer.tallies:
            tally.count(seconds, answer.sent)
        if self._log is not None:
            line = answer.line % (self._time(), name, client, round(seconds * 1000, 3))
            self._log(line)
        return shown

    def note(self, answer: ShownAnswer, record: RequestRecord, client: str) -> None:
        """Write down that a client, given as JSON, got the answer to a query asked ahead."""
        record.seconds = time.monotonic() - record.started
        for tally in answer.tallies:
            tally.count(record.seconds, record.sent)
        if self._log is not None:
            self._log(answer.describe(record, self._time(), client))

    def capture(self, transport: object) -> Capture:
        """Return what takes down an answer on its way to a transport."""
        return Capture(transport, self._room)  # type: ignore[arg-type]

    def take_in(
        self, wish: Wish, capture: Capture, added: Headers, snapshot: object, *, closes: bool
    ) -> FrontAnswer | None:
        """Keep an answer that was taken down, if it may be kept; return it then.

        ``snapshot`` is what was served when the request began.
        """
        sent, record = capture.end(), capture.record
        if sent is None or record is None or record.status not in (_WHOLE, _KNOWN):
            return None
        if not is_lasting(record.route) or record.snapshot != getattr(snapshot, "id", None):
            return None
        if snapshot is not self.cache.snapshot:
            return None  # another one is served since the request began
        tallies = _tallies(capture)
        answer = read_answer(sent, self.join(added), record, closes=closes, tallies=tallies)
        if answer is None or not _names(answer.validator, record.snapshot):
            return None
        if self.queries is not None and capture.asked is not None and record.status == _WHOLE:
            self.queries.learn(wish, answer, capture.asked, capture.observers, record)
        return self.cache.keep(wish, answer, snapshot, is_whole=record.status == _WHOLE)

    def record(self, wish: Wish | None, client: str | None) -> RequestRecord:
        """Return the record of a request with a query that is asked ahead."""
        named = None if wish is None or wish.id is None else wish.id.decode("latin-1")
        return RequestRecord(self._ids.take(named), "GET", PATH, client, route=PATH)

    def join(self, added: Headers) -> bytes:
        """Return headers as bytes; the server makes a new list of them each second."""
        if self._added[0] is not added:
            joined = b"".join(b"%b: %b\r\n" % header for header in added)
            self._added = added, joined
        return self._added[1]

    def _time(self) -> str:
        """Return the time of the clock, as lines of the log show it."""
        now = time.time()
        second = int(now)
        if second != self._second:
            moment = datetime.fromtimestamp(second, UTC)
            self._second, self._shown_second = second, moment.strftime("%Y-%m-%dT%H:%M:%S")
        return f"{self._shown_second}.{int((now - second) * 1000):03d}Z"


def client_in_line(host: str | None) -> str:
    """Return the address of a client as a line of the log has it.

    >>> client_in_line("192.0.2.7"), client_in_line(None)
    ('"192.0.2.7"', 'null')
    """
    return json.dumps(host)


def _names(validator: bytes, snapshot: str | None) -> bool:
    """Tell whether a tag names a snapshot, or none at all.

    >>> [_names(each, 64 * "0") for each in (b"0" * 64 + b".1", b"1" * 64 + b".1", b"assets.1")]
    [True, False, True]
    """
    named = validator.partition(b".")[0].decode("latin-1")
    return named == snapshot or len(named) != _DIGITS_OF_SNAPSHOT


def _tallies(capture: Capture) -> Sequence[FrontTally]:
    repeating = (getattr(each, "repeating", None) for each in capture.observers)
    return [each(capture.record) for each in repeating if each is not None]
