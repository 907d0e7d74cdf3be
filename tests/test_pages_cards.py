"""The cards of drugs, targets and histologies: what they show is what the graph states."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest
from linked_names import ROOT, Page
from pyoxigraph import Literal, NamedNode, Quad, Store
from serving import ONTOLOGY, engine_of, running, settings_of, snapshot_of

from api.application import create_app

HTML = {"Accept": "text/html"}
CARDS = (
    "/drug/imatinib",
    "/drug/doxorubicin",
    "/target/kit",
    "/target/vegfr2",
    "/family/vegfr",
    "/histology/leiomyosarcoma",
    "/histology/gastrointestinal-stromal-tumour",
)
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


def show(client: httpx.Client, path: str) -> str:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, answer.text[:500]
    return answer.text


def results_in(text: str) -> list[str]:
    """Return the addresses of the results in the table, in its order."""
    table = text.partition('id="evidence-table"')[2].partition("</table>")[0]
    cells = re.findall(r'<td role="cell" class="column-endpoint">(.*?)</td>', table, re.DOTALL)
    return [re.findall(r'href="([^"]+)"', each)[0] for each in cells]


def queries_in(text: str) -> list[str]:
    return [unquote(each) for each in re.findall(r'href="/sparql\?query=([^"]+)"', text)]


def rows_of(client: httpx.Client, query: str) -> list[dict[str, dict[str, str]]]:
    asked = {"Accept": "application/sparql-results+json"}
    answer = client.post("/sparql", data={"query": query}, headers=asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, dict[str, str]]] = answer.json()["results"]["bindings"]
    return found


@pytest.mark.parametrize("path", CARDS)
def test_a_card_names_its_thing_and_links_out(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers=HTML)
    page = Page(answer.text)
    assert answer.text.count("<h1>") == 1
    assert f"https://w3id.org/sarcoma-kg{path}" in page.links
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "Sarcoma-KG-Snapshot" in answer.headers
    again = client.get(path, headers={**HTML, "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", CARDS)
def test_ids_are_unique_and_links_within_the_page_lead_somewhere(
    client: httpx.Client, path: str
) -> None:
    text = show(client, path)
    places = re.findall(r'\sid="([^"]+)"', text)
    assert len(places) == len(set(places)), [each for each in places if places.count(each) > 1]
    inner = {link[1:] for link in Page(text).links if link.startswith("#")}
    assert inner <= set(places)


@pytest.mark.parametrize("path", CARDS)
def test_local_links_of_a_card_answer(client: httpx.Client, path: str) -> None:
    text = show(client, path).partition('<details class="below"')[0]
    local = {link.partition("#")[0] for link in Page(text).links if link.startswith("/")}
    downloads = {link for link in local if "format=" in link or link.startswith("/api/")}
    assert any("format=csv" in link for link in downloads)
    for link in sorted(downloads)[:20]:
        assert client.get(link).status_code == 200, link


@pytest.mark.parametrize(
    ("path", "listed"),
    [
        ("/drug/imatinib", "drug=drug:imatinib"),
        ("/histology/leiomyosarcoma", "histology=histology:leiomyosarcoma"),
    ],
)
def test_a_card_has_every_result_of_the_list(client: httpx.Client, path: str, listed: str) -> None:
    wanted = client.get(f"/api/v1/evidence?{listed}&limit=500").json()["items"]
    shown = results_in(show(client, f"{path}?show=all"))
    assert sorted(shown) == sorted(each["iri"].removeprefix(ROOT[:-1]) for each in wanted)


def test_results_of_narrower_histologies_are_marked_inherited(client: httpx.Client) -> None:
    listed = "/api/v1/evidence?histology=histology:leiomyosarcoma&limit=500"
    items = client.get(listed).json()["items"]
    inherited = {
        each["iri"].removeprefix(ROOT[:-1]) for each in items if each["match"] == "inherited"
    }
    assert inherited
    only = results_in(show(client, "/histology/leiomyosarcoma?match=inherited"))
    assert set(only) == inherited
    direct = show(client, "/histology/leiomyosarcoma?match=direct")
    assert not inherited & set(results_in(direct))


def test_a_card_is_sorted_on_the_server(client: httpx.Client) -> None:
    up = show(client, "/drug/imatinib?sort=level")
    down = show(client, "/drug/imatinib?sort=-level")
    assert 'class="column-level number" aria-sort="ascending"' in up
    assert 'class="column-level number" aria-sort="descending"' in down
    assert results_in(up) != results_in(down)
    assert sorted(results_in(up)) == sorted(results_in(down))


def test_filters_leave_what_the_list_leaves(client: httpx.Client) -> None:
    query = "drug=drug:doxorubicin&endpoint=ObjectiveResponseRate&histology=leiomyosarcoma"
    wanted = client.get(f"/api/v1/evidence?{query}&limit=500").json()["items"]
    path = "/drug/doxorubicin?endpoint=ObjectiveResponseRate&histology=LMS"
    text = show(client, path)
    assert sorted(results_in(text)) == sorted(
        each["iri"].removeprefix(ROOT[:-1]) for each in wanted
    )
    assert '<option value="LMS" selected>leiomyosarcoma' in text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/drug/imatinib?sort=colour", 400, "sort is one of"),
        ("/drug/imatinib?match=direct", 400, "match"),
        ("/target/kit?sort=level", 400, "sort"),
        ("/drug/imatinib?direction=up", 400, "direction is one of"),
        ("/drug/imatinib?histology=GISTT", 404, "GISTT"),
        ("/drug/imatinib?sort=level&sort=n", 400, "2 times"),
        ("/drug/imatinib?sorted=level", 400, "sorted"),
    ],
)
def test_what_a_card_does_not_take_is_refused(
    client: httpx.Client, path: str, status: int, words: str
) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert (answer.status_code, words in Page(answer.text).text) == (status, True)


@pytest.mark.parametrize(
    "path",
    [
        "/drug/imatinib",
        "/drug/doxorubicin?show=all",
        "/drug/doxorubicin?histology=leiomyosarcoma&direction=for&show=all",
        "/histology/leiomyosarcoma",
        "/histology/leiomyosarcoma?match=inherited",
        "/histology/leiomyosarcoma?match=direct&drug=gemcitabine",
    ],
)
def test_the_query_behind_the_results_gives_the_results(client: httpx.Client, path: str) -> None:
    text = show(client, path)
    query = next(each for each in queries_in(text) if "?result" in each)
    rows = rows_of(client, query)
    assert sorted(row["result"]["value"].removeprefix(ROOT[:-1]) for row in rows) == sorted(
        results_in(text)
    )
    assert all(row["label"]["value"] for row in rows)


@pytest.mark.parametrize("path", CARDS)
def test_the_query_behind_the_claims_gives_claims_of_the_card(
    client: httpx.Client, path: str
) -> None:
    text = show(client, path)
    query = next(each for each in queries_in(text) if "SELECT ?claim" in each)
    for row in rows_of(client, query):
        assert f'href="{row["claim"]["value"].removeprefix(ROOT[:-1])}"' in text


def test_numbers_of_a_card_are_those_of_the_record(client: httpx.Client) -> None:
    text = show(client, "/drug/doxorubicin?show=all")
    for each in client.get("/api/v1/evidence?drug=drug:doxorubicin&limit=500").json()["items"]:
        body = text.partition(f'href="{each["iri"].removeprefix(ROOT[:-1])}"')
        assert body[1], each["id"]
        if "asPrinted" in each:
            assert json.dumps(each["asPrinted"])
            assert each["asPrinted"].replace("<", "&lt;").replace(">", "&gt;") in text
        for problem in each.get("needsReview", []):
            assert problem[:30].replace("'", "&#39;") in text


def test_every_statement_has_the_date_of_its_document(client: httpx.Client) -> None:
    text = show(client, "/drug/doxorubicin")
    places = re.findall(r'<span class="place">(.*?)</span>', text, re.DOTALL)
    assert len(places) > 50
    assert all("<time" in each or "no date printed" in each for each in places)


def test_results_of_two_doses_of_one_drug_are_told_apart(client: httpx.Client) -> None:
    text = show(client, "/drug/imatinib")
    rows = text.partition('id="evidence-table"')[2].split("<tbody")
    comparison = next(each for each in rows if "hazard ratio 0.82" in each)
    treatment = re.sub(r"<[^>]+>", "", comparison.partition("column-treatment")[2])
    assert "imatinib 400 mg twice daily" in treatment
    assert "compared with imatinib 400 mg once daily" in treatment
    lone = [each for each in rows if "<bdi>85% at 1 year</bdi>" in each]
    assert len(lone) == 1
    assert ">400 mg once daily<" in lone[0]


def test_plots_tell_the_arm_the_line_and_known_problems(client: httpx.Client) -> None:
    forest, _, medians = show(client, "/drug/doxorubicin").partition('class="plot medians"')
    forest = forest.partition('class="plot forest"')[2]
    assert ">6 g/m2<" in forest
    assert ">12 g/m2<" in forest
    assert "first or second line" in forest
    assert "The order of the two figures is taken" in medians.partition("evidence-table")[0]


def test_a_card_says_what_paths_count_otherwise(client: httpx.Client) -> None:
    text = show(client, "/drug/imatinib")
    told = re.search(r"(\d+) compare it with itself", text)
    path = show(client, "/explore?drug=imatinib&histology=GIST&edge=imatinib|GIST")
    assert told
    assert f"{told[1]} compare the drug with itself" in path


def test_a_name_under_the_wrong_kind_leads_to_the_right_one(client: httpx.Client) -> None:
    answer = client.get("/target/pdgfr", headers=HTML)
    offered = re.findall(r'href="([^"]+)"', answer.text.partition("It may be one of these")[2])
    assert answer.status_code == 404
    assert offered[0] == "/family/pdgfr"


def test_a_family_and_its_members_are_not_mixed(client: httpx.Client) -> None:
    text = show(client, "/family/vegfr")
    own, _, members = text.partition('id="related"')
    members = members.partition('id="histologies"')[0]
    stated = client.get("/api/v1/claims?type=DrugTargetAssertion&limit=500").json()["items"]
    found = 0
    for claim in stated:
        link = f'href="{claim["iri"].removeprefix(ROOT[:-1])}"'
        if "family:vegfr" in {each["id"] for each in claim.get("aboutTarget", ())}:
            found += 1
            assert link in own.partition('id="drugs"')[2]
        else:
            assert link not in own
    assert found
    assert "/target/" in members


def test_the_tree_of_a_histology_marks_its_place(client: httpx.Client) -> None:
    text = show(client, "/histology/leiomyosarcoma").partition('class="tree"')[2]
    tree = text.partition("</section>")[0]
    assert tree.index("/histology/sarcoma") > 0
    assert '<span class="here" aria-current="true"><bdi>leiomyosarcoma</bdi>' in tree
    assert "/histology/uterine-leiomyosarcoma" in tree
    assert "/histology/rhabdomyosarcoma" in tree
    assert "/histology/liposarcoma" not in tree


def test_rdf_is_what_it_was(client: httpx.Client) -> None:
    turtle = client.get("/drug/imatinib?format=ttl")
    assert turtle.headers["Content-Type"].startswith("text/turtle")
    assert (
        client.get(
            "/claim/alberta-2017-doxorubicin-contraindication-overt-heart-failure", headers=HTML
        ).status_code
        == 200
    )


HOSTILE = "<script>alert(1)</script>\" onmouseover='x' \u202e"


def hostile() -> Iterator[Quad]:
    """Yield a drug, a histology, a target and results whose every text is hostile."""

    def term(name: str) -> NamedNode:
        return NamedNode(ONTOLOGY + name)

    drug, target = NamedNode(f"{ROOT}drug/a"), NamedNode(f"{ROOT}target/a?b=c")
    histology, result = NamedNode(f"{ROOT}histology/a"), NamedNode(f"{ROOT}study/a/result/a")
    evil = NamedNode("javascript:alert(1)")
    for thing, kind in ((drug, "Drug"), (target, "MolecularTarget"), (histology, "Histology")):
        yield Quad(thing, TYPE, term(kind))
        yield Quad(thing, LABEL, Literal(HOSTILE + "x" * 100_000))
    yield Quad(histology, term("broaderHistology"), histology)
    yield Quad(result, TYPE, term("EvidenceItem"))
    yield Quad(result, LABEL, Literal(HOSTILE))
    for name, value in (
        ("aboutDrug", drug),
        ("aboutHistology", histology),
        ("aboutHistology", evil),
        ("endpoint", term("ObjectiveResponseRate")),
        ("endpoint", evil),
        ("ofStudy", evil),
        ("asPrinted", Literal(HOSTILE)),
        ("needsReview", Literal(HOSTILE)),
        ("responders", Literal("-5")),
        ("evaluable", Literal("1e400")),
        ("percent", Literal("NaN")),
        ("months", Literal("INF")),
        ("value", Literal("not a number")),
    ):
        yield Quad(result, term(name), value)
    other = NamedNode(f"{ROOT}study/a/result/b")
    yield Quad(other, TYPE, term("EvidenceItem"))
    for name, value in (
        ("aboutDrug", drug),
        ("endpoint", term("OverallSurvival")),
        ("months", Literal("NaN")),
        ("evaluable", Literal("INF")),
        ("level", Literal("x")),
    ):
        yield Quad(other, term(name), value)


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    home: Path = tmp_path_factory.mktemp("hostile")
    store = Store()
    store.extend(hostile())
    app = create_app(settings_of(home), engine_of(snapshot_of(store, home)))
    with running(app) as found, httpx.Client(base_url=found, timeout=30) as client:
        yield client


@pytest.mark.parametrize("path", ["/drug/a", "/histology/a", f"/resource?iri={ROOT}target/a%3Fb=c"])
def test_hostile_things_make_harmless_cards(foreign: httpx.Client, path: str) -> None:
    text = show(foreign, path)
    page = Page(text)
    assert "<script>alert" not in text
    assert not re.search(r"<[^>]*\son\w+=", text)
    assert not re.search(r"<[^>]*\sstyle=", text)
    assert not [link for link in page.links if link.lower().startswith("javascript")]
    assert "&lt;script&gt;" in text


def test_identifiers_link_out_to_where_they_resolve(client: httpx.Client) -> None:
    identifiers = client.get("/api/v1/drugs/imatinib").json()["identifiers"]
    links = Page(show(client, "/drug/imatinib")).links
    assert identifiers
    assert {each["iri"] for each in identifiers} <= set(links)
