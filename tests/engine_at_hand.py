"""An engine inside the test's own process: real answers and real commits, no workers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from pyoxigraph import Store

from api.answered_request import answer_request, head_of
from api.engine import EngineFigures
from api.messages import GraphRequest, QueryRequest, WriteRequest
from api.reply import Reply
from kg.building import Base, build
from kg.commit import CommitReply, CommitRequest, commit
from kg.graph_reading import read_graph
from kg.nquads import load_quads
from kg.snapshot import Snapshot
from kg.writing import Effect, evaluate_write

__all__ = ["EngineAtHand"]


class EngineAtHand:
    """Serves a base from a home; ``before_commit`` is called before each commit."""

    def __init__(self, base: Base, home: Path, prefixes: dict[str, str] | None = None) -> None:
        self.base, self.home = base, home
        self.prefixes = prefixes or {}
        self.snapshot: Snapshot = build(base, home)
        self.is_ready = True
        self.trouble = ""
        self.isolation = "nothing"
        self.before_commit: Callable[[], None] = lambda: None
        self.asked: list[QueryRequest | GraphRequest | WriteRequest] = []
        self.clients: list[str] = []
        self.swaps: list[str] = []
        self._store = load_quads(self.snapshot.nquads)

    @property
    def lasting(self) -> Snapshot:
        return self.snapshot

    async def start(self) -> None:
        pass

    async def close(self) -> None:
        pass

    @asynccontextmanager
    async def ask(
        self, request: QueryRequest | GraphRequest, *, client: str = ""
    ) -> AsyncIterator[Reply]:
        self.asked.append(request)
        self.clients.append(client)
        answer = _answer(self._store, request, self.prefixes)
        body = answer.body()
        yield Reply(head_of(answer), _pieces(body), self.snapshot.id)

    def ask_for_server(self, request: QueryRequest):  # type: ignore[no-untyped-def]
        return self.ask(request)

    async def evaluate_write(self, request: WriteRequest, *, client: str = "") -> Effect:
        self.asked.append(request)
        self.clients.append(client)
        return evaluate_write(
            load_quads(self.snapshot.nquads),
            request.write,
            prefixes=self.prefixes,
            is_read_only=self.base.is_read_only,
        )

    async def commit(self, request: CommitRequest) -> CommitReply:
        self.before_commit()
        return commit(request)

    async def swap(self, snapshot: Snapshot) -> None:
        self.swaps.append(snapshot.id)
        self._store, self.snapshot = load_quads(snapshot.nquads), snapshot

    def figures(self) -> EngineFigures:
        return EngineFigures(0, 0, 0, 0, {}, 0, 0)


def _answer(store: Store, request: QueryRequest | GraphRequest, prefixes: dict[str, str]):  # type: ignore[no-untyped-def]
    if isinstance(request, GraphRequest):
        return read_graph(store, request.graph, accept=request.accept, prefixes=prefixes)
    return answer_request(store, request, prefixes=prefixes)


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    if body:
        yield body
