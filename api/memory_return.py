"""Memory that the server needs no more goes back to the system."""

from __future__ import annotations

import asyncio
import ctypes
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache

__all__ = ["find_trim", "returning_memory"]

_PERIOD = 5.0
Trim = Callable[[], object]


@cache
def find_trim() -> Trim | None:
    """Return what gives freed memory back, or None where the C library has nothing for it.

    That of GNU keeps what many answers were held in: 214 MB, where 153 would do (malloc_trim(3)).
    """
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):
        return None
    return lambda: trim(0)


@asynccontextmanager
async def returning_memory(
    trim: Trim | None = None, *, period: float = _PERIOD
) -> AsyncIterator[None]:
    """Give memory back while the block runs, each ``period`` seconds; it takes a millisecond."""
    found = trim or find_trim()
    task = asyncio.create_task(_run(found, period)) if found else None
    try:
        yield
    finally:
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _run(trim: Trim, period: float) -> None:
    while True:
        await asyncio.sleep(period)
        await asyncio.to_thread(trim)
