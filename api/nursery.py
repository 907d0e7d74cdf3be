"""A process that does nothing but fork: it starts, kills and buries its children on request."""

from __future__ import annotations

import os
import selectors
import signal
import socket
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

from api.messages import HEADER, Ending, Fork, Kind, pack
from api.sandbox import close_others, die_with

__all__ = ["Life", "Nursery", "Role"]

_LONGEST_WORDS = 2000
_PIECE = 64 * 1024


Life = Callable[[socket.socket], None]


@dataclass(frozen=True)
class Role:
    """What a child does with its socket.

    ``load`` returns it, and is called before each fork: what it imports is imported once.
    """

    load: Callable[[], Life]
    dies_with_parent: bool = True


@dataclass(frozen=True)
class _Child:
    number: int
    pid: int
    errors: int


class Nursery:
    """A loop over FORK, KILL and PING messages, answered with STARTED, ENDED and PONG.

    Only this process waits for its children, so that no KILL meets a process that happens to
    have the id of one that is gone.
    """

    def __init__(self, control: socket.socket, roles: Mapping[str, Role]) -> None:
        self._control = control
        self._roles = roles
        self._children: dict[int, _Child] = {}
        self._received = bytearray()
        self._sockets: list[int] = []

    def run(self) -> None:
        """Do what is asked until the other end of the control socket is gone."""
        awake, waker = os.pipe()
        for end in (awake, waker):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, _noticed)
        signal.set_wakeup_fd(waker)
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(awake, selectors.EVENT_READ)
            is_open = True
            while is_open:
                ready = {key.fileobj for key, _ in selector.select()}
                if awake in ready:
                    os.read(awake, _PIECE)
                    self._bury()
                if self._control in ready:
                    is_open = self._obey()
        for child in self._children.values():
            os.kill(child.pid, signal.SIGKILL)
        for child in self._children.values():
            os.waitpid(child.pid, 0)

    def _obey(self) -> bool:
        """Do what has been asked by now; returns False when nobody is there to ask."""
        with suppress(ConnectionError):
            received, sockets, *_ = socket.recv_fds(self._control, _PIECE, 16)
            self._received += received
            self._sockets += sockets
            while message := self._next_message():
                self._do(*message)
            return bool(received)
        return False

    def _next_message(self) -> tuple[Kind, bytes] | None:
        if len(self._received) < HEADER.size:
            return None
        kind, length = HEADER.unpack_from(self._received)
        end = HEADER.size + length
        if len(self._received) < end:
            return None
        body = bytes(self._received[HEADER.size : end])
        del self._received[:end]
        return Kind(kind), body

    def _do(self, kind: Kind, body: bytes) -> None:
        if kind is Kind.FORK:
            self._fork(Fork.from_bytes(body))
        elif kind is Kind.PING:
            self._tell(Kind.PONG, b"")
        elif kind is Kind.KILL and (child := self._children.get(int(body))):
            os.kill(child.pid, signal.SIGKILL)

    def _fork(self, wish: Fork) -> None:
        own = socket.socket(fileno=self._sockets.pop(0))
        errors, ours = os.pipe()
        # What a child would say after filling the pipe is lost: nobody reads before its end.
        os.set_blocking(ours, False)
        role = self._roles[wish.role]
        parent = os.getpid()
        try:
            live = role.load()
            pid = os.fork()
        except (OSError, ImportError) as error:
            os.close(errors)
            self._tell(Kind.ENDED, Ending(wish.number, 1, str(error)).to_bytes())
        else:
            if not pid:
                _begin(live, own, ours, parent if role.dies_with_parent else None)
            os.set_blocking(errors, False)
            self._children[wish.number] = _Child(wish.number, pid, errors)
            self._tell(Kind.STARTED, b"%d %d" % (wish.number, pid))
        own.close()
        os.close(ours)

    def _bury(self) -> None:
        """Wait for those children that ended."""
        for child in [*self._children.values()]:
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if not pid:
                continue
            del self._children[child.number]
            words = b""
            with suppress(BlockingIOError):
                while piece := os.read(child.errors, _PIECE):
                    words = (words + piece)[-_LONGEST_WORDS:]
            os.close(child.errors)
            code = os.waitstatus_to_exitcode(status)
            ending = Ending(child.number, code, words.decode(errors="replace").strip())
            self._tell(Kind.ENDED, ending.to_bytes())

    def _tell(self, kind: Kind, body: bytes) -> None:
        with suppress(ConnectionError):
            self._control.sendall(pack(kind, body))


def _noticed(_signal: int, _frame: FrameType | None) -> None:
    """Let a signal interrupt the loop; the wakeup descriptor does the rest."""


def _begin(live: Life, own: socket.socket, errors: int, parent: int | None) -> None:
    """Be the child, to the end."""
    code = 1
    try:
        if parent is not None:
            die_with(parent)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(errors, 2)
        close_others({own.fileno()})
        live(own)
        code = 0
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(code)
