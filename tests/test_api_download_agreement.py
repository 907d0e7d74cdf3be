"""One snapshot behind everything: SPARQL, JSON, downloads, VoID and the manifest count the same."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from api.kinds import KINDS
from kg.change import graph_name
from kg.evaluation import evaluate
from kg.export import known_prefixes
from kg.namespaces import read_namespaces
from kg.shipped import find_shipped
from kg.snapshot import Snapshot

ROOT = "https://w3id.org/sarcoma-kg/"
ONTOLOGY = f"{ROOT}ontology/"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
PASSAGE, DOCUMENT, CLAIM = (
    NamedNode(ONTOLOGY + each) for each in ("passage", "inDocument", "Claim")
)
NOT_SHIPPED = ("imported-trials", "imported-evidence")
"""Kinds that users import records of."""
VOID = "http://rdfs.org/ns/void#"


@pytest.fixture(scope="module")
def server(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def downloaded(server: httpx.Client) -> Store:
    """What ``data.nq`` holds."""
    store = Store()
    store.bulk_extend(parse(server.get("/downloads/data.nq").content, format=RdfFormat.N_QUADS))
    return store


@pytest.fixture(scope="module")
def void(server: httpx.Client) -> Store:
    store = Store()
    answer = server.get("/.well-known/void?format=nt")
    store.bulk_extend(parse(answer.content, format=RdfFormat.N_TRIPLES))
    return store


def asked(server: httpx.Client, query: str) -> list[list[str]]:
    answer = server.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text)))[1:]


def counted(server: httpx.Client, query: str) -> dict[str, int]:
    return {name: int(number) for name, number in asked(server, query)}


def described(void: Store, query: str) -> dict[str, int]:
    rows = void.query(f"PREFIX void: <{VOID}> {query}")
    return {row[0].value: int(row[1].value) for row in rows}  # type: ignore[union-attr]


def quads_by_graph(content: bytes, form: RdfFormat) -> Counter[str]:
    return Counter(graph_name(quad.graph_name) for quad in parse(content, format=form))


def test_quads_of_each_graph(
    server: httpx.Client, snapshot: Snapshot, void: Store, downloaded: Store
) -> None:
    manifest = {name: each.triples for name, each in snapshot.manifest.graphs.items()}
    assert counted(server, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g") == (
        manifest
    )
    for path, form in (
        ("data.nq", RdfFormat.N_QUADS),
        ("data.trig", RdfFormat.TRIG),
        ("data.jsonld", RdfFormat.JSON_LD),
    ):
        assert quads_by_graph(server.get(f"/downloads/{path}").content, form) == manifest, path
    subsets = described(
        void, "SELECT ?dump ?n { [] void:subset ?g . ?g void:dataDump ?dump ; void:triples ?n }"
    )
    of_graphs = {httpx.URL(dump).params["graph"]: n for dump, n in subsets.items()}
    assert of_graphs == manifest
    listed = server.get("/downloads").json()
    assert {each["graph"]: each["triples"] for each in listed["graphs"]} == manifest
    kept = server.get("/api/v1/snapshots/current").json()
    assert {each["graph"]: each["triples"] for each in kept["graphs"]} == manifest
    assert len(downloaded) == sum(manifest.values()) == snapshot.manifest.quads


def test_a_graph_alone(server: httpx.Client, snapshot: Snapshot) -> None:
    chosen = ("ontology", "documents", "catalogue", "inferred-roll-up")
    for name in chosen:
        graph = f"{ROOT}graph/{name}"
        counts = snapshot.manifest.graphs.get(graph)
        if counts is None:
            continue
        download = server.get(f"/downloads/graphs/{name}.nt").content
        stored = server.get(f"/rdf-graph-store?graph={graph}&format=nt").content
        found = set(parse(download, format=RdfFormat.N_TRIPLES))
        assert found == set(parse(stored, format=RdfFormat.N_TRIPLES))
        assert len(found) == counts.triples


def test_totals_are_told_alike(
    server: httpx.Client, snapshot: Snapshot, void: Store, downloaded: Store
) -> None:
    quads, claims = snapshot.manifest.quads, snapshot.manifest.claims
    version = server.get("/version").json()
    assert (version["quads"], version["claims"]) == (quads, claims)
    (kept,) = (each for each in server.get("/api/v1/snapshots").json()["items"] if each["isServed"])
    assert (kept["quads"], kept["claims"], kept["id"]) == (quads, claims, snapshot.id)
    assert server.get("/downloads").json()["quads"] == quads
    metrics = server.get("/metrics").text
    assert re.search(rf"^sarcoma_kg_quads {float(quads)}$", metrics, re.MULTILINE)
    home = server.get("/").text
    assert f"{quads:,} quads, {claims:,} claims" in home
    ((stated,),) = asked(server, "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a :Claim }")
    listed = server.get("/api/v1/claims?limit=1").json()["total"]
    assert claims == int(stated) == listed == len(members(downloaded)[CLAIM.value])
    ((union,),) = asked(server, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    merged = server.get("/downloads/data.nt").content.count(b"\n")
    turtle = sum(
        1 for _ in parse(server.get("/downloads/data.ttl").content, format=RdfFormat.TURTLE)
    )
    ((dump, whole),) = described(
        void,
        "SELECT ?dump ?n { ?d void:sparqlEndpoint [] ; void:dataDump ?dump ; void:triples ?n }",
    ).items()
    assert server.get(dump).content == snapshot.nquads.read_bytes()
    assert int(union) == merged == turtle == whole


def members(store: Store) -> dict[str, set[str]]:
    """Return the members of each class, whatever graph says that they are."""
    found: dict[str, set[str]] = {}
    for quad in store.quads_for_pattern(None, TYPE, None):
        if isinstance(quad.object, NamedNode) and isinstance(quad.subject, NamedNode):
            found.setdefault(quad.object.value, set()).add(quad.subject.value)
    return found


def test_things_of_each_kind(server: httpx.Client, void: Store, downloaded: Store) -> None:
    by_class = members(downloaded)
    query = "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c FILTER(!isBlank(?s)) } GROUP BY ?c"
    sparql = counted(server, query)
    partitions = described(
        void, "SELECT ?c ?n { ?d void:classPartition ?p . ?p void:class ?c ; void:entities ?n }"
    )
    for kind in KINDS:
        name = ONTOLOGY + kind.class_name
        expected = len(by_class.get(name, ()))
        assert bool(expected) is (kind.path not in NOT_SHIPPED), kind.path
        assert sparql.get(name, 0) == partitions.get(name, 0) == expected, kind.path
        if kind.path != "contraindications":  # which answers a question, and lists nothing
            total = server.get(f"/api/v1/{kind.path}?limit=1").json()["total"]
            assert total == expected, kind.path


def claims_by_document(store: Store) -> Counter[str]:
    found: set[tuple[str, str]] = set()
    for passage in store.quads_for_pattern(None, PASSAGE, None):
        if next(store.quads_for_pattern(passage.subject, TYPE, CLAIM), None):
            for place in store.quads_for_pattern(passage.object, DOCUMENT, None):  # type: ignore[arg-type]
                found.add((str(passage.subject), place.object.value))  # type: ignore[union-attr]
    return Counter(document for _, document in found)


def test_claims_of_each_document(
    server: httpx.Client, snapshot: Snapshot, downloaded: Store
) -> None:
    expected = claims_by_document(downloaded)
    assert len(expected) > 1
    query = """SELECT ?document (COUNT(DISTINCT ?claim) AS ?n) {
      ?claim :passage/:inDocument ?document ; a :Claim
    } GROUP BY ?document"""
    assert counted(server, query) == expected
    assert sum(expected.values()) == snapshot.manifest.claims
    for kind in ("evidence", "recommendations", "comparisons", "claims"):
        name = next(each.class_name for each in KINDS if each.path == kind)
        of_kind = f"""SELECT ?document (COUNT(DISTINCT ?claim) AS ?n) {{
          ?claim a :{name} ; :passage/:inDocument ?document }} GROUP BY ?document"""
        for document, number in counted(server, of_kind).items():
            listed = server.get(f"/api/v1/{kind}", params={"document": document, "limit": 1})
            assert listed.json()["total"] == number, (kind, document)


def test_claims_of_each_graph(server: httpx.Client, snapshot: Snapshot) -> None:
    query = """SELECT ?g (COUNT(DISTINCT ?claim) AS ?n) {
      ?claim a :Claim GRAPH ?g { ?claim :passage ?p }
    } GROUP BY ?g"""
    manifest = {name: each.claims for name, each in snapshot.manifest.graphs.items() if each.claims}
    assert counted(server, query) == manifest
    listed = server.get("/downloads").json()["graphs"]
    assert {each["graph"]: each["claims"] for each in listed if each["claims"]} == manifest


@pytest.mark.parametrize("asked_for", ["drug=*", "histology=GIST", "target=KIT&direct=true"])
def test_paths_of_each_kind(server: httpx.Client, downloaded: Store, asked_for: str) -> None:
    answer = server.get(f"/api/v1/paths?{asked_for}&explain=true&limit=1").json()
    by_kind = {kind: number for kind, number in answer["byKind"].items() if number}
    assert sum(by_kind.values()) == answer["total"] > 0
    query = answer["explain"]["sparql"]
    column = answer["explain"]["columns"].index("kind")
    assert Counter(row[column] for row in asked(server, query)) == by_kind
    names = read_namespaces(find_shipped().context)
    prefixes = {**known_prefixes(names), "sarcoma": names.ontology}
    local = evaluate(downloaded, query, accept="text/csv", union=True, prefixes=prefixes).body()
    rows = list(csv.reader(io.StringIO(local.decode())))
    assert Counter(row[rows[0].index("kind")] for row in rows[1:]) == by_kind


def test_every_answer_names_the_snapshot(server: httpx.Client, snapshot: Snapshot) -> None:
    paths = (
        "/sparql?query=ASK%20%7B%7D",
        "/api/v1/drugs?limit=1",
        "/api/v1/paths?drug=imatinib&limit=1",
        "/downloads/data.nq",
        "/downloads",
        "/.well-known/void",
        "/api/v1/snapshots",
        "/drug/imatinib",
        "/rdf-graph-store?default",
    )
    for path in paths:
        answer = server.get(path)
        assert answer.headers["sarcoma-kg-snapshot"] == snapshot.id, path
        tag = answer.headers["etag"]
        again = server.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.headers["etag"]) == (304, tag), path


def test_the_counts_can_differ(downloaded: Store) -> None:
    """The helpers here see what is missing: they would not agree on anything."""
    fewer = Store()
    fewer.bulk_extend(downloaded)
    drug = NamedNode(f"{ONTOLOGY}Drug")
    quad = next(fewer.quads_for_pattern(None, TYPE, drug))
    before = len(members(fewer)[drug.value])
    for each in list(fewer.quads_for_pattern(quad.subject, TYPE, drug)):
        fewer.remove(each)
    assert len(members(fewer)[drug.value]) == before - 1
    fewer.add(Quad(NamedNode("e:claim"), PASSAGE, NamedNode("e:p"), DefaultGraph()))
    fewer.add(Quad(NamedNode("e:claim"), TYPE, CLAIM, DefaultGraph()))
    fewer.add(Quad(NamedNode("e:p"), DOCUMENT, NamedNode("e:d"), DefaultGraph()))
    assert claims_by_document(fewer)["e:d"] == 1
