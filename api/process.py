"""The server's view of its processes: each was forked by another one, on request."""

from __future__ import annotations

import asyncio
import itertools
import socket

from api.channel import Channel
from api.failures import LOST, WorkerLost
from api.messages import Ending, Fork, Kind, pack

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
    """A process that forks others, seen from the server."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._numbers = itertools.count(1)
        self._children: dict[int, Process] = {}
        self.lost = asyncio.create_task(self._listen())

    def fork(self, role: str) -> Process:
        """Let the process fork a child for a role; raises WorkerLost when it cannot be asked."""
        ours, theirs = socket.socketpair()
        number = next(self._numbers)
        try:
            with theirs:
                wish = pack(Kind.FORK, Fork(number, role).to_bytes())
                self._channel.send_socket(wish, theirs)
        except OSError:
            ours.close()
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

    async def _listen(self) -> None:
        """Note what becomes of the children, until the process is gone."""
        try:
            while True:
                self._note(*await self._channel.receive())
        except EOFError:
            pass
        finally:
            self._channel.close()
            for number in [*self._children]:
                self._bury(Ending(number, 0, LOST))

    def _note(self, kind: Kind, body: bytes) -> None:
        if kind is Kind.STARTED:
            number, pid = map(int, body.split())
            self._children[number].pid = pid
        elif kind is Kind.ENDED:
            self._bury(Ending.from_bytes(body))

    def _bury(self, ending: Ending) -> None:
        child = self._children.pop(ending.number)
        if not child.ended.done():
            child.ended.set_result(ending)
