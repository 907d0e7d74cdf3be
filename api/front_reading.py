"""Reading requests where many are answered again: those have no task, and no layer sees them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any, Protocol, cast

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from api.client_identity import Network, find_client_address, is_trusted
from api.front import Front, client_in_line
from api.front_answer import FrontAnswer
from api.front_key import Wish, read_wish
from api.request_reading import Phase, RequestReading, Rules

__all__ = ["FrontReading", "FrontRules"]


class FrontRules(Rules, Protocol):
    """What a connection may take, and what answers ahead of the application, if anything does."""

    front: Front | None


class FrontReading(RequestReading):
    """Answers a request at once where its answer is kept; all others are read on.

    What is sent is what would be sent without it, byte by byte, but for the id of the request.
    """

    registry: FrontRules

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start with nothing that could be answered."""
        super().connection_made(transport)
        self._trusted: Sequence[Network] = self.registry.limits.trusted_proxies
        self._is_trusted = is_trusted(self.host, self._trusted)
        self._shown_client = self._show_client(())
        self._wish: Wish | None = None
        self._found: FrontAnswer | None = None
        self._head: bytes | None = None
        self._may_look = True

    def on_headers_complete(self) -> None:
        """Look the request up; where nothing is found it is answered as any other."""
        front, self._wish, self._found = self.registry.front, None, None
        if front is not None and self._may_look_up() and not self.parser.should_upgrade():
            version, goes_on = self.parser.get_http_version(), self.parser.should_keep_alive()
            around = (version, goes_on, self._is_trusted)
            method = self.parser.get_method()
            self._wish = read_wish(method, self.url, self.headers, *around)
            if self._wish is not None and self._may_look:
                self._found = front.cache.find(self._wish)
        if self._found is None:
            self._go_the_whole_way()

    def on_message_complete(self) -> None:
        """Answer what was found."""
        found, self._found = self._found, None
        if found is None or self._wish is None:
            super().on_message_complete()
            return
        front = cast(Front, self.registry.front)
        if self._wish.is_plain and self._head is not None:
            front.cache.remember(self._head, found)
        given = None if self._wish.id is None else self._wish.id.decode("latin-1")
        self._answer(front, found, self._show_client(self.headers), given)

    def take(self, data: bytes) -> None:
        """Answer at once what came alone and is known, or read on."""
        front = self.registry.front
        if front is not None and self._is_idle:
            found = front.cache.find_by_head(data)
            if (
                found is not None
                and self._may_look_up()
                and self.registry.turns.take_now(self.host)
            ):
                self._answer(front, found, self._shown_client, None)
                return
            if found is None and self._ask_known(data, is_turn=False):
                return
        super().take(data)

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that waited for long; requests meanwhile did not start anew."""
        waited = self.loop.time() - self.since
        self.timeout_keep_alive_task = None
        if waited < self.timeout_keep_alive:
            self._await_next(self.timeout_keep_alive - waited)
        else:
            super().timeout_keep_alive_handler()

    def _read_head(self, part: bytes) -> None:
        front = self.registry.front
        if front is not None and not self.size and self._may_look_up():
            found = front.cache.find_by_head(part)
            if found is not None:
                self._answer(front, found, self._shown_client, None)
                return
            if self._ask_known(part, is_turn=True):
                return
        self._head = None if self.size else part
        super()._read_head(part)

    def _ask_known(self, head: bytes, *, is_turn: bool) -> bool:  # noqa: ARG002
        """Tell whether a request is asked at once, as others with its headers were."""
        return False

    def _go_the_whole_way(self) -> None:
        """Have the application answer the request whose head was read."""
        super().on_headers_complete()

    @property
    def _is_idle(self) -> bool:
        is_between = self.phase is Phase.HEAD and not self.size
        return is_between and not self._inbox and not self.waits_its_turn

    def _may_look_up(self) -> bool:
        """Tell whether answers may go ahead: the client takes them, and has no other fault."""
        is_asking = self.may_ask and self._refusal is None and self._shown_client != "null"
        return is_asking and not self.flow.write_paused

    def _answer(self, front: Front, found: FrontAnswer, client: str, given: str | None) -> None:
        added = self.server_state.default_headers
        self.transport.write(front.show(found, added, client, given, time.monotonic()))
        self.server_state.total_requests += 1
        self._await_head()
        if found.closes:
            self.phase = Phase.ANSWER
            self._unset_keepalive_if_required()
            self.transport.close()
        elif self.timeout_keep_alive_task is None:
            self._await_next(self.timeout_keep_alive)

    def _await_next(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            seconds, self.timeout_keep_alive_handler
        )

    def _show_client(self, headers: Sequence[tuple[bytes, bytes]]) -> str:
        scope: Scope = {"client": self.client, "headers": headers}
        address = find_client_address(scope, self._trusted)
        return client_in_line(None if address is None else str(address))

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        front = self.registry.front
        if front is not None and self._wish is not None:
            head = self._head if self._wish.is_plain else None
            app = _Taking(front, cycle, app, self._wish, head)
        self._run(cycle, app)

    def _run(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Let the application answer, in a task."""
        super()._start_asgi_task(cycle, app)


class _Taking:
    """An application whose answer to one request is taken down, and kept if all of it went out."""

    def __init__(
        self,
        front: Front,
        cycle: RequestResponseCycle,
        app: ASGIApp,
        wish: Wish,
        head: bytes | None,
    ) -> None:
        self._front = front
        self._cycle = cycle
        self._app = app
        self._wish = wish
        self._head = head
        self._snapshot = front.cache.snapshot
        self._capture = front.capture(cycle.transport)
        cycle.transport = cast(asyncio.Transport, self._capture)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        self._capture.offer(scope)
        try:
            await self._app(scope, receive, send)
            if self._cycle.response_complete:
                self._keep()
        finally:
            self._capture.end()

    def _keep(self) -> None:
        added, closes = self._cycle.default_headers, not self._cycle.keep_alive
        snapshot = self._snapshot
        answer = self._front.take_in(self._wish, self._capture, added, snapshot, closes=closes)
        if answer is not None and self._head is not None:
            self._front.cache.remember(self._head, answer)
