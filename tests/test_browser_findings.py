"""Contradictions, comparisons and the cards of studies in a browser: by mouse, by keys, narrow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Check = Callable[[Page], None]
Keep = Callable[[Page, str], None]


def test_contradictions_are_filtered(
    tab: Page, site: str, check_accessibility: Check, screenshot: Keep
) -> None:
    tab.goto(f"{site}/contradictions")
    every = tab.locator("article.pair").count()
    tab.locator("select[name=drug]").select_option("drug:imatinib")
    tab.locator("select[name=rule]").select_option("opposed-directions")
    tab.get_by_role("button", name="Filter").click()
    tab.wait_for_url("**drug=drug%3Aimatinib**")
    assert 0 < tab.locator("article.pair").count() < every
    expect(tab.locator("select[name=drug]")).to_have_value("drug:imatinib")
    check_accessibility(tab)
    screenshot(tab, "contradictions")
    tab.get_by_role("link", name="All pairs").click()
    expect(tab.locator("article.pair")).to_have_count(every)


def test_drugs_are_chosen_and_compared(
    tab: Page, site: str, check_accessibility: Check, screenshot: Keep
) -> None:
    tab.goto(f"{site}/compare")
    check_accessibility(tab)
    screenshot(tab, "compare-form")
    tab.get_by_label("First drug").fill("trabectedin")
    tab.get_by_label("Second drug").fill("dacarbazine")
    tab.get_by_label("Histology").first.fill("leiomyosarcoma")
    tab.get_by_role("button", name="Compare drugs").press("Enter")
    tab.wait_for_url("**drug=trabectedin&drug=dacarbazine**")
    heading = tab.get_by_role("heading", level=1)
    expect(heading).to_have_text("trabectedin and dacarbazine in leiomyosarcoma")
    expect(tab.locator("article.head").first).to_contain_text("reference arm")
    check_accessibility(tab)
    screenshot(tab, "compare-drugs")
    tab.get_by_role("link", name="Swap the sides").click()
    expect(heading).to_have_text("dacarbazine and trabectedin in leiomyosarcoma")


def test_arms_are_compared_from_the_card_of_their_study(
    tab: Page, site: str, check_accessibility: Check, screenshot: Keep
) -> None:
    tab.goto(f"{site}/study/alberta-2017-geddis")
    check_accessibility(tab)
    screenshot(tab, "card-study")
    tab.get_by_role("link", name="Compare its arms").click()
    expect(tab.locator("main")).to_contain_text("Arms of one study")
    check_accessibility(tab)
    screenshot(tab, "compare-arms")


def test_a_mistyped_drug_is_mended_by_a_click(
    tab: Page, site: str, check_accessibility: Check
) -> None:
    answer = tab.request.get(f"{site}/compare?drug=imatinb&drug=sunitinib")
    assert answer.status == 404
    tab.set_content(answer.text())  # a tab would count the 404 as an error of its console
    near = tab.get_by_role("alert").get_by_role("link", name="imatinib", exact=True)
    address = near.get_attribute("href")
    tab.goto(f"{site}{address}")
    expect(tab.get_by_role("heading", level=1)).to_have_text("imatinib and sunitinib")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/trial/nct03651375", "card-trial"),
        ("/regimen/gemcitabine-docetaxel", "card-regimen"),
        ("/claim/alberta-2017-recommendation-13d", "card-recommendation"),
    ],
)
def test_cards_are_accessible(
    tab: Page, site: str, path: str, name: str, check_accessibility: Check, screenshot: Keep
) -> None:
    tab.goto(f"{site}{path}")
    check_accessibility(tab)
    screenshot(tab, name)


@pytest.mark.parametrize(
    "path",
    [
        "/contradictions",
        "/compare?drug=imatinib&drug=sunitinib&drug=pazopanib&drug=trabectedin",
        "/trial/nct03651375",
    ],
)
def test_nothing_is_wider_than_a_phone(tab: Page, site: str, path: str) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.goto(f"{site}{path}")
    assert tab.evaluate("document.documentElement.scrollWidth") == 390
