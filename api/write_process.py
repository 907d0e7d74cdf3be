"""A process that evaluates one write on a graph of its own, tells what it changes, and ends."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import Store

from api.error_messages import show_error
from api.failures import StorageFull, explain_os_error, is_disk_full
from api.messages import Kind, Opening, pack, read_message
from api.sandbox import (
    forgo_cores,
    limit_descriptors,
    limit_memory,
    run_on_deep_stack,
    yield_to_others,
)
from api.scratch import copy_database
from api.worker import GRACE, show_failure
from kg.catalogue import is_made
from kg.query_error import QueryError, QueryFailedError
from kg.writing import evaluate_write, read_write

__all__ = ["write_once"]

_NICENESS = 10


def write_once(own: socket.socket, opening: Opening, open_store: Callable[[], Store]) -> None:
    """Answer the one request that comes over a socket."""
    yield_to_others(_NICENESS)
    forgo_cores()
    run_on_deep_stack(lambda: _answer(own, opening, open_store))


def _answer(own: socket.socket, opening: Opening, open_store: Callable[[], Store]) -> None:
    descriptor = own.detach()
    with os.fdopen(descriptor, "rb") as requests, os.fdopen(os.dup(descriptor), "wb") as answers:
        line, _, write = read_message(requests)[1].partition(b"\n")
        head = json.loads(line)
        # Should the server die, nobody else ends a write that never does.
        signal.setitimer(signal.ITIMER_REAL, head["seconds"] + GRACE)
        try:
            store = _open_own(opening, open_store, head["scratch"])
        except OSError as error:
            answers.write(pack(Kind.ERROR, show_error(explain_os_error(error))))
            return
        limit_memory(opening.memory)
        if opening.descriptors is not None and opening.database is None:
            limit_descriptors(opening.descriptors)
        answers.write(_evaluate(store, write, opening))


def _open_own(opening: Opening, open_store: Callable[[], Store], scratch: str | None) -> Store:
    """Return a store to write to: the one in memory, as no other process sees it, or a copy."""
    if opening.database is None:
        return open_store()
    if scratch is None:
        raise ValueError("a write to a database needs a folder for its copy")
    return Store(str(copy_database(Path(opening.database), Path(scratch) / "database")))


def _evaluate(store: Store, write: bytes, opening: Opening) -> bytes:
    try:
        effect = evaluate_write(
            store,
            read_write(write),
            prefixes=opening.prefixes,
            is_read_only=is_made if opening.has_made_graphs else lambda _: False,
            services=opening.services,
        )
        return pack(Kind.DATA, effect.to_bytes())
    except (QueryError, MemoryError) as error:
        if isinstance(error, QueryFailedError) and is_disk_full(error.message):
            return pack(Kind.ERROR, show_error(StorageFull()))
        return show_failure(error, opening.memory, "write")
