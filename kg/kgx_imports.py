"""What one snapshot's imports are in KGX: nodes and edges of each, one import a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from kg.import_catalogue import IMPORT_GRAPHS
from kg.kgx import Record
from kg.kgx_edges import ImportedEdges
from kg.kgx_subjects import Subject, read_subjects
from kg.kgx_terms import term_identifier, term_node, variant_node
from kg.kgx_writing import read_json_lines, write_records
from kg.manifest import Manifest
from kg.snapshot_shelf_parts import graph_slug

__all__ = ["ImportFiles", "write_imports"]


@dataclass(frozen=True)
class ImportFiles:
    """The files of one import as JSON Lines, and how many records each has."""

    graph: str
    nodes: Path
    edges: Path
    counts: tuple[int, int] = (0, 0)


@dataclass
class _Known:
    """What is held of an import: the ids of its terms, of what it used, and what it inhibits."""

    terms: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    inhibitions: set[tuple[str, str, str]] = field(default_factory=set)


def write_imports(
    nquads: Path, manifest: Manifest, claims: Path, identifiers: Mapping[str, str], folder: Path
) -> Iterator[ImportFiles]:
    """Yield the files of each import, made in a folder; ``claims`` are the nodes of the claims.

    ``identifiers`` are the ids of these by IRI. A subject of the graph is held at a time, and
    the ids of the nodes. What imports say of things that are no nodes is left out.
    """
    known: dict[str, _Known] = defaultdict(_Known)
    for each in read_subjects(nquads):
        _learn(each, known[each.graph])
    for graph in sorted(g for g in manifest.graphs if g.startswith(IMPORT_GRAPHS)):
        files = _files_of(graph, folder)
        edges = ImportedEdges(
            partial(_identify, known[graph], identifiers), known[graph].inhibitions
        )
        made = write_records(_noted(_edges(nquads, graph, edges), known[graph].used), files.edges)
        nodes = write_records(_nodes(nquads, graph, known[graph], claims), files.nodes)
        yield replace(files, counts=(nodes, made))


def _learn(each: Subject, known: _Known) -> None:
    if "ExternalTerm" in each.types:
        known.terms[each.iri] = term_identifier(each)
    for target in each.values("reportedToInhibit"):
        known.inhibitions.add((each.graph, each.iri, target))


def _files_of(graph: str, folder: Path) -> ImportFiles:
    stem = graph_slug(graph)
    return ImportFiles(graph, folder / f"{stem}.nodes", folder / f"{stem}.edges")


def _identify(known: _Known, identifiers: Mapping[str, str], iri: str) -> str:
    return known.terms.get(iri) or identifiers.get(iri, "")


def _edges(nquads: Path, graph: str, maker: ImportedEdges) -> Iterator[Record]:
    seen: set[str] = set()
    for each in read_subjects(nquads):
        if each.graph == graph:
            for edge in maker.of(each):
                if edge["id"] not in seen:
                    seen.add(str(edge["id"]))
                    yield edge
            seen.clear()


def _noted(edges: Iterator[Record], used: set[str]) -> Iterator[Record]:
    """Yield edges, and note the nodes at their ends, and in their context."""
    for edge in edges:
        for name in ("subject", "object", "disease_context_qualifier"):
            if name in edge:
                used.add(str(edge[name]))
        yield edge


def _nodes(nquads: Path, graph: str, known: _Known, claims: Path) -> Iterator[Record]:
    """Yield the nodes of the terms and variants of an import, and those of ours that it used."""
    written: set[str] = set()
    for node in read_json_lines(claims):
        if node["id"] in known.used:
            written.add(str(node["id"]))
            yield node
    for each in read_subjects(nquads):
        if each.graph != graph:
            continue
        for made in _of_import(each):
            if made["id"] not in written:
                written.add(str(made["id"]))
                yield made


def _of_import(each: Subject) -> Iterator[Record]:
    if "ExternalTerm" in each.types:
        yield term_node(each)
    if each.values("variantRecord"):
        yield variant_node(each)
