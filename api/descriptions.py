"""What the server tells of its snapshot to programs: statistics, examples, the service itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from pyoxigraph import RdfFormat, Triple, parse

from api.canned import ask_rows, read_canned
from api.engine import Engine
from api.kinds import KINDS
from api.messages import QueryRequest
from api.statistics import load_statistics
from kg.example_queries import EXAMPLES, target_examples
from kg.export import known_prefixes
from kg.formats import Choice, GraphFormat
from kg.graph_writing import write_graph
from kg.namespaces import Namespaces
from kg.service_description import ServiceFacts
from kg.settings import DefaultGraph, Settings
from kg.snapshot import Snapshot
from kg.statistics import Statistics
from kg.terms import PREFIXES
from kg.void import DatasetFacts, describe_dataset

__all__ = ["COUNTED_BELOW", "DescriptionKeeper", "Descriptions"]

COUNTED_BELOW = 500_000
"""Quads up to which classes and properties are counted: so many take the server's worker 7 s."""

_ELSEWHERE = "http://server.invalid"
"""Stands for the address of the server in what is kept: each client knows it by another one."""


@dataclass(frozen=True)
class Descriptions:
    """What is known of a snapshot; ``statistics`` only where the snapshot is not too large."""

    snapshot: Snapshot
    statistics: Statistics | None
    titles: dict[str, str]
    licences: dict[str, str]
    typical: tuple[str, ...]
    examples: tuple[Triple, ...]
    prefixes: Mapping[str, str]
    _written: dict[tuple[str, GraphFormat], bytes] = field(default_factory=dict)

    @property
    def graphs(self) -> dict[str, int]:
        """The triples of each graph, under "" those of the default graph."""
        return {name: counts.triples for name, counts in self.snapshot.manifest.graphs.items()}

    async def dataset(self, address: str, choice: Choice[GraphFormat]) -> bytes:
        """Return the VoID description, for those who know the server by an address."""
        facts = DatasetFacts(
            void=f"{_ELSEWHERE}/.well-known/void",
            endpoint=f"{_ELSEWHERE}/sparql",
            store=f"{_ELSEWHERE}/rdf-graph-store",
            snapshot=self.snapshot.id,
            graphs=self.graphs,
            titles=self.titles,
            licences=self.licences,
            examples=self.typical,
            statistics=self.statistics,
        )
        return await self._write("dataset", partial(describe_dataset, facts), address, choice)

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
    ) -> bytes:
        key = (name, choice.format)
        if key not in self._written:
            prefixes = {**self.prefixes, **PREFIXES, "part": f"{_ELSEWHERE}/.well-known/void#"}
            self._written[key] = await asyncio.to_thread(
                lambda: write_graph(describe(), choice, prefixes=prefixes)
            )
        return self._written[key].replace(_ELSEWHERE.encode(), address.encode())


class DescriptionKeeper:
    """Keeps the descriptions of the snapshot that the engine serves."""

    def __init__(self, engine: Engine, names: Namespaces, settings: Settings) -> None:
        self._engine = engine
        self._names = names
        self._settings = settings
        self._kept: Descriptions | None = None
        self._lock = asyncio.Lock()

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

    async def service(self, address: str) -> ServiceFacts:
        """Return what there is to say of the service, for those who know it by an address."""
        kept = await self.get()
        return ServiceFacts(
            endpoint=f"{address}/sparql",
            snapshot=kept.snapshot.id,
            graphs=kept.graphs,
            union=self._settings.default_graph is DefaultGraph.UNION,
            writable=self._settings.writable,
            services=self._settings.service_allow,
            union_triples=kept.statistics.counts.triples if kept.statistics else None,
            examples=EXAMPLES if EXAMPLES in kept.graphs else None,
        )

    async def _load(self, snapshot: Snapshot) -> Descriptions:
        statistics = None
        if snapshot.manifest.quads <= COUNTED_BELOW:
            statistics = await load_statistics(self._engine, space=self._names.root)
        titles, licences = await self._load_titles(snapshot)
        return Descriptions(
            snapshot=snapshot,
            statistics=statistics,
            titles=titles,
            licences=licences,
            typical=self._typical(statistics),
            examples=await _load_examples(self._engine),
            prefixes=known_prefixes(self._names),
        )

    async def _load_titles(self, snapshot: Snapshot) -> tuple[dict[str, str], dict[str, str]]:
        """Return titles and licences by graph; the whole has a licence where all graphs have it."""
        titles, licences = {}, {}
        for row in await ask_rows(self._engine, read_canned("void-titles")):
            graph = row["graph"].value if "graph" in row else ""
            titles[graph] = row["title"].value
            if "licence" in row:
                licences[graph] = row["licence"].value
        found = {licences.get(graph, "") for graph in snapshot.manifest.graphs}
        return titles, {**licences, **({"": found.pop()} if len(found) == 1 else {})}

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
    return tuple(quad.triple for quad in parse(body, format=RdfFormat.N_TRIPLES))
