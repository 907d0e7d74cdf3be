"""The data of a test: as an update that loads them, and as the rows to compare afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from w3c_graph import Term, plain
from w3c_manifest import BASE, Data
from w3c_results import Row

__all__ = [
    "EVERY_QUAD",
    "base_of",
    "read_rows",
    "rows_of",
    "rows_of_triples",
    "terms_of",
    "to_update",
]

EVERY_QUAD = "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
"""What tells a dataset whole, where the default graph is not the union of all."""

Named = tuple[str | None, tuple[Term, Term, Term]]


def base_of(path: Path) -> str:
    """Return the IRI that a file of the suites has on the web.

    >>> base_of(Path("suites/bind/data.ttl"))
    'http://www.w3.org/2009/sparql/docs/tests/data-sparql11/bind/data.ttl'
    """
    return f"{BASE}{path.parent.name}/{path.name}"


def rows_of(data: Data) -> list[Row]:
    """Return the rows that ``EVERY_QUAD`` gives of the data."""
    return _distinct(
        row if graph is None else {"g": NamedNode(graph), **row}
        for graph, triple in _read(data)
        for row in rows_of_triples([triple])
    )


def rows_of_triples(triples: Iterable[tuple[Term, Term, Term]]) -> list[Row]:
    """Return a graph as a set of rows."""
    return _distinct(dict(zip("spo", triple, strict=True)) for triple in triples)


def read_rows(text: bytes, rdf_format: RdfFormat, base: str) -> list[Row]:
    """Return the triples of a text as a set of rows."""
    return rows_of_triples(map(_triple, parse(text, format=rdf_format, base_iri=base)))


def terms_of(data: Data) -> frozenset[Term]:
    """Return the objects of the data."""
    return frozenset(term for _, (_, _, term) in _read(data))


def to_update(data: Data) -> str:
    """Return one update that replaces all that a server holds by the data."""
    lines = ["DROP ALL ;"]
    lines += [f"CREATE SILENT GRAPH <{graph}> ;" for graph, _ in data.named]
    lines += ["INSERT DATA {"]
    for graph, triple in _read(data):
        text = " ".join(map(str, triple)) + " ."
        lines.append(text if graph is None else f"GRAPH <{graph}> {{ {text} }}")
    return "\n".join([*lines, "}"])


def _read(data: Data) -> Iterator[Named]:
    """Yield the triples of the files, literals as written, blank nodes apart for each file."""
    for graph, path in [*((None, path) for path in data.default), *data.named]:
        rdf_format = RdfFormat.from_extension(path.suffix.removeprefix("."))
        for quad in parse(
            path=path, format=rdf_format, base_iri=base_of(path), rename_blank_nodes=True
        ):
            yield graph, _triple(quad)


def _triple(quad: Quad) -> tuple[Term, Term, Term]:
    return plain(quad.subject), quad.predicate, plain(quad.object)


def _distinct(rows: Iterable[Row]) -> list[Row]:
    return list({frozenset(row.items()): row for row in rows}.values())
