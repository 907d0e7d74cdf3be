"""The page of contradictions says what the JSON interface says, of both sides, and judges none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from hostile_findings import serving_hostile
from page_tree import Element, read_page, squeezed
from pyoxigraph import Store
from serving import engine_of, running, settings_of, snapshot_of

from api.application import create_app

Json = dict[str, Any]


def page_of(client: httpx.Client, **asked: str) -> Element:
    answer = client.get("/contradictions", params=asked)
    assert answer.status_code == 200, answer.text
    return read_page(answer.text)


def items_of(client: httpx.Client, **asked: str) -> list[Json]:
    answer = client.get("/api/v1/contradictions", params={"limit": "1000", **asked})
    found: list[Json] = answer.json()["items"]
    return found


def pairs_of(page: Element) -> list[Element]:
    return page.all("article", kind="pair")


def test_every_pair_is_shown_with_both_sides(client: httpx.Client) -> None:
    items = items_of(client)
    pairs = pairs_of(page_of(client))
    assert len(pairs) == len(items) > 10
    for item, pair in zip(items, pairs, strict=True):
        sides = pair.all("section", kind="side")
        assert len(sides) == 2
        for finding, side in zip(item["findings"], sides, strict=True):
            check_side(finding, side)


def check_side(finding: Json, side: Element) -> None:
    """A side has its value, n/N, direction, line, study, document, date and characters."""
    text = side.text
    assert squeezed(finding["label"]) in text
    if "asPrinted" in finding:
        assert squeezed(finding["asPrinted"]) in text
    if {"responders", "evaluable"} <= finding.keys():
        assert f"{finding['responders']}/{finding['evaluable']}" in text
    assert finding["line"]["label"] in text
    assert finding["ofStudy"]["label"] in text
    assert {"supports": "for", "refutes": "against", "inconclusive": "inconclusive"}[
        finding["direction"]["label"]
    ] in side.one(kind="direction").text
    assert finding["passage"]["inDocument"]["label"] in text
    for each in finding["passage"]["ranges"]:
        assert f"{each['start']}" in text
    for doubt in finding.get("needsReview", []):
        assert squeezed(doubt) in text
    assert side.one("time").text[:2] == "20"


def test_what_differs_is_shown_of_both(client: httpx.Client) -> None:
    for item, pair in zip(items_of(client), pairs_of(page_of(client)), strict=True):
        rows = [row for row in pair.one("table").all("tr") if row.all("th", scope="row")]
        assert len(rows) == len(item["differs"])
        shown = {tuple(cell.text for cell in row.all("td")) for row in rows}
        for each in item["differs"]:
            sides = [{value_of(one) for one in side} for side in each["values"]]
            assert any(
                all(
                    all(squeezed(value) in cell for value in side) if side else cell == "not stated"
                    for side, cell in zip(sides, cells, strict=True)
                )
                for cells in shown
            ), each


def value_of(one: object) -> str:
    text = str(one["label"] if isinstance(one, dict) else one)
    return {"true": "yes", "false": "no"}.get(text, text)


def test_computed_figures_are_those_of_the_interface_and_labelled(client: httpx.Client) -> None:
    (item,) = items_of(client, rule="intervals-apart")
    (pair,) = pairs_of(page_of(client, rule="intervals-apart"))
    for interval, side in zip(
        item["computed"]["intervals"], pair.all("section", kind="side"), strict=True
    ):
        computed = side.one("p", kind="computed").text
        assert f"{interval['low']} to {interval['high']}%" in computed
        assert "computed" in computed
    for item, pair in zip(
        items_of(client, rule="medians-far"),
        pairs_of(page_of(client, rule="medians-far")),
        strict=True,
    ):
        assert f"{item['computed']['ratio']:g} times" in pair.one("p", kind="reason").text


def test_the_reason_names_what_both_directions_are_about(client: httpx.Client) -> None:
    page = page_of(client, rule="opposed-directions", drug="ifosfamide")
    reasons = [each.one("p", kind="reason").text for each in pairs_of(page)]
    assert any("ifosfamide added to what both sides got" in reason for reason in reasons)
    assert any("doxorubicin with ifosfamide" in reason for reason in reasons)
    doses = page_of(client, rule="opposed-directions", endpoint="ProgressionFreeSurvivalRate")
    (pair,) = pairs_of(doses)
    assert "imatinib 800 mg against imatinib 400 mg" in pair.one("p", kind="reason").text


def test_nobody_is_called_right(client: httpx.Client) -> None:
    for pair in pairs_of(page_of(client)):
        words = pair.text.casefold()
        for verdict in ("is right", "is wrong", "more reliable", "better evidence", "trust"):
            assert verdict not in words


@pytest.mark.parametrize(
    "asked",
    [
        {"drug": "imatinib"},
        {"histology": "GIST"},
        {"histology": "sarcoma"},
        {"endpoint": "ProgressionFreeSurvivalRate"},
        {"rule": "medians-far"},
        {"withinStudy": "true"},
        {"withinStudy": "false", "drug": "docetaxel"},
        {"document": "alberta-2017"},
        {"regimen": "gemcitabine and docetaxel"},
    ],
)
def test_filters_choose_as_the_interface_does(client: httpx.Client, asked: dict[str, str]) -> None:
    page = page_of(client, **asked)
    assert len(pairs_of(page)) == len(items_of(client, **asked))
    chosen = page.all("option", selected="")
    assert len(chosen) == len(asked)


def test_blank_filters_ask_for_nothing(client: httpx.Client) -> None:
    assert len(pairs_of(page_of(client, drug="", rule=" "))) == len(items_of(client))


def test_every_option_of_a_filter_finds_as_many_as_it_says(client: httpx.Client) -> None:
    for select in page_of(client).one("form", kind="filters").all("select"):
        name = select.attributes["name"]
        for option in select.all("option")[1:4]:
            count = int(option.text.rpartition("(")[2].rstrip(")"))
            value = option.attributes["value"]
            found = items_of(client, **{name: value})
            # A histology takes narrower ones along, which its count leaves out.
            assert len(found) == count or name == "histology", (name, value)


def test_pages_go_on(client: httpx.Client) -> None:
    first = page_of(client, limit="9")
    (following,) = [each for each in first.all("a") if each.attributes.get("rel") == "next"]
    second = read_page(client.get(following.attributes["href"]).text)
    anchors = [each.attributes["id"] for page in (first, second) for each in pairs_of(page)]
    assert len(anchors) == len(set(anchors)) == len(items_of(client))


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"drug": "imatinb"}, 404, "imatinib"),
        ({"rule": "who-is-right"}, 400, "rule"),
        ({"drugs": "imatinib"}, 400, "drugs"),
        ({"limit": "0"}, 400, "limit"),
    ],
)
def test_what_is_wrong_is_said(
    client: httpx.Client, asked: dict[str, str], status: int, said: str
) -> None:
    answer = client.get("/contradictions", params=asked, headers={"Accept": "text/html"})
    assert answer.status_code == status
    assert said in read_page(answer.text).one("main").text


def test_no_pair_is_said_plainly(client: httpx.Client) -> None:
    page = page_of(client, drug="trabectedin", rule="intervals-apart")
    assert pairs_of(page) == []
    assert "does not say that the documents agree" in page.one("main").text


def test_the_query_gives_the_figures_of_both_sides(client: httpx.Client) -> None:
    page = page_of(client)
    (run,) = [each for each in page.links if each.startswith("/sparql?query=")]
    rows = client.get(run, headers={"Accept": "application/sparql-results+json"}).json()
    shown = {
        row["result"]["value"]: tuple(
            row.get(name, {}).get("value") for name in ("value", "responders", "evaluable")
        )
        for row in rows["results"]["bindings"]
    }
    for item in items_of(client):
        for finding in item["findings"]:
            stated = (finding.get(name) for name in ("asPrinted", "responders", "evaluable"))
            figures = tuple(None if each is None else str(each) for each in stated)
            assert shown[finding["iri"]] == figures


def test_hostile_labels_stay_text(tmp_path: Path) -> None:
    with serving_hostile(tmp_path) as address:
        answer = httpx.get(f"{address}/contradictions")
        assert answer.status_code == 200
        page = read_page(answer.text)
        assert len(pairs_of(page)) >= 1
        check_harmless(page)


def check_harmless(page: Element) -> None:
    """No label became an element, an attribute or an address."""
    main = page.one("main")
    assert main.all("script") == []
    assert not any(name.startswith("on") for each in main.all() for name in each.attributes)
    assert all(link.startswith(("/", "#", "https://")) for link in main.links)
    assert "<script>alert(1)</script>" in main.text
    assert "{{ 7*7 }}" in main.text


def test_an_empty_graph_has_no_pairs(tmp_path: Path) -> None:
    snapshot = snapshot_of(Store(), tmp_path)
    with running(create_app(settings_of(tmp_path), engine_of(snapshot, workers=1))) as address:
        answer = httpx.get(f"{address}/contradictions")
        assert answer.status_code == 200
        assert "No pair of findings" in read_page(answer.text).one("main").text
