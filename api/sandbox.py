"""What a process gives up before it does a stranger's work: memory, descriptors, precedence.

Where the system lacks a means, the function that uses it does nothing.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

__all__ = [
    "STACK",
    "close_others",
    "die_with",
    "forgo_cores",
    "limit_descriptors",
    "limit_memory",
    "run_on_deep_stack",
    "taken_memory",
    "yield_to_others",
]

STACK = 256 * 1024 * 1024
"""Bytes of the stack that queries run on; EXISTS nests over 4,000 deep there."""

_SIGNAL_AT_PARENT_DEATH = 1
_FIRST_VICTIM = "1000"
_IS_LINUX = sys.platform == "linux"
_LIBRARY = ctypes.CDLL(None, use_errno=True)


def die_with(parent: int) -> None:
    """Let this process be killed when its parent, which has this id, ends."""
    if _IS_LINUX:
        _LIBRARY.prctl(_SIGNAL_AT_PARENT_DEATH, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def yield_to_others(niceness: int) -> None:
    """Let other processes go first; where memory runs out, this one is the first to end."""
    os.nice(niceness)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_FIRST_VICTIM, encoding="ascii")


def close_others(kept: Collection[int]) -> None:
    """Close every descriptor but the standard three and the ``kept`` ones."""
    listing = "/proc/self/fd" if _IS_LINUX else "/dev/fd"
    for descriptor in [int(name) for name in os.listdir(listing)]:  # noqa: PTH208
        if descriptor > 2 and descriptor not in kept:
            with suppress(OSError):
                os.close(descriptor)


def limit_memory(mebibytes: int) -> None:
    """Let this process take so much memory beyond what it has taken, and no more."""
    limit = taken_memory() + mebibytes * 1024 * 1024
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def taken_memory() -> int:
    """Return the bytes of this process' address space; 0 where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()


def limit_descriptors(spare: int = 0) -> None:
    """Let this process open ``spare`` descriptors more than it has; a socket needs one."""
    first_free = os.dup(0)
    os.close(first_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (first_free + spare, first_free + spare))


def forgo_cores() -> None:
    """Leave no memory dump behind."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run_on_deep_stack(work: Callable[[], None]) -> None:
    """Run something in a thread with a stack of STACK bytes; raises what it raises."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)

    threading.stack_size(STACK)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]
