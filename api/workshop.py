"""A thread for what would keep the server's event loop from other requests."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeVar, cast

from api.engine import Engine
from api.messages import QueryRequest
from api.reply import Reply, whole_reply
from kg.snapshot import Snapshot

__all__ = ["Workshop", "engine_from_afar"]

Made = TypeVar("Made")

_END_SECONDS = 5.0


class Workshop:
    """An event loop in a thread of its own, started when there is something to do.

    Health, figures and streams go on while it works: Python lets the two loops take turns.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    async def make(self, work: Coroutine[None, None, Made]) -> Made:
        """Return what a coroutine makes in the workshop, and raise what it raises.

        It may await nothing that belongs to the loop of the server.
        """
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(
                target=_run, args=(self._loop,), name="workshop", daemon=True
            )
            self._thread.start()
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def close(self) -> None:
        """Stop the thread; what is being made is given up."""
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            # What it is at may take minutes of a large snapshot: the thread ends with the process.
            self._thread.join(_END_SECONDS)
            self._loop = self._thread = None


def _run(loop: asyncio.AbstractEventLoop) -> None:
    """Run a loop until it is stopped, and give up what it was at."""
    loop.run_forever()
    given_up = asyncio.all_tasks(loop)
    for task in given_up:
        task.cancel()
    if given_up:
        loop.run_until_complete(asyncio.wait(given_up))
    loop.close()


def engine_from_afar(engine: Engine) -> Engine:
    """Return an engine that can be asked by the server itself from another loop.

    To be called in the loop that the engine belongs to.
    """
    return cast(Engine, _FromAfar(engine, asyncio.get_running_loop()))


class _FromAfar:
    def __init__(self, engine: Engine, home: asyncio.AbstractEventLoop) -> None:
        self._engine = engine
        self._home = home

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that is served."""
        return self._engine.snapshot

    def ask_for_server(self, request: QueryRequest) -> AbstractAsyncContextManager[Reply]:
        """Yield the whole reply to a query of the server itself."""
        return self._ask(request)

    @asynccontextmanager
    async def _ask(self, request: QueryRequest) -> AsyncIterator[Reply]:
        asked = asyncio.run_coroutine_threadsafe(self._read(request), self._home)
        yield await asyncio.wrap_future(asked)

    async def _read(self, request: QueryRequest) -> Reply:
        async with self._engine.ask_for_server(request) as reply:
            pieces = [piece async for piece in reply]
        return whole_reply(reply, pieces)
