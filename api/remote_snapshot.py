"""The snapshot that an endpoint elsewhere serves: what is published there, or what it holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.remote_dialect import Dialect
from api.remote_endpoint import RemoteQuery
from api.remote_failures import Unpublished
from api.remote_query import Whole
from kg.inputs import Inputs
from kg.manifest import GraphCounts, Manifest, read_validation
from kg.publication import (
    GRAPH,
    QUERY,
    Publication,
    PublicationError,
    PublishedGraph,
    from_rows,
    is_of_publisher,
)
from kg.snapshot import Snapshot, SnapshotMissing, get_snapshot

__all__ = ["Served", "check_still_published", "find_publication", "is_lost", "snapshot_of"]

Ask = Callable[[RemoteQuery], Awaitable[list[dict[str, Any]]]]

_OURS = "https://w3id.org/sarcoma-kg/graph/"
_COUNT = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
_CLAIMS = """PREFIX : <https://w3id.org/sarcoma-kg/ontology/>
SELECT ?g (COUNT(DISTINCT ?claim) AS ?n)
WHERE { GRAPH ?g { ?claim :passage ?passage } GRAPH ?other { ?claim a :Claim } }
GROUP BY ?g"""


@dataclass(frozen=True)
class Served:
    """What is served: where its graphs stand, and what is known of it."""

    publication: Publication
    snapshot: Snapshot
    whole: Whole = Whole.NAMED


async def find_publication(ask: Ask, address: str, dialect: Dialect) -> tuple[Publication, Whole]:
    """Return what is published at an endpoint, or else what it holds, under an id of its own.

    With it comes how the endpoint is told that a query sees all of it.

    The latter changes with the address of the endpoint and the number of triples in each graph.
    Raises Unpublished where there is no graph, or a publication that cannot be read.
    """
    rows = await ask(RemoteQuery(QUERY, (GRAPH,), (GRAPH,)))
    if not rows:
        return await _derive(ask, address, dialect)
    try:
        values = ((_value(row, "s"), _value(row, "p"), _value(row, "o")) for row in rows)
        return from_rows(values), Whole.NAMED
    except PublicationError as error:
        raise Unpublished(f"{address}: {error}; publish again") from None


def check_still_published(served: Publication, found: Publication, address: str) -> None:
    """Raise Unpublished where a publication is served, and what was found is just what is there."""
    if served.manifest and not found.manifest:
        raise Unpublished(
            f"{address} has no publication any more, and snapshot {served.snapshot[:12]} was "
            "served from it; publish again, or start the server again to serve what is there"
        )


async def is_lost(ask: Ask, served: Publication) -> bool:
    """Tell whether the graphs of a publication are gone, its largest one or that of all triples.

    A description that is missing or cut is no loss: who publishes may be at it.
    """
    largest = max(served.graphs, key=lambda graph: graph.triples)
    for place in filter(None, (largest.stands_as, served.union)):
        text = f"SELECT ?s WHERE {{ GRAPH <{place}> {{ ?s ?p ?o }} }} LIMIT 1"
        if not await ask(RemoteQuery(text, (place,), (place,))):
            return True
    return False


def snapshot_of(publication: Publication, home: Path, beside: Path) -> Snapshot:
    """Return the snapshot that is published, from a home that has it, or as far as it is known.

    What is known only by its publication has its manifest in the folder ``beside``, and no data.
    """
    try:
        return get_snapshot(home, publication.snapshot)
    except SnapshotMissing:
        pass
    directory = beside / "snapshots" / publication.snapshot
    manifest = Manifest(
        id=publication.snapshot,
        quads=publication.quads,
        graphs={each.name: GraphCounts(each.triples, each.claims) for each in publication.graphs},
        inputs=Inputs(digest="", files={}),
        validation=read_validation([]),
        tools={},
    )
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
    return Snapshot(manifest.id, directory, manifest)


async def _derive(ask: Ask, address: str, dialect: Dialect) -> tuple[Publication, Whole]:
    counts = _counts(await ask(RemoteQuery(_COUNT)))
    found = {
        name: n for name, n in counts.items() if not (dialect.owns(name) or is_of_publisher(name))
    }
    # An endpoint that holds our graphs may hold others, which are none of our snapshot.
    ours = {name: n for name, n in found.items() if name.startswith(_OURS)} or found
    if not ours:
        raise Unpublished(f"{address} has no graph with a name; publish a snapshot there")
    claims = _counts(await ask(RemoteQuery(_CLAIMS)))
    shown = json.dumps([address, sorted(ours.items())])
    graphs = (
        PublishedGraph(name, name, triples, claims.get(name, 0)) for name, triples in ours.items()
    )
    digest = hashlib.sha256(shown.encode()).hexdigest()
    publication = Publication(digest, "", tuple(sorted(graphs)))
    return publication, await _whole(ask, publication, dialect, is_alone=ours == counts)


async def _whole(ask: Ask, publication: Publication, dialect: Dialect, *, is_alone: bool) -> Whole:
    """Return how to ask about all graphs at once, where there are no others."""
    if not is_alone:
        return Whole.NAMED
    if dialect.has_union_parameter:
        return Whole.ASKED
    rows = await ask(RemoteQuery("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"))
    is_merged = 0 < int(_value(rows[0], "n")) <= publication.quads
    return Whole.DEFAULT if is_merged else Whole.NAMED


def _counts(rows: list[dict[str, Any]]) -> Mapping[str, int]:
    return {_value(row, "g"): int(_value(row, "n")) for row in rows if "g" in row}


def _value(row: Mapping[str, Any], name: str) -> str:
    return str(row[name]["value"])
