"""The first page and the search in a browser: found by typing, by keys, and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

Check = Callable[[Page], None]
Keep = Callable[[Page, str], None]


def test_the_home_page_tells_what_there_is(
    tab: Page, site: str, client: httpx.Client, check_accessibility: Check, screenshot: Keep
) -> None:
    tab.goto(site)
    drugs = client.get("/api/v1/drugs", params={"limit": 1}).json()["total"]
    expect(tab.get_by_role("link", name=f"{drugs} drugs")).to_be_visible()
    assert tab.locator(".questions a").count() == 5
    check_accessibility(tab)
    screenshot(tab, "home")


def test_each_question_leads_to_an_answer(tab: Page, site: str) -> None:
    tab.goto(site)
    addresses = [each.get_attribute("href") for each in tab.locator(".questions a").all()]
    for address in addresses:
        answer = tab.goto(f"{site}{address}")
        assert answer is not None
        assert answer.status == 200, address


def test_typing_suggests_and_the_keys_choose(
    tab: Page, site: str, check_accessibility: Check, screenshot: Keep
) -> None:
    tab.goto(site)
    box = tab.get_by_role("combobox")
    box.press_sequentially("leiomyosar")
    expect(tab.get_by_role("option").first).to_have_text("leiomyosarcoma histology")
    check_accessibility(tab)
    screenshot(tab, "suggestions")
    box.press("ArrowDown")
    box.press("Enter")
    tab.wait_for_url("**/histology/leiomyosarcoma")


def test_the_search_goes_on_from_page_to_page(
    tab: Page, site: str, check_accessibility: Check, screenshot: Keep
) -> None:
    tab.goto(f"{site}/search?q=sarcoma")
    first = tab.locator(".found a").first.inner_text()
    screenshot(tab, "search")
    check_accessibility(tab)
    tab.get_by_role("link", name="More").click()
    tab.wait_for_url("**cursor=**")
    assert tab.locator(".found a").first.inner_text() != first


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '" onfocus="alert(1)', "'; --"])
def test_what_is_looked_for_is_shown_as_text(tab: Page, site: str, text: str) -> None:
    tab.on("dialog", lambda dialog: pytest.fail(dialog.message))
    tab.goto(site)
    box = tab.get_by_role("combobox")
    box.fill(text)
    box.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_contain_text(text)
    expect(tab.get_by_role("combobox")).to_have_value(text)


def test_the_search_needs_no_script(chromium: Browser, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    page.get_by_label("Search drugs").fill("DTIC")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="dacarbazine", exact=True).first).to_be_visible()
    context.close()
