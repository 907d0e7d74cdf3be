"""Reading requests where a query is asked at once: the application hears of it if it must."""

from __future__ import annotations

import asyncio
import time
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from api.asked_ahead import AskedAhead
from api.client_identity import find_client_address, show_client
from api.front_query import QueryForm
from api.front_reading import FrontReading
from api.request_reading import Phase
from api.request_record import Outcome, RequestRecord

__all__ = ["FrontAsking"]

_PATIENCE = 0.1
"""Seconds that a query goes on whose client has left: a short answer is worth no new worker."""


class FrontAsking(FrontReading):
    """Asks a query before there is a request for the application, and answers if it can.

    What it cannot show, long answers and problems among them, the application answers from the same
    reply: nothing is asked twice.
    """

    _form: QueryForm | None = None
    _text = ""
    _asking: asyncio.Task[None] | None = None
    _is_last = False
    _is_handing_over = False
    _handed: tuple[RequestResponseCycle, Any] | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Let a query go on for a moment only."""
        if self._asking is not None:
            self.loop.call_later(_PATIENCE, self._give_up)
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """End the connection, after the answer to a query that is under way."""
        if self._asking is None:
            super().shutdown()
        self._is_last = True

    def on_message_complete(self) -> None:
        """Ask the query that was read."""
        form, self._form = self._form, None
        if form is None:
            super().on_message_complete()
            return
        self.phase, self.size = Phase.ANSWER, 0
        task = self.loop.create_task(self._answer_query(form, self._text))
        self._asking = task
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    def _go_the_whole_way(self) -> None:
        front, wish = self.registry.front, self._wish
        self._form = None
        if front is not None and front.queries is not None and wish is not None:
            is_alone = not self.pipeline and not self._is_trusted
            form = front.queries.find(wish) if is_alone else None
            text = form.read(self.url) if form else None
            if form is not None and text is not None:
                self._form, self._text = form, text
                return
        super()._go_the_whole_way()

    async def _answer_query(self, form: QueryForm, text: str) -> None:
        front, wish = self.registry.front, self._wish
        assert front is not None
        assert front.queries is not None
        assert wish is not None
        address = find_client_address({"client": self.client, "headers": ()}, ())
        record = front.record(wish, None if address is None else str(address))
        ahead = front.queries.begin(form, text, show_client(address), record)
        reply, sent = await ahead.begin(), None
        has_left = self.transport.is_closing()
        if reply is not None:
            record.waited = reply.waited
            record.evaluated = time.monotonic() - record.started - reply.waited
            if not self._is_last and front.queries.is_of(reply.snapshot):
                added = front.join(self.server_state.default_headers)
                sent = form.show(self.url, reply, added, record)
        if sent is None and not has_left:
            await self._hand_over(ahead)
            return
        await ahead.end()
        self._asking = None
        self._finish(form, record, None if has_left else sent)

    def _finish(self, form: QueryForm, record: RequestRecord, sent: bytes | None) -> None:
        """Send an answer, or nothing to a client that has left, and go on to the next request."""
        if sent is None:
            record.status, record.noted = None, Outcome.CLIENT_LEFT
        else:
            self.transport.write(sent)
        record.seconds = time.monotonic() - record.started
        for each in form.watching:
            each.ended(record)
        self._go_on()

    async def _hand_over(self, ahead: AskedAhead) -> None:
        """Have the application answer, in this task, which alone may end the query."""
        self._is_handing_over = True
        super()._go_the_whole_way()
        super().on_message_complete()
        self._is_handing_over, handed, self._handed = False, self._handed, None
        assert handed is not None
        cycle, app = handed
        ahead.offer(cast(dict[str, Any], self.scope))
        cycle.keep_alive = cycle.keep_alive and not self._is_last
        self._asking = None
        try:
            await cycle.run_asgi(app)
        finally:
            await ahead.end()

    def _run(self, cycle: RequestResponseCycle, app: Any) -> None:
        if self._is_handing_over:
            self._handed = cycle, app
        else:
            super()._run(cycle, app)

    def _give_up(self) -> None:
        if self._asking is not None:
            self._asking.cancel()

    def _go_on(self) -> None:
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self._await_head()
        if self.timeout_keep_alive_task is None:
            self._await_next(self.timeout_keep_alive)
        self._read_on()
