"""What a snapshot asserts: everything but the graphs of the build, and only if it is whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from miniature import MINIATURE

from kg.asserted import read_asserted, read_whole
from kg.build import build
from kg.catalogue import is_made
from kg.context import read_context
from kg.nquads import canonical_quads
from kg.reading import read_sources
from kg.shipped import Shipped
from kg.snapshot import SnapshotDamagedError
from kg.sources import find_sources


def test_what_a_snapshot_asserts_is_what_was_read(home: Path) -> None:
    shipped = Shipped(MINIATURE)
    snapshot = build(shipped, home)
    asserted = read_asserted(read_whole(snapshot), is_made)
    read = read_sources(find_sources(shipped), read_context(shipped.context)).store
    assert canonical_quads(asserted) == canonical_quads(read)


def test_a_triple_about_a_graph_of_the_build_is_kept() -> None:
    kept = [
        b"# empty graph <e:empty>\n",
        b'<e:a> <e:p> "x <e:made> <e:made> ." .\n',
        b"<e:a> <e:p> <e:made> .\n",
        b"<e:a> <e:p> <e:made> <e:g> .\n",
    ]
    quads = b"".join([*kept, b"<e:a> <e:p> <e:x> <e:made> .\n"])
    assert canonical_quads(read_asserted(quads, "e:made".__eq__)) == b"".join(kept)


def test_data_that_are_not_what_the_id_says_are_not_read(home: Path) -> None:
    snapshot = build(Shipped(MINIATURE), home)
    snapshot.nquads.write_bytes(snapshot.nquads.read_bytes()[:-10])
    with pytest.raises(SnapshotDamagedError, match="run sarcoma-kg build"):
        read_whole(snapshot)
