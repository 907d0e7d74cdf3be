"""Reading the requests of a connection, one at a time; what is none is refused."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from enum import Enum, auto
from typing import Any, Protocol, cast

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from api.client_limits import SPARE
from api.connection_limits import LONGEST_TARGET, ConnectionLimits
from api.inbox import Inbox
from api.last_words import LastWords
from api.request_head import (
    REFUSAL,
    Refusal,
    chunks_too_small,
    head_too_long,
    no_request,
    target_too_long,
    with_host_of_target,
    without_upgrade,
)
from api.turns import Turns

__all__ = ["MOST_IGNORED", "Phase", "RequestReading", "Rules"]

MOST_IGNORED = 4 * 1024 * 1024
"""Bytes that are taken of what nobody wants any more."""

_SMALLEST_CHUNKED = 16 * 1024
"""Bytes that the sizes of chunks, and what follows the last one, may take of any body; beyond
them they may not outweigh the body."""

_STAND_IN = b"GET / HTTP/1.1\r\nHost: refused.invalid\r\nConnection: close\r\n\r\n"


class Rules(Protocol):
    """What a connection may take, why some were ended, and whose turn it is."""

    limits: ConnectionLimits
    cut: Counter[str]
    turns: Turns


class Phase(Enum):
    """What a connection waits for: the head of a request, its body, its answer; or nothing."""

    HEAD = auto()
    BODY = auto()
    ANSWER = auto()
    OVER = auto()


class _Refused(Exception):  # noqa: N818 - goes through the parser
    """What is being parsed is no request."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal


class RequestReading(HttpToolsProtocol):
    """Reads a request when the one before is answered.

    What comes earlier waits unread, most of it in the system: uvicorn itself reads all that came,
    thousands of requests at once. What is no request is answered by the application as well.
    """

    registry: Rules

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start with nothing received."""
        super().connection_made(cast(asyncio.Transport, transport))
        self.host = self.client[0] if self.client else ""
        self.waits_its_turn = False
        self.may_ask = True
        self._refusal: Refusal | None = None
        self._inbox = Inbox()
        self._running: RequestResponseCycle | None = None
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """End what runs for the client, and what would have run next."""
        self.phase = Phase.OVER
        self._inbox.clear()
        self.pipeline.clear()
        if self._running and not self._running.response_complete:
            self._running.disconnected = True
            self._running.message_event.set()
        super().connection_lost(exc)

    def take(self, data: bytes) -> None:
        """Read on, up to the end of a request."""
        self._inbox.put(data)
        self._read_on()

    def listen(self) -> None:
        """Take more from the system unless something waits to be read."""
        if self.transport.is_closing():
            return
        if self._inbox:
            self.transport.pause_reading()
        elif not self.flow.read_paused:
            self.transport.resume_reading()

    def on_message_begin(self) -> None:
        """Start a request."""
        super().on_message_begin()
        if self.phase is Phase.HEAD:
            self.since = self.loop.time()
        extensions: dict[str, object] = {} if self.may_ask else {SPARE: {}}
        if self._refusal:
            extensions[REFUSAL] = self._refusal
        cast(dict[str, Any], self.scope)["extensions"] = extensions

    def on_url(self, url: bytes) -> None:
        """Take the next part of the address."""
        super().on_url(url)
        if len(self.url) > LONGEST_TARGET:
            raise _Refused(target_too_long(LONGEST_TARGET))

    def on_headers_complete(self) -> None:
        """Wait for the body."""
        if self.parser.should_upgrade():
            return  # read again, without the wish for another protocol
        self.headers[:] = with_host_of_target(self.url, self.headers)
        super().on_headers_complete()
        if not self.pipeline:
            self._running = self.cycle
        self.phase, self.size, self.since = Phase.BODY, 0, self.loop.time()
        self._framing, self._expected = 0, _length_of(self.headers)

    def on_body(self, body: bytes) -> None:
        """Count the body."""
        self.size += len(body)
        self._framing -= len(body)
        if self._expected is not None:
            self._expected -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for the answer."""
        if self.parser.should_upgrade():
            return
        super().on_message_complete()
        self.size = 0
        if self.cycle.response_complete and not self.pipeline:
            self._await_head()
        else:
            self.phase = Phase.ANSWER

    def on_response_complete(self) -> None:
        """Go on to the next request."""
        self._running = self.pipeline[-1][0] if self.pipeline else None
        super().on_response_complete()
        if self._running or self.transport.is_closing():
            return
        if self.phase is Phase.ANSWER:
            self._await_head()
            self._read_on()
        elif self.phase is Phase.BODY:
            self.size, self.since = 0, self.loop.time()

    @property
    def _longest_head(self) -> int:
        return self.registry.limits.head_bytes

    def _await_head(self) -> None:
        self.phase, self.size, self.since = Phase.HEAD, 0, self.loop.time()

    def _read_on(self) -> None:
        """Read what was received up to the end of a request; what follows it waits.

        While something waits no more is taken from the system.
        """
        while self._inbox and not self.waits_its_turn:
            if self.phase is Phase.BODY:
                self._read_body(self._inbox.take_body(self._expected or None))
            elif self.phase is not Phase.HEAD:
                break
            elif self.registry.turns.take(self.host, self._take_turn):
                self._read_head(self._inbox.take_head())
            else:
                self._unset_keepalive_if_required()
                self.waits_its_turn = True
        if self.phase is Phase.OVER:
            self._inbox.clear()
        self.listen()

    def _take_turn(self) -> None:
        self.waits_its_turn = False
        if self._inbox and self.phase is Phase.HEAD:
            self._read_head(self._inbox.take_head())
            self._read_on()

    def _read_head(self, part: bytes) -> None:
        self._unset_keepalive_if_required()
        self.size += len(part)
        self._parse(part)
        if self.phase is Phase.HEAD and self.size > self._longest_head:
            self._refuse("long-head", head_too_long(self._longest_head))

    def _read_body(self, part: bytes) -> None:
        self._framing += len(part)
        self._parse(part)
        if self.phase is not Phase.BODY:
            return
        if self.cycle.response_complete and self.size + self._framing > MOST_IGNORED:
            self._end_unread()
        elif self._framing > self.size + _SMALLEST_CHUNKED:
            self._refuse("small-chunks", chunks_too_small())

    def _end_unread(self) -> None:
        """End a connection whose client goes on with a body that was answered already."""
        self.registry.cut["unread-body"] += 1
        self.phase, self.size = Phase.OVER, 0
        LastWords(self.transport, self.loop).close()

    def _parse(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._go_on_without_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError as error:
            if isinstance(error.__context__, _Refused):
                self._refuse("long-target", error.__context__.refusal)
            else:
                self._refuse("no-request", no_request(str(error)))

    def _go_on_without_upgrade(self, rest: bytes) -> None:
        """Ignore the wish for another protocol, as RFC 9110, section 7.8, lets a server do.

        The parser of uvicorn leaves out the body of such a request, and hears no other.
        """
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        if method == b"CONNECT":
            self._refuse("no-request", no_request("CONNECT is for proxies"))
            return
        lines = [b"%b %b HTTP/%b" % (method, self.url, version)]
        lines += [b"%b: %b" % header for header in without_upgrade(self.headers)]
        self.parser = httptools.HttpRequestParser(self)
        self._parse(b"\r\n".join((*lines, b"", b"")) + rest)

    def _refuse(self, reason: str, refusal: Refusal) -> None:
        """Have a refusal sent when all that was asked before is answered, and hear no more.

        It goes to the application in the head of a request that stands in for what came.
        """
        self.registry.cut[reason] += 1
        if self.phase is Phase.BODY and not self._drop_request():
            self.phase = Phase.OVER
            self.transport.abort()
            return
        self._refusal = refusal
        self.parser = httptools.HttpRequestParser(self)
        self.parser.feed_data(_STAND_IN)
        self.scope["method"] = self.scope["path"] = "-"
        self.cycle.transport = cast(asyncio.Transport, LastWords(self.transport, self.loop))
        self.phase = Phase.OVER

    def _drop_request(self) -> bool:
        """Drop the request whose body is broken; tell whether its answer has not begun."""
        if self.pipeline and self.pipeline[0][0] is self.cycle:
            self.pipeline.popleft()
            return True
        if self.cycle.response_started:
            return False
        self.cycle.disconnected = True
        self.cycle.message_event.set()
        self.cycle = None  # type: ignore[assignment]
        return True


def _length_of(headers: Iterable[tuple[bytes, bytes]]) -> int | None:
    """Return the length of a body by its header, or None; the parser has refused two of them."""
    lengths = [value for name, value in headers if name == b"content-length"]
    return int(lengths[0]) if lengths else None
