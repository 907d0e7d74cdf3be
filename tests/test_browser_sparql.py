"""The SPARQL page in a browser: asked, completed, shared, marked, drawn; and hostile answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store
from serving import engine_of, running, settings_of, snapshot_of

from api.application import create_app

Check = Callable[[Page], None]
Keep = Callable[[Page, str], None]

EVIL = "<img src=x onerror=\"document.title='hit'\"><script>document.title='hit'</script>"
SHOWN = ".tabPanel.active .yasr_results"
MALICE: tuple[Literal | NamedNode | BlankNode, ...] = (
    Literal(EVIL),
    Literal("{{name}}"),
    Literal("a\u202ecba"),
    Literal("x" * 100_000),
    NamedNode("javascript:document.title='hit'"),
    NamedNode("data:text/html,hit"),
    NamedNode("https://w3id.org/sarcoma-kg//elsewhere.example/"),
    BlankNode("b"),
)


@pytest.fixture
def faulty(chromium: Browser) -> Iterator[Page]:
    """A page whose queries may fail, which the console of a browser reports as an error."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def open_query(tab: Page, site: str, query: str) -> None:
    tab.goto(f"{site}/sparql#query={quote(query, safe='')}")
    expect(tab.locator(SHOWN)).not_to_be_empty()


def texts(tab: Page, selector: str) -> list[str]:
    return tab.locator(selector).all_inner_texts()


def test_the_editor_asks_and_shows_rows(
    tab: Page, site: str, check_accessibility: Check, screenshot: Keep
) -> None:
    foreign: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((site, "data:", "blob:")):
            foreign.append(request.url)

    tab.on("request", note)
    tab.goto(f"{site}/sparql")
    expect(tab.locator("#sparql-form")).to_be_hidden()
    tab.get_by_role("button", name="Run query").click()
    expect(tab.get_by_role("link", name="drug:imatinib")).to_have_attribute(
        "href", f"{site}/drug/imatinib"
    )
    assert "#query=SELECT" in tab.url
    check_accessibility(tab)
    screenshot(tab, "sparql")
    assert foreign == []


def test_completion_offers_what_the_graph_has(
    tab: Page, site: str, check_accessibility: Check
) -> None:
    tab.goto(f"{site}/sparql")
    tab.locator(".CodeMirror-lines").click()
    tab.keyboard.press("Control+a")
    tab.keyboard.type("SELECT * { ?d :inhi")
    hints = tab.locator(".CodeMirror-hints li")
    expect(hints.first).to_contain_text(":inhibits")
    check_accessibility(tab)
    tab.keyboard.press("Enter")
    tab.keyboard.type(" target:ki")
    expect(hints.first).to_contain_text("target:kit", timeout=15_000)
    tab.keyboard.press("Enter")
    tab.keyboard.type(" ; a :KITI")
    expect(hints.first).to_contain_text(":KITInhibitor")
    tab.keyboard.press("Enter")
    tab.keyboard.type(" }")
    tab.keyboard.press("Control+Enter")
    expect(tab.locator(f"{SHOWN} tbody tr").first).to_be_visible()
    # What the server knows undeclared is no fault, and declared on demand.
    expect(tab.locator(".parseErrorIcon")).to_have_count(0)
    tab.get_by_role("button", name="Declare prefixes").click()
    expect(tab.locator(".tabPanel.active .CodeMirror-code")).to_contain_text("PREFIX target:")


def test_prefixes_are_completed_from_ours(tab: Page, site: str) -> None:
    tab.goto(f"{site}/sparql")
    tab.locator(".CodeMirror-lines").click()
    tab.keyboard.press("Control+a")
    tab.keyboard.type("PREFIX hist")
    expect(tab.locator(".CodeMirror-hints li").first).to_have_text(
        "histology: <https://w3id.org/sarcoma-kg/histology/>"
    )


def test_examples_are_found_and_fill_a_tab(
    tab: Page, site: str, check_accessibility: Check, screenshot: Keep
) -> None:
    tab.goto(f"{site}/sparql")
    tab.get_by_label("Find among").fill("milligrams imatinib")
    examples = tab.locator("#sparql-examples li:not([hidden]) a.example")
    expect(examples).to_have_count(1)
    name = examples.inner_text()
    examples.click()
    expect(tab.locator(".tabsList .tab.active")).to_contain_text(name[:30])
    expect(tab.locator(f"{SHOWN} tbody tr")).to_have_count(8)
    tab.get_by_label("Filter rows").fill("desmoid")
    expect(tab.locator(f"{SHOWN} tbody tr")).to_have_count(1)
    check_accessibility(tab)
    screenshot(tab, "sparql-example")
    tab.get_by_role("button", name="New query").click()
    expect(tab.locator(".tabsList .tab")).to_have_count(2)


def test_a_fault_is_marked_at_its_place(
    faulty: Page, site: str, check_accessibility: Check, screenshot: Keep
) -> None:
    open_query(faulty, site, "SELECT ?x WHERE {\n  ?x a :Drug .\n  FILTR (?x > 1)\n}")
    fault = faulty.get_by_role("region", name="What went wrong")
    expect(fault).to_contain_text("FILTER")
    expect(faulty.locator(".fault-mark")).to_have_text("FILTR")
    expect(fault.get_by_role("button")).to_have_text(re.compile("line 3, column 3"))
    assert faulty.evaluate("document.activeElement.closest('.CodeMirror') !== null")
    check_accessibility(faulty)
    screenshot(faulty, "sparql-fault")
    faulty.keyboard.type("x")
    expect(faulty.locator(".fault-mark")).to_have_count(0)


def test_a_fault_behind_wide_characters_is_marked_where_it_is(faulty: Page, site: str) -> None:
    open_query(faulty, site, 'SELECT * { ?s ?p "\U0001f9ec\U0001f9ec" . FILTR (1) }')
    expect(faulty.locator(".fault-mark")).to_have_text("FILTR")


def test_rows_are_sorted_by_their_values(tab: Page, site: str) -> None:
    open_query(tab, site, "SELECT ?n { VALUES ?n { 10 9 100 } }")
    head = tab.get_by_role("columnheader")
    for direction, wanted in (
        ("ascending", ["9", "10", "100"]),
        ("descending", ["100", "10", "9"]),
    ):
        head.get_by_role("button").click()
        expect(head).to_have_attribute("aria-sort", direction)
        assert texts(tab, f"{SHOWN} tbody td") == wanted


def test_triples_are_a_table_and_a_picture(
    tab: Page, site: str, check_accessibility: Check, screenshot: Keep
) -> None:
    open_query(tab, site, "DESCRIBE target:kit")
    rows = tab.locator(f"{SHOWN} tbody tr").count()
    assert rows > 5
    tab.get_by_role("button", name="Graph", exact=True).click()
    node = tab.get_by_role("button", name="KIT", exact=False).and_(tab.locator(".node")).first
    node.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator(".graph .chosen")).to_contain_text("rdfs:label")
    check_accessibility(tab)
    screenshot(tab, "sparql-graph")
    tab.get_by_role("button", name="Download", exact=True).click()
    expect(tab.locator(".downloads a")).to_have_count(7)
    with tab.expect_download() as started:
        tab.get_by_role("link", name="N-Triples").click()
    written = Path(started.value.path()).read_text(encoding="utf-8")
    assert len(written.splitlines()) == rows


def test_a_truth_value_is_shown_and_every_format_of_rows_offered(tab: Page, site: str) -> None:
    open_query(tab, site, "ASK { drug:imatinib :inhibits target:kit }")
    expect(tab.locator(SHOWN)).to_have_text("true")
    tab.get_by_role("button", name="Download", exact=True).click()
    for each in ("json", "xml", "csv", "tsv", "html"):
        expect(tab.locator(f".downloads a[href$='format={each}']")).to_have_count(1)


def test_a_shared_link_changes_nothing_and_asks_nobody_else(tab: Page, site: str) -> None:
    tab.goto(f"{site}/sparql#query=DROP%20ALL&endpoint=https%3A%2F%2Felsewhere.example%2F")
    expect(tab.locator(".tabPanel.active .CodeMirror-code")).to_contain_text("DROP ALL")
    tab.wait_for_timeout(300)
    expect(tab.locator(SHOWN)).to_be_empty()
    tab.get_by_role("button", name="Share query").click()
    assert tab.get_by_label("Address of this query").input_value().endswith("#query=DROP%20ALL")


def test_a_link_opened_on_the_page_fills_a_tab(tab: Page, site: str) -> None:
    tab.goto(f"{site}/sparql")
    expect(tab.locator(".tabsList .tab")).to_have_count(1)
    tab.evaluate("location.hash = 'query=ASK+%7B%7D'")
    expect(tab.locator(SHOWN)).to_have_text("true")
    expect(tab.locator(".tabPanel.active .CodeMirror-code")).to_contain_text("ASK {}")


def test_the_tab_key_leaves_the_editor(tab: Page, site: str) -> None:
    tab.goto(f"{site}/sparql")
    tab.locator(".CodeMirror-lines").click()
    for _ in range(3):
        tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.closest('.CodeMirror-code') === null")
    assert tab.locator(".tabPanel.active .CodeMirror textarea").evaluate(
        "each => each !== document.activeElement"
    )


def test_without_scripts_the_form_asks(chromium: Browser, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/sparql")
    page.get_by_label("Query", exact=True).fill("ASK {}")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("true")
    page.goto(f"{site}/sparql")
    page.locator("a.example").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rows")
    context.close()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server whose literals and IRIs would do harm, were they no mere texts."""
    store, home = Store(), tmp_path_factory.mktemp("hostile")
    subject = NamedNode("https://w3id.org/sarcoma-kg/drug/evil")
    for number, each in enumerate(MALICE):
        store.add(Quad(subject, NamedNode(f"https://w3id.org/sarcoma-kg/ontology/p{number}"), each))
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    store.add(Quad(subject, label, Literal(EVIL)))
    snapshot = snapshot_of(store, home)
    with running(create_app(settings_of(home), engine_of(snapshot))) as found:
        yield found


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_hostile_answers_are_texts(tab: Page, hostile: str, query: str) -> None:
    open_query(tab, hostile, query)
    views = ["Table", "Response"] + (["Graph"] if query.startswith("CONSTRUCT") else [])
    for view in views:
        tab.get_by_role("button", name=view, exact=True).click()
        expect(tab.locator(SHOWN)).not_to_be_empty()
        assert tab.locator(f"{SHOWN} img, {SHOWN} script").count() == 0
        for node in tab.locator(".node").all():
            node.dispatch_event("click")
        addresses = tab.eval_on_selector_all(f"{SHOWN} a", "all => all.map(each => each.href)")
        assert all(each.startswith(("http://", "https://")) for each in addresses)
        assert not any(
            each.startswith(("http://elsewhere", "https://elsewhere")) for each in addresses
        )
    tab.get_by_role("button", name="Table", exact=True).click()
    expect(tab.locator(SHOWN)).to_contain_text("{{name}}")
    expect(tab.locator(SHOWN)).to_contain_text("javascript:document.title")
    assert tab.title() != "hit"


def test_hostile_answers_as_pages_are_texts(
    tab: Page, hostile: str, check_accessibility: Check
) -> None:
    tab.goto(f"{hostile}/sparql?query={quote('SELECT * { ?s ?p ?o }')}")
    assert tab.locator("main img, main script").count() == 0
    addresses = tab.eval_on_selector_all("main a", "all => all.map(each => each.href)")
    assert all(each.startswith((hostile, "http://", "https://")) for each in addresses)
    assert f"{hostile}/drug/evil" in addresses
    assert tab.title().startswith("Rows ")
    check_accessibility(tab)
