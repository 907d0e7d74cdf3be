"""The explorer: what it shows is what the paths and the evidence say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store
from serving import ONTOLOGY, engine_of, running, settings_of, snapshot_of

from api.application import create_app

PATHS = "/api/v1/paths"
ROOT = "https://w3id.org/sarcoma-kg/"
HTML = {"Accept": "text/html"}
VIEWS: tuple[dict[str, Any], ...] = (
    {},
    {"drug": "imatinib"},
    {"target": "KIT"},
    {"family": "VEGFR"},
    {"target": ["VEGFR", "PDGFR", "KIT"], "kind": "tested"},
    {"histology": "GIST"},
    {"histology": "leiomyosarcoma", "as_of": "2007"},
    {"drug": ["imatinib", "sunitinib"], "histology": "GIST", "kind": "mechanism"},
)
Page = Callable[..., str]


@pytest.fixture
def page(client: httpx.Client) -> Page:
    def fetch(**given: Any) -> str:
        answer = client.get("/explore", params=given, headers=HTML)
        assert answer.status_code == 200, answer.text
        return answer.text

    return fetch


def rows(text: str, caption: str) -> list[str]:
    """The rows of the table with a caption."""
    found = re.search(rf"<caption>{caption}.*?<tbody>(.*?)</tbody>", text, re.DOTALL)
    return re.findall(r"<tr.*?</tr>", found[1], re.DOTALL) if found else []


def pairs(text: str) -> dict[tuple[str, str], dict[str, int]]:
    """What the table says of each drug in each histology: results by side."""
    found = {}
    for row in rows(text, "Drugs in histologies"):
        drug, histology = re.findall(r'href="/(?:drug|histology)/([^"]+)"', row)[:2]
        sides = {
            head.lower(): int(count)
            for head, count in re.findall(r'data-head="(\w+)">(\d+)<', row)
            if head in ("For", "Against", "Inconclusive")
        }
        found[drug, histology] = sides
    return found


def asked(text: str) -> str:
    """The address of the same paths as JSON."""
    return unescape(re.findall(r'href="(/api/v1/paths[^"]*)"', text)[0])


def answered(client: httpx.Client, text: str, fields: str) -> list[Any]:
    address = f"{asked(text)}&limit=1000&fields={fields}"
    answer = client.get(address, timeout=60).json()
    assert "next" not in answer
    found: list[Any] = answer["paths"]
    return found


def ends(path: Any) -> tuple[str, str]:
    drug, histology = (path[key]["id"].partition(":")[2] for key in ("drug", "histology"))
    return drug, histology


@pytest.mark.parametrize("given", VIEWS, ids=str)
def test_the_counts_are_those_of_the_paths(client: httpx.Client, page: Page, given: Any) -> None:
    text = page(**given, show="all")
    shown = pairs(text)
    paths = answered(client, text, "evidence")
    assert {ends(path) for path in paths} == set(shown)
    for path in paths:
        counted = {side: len(items) for side, items in path["evidence"].items()}
        assert shown[ends(path)] == counted


@pytest.mark.parametrize("pair", [("imatinib", "gastrointestinal-stromal-tumour"),
                                  ("gemcitabine", "sarcoma"), ("trabectedin", "liposarcoma"),
                                  ("pazopanib", "non-adipocytic-soft-tissue-sarcoma")])  # fmt: skip
def test_the_counts_are_those_of_the_evidence(
    client: httpx.Client, page: Page, pair: tuple[str, str]
) -> None:
    drug, histology = pair
    shown = pairs(page(drug=drug, histology=histology, show="all"))[pair]
    given = {"drug": drug, "histology": histology, "limit": "1"}
    assert client.get("/api/v1/evidence", params=given).json()["total"] == sum(shown.values())


@pytest.mark.parametrize("given", [{}, {"target": "KIT"}, {"drug": "doxorubicin"}], ids=str)
def test_the_tables_say_the_same_as_the_picture(page: Page, given: Any) -> None:
    text = page(**given)
    drawn = re.findall(r'class="edge (\w+)[^"]*" href="([^"]+)"', text)
    tables = ("Drugs in histologies", "What drugs act on", "Targets in histologies")
    listed = [row for caption in tables for row in rows(text, caption)]
    assert len(drawn) == len(listed) > 0
    linked = {address for row in listed for address in re.findall(r'href="(/explore[^"]+)"', row)}
    assert {address for _, address in drawn} == linked
    assert f"{len(drawn)} edges shown" in text
    for row, (_, sentence) in zip(
        listed, re.findall(r'class="edge (pair)[^>]*aria-label="([^"]+)"', text), strict=False
    ):
        for side, count in re.findall(r'data-head="(For|Against)">([1-9]\d*)<', row):
            assert f"{count} {side.lower()}" in sentence


def test_the_statements_behind_an_action_are_those_of_the_paths(
    client: httpx.Client, page: Page
) -> None:
    text = page(drug="anlotinib", family="PDGFR")
    for path in answered(client, text, "edges"):
        (action,) = [edge for edge in path["edges"] if edge["kind"] == "action"]
        claims = {claim["id"] for claim in action["claims"]}
        shown = page(drug="anlotinib", family="PDGFR", edge=f"anlotinib|{action['object']}")
        for claim in claims:
            assert f'href="/{claim.replace(":", "/", 1)}"' in shown


def test_a_family_is_inferred_from_its_members_only(page: Page) -> None:
    shown = rows(page(family="VEGFR"), "What drugs act on")
    how = {
        tuple(re.findall(r"/(?:drug|target|family)/([\w-]+)", row)[:2]): re.findall(
            r'data-head="How">([^<]+)', row
        )[0]
        for row in shown
    }
    assert how["sunitinib", "vegfr"] == "acts on it"
    assert how["anlotinib", "vegfr"] == "inferred: acts on a member of the family"
    assert how["anlotinib", "vegfr3"] == "acts on it"
    assert not [ends for ends in how if ends[0] == "sunitinib" and ends[1] != "vegfr"]
    note = "It is inferred from what documents say of a member"
    assert note in page(family="VEGFR", edge="anlotinib|VEGFR")


def test_an_edge_lists_its_results_with_their_figures_and_places(
    client: httpx.Client, page: Page
) -> None:
    text = page(drug="imatinib", histology="GIST", edge="imatinib|GIST")
    (path, *_) = answered(client, text, "evidence")
    results = [result for items in path["evidence"].values() for result in items]
    panel = text[text.index('id="claims"') : text.index('id="table"')]
    assert len(results) == 36
    for result in results:
        assert f'href="/{result["id"].replace(":", "/", 1)}"' in panel
        if "asPrinted" in result:
            assert f">{result['asPrinted']}<" in unescape(panel)
        if result["n"] is not None and result["N"] is not None:
            assert f"{result['n']}/{result['N']}" in panel
    sides = ("for", "against", "inconclusive")
    counted = [len(path["evidence"][side]) for side in sides]
    marks = [len(re.findall(rf"</span> {side}</span>", panel)) for side in sides]
    assert marks == counted
    assert "compare the drug with itself" in panel
    assert 'datetime="2007"' in panel or ">2007<" in panel
    assert "Mechanism: a hypothesis" in panel
    assert "treats" not in panel


def test_an_edge_lists_cautions_and_what_no_document_reports(
    client: httpx.Client, page: Page
) -> None:
    text = page(drug="trabectedin", histology="leiomyosarcoma", edge="trabectedin|leiomyosarcoma")
    panel = unescape(text[text.index('id="claims"') : text.index('id="table"')])
    paths = answered(client, text, "missing,contraindications")
    for path in paths:
        for gap in path["missing"]:
            assert f"<li>{gap['statement']}</li>" in panel
        for ruling in path["contraindications"]:
            assert ruling["label"] in panel
            start = ruling["passage"]["ranges"][0]["start"]
            assert re.search(rf"characters .*\b{start}\D", panel)
    assert len(paths[0]["contraindications"]) == 9
    assert "Recommendations" in panel
    assert "That permits nothing" in page(histology="GIST", edge="imatinib|GIST")


def test_results_of_the_laboratory_are_marked_as_none_in_patients(page: Page) -> None:
    said = "results in the laboratory only, none in patients"
    assert said in page(drug="17-AAG")
    assert said not in page(drug="imatinib")


def test_an_edge_is_named_by_any_names_of_its_ends(page: Page) -> None:
    for name in ("imatinib|GIST", "drug:imatinib|histology:gastrointestinal-stromal-tumour",
                 f"{ROOT}drug/imatinib|GIST"):  # fmt: skip
        assert 'id="claims"' in page(histology="GIST", edge=name)
    assert "No edge of this view is called" in page(histology="GIST", edge="imatinib|KIT2")


def test_imports_are_shown_only_when_they_are_asked_for(page: Page) -> None:
    for given in ({}, {"drug": "pazopanib"}, {"histology": "GIST"}):
        assert '<span class="tag">import</span>' not in page(**given, show="all")
    text = page(drug="pazopanib", source="documents,imports", edge="pazopanib|KIT")
    panel = text[text.index('id="claims"') : text.index('id="table"')]
    assert "What imports state" in panel
    assert "by the word of an import acts on" in panel
    assert 'licence <a href="https://' in panel
    assert "No document of this graph says it" in panel
    assert re.search(r'class="stroke imported"', text)
    by_kind = page(drug="pazopanib", kind="imported-mechanism")
    assert '<span class="tag">import</span>' in by_kind


def test_a_date_leaves_later_documents_out(page: Page) -> None:
    text = page(histology="sarcoma", as_of="2007", show="all")
    stated = [row for caption in ("Drugs in", "What drugs") for row in rows(text, caption)]
    assert stated
    assert not re.search(r"\((?:201\d|202\d)", "".join(stated))
    assert "2017" in "".join(rows(page(histology="sarcoma", show="all"), "Drugs in"))
    assert page(histology="GIST", asOf="2007") == page(histology="GIST", as_of="2007")


def test_the_first_view_can_be_read_and_says_what_it_leaves_out(page: Page) -> None:
    text = page()
    edges = re.findall(r'class="edge ', text)
    assert 20 < len(edges) < 60
    labels = re.findall(r'class="node target[^"]*"[^>]*aria-label="(\w+)', text)
    assert {"KIT", "PDGFR", "mTOR"} <= set(labels)
    assert re.search(r"Left out: \d+ drugs, \d+ targets, \d+ histologies, \d+ edges", text)
    everything = page(show="all")
    assert len(re.findall(r'class="edge ', everything)) > 3 * len(edges)
    assert "Left out" not in everything


def test_all_that_is_chosen_can_be_taken_back(page: Page) -> None:
    given = {"drug": ["imatinib", "sunitinib"], "target": "KIT", "kind": "mechanism"}
    chips = re.findall(r'class="chip" href="([^"]+)"', page(**given))
    found = [parse_qs(urlsplit(unescape(chip)).query) for chip in chips]
    assert found == [
        {"drug": ["sunitinib"], "target": ["KIT"], "kind": ["mechanism"]},
        {"drug": ["imatinib"], "target": ["KIT"], "kind": ["mechanism"]},
        {"drug": ["imatinib", "sunitinib"], "kind": ["mechanism"]},
        {"drug": ["imatinib", "sunitinib"], "target": ["KIT"]},
    ]


def test_a_thing_is_a_link_that_chooses_it_and_one_that_is_chosen_leads_back(page: Page) -> None:
    node = re.compile(r'class="node histology([^"]*)" href="([^"]+)" aria-label="gastro')
    state, address = node.findall(page(drug="imatinib"))[0]
    assert state == ""
    assert unescape(address) == ("/explore?drug=imatinib&histology=gastrointestinal-stromal-tumour")
    state, address = node.findall(page(drug="imatinib", histology="GIST"))[0]
    assert (state, address) == (" chosen", "/explore?drug=imatinib")


def test_blank_fields_of_the_form_are_as_if_left_out(client: httpx.Client, page: Page) -> None:
    blank = client.get("/explore?drug=&target=&histology=GIST&kind=&as_of=", headers=HTML)
    assert blank.text == page(histology="GIST")


@pytest.mark.parametrize(
    ("given", "status", "says"),
    [
        ({"drug": "imatinb"}, 404, 'href="/explore?drug=imatinib"'),
        ({"histology": "leiomyosarkoma"}, 404, 'href="/explore?histology=leiomyosarcoma"'),
        ({"kind": "tset"}, 400, "kind is one of mechanism, tested"),
        ({"as_of": "May"}, 400, "asOf is a year, month or day"),
        ({"show": "some"}, 400, "show is all, or left out"),
        ({"histology": "GIST", "edge": "imatinib|GIST", "sort": "beauty"}, 400, "sort is one of"),
    ],
    ids=str,
)
def test_what_is_asked_wrongly_is_said_beside_the_form(
    client: httpx.Client, given: Any, status: int, says: str
) -> None:
    answer = client.get("/explore", params=given, headers=HTML)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert '<form class="ask"' in answer.text
    assert says in unescape(answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    problem = client.get("/explore", params=given)
    assert problem.status_code == status
    assert problem.headers["Content-Type"].startswith("application/problem+json")


def test_parameters_that_mean_nothing_are_refused(client: httpx.Client) -> None:
    assert client.get("/explore?drugs=imatinib").status_code == 400
    assert client.get("/explore?edge=a&edge=b").status_code == 400


def test_the_query_behind_a_view_has_a_row_for_each_of_its_paths(
    client: httpx.Client, page: Page
) -> None:
    text = page(target="KIT", kind="mechanism")
    query = unescape(re.findall(r'href="/sparql\?query=([^"]+)"', text)[0])
    (query,) = parse_qs(f"query={query}")["query"]
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": "application/json"})
    found = answer.json()["results"]["bindings"]
    ours = {tuple(binding[name]["value"].rpartition("/")[2] for name in ("drug", "histology"))
            for binding in found}  # fmt: skip
    assert ours == set(pairs(text))


def test_the_same_view_is_not_sent_twice(client: httpx.Client) -> None:
    first = client.get("/explore?drug=imatinib", headers=HTML)
    known = {**HTML, "If-None-Match": first.headers["ETag"]}
    assert client.get("/explore?drug=imatinib", headers=known).status_code == 304
    again = client.get("/explore?drug=imatinib", headers=HTML)
    assert again.text == first.text


def test_a_page_has_no_style_or_script_within_it(page: Page) -> None:
    text = page(histology="GIST", edge="imatinib|GIST")
    assert not re.search(r"\s(?:style|on\w+)=", re.sub(r">[^<]*<", "><", text))
    assert not re.search(r"<script(?![^>]* src=)|javascript:", text)


HOSTILE = '<script>alert(1)</script>" onmouseover="x\u202e'


def _hostile() -> Iterator[Quad]:
    graph = NamedNode(f"{ROOT}graph/hostile")
    kinds = {"drug/x": "Drug", "target/x": "MolecularTarget", "histology/x": "Histology"}
    things = {kind: NamedNode(ROOT + slug) for slug, kind in kinds.items()}
    things["Drug"] = NamedNode("javascript:alert(1)")
    type_, label = (
        NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
        NamedNode("http://www.w3.org/2000/01/rdf-schema#label"),
    )
    for kind, thing in things.items():
        yield Quad(thing, type_, NamedNode(ONTOLOGY + kind), graph)
        yield Quad(thing, label, Literal(kind + HOSTILE + "y" * 100_000), graph)
    links = {"Drug": "aboutDrug", "MolecularTarget": "aboutTarget", "Histology": "aboutHistology"}
    for name, ends in (
        ("DrugTargetAssertion", ("Drug", "MolecularTarget")),
        ("TargetHistologyAssertion", ("MolecularTarget", "Histology")),
        ("EvidenceItem", ("Drug", "Histology")),
    ):
        claim = NamedNode(f"{ROOT}claim/{name}%22%3E")
        yield Quad(claim, type_, NamedNode(ONTOLOGY + name), graph)
        yield Quad(claim, label, Literal(HOSTILE), graph)
        passage = NamedNode(f"{ROOT}passage/x")
        yield Quad(claim, NamedNode(ONTOLOGY + "passage"), passage, graph)
        yield Quad(passage, NamedNode(ONTOLOGY + "inDocument"), NamedNode("javascript:d"), graph)
        for end in ends:
            yield Quad(claim, NamedNode(ONTOLOGY + links[end]), things[end], graph)


@pytest.mark.parametrize("quads", [(), tuple(_hostile())], ids=["empty", "hostile"])
def test_other_graphs_are_shown_harmlessly(tmp_path: Path, quads: tuple[Quad, ...]) -> None:
    store = Store()
    store.extend(quads)
    snapshot = snapshot_of(store, tmp_path)
    app = create_app(settings_of(tmp_path), engine_of(snapshot, workers=1))
    with running(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        text = client.get("/explore", headers=HTML).text
        if not quads:
            assert "there is nothing to draw" in text
            return
        text = client.get("/explore?show=all", headers=HTML).text
        edges = [unescape(each) for each in re.findall(r'class="edge [^>]*href="([^"#]+)', text)]
        assert len(edges) == 3
        for page in (text, *(client.get(edge, headers=HTML).text for edge in edges)):
            assert 'class="note" role="alert"' not in page
            assert "<script>alert" not in page
            assert 'href="javascript:' not in page
            assert 'href="None"' not in page
            assert not re.search(r"<[^>]* onmouseover=\"x", page)
            assert len(page) < 200_000
        assert all('id="claims"' in client.get(edge, headers=HTML).text for edge in edges)


def test_the_picture_can_be_read_without_its_styles(page: Page) -> None:
    text = page(target="KIT")
    (start,) = re.findall(r'<svg class="explore" [^>]*role="group"', text)
    assert 'fill="none" stroke="currentColor"' in start
    picture = text[text.index(start) : text.index("</svg>", text.index(start))]
    for element in re.findall(r"<text [^>]*>", picture):
        assert 'stroke="none" fill="currentColor"' in element
    for element in re.findall(r'<path class="reach"[^>]*>', picture):
        assert 'stroke="none"' in element
