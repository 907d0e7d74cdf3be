"""Tables of a large snapshot, read in the workshop while those who need them wait for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

from api.failures import NotReadYet
from api.list_table import Table
from api.workshop import Workshop

__all__ = ["TableReading"]


class TableReading:
    """Reads each table once, however many ask for it, and lets others be answered meanwhile.

    Who asks waits for up to ``patience`` seconds. To be used in one event loop.
    """

    def __init__(self, workshop: Workshop, *, patience: float) -> None:
        self._workshop = workshop
        self._patience = patience
        self._tasks: dict[str, asyncio.Task[Table]] = {}

    async def get(self, kind: str, read: Callable[[], Coroutine[None, None, Table]]) -> Table:
        """Return the table that ``read`` returns; raises NotReadYet, and what it raises."""
        task = self._tasks.get(kind)
        if task is None:
            task = self._tasks[kind] = asyncio.create_task(self._workshop.make(read()))
            task.add_done_callback(lambda done: self._forget(kind, done))
        done, _ = await asyncio.wait({task}, timeout=self._patience)
        if not done:
            raise NotReadYet
        return task.result()

    def _forget(self, kind: str, done: asyncio.Task[Table]) -> None:
        del self._tasks[kind]
        # Who asked first need not be there any more to hear of a failure.
        if not done.cancelled():
            done.exception()
