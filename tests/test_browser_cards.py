"""Cards in a browser: sorted by a click, filtered by a choice, reached by keys, and accessible."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

Check = Callable[[Page], None]
Keep = Callable[[Page, str], None]

PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize(
    "path",
    [
        "drug/doxorubicin?histology=leiomyosarcoma",
        "target/kit",
        "family/vegfr",
        "histology/uterine-leiomyosarcoma",
    ],
)
def test_a_card_is_accessible(
    tab: Page, site: str, path: str, check_accessibility: Check, screenshot: Keep
) -> None:
    tab.goto(f"{site}/{path}")
    check_accessibility(tab)
    screenshot(tab, path.partition("?")[0].replace("/", "-"))
    tab.set_viewport_size(PHONE)  # type: ignore[arg-type]
    tab.emulate_media(color_scheme="dark")
    check_accessibility(tab)
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def first(tab: Page, column: str) -> str:
    return tab.locator(f"table.evidence tbody td.column-{column}").first.inner_text()


def test_a_click_sorts_as_the_server_would(tab: Page, site: str) -> None:
    tab.goto(f"{site}/drug/imatinib")
    asked: list[str] = []
    tab.on("request", lambda each: asked.append(each.url) if "/assets/" not in each.url else None)
    head = tab.locator("table.evidence th.column-value")
    head.get_by_role("link").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    head.get_by_role("link").press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert not asked
    assert "sort=-value" in tab.url
    here = tab.locator("table.evidence td.column-endpoint a").all_inner_texts()
    tab.reload()
    assert tab.locator("table.evidence td.column-endpoint a").all_inner_texts() == here
    expect(tab.locator("table.evidence th.column-value")).to_have_attribute(
        "aria-sort", "descending"
    )


def test_a_filter_leaves_its_results_and_its_address(tab: Page, site: str) -> None:
    tab.goto(f"{site}/drug/doxorubicin")
    tab.get_by_label("Histology", exact=True).select_option("leiomyosarcoma")
    tab.get_by_role("button", name="Show", exact=True).click()
    tab.wait_for_url("**histology=leiomyosarcoma**")
    for each in tab.locator("table.evidence td.column-histology").all():
        assert "leiomyosarcoma" in each.inner_text()
    expect(tab.locator("#evidence [role=status]")).to_contain_text("of 60 results")
    tab.get_by_role("link", name="Show all", exact=True).click()
    expect(tab.locator("#evidence [role=status]")).to_contain_text("60 results")


def test_the_plot_is_drawn_where_the_counts_are(tab: Page, site: str) -> None:
    tab.goto(f"{site}/drug/doxorubicin")
    row = tab.locator(".forest tbody tr", has_text="15/42").first
    drawn = row.locator("svg").bounding_box()
    square = row.locator("rect.estimate").bounding_box()
    assert drawn is not None
    assert square is not None
    middle = square["x"] + square["width"] / 2 - drawn["x"]
    assert middle / drawn["width"] == pytest.approx(15 / 42, abs=0.01)


def test_what_an_address_points_into_is_unfolded(tab: Page, site: str) -> None:
    tab.goto(f"{site}/drug/imatinib#pointing")
    expect(tab.locator("#pointing")).to_be_visible()


def test_a_card_is_whole_without_scripts(chromium: Browser, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/drug/imatinib?sort=-level")
    assert first(page, "level") != ""
    page.locator("table.evidence th.column-level a").click()
    page.wait_for_url("**sort=level**")
    expect(page.locator("table.evidence th.column-level")).to_have_attribute(
        "aria-sort", "ascending"
    )
    page.get_by_text("Everything the graph says of it").click()
    expect(page.get_by_role("heading", name="What points here")).to_be_visible()
    context.close()
