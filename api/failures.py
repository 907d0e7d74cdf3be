"""Why a query that nobody refused has no answer all the same."""

from __future__ import annotations

import errno
import os
import signal

from api.messages import Ending

__all__ = [
    "LOST",
    "CommitFailed",
    "GraphTooLarge",
    "NotReadYet",
    "Overloaded",
    "QueryCrashed",
    "QueryKilled",
    "QueryTimedOut",
    "QueryTooBig",
    "StorageFull",
    "TooManyRequests",
    "WorkerLost",
    "explain_os_error",
    "is_disk_full",
    "read_ending",
]

LOST = "its parent process ended"
"""The last words of a process that nobody is left to bury."""

_FULL = (errno.ENOSPC, errno.EDQUOT)
_OUT_OF_MEMORY = ("memory allocation", "MemoryError", "bad_alloc")


class Overloaded(Exception):  # noqa: N818 - what the client is told
    """Every worker is busy and the queue is full; ``retry_after`` is in seconds."""

    def __init__(
        self,
        retry_after: int,
        message: str = "all query workers are busy and the queue is full; try again later",
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotReadYet(Overloaded):
    """What an answer is made of is still being read from a large snapshot."""

    def __init__(
        self,
        retry_after: int = 10,
        message: str = "what this is answered from is still being read from a large snapshot; ask "
        "again in a while: /sparql answers already",
    ) -> None:
        super().__init__(retry_after, message)


class GraphTooLarge(ValueError):  # noqa: N818 - what the client is told
    """A snapshot holds more than is read for answers other than those of queries."""


class TooManyRequests(Overloaded):
    """The client has its share of the queue, while others may still ask."""

    def __init__(self, retry_after: int) -> None:
        message = "too many of your queries wait already; try again when some are answered"
        super().__init__(retry_after, message)


class QueryTimedOut(Exception):  # noqa: N818 - what the client is told
    """A query or a write took longer than it may; its process was killed."""

    def __init__(self, seconds: float, asked: str = "query") -> None:
        super().__init__(f"the {asked} took longer than {seconds:g} s and was stopped")
        self.seconds = seconds


class QueryCrashed(Exception):  # noqa: N818 - what the client is told
    """A worker died of a query: of its memory limit, or of a fault of the engine."""

    cause = "crash"


class QueryTooBig(QueryCrashed):
    """A query or a write needs more memory than there is for one; its worker may have died of it.

    That is a property of the query, and no fault of the server: asked again, it is so again.
    """

    cause = "memory"


class QueryKilled(QueryCrashed):
    """The system ended a worker, as it does when all of the machine's memory is taken."""

    cause = "memory"


class WorkerLost(QueryCrashed):
    """A worker ended, and not by the query's fault: another one may answer it."""

    cause = "lost"


class CommitFailed(Exception):  # noqa: N818 - what the client is told
    """A write was not kept: its folder cannot be written, or is damaged."""


class StorageFull(CommitFailed):
    """A write was not kept: there is no room for it on the disk."""

    def __init__(
        self,
        message: str = "there is no room left on the server's disk; nothing was changed, and the "
        "write may be repeated when the operator has made room",
    ) -> None:
        super().__init__(message)


def explain_os_error(error: OSError) -> CommitFailed:
    """Return what an error of the system means for the write that met it.

    >>> explain_os_error(OSError(errno.ENOSPC, "No space left on device")).args[0][:22]
    'there is no room left '
    """
    if error.errno in _FULL or is_disk_full(str(error)):
        return StorageFull()
    return CommitFailed(f"the write could not be kept: {error}")


def is_disk_full(text: str) -> bool:
    """Tell whether a system or a database says that a disk is full.

    >>> is_disk_full("IO error: No space left on device: While appending to file")
    True
    """
    return any(os.strerror(code) in text for code in _FULL)


def read_ending(ending: Ending, memory: int, asked: str = "query") -> QueryCrashed:
    """Return what the end of a process says of what it was asked; its limit is in MiB.

    >>> print(read_ending(Ending(1, -6, "memory allocation of 8 bytes failed"), 64))
    the query needs more than 64 MiB of memory
    """
    if ending.words == LOST or ending.status == 0:
        return WorkerLost(f"the process of the {asked} ended before it answered; ask again")
    if any(sign in ending.words for sign in _OUT_OF_MEMORY):
        return QueryTooBig(f"the {asked} needs more than {memory} MiB of memory")
    if ending.status in (-signal.SIGSEGV, -signal.SIGBUS):
        return QueryCrashed(f"the {asked} is nested too deep, or too long, for the engine")
    if ending.status == -signal.SIGKILL:
        return QueryKilled(f"the system ended the {asked}, as it does when memory runs short")
    return QueryCrashed(f"the {asked} made the engine fail")
