"""The first page and the search on the server: what they count, and graphs that are not ours."""

from __future__ import annotations

import re

import httpx
import pytest
from pyoxigraph import RdfFormat, Store, parse
from serving import engine_of, running, settings_of, snapshot_of

from api.application import create_app
from api.list_table import Cell, Row
from api.pages.home_example import choose_row
from kg.snapshot import Snapshot

KINDS = ("drugs", "targets", "histologies", "studies", "evidence", "recommendations")
HTML = {"Accept": "text/html"}


def fetch(client: httpx.Client, address: str) -> str:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize("kind", KINDS)
def test_the_home_page_counts_what_the_lists_count(client: httpx.Client, kind: str) -> None:
    total = client.get(f"/api/v1/{kind}", params={"limit": 1}).json()["total"]
    found = re.search(rf'href="/search\?kind={kind}"><b>([\d,]+)</b>', fetch(client, "/"))
    assert found is not None
    assert int(found[1].replace(",", "")) == total


def test_the_home_page_names_each_document_and_its_date(client: httpx.Client) -> None:
    page = fetch(client, "/")
    for document in client.get("/api/v1/documents").json()["items"]:
        assert document["links"]["page"] in page
    assert page.count("no date is printed") == 2


def test_the_example_is_a_result_as_its_record_has_it(client: httpx.Client) -> None:
    page = fetch(client, "/")
    found = re.search(r'<aside class="card example".*?</aside>', page, re.S)
    assert found is not None
    address = re.findall(r'href="([^"]+)">record<', found[0])[0]
    record = client.get(address, headers={"Accept": "application/ld+json"})
    assert record.status_code == 200
    counts = re.search(r"<b>(\d+)/(\d+)</b> patients", found[0])
    assert counts is not None
    identifier = client.get("/api/v1/evidence", params={"limit": 1000}).json()["items"]
    stated = next(each for each in identifier if each["links"]["page"] == address)
    assert (stated["responders"], stated["evaluable"]) == tuple(map(int, counts.groups()))
    assert "needsReview" not in stated


def row(name: str, **cells: str) -> Row:
    whole = {
        "endpoint": "e:/ObjectiveResponseRate",
        "treatmentMode": "e:/Monotherapy",
        "direction": "e:/Supports",
        "percent": "29",
        "responders": "4",
        "evaluable": "14",
        "drug": "e:/d",
        "histology": "e:/h",
        "line": "e:/l",
        "study": "e:/s",
    }
    given = {**whole, **cells}
    return Row(name, {key: (Cell(value, value),) for key, value in given.items() if value})


def test_the_example_is_the_largest_without_a_known_problem() -> None:
    rows = (row("a"), row("b", evaluable="31"), row("c", evaluable="99", needsReview="misprint"))
    found = choose_row(rows)
    assert found is not None
    assert found.iri == "b"


@pytest.mark.parametrize("missing", ["percent", "line", "study"])
def test_what_does_not_state_all_is_no_example(missing: str) -> None:
    assert choose_row((row("a", **{missing: ""}),)) is None


def test_a_kind_that_is_not_known_is_refused_with_the_nearest(client: httpx.Client) -> None:
    answer = client.get("/search?kind=drug", headers=HTML)
    assert answer.status_code == 400
    assert "did you mean" in answer.text


def test_suggestions_put_our_own_things_first(client: httpx.Client) -> None:
    found = re.findall(r'href="([^"]+)"', client.get("/search/suggestions?q=leiomyo").text)
    is_imported = ["/imported/" in each for each in found]
    assert found
    assert is_imported == sorted(is_imported)


def test_nothing_is_suggested_for_nothing(client: httpx.Client) -> None:
    assert client.get("/search/suggestions?q=%20").text == ""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    text = """<urn:a> <http://www.w3.org/2000/01/rdf-schema#label> "<script>alert(1)</script>" .
<javascript:alert(1)> <http://www.w3.org/2000/01/rdf-schema#label> "\\" onclick=alert(1) x=\\"" ."""
    store = Store()
    store.bulk_extend(parse(text.encode(), format=RdfFormat.N_TRIPLES))
    return snapshot_of(store, tmp_path_factory.mktemp("hostile"))


def test_pages_of_a_foreign_graph_are_harmless_and_say_what_is_missing(
    hostile: Snapshot,
) -> None:
    with running(create_app(settings_of(hostile.directory), engine_of(hostile))) as address:
        client = httpx.Client(base_url=address, timeout=30)
        home = fetch(client, "/")
        assert "It holds none of the kinds" in home
        assert "Nothing was validated" in home
        found = fetch(client, "/search?q=alert") + client.get("/search/suggestions?q=alert").text
        client.close()
    assert "alert(1)" in found
    assert "<script>alert" not in found
    assert not re.search(r"<[^>]*\sonclick=", found)
    assert 'href="javascript' not in found
