"""The reconciliation service over an empty graph, one with other classes, and one that changes."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from engine_at_hand import EngineAtHand
from miniature import MINIATURE, write
from pyoxigraph import RdfFormat, Store
from reconcile_schemas import check
from reconcile_service import ask_one, extend
from serving import engine_of, running, settings_of, snapshot_of

from api.application import create_app
from kg.base import EmptyBase
from kg.build import build
from kg.shipped import Shipped

FOREIGN = """
@prefix : <http://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:aspirin a :Medicine ; rdfs:label "acetylsalicylic acid" ; skos:altLabel "aspirin" .
:bad a :Medicine ; rdfs:label "<script>alert(1)</script> & co" .
"""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    home = tmp_path_factory.mktemp("empty")
    app = create_app(settings_of(home), EngineAtHand(EmptyBase(), home), base=EmptyBase())
    with running(app) as address, httpx.Client(base_url=address) as client:
        yield client


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    home, store = tmp_path_factory.mktemp("foreign"), Store()
    store.load(FOREIGN.encode(), RdfFormat.TURTLE)
    app = create_app(settings_of(home), engine_of(snapshot_of(store, home), workers=1))
    with running(app) as address, httpx.Client(base_url=address) as client:
        yield client


def test_an_empty_graph_has_a_service_that_finds_nothing(empty: httpx.Client) -> None:
    check("manifest", empty.get("/reconcile").json())
    assert ask_one(empty, "imatinib") == []
    assert ask_one(empty, "imatinib", type="drugs", type_strict="should") == []
    assert ask_one(empty, "imatinib", properties=[{"pid": "chembl", "v": "CHEMBL941"}]) == []
    found = extend(empty, ["drug:imatinib"], "target", "bestEvidence")
    assert found["rows"] == {"drug:imatinib": {"target": [], "bestEvidence": []}}
    assert empty.get("/reconcile/suggest/entity?prefix=a").json() == {"result": []}
    assert empty.get("/reconcile/preview?id=drug:imatinib").status_code == 404


def test_a_graph_with_other_classes_is_reconciled_by_its_names(foreign: httpx.Client) -> None:
    found = ask_one(foreign, "Aspirin")[0]
    assert (found["id"], found["match"]) == ("http://example.org/aspirin", True)
    assert found["type"] == []
    assert ask_one(foreign, "acetylsalicilic acid")[0]["name"] == "acetylsalicylic acid"
    assert ask_one(foreign, "aspirin", type="drugs") == []


def test_names_are_escaped_in_pages(foreign: httpx.Client) -> None:
    asked = {"id": "http://example.org/bad"}
    page = foreign.get("/reconcile/preview", params=asked)
    assert page.status_code == 200
    line = foreign.get("/reconcile/flyout/entity", params=asked).json()["html"]
    for text in (page.text, line):
        assert "<script" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in text


def test_a_new_snapshot_has_its_own_names(tmp_path: Path) -> None:
    root = Path(shutil.copytree(MINIATURE, tmp_path / "shipped"))
    home = tmp_path / "home"
    engine = engine_of(build(Shipped(root), home), workers=1)
    app = create_app(settings_of(home), engine, shipped=Shipped(root))
    with running(app) as address, httpx.Client(base_url=address) as client:
        before = ask_one(client, "examplicin")[0]
        tag = client.get("/reconcile?query=examplicin").headers["etag"]
        path = root / "data" / "vocabularies" / "drugs.yaml"
        text = path.read_text(encoding="utf-8")
        write(path, text.replace("label: examplicin", "label: renamicin"))
        built = build(Shipped(root), home)
        deadline = time.monotonic() + 15
        while client.get("/version").json()["snapshot"] != built.id:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        after = ask_one(client, "renamicin")[0]
        assert (after["id"], after["name"], after["match"]) == (before["id"], "renamicin", True)
        again = client.get("/reconcile?query=examplicin", headers={"If-None-Match": tag})
        assert again.status_code == 200
        assert again.headers["sarcoma-kg-snapshot"] == built.id
