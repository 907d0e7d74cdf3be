"""A process that makes one change part of the graph on disk, and ends."""

from __future__ import annotations

import os
import socket

from api.error_messages import show_error
from api.failures import explain_os_error
from api.messages import Kind, pack, read_message
from api.sandbox import forgo_cores, limit_memory, run_on_deep_stack
from kg.commit import CommitRequest, commit
from kg.query_error import QueryError

__all__ = ["commit_once"]

_MEMORY = 16 * 1024
"""MiB: the code is our own, and a change has passed the limits of a write."""


def commit_once(own: socket.socket) -> None:
    """Answer the one request that comes over a socket."""
    forgo_cores()
    limit_memory(_MEMORY)
    run_on_deep_stack(lambda: _answer(own))


def _answer(own: socket.socket) -> None:
    descriptor = own.detach()
    with os.fdopen(descriptor, "rb") as requests, os.fdopen(os.dup(descriptor), "wb") as answers:
        body = read_message(requests)[1]
        try:
            answers.write(pack(Kind.DATA, commit(CommitRequest.from_bytes(body)).to_bytes()))
        except QueryError as error:
            answers.write(pack(Kind.ERROR, show_error(error)))
        except OSError as error:
            answers.write(pack(Kind.ERROR, show_error(explain_os_error(error))))
