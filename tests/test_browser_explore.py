"""The explorer in a browser: by pointer, by keyboard, on a phone, in the dark, without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from browsing import PHONE
from playwright.sync_api import Browser, Page, expect

Check = Callable[[Page], None]
Keep = Callable[[Page, str], None]
PICTURE = "svg.explore[role=group]"


def test_the_explorer_is_accessible_and_can_be_looked_at(
    tab: Page, site: str, check_accessibility: Check, screenshot: Keep
) -> None:
    tab.goto(f"{site}/explore")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Explore: drugs, targets, histologies")
    check_accessibility(tab)
    screenshot(tab, "explore")
    tab.goto(f"{site}/explore?drug=trabectedin&edge=trabectedin%7Cleiomyosarcoma")
    check_accessibility(tab)
    screenshot(tab, "explore-edge")
    tab.emulate_media(color_scheme="dark")
    tab.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    check_accessibility(tab)


def test_choosing_a_thing_changes_the_view_in_place_and_keeps_the_focus(
    tab: Page, site: str
) -> None:
    tab.goto(f"{site}/explore")
    tab.evaluate("document.body.dataset.same = 'page'")
    tab.locator(f"{PICTURE} a.node.target", has_text="KIT").click()
    expect(tab).to_have_url(re.compile(r"/explore\?target=kit$"))
    expect(tab.locator("#shown")).to_contain_text("edges shown: 8 drugs")
    assert tab.evaluate("document.body.dataset.same") == "page"
    expect(tab.locator(f"{PICTURE} a.node.target.chosen")).to_be_focused()
    tab.go_back()
    expect(tab).to_have_url(re.compile(r"/explore$"))
    expect(tab.locator("#shown")).to_contain_text("12 drugs")


def test_an_edge_is_opened_by_the_keyboard_and_its_statements_are_read_next(
    tab: Page, site: str
) -> None:
    tab.goto(f"{site}/explore?drug=imatinib&histology=GIST")
    tab.locator(f"{PICTURE} a.edge.pair").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#claims-title")).to_be_focused()
    expect(tab.locator("#claims-title")).to_have_text("imatinib in gastrointestinal stromal tumour")
    expect(tab).to_have_url(re.compile("edge=drug%3Aimatinib"))
    expect(tab.locator("#shown")).to_contain_text("are listed")
    expect(tab.locator("#claims table.evidence tbody")).to_have_count(36)
    tab.get_by_role("link", name="Close").click()
    expect(tab.locator("#claims")).to_have_count(0)


def test_the_form_takes_names_and_says_what_it_does_not_know(tab: Page, site: str) -> None:
    tab.goto(f"{site}/explore")
    tab.get_by_label("Histology", exact=True).fill("GIST")
    tab.get_by_role("button", name="Show").click()
    expect(tab).to_have_url(re.compile(r"/explore\?histology=GIST$"))
    expect(tab.locator("#shown")).to_contain_text("1 histology")
    tab.get_by_label("Target or family").select_option("kit")
    tab.get_by_role("button", name="Show").click()
    expect(tab).to_have_url(re.compile("histology=GIST&target=kit"))
    tab.get_by_role("link", name=re.compile("target KIT.*remove")).click()
    expect(tab).to_have_url(re.compile(r"/explore\?histology=GIST$"))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_name_that_means_nothing_gets_near_ones(
    chromium: Browser, site: str, scripts: bool
) -> None:
    with chromium.new_context(java_script_enabled=scripts) as context:
        tab = context.new_page()
        tab.goto(f"{site}/explore")
        tab.get_by_label("Drug", exact=True).fill("imatinb")
        tab.get_by_role("button", name="Show").click()
        expect(tab.get_by_role("alert")).to_contain_text("is not known as a drug")
        tab.get_by_role("alert").get_by_role("link", name="imatinib").click()
        expect(tab.locator("#shown")).to_contain_text("1 drug,")


def test_what_belongs_together_lights_up(tab: Page, site: str) -> None:
    tab.goto(f"{site}/explore?target=KIT")
    picture = tab.locator(PICTURE)
    tab.locator(f"{PICTURE} a.node.drug", has_text="nilotinib").hover()
    expect(picture).to_have_class(re.compile("lit"))
    near = picture.locator("a.near")
    assert {"nilotinib", "KIT"} <= {
        each.strip() for each in near.locator("rect + text").all_text_contents()
    }
    expect(picture.locator("a.node.drug.near")).to_have_count(1)
    tab.locator("h1").hover()
    expect(picture).not_to_have_class(re.compile("lit"))


def test_a_phone_has_lists_with_counts_and_nothing_beyond_its_edge(tab: Page, site: str) -> None:
    tab.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    for address in ("/explore", "/explore?target=KIT&edge=imatinib%7CGIST"):
        tab.goto(site + address)
        expect(tab.locator(PICTURE)).to_be_hidden()
        assert tab.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    pairs = tab.get_by_role("heading", name=re.compile("Drugs in histologies")).locator("..")
    expect(pairs.get_by_role("link", name=re.compile("^imatinib in gastro"))).to_contain_text(
        "14 for · 3 against · 19 inconclusive"
    )
    small = tab.evaluate(
        "[...document.querySelectorAll('.stack a, .pick, .chip, .ask button')]"
        ".filter(each => each.getBoundingClientRect().height < 44).length"
    )
    assert small == 0


def test_no_text_of_the_picture_is_wider_than_its_box(tab: Page, site: str) -> None:
    tab.goto(f"{site}/explore?show=all")
    wide = tab.evaluate(
        """() => [...document.querySelectorAll('svg.explore .node, svg.explore .edge.pair')]
        .filter(each => {
          const box = each.querySelector('rect').getBoundingClientRect();
          return [...each.querySelectorAll(':scope > text')]
            .some(text => text.getBoundingClientRect().right > box.right);
        }).map(each => each.textContent.trim())"""
    )
    assert wide == []
