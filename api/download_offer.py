"""The files of a snapshot that can be downloaded: as RDF, and as nodes and edges of KGX."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.formats import Choice
from kg.kgx_export import KgxPart, kgx_parts
from kg.kgx_terms import import_name
from kg.kgx_writing import KgxForm
from kg.snapshot import Snapshot
from kg.snapshot_shelf_parts import find_part, graph_slug
from kg.sources import graph_iri

__all__ = ["KGX", "KGX_TYPES", "Offer", "find_offer", "kgx_offers"]

KGX = "kgx"
"""The folder of the files of KGX, and what a process makes that makes them all."""

KGX_TYPES: Mapping[KgxForm, str] = {
    KgxForm.TSV: "text/tab-separated-values; charset=utf-8",
    KgxForm.JSONL: "application/jsonl",
}

_CLAIMS = "the claims and the vocabularies"


@dataclass(frozen=True)
class Offer:
    """A file by its name among the downloads, and what the answer with it says.

    ``graph`` is the one whose licence it is under, or None for all; ``ending`` is what follows
    the snapshot's id in the name that a client keeps it by.
    """

    name: str
    graph: str | None
    content_type: str
    ending: str
    what: str = ""


def find_offer(name: str, snapshot: Snapshot) -> Offer | None:
    """Return the file of a snapshot that has a name, or None."""
    graphs = snapshot.manifest.graphs
    if name.startswith(f"{KGX}/"):
        return next((each for each in kgx_offers(graphs) if each.name == name), None)
    part = find_part(name, graphs)
    if part is None:
        return None
    stem = "" if part.graph is None else f"-{graph_slug(part.graph)}"
    content_type = Choice(part.form, part.form.media_type).content_type
    return Offer(name, part.graph, content_type, f"{stem}.{part.form.extension}")


def kgx_offers(graphs: Iterable[str]) -> tuple[Offer, ...]:
    """Return the files of KGX of a snapshot with these graphs.

    The claims are under the licence of the graph of the documents.

    >>> [(each.name, each.what) for each in kgx_offers(())][:1]
    [('kgx/claims_nodes.tsv', 'Nodes of the claims and the vocabularies')]
    """
    return tuple(
        Offer(
            f"{KGX}/{each.name}",
            each.graph or graph_iri("documents"),
            KGX_TYPES[each.form],
            f"-{each.name}",
            _told(each),
        )
        for each in kgx_parts(graphs)
    )


def _told(part: KgxPart) -> str:
    whose = f"the import {import_name(part.graph)}" if part.graph else _CLAIMS
    return f"{part.part.capitalize()} of {whose}"
