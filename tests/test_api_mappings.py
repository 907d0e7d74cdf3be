"""Mappings as a list, as a set of SSSOM, in records and on pages: the same as files and graph."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from list_client import ROOT, Lists, ask, count
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from kg.build import Assembly
from kg.cli import app, run
from kg.namespaces import read_namespaces
from kg.shipped import find_shipped
from kg.snapshot import Snapshot
from kg.sssom_export import export_sssom, read_rows, write_sssom

SHIPPED = find_shipped()
SSSOM = Path(os.environ.get("SSSOM_PROGRAM") or shutil.which("sssom") or "no sssom")
SKOS = "http://www.w3.org/2004/02/skos/core#"


def body_of(text: str) -> list[dict[str, str]]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


def head_of(text: str) -> Any:
    return yaml.safe_load("\n".join(line[1:] for line in text.splitlines() if line.startswith("#")))


def keys_of(rows: list[dict[str, str]]) -> Counter[tuple[str, str, str, str]]:
    slots = ("subject_id", "predicate_id", "object_id", "comment")
    return Counter(tuple(row.get(slot, "") for slot in slots) for row in rows)  # type: ignore[misc]


def text_of(address: str, given: Mapping[str, object]) -> str:
    """Ask for mappings, of a kind too, which the client of the lists has an own argument for."""
    answer = httpx.get(f"{address}/api/v1/mappings", params={**given}, timeout=30)  # type: ignore[dict-item]
    assert answer.status_code == 200, answer.text
    return answer.text


def total(address: str, given: Mapping[str, object]) -> int:
    return int(json.loads(text_of(address, {"limit": 1, "fields": "id", **given}))["total"])


@pytest.fixture(scope="module")
def files() -> list[dict[str, str]]:
    return [
        row
        for path in sorted((SHIPPED.data / "mappings").glob("*.sssom.tsv"))
        for row in body_of(path.read_text(encoding="utf-8"))
    ]


@pytest.fixture(scope="module")
def lists(address: str) -> Iterator[Lists]:
    found = Lists(address)
    yield found
    found.close()


@pytest.fixture(scope="module")
def whole(lists: Lists) -> str:
    answer = lists.raw("mappings", format="sssom")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_counts_agree_with_the_files_and_with_sparql(
    lists: Lists, address: str, files: list[dict[str, str]], assembly: Assembly
) -> None:
    facets = ["predicate", "system", "kind"]
    answer = lists.get("mappings", limit=1, facets=facets)
    assert answer["total"] == len(files) > 1000
    assert answer["total"] == count(assembly.store, "?item a :Mapping")
    shown = {
        name: {each.get("id", each.get("value")): each["count"] for each in facet["values"]}
        for name, facet in answer["facets"].items()
    }
    assert shown["predicate"] == Counter(row["predicate_id"] for row in files)
    assert shown["system"] == Counter(row["object_id"].partition(":")[0] for row in files)
    rows = ask(
        assembly.store,
        "SELECT ?p (COUNT(DISTINCT *) AS ?n) WHERE { GRAPH ?graph { ?thing ?p ?code } "
        "FILTER (STRSTARTS(STR(?p), STR(skos:)) && STRENDS(STR(?p), 'Match') "
        "&& STRSTARTS(STR(?graph), 'https://w3id.org/sarcoma-kg/graph/mapping-')) } GROUP BY ?p",
    )
    assert {f"skos:{p.removeprefix(SKOS)}": int(n) for p, n in rows} == shown["predicate"]
    for path, name in (("drugs", "Drug"), ("targets", "MolecularTarget")):
        found = total(address, {"kind": path})
        assert found == shown["kind"][f"sarcoma:{name}"] > 100


Keeps = Callable[[dict[str, str]], bool]
KEPT: list[tuple[dict[str, str], Keeps]] = [
    ({"subject": "imatinib"}, lambda row: row["subject_id"] == "drug:imatinib"),
    ({"subject": "chembl:CHEMBL941"}, lambda row: row["subject_id"] == "drug:imatinib"),
    ({"object": "mondo:0005089"}, lambda row: row["object_id"] == "MONDO:0005089"),
    (
        {"object": "http://purl.obolibrary.org/obo/MONDO_0005089"},
        lambda row: row["object_id"] == "MONDO:0005089",
    ),
    ({"predicate": "closeMatch"}, lambda row: row["predicate_id"] == "skos:closeMatch"),
    (
        {"predicate": "skos:broadMatch,narrowMatch"},
        lambda row: row["predicate_id"] in ("skos:broadMatch", "skos:narrowMatch"),
    ),
    ({"system": "chebi"}, lambda row: row["object_id"].startswith("CHEBI:")),
    ({"kind": "targets"}, lambda row: row["subject_id"].startswith("target:")),
    (
        {"kind": "histologies", "system": "ICDO", "predicate": "exactMatch"},
        lambda row: (
            row["object_id"].startswith("ICDO:") and row["predicate_id"] == "skos:exactMatch"
        ),
    ),
    (
        {"set": "mapping:drugs-chebi"},
        lambda row: row["subject_id"].startswith("drug:") and row["object_id"].startswith("CHEBI:"),
    ),
    ({"comment": "idmap"}, lambda row: "idmap" in row["comment"].lower()),
]


@pytest.mark.parametrize(("given", "keeps"), KEPT, ids=[str(given) for given, _ in KEPT])
def test_filters_keep_the_same_rows_in_each_format(
    address: str, files: list[dict[str, str]], given: Mapping[str, str], keeps: Keeps
) -> None:
    expected = keys_of([row for row in files if keeps(row)])
    assert expected
    assert total(address, given) == expected.total()
    table = list(csv.DictReader(io.StringIO(text_of(address, {"format": "csv", **given}))))
    assert len(table) == expected.total()
    text = text_of(address, {"format": "sssom", **given})
    assert keys_of(body_of(text)) == expected


def test_one_mapping_has_its_record(lists: Lists) -> None:
    listed = lists.get("mappings", subject="histology:sarcoma", system="MONDO")
    (item,) = listed["items"]
    assert item["mappingSubject"]["id"] == "histology:sarcoma"
    assert item["mappingObject"]["id"] == "MONDO:0005089"
    assert item["mappingRelation"]["id"] == "skos:exactMatch"
    assert lists.get(f"mappings/{item['id']}")["iri"] == item["iri"]
    link = item["links"]["self"].removeprefix("/api/v1/")
    assert lists.get(link)["id"] == item["id"]


def test_pages_go_on_to_the_end(lists: Lists, files: list[dict[str, str]]) -> None:
    found, cursor = [], None
    while True:
        given: dict[str, Any] = {"cursor": cursor} if cursor else {}
        answer = lists.get("mappings", limit=500, fields="id", **given)
        found += [each["id"] for each in answer["items"]]
        if "next" not in answer:
            break
        cursor = httpx.URL(answer["next"]).params["cursor"]
    assert len(found) == len(set(found)) == len(files)


def test_the_mapping_set_has_what_sssom_asks_for(
    whole: str, files: list[dict[str, str]], snapshot: Snapshot
) -> None:
    head, rows = head_of(whole), body_of(whole)
    assert keys_of(rows) == keys_of(files)
    for name in ("mapping_set_id", "license", "curie_map", "mapping_set_version"):
        assert head[name]
    assert head["mapping_set_version"] == snapshot.id
    for row in rows:
        for slot in ("subject_id", "predicate_id", "object_id", "mapping_justification"):
            assert row[slot].partition(":")[0] in head["curie_map"], row
    versions = {row["object_source_version"] for row in rows if row["object_id"].startswith("CHEM")}
    assert "36" in versions


def test_list_command_download_and_graph_give_the_same_set(
    client: httpx.Client, whole: str, snapshot: Snapshot
) -> None:
    names = read_namespaces(SHIPPED.context)
    assert export_sssom(snapshot, names).decode() == whole
    index = client.get("/downloads", headers={"Accept": "application/json"}).json()
    assert "/downloads/mappings.sssom.tsv" in index["tables"]
    file = client.get("/downloads/mappings.sssom.tsv", headers={"Accept-Encoding": "identity"})
    assert file.text == whole
    digest = hashlib.sha256(file.content).digest()
    assert file.headers["repr-digest"].startswith("sha-256=:")
    assert client.get(
        "/downloads/mappings.sssom.tsv", headers={"If-None-Match": file.headers["etag"]}
    ).status_code in (200, 304)
    assert len(digest) == 32


def test_the_command_writes_the_set(
    snapshot: Snapshot,
    whole: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home = snapshot.directory.parent.parent
    monkeypatch.setattr("kg.cli.export.get_current", lambda _: snapshot)
    monkeypatch.setattr("kg.cli.export.find_asked", lambda *_: snapshot)
    for file, more in (("a.tsv", ["--format", "sssom"]), ("b.sssom.tsv", [])):
        path = tmp_path / file
        assert run(app, ["export", str(path), *more, "--home", str(home)]) == 0
        assert path.read_text(encoding="utf-8") == whole
    refused = run(app, ["export", "--format", "sssom", "--graph", "ontology", "--home", str(home)])
    assert refused == 2
    assert "no graphs" in capsys.readouterr().err


def test_sssom_accepts_the_set(whole: str, tmp_path: Path) -> None:
    if not SSSOM.is_file():
        pytest.skip("skipped: no sssom program")
    path, parsed = tmp_path / "all.sssom.tsv", tmp_path / "parsed.tsv"
    path.write_text(whole, encoding="utf-8")
    # Each takes its time to start: they run beside each other.
    begun = [
        subprocess.Popen(
            [SSSOM, *given], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        for given in (("validate", str(path)), ("parse", str(path), "-o", str(parsed)))
    ]
    said = [each.communicate()[1] for each in begun]
    assert [each.returncode for each in begun] == [0, 0], said
    assert keys_of(body_of(parsed.read_text(encoding="utf-8"))) == keys_of(body_of(whole))


@pytest.mark.parametrize("name", ["limit", "cursor", "sort", "fields", "facets"])
def test_a_set_is_whole(lists: Lists, name: str) -> None:
    value = {"limit": "5", "cursor": "x", "sort": "label"}.get(name, "label")
    answer = lists.raw("mappings", format="sssom", **{name: value})
    assert answer.status_code == 400
    assert answer.json()["parameter"] == name


def test_only_mappings_are_written_as_sssom(lists: Lists) -> None:
    assert lists.raw("drugs", format="sssom").status_code == 400


def test_a_set_is_sent_only_to_who_lacks_it(lists: Lists, client: httpx.Client) -> None:
    first = lists.raw("mappings", format="sssom")
    assert "sssom.tsv" in first.headers["content-disposition"]
    again = client.get(
        "/api/v1/mappings?format=sssom", headers={"If-None-Match": first.headers["etag"]}
    )
    assert again.status_code == 304


def test_a_graph_without_mappings_gives_an_empty_set() -> None:
    names = read_namespaces(SHIPPED.context)
    text = write_sssom(read_rows([], names), names, snapshot="abc").decode()
    assert body_of(text) == []
    assert text.splitlines()[-1] == "subject_id\tpredicate_id\tobject_id\tmapping_justification"


# Identifiers in records


def matches_of(store: Store, curie: str) -> set[tuple[str, str]]:
    prefix, _, slug = curie.partition(":")
    rows = ask(
        store,
        f"SELECT DISTINCT ?p ?code WHERE {{ <{ROOT}{prefix}/{slug}> ?p ?code "
        "FILTER (STRSTARTS(STR(?p), STR(skos:)) && STRENDS(STR(?p), 'Match')) }",
    )
    return {(p.removeprefix(SKOS), code) for p, code in rows}


MAPPED = [
    ("drugs", "drug:imatinib"),
    ("targets", "target:kit"),
    ("histologies", "histology:gastrointestinal-stromal-tumour"),
]


@pytest.mark.parametrize(("kind", "own"), MAPPED)
def test_records_have_their_identifiers(
    lists: Lists, assembly: Assembly, kind: str, own: str
) -> None:
    listed = lists.get(kind, identifier=own_code(own))["items"]
    for record in (lists.get(f"{kind}/{own}"), *listed):
        found = record["identifiers"]
        assert {(each["relation"], each["iri"]) for each in found} == matches_of(
            assembly.store, own
        )
        for each in found:
            assert each["curie"].startswith(f"{each['system']}:")
            assert each["comment"]
            assert lists.get(f"mappings/{each['mapping']}")["label"]


def own_code(own: str) -> str:
    return {
        "drug:imatinib": "CHEMBL.COMPOUND:CHEMBL941",
        "target:kit": "ncbigene:3815",
    }.get(own, "MONDO:0011719")


@pytest.mark.parametrize(("kind", "own"), MAPPED)
def test_identifiers_are_filters_and_columns(lists: Lists, kind: str, own: str) -> None:
    assert [each["id"] for each in lists.get(kind, identifier=own_code(own))["items"]] == [own]
    text = lists.raw(kind, format="csv", identifier=own_code(own)).text
    table = list(csv.DictReader(io.StringIO(text)))
    (row,) = table
    codes, systems, relations = (
        row[name].split(" | ") for name in ("identifier", "system", "relation")
    )
    assert len(codes) == len(systems) == len(relations) > 3
    for code, system, relation in zip(codes, systems, relations, strict=True):
        assert code.startswith(f"{system}:")
        assert relation.startswith("skos:")


def test_what_is_asked_of_identifiers_holds_of_one_mapping(
    lists: Lists, files: list[dict[str, str]]
) -> None:
    close = {
        row["subject_id"]
        for row in files
        if row["predicate_id"] == "skos:closeMatch" and row["object_id"].startswith("ICDO:")
    }
    found = lists.get("histologies", system="ICDO", relation="closeMatch", limit=500)["items"]
    assert {each["id"] for each in found} == close
    assert lists.total("drugs", lacks="identifier") + lists.total(
        "drugs", has="identifier"
    ) == lists.total("drugs")


@pytest.mark.parametrize(("kind", "own"), MAPPED)
def test_json_ld_keeps_the_matches_and_adds_nothing(
    client: httpx.Client, assembly: Assembly, kind: str, own: str
) -> None:
    answer = client.get(f"/api/v1/{kind}/{own}", headers={"Accept": "application/ld+json"})
    document = answer.json()
    assert document["identifiers"]
    context = client.get("/api/v1/context.jsonld").json()["@context"]
    text = answer.content.replace(b'"/api/v1/context.jsonld"', json.dumps(context).encode())
    stated = {
        (quad.predicate.value.removeprefix(SKOS), quad.object.value)
        for quad in parse(text, format=RdfFormat.JSON_LD, base_iri=ROOT)
        if quad.predicate.value.startswith(SKOS)
        and quad.predicate.value.endswith("Match")
        and isinstance(quad.object, NamedNode)
    }
    assert stated == matches_of(assembly.store, own)


@pytest.mark.parametrize(("kind", "own"), MAPPED)
def test_pages_link_to_other_systems(
    client: httpx.Client, assembly: Assembly, kind: str, own: str
) -> None:
    page = client.get("/" + own.replace(":", "/"), headers={"Accept": "text/html"}).text
    section = page.partition('id="identifiers"')[2].partition("<h2")[0]
    for _, code in matches_of(assembly.store, own):
        assert f'href="{code}"' in section
    assert "/mapping/" in section
