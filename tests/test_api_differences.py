"""Snapshots and their differences over HTTP: listed, kept for a while, compared."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from engine_at_hand import EngineAtHand
from pydantic import BaseModel
from serving import running, settings_of

from api.application import create_app
from api.snapshot_models import Differences, Downloads, SnapshotList, SnapshotManifest
from kg.base import EmptyBase
from kg.building import build
from kg.change import Change, apply_change
from kg.commit import CommitRequest, commit
from kg.difference import Change as What
from kg.nquads import canonical_quads, load_quads, snapshot_id
from kg.snapshot import KEPT, Snapshot, find_snapshots, get_current

DRUG = "https://w3id.org/sarcoma-kg/drug"
ONTOLOGY = "https://w3id.org/sarcoma-kg/ontology"
GRAPH = "https://w3id.org/sarcoma-kg/graph/notes"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"


def drug(number: int, label: str) -> tuple[bytes, ...]:
    subject = f"<{DRUG}/d{number:03}>"
    return tuple(
        f"{subject} {rest} <{GRAPH}> .".encode()
        for rest in (f"{TYPE} <{ONTOLOGY}/Drug>", f'{LABEL} "{label}"')
    )


@dataclass(frozen=True)
class Served:
    """A server, and the snapshots that its home had, the oldest first."""

    address: str
    home: Path
    made: tuple[Snapshot, ...]

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(self.address + path, headers=headers, timeout=60)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of a data set that was written to more often than snapshots are kept."""
    home = tmp_path_factory.mktemp("home")
    base = EmptyBase()
    place = base.home(home)
    build(base, home)
    first = tuple(sorted(line for n in range(120) for line in drug(n, f"drug {n}")))
    second = tuple(sorted(line for n in range(5) for line in drug(n, f"drug {n}")))
    third = tuple(sorted(line for n in range(3) for line in drug(n + 200, f"new {n}")))
    renamed = tuple(sorted(drug(7, "a new name"))), tuple(sorted(drug(7, "drug 7")))
    made = [get_current(place)]
    changes = (
        Change(added=first),
        Change(removed=second, added=third),
        Change(removed=renamed[1][1:], added=renamed[0][1:]),
    )
    for change in changes:
        commit(CommitRequest(base, home, change, made[-1].id, gated=False))
        made.append(get_current(place))
    engine = EngineAtHand(base, home)
    app = create_app(settings_of(home, empty=True), engine, base=base)
    with running(app) as address:
        yield Served(address, place, tuple(made))


@pytest.fixture(scope="module")
def narrower(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of classes below others, and two snapshots with and without their members."""
    home = tmp_path_factory.mktemp("home")
    base = EmptyBase()
    place = base.home(home)
    build(base, home)
    above = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
    pairs = (
        ("ProportionResult", above, "EvidenceItem"),
        ("SurvivalResult", above, "EvidenceItem"),
        ("EvidenceItem", above, "Claim"),
        ("one", TYPE, "ProportionResult"),
        ("two", TYPE, "ProportionResult"),
        ("three", TYPE, "SurvivalResult"),
        ("four", TYPE, "Drug"),
    )
    lines = sorted(
        f"<{ONTOLOGY}/{subject}> {predicate} <{ONTOLOGY}/{value}> <{GRAPH}> .".encode()
        for subject, predicate, value in pairs
    )
    before = get_current(place)
    commit(CommitRequest(base, home, Change(added=tuple(lines)), before.id, gated=False))
    engine = EngineAtHand(base, home)
    app = create_app(settings_of(home, empty=True), engine, base=base)
    with running(app) as address:
        yield Served(address, place, (before, get_current(place)))


def test_the_list_has_what_the_home_keeps(served: Served) -> None:
    answer = served.get("/api/v1/snapshots")
    listed = answer.json()
    assert [each["id"] for each in listed["items"]] == [
        each.id for each in reversed(served.made[1:])
    ]
    assert [each["isServed"] for each in listed["items"]] == [True, False, False]
    assert listed["total"] == KEPT == len(find_snapshots(served.home))
    for each, snapshot in zip(listed["items"], reversed(served.made), strict=False):
        assert each["quads"] == snapshot.manifest.quads
        assert each["inputs"] == snapshot.manifest.inputs.digest
        data = served.get(each["links"]["data"])
        assert data.content == snapshot.nquads.read_bytes()
        assert data.headers["sarcoma-kg-snapshot"] == snapshot.id
        assert served.get(each["links"]["self"]).json()["id"] == snapshot.id
        assert served.get(each["links"]["differences"]).status_code == 200
    again = served.get("/api/v1/snapshots", **{"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_a_snapshot_tells_its_manifest(served: Served) -> None:
    snapshot = served.made[-1]
    for name in (snapshot.id, snapshot.id[:8], "current"):
        found = served.get(f"/api/v1/snapshots/{name}").json()
        assert found["id"] == snapshot.id
        assert {(each["graph"], each["triples"]) for each in found["graphs"]} == {
            (name, counts.triples) for name, counts in snapshot.manifest.graphs.items()
        }
        assert found["inputs"]["journal"] == 3
    assert served.get("/api/v1/snapshots", Accept="text/turtle").status_code == 406


def test_answers_are_as_the_contract_says(served: Served) -> None:
    _, first, second, _ = served.made
    models: dict[str, type[BaseModel]] = {
        "/api/v1/snapshots": SnapshotList,
        "/api/v1/snapshots/current": SnapshotManifest,
        f"/api/v1/differences?from={first.id}&to={second.id}&limit=2": Differences,
        "/downloads": Downloads,
    }
    for path, model in models.items():
        found = served.get(path).json()
        read = model.model_validate(found)
        assert read.model_dump(mode="json", by_alias=True, exclude_unset=True) == found, path


def test_what_was_removed_is_not_found(served: Served) -> None:
    gone = served.made[0].id
    for path in (
        f"/api/v1/snapshots/{gone}",
        f"/downloads/{gone}/data.nq",
        f"/api/v1/differences?from={gone}",
        f"/api/v1/differences?from=current&to={gone}",
        "/api/v1/snapshots/abc",
    ):
        answer = served.get(path)
        assert answer.status_code == 404, path
        problem = answer.json()
        assert problem["type"].endswith("/snapshot-not-found")
        assert f"keeps the last {KEPT}" in problem["detail"]
        assert str(served.home) not in answer.text


def test_differences_say_what_became_of_each_subject(served: Served) -> None:
    _, first, second, third = served.made
    found = served.get(f"/api/v1/differences?from={first.id}&to={second.id}").json()
    assert found["subjects"] == {"added": 3, "removed": 5, "changed": 0, "inferred": 0}
    assert found["kinds"] == {"Drug": found["subjects"]}
    assert found["graphs"] == {GRAPH: {"added": 6, "removed": 10}}
    assert found["total"] == len(found["items"]) == 8
    found = served.get(f"/api/v1/differences?from={second.id[:12]}").json()
    assert (found["from"], found["to"], found["snapshot"]) == (second.id, third.id, third.id)
    (item,) = found["items"]
    assert (item["id"], item["change"], item["label"]) == ("drug:d007", "changed", "a new name")
    (change,) = item["properties"]
    assert change["property"] == "rdfs:label"
    assert change["before"] == [{"value": "drug 7"}]
    assert change["after"] == [{"value": "a new name"}]


def test_the_way_back_is_the_opposite(served: Served) -> None:
    _, first, second, _ = served.made
    there = served.get(f"/api/v1/differences?from={first.id}&to={second.id}").json()
    back = served.get(f"/api/v1/differences?from={second.id}&to={first.id}").json()
    assert there["quads"]["added"] == back["quads"]["removed"]
    assert {each["iri"] for each in there["items"]} == {each["iri"] for each in back["items"]}


def test_a_snapshot_does_not_differ_from_itself(served: Served) -> None:
    found = served.get("/api/v1/differences?from=current").json()
    assert (found["total"], found["items"], found["graphs"]) == (0, [], {})


def test_pages_make_up_the_whole(served: Served) -> None:
    _, first, second, _ = served.made
    path = f"/api/v1/differences?from={first.id}&to={second.id}&limit=3"
    found, pages = [], 0
    while path:
        answer = served.get(path)
        page = answer.json()
        found += [each["iri"] for each in page["items"]]
        assert page["total"] == 8
        path, pages = page.get("next", ""), pages + 1
        assert (answer.links.get("next", {}).get("url", "")) == path
    assert pages == 3
    assert found == sorted({*found})
    assert len(found) == 8


@pytest.mark.parametrize("change", What)
def test_one_kind_of_change_may_be_asked_for(served: Served, change: What) -> None:
    _, first, second, _ = served.made
    path = f"/api/v1/differences?from={first.id}&to={second.id}&change={change.value}&limit=2"
    found = served.get(path).json()
    assert found["total"] == found["subjects"][change.value]
    assert all(each["change"] == change.value for each in found["items"])
    assert len(found["items"]) == min(2, found["total"])
    of_kind = served.get(f"{path}&kind=Drug").json()
    assert of_kind["items"] == found["items"]
    assert served.get(f"{path}&kind=MolecularTarget").json()["total"] == 0


def test_a_kind_takes_narrower_ones_along(narrower: Served) -> None:
    before, after = narrower.made
    path = f"/api/v1/differences?from={before.id}&to={after.id}"
    found = narrower.get(path).json()
    assert found["kinds"].keys() == {"ProportionResult", "SurvivalResult", "Drug", "unknown"}
    of_kind = narrower.get(f"{path}&kind=EvidenceItem").json()
    assert of_kind["total"] == len(of_kind["items"]) == 3
    assert {each["kind"] for each in of_kind["items"]} == {"ProportionResult", "SurvivalResult"}
    first = narrower.get(f"{path}&kind=EvidenceItem&limit=2").json()
    rest = narrower.get(first["next"]).json()
    assert [each["id"] for each in first["items"] + rest["items"]] == [
        each["id"] for each in of_kind["items"]
    ]
    assert narrower.get(f"{path}&kind=sarcoma:Claim").json()["total"] == 3
    assert narrower.get(f"{path}&kind=ProportionResult").json()["total"] == 2
    assert narrower.get(f"{path}&kind=unknown").json()["total"] == 3
    assert narrower.get(f"{path}&kind=Histology").json()["total"] == 0


@pytest.mark.parametrize("kind", ["EvidenceItm", "evidence", "Target", "", " "])
def test_an_unknown_kind_is_refused(narrower: Served, kind: str) -> None:
    answer = narrower.get(f"/api/v1/differences?from=current&kind={kind}")
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "kind"
    if kind == "EvidenceItm":
        assert "did you mean 'EvidenceItem'" in answer.json()["detail"]


def test_the_patch_makes_one_of_the_other(served: Served) -> None:
    _, first, second, _ = served.made
    path = f"/api/v1/differences?from={first.id}&to={second.id}"
    for answer in (
        served.get(f"{path}&format=patch"),
        served.get(path, Accept="application/rdf-patch"),
    ):
        assert answer.headers["content-type"] == "application/rdf-patch"
        store = load_quads(first.nquads)
        apply_change(store, Change.from_patch(answer.content))
        assert snapshot_id(canonical_quads(store)) == second.id
        assert ".rdfp" in answer.headers["content-disposition"]


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_the_table_has_a_row_for_each_quad(served: Served, coding: str) -> None:
    _, first, second, _ = served.made
    path = f"/api/v1/differences?from={first.id}&to={second.id}&format=csv"
    answer = served.get(path, **{"Accept-Encoding": coding})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 16
    assert {row["change"] for row in rows} == {"added", "removed"}
    assert {row["graph"] for row in rows} == {GRAPH}
    held = {"Accept-Encoding": coding, "If-None-Match": answer.headers["etag"]}
    assert served.get(path, **held).status_code == 304


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("from=", 404),
        ("from=current&change=other", 400),
        ("from=current&limit=0", 400),
        ("from=current&cursor=x", 400),
        ("from=current&format=xml", 400),
        ("from=current&since=2020", 400),
        ("from=current&from=current", 400),
    ],
)
def test_a_wrong_question_is_a_problem(served: Served, query: str, status: int) -> None:
    answer = served.get(f"/api/v1/differences?{query}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_cursor_is_good_for_its_pair_alone(served: Served) -> None:
    _, first, second, third = served.made
    page = served.get(f"/api/v1/differences?from={first.id}&to={second.id}&limit=2").json()
    cursor = page["next"].partition("cursor=")[2]
    other = served.get(f"/api/v1/differences?from={first.id}&to={third.id}&cursor={cursor}")
    assert other.status_code == 400
    assert served.get("/api/v1/differences?from=current", Accept="image/png").status_code == 406
