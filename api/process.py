"""The server's view of its processes: each was forked by another one, on request."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import Callable

from api.channel import Channel
from api.failures import LOST, WorkerLost
from api.messages import Ending, Fork, Kind, pack
from api.watchdog import Watchdog

__all__ = ["Launcher", "Process"]


class Process:
    """A process: a channel to it, and how it ended.

    ``pid`` is known once it runs. ``ended`` is awaited by whom it may concern.
    """

    def __init__(self, launcher: Launcher, number: int, channel: Channel) -> None:
        self._launcher = launcher
        self._number = number
        self.channel = channel
        self.pid: int | None = None
        self.ended: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        if not self.ended.done():
            self._launcher.kill(self._number)

    @property
    def is_alive(self) -> bool:
        """Whether the process runs, as far as is known."""
        return self.channel.is_open and not self.ended.done()


class Launcher:
    """A process that forks others, seen from the server.

    ``lost`` is done when it has ended. ``gone`` is done then too, or when it has fallen silent:
    what it forked may go on, but no other can be had; ``on_silent`` is called before that.
    """

    def __init__(
        self,
        channel: Channel,
        find_pid: Callable[[], int | None] = lambda: None,
        on_silent: Callable[[], None] = lambda: None,
    ) -> None:
        self._channel = channel
        self._numbers = itertools.count(1)
        self._children: dict[int, Process] = {}
        self._on_silent = on_silent
        self._watchdog = Watchdog(find_pid, lambda: channel.send(pack(Kind.PING)))
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lost = asyncio.create_task(self._listen())
        self._watching = asyncio.create_task(self._watch())

    def fork(self, role: str) -> Process:
        """Let the process fork a child for a role; raises WorkerLost when it cannot be asked."""
        ours, theirs = socket.socketpair()
        number = next(self._numbers)
        try:
            if self.gone.done():
                raise BrokenPipeError("the process does not answer")
            with theirs:
                wish = pack(Kind.FORK, Fork(number, role).to_bytes())
                self._channel.send_socket(wish, theirs)
        except OSError:
            ours.close()
            theirs.close()
            if not self.gone.done():
                self._channel.close()
            raise WorkerLost(LOST) from None
        child = self._children[number] = Process(self, number, Channel(ours))
        return child

    def kill(self, number: int) -> None:
        """Let the process kill the child of a number."""
        self._channel.send(pack(Kind.KILL, b"%d" % number))

    def close(self) -> None:
        """Hang up: the process ends, and its children with it."""
        self._channel.close()

    def give_up(self) -> None:
        """Expect nothing more of the process: what has not begun never will."""
        if self.gone.done():
            return
        self._on_silent()
        self.gone.set_result(None)
        for number, child in [*self._children.items()]:
            if child.pid is None:
                child.channel.close()
                self._bury(Ending(number, 0, LOST))

    async def _watch(self) -> None:
        await self._watchdog.watch()
        self.give_up()

    async def _listen(self) -> None:
        """Note what becomes of the children, until the process is gone."""
        try:
            while True:
                kind, body = await self._channel.receive()
                self._watchdog.hear()
                self._note(kind, body)
        except EOFError:
            pass
        finally:
            self._watching.cancel()
            self._channel.close()
            if not self.gone.done():
                self.gone.set_result(None)
            for number in [*self._children]:
                self._bury(Ending(number, 0, LOST))

    def _note(self, kind: Kind, body: bytes) -> None:
        if kind is Kind.STARTED:
            number, pid = map(int, body.split())
            if child := self._children.get(number):
                child.pid = pid
        elif kind is Kind.ENDED:
            self._bury(Ending.from_bytes(body))

    def _bury(self, ending: Ending) -> None:
        child = self._children.pop(ending.number, None)
        if child and not child.ended.done():
            child.ended.set_result(ending)
