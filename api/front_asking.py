"""Reading requests where a query is asked at once: the application hears of it if it must."""

from __future__ import annotations

import asyncio
import time
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from api.asked_ahead import AskedAhead
from api.client_identity import find_client_address, show_client
from api.front import Front
from api.front_query import QueryForm
from api.front_reading import FrontReading
from api.front_shown import ShownAnswer
from api.reply import Reply
from api.request_reading import Phase, RequestReading
from api.request_record import Outcome, RequestRecord, conclude

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
    _asked: tuple[QueryForm, AskedAhead] | None = None
    _asking: asyncio.Task[None] | None = None
    _known_head: bytes | None = None
    _who: tuple[str | None, str] | None = None
    _is_last = False
    _is_handing_over = False
    _handed: tuple[RequestResponseCycle, Any] | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Let a query go on for a moment only."""
        if self._asked is not None and self._asking is None:
            self._await(*self._asked)
        if self._asking is not None:
            self.loop.call_later(_PATIENCE, self._give_up)
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """End the connection, after the answer to a query that is under way."""
        if self._asked is None:
            super().shutdown()
        self._is_last = True

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that waited for long, and for no answer."""
        if self._asked is None:
            super().timeout_keep_alive_handler()
        else:
            self.timeout_keep_alive_task = None

    def on_message_complete(self) -> None:
        """Ask the query that was read."""
        form, self._form = self._form, None
        if form is None:
            super().on_message_complete()
        else:
            self._ask(form, self._text)

    def _ask_known(self, head: bytes, *, is_turn: bool) -> bool:
        front = self.registry.front
        if front is None or front.queries is None or not self._may_look_up():
            return False
        known = front.queries.find_known(head)
        if known is None or not (is_turn or self.registry.turns.take_now(self.host)):
            return False
        form, self.url, text = known
        self._known_head, self._wish = head, None
        self._ask(form, text)
        return True

    def _ask(self, form: QueryForm, text: str) -> None:
        """Ask a query; what does not come soon, or is no short answer, is awaited in a task."""
        front = self._front
        assert front.queries is not None
        self.phase, self.size = Phase.ANSWER, 0
        if self._who is None:
            address = find_client_address({"client": self.client, "headers": ()}, ())
            self._who = (None if address is None else str(address)), show_client(address)
        record = front.record(self._wish, self._who[0])
        ahead = front.queries.begin(form, text, self._who[1], record)
        self._asked = form, ahead
        if not ahead.begin_now(self._hear):
            self._await(form, ahead)

    def _hear(self) -> None:
        """Send the answer that came, or have it awaited."""
        assert self._asked is not None
        form, ahead = self._asked
        reply = ahead.reply_now
        if reply is not None and not self.transport.is_closing():
            how = self._find(form, ahead.record, reply)
            if how is not None:
                self._send(form, how, ahead.record, reply)
                self._front.note(how, ahead.record, self._shown_client)
                self._go_on()
                return
        self._await(form, ahead)

    def _await(self, form: QueryForm, ahead: AskedAhead) -> None:
        for each in form.observers:
            each.began()
        task = self.loop.create_task(self._answer_query(form, ahead))
        self._asking = task
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        # One that is cancelled before it starts has let go of nothing.
        task.add_done_callback(lambda _: ahead.give_up())

    def _go_the_whole_way(self) -> None:
        front, wish = self.registry.front, self._wish
        self._form = None
        may_ask = not self._is_handing_over and not self.pipeline and not self._is_trusted
        if front is not None and front.queries is not None and wish is not None and may_ask:
            found = front.queries.find(wish)
            if found is not None:
                self._form, self._text = found
                if wish.is_plain and self._head is not None:
                    front.queries.remember(found[0], self._head)
                return
        super()._go_the_whole_way()

    async def _answer_query(self, form: QueryForm, ahead: AskedAhead) -> None:
        reply, record, how = await ahead.begin(), ahead.record, None
        has_left = self.transport.is_closing()
        if reply is not None:
            how = self._find(form, record, reply)
        if how is None and not has_left:
            await self._hand_over(ahead)
            return
        await ahead.end()
        if how is None or reply is None or has_left:
            self._asked = self._asking = self._known_head = None
            record.noted = Outcome.CLIENT_LEFT
        else:
            self._send(form, how, record, reply)
        conclude(record, form.observers)
        self._go_on()

    def _find(self, form: QueryForm, record: RequestRecord, reply: Reply) -> ShownAnswer | None:
        """Return how a reply is shown; None where the application has to answer."""
        record.waited = reply.waited
        record.evaluated = time.monotonic() - record.started - reply.waited
        queries = self._front.queries
        is_known = queries is not None and queries.is_of(reply.snapshot)
        return form.find(reply) if is_known and not self._is_last else None

    def _send(self, form: QueryForm, how: ShownAnswer, record: RequestRecord, reply: Reply) -> None:
        self._asked = self._asking = self._known_head = None
        added = self._front.join(self.server_state.default_headers)
        self.transport.write(form.show(how, self.url, reply, added, record))

    @property
    def _front(self) -> Front:
        front = self.registry.front
        assert front is not None
        return front

    async def _hand_over(self, ahead: AskedAhead) -> None:
        """Have the application answer, in this task, which alone may end the query."""
        self._is_handing_over, self._may_look = True, False
        head, self._known_head = self._known_head, None
        if head is None:
            super()._go_the_whole_way()
            super().on_message_complete()
        else:
            self._await_head()
            RequestReading._read_head(self, head)
        self._is_handing_over, self._may_look = False, True
        handed, self._handed = self._handed, None
        assert handed is not None
        cycle, app = handed
        ahead.offer(cast(dict[str, Any], self.scope))
        cycle.keep_alive = cycle.keep_alive and not self._is_last
        self._asked = self._asking = None
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
