"""The HTTP interface, the ontology, descriptions and problems in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Check = Callable[[Page], None]
Keep = Callable[[Page, str], None]

ROWS = "/sparql?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%2020"


def test_operations_are_found_copied_and_run(tab: Page, site: str, screenshot: Keep) -> None:
    tab.goto(f"{site}/docs")
    tab.get_by_label("Find an operation").fill("minEvaluable")
    expect(tab.locator("#docs-found")).to_have_text(re.compile(r"^\d of \d+ operations$"))
    shown = tab.locator(".operation:not([hidden])")
    expect(shown.locator("h3").first).to_contain_text("/api/v1/")
    screenshot(tab, "docs-found")
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    first = shown.first
    first.get_by_role("button", name="Copy").click()
    expect(first.get_by_role("button", name="Copied")).to_be_visible()
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("curl ")
    assert site in copied
    address = first.get_by_role("link", name="Run it").get_attribute("href")
    answer = tab.goto(f"{site}{address}")
    assert answer is not None
    assert answer.status == 200


def test_terms_of_the_ontology_are_found(tab: Page, site: str, screenshot: Keep) -> None:
    tab.goto(f"{site}/ontology")
    tab.get_by_label("Find a term").fill("inhibits member")
    found = tab.locator("#contents li li:not([hidden]) a")
    expect(found).to_have_count(1)
    found.click()
    assert tab.url.endswith("#inhibitsMemberOf")
    expect(tab.locator("#inhibitsMemberOf")).to_be_in_viewport()
    tab.set_viewport_size({"width": 1280, "height": 900})
    contents, text = (
        tab.locator("#contents").bounding_box(),
        tab.locator(".ontology").bounding_box(),
    )
    assert contents is not None
    assert text is not None
    assert contents["x"] + contents["width"] <= text["x"]


@pytest.mark.parametrize(
    "path",
    [
        *("/docs?q=search", "/downloads", "/snapshots", ROWS),
    ],
)
def test_pages_are_accessible_wide_and_narrow(
    tab: Page, site: str, path: str, check_accessibility: Check
) -> None:
    tab.goto(f"{site}{path}")
    expect(tab.get_by_role("heading", level=1)).to_have_count(1)
    check_accessibility(tab)
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.emulate_media(color_scheme="dark")
    check_accessibility(tab)
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
