"""What the server logs: lines of JSON, one a request, that no request can forge or hold up."""

from __future__ import annotations

import json
import logging
import queue
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TextIO

from api.request_record import Outcome, RequestRecord, digest_of

__all__ = ["ACCESS", "LineFormatter", "LineHandler", "RequestLog", "describe_request", "logged"]

_SAID_ELSEWHERE = (
    "ASGI callable returned without completing response.",
    "Invalid HTTP request received.",
    "Unsupported upgrade request.",
)
"""What uvicorn says of answers that were cut off on purpose, and whenever a client likes."""

ACCESS = "sarcoma_kg.access"
"""The logger of requests."""

_LONGEST_PATH = 500
_LONGEST_QUERY = 200
_MOST_WAITING = 10_000
_LAST_SECONDS = 2.0
_PAUSE = 0.02
_HURTFUL = (Outcome.TIMEOUT, Outcome.CRASHED, Outcome.MEMORY)
_LOG = logging.getLogger(ACCESS)
_NEWS = logging.getLogger("api.snapshot_watch")
_PARSER = logging.getLogger("python_multipart")


class RequestLog:
    """Logs requests when they end; ``with_queries`` adds the start of a query that was stopped.

    A query that took too long or ended its worker is a warning: somebody may have to look.
    """

    def __init__(self, *, with_queries: bool = False) -> None:
        self._with_queries = with_queries

    def began(self) -> None:
        """Wait for the end."""

    def ended(self, record: RequestRecord) -> None:
        """Log a request."""
        is_hurtful = record.outcome in _HURTFUL
        level = logging.WARNING if is_hurtful else logging.INFO
        if not _LOG.isEnabledFor(level):
            return
        described = describe_request(record)
        if is_hurtful and self._with_queries and record.query:
            described["query"] = record.query[:_LONGEST_QUERY]
        # Where a line was logged, for which the logger would look, tells nothing here.
        line = _LOG.makeRecord(
            ACCESS, level, "", 0, "%s", (record.id,), None, extra={"request": described}
        )
        _LOG.handle(line)


def describe_request(record: RequestRecord) -> dict[str, object]:
    """Return what the log says of a request: times in milliseconds, and never a query's text."""
    described = {
        "id": record.id,
        "method": record.method,
        "path": record.path[:_LONGEST_PATH],
        "route": record.route,
        "status": record.status,
        "outcome": record.outcome.value,
        "client": record.client,
        "digest": None if record.query is None else digest_of(record.query),
        "form": record.form,
        "ms": _milliseconds(record.seconds),
        "waited_ms": _milliseconds(record.waited),
        "evaluated_ms": _milliseconds(record.evaluated),
        "rows": record.rows,
        "bytes": record.sent,
        "snapshot": record.snapshot and record.snapshot[:12],
    }
    return {name: value for name, value in described.items() if value is not None}


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 3)


def _is_news(record: logging.LogRecord) -> bool:
    """Tell whether a line says more than the line of its request does."""
    return record.msg not in _SAID_ELSEWHERE


class LineFormatter(logging.Formatter):
    """Makes one line of JSON in ASCII of whatever is logged, tracebacks too."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        request: Mapping[str, object] | None = getattr(record, "request", None)
        line = {"time": _time(record.created), "level": record.levelname.lower()}
        if request is not None:
            return json.dumps({**line, **request})
        line |= {"logger": record.name, "message": record.getMessage()}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


class LineHandler(logging.Handler):
    """Writes lines in a thread of its own: who reads them slowly holds nobody up.

    Lines for which there is no room any more are dropped, and counted.
    """

    def __init__(self, stream: TextIO, *, most_waiting: int = _MOST_WAITING) -> None:
        super().__init__()
        self.dropped = 0
        self.setFormatter(LineFormatter())
        self.addFilter(_is_news)
        self._stream = stream
        self._most_waiting = most_waiting
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Hand a line to the thread."""
        if self._lines.qsize() >= self._most_waiting:
            self.dropped += 1
            return
        try:
            self._lines.put(self.format(record))
        except Exception:
            self.handleError(record)

    def take_line(self, line: str) -> None:
        """Hand a line to the thread that is formatted already."""
        if self._lines.qsize() >= self._most_waiting:
            self.dropped += 1
        else:
            self._lines.put(line)

    def close(self) -> None:
        """Write what waits, but for no longer than two seconds."""
        self._lines.put(None)
        self._thread.join(_LAST_SECONDS)
        super().close()

    def _write(self) -> None:
        """Write lines together: waking the thread for each would cost more than the lines."""
        is_open = True
        while is_open:
            lines = [self._lines.get()]
            if lines[0] is not None:
                time.sleep(_PAUSE)
            lines += [self._lines.get() for _ in range(self._lines.qsize())]
            is_open = None not in lines
            text = "".join(f"{line}\n" for line in lines if line is not None)
            try:
                self._stream.write(text)
                self._stream.flush()
            except (OSError, ValueError):  # the reader is gone
                self.dropped += text.count("\n")


@contextmanager
def logged(*, requests: bool, stream: TextIO | None = None) -> Iterator[LineHandler]:
    """Log warnings and new snapshots, and ``requests`` if wanted, to standard error."""
    handler = LineHandler(stream or sys.stderr)
    root = logging.getLogger()
    wanted = {
        root: logging.WARNING,
        _NEWS: logging.INFO,
        _PARSER: logging.ERROR,  # it warns of whatever clients send
        _LOG: logging.INFO if requests else logging.CRITICAL,
    }
    before = {logger: logger.level for logger in wanted}
    root.addHandler(handler)
    try:
        for logger, level in wanted.items():
            logger.setLevel(level)
        yield handler
    finally:
        for logger, level in before.items():
            logger.setLevel(level)
        root.removeHandler(handler)
        handler.close()


def _time(seconds: float) -> str:
    """Return a time of the clock in UTC.

    >>> _time(0.25)
    '1970-01-01T00:00:00.250Z'
    """
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
