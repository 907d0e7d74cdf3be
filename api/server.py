"""The server around the application: its connections, its limits, and how it ends."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from api.connections import Connections, hold_little

__all__ = ["GRACE", "KEYBOARD_GRACE", "Server", "server_config"]

GRACE = 10
"""Seconds that what is under way may take after SIGTERM."""

KEYBOARD_GRACE = 1
"""The same after Ctrl-C: somebody waits for the prompt."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def server_config(app: ASGIApp, connections: Connections) -> uvicorn.Config:
    """Return how uvicorn serves an application: within our limits, and believing no header."""
    return uvicorn.Config(
        app,
        http=connections.protocol(),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE,
    )


class Server(uvicorn.Server):
    """A server that says when it answers, and for which being stopped is no failure.

    ``on_start`` is called when it answers, ``on_stop`` at the first signal to end. SIGTERM lets
    it go on for ``drain`` seconds, in which whoever balances the load learns of it. After that,
    or after another signal, what is under way may finish for a while; one more ends it at once.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        *,
        on_start: Callable[[], None] = lambda: None,
        on_stop: Callable[[], None] = lambda: None,
        drain: float = 0.0,
    ) -> None:
        super().__init__(config)
        self._on_start = on_start
        self._on_stop = on_stop
        self._drain = drain
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        self._loop = asyncio.get_running_loop()
        for listener in sockets or ():
            hold_little(listener)
        await super().startup(sockets)
        if self.started:
            self._on_start()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End in order, or at once when told again."""
        if self.should_exit and self._loop is not None:
            self._loop.call_soon_threadsafe(self._end_all)
            return
        self._on_stop()
        drain, self._drain = self._drain, 0.0
        if sig == signal.SIGTERM and drain and self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.call_later, drain, self._stop)
            return
        if sig == signal.SIGINT:
            self.config.timeout_graceful_shutdown = KEYBOARD_GRACE
        super().handle_exit(sig, frame)

    def _stop(self) -> None:
        self.should_exit = True

    def _end_all(self) -> None:
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()
        for task in tuple(self.server_state.tasks):
            task.cancel()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on Ctrl-C and SIGTERM, and do not raise them again afterwards."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {each: signal.signal(each, self.handle_exit) for each in _SIGNALS}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)
