"""A store as sorted N-Quads and back: the bytes that a snapshot is known by.

N-Quads have no word for a named graph without triples: it is a comment before all quads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, parse

__all__ = ["canonical_quads", "load_quads", "read_empty_graphs", "read_quads", "snapshot_id"]

_EMPTY = b"# empty graph "


def canonical_quads(store: Store) -> bytes:
    """Return what a store holds as sorted N-Quads: its literals are in the store's normal form.

    >>> from pyoxigraph import Literal
    >>> store, a = Store(), NamedNode("e:a")
    >>> store.extend([Quad(a, a, Literal(2), a), Quad(a, a, Literal("1"), a)])
    >>> store.add_graph(NamedNode("e:empty"))
    >>> print(canonical_quads(store).decode(), end="")
    # empty graph <e:empty>
    <e:a> <e:a> "1" <e:a> .
    <e:a> <e:a> "2"^^<http://www.w3.org/2001/XMLSchema#integer> <e:a> .
    """
    lines = (store.dump(format=RdfFormat.N_QUADS) or b"").split(b"\n")
    lines += (_EMPTY + str(graph).encode() for graph in _empty_graphs(store))
    return b"".join(line + b"\n" for line in sorted(lines) if line)


def snapshot_id(quads: bytes) -> str:
    """Return the id of a snapshot with these canonical N-Quads: their SHA-256 in hexadecimal."""
    return hashlib.sha256(quads).hexdigest()


def load_quads(quads: bytes | Path) -> Store:
    """Return a store in memory with canonical N-Quads, its empty graphs included."""
    store = Store()
    # bulk_load would give the blank nodes random labels.
    store.bulk_extend(read_quads(quads))
    for graph in read_empty_graphs(quads):
        store.add_graph(graph)
    return store


def read_quads(quads: bytes | Path) -> Iterator[Quad]:
    """Return the quads of canonical N-Quads; raises SyntaxError."""
    if isinstance(quads, Path):
        return parse(path=quads, format=RdfFormat.N_QUADS)
    return parse(quads, format=RdfFormat.N_QUADS)


def read_empty_graphs(quads: bytes | Path) -> Iterator[NamedNode | BlankNode]:
    r"""Return the empty graphs of canonical N-Quads.

    >>> list(read_empty_graphs(b"# empty graph <e:g>\n<e:a> <e:b> <e:c> .\n"))
    [<NamedNode value=e:g>]
    """
    for line in takewhile(lambda line: line.startswith(_EMPTY), _lines(quads)):
        name = line.removeprefix(_EMPTY).decode().strip()
        yield BlankNode(name[2:]) if name.startswith("_:") else NamedNode(name[1:-1])


def _lines(quads: bytes | Path) -> Iterator[bytes]:
    if isinstance(quads, Path):
        with quads.open("rb") as file:
            yield from file
    elif quads.startswith(_EMPTY):
        yield from quads.split(b"\n")


def _empty_graphs(store: Store) -> Iterator[NamedNode | BlankNode]:
    return (
        graph
        for graph in store.named_graphs()
        if next(store.quads_for_pattern(None, None, None, graph), None) is None
    )
