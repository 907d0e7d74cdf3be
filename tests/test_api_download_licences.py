"""What is under several licences says which graphs are under which, and whom to credit."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store
from serving import snapshot_of

from api.download_index import describe_downloads, downloads_page
from kg.graph_titles import GraphTitles
from kg.snapshot import Snapshot

OURS, THEIRS = "https://example.org/ours", "https://example.org/theirs"
CC_BY, ODBL = (
    "https://creativecommons.org/licenses/by/4.0/",
    "https://opendatacommons.org/licenses/odbl/1-0/",
)


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    store, node = Store(), NamedNode("https://example.org/s")
    store.extend(Quad(node, node, Literal("1"), NamedNode(each)) for each in (OURS, THEIRS))
    return snapshot_of(store, tmp_path)


def test_several_licences_are_listed_with_their_graphs(snapshot: Snapshot) -> None:
    names = GraphTitles(
        titles={THEIRS: "Theirs"},
        licences={OURS: CC_BY, THEIRS: ODBL},
        attributions={THEIRS: "The makers <of it>"},
    )
    described = describe_downloads(snapshot, names, ())
    assert "licence" not in described
    assert described["licences"] == [
        {"licence": CC_BY, "graphs": [OURS], "attributions": []},
        {"licence": ODBL, "graphs": [THEIRS], "attributions": ["The makers <of it>"]},
    ]
    assert all("licence" not in each for each in described["files"])
    (theirs,) = (each for each in described["graphs"] if each["graph"] == THEIRS)
    assert (theirs["licence"], theirs["attribution"]) == (ODBL, "The makers <of it>")
    page = "".join(downloads_page(described))
    assert f'href="{ODBL}"' in page
    assert "The makers &lt;of it&gt;" in page


def test_one_licence_of_all_is_said_once(snapshot: Snapshot) -> None:
    names = GraphTitles(licences={OURS: CC_BY, THEIRS: CC_BY, "": CC_BY})
    described = describe_downloads(snapshot, names, ())
    assert described["licence"] == CC_BY
    assert "licences" not in described


def test_a_data_set_of_unknown_licence_claims_none(snapshot: Snapshot) -> None:
    described = describe_downloads(snapshot, GraphTitles(), ())
    assert not {"licence", "licences", "attribution"} & described.keys()
