"""Queries that read a whole large graph, asked of a process that holds it in memory for a while.

From disk each look-up unpacks a block of the database: what takes three seconds at a million quads
takes eighty at ten million there, and twelve in memory.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import IO, cast

from api.canned import LONG_SECONDS
from api.engine import Engine
from api.failures import QueryCrashed, QueryTimedOut
from api.memory_left import memory_left
from api.messages import Head, QueryRequest
from api.reply import Reply
from api.spooled_reply import SpooledReply
from api.zygote_process import worker_environment
from kg.formats import ResultFormat
from kg.snapshot import Snapshot

__all__ = ["ReaderProcess"]

_BYTES_EACH = 450
"""What a quad takes in memory, as measured at ten million, with the largest query."""

_IDLE_SECONDS = 120.0
_JSON = ResultFormat.JSON.media_type


class ReaderProcess:
    """An engine for the server's own queries on one snapshot: started when asked, ended when idle.

    Where it cannot be had, or has died, ``engine`` is asked. To be used in one event loop.
    """

    def __init__(
        self, engine: Engine, prefixes: Mapping[str, str], *, idle: float = _IDLE_SECONDS
    ) -> None:
        self._engine = engine
        self._asked = engine.snapshot
        self._prefixes = dict(prefixes)
        self._idle = idle
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()
        self._last_use = 0.0
        self._is_given_up = False

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that is asked."""
        return self._engine.snapshot if self._is_given_up else self._asked

    def ask_for_server(self, request: QueryRequest) -> AbstractAsyncContextManager[Reply]:
        """Yield the whole reply to a query of the server itself; raises QueryTimedOut."""
        return self._ask(request)

    def close(self) -> None:
        """End the process; nobody starts another one."""
        self._is_given_up = True
        self._end()

    @asynccontextmanager
    async def _ask(self, request: QueryRequest) -> AsyncIterator[Reply]:
        reply = None if self._is_given_up else await self._try(request)
        if reply is not None:
            yield reply
            return
        async with self._engine.ask_for_server(request) as other:
            yield other

    async def _try(self, request: QueryRequest) -> Reply | None:
        """Return the reply of the process, or None where there is none."""
        try:
            if self._process is None:
                await asyncio.to_thread(self._start)
                # The graph is read before the first answer, in seconds that are no query's.
                (await self._timed(QueryRequest("ASK { }", seconds=LONG_SECONDS))).close()
            answer = await self._timed(request)
        except OSError:
            self.close()
            return None
        finally:
            self._last_use = time.monotonic()
            asyncio.get_running_loop().call_later(self._idle, self._end_if_idle)
        head = Head("SELECT", _JSON, _JSON, is_volatile=False)
        return SpooledReply(head, answer, self._asked.id)

    async def _timed(self, request: QueryRequest) -> IO[bytes]:
        try:
            async with asyncio.timeout(request.seconds):
                return await asyncio.to_thread(self._exchange, request.to_bytes())
        except TimeoutError:
            self._end()
            raise QueryTimedOut(request.seconds) from None
        except asyncio.CancelledError:
            self._end()
            raise

    def _start(self) -> None:
        if not _has_room(self._asked):
            raise OSError("there is not memory enough")
        program = (sys.executable, "-P", "-m", "api.graph_reader")
        self._process = subprocess.Popen(
            (*program, str(self._asked.nquads), json.dumps(self._prefixes)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=worker_environment(),
        )

    def _exchange(self, question: bytes) -> IO[bytes]:
        """Return a file with the answer; raises OSError where the process has ended."""
        with self._turn, tempfile.NamedTemporaryFile() as spool:
            process = self._process
            if process is None:
                raise BrokenPipeError("the process has ended")
            sent, got = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
            sent.write(json.dumps([spool.name, len(question)]).encode() + b"\n" + question)
            sent.flush()
            line = got.readline()
            if not line:
                raise BrokenPipeError("the process has ended")
            if failure := json.loads(line):
                raise QueryCrashed(failure)
            return Path(spool.name).open("rb")

    def _end_if_idle(self) -> None:
        if self._process is not None and time.monotonic() - self._last_use >= self._idle:
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            with suppress(OSError), self._turn:
                cast(IO[bytes], process.stdout).close()
                cast(IO[bytes], process.stdin).close()


def _has_room(snapshot: Snapshot) -> bool:
    """Tell whether the graph leaves half of the memory that is free to others."""
    return snapshot.manifest.quads * _BYTES_EACH < memory_left() // 2
