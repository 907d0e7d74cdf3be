"""What the server tells of its snapshot to programs: statistics, examples, the service itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from functools import partial

from pyoxigraph import RdfFormat, Triple, parse

from api.background import in_background
from api.canned import ask_rows, read_canned
from api.engine import Engine
from api.failures import QueryCrashed, QueryTimedOut, WorkerLost
from api.graph_listing import largest_graphs
from api.kept_bytes import KeptAnswers
from api.kinds import KINDS
from api.messages import QueryRequest
from api.statistics import load_statistics
from kg.example_queries import EXAMPLES, target_examples
from kg.export import known_prefixes
from kg.formats import Choice, GraphFormat
from kg.graph_titles import GraphTitles
from kg.graph_writing import write_graph
from kg.namespaces import Namespaces
from kg.service_description import ServiceFacts, describe_service
from kg.settings import DefaultGraph, Settings
from kg.snapshot import Snapshot
from kg.statistics import Statistics
from kg.terms import PREFIXES
from kg.void import DatasetFacts, describe_dataset

__all__ = ["COUNTED_AHEAD", "COUNTED_BELOW", "DescriptionKeeper", "Descriptions"]

_LOG = logging.getLogger(__name__)
_PAUSE = 4.0

COUNTED_BELOW = 500_000
"""Quads up to which classes and properties are counted: so many take the server's worker 7 s."""

COUNTED_AHEAD = 250_000
"""Quads up to which that is done before anybody asks, at the start and after a swap."""

_MOST_TITLES = 2000

_ELSEWHERE = "http://server.invalid"
"""Stands for the address of the server in what is kept: each client knows it by another one."""


@dataclass(frozen=True)
class Descriptions:
    """What is known of a snapshot; ``statistics`` only where the snapshot is not too large.

    ``graphs`` are the triples of each graph, under "" those of the default graph; of very many
    the largest. What is written of it is kept, and made in a thread.
    """

    snapshot: Snapshot
    graphs: Mapping[str, int]
    statistics: Statistics | None
    names: GraphTitles
    typical: tuple[str, ...]
    examples: tuple[Triple, ...]
    prefixes: Mapping[str, str]
    _written: KeptAnswers = field(default_factory=KeptAnswers)

    @property
    def more_graphs(self) -> int:
        """How many graphs there are beside those that are listed."""
        return len(self.snapshot.manifest.graphs) - len(self.graphs)

    def with_examples(self, examples: Iterable[Triple]) -> Descriptions:
        """Return the same with other examples, of which nothing is kept."""
        return replace(self, examples=tuple(examples), _written=KeptAnswers())

    async def dataset(self, address: str, choice: Choice[GraphFormat]) -> bytes:
        """Return the VoID description, for those who know the server by an address."""
        facts = DatasetFacts(
            void=f"{_ELSEWHERE}/.well-known/void",
            endpoint=f"{_ELSEWHERE}/sparql",
            store=f"{_ELSEWHERE}/rdf-graph-store",
            snapshot=self.snapshot.id,
            graphs=self.graphs,
            titles=self.names.titles,
            licences=self.names.licences,
            examples=self.typical,
            statistics=self.statistics,
            dump=f"{_ELSEWHERE}/downloads/data.nq",
            more_graphs=self.more_graphs,
        )
        return await self._write("dataset", partial(describe_dataset, facts), address, choice)

    async def service(self, settings: Settings, address: str, choice: Choice[GraphFormat]) -> bytes:
        """Return the description of the service, for those who know it by an address."""
        facts = ServiceFacts(
            endpoint=f"{_ELSEWHERE}/sparql",
            snapshot=self.snapshot.id,
            graphs=self.graphs,
            union=settings.default_graph is DefaultGraph.UNION,
            writable=settings.writable,
            services=settings.service_allow,
            union_triples=self.statistics.counts.triples if self.statistics else None,
            examples=EXAMPLES if EXAMPLES in self.snapshot.manifest.graphs else None,
            more_graphs=self.more_graphs,
        )
        describe = partial(describe_service, facts)
        return await self._write("service", describe, address, choice, PREFIXES)

    async def example_queries(self, address: str, choice: Choice[GraphFormat]) -> bytes:
        """Return the example queries, for those who know the server by an address."""
        describe = partial(target_examples, self.examples, f"{_ELSEWHERE}/sparql")
        return await self._write("examples", describe, address, choice)

    async def _write(
        self,
        name: str,
        describe: Callable[[], Iterable[Triple]],
        address: str,
        choice: Choice[GraphFormat],
        prefixes: Mapping[str, str] | None = None,
    ) -> bytes:
        part = {"part": f"{_ELSEWHERE}/.well-known/void#"}
        prefixes = prefixes or {**self.prefixes, **PREFIXES, **part}
        written = await self._written.get(
            (name, choice.format), lambda: write_graph(describe(), choice, prefixes=prefixes)
        )
        return await written.derive(
            address, lambda text: text.replace(_ELSEWHERE.encode(), address.encode())
        )

    async def page(self, name: str, write: Callable[[], bytes]) -> bytes:
        """Return a page on the snapshot, which ``write`` gives where it is not kept."""
        return await self._written.get((name, None), write)


class DescriptionKeeper:
    """Keeps the descriptions of the snapshot that the engine serves.

    While it runs, it makes them before anybody asks, unless there is much to count; a snapshot
    must have been served for ``pause`` seconds, so that a row of writes does not pay for each.
    """

    def __init__(
        self, engine: Engine, names: Namespaces, settings: Settings, *, pause: float = _PAUSE
    ) -> None:
        self._engine = engine
        self._names = names
        self._settings = settings
        self._pause = pause
        self._kept: Descriptions | None = None
        self._lock = asyncio.Lock()

    def running(self) -> AbstractAsyncContextManager[None]:
        """Make the descriptions of each snapshot while the block runs."""
        return in_background(self._run())

    async def _run(self) -> None:
        seen, made = "", ""
        while True:
            snapshot = self._engine.snapshot
            if snapshot.id == seen != made and snapshot.manifest.quads <= COUNTED_AHEAD:
                made = seen
                try:
                    await self._make()
                except Exception:
                    _LOG.exception("snapshot %s could not be described", seen[:12])
            seen = snapshot.id
            await asyncio.sleep(self._pause)

    async def _make(self) -> None:
        turtle = GraphFormat.TURTLE
        await (await self.get()).dataset("", Choice(turtle, turtle.media_type))

    async def get(self) -> Descriptions:
        """Return the descriptions; they are made when there are none of the served snapshot."""
        async with self._lock:
            while self._kept is None or self._kept.snapshot.id != self._engine.snapshot.id:
                asked = self._engine.snapshot
                loaded = await self._load(asked)
                # A swap meanwhile would leave a mixture of two snapshots.
                if self._engine.snapshot.id == asked.id:
                    self._kept = loaded
            return self._kept

    async def service(self, address: str, choice: Choice[GraphFormat]) -> bytes:
        """Return the description of the service, for those who know it by an address."""
        return await (await self.get()).service(self._settings, address, choice)

    async def _load(self, snapshot: Snapshot) -> Descriptions:
        statistics = await self._count(snapshot)
        names = await self._load_titles(snapshot)
        return Descriptions(
            snapshot=snapshot,
            graphs={
                name: counts.triples
                for name, counts in largest_graphs(snapshot.manifest.graphs).items()
            },
            statistics=statistics,
            names=names,
            typical=self._typical(statistics),
            examples=await _load_examples(self._engine),
            prefixes=known_prefixes(self._names),
        )

    async def _count(self, snapshot: Snapshot) -> Statistics | None:
        """Return the statistics of a snapshot, or None where it takes too much to count it."""
        if snapshot.manifest.quads > COUNTED_BELOW:
            return None
        try:
            return await load_statistics(self._engine, space=self._names.root)
        except WorkerLost:
            raise
        except (QueryTimedOut, QueryCrashed) as error:
            _LOG.warning("snapshot %s is not counted: %s", snapshot.id[:12], error)
            return None

    async def _load_titles(self, snapshot: Snapshot) -> GraphTitles:
        """Return what graphs are called; the whole has a licence where all graphs have it."""
        found: dict[str, dict[str, str]] = {"title": {}, "licence": {}, "attribution": {}}
        for row in await ask_rows(
            self._engine, f"{read_canned('void-titles')}LIMIT {_MOST_TITLES}"
        ):
            graph = row["graph"].value if "graph" in row else ""
            for name in found.keys() & row.keys():
                found[name][graph] = row[name].value
        names = GraphTitles(found["title"], found["licence"], found["attribution"])
        common = names.licence_of_all(snapshot.manifest.graphs)
        return replace(names, licences={**names.licences, "": common}) if common else names

    def _typical(self, statistics: Statistics | None) -> tuple[str, ...]:
        """Return a member of each class that the JSON answers show an example of."""
        classes = statistics.classes if statistics else {}
        named = [self._names.ontology + kind.class_name for kind in KINDS if kind.example]
        found = (classes[each].example for each in named if each in classes)
        return tuple(example for example in found if example)


async def _load_examples(engine: Engine) -> tuple[Triple, ...]:
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{EXAMPLES}> {{ ?s ?p ?o }} }}"
    request = QueryRequest(query, accept=GraphFormat.N_TRIPLES.media_type)
    async with engine.ask_for_server(request) as reply:
        body = await reply.read()
    return await asyncio.to_thread(
        lambda: tuple(quad.triple for quad in parse(body, format=RdfFormat.N_TRIPLES))
    )
