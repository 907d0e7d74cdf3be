"""Drugs and arms side by side: the numbers of the JSON interface, and what may not be compared."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from hostile_findings import serving_hostile
from page_tree import Element, read_page, squeezed
from pyoxigraph import Store
from serving import engine_of, running, settings_of, snapshot_of
from test_pages_contradictions import check_harmless

from api.application import create_app

Json = dict[str, Any]
Asked = list[tuple[str, str]]
ARMS = [
    ("arm", "study:alberta-2017-geddis/arm/doxorubicin"),
    ("arm", "study:alberta-2017-geddis/arm/gemcitabine-docetaxel"),
]


def page_of(client: httpx.Client, asked: Asked, status: int = 200) -> Element:
    answer = client.get("/compare", params=tuple(asked))
    assert answer.status_code == status, answer.text[:500]
    return read_page(answer.text)


def list_of(client: httpx.Client, kind: str, **asked: str) -> list[Json]:
    answer = client.get(f"/api/v1/{kind}", params={"limit": "1000", **asked})
    found: list[Json] = answer.json()["items"]
    return found


def drugs(*names: str, histology: str = "") -> Asked:
    tumour = [("histology", histology)] if histology else []
    return [("drug", name) for name in names] + tumour


@pytest.mark.parametrize(
    ("names", "histology"),
    [
        (("imatinib", "sunitinib"), "GIST"),
        (("gemcitabine", "doxorubicin", "docetaxel"), "leiomyosarcoma"),
        (("trabectedin", "dacarbazine"), ""),
    ],
)
def test_every_result_of_each_drug_is_there(
    client: httpx.Client, names: tuple[str, ...], histology: str
) -> None:
    page = page_of(client, drugs(*names, histology=histology))
    heads = page.all("section", kind="column-head")
    text = page.one("main").text
    for name, head in zip(names, heads, strict=True):
        asked = {"drug": name} | ({"histology": histology} if histology else {})
        found = list_of(client, "evidence", **asked)
        assert head.one("strong", kind="counts").text == str(len(found))
        for each in found:
            assert each["links"]["page"] in page.links
            assert squeezed(each.get("asPrinted", "")) in text
            for doubt in each.get("needsReview", []):
                assert squeezed(doubt) in text


def results_of(page: Element) -> dict[str, str]:
    """Return the figures of each result below the endpoints, by the address of its record."""
    return {each.one("div", kind="what").links[0]: each.text for each in page.all(kind="result")}


def test_counts_and_computed_intervals_stand_beside_a_result(client: httpx.Client) -> None:
    page = page_of(client, drugs("imatinib", "sunitinib", histology="GIST"))
    shown = results_of(page)
    counted = 0
    for each in list_of(client, "evidence", drug="imatinib", histology="GIST"):
        if {"responders", "evaluable"} <= each.keys() and each["links"]["page"] in shown:
            counted += 1
            text = shown[each["links"]["page"]]
            assert f"{each['responders']}/{each['evaluable']}" in text
            assert "exact 95% interval" in text
            assert "computed here" in text
    assert counted > 3


def test_swapping_sides_keeps_the_numbers(client: httpx.Client) -> None:
    page = page_of(client, drugs("gemcitabine", "doxorubicin", histology="sarcoma"))
    (address,) = [
        each.attributes["href"] for each in page.all("a") if each.text.startswith("⇄ Swap")
    ]
    assert parse_qsl(urlsplit(address).query)[:2] == drugs("doxorubicin", "gemcitabine")
    swapped = read_page(client.get(address).text)
    assert results_of(page) == results_of(swapped)
    assert statistics_of(page) == statistics_of(swapped)
    first, second = (
        [each.text for each in one.all("h4") if each.text in ("gemcitabine", "doxorubicin")][:2]
        for one in (page, swapped)
    )
    assert first == second[::-1]


def statistics_of(page: Element) -> list[tuple[str, str]]:
    """Return the statistics of the comparisons that studies made, each with its reference."""
    return [
        (
            " ".join(line.text for line in head.all("p", kind="statistic")),
            " ".join(
                side.one("h4").text
                for side in head.all("section", kind="side")
                if "reference arm" in side.text
            ),
        )
        for head in page.all("article", kind="head")
    ]


def test_a_hazard_ratio_names_the_reference_arm(client: httpx.Client) -> None:
    page = page_of(client, drugs("gemcitabine", "doxorubicin", histology="sarcoma"))
    with_ratio = [each for each in statistics_of(page) if "hazard ratio" in each[0]]
    assert len(with_ratio) == 3
    for said, reference in with_ratio:
        assert "relative to the reference arm, doxorubicin" in said
        assert reference.startswith("doxorubicin")


def test_a_comparison_of_one_study_comes_first_with_both_sides(client: httpx.Client) -> None:
    page = page_of(client, drugs("gemcitabine", "doxorubicin", histology="sarcoma"))
    main = page.one("main").text
    assert main.index("Compared by one study") < main.index("Results by endpoint")
    head = next(
        each
        for each in page.all("article", kind="head")
        if "Progression-free at 24 weeks" in each.one("h3").text
    )
    (item,) = [
        each
        for each in list_of(client, "comparisons", drug="gemcitabine")
        if each["label"].startswith("Progression-free at 24 weeks")
    ]
    sides = item["comparison"]["sides"]
    for side, shown in zip(sides, head.all("section", kind="side"), strict=True):
        for result in side["results"]:
            assert result["asPrinted"] in shown.text
    assert f"hazard ratio {item['hazardRatio']}" in head.text
    assert item["pAsPrinted"] in head.text
    assert item["finding"][0]["label"] in head.text


def test_a_drug_added_to_the_other_is_no_head_to_head(client: httpx.Client) -> None:
    page = page_of(client, drugs("doxorubicin", "ifosfamide", histology="sarcoma"))
    kinds = [each.one("span", kind="kind").text for each in page.all("article", kind="head")]
    assert set(kinds) == {"one added to the other"}
    gemcitabine = page_of(client, drugs("gemcitabine", "doxorubicin", histology="sarcoma"))
    heads = gemcitabine.all("article", kind="head")
    assert heads[0].one("span", kind="kind").text == "head to head"


def test_the_same_drug_in_two_doses_is_no_comparison_of_two_drugs(client: httpx.Client) -> None:
    page = page_of(client, drugs("imatinib", "sunitinib", histology="GIST"))
    assert page.all("article", kind="head") == []
    assert "No study of this snapshot reports a comparison" in page.one("main").text


def test_different_studies_are_said_not_to_be_comparable(client: httpx.Client) -> None:
    page = page_of(client, drugs("imatinib", "sunitinib", histology="GIST"))
    bases = [each.text for each in page.all("p", kind="basis")]
    assert bases
    for basis in bases:
        said = ("not comparable directly", "one study", "several at once")
        assert any(each in basis for each in said)


def test_results_on_both_drugs_at_once_stand_in_no_column(client: httpx.Client) -> None:
    page = page_of(client, drugs("gemcitabine", "docetaxel", histology="leiomyosarcoma"))
    both = {
        each["links"]["page"]
        for each in list_of(client, "evidence", drug="gemcitabine", histology="leiomyosarcoma")
        if {"drug:gemcitabine", "drug:docetaxel"} <= {one["id"] for one in each["aboutDrug"]}
    }
    together = {
        result.one("div", kind="what").links[0]
        for part in page.all(kind="together")
        for result in part.all(kind="result")
    }
    in_heads = {head.one("h3").links[0] for head in page.all("article", kind="head")}
    assert both == together | (in_heads & both)
    assert len(together) > 3


def test_what_is_inherited_says_so(client: httpx.Client) -> None:
    page = page_of(client, drugs("gemcitabine", "doxorubicin", histology="sarcoma"))
    shown = results_of(page)
    for each in list_of(client, "evidence", drug="gemcitabine", histology="sarcoma"):
        if text := shown.get(each["links"]["page"]):
            assert ("inherited" in text) == (each["match"] == "inherited")


def test_plots_of_an_endpoint_have_one_scale(client: httpx.Client) -> None:
    page = page_of(client, drugs("gemcitabine", "doxorubicin", histology="sarcoma"))
    compared = 0
    for endpoint in page.all("section", kind="endpoint"):
        axes = [axis.text for axis in endpoint.all("svg", kind="strip-axis")]
        assert len(set(axes)) <= 1
        compared += len(axes) > 1
    assert compared > 2


def test_a_point_stands_where_its_percentage_is(client: httpx.Client) -> None:
    page = page_of(client, drugs("gemcitabine", "doxorubicin", histology="sarcoma"))
    shown = {
        each.one("div", kind="what").links[0]: each.all("circle")
        for each in page.all(kind="result")
    }
    checked = 0
    for each in list_of(client, "evidence", drug="doxorubicin", histology="sarcoma"):
        circles = shown.get(each["links"]["page"], [])
        if circles and {"responders", "evaluable"} <= each.keys():
            share = 100 * each["responders"] / each["evaluable"]
            assert abs(float(circles[0].attributes["cx"].rstrip("%")) - share) < 0.01
            checked += 1
    assert checked > 3


@pytest.mark.parametrize(
    ("anchor", "kinds"),
    [
        ("contraindications", ("contraindications", "precautions")),
        ("approvals", ("approvals", "funding")),
    ],
)
def test_cautions_and_decisions_are_those_of_the_lists(
    client: httpx.Client, anchor: str, kinds: tuple[str, ...]
) -> None:
    names = ("dacarbazine", "trabectedin", "doxorubicin")
    page = page_of(client, drugs(*names))
    shown = stated_below(page, anchor)
    listed = {
        each["links"]["page"]
        for kind in kinds
        for name in names
        for each in list_of(client, kind, drug=name)
    }
    assert shown == listed
    assert listed


def stated_below(page: Element, anchor: str) -> set[str]:
    """Return the records that the table below a heading links to."""
    inside = page.one("main").inside
    elements = [each for each in inside if isinstance(each, Element)]
    start = next(
        place for place, each in enumerate(elements) if each.attributes.get("id") == anchor
    )
    table = next(each for each in elements[start:] if "scroll" in each.attributes.get("class", ""))
    return {stated.links[0] for stated in table.all("div", kind="stated")}


def test_recommendations_are_those_of_the_drugs_and_their_classes(client: httpx.Client) -> None:
    page = page_of(client, drugs("pazopanib", "doxorubicin", histology="soft tissue sarcoma"))
    shown = stated_below(page, "recommendations")
    listed = {
        each["links"]["page"]
        for name in ("pazopanib", "doxorubicin")
        for each in list_of(client, "recommendations", drug=name, histology="soft tissue sarcoma")
    }
    assert listed <= shown
    others = shown - listed
    assert "/claim/alberta-2017-recommendation-13c" in others  # of the class of anthracyclines
    assert "anthracyclines" in page.one("main").text


def test_lines_of_therapy_count_what_their_links_list(client: httpx.Client) -> None:
    page = page_of(client, drugs("imatinib", "sunitinib", histology="GIST"))
    cells = [
        cell for cell in page.all("td", kind="number") if cell.links and "line=" in cell.links[0]
    ]
    assert cells
    for cell in cells:
        assert client.get(cell.links[0]).json()["total"] == int(cell.text)


@pytest.mark.parametrize("asked", [drugs("imatinib", "sunitinib", histology="GIST"), ARMS])
def test_the_query_gives_the_same_results(client: httpx.Client, asked: Asked) -> None:
    page = page_of(client, asked)
    (run,) = [each for each in page.links if each.startswith("/sparql?query=")]
    rows = client.get(run, headers={"Accept": "application/sparql-results+json"}).json()
    found = {httpx.URL(row["result"]["value"]).path for row in rows["results"]["bindings"]}
    shown = {
        *results_of(page),
        *(head.one("h3").links[0] for head in page.all("article", kind="head")),
    }
    assert {path.removeprefix("/sarcoma-kg") for path in found} == shown


def test_arms_of_one_study_stand_side_by_side(client: httpx.Client) -> None:
    page = page_of(client, ARMS)
    assert "Arms of one study" in page.one("main").text
    assert len(page.all("article", kind="head")) == 4
    for _, arm in ARMS:
        found = list_of(client, "evidence", arm=arm)
        assert found
        for each in found:
            assert squeezed(each.get("asPrinted", "")) in page.one("main").text


def test_arms_have_their_doses(client: httpx.Client) -> None:
    study = client.get("/api/v1/studies/study:jnccn-2007-ref-18").json()
    asked = [("arm", arm["id"]) for arm in study["arms"]]
    page = page_of(client, asked)
    for arm, head in zip(study["arms"], page.all("section", kind="column-head"), strict=True):
        assert str(arm["numberOfPatients"]) in head.text
        for dose in arm["doses"]:
            assert dose["asPrinted"] in head.text
            assert f"cycles of {dose['cycleLength']} weeks" in head.text


def test_arms_of_different_studies_are_not_comparable(client: httpx.Client) -> None:
    page = page_of(client, [ARMS[0], ("arm", "study:jnccn-2007-ref-02/arm/doxorubicin")])
    assert "Arms of different studies: not comparable directly" in page.one("main").text


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        (drugs("imatinb", "sunitinib"), "imatinib"),
        (drugs("imatinib", "sunitinib", histology="leiomyosarcom"), "leiomyosarcoma"),
        ([("arm", "gemcitabine and docetaxl"), ARMS[0]], "gemcitabine and docetaxel"),
    ],
)
def test_an_unknown_name_offers_near_ones_that_work(
    client: httpx.Client, asked: Asked, near: str
) -> None:
    page = page_of(client, asked, 404)
    note = page.one(role="alert")
    (link,) = [each for each in note.all("a") if each.text.startswith(near)][:1]
    assert client.get(link.attributes["href"]).status_code == 200
    fields = [each.attributes.get("value", "") for each in page.all("input")]
    assert asked[0][1] in fields  # what was typed is still there


def test_a_label_of_several_arms_is_told_with_their_studies(client: httpx.Client) -> None:
    page = page_of(client, [("arm", "gemcitabine and docetaxel"), ARMS[0]], 404)
    near = page.one(role="alert")
    assert len(near.links) > 1
    assert "GeDDiS" in near.text


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (drugs("imatinib", "sunitinib", "pazopanib", "trabectedin"), 200),
        (drugs("imatinib", "sunitinib", "pazopanib", "trabectedin", "eribulin"), 400),
        ([*drugs("imatinib"), *ARMS], 400),
        ([("drugs", "imatinib")], 400),
        ([("drug", "x" * 600)], 400),
        ([("histology", "GIST"), ("histology", "sarcoma")], 400),
    ],
)
def test_how_many_may_be_compared(client: httpx.Client, asked: Asked, status: int) -> None:
    assert client.get("/compare", params=tuple(asked)).status_code == status


@pytest.mark.parametrize(
    "asked",
    [
        [],
        [("drug", ""), ("drug", " "), ("histology", "")],
        drugs("imatinib"),
        drugs("imatinib", "Imatinib"),
        [("arm", ARMS[0][1])],
    ],
)
def test_less_than_two_give_the_form_with_examples(client: httpx.Client, asked: Asked) -> None:
    page = page_of(client, asked)
    assert page.all("article", kind="head") == []
    assert len(page.all("form", kind="filters")) == 2
    assert page.one("ul", kind="examples").links


def test_every_example_is_a_comparison(client: httpx.Client) -> None:
    for link in page_of(client, []).one("ul", kind="examples").links:
        page = read_page(client.get(link).text)
        assert page.all("article", kind="head"), link


def test_suggestions_are_the_names_of_the_lists(client: httpx.Client) -> None:
    page = page_of(client, [])
    offered = [each.attributes["value"] for each in page.one(id="drug-names").all("option")]
    assert offered == [each["label"] for each in list_of(client, "drugs")]
    for field in page.all("input"):
        if "list" in field.attributes:
            assert page.one(id=field.attributes["list"])


def test_wider_histologies_are_told_and_not_counted(client: httpx.Client) -> None:
    page = page_of(client, drugs("gemcitabine", "doxorubicin", histology="leiomyosarcoma"))
    note = page.one("p", kind="note").text
    assert "nothing is inferred downwards" in note
    assert re.search(r"soft tissue sarcoma \(\d+\)", note)


def test_what_a_client_holds_is_not_sent_again(client: httpx.Client) -> None:
    asked = drugs("imatinib", "sunitinib")
    tag = client.get("/compare", params=tuple(asked)).headers["etag"]
    again = client.get("/compare", params=tuple(asked), headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    refused = client.get("/compare", params=tuple(drugs("imatinb", "sunitinib")))
    assert "etag" not in refused.headers


def test_hostile_labels_stay_text(tmp_path: Path) -> None:
    with serving_hostile(tmp_path) as address:
        for asked in (
            drugs("drug:evil-1", "drug:evil-2", histology="histology:evil"),
            [("arm", "trial:evil/arm/1"), ("arm", "trial:evil/arm/2")],
            drugs("<script>alert(1)</script>", '" onmouseover="alert(2)'),
            [],
        ):
            answer = httpx.get(f"{address}/compare", params=tuple(asked))
            assert answer.status_code in (200, 404)
            check_harmless(read_page(answer.text)) if answer.status_code == 200 else None
            assert "<script>alert" not in answer.text


def test_an_empty_graph_has_nothing_to_compare(tmp_path: Path) -> None:
    snapshot = snapshot_of(Store(), tmp_path)
    with running(create_app(settings_of(tmp_path), engine_of(snapshot, workers=1))) as address:
        answer = httpx.get(f"{address}/compare")
        assert answer.status_code == 200
        assert "no drugs" in read_page(answer.text).one("main").text
        assert httpx.get(f"{address}/compare?drug=a&drug=b").status_code == 404
