"""All faces of one snapshot give the same things, claims and counts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import QuerySolutions, Store
from trapi_queries import body_of
from trapi_service import ask

from api.kgx_claims import read_claims
from kg.kgx_export import export_kgx
from kg.kgx_writing import KgxForm
from kg.opened_graph import Graph, open_graph
from kg.shipped import find_shipped
from kg.snapshot import Snapshot, open_database

ONTOLOGY = "https://w3id.org/sarcoma-kg/ontology/"
KINDS = {
    "drugs": ("Drug", "drugs"),
    "targets": ("MolecularTarget", "targets"),
    "families": ("TargetFamily", "families"),
    "histologies": ("Histology", "histologies"),
    "regimens": ("Regimen", "regimens"),
}
CLAIM_KINDS = {"claims": "Claim", "evidence": "EvidenceItem", "recommendations": "Recommendation"}


@pytest.fixture(scope="module")
def store(snapshot: Snapshot) -> Store:
    return open_database(snapshot)


@pytest.fixture(scope="module")
def graph(snapshot: Snapshot) -> Iterator[Graph]:
    with open_graph(snapshot.directory.parent.parent) as opened:
        assert opened.snapshot == snapshot.id
        yield opened


def members(store: Store, class_name: str) -> set[str]:
    query = f"SELECT DISTINCT ?thing {{ GRAPH ?graph {{ ?thing a <{ONTOLOGY}{class_name}> }} }}"
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    return {row["thing"].value for row in found}


def listed(client: httpx.Client, kind: str) -> Iterator[dict[str, Any]]:
    address: str | None = f"/api/v1/{kind}?limit=1000"
    while address:
        page = client.get(address).json()
        yield from page["items"]
        address = page.get("next")


@pytest.mark.parametrize("kind", [*KINDS, *CLAIM_KINDS])
def test_sparql_json_tables_and_frames_list_the_same(
    store: Store, graph: Graph, client: httpx.Client, kind: str
) -> None:
    class_name = KINDS[kind][0] if kind in KINDS else CLAIM_KINDS[kind]
    wanted = members(store, class_name)
    items = list(listed(client, kind))
    assert {item["iri"] for item in items} == wanted
    assert len(items) == len(wanted) > 0
    table = client.get(f"/api/v1/{kind}", params={"format": "csv"}).text
    rows = list(csv.DictReader(io.StringIO(table)))
    assert sorted(row["id"] for row in rows) == sorted(item["id"] for item in items)
    assert sorted(graph.table(kind)["iri"]) == sorted(wanted)


def test_the_manifest_the_lists_and_sparql_count_the_same_claims(
    store: Store, snapshot: Snapshot, client: httpx.Client
) -> None:
    stated = client.get("/api/v1/claims?limit=1").json()["total"]
    assert stated == snapshot.manifest.claims == len(members(store, "Claim"))


@pytest.mark.parametrize("kind", KINDS)
def test_everything_listed_is_reconciled_to_itself(client: httpx.Client, kind: str) -> None:
    items = list(listed(client, kind))
    queries = {
        str(number): {"query": item["id"], "type": KINDS[kind][1], "limit": 1}
        for number, item in enumerate(items)
    }
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)}).json()
    found = {
        items[int(number)]["id"]: [(each["id"], each["match"]) for each in given["result"]]
        for number, given in answer.items()
    }
    assert found == {item["id"]: [(item["id"], True)] for item in items}


def test_the_reasoner_api_and_kgx_have_the_same_edges_of_known_claims(
    store: Store, snapshot: Snapshot, client: httpx.Client, tmp_path: Path
) -> None:
    files = export_kgx(snapshot, find_shipped(), tmp_path, (KgxForm.JSONL,), read_claims)
    ours = {each.part: each for each in files if not each.graph}
    lines = {part: (tmp_path / each.name).read_text("utf-8") for part, each in ours.items()}
    written = {part: [*map(json.loads, text.splitlines())] for part, text in lines.items()}
    assert {part: len(rows) for part, rows in written.items()} == {
        part: each.count for part, each in ours.items()
    }
    asked = body_of({"s": {}, "o": {}}, {"e": {"subject": "s", "object": "o"}})
    known = ask(client, asked)["message"]["knowledge_graph"]
    assert {identifier.replace("|", ";") for identifier in known["edges"]} == {
        edge["id"] for edge in written["edges"]
    }
    ends = {
        (edge["subject"], edge["predicate"], edge["object"]) for edge in known["edges"].values()
    }
    assert ends == {
        (each["subject"], each["predicate"], each["object"]) for each in written["edges"]
    }
    names = {node["id"]: node["name"] for node in written["nodes"]}
    assert {name: node["name"] for name, node in known["nodes"].items()}.items() <= names.items()
    assert {node["iri"] for node in written["nodes"]} >= members(store, "Drug")
    assert {each["predicate"] for each in written["edges"]} >= {"biolink:treats", "biolink:affects"}


def test_mappings_are_as_many_everywhere(store: Store, client: httpx.Client) -> None:
    count = len(members(store, "Mapping"))
    assert client.get("/api/v1/mappings?limit=1").json()["total"] == count
    exported = client.get("/api/v1/mappings?format=sssom").text
    rows = [line for line in exported.splitlines() if not line.startswith("#")]
    assert len(rows) - 1 == count
