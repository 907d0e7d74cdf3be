"""A query worker: a process that answers one query after the other, and may die of any."""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import IO, cast

from pyoxigraph import Store

from api.answered_request import answer_request, head_of
from api.error_messages import show_error
from api.failures import QueryTooBig
from api.messages import (
    GraphRequest,
    Kind,
    Opening,
    QueryRequest,
    pack,
    read_message,
)
from api.sandbox import (
    forgo_cores,
    limit_descriptors,
    limit_memory,
    run_on_deep_stack,
    yield_to_others,
)
from api.search_held import served_index
from api.worker_output import WorkerOutput
from kg.evaluation import Answer
from kg.graph_reading import GraphAnswer, read_graph
from kg.merging import Merges
from kg.query_error import QueryError, QueryFailedError
from kg.statement_limits import explain_memory_error

__all__ = ["GRACE", "show_failure", "work"]

GRACE = 5.0
"""Seconds after its deadline at which a process that nobody has killed ends itself."""

_BUFFER = 8 * 1024
_MIB = 1024 * 1024
_MOST_TAKEN = 128 * _MIB
# The system counts in KiB, but for one that counts in bytes.
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class _Held:
    """What a worker asks: its store, and the merges of the graphs in it."""

    store: Store
    merges: Merges
    opening: Opening


def work(
    own: socket.socket,
    opening: Opening,
    open_store: Callable[[], Store],
    merges: Merges,
    niceness: int,
) -> None:
    """Answer the requests that come over a socket until it ends."""
    forgo_cores()
    run_on_deep_stack(lambda: _serve(own, _Held(open_store(), merges, opening), niceness))


def show_failure(error: QueryError | MemoryError, memory: int, asked: str = "query") -> bytes:
    """Return the message about a request that failed; ``memory`` is the limit in MiB."""
    if isinstance(error, MemoryError):
        reason = explain_memory_error(error)
        too_big = QueryTooBig(f"the {asked} needs more than {memory} MiB of memory")
        shown = show_error(QueryFailedError(reason) if reason else too_big)
    else:
        shown = show_error(error)
    return pack(Kind.ERROR, shown)


def _serve(own: socket.socket, held: _Held, niceness: int) -> None:
    descriptor, opening = own.detach(), held.opening
    # A socket's own files are slower.
    with (
        os.fdopen(descriptor, "rb") as requests,
        os.fdopen(os.dup(descriptor), "wb", _BUFFER) as messages,
    ):
        yield_to_others(niceness)
        limit_memory(opening.memory)
        if opening.descriptors is not None:
            limit_descriptors(opening.descriptors)
        most = _peak_memory() + min(opening.memory * _MIB // 4, _MOST_TAKEN)
        messages.write(pack(Kind.READY))
        messages.flush()
        while (message := read_message(requests))[0] is not None:
            output = WorkerOutput(messages)
            _answer(held, message, output)
            # What one query took and the allocator keeps shall not be missing to the next.
            is_spent = _peak_memory() > most
            output.end(is_spent=is_spent)
            if is_spent:
                return


def _peak_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT


def _answer(held: _Held, message: tuple[Kind | None, bytes], output: WorkerOutput) -> None:
    kind, body = message
    request: QueryRequest | GraphRequest = (
        GraphRequest.from_bytes(body) if kind is Kind.GRAPH else QueryRequest.from_bytes(body)
    )
    # Should the server die, nobody else ends a query that never does.
    signal.setitimer(signal.ITIMER_REAL, request.seconds + GRACE)
    try:
        answer = _evaluate(held, request)
        output.start(head_of(answer))
        answer.write(cast(IO[bytes], output))
    except (QueryError, MemoryError) as error:
        output.fail(show_failure(error, held.opening.memory))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _evaluate(held: _Held, request: QueryRequest | GraphRequest) -> Answer | GraphAnswer:
    store, opening = held.store, held.opening
    if isinstance(request, GraphRequest):
        return read_graph(
            store,
            request.graph,
            accept=request.accept,
            prefixes=opening.prefixes,
            frame=opening.frame,
        )
    return answer_request(
        store,
        request,
        prefixes=opening.prefixes,
        services={**opening.services, **request.services},
        merges=held.merges,
        find_index=partial(served_index, store),
        frame=opening.frame,
    )
