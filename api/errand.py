"""What is done by a process of its own, which is asked one thing and ends: writes, commits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import TypeVar

from api.error_messages import read_error
from api.failures import QueryTimedOut, WorkerLost, read_ending
from api.messages import Kind, WriteRequest, pack
from api.process import Process
from api.scratch import scratch_folder
from api.succession import Succession
from kg.commit import CommitReply, CommitRequest
from kg.writing import Effect

__all__ = ["commit_change", "evaluate_write"]

_COMMIT_SECONDS = 600.0
_TRIES = 3
_PAUSE = 0.05
_SMALL = 1024 * 1024

T = TypeVar("T")


async def evaluate_write(succession: Succession, request: WriteRequest, memory: int) -> Effect:
    """Return what a write would change, by a process that may take so many MiB.

    Raises the QueryError that the process met, QueryTimedOut and QueryCrashed.
    """
    for tries_left in range(_TRIES, 0, -1):
        try:
            return await _evaluate(succession, request, memory)
        except WorkerLost:
            # The graph that the process came from is served no more, or its holder died.
            if tries_left == 1:
                raise
            await asyncio.sleep(_PAUSE)
    raise AssertionError("unreachable")


async def commit_change(succession: Succession, request: CommitRequest) -> CommitReply:
    """Return what became of a change; raises QueryForbiddenError, CommitFailed, QueryCrashed."""
    body = await _convert(request.to_bytes, len(request.change.added))
    process = await succession.fork_committer()
    answer = await _send(process, Kind.COMMIT, body, _COMMIT_SECONDS, 0)
    return CommitReply.from_bytes(answer)


async def _evaluate(succession: Succession, request: WriteRequest, memory: int) -> Effect:
    with ExitStack() as stack:
        process = await succession.fork_writer()
        folder = succession.find_scratch()
        if folder:
            scratch = stack.enter_context(scratch_folder(folder))
            request = replace(request, scratch=str(scratch))
        body = request.to_bytes()
        answer = await _send(process, Kind.WRITE, body, request.seconds, memory)
    return await _convert(lambda: Effect.from_bytes(answer), len(answer))


async def _convert(convert: Callable[[], T], size: int) -> T:
    """Return what a function makes; where that takes long, the loop goes on meanwhile."""
    return convert() if size < _SMALL else await asyncio.to_thread(convert)


async def _send(process: Process, kind: Kind, body: bytes, seconds: float, memory: int) -> bytes:
    """Return the answer of a process to its only request, when the process is gone."""
    try:
        async with asyncio.timeout(seconds):
            process.channel.send(pack(kind, body))
            found, answer = await process.channel.receive()
    except TimeoutError:
        raise QueryTimedOut(seconds, "write") from None
    except EOFError:
        raise read_ending(await asyncio.shield(process.ended), memory, "write") from None
    finally:
        process.kill()
        process.channel.close()
        await asyncio.shield(process.ended)
    if found is Kind.ERROR:
        raise read_error(answer)
    return answer
