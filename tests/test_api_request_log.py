"""One line a request, in JSON: nobody forges one, and nobody who reads slowly stops the server."""

from __future__ import annotations

import io
import json
import logging
import threading
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect

import api.request_log
from api.failures import Overloaded, QueryCrashed, QueryTimedOut, QueryTooBig, TooManyRequests
from api.request_log import ACCESS, RequestLog, describe_request, logged
from api.request_record import Outcome, RequestRecord, attach, digest_of, note_error, request_id

QUERY = "SELECT * { ?patient ?p 'Jane Doe' }"


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def ended(record: RequestRecord, *, requests: bool = True, with_queries: bool = False) -> str:
    stream = io.StringIO()
    with logged(requests=requests, stream=stream):
        RequestLog(with_queries=with_queries).ended(record)
    return stream.getvalue()


def test_a_request_is_a_line_of_json() -> None:
    record = RequestRecord(
        "job-7", "GET", "/sparql", "192.0.2.7", route="/sparql", status=200, sent=12, query=QUERY
    )
    record.form, record.rows, record.snapshot, record.seconds = "SELECT", 3, "ab" * 32, 0.01234
    record.waited, record.evaluated = 0.0, 0.0119
    text = ended(record)
    assert text.count("\n") == 1
    line = json.loads(text)
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "info",
        "id": "job-7",
        "method": "GET",
        "path": "/sparql",
        "route": "/sparql",
        "status": 200,
        "outcome": "ok",
        "client": "192.0.2.7",
        "digest": digest_of(QUERY),
        "form": "SELECT",
        "ms": 12.34,
        "waited_ms": 0.0,
        "evaluated_ms": 11.9,
        "rows": 3,
        "bytes": 12,
        "snapshot": "ab" * 6,
    }


def test_without_the_access_log_requests_are_no_lines() -> None:
    assert ended(RequestRecord(status=200), requests=False) == ""


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.CRASHED, Outcome.MEMORY])
def test_a_query_that_hurt_is_a_warning_and_its_text_shown_on_demand_only(outcome: Outcome) -> None:
    record = RequestRecord("1", status=504, query=QUERY + " " * 500, noted=outcome)
    assert "Jane" not in ended(record)
    line = json.loads(ended(record, with_queries=True))
    assert line["level"] == "warning"
    assert line["query"] == record.query[:200] if record.query else False


def test_the_text_of_a_query_that_did_no_harm_is_never_shown() -> None:
    assert "Jane" not in ended(RequestRecord(status=200, query=QUERY), with_queries=True)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=600), st.text(max_size=300))
def test_no_text_makes_a_second_line(path: str, query: str) -> None:
    record = RequestRecord("1", "GET", path, status=504, query=query, noted=Outcome.TIMEOUT)
    text = ended(record, with_queries=True)
    assert text.count("\n") == 1
    assert text.isascii()
    assert text[:-1].isprintable()
    assert json.loads(text)["path"] == path[:500]


def test_other_loggers_write_lines_of_json_too_with_their_tracebacks() -> None:
    stream = io.StringIO()
    with logged(requests=True, stream=stream):
        try:
            raise ValueError("one\n{forged}")
        except ValueError:
            logging.getLogger("api.some").exception("it failed:\n%s", "\x1b[31m")
    (line,) = lines(stream)
    assert line["logger"] == "api.some"
    assert line["message"] == "it failed:\n\x1b[31m"
    assert "Traceback" in line["exception"]


def test_the_loggers_are_left_as_they_were() -> None:
    before = [(each, each.level) for each in (logging.getLogger(), logging.getLogger(ACCESS))]
    handlers = list(logging.getLogger().handlers)
    with logged(requests=True, stream=io.StringIO()):
        assert logging.getLogger(ACCESS).level == logging.INFO
    assert [(each, each.level) for each, _ in before] == before
    assert logging.getLogger().handlers == handlers


def test_who_does_not_read_the_log_holds_nobody_up() -> None:
    gate, is_writing = threading.Event(), threading.Event()

    class Stuck(io.StringIO):
        def write(self, text: str) -> int:
            is_writing.set()
            gate.wait()
            return super().write(text)

    stream = Stuck()
    with logged(requests=True, stream=stream) as handler:
        for number in range(10_021):
            handler.handle(logging.makeLogRecord({"msg": str(number)}))
            if not number:
                is_writing.wait(5)
        gate.set()
    written = [int(line["message"]) for line in lines(stream)]
    assert written == list(range(10_001)), "one is being written, and so many may wait"
    assert handler.dropped == 20


def test_a_log_that_nobody_reads_does_not_keep_the_server_from_ending(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(api.request_log, "_LAST_SECONDS", 0.2)
    gate = threading.Event()

    class Stuck(io.StringIO):
        def write(self, text: str) -> int:
            gate.wait()
            return len(text)

    start = time.monotonic()
    with logged(requests=True, stream=Stuck()):
        RequestLog().ended(RequestRecord(status=200))
    assert time.monotonic() - start < 1
    gate.set()


def test_a_reader_that_went_away_is_no_fault() -> None:
    stream = io.StringIO()
    stream.close()
    with logged(requests=True, stream=stream):
        RequestLog().ended(RequestRecord(status=200))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "ok"),
        (304, "ok"),
        (400, "client-error"),
        (404, "client-error"),
        (403, "refused"),
        (422, "refused"),
        (429, "refused"),
        (500, "fault"),
        (501, "client-error"),
        (505, "client-error"),
        (503, "overloaded"),
        (504, "timeout"),
        (None, "fault"),
    ],
)
def test_a_status_tells_the_outcome(status: int | None, outcome: str) -> None:
    assert RequestRecord(status=status).outcome == outcome


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (QueryTimedOut(1), "timeout"),
        (QueryCrashed("x"), "crashed"),
        (QueryTooBig("x"), "memory"),
        (Overloaded(1), "overloaded"),
        (TooManyRequests(1), "refused"),
        (ClientDisconnect(), "client-left"),
    ],
)
def test_an_error_tells_more(error: Exception, outcome: str) -> None:
    record = RequestRecord(status=500)
    scope: dict[str, Any] = {}
    attach(scope, record)
    note_error(scope, error)
    assert record.outcome == outcome
    note_error(scope, ValueError())
    assert record.outcome == outcome


@pytest.mark.parametrize(
    ("error", "waited", "evaluated"),
    [
        (Overloaded(1), 5.0, None),
        (TooManyRequests(1), 5.0, None),
        (QueryTimedOut(2), 3.0, 2.0),
        (QueryTimedOut(9), 0.0, 5.0),
        (QueryCrashed("x"), None, None),
    ],
)
def test_an_error_tells_where_the_time_went(
    error: Exception, waited: float | None, evaluated: float | None
) -> None:
    record = RequestRecord(started=time.monotonic() - 5)
    scope: dict[str, Any] = {}
    attach(scope, record)
    note_error(scope, error)
    assert record.waited == pytest.approx(waited, abs=0.5)
    assert record.evaluated == pytest.approx(evaluated, abs=0.5)


def test_times_that_are_known_are_kept() -> None:
    record = RequestRecord(waited=0.1, evaluated=0.2)
    scope: dict[str, Any] = {}
    attach(scope, record)
    note_error(scope, QueryTimedOut(2))
    assert (record.waited, record.evaluated) == (0.1, 0.2)


def test_a_request_without_a_query_has_no_digest() -> None:
    described = describe_request(RequestRecord(status=200))
    assert not {"digest", "waited_ms", "evaluated_ms"} & described.keys()


@pytest.mark.parametrize("given_id", [None, "", "a b", "a\r\nb", "x" * 65, "é", '"'])
def test_an_id_that_could_do_harm_is_replaced(given_id: str | None) -> None:
    made = request_id(given_id)
    assert made != given_id
    assert len(made) == 16
    assert request_id(given_id) != made
