"""Work that goes on beside the server, and is given up when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

__all__ = ["in_background"]


@asynccontextmanager
async def in_background(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Do some work while the block runs; what it raises is not raised here.

    >>> async def count(seen: list[int]) -> None:
    ...     while True:
    ...         seen.append(len(seen))
    ...         await asyncio.sleep(0)
    >>> async def watch() -> bool:
    ...     seen: list[int] = []
    ...     async with in_background(count(seen)):
    ...         await asyncio.sleep(0.01)
    ...     return bool(seen)
    >>> asyncio.run(watch())
    True
    """
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
