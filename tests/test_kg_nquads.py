"""Canonical N-Quads: sorted, with empty graphs and blank nodes as they are, and read back."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store

from kg.nquads import canonical_quads, load_quads, read_empty_graphs, snapshot_id

QUADS = b"""\
# empty graph <http://e.org/empty>
# empty graph <http://e.org/other>
# empty graph _:g
<http://e.org/a> <http://e.org/p> "default" .
<http://e.org/a> <http://e.org/p> _:label <http://e.org/g> .
_:label <http://e.org/p> "5.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .
"""


def test_what_is_loaded_is_dumped_as_the_same_bytes(tmp_path: Path) -> None:
    assert canonical_quads(load_quads(QUADS)) == QUADS
    (tmp_path / "data.nq").write_bytes(QUADS)
    assert canonical_quads(load_quads(tmp_path / "data.nq")) == QUADS
    assert snapshot_id(QUADS) == hashlib.sha256(QUADS).hexdigest()


def test_empty_graphs_are_there() -> None:
    store = load_quads(QUADS)
    assert store.contains_named_graph(NamedNode("http://e.org/empty"))
    assert store.contains_named_graph(BlankNode("g"))
    assert len(store) == 3
    assert list(read_empty_graphs(b"<e:a> <e:b> <e:c> .\n# empty graph <e:g>\n")) == []


def test_quads_are_sorted_and_normalised_as_the_store_has_them() -> None:
    store = Store()
    text = b'<e:b> <e:p> "5.50"^^<http://www.w3.org/2001/XMLSchema#decimal> <e:g> .\n'
    store.load(text + b"<e:a> <e:p> <e:b> <e:g> .", format=RdfFormat.N_QUADS)
    assert canonical_quads(store).decode().splitlines() == [
        "<e:a> <e:p> <e:b> <e:g> .",
        '<e:b> <e:p> "5.5"^^<http://www.w3.org/2001/XMLSchema#decimal> <e:g> .',
    ]


def test_an_empty_store_is_no_byte() -> None:
    assert canonical_quads(Store()) == b""
    assert len(load_quads(b"")) == 0
