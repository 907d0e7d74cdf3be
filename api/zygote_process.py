"""The zygote as the server sees it: started, greeted, and hung up on."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from typing import Protocol

from api.channel import Channel
from api.failures import QueryCrashed
from api.messages import FILTERED, HEADER, Isolation
from api.process import Launcher

__all__ = ["ZYGOTE", "Forwarder", "ZygoteProcess", "worker_environment"]

ZYGOTE = ("-m", "api.zygote")
"""The program that a zygote runs, as arguments of Python."""

_KEPT = ("LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
# One heap for what is loaded, and one for the thread of a worker: in a heap full of gaps, finding
# room takes a third of a small query. With more, a limit of memory would count what is reserved.
_ALLOCATOR = {"MALLOC_ARENA_MAX": "2"}
_GREETING = 64
_END_SECONDS = 5.0


class Forwarder(Protocol):
    """Something that calls other endpoints in place of those that cannot."""

    def services(self, port: int) -> Mapping[str, str]:
        """Return the endpoints, each with the address to call instead, at a port of loopback."""

    async def serve(self, listener: socket.socket) -> None:
        """Forward what comes in at a listener, until cancelled."""


class ZygoteProcess:
    """The zygote, what keeps it from the network, and the one way out of it.

    ``services`` are the endpoints that its processes may reach, with the addresses to call.
    """

    def __init__(
        self,
        process: Process,
        launcher: Launcher,
        listener: socket.socket,
        isolation: Isolation,
        forwarder: Forwarder | None,
    ) -> None:
        self._process = process
        self._listener = listener
        self._forwarding: asyncio.Task[None] | None = None
        self.launcher = launcher
        self.isolation = isolation
        self.services: Mapping[str, str] = {}
        if forwarder:
            self.services = forwarder.services(listener.getsockname()[1])
            self._forwarding = asyncio.create_task(forwarder.serve(listener))

    @classmethod
    async def start(
        cls, program: Sequence[str] = ZYGOTE, forwarder: Forwarder | None = None
    ) -> ZygoteProcess:
        """Start a zygote; raises QueryCrashed, with its last words, when it does not run."""
        ours, theirs = socket.socketpair()
        with ExitStack() as until_it_runs, theirs:
            until_it_runs.enter_context(ours)
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", *program),
                *("open" if forwarder else FILTERED, str(theirs.fileno())),
                stdin=DEVNULL,
                stdout=DEVNULL,
                stderr=PIPE,
                env=worker_environment(),
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
            until_it_runs.pop_all()
        try:
            await _readable(ours)
            greeting, descriptors, *_ = socket.recv_fds(ours, _GREETING, 1)
            if not descriptors:
                raise QueryCrashed(await _last_words(process))
        except BaseException:
            ours.close()
            await process.communicate()
            raise
        isolation = Isolation(greeting[HEADER.size :])
        listener = socket.socket(fileno=descriptors[0])
        launcher = Launcher(Channel(ours), lambda: process.pid, partial(_kill, process))
        return cls(process, launcher, listener, isolation, forwarder)

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    async def close(self) -> None:
        """Hang up, and return when the zygote and its children are gone."""
        self.launcher.close()
        if self._forwarding:
            self._forwarding.cancel()
            await asyncio.gather(self._forwarding, return_exceptions=True)
        self._listener.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(_END_SECONDS):
                await self._process.wait()
        _kill(self._process)
        await self._process.communicate()

    def kill_orphan(self, pid: int) -> None:
        """Kill a process that the zygote forked, and can kill no more as it ended itself.

        No other process has its session, should the id be that of another one by now.
        """
        with suppress(OSError):
            if os.getsid(pid) == self.pid:
                os.kill(pid, signal.SIGKILL)


def _kill(process: Process) -> None:
    if process.returncode is None:
        process.kill()


async def _readable(given: socket.socket) -> None:
    given.setblocking(False)
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(given.fileno(), ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(given.fileno())


async def _last_words(process: Process) -> str:
    lines: deque[bytes] = deque((await process.communicate())[1].splitlines(), maxlen=1)
    words = lines[0].decode(errors="replace") if lines else f"it ended with {process.returncode}"
    return f"query workers cannot be started: {words}"


def worker_environment() -> dict[str, str]:
    """Return what a worker must know: where Python finds its modules, and nothing of the user."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, **_ALLOCATOR, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
