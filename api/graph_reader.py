"""A process that holds a graph in memory while a library is read, and answers the server alone.

``python -m api.graph_reader NQUADS PREFIXES`` answers queries of standard input until that ends,
each a line with a file and a length, and as many bytes: the answer goes to the file, and what kept
it from being made, if anything, in a line to standard output.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from pyoxigraph import Store

from api.answered_request import answer_request
from api.messages import QueryRequest
from kg.merging import Merges, make_merges
from kg.nquads import load_quads
from kg.query_error import QueryError
from kg.shared_triples import read_shared

__all__ = ["main"]


def main(nquads: Path, prefixes: Mapping[str, str]) -> None:
    """Answer what comes in, in its order."""
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    store, merges = load_quads(nquads), make_merges(None, read_shared(nquads))
    while line := questions.readline():
        file, length = json.loads(line)
        request = QueryRequest.from_bytes(questions.read(length))
        answers.write(json.dumps(_answer(store, merges, prefixes, request, file)).encode() + b"\n")
        answers.flush()


def _answer(
    store: Store, merges: Merges, prefixes: Mapping[str, str], request: QueryRequest, file: str
) -> str | None:
    """Write an answer to a file, and return why there is none."""
    try:
        answer = answer_request(store, request, prefixes=prefixes, merges=merges)
        with Path(file).open("wb") as output:
            answer.write(output)
    except (QueryError, MemoryError, OSError) as error:
        return str(error)
    return None


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
