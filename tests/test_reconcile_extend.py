"""Data extension and suggestions: the values are those of the lists, typed and limited."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from reconcile_schemas import check
from reconcile_service import FORM, extend, post_form

from api.kinds import KINDS

ROOT = "https://w3id.org/sarcoma-kg/"
BEST = ("bestEvidence", "bestEvidenceLevel", "bestEvidenceDocument", "bestEvidenceFigures")
EVIDENCE = """
SELECT ?result ?level (MAX(?n) AS ?most) (MAX(?date) AS ?latest) WHERE {
  ?result a :EvidenceItem ; :aboutDrug %s ; :evidenceLevel ?level ; :passage/:inDocument ?document .
  FILTER EXISTS { ?result
    :responders|:percent|:percentLow|:value|:valueLow|:difference|:hazardRatio|:pValue ?figure }
  OPTIONAL { ?result :evaluable ?n }
  OPTIONAL { ?document :issued ?date }
} GROUP BY ?result ?level"""


def cells(client: httpx.Client, id_: str, *properties: Any) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, dict[str, list[dict[str, Any]]]] = extend(client, [id_], *properties)["rows"]
    return rows[id_]


def test_a_spreadsheet_gains_ids_targets_and_evidence(client: httpx.Client) -> None:
    ids = ["drug:imatinib", "drug:pazopanib", "drug:doxorubicin"]
    found = extend(client, ids, "chembl", "target", *BEST, "evidenceCount")
    names = {each["id"]: each["name"] for each in found["meta"]}
    assert names["bestEvidence"] == "best evidence"
    rows = found["rows"]
    assert rows["drug:imatinib"]["chembl"] == [{"str": "CHEMBL.COMPOUND:CHEMBL941"}]
    assert {"id": "target:kit", "name": "KIT"} in rows["drug:imatinib"]["target"]
    assert rows["drug:pazopanib"]["target"] == []
    for id_ in ids:
        assert all(len(rows[id_][name]) == 1 for name in BEST)


@pytest.mark.parametrize("drug", ["drug:imatinib", "drug:doxorubicin", "drug:trabectedin"])
def test_the_best_evidence_is_what_its_definition_says(client: httpx.Client, drug: str) -> None:
    answer = client.get("/sparql", params={"query": EVIDENCE % drug, "format": "json"}).json()
    results = answer["results"]["bindings"]
    assert results
    highest = min(each["level"]["value"] for each in results)
    first = [each for each in results if each["level"]["value"] == highest]
    most = max(float(each.get("most", {"value": 0})["value"]) for each in first)
    first = [each for each in first if float(each.get("most", {"value": 0})["value"]) == most]
    found = cells(client, drug, "bestEvidence", "bestEvidenceLevel")
    iris = {each["result"]["value"] for each in first}
    found_iri = ROOT + found["bestEvidence"][0]["id"].replace(":", "/", 1)
    assert found_iri in iris
    assert found["bestEvidenceLevel"][0]["id"] == f"sarcoma:{highest.rpartition('/')[2]}"


@pytest.mark.parametrize(
    ("kind", "parameter"),
    [("drugs", "drug"), ("histologies", "histology"), ("regimens", "regimen")],
)
def test_counts_are_those_of_the_lists(client: httpx.Client, kind: str, parameter: str) -> None:
    items = client.get(f"/api/v1/{kind}", params={"limit": 25, "fields": "label"}).json()["items"]
    ids = [each["id"] for each in items]
    rows = extend(client, ids, "evidenceCount")["rows"]
    for id_ in ids:
        asked = {parameter: id_, "limit": 1, "direct": "true"}
        total = client.get("/api/v1/evidence", params=asked).json()["total"]
        assert rows[id_]["evidenceCount"] == [{"int": total}], id_


def test_every_field_of_the_lists_can_be_fetched(client: httpx.Client) -> None:
    seen = set()
    for kind in KINDS:
        proposed = client.get("/reconcile/properties", params={"type": kind.path}).json()
        check("data-extension-property-proposal", proposed)
        ids = [each["id"] for each in proposed["properties"]]
        assert len(ids) == len(set(ids))
        items = client.get(f"/api/v1/{kind.path}", params={"limit": 5, "fields": "label"}).json()
        things = [each["id"] for each in items["items"]]
        for start in range(0, len(ids), 50):
            rows = extend(client, things, *ids[start : start + 50])["rows"]
            for row in rows.values():
                for values in row.values():
                    seen |= {next(iter(value)) for value in values}
    assert seen == {"id", "str", "int", "float", "date"}


def test_values_are_those_of_the_tables(client: httpx.Client) -> None:
    table = client.get("/api/v1/drugs", params={"format": "csv", "fields": "label,target"}).text
    lines = [line for line in table.splitlines()[1:] if "drug:sunitinib," in line]
    targets = cells(client, "drug:sunitinib", "target")["target"]
    assert targets
    for each in targets:
        assert each["id"] in lines[0]


def test_numbers_dates_and_truths_are_typed(client: httpx.Client) -> None:
    row = cells(client, "trial:nct03651375", "enrolment", "startDate", "resultsPosted", "phase")
    assert isinstance(row["enrolment"][0]["int"], int)
    assert row["resultsPosted"] in ([{"str": "true"}], [{"str": "false"}])
    assert row["startDate"][0].keys() <= {"date", "str"}
    assert row["phase"][0]["id"].startswith("sarcoma:Phase")


@pytest.mark.parametrize("limit", [1, 1.0, "1", "1.0"])
def test_a_limit_holds(client: httpx.Client, limit: Any) -> None:
    asked = {"id": "identifier", "settings": {"limit": limit}}
    assert len(cells(client, "drug:imatinib", asked)["identifier"]) == 1


@pytest.mark.parametrize("limit", [0, "", None, "0"])
def test_no_limit_gives_all(client: httpx.Client, limit: Any) -> None:
    asked = {"id": "identifier", "settings": {"limit": limit, "text": "", "match": ""}}
    assert len(cells(client, "drug:imatinib", asked)["identifier"]) > 5


def test_things_may_come_as_texts(client: httpx.Client) -> None:
    asked = {"id": "target", "settings": {"text": True}}
    assert {"str": "KIT"} in cells(client, "drug:imatinib", asked)["target"]


def test_identifiers_are_exact_unless_more_is_asked_for(client: httpx.Client) -> None:
    def codes(match: str) -> list[str]:
        asked = {"id": "id:CHEMBL.COMPOUND", "settings": {"match": match}}
        row = cells(client, "drug:docetaxel", asked)
        return [each["str"].rpartition(":")[2] for each in row["id:CHEMBL.COMPOUND"]]

    assert codes("exact") == ["CHEMBL92"]
    assert set(codes("close")) == {"CHEMBL92", "CHEMBL3545252"} == set(codes("any"))


def test_ids_are_found_by_iris_and_codes_and_names_are_none(client: httpx.Client) -> None:
    ids = ["https://w3id.org/sarcoma-kg/drug/imatinib", "CHEMBL941", "imatinib", "", "drug:x"]
    near = "CHEMBL3545252"  # of docetaxel it is a close match
    rows = extend(client, [*ids, near], "label")["rows"]
    assert [len(rows[each]["label"]) for each in (*ids, near)] == [1, 1, 0, 0, 0, 0]


def test_values_can_be_extended_in_turn(client: httpx.Client) -> None:
    best = cells(client, "drug:imatinib", "bestEvidence")["bestEvidence"][0]["id"]
    row = cells(client, best, "endpoint", "document", "drug")
    assert row["drug"][0] == {"id": "drug:imatinib", "name": "imatinib"}
    assert row["endpoint"]
    assert row["document"]


def test_an_extension_may_stand_in_the_address(client: httpx.Client) -> None:
    text = '{"ids":["drug:imatinib"],"properties":[{"id":"target"}]}'
    answer = client.get("/reconcile", params={"extend": text})
    assert answer.json() == client.post("/reconcile", data={"extend": text}).json()


# What OpenRefine sends when a column is added from reconciled values (ReconciledDataExtensionJob).
OPENREFINE = (
    "extend=%7B%22ids%22%3A%5B%22drug%3Aimatinib%22%2C%22drug%3Anilotinib%22%5D%2C%22properties%22"
    "%3A%5B%7B%22id%22%3A%22id%3ACHEMBL.COMPOUND%22%7D%2C%7B%22id%22%3A%22target%22%2C%22settings%22"
    "%3A%7B%22limit%22%3A%221%22%2C%22text%22%3A%22on%22%7D%7D%5D%7D"
)


def test_openrefine_adds_columns(client: httpx.Client) -> None:
    found = client.post("/reconcile", content=OPENREFINE, headers=FORM).json()
    check("data-extension-response", found)
    row = found["rows"]["drug:imatinib"]
    assert row["id:CHEMBL.COMPOUND"] == [{"str": "CHEMBL.COMPOUND:CHEMBL941"}]
    assert len(row["target"]) == 1
    assert "str" in row["target"][0]


def suggested(client: httpx.Client, what: str, prefix: str, **more: Any) -> list[str]:
    answer = client.get(f"/reconcile/suggest/{what}", params={"prefix": prefix, **more})
    assert answer.status_code == 200, answer.text
    schema = {"entity": "entities", "type": "types", "property": "properties"}[what]
    return [each["id"] for each in check(f"suggest-{schema}-response", answer.json())["result"]]


@pytest.mark.parametrize(
    ("prefix", "id_"),
    [
        ("imat", "drug:imatinib"),
        ("drug:imatinib", "drug:imatinib"),
        ("CHEMBL941", "drug:imatinib"),
        ("GIST", "histology:gastrointestinal-stromal-tumour"),
        ("gastrointestinal strom", "histology:gastrointestinal-stromal-tumour"),
        ("DTI", "drug:dacarbazine"),
        ("RAD0", "drug:everolimus"),
        ("drug:ima", "drug:imatinib"),
        ("HISTOLOGY:leiomyos", "histology:leiomyosarcoma"),
    ],
)
def test_things_are_suggested(client: httpx.Client, prefix: str, id_: str) -> None:
    assert suggested(client, "entity", prefix)[0] == id_


def test_suggestions_go_on_at_the_cursor(client: httpx.Client) -> None:
    every = suggested(client, "entity", "sarcoma", limit=12)
    assert len(every) == 12
    parts = [suggested(client, "entity", "sarcoma", limit=4, cursor=at) for at in (0, 4, 8)]
    assert [each for part in parts for each in part] == every
    assert suggested(client, "entity", "sarcoma", cursor=99_999) == []


def test_suggestions_keep_to_a_type(client: httpx.Client) -> None:
    found = suggested(client, "entity", "imat", type="regimens")
    assert found
    assert all(each.startswith("regimen:") for each in found)
    assert suggested(client, "entity", "imat", type="sarcoma:Nothing") == []
    assert suggested(client, "entity", "") == []


def test_types_and_properties_are_suggested(client: httpx.Client) -> None:
    assert suggested(client, "type", "dr")[0] == "sarcoma:Drug"
    assert suggested(client, "type", "sarcoma:Histology")[0] == "sarcoma:Histology"
    assert len(suggested(client, "type", "", limit=100)) == len(KINDS)
    assert suggested(client, "type", "zzz") == []
    assert suggested(client, "property", "chembl", type="drugs")[0] == "id:CHEMBL.COMPOUND"
    assert "target" in suggested(client, "property", "tar", type="drugs")
    assert "target" not in suggested(client, "property", "tar", type="histologies")
    assert "id:MONDO" not in suggested(client, "property", "", type="drugs", limit=100)
    assert "bestEvidence" in suggested(client, "property", "best evi")


@pytest.mark.parametrize("cursor", ["-1", "x", "1.5", "9" * 40])
def test_a_cursor_is_a_number(client: httpx.Client, cursor: str) -> None:
    asked = {"prefix": "a", "cursor": cursor}
    answer = client.get("/reconcile/suggest/entity", params=asked)
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "cursor"


def test_a_prefix_is_needed(client: httpx.Client) -> None:
    assert client.get("/reconcile/suggest/entity").json()["parameter"] == "prefix"


@pytest.mark.parametrize("path", ["preview", "flyout/entity", "flyout/type", "flyout/property",
                                  "feature"])  # fmt: skip
def test_what_there_is_not_has_no_preview(client: httpx.Client, path: str) -> None:
    answer = client.get(f"/reconcile/{path}", params={"id": "<script>alert(1)</script>"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get(f"/reconcile/{path}").status_code == 400


@pytest.mark.parametrize(("what", "id_"), [("entity", "drug:imatinib"), ("type", "drugs"),
                                           ("property", "bestEvidence")])  # fmt: skip
def test_a_flyout_is_a_line_of_html(client: httpx.Client, what: str, id_: str) -> None:
    found = check("flyout", client.get(f"/reconcile/flyout/{what}", params={"id": id_}).json())
    assert found["id"] == id_
    assert found["html"].startswith("<p><b>")


def test_extending_many_things_is_one_question(client: httpx.Client) -> None:
    items = client.get("/api/v1/histologies", params={"limit": 300, "fields": "label"}).json()
    ids = [each["id"] for each in items["items"]]
    found = post_form(client, extend={"ids": ids, "properties": [{"id": "mondo"}]})
    assert len(found.json()["rows"]) == len(ids) > 150
