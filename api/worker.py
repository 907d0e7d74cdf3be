"""A query worker: a process that answers one query after the other, and may die of any.

It is started as ``python -m api.worker`` and speaks the messages of ``api.messages`` on its
standard input and output.
"""

from __future__ import annotations

import contextlib
import io
import os
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pyoxigraph import RdfFormat, Store, parse

from api.messages import HEADER, Head, Kind, Opening, QueryRequest, pack, show_error
from kg.evaluation import evaluate
from kg.query_error import QueryError, QueryFailedError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

__all__ = ["main", "open_store"]

_PIECE = 64 * 1024
_GRACE = 5.0
_MIB = 1024 * 1024


class Pieces(io.RawIOBase):
    """A file that sends what is written to it as DATA messages."""

    def __init__(self, answers: IO[bytes]) -> None:
        super().__init__()
        self._answers = answers

    def writable(self) -> bool:
        """Tell that the file can be written to."""
        return True

    def write(self, piece: ReadableBuffer) -> int:
        """Send a piece."""
        body = bytes(piece)
        self._answers.write(pack(Kind.DATA, body))
        return len(body)


def main() -> None:
    """Answer the queries on standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(BrokenPipeError), _pipes() as (requests, answers):
        opening = Opening.from_bytes(_read(requests)[1])
        store = open_store(opening)
        _limit(opening)
        _send(answers, pack(Kind.READY))
        while (message := _read(requests))[0] is Kind.QUERY:
            _answer(store, opening, QueryRequest.from_bytes(message[1]), answers)


def open_store(opening: Opening) -> Store:
    """Return the store of an opening: in memory, or on disk and read-only."""
    if opening.database is not None:
        return Store.read_only(opening.database)
    store = Store()
    if opening.nquads is not None:
        # bulk_load would give blank nodes labels of its own, others in each worker.
        store.bulk_extend(parse(path=Path(opening.nquads), format=RdfFormat.N_QUADS))
    return store


@contextlib.contextmanager
def _pipes() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Keep the two pipes for messages alone: what else is printed goes to standard error."""
    with os.fdopen(os.dup(0), "rb") as requests, os.fdopen(os.dup(1), "wb", 2 * _PIECE) as answers:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)
        yield requests, answers


def _read(requests: IO[bytes]) -> tuple[Kind | None, bytes]:
    header = requests.read(HEADER.size)
    if len(header) < HEADER.size:
        return None, b""
    kind, length = HEADER.unpack(header)
    return Kind(kind), requests.read(length)


def _send(answers: IO[bytes], message: bytes) -> None:
    answers.write(message)
    answers.flush()


def _limit(opening: Opening) -> None:
    """Let a query take so much memory beyond what is taken now, and open no socket.

    A store on disk opens files as it goes, so that only one in memory can do without more.
    """
    taken = _address_space()
    limit = taken + opening.memory * _MIB
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if opening.database is None:
        unused = os.dup(0)
        os.close(unused)
        resource.setrlimit(resource.RLIMIT_NOFILE, (unused, unused))


def _address_space() -> int:
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()


def _answer(store: Store, opening: Opening, request: QueryRequest, answers: IO[bytes]) -> None:
    # Should the server die, nobody else ends a query that never does.
    signal.setitimer(signal.ITIMER_REAL, request.seconds + _GRACE)
    try:
        _evaluate(store, opening, request, answers)
        answers.write(pack(Kind.END))
    except QueryError as error:
        answers.write(pack(Kind.ERROR, show_error(error)))
    except MemoryError:
        short = QueryFailedError(f"the query needs more than {opening.memory} MiB of memory")
        answers.write(pack(Kind.ERROR, show_error(short)))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    answers.flush()


def _evaluate(store: Store, opening: Opening, request: QueryRequest, answers: IO[bytes]) -> None:
    answer = evaluate(
        store,
        request.query,
        accept=request.accept,
        default_graph_uris=request.default_graphs,
        named_graph_uris=request.named_graphs,
        union=request.union,
        prefixes=opening.prefixes,
    )
    head = Head(
        answer.form.value, answer.choice.content_type, answer.media_type, answer.is_volatile
    )
    answers.write(pack(Kind.HEAD, head.to_bytes()))
    with io.BufferedWriter(Pieces(answers), _PIECE) as output:
        answer.write(output)


if __name__ == "__main__":
    main()
    sys.exit(0)
