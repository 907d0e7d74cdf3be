"""The engine that is elsewhere: every query goes to a SPARQL 1.1 endpoint."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from api.engine import EmbeddedEngine, EngineFigures
from api.failures import QueryCrashed, QueryTimedOut
from api.fair_gate import FairGate
from api.messages import GraphRequest, Head, QueryRequest, WriteRequest
from api.remote_answer import ROWS, TRIPLES, read_rows, read_triples
from api.remote_endpoint import Endpoint, RemoteQuery
from api.remote_lookout import Lookout
from api.remote_query import NOTHING, Sight, asks_no_graph, prepare
from api.remote_reply import deadline, no_writes, whole, write
from api.remote_snapshot import Served
from api.reply import Reply
from kg.commit import CommitReply, CommitRequest
from kg.graph_reading import GraphNotFoundError
from kg.html_page import PLAIN, Frame
from kg.query_text import Form, QueryText
from kg.service_calls import find_calls, without_calls
from kg.snapshot import Snapshot
from kg.writing import Effect

__all__ = ["RemoteEngine"]

_SERVER_QUEUE = 1024


class RemoteEngine:
    """An engine that asks a SPARQL endpoint, after it has read what users ask.

    ``reader`` is an engine of an empty graph: it says what is wrong with a query, in processes
    that may die of it. ``home`` may have the snapshot that is published, and in
    the folder ``beside`` is kept what is known of one otherwise. SERVICE may name
    ``services`` only, which the endpoint itself calls. ``connections`` queries are under way at
    a time. ``look`` finds what is to be served: until it is, there is no ``snapshot``.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        reader: EmbeddedEngine,
        *,
        home: Path,
        beside: Path,
        prefixes: Mapping[str, str],
        services: tuple[str, ...] = (),
        connections: int = 8,
        frame: Frame = PLAIN,
    ) -> None:
        self._endpoint = endpoint
        self._reader = reader
        self._prefixes = dict(prefixes)
        self._services = services
        self._frame = frame
        self._users = FairGate(connections)
        self._server = FairGate(connections, most_of_one=_SERVER_QUEUE, most=_SERVER_QUEUE)
        self._lookout = Lookout(endpoint, home, beside)
        self._failures: Counter[str] = Counter()

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that is served."""
        return self.served.snapshot

    @property
    def lasting(self) -> Snapshot | None:
        """The same; None for what nobody published, which may change and leave all counts."""
        return self.snapshot if self.served.publication.manifest else None

    @property
    def is_ready(self) -> bool:
        """Whether the endpoint was as it should be when it was last looked at."""
        return self._lookout.is_well and self._reader.is_ready

    @property
    def trouble(self) -> str:
        """Why queries are not answered now; empty where they are."""
        return self._lookout.trouble or self._reader.trouble

    @property
    def isolation(self) -> str:
        """What keeps queries from the network, as a sentence."""
        reached = ", ".join(self._services) or "nothing"
        return f"queries run at {self._endpoint.shown}; SERVICE may reach {reached} from there"

    async def start(self) -> None:
        """Start what reads queries; raises QueryCrashed when it cannot."""
        await self._reader.start()

    async def close(self) -> None:
        """Let go of the endpoint and of the processes."""
        await self._endpoint.close()
        await self._reader.close()

    async def look(self) -> Served:
        """Return what the endpoint has now; raises Unpublished, EndpointFailed and the like."""
        return await self._lookout.look()

    def serve(self, served: Served) -> None:
        """Serve from now on what was found; what is under way is finished as it began."""
        self._lookout.serve(served)

    async def swap(self, snapshot: Snapshot) -> None:  # noqa: ARG002
        """Refuse: what is served is what the endpoint has."""
        raise no_writes()

    async def evaluate_write(self, request: WriteRequest, *, client: str = "") -> Effect:  # noqa: ARG002
        """Refuse a write; raises QueryForbiddenError."""
        raise no_writes()

    async def commit(self, request: CommitRequest) -> CommitReply:  # noqa: ARG002
        """Refuse a write; raises QueryForbiddenError."""
        raise no_writes()

    def ask(
        self, request: QueryRequest | GraphRequest, *, client: str = ""
    ) -> AbstractAsyncContextManager[Reply]:
        """Yield the whole reply to a user's request.

        Raises Overloaded, QueryTimedOut, the QueryError of what is wrong with the request, and
        EndpointFailed.
        """
        return self._ask_for_user(request, client)

    def ask_for_server(self, request: QueryRequest) -> AbstractAsyncContextManager[Reply]:
        """Yield the whole reply to a query of the server itself; raises as ``ask`` does."""
        return self._ask_for_server(request)

    def figures(self) -> EngineFigures:
        """Return how the processes fare that read queries, and what failed at the endpoint."""
        found = self._reader.figures()
        return replace(
            found,
            queued=found.queued + self._users.waiting,
            replaced={**found.replaced, **self._failures},
        )

    @asynccontextmanager
    async def _ask_for_user(
        self, request: QueryRequest | GraphRequest, client: str
    ) -> AsyncIterator[Reply]:
        start = time.monotonic()
        async with self._users.enter(client):
            waited = time.monotonic() - start
            with self._counted():
                async with deadline(request.seconds):
                    served = self._lookout.asked()
                    head, body = await self._answer(served, request, client)
        reply = whole(head, body, served.snapshot.id)
        reply.waited = waited
        yield reply

    @asynccontextmanager
    async def _ask_for_server(self, request: QueryRequest) -> AsyncIterator[Reply]:
        async with self._server.enter(""):
            with self._counted():
                async with deadline(request.seconds):
                    served = self._lookout.asked()
                    head, body = await self._evaluate(served, request)
        yield whole(head, body, served.snapshot.id)

    async def _answer(
        self, served: Served, request: QueryRequest | GraphRequest, client: str
    ) -> tuple[Head, bytes]:
        if isinstance(request, GraphRequest):
            return await self._read_graph(served, request)
        await self._check(request, client)
        return await self._evaluate(served, request)

    async def _check(self, request: QueryRequest, client: str) -> None:
        """Raise what is wrong with a query, as the embedded engine says it.

        Evaluated on an empty graph, it costs what it takes to read and plan it.
        """
        query = QueryText(request.query)
        if self._services and query.mentions("service"):
            calls = find_calls(query, self._services, self._prefixes)
            request = replace(request, query=without_calls(query, calls))
        async with self._reader.ask(request, client=client) as reply:
            await reply.read()

    async def _evaluate(self, served: Served, request: QueryRequest) -> tuple[Head, bytes]:
        sight = Sight(
            served.publication,
            request.default_graphs,
            request.named_graphs,
            request.union,
            served.whole,
        )
        query = QueryText(request.query)
        if asks_no_graph(query):
            return await self._compute(request)
        asked = await asyncio.to_thread(
            prepare,
            request.query,
            sight,
            dialect=self._lookout.dialect,
            prefixes=self._prefixes,
            has_node=None,
        )
        is_rows, dialect = query.form in (Form.SELECT, Form.ASK), self._lookout.dialect
        found = await self._endpoint.ask(asked, ROWS if is_rows else TRIPLES, request.seconds)
        if is_rows:
            names_of = {each.stands_as: each.name for each in served.publication.graphs}
            read = partial(read_rows, query=request.query, dialect=dialect, names_of=names_of)
        else:
            read = partial(
                read_triples, form=query.form or Form.CONSTRUCT, dialect=self._lookout.dialect
            )
        return await asyncio.to_thread(
            write,
            read,
            found,
            accept=request.accept,
            is_volatile=query.is_volatile,
            prefixes=self._prefixes,
            frame=self._frame,
        )

    async def _compute(self, request: QueryRequest) -> tuple[Head, bytes]:
        """Return the answer to a query that needs no endpoint: each would compute in its way."""
        async with self._reader.ask_for_server(request) as reply:
            return reply.head, await reply.read()

    async def _read_graph(self, served: Served, request: GraphRequest) -> tuple[Head, bytes]:
        """Return a graph by its name; raises GraphNotFoundError."""
        found = served.publication.by_name.get(request.graph or "")
        if found is None and request.graph is not None:
            raise GraphNotFoundError(f"there is no graph <{request.graph}>")
        place = found.stands_as if found else NOTHING
        text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{place}> {{ ?s ?p ?o }} }}"
        answer = await self._endpoint.ask(
            RemoteQuery(text, (NOTHING,), (place,)), TRIPLES, request.seconds
        )
        return await asyncio.to_thread(
            write,
            read_triples,
            answer,
            form=Form.CONSTRUCT,
            dialect=self._lookout.dialect,
            accept=request.accept,
            prefixes=self._prefixes,
            frame=self._frame,
        )

    @property
    def served(self) -> Served:
        """What is served; raises Unpublished before there is anything."""
        return self._lookout.served

    @contextmanager
    def _counted(self) -> Iterator[None]:
        try:
            yield
        except QueryCrashed as error:
            self._failures[error.cause] += 1
            raise
        except QueryTimedOut:
            self._failures["timeout"] += 1
            raise
