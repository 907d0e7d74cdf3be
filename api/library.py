"""What the JSON answers know of a snapshot by heart: names, the tumour tree, claims, paths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from api.card_shelf import CardShelf
from api.cardinality import Cardinality, read_cardinality
from api.contradictions import Contradiction, find_contradictions
from api.directory import Directory, load_directory
from api.engine import Engine
from api.findings import load_findings
from api.histologies import Histologies, load_histologies
from api.lists import Lists, load_lists
from api.path_index import PathIndex
from api.path_loading import load_levels, load_paths
from api.path_shelf import Shelf
from api.reconcile.names import NameShelf
from api.records import RecordWriter
from api.rulings import Rulings, load_rulings
from api.search_shelf import SearchShelf
from api.table_reading import TableReading
from api.trapi.graph import Graph, load_graph
from kg.context import Context, read_context
from kg.shipped import Shipped

__all__ = ["Library", "load_library"]


@dataclass(frozen=True)
class Library:
    """The indexes of one snapshot."""

    snapshot: str
    context: Context
    directory: Directory
    histologies: Histologies
    lists: Lists
    paths: PathIndex
    contradictions: tuple[Contradiction, ...]
    rulings: Rulings
    cardinality: Cardinality
    path_levels: Mapping[str, str]
    trapi: Graph
    path_texts: Shelf = field(default_factory=Shelf)
    search: SearchShelf = field(default_factory=SearchShelf)
    names: NameShelf = field(default_factory=NameShelf)
    cards: CardShelf = field(default_factory=CardShelf)

    def read_later(self, reading: TableReading, source: Engine | None) -> Library:
        """Return the same library, whose tables are read apart, of an engine of its own if any."""
        return replace(self, lists=replace(self.lists, reading=reading, source=source))

    def look_through(self) -> None:
        """Find at once what the first answers would: of a large snapshot that takes seconds."""
        # By a name that nothing has: what is looked up is made in its whole.
        self.directory.members("")
        self.paths.results.of("", "")
        _ = self.paths.every, self.results_in

    @cached_property
    def results_in(self) -> Mapping[str, frozenset[str]]:
        """The evidence about each very histology."""
        found: dict[str, set[str]] = defaultdict(set)
        for claim in self.paths.claims.of("EvidenceItem"):
            for histology in claim.values("histology"):
                found[histology].add(claim.iri)
        return {histology: frozenset(iris) for histology, iris in found.items()}

    @cached_property
    def writer(self) -> RecordWriter:
        """The writer of records with plain numbers."""
        return RecordWriter(self.context, self.directory, self.cardinality)

    @cached_property
    def exact_writer(self) -> RecordWriter:
        """The writer of records whose decimals JSON-LD keeps."""
        return RecordWriter(self.context, self.directory, self.cardinality, is_exact=True)


async def load_library(engine: Engine, shipped: Shipped) -> Library:
    """Return the library of the snapshot that an engine serves, by the server's own queries."""
    context = read_context(shipped.context)
    directory = await load_directory(engine, context.namespaces)
    histologies = replace(await load_histologies(engine), foreign=directory.foreign.below)
    findings = await load_findings(engine, context.namespaces.ontology)
    paths = await load_paths(engine, directory, histologies)
    return Library(
        snapshot=engine.snapshot.id,
        context=context,
        directory=directory,
        histologies=histologies,
        lists=await load_lists(engine, directory),
        paths=paths,
        contradictions=tuple(find_contradictions(findings)),
        rulings=await load_rulings(engine),
        cardinality=read_cardinality(shipped.shapes),
        path_levels=await load_levels(engine),
        trapi=await load_graph(engine, directory, paths),
    )
