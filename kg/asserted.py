"""What a snapshot asserts: its graphs without those that the build makes from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pyoxigraph import DefaultGraph, Store

from kg.change import Graph, graph_name, graph_of_line
from kg.nquads import load_quads, snapshot_id
from kg.snapshot import Snapshot, SnapshotDamagedError

__all__ = ["keep_asserted", "read_asserted", "read_whole", "select_asserted"]


def read_whole(snapshot: Snapshot) -> bytes:
    """Return the N-Quads of a snapshot; raises SnapshotDamagedError when they are not its own."""
    quads = snapshot.nquads.read_bytes()
    if snapshot_id(quads) != snapshot.id:
        raise SnapshotDamagedError(
            f"the data of snapshot {snapshot.id[:12]} are not what was written; "
            f"delete the folder {snapshot.directory} and run sarcoma-kg build"
        )
    return quads


def read_asserted(quads: bytes, is_made: Callable[[str], bool]) -> Store:
    """Return a store with canonical N-Quads, but for the graphs that the build makes."""
    return load_quads(b"\n".join(keep_asserted(quads.split(b"\n"), is_made)))


def select_asserted(store: Store, is_made: Callable[[str], bool]) -> Store:
    """Return a store of the graphs that the build does not make: itself, where there are no others.

    A copy, and no query that names all other graphs: with some ninety, that takes twenty times
    as long as one over their union.
    """
    graphs: tuple[Graph, ...] = (DefaultGraph(), *store.named_graphs())
    kept = [graph for graph in graphs if not is_made(graph_name(graph))]
    if len(kept) == len(graphs):
        return store
    asserted = Store()
    asserted.bulk_extend(
        quad for graph in kept for quad in store.quads_for_pattern(None, None, None, graph)
    )
    return asserted


def keep_asserted(lines: Iterable[bytes], is_made: Callable[[str], bool]) -> Iterator[bytes]:
    r"""Yield the lines of N-Quads that are in no graph that the build makes.

    >>> lines = [b"<e:a> <e:b> <e:c> <e:made> .", b"<e:a> <e:b> <e:made> ."]
    >>> list(keep_asserted(lines, "e:made".__eq__))
    [b'<e:a> <e:b> <e:made> .']
    """
    suspects: dict[bytes, bool] = {}
    for line in lines:
        # The last term is nearly always the graph: it is read exactly where it tells.
        last = line[line.rfind(b" ", 0, -2) + 1 : -2]
        suspect = suspects.get(last)
        if suspect is None:
            suspect = suspects[last] = last[:1] == b"<" and is_made(last[1:-1].decode())
        if not (suspect and is_made(graph_of_line(line))):
            yield line
