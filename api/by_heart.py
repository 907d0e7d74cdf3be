"""Queries whose answers are kept in memory: they leave out imports that are too large for that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.canned import LONG_SECONDS, Row, ask_rows, each_row
from api.engine import Engine
from api.kinds import Kind
from kg.import_size import LARGEST_BY_HEART, is_large
from kg.snapshot import Snapshot

__all__ = [
    "MOST_LISTED",
    "TooManyRecords",
    "ask_known",
    "check_known",
    "known_graphs",
    "large_imports",
]

MOST_LISTED = 50_000
"""How many imported records of a kind a list has."""

_ANY = """SELECT ?graph WHERE {{
  VALUES ?graph {{ {0} }} GRAPH ?graph {{ ?item a <{1}> {2} }}
}} LIMIT 1"""
_COUNT = "SELECT (COUNT(*) AS ?count) WHERE {{ ?item a <{0}> {1} }}"
_WITHOUT = "FILTER NOT EXISTS {{ ?item a <{0}> }}"
_LISTING = """PREFIX : <{0}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?item ?label
WHERE {{ ?item a :{1} . {2}OPTIONAL {{ ?item rdfs:label ?label }} }}
ORDER BY ?item
LIMIT 1000
"""


class TooManyRecords(ValueError):  # noqa: N818 - what the client is told
    """A list would hold too many imported records; ``query`` has them, a thousand at a time."""

    def __init__(self, message: str, query: str) -> None:
        super().__init__(message)
        self.query = query


def large_imports(snapshot: Snapshot) -> Mapping[str, int]:
    """Return the graphs of the imports that are too large to be kept, with their triples."""
    graphs = snapshot.manifest.graphs
    return {graph: each.triples for graph, each in graphs.items() if is_large(graph, each.triples)}


def known_graphs(snapshot: Snapshot) -> tuple[str, ...]:
    """Return all graphs but those of large imports; none where there is no such import."""
    large = large_imports(snapshot)
    every = snapshot.manifest.graphs if large else ()
    return tuple(graph for graph in every if graph and graph not in large)


async def ask_known(engine: Engine, query: str) -> Iterator[Row]:
    """Return the rows of a SELECT query over all graphs but those of large imports, once."""
    graphs = known_graphs(engine.snapshot)
    return await each_row(engine, query, graphs=graphs, seconds=LONG_SECONDS)


async def check_known(engine: Engine, kind: Kind, ontology: str) -> None:
    """Refuse an imported kind that has too many records; raises TooManyRecords."""
    if not kind.is_imported:
        return
    without = _WITHOUT.format(ontology + kind.without) if kind.without else ""
    why = await _find_excess(engine, kind, ontology + kind.class_name, without)
    if why:
        query = _LISTING.format(ontology, kind.class_name, without)
        raise TooManyRecords(f"{why}: ask /sparql for them, with LIMIT and OFFSET", query)


async def _find_excess(engine: Engine, kind: Kind, class_iri: str, without: str) -> str | None:
    """Return in words what is too much, or None."""
    large = large_imports(engine.snapshot)
    if large:
        listed = " ".join(f"<{graph}>" for graph in sorted(large))
        for row in await ask_rows(engine, _ANY.format(listed, class_iri, without)):
            graph = row["graph"].value
            return (
                f"the import {graph.rpartition('/import-')[2]} has {large[graph]:,} triples, and "
                f"{kind.path} lists imports of up to {LARGEST_BY_HEART:,}"
            )
    for row in await ask_known(engine, _COUNT.format(class_iri, without)):
        found = int(row["count"].value)
        if found > MOST_LISTED:
            return f"there are {found:,} records, and {kind.path} lists up to {MOST_LISTED:,}"
    return None
