"""Cards of trials, studies, regimens and recommendations: what their records state, all of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from hostile_findings import serving_hostile
from page_tree import Element, read_page, squeezed
from test_pages_contradictions import check_harmless

Json = dict[str, Any]
HTML = {"Accept": "text/html"}


def card(client: httpx.Client, address: str) -> Element:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 200, answer.text[:500]
    return read_page(answer.text)


def above(page: Element) -> str:
    """Return the text of the card without all statements below it."""
    main = page.one("main")
    below = main.one("details", id="statements")
    main.inside.remove(below)
    return main.text


def record(client: httpx.Client, kind: str, name: str) -> Json:
    found: Json = client.get(f"/api/v1/{kind}/{name}").json()
    return found


def texts(value: object) -> list[str]:
    """Return the labels, texts and numbers in a value of a record, but for what ids are made of."""
    if isinstance(value, dict):
        hidden = {"id", "iri", "type", "passage", "order", "inferred", "cites"}
        hidden |= {"relevantToHistology", "criterionKind", "timeFrameValue", "timeFrameUnit"}
        return [text for key, one in value.items() if key not in hidden for text in texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [squeezed(str(value))] if not isinstance(value, bool) else []


@pytest.mark.parametrize(
    "name", ["nct03651375", "anlotinib-postoperative-radiotherapy", "geddis", "jnccn-2007-ref-18"]
)
def test_a_trial_shows_its_whole_record(client: httpx.Client, name: str) -> None:
    kind = "studies" if "ref" in name else "trials"
    stated = record(client, kind, f"study:{name}" if "ref" in name else name)
    shown = above(card(client, stated["links"]["page"]))
    for key in ("arms", "eligibility", "outcomes", "interventions", "sites", "stoppingRules"):
        for text in texts(stated.get(key, [])):
            # Amounts stand as their document prints them.
            if not text.replace(".", "").isdigit() and text not in ("mg", "mg/m2", "g/m2"):
                assert text in shown or f"{text}s" in shown, (key, text)
    for key in ("population", "numberOfPatients", "enrolment", "startDate", "phaseAsPrinted"):
        for text in texts(stated.get(key, [])):
            assert text in shown, key
    for doubt in stated.get("needsReview", []):
        assert squeezed(doubt) in shown


def test_a_trial_leads_to_its_registry(client: httpx.Client) -> None:
    page = card(client, "/trial/nct03651375")
    (link,) = [each for each in page.links if "clinicaltrials.gov" in each]
    assert link == "https://clinicaltrials.gov/study/NCT03651375"
    assert "active, not recruiting" in above(page)


def test_a_study_shows_its_results_as_the_list_has_them(client: httpx.Client) -> None:
    page = card(client, "/study/alberta-2017-geddis")
    listed = client.get("/api/v1/evidence", params={"study": "study:alberta-2017-geddis"}).json()
    table = page.one("table", kind="evidence").text
    assert str(listed["total"]) in page.one("table", kind="evidence").one("caption").text
    for each in listed["items"]:
        assert squeezed(each.get("asPrinted", "")) in table
        assert each.get("pAsPrinted", "") in table
        assert str(each.get("hazardRatio", "")) in table


def test_a_study_plots_its_counts(client: httpx.Client) -> None:
    page = card(client, "/study/jnccn-2007-ref-03")
    listed = client.get("/api/v1/evidence", params={"study": "study:jnccn-2007-ref-03"}).json()
    counted = {
        f"{each['responders']}/{each['evaluable']}"
        for each in listed["items"]
        if {"responders", "evaluable"} <= each.keys()
    }
    plot = page.one("figure", kind="forest").text
    assert counted
    assert all(each in plot for each in counted)


def test_a_study_names_the_documents_that_report_it_with_dates(client: httpx.Client) -> None:
    stated = record(client, "studies", "study:alberta-2017-geddis")
    page = card(client, "/study/alberta-2017-geddis")
    shown = above(page)
    assert stated["source"]["document"]["label"] in shown
    assert stated["source"]["issued"] in shown
    undated = above(card(client, "/trial/anlotinib-postoperative-radiotherapy"))
    assert "no date printed" in undated


def test_the_arms_of_a_study_can_be_compared(client: httpx.Client) -> None:
    page = card(client, "/study/alberta-2017-geddis")
    (link,) = [each for each in page.links if each.startswith("/compare?")]
    assert "Arms of one study" in card(client, link).one("main").text


def test_probably_the_same_study_is_said(client: httpx.Client) -> None:
    stated = record(client, "studies", "study:alberta-2017-ref-10")
    shown = above(card(client, "/study/alberta-2017-ref-10"))
    assert stated["probablySameStudy"][0]["label"] in shown
    assert "must not be counted twice" in shown


@pytest.mark.parametrize("name", ["gemcitabine-docetaxel", "maid", "anthracycline-ifosfamide"])
def test_a_regimen_has_its_drugs_doses_and_advice(client: httpx.Client, name: str) -> None:
    stated = record(client, "regimens", f"regimen:{name}")
    page = card(client, f"/regimen/{name}")
    shown = above(page)
    for key in ("includesDrug", "includesClass", "namedIn", "supportiveMeasure", "curatorNote"):
        for text in texts(stated.get(key, [])):
            assert text in shown, key
    total = client.get("/api/v1/evidence", params={"regimen": f"regimen:{name}"}).json()["total"]
    assert (f"{total} in " if total else "none") in page.one("dl", kind="glance").text
    for each in client.get(
        "/api/v1/recommendations", params={"recommends": f"regimen:{name}"}
    ).json()["items"]:
        assert each["links"]["page"] in page.links
        assert each["strengthAsWorded"] in shown


def test_the_doses_of_a_regimen_are_those_of_its_arms(client: httpx.Client) -> None:
    shown = above(card(client, "/regimen/gemcitabine-docetaxel"))
    arms = [
        arm
        for study in client.get(
            "/api/v1/studies", params={"limit": 1000, "regimen": "regimen:gemcitabine-docetaxel"}
        ).json()["items"]
        for arm in record(client, "studies", study["id"]).get("arms", [])
        if "regimen:gemcitabine-docetaxel" in {each["id"] for each in arm.get("usesRegimen", [])}
    ]
    doses = [dose for arm in arms for dose in arm.get("doses", [])]
    assert doses
    assert all(dose["asPrinted"] in shown for dose in doses)
    assert all(arm["label"] in shown for arm in arms)


@pytest.mark.parametrize("name", ["13d", "10b", "19c", "4b", "2d", "15a"])
def test_a_recommendation_shows_its_strength_and_patients(client: httpx.Client, name: str) -> None:
    stated = record(client, "recommendations", f"claim:alberta-2017-recommendation-{name}")
    page = card(client, f"/claim/alberta-2017-recommendation-{name}")
    shown = above(page)
    hidden = {"links", "source", "snapshot", "@context", "asOfMonth", "thresholds"}
    for key in stated.keys() - hidden:
        for text in texts({key: stated[key]}):
            assert text in shown, key
    for limit in stated.get("thresholds", []):
        assert f"{limit['quantity']} {limit['asPrinted']}" in shown
    strength = page.one("dl", kind="glance").text
    assert stated.get("strengthAsWorded", "no words of advice") in strength
    assert stated["source"]["issued"] in strength


def test_cautions_of_the_recommended_drugs_are_shown(client: httpx.Client) -> None:
    page = card(client, "/claim/alberta-2017-recommendation-13d")
    for kind in ("contraindications", "precautions"):
        found = client.get(f"/api/v1/{kind}", params={"drug": "ifosfamide"}).json()["items"]
        assert found
        assert {each["links"]["page"] for each in found} <= set(page.links)


@pytest.mark.parametrize("kind", ["studies", "regimens", "recommendations"])
def test_every_tenth_record_has_a_card(client: httpx.Client, kind: str) -> None:
    listed = client.get(f"/api/v1/{kind}", params={"limit": 1000}).json()["items"]
    for each in listed[::10]:
        page = card(client, each["links"]["page"])
        assert page.one("p", kind="kind").text in (
            "Study",
            "Clinical trial",
            "Regimen",
            "Recommendation",
        )


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["studies", "regimens", "recommendations"])
def test_every_record_has_a_card(client: httpx.Client, kind: str) -> None:
    for each in client.get(f"/api/v1/{kind}", params={"limit": 1000}).json()["items"]:
        assert above(card(client, each["links"]["page"])), each["id"]


def test_the_query_of_a_recommendation_gives_what_it_shows(client: httpx.Client) -> None:
    page = card(client, "/claim/alberta-2017-recommendation-13d")
    run = next(each for each in page.links if each.startswith("/sparql?query="))
    rows = client.get(run, headers={"Accept": "application/sparql-results+json"}).json()
    (row,) = rows["results"]["bindings"]
    shown = above(page)
    assert all(row[name]["value"] in shown for name in ("strength", "histology", "line", "issued"))


def test_hostile_labels_stay_text(tmp_path: Path) -> None:
    with serving_hostile(tmp_path) as address:
        for path in ("trial/evil", "regimen/evil", "claim/evil-advice"):
            answer = httpx.get(f"{address}/{path}", headers=HTML)
            assert answer.status_code == 200, answer.text[-1500:]
            assert "<script>alert" not in answer.text
            page = read_page(answer.text)
            above(page)
            check_harmless(page)
