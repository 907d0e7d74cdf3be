"""The search over HTTP: its answers, pages and refusals, and that SPARQL says the same."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse
from search_cases import MEANT, NOTHING, STARTED
from serving import engine_of, running, settings_of, snapshot_of

from api.application import create_app
from api.search_models import SearchAnswer
from kg.search_functions import FUNCTIONS
from kg.snapshot import Snapshot, open_database

ROOT = "https://w3id.org/sarcoma-kg/"


def ask(client: httpx.Client, text: str, **more: str | int | list[str]) -> dict[str, object]:
    answered = client.get("/api/v1/search", params={"q": text, **more})
    assert answered.status_code == 200, answered.text
    found: dict[str, object] = answered.json()
    SearchAnswer.model_validate(found)
    return found


def items(
    client: httpx.Client, text: str, **more: str | int | list[str]
) -> list[dict[str, object]]:
    found = ask(client, text, **more)["items"]
    assert isinstance(found, list)
    return found


def test_each_text_finds_first_what_it_means(client: httpx.Client) -> None:
    for text, meant in MEANT[::4]:
        assert items(client, text, limit=1)[0]["iri"] == ROOT + meant, text


def test_a_beginning_finds_first_what_it_means(client: httpx.Client) -> None:
    for text, meant in STARTED:
        assert items(client, text, prefix="true")[0]["iri"] == ROOT + meant, text


def test_what_no_document_names_finds_records_of_imports_alone(client: httpx.Client) -> None:
    empty = 0
    for text in NOTHING:
        if len(text) <= 500:
            found = ask(client, text)
            empty += (found["items"], found["total"], found["byKind"]) == ([], 0, {})
            for each in items(client, text, limit=100):
                assert str(each["iri"]).startswith(f"{ROOT}imported/"), (text, each)
    assert empty > 20


def test_a_hit_says_what_it_is_and_what_matched(client: httpx.Client) -> None:
    (first, *_) = items(client, "RAD001")
    assert first == {
        "id": "drug:everolimus",
        "label": "everolimus",
        "iri": f"{ROOT}drug/everolimus",
        "type": first["type"],
        "kinds": first["kinds"],
        "links": {"record": "/api/v1/drugs/drug:everolimus"},
        "match": {
            "how": "exact",
            "tier": "code",
            "field": "developmentCode",
            "text": "RAD-001",
            "edits": 0,
        },
    }
    assert "Drug" in str(first["type"])
    assert "drugs" in str(first["kinds"])
    assert client.get("/api/v1/drugs/drug:everolimus").status_code == 200


def test_a_statement_shows_its_words_its_document_and_the_date(client: httpx.Client) -> None:
    (first, *_) = items(client, "disease-free time")
    match = first["match"]
    assert isinstance(match, dict)
    assert match["how"] == "text"
    marked = [piece["text"] for piece in match["snippet"] if piece["mark"]]
    assert marked == ["disease-free", "time"]
    (stated,) = match["statedIn"]
    assert stated["document"]["id"] == "document:nct03651375"
    assert stated["issued"] == "2021-01-22"
    assert stated["passage"].startswith(ROOT)


def test_every_hit_that_is_a_claim_says_where_it_stands(client: httpx.Client) -> None:
    found = items(client, "imatinib", kind="claims", limit=100)
    assert len(found) > 20
    for each in found:
        match = each["match"]
        assert isinstance(match, dict)
        assert match["statedIn"][0]["document"]["label"]


def test_kinds_filter_and_are_counted(client: httpx.Client) -> None:
    everything = ask(client, "imatinib", limit=1000)
    counts = everything["byKind"]
    assert isinstance(counts, dict)
    for kind, count in counts.items():
        assert ask(client, "imatinib", kind=kind)["total"] == count, kind
    both = ask(client, "imatinib", kind=["drugs", "regimens"], limit=1000)
    assert both["byKind"] == counts
    found = both["items"]
    assert isinstance(found, list)
    assert all({"drugs", "regimens"} & set(each["kinds"]) for each in found)


def test_pages_make_the_whole(client: httpx.Client) -> None:
    whole = [each["id"] for each in items(client, "gemcitabine", limit=1000)]
    address, paged = "/api/v1/search?q=gemcitabine&limit=7", list[object]()
    while address:
        page = client.get(address).json()
        paged += [each["id"] for each in page["items"]]
        address = page.get("next", "")
    assert paged == whole
    assert len(whole) > 14


def test_similar_names_are_only_offered(client: httpx.Client) -> None:
    found = ask(client, "pazoponip")
    assert found["items"] == []
    assert str(found["near"]).startswith("[{'id': 'drug:pazopanib'")
    assert ask(client, "pazopanip")["near"] == ask(client, "RAD002")["near"] == []


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "q"),
        ("q=", "q"),
        ("q=" + "a" * 501, "q"),
        ("q=a&kind=drug", "kind"),
        ("q=a&kind=", "kind"),
        ("q=a&prefix=perhaps", "prefix"),
        ("q=a&limit=0", "limit"),
        ("q=a&cursor=nonsense", "cursor"),
        ("q=a&q=b", "q"),
        ("q=a&score=1", "score"),
    ],
)
def test_wrong_parameters_are_refused(client: httpx.Client, query: str, parameter: str) -> None:
    answered = client.get(f"/api/v1/search?{query}")
    assert answered.status_code == 400
    assert answered.headers["content-type"] == "application/problem+json"
    assert answered.json()["parameter"] == parameter


def test_an_unknown_kind_is_helped_with(client: httpx.Client) -> None:
    detail = client.get("/api/v1/search?q=a&kind=drug").json()["detail"]
    assert "did you mean 'drugs'?" in detail


def test_what_the_client_knows_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/api/v1/search?q=GIST")
    again = client.get("/api/v1/search?q=GIST", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


def test_json_ld_states_what_the_graph_does(client: httpx.Client, snapshot: Snapshot) -> None:
    store = open_database(snapshot)
    headers = {"Accept": "application/ld+json"}
    answered = client.get("/api/v1/search?q=imatinib", headers=headers).json()
    context = client.get(answered["@context"]).json()["@context"]
    text = json.dumps({**answered, "@context": context})
    triples = [quad.triple for quad in parse(text, format=RdfFormat.JSON_LD, base_iri=ROOT)]
    assert len(triples) > 20
    for each in triples:
        found = store.quads_for_pattern(each.subject, each.predicate, each.object, None)
        assert next(iter(found), None) is not None, each


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(min_size=1, max_size=80), st.booleans())
def test_any_text_is_answered(client: httpx.Client, text: str, is_prefix: bool) -> None:
    query = {"q": text, "prefix": str(is_prefix).lower()}
    first = client.get("/api/v1/search", params=query)
    assert first.status_code == 200
    assert client.get("/api/v1/search", params=query).content == first.content


def sparql(client: httpx.Client, query: str) -> list[dict[str, str]]:
    answered = client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
    assert answered.status_code == 200, answered.text
    return list(csv.DictReader(io.StringIO(answered.text)))


@pytest.mark.parametrize(
    "text", ["RAD001", "GIST", "pazopanip", "OS", "toxicity", "sarcoma", "drug:imatinib", "qwxzzy"]
)
def test_sparql_finds_the_same_in_the_same_order(client: httpx.Client, text: str) -> None:
    query = f"""
        SELECT ?thing (:matchKind(?thing, "{text}") AS ?how) WHERE {{
          {{ SELECT DISTINCT ?thing {{ ?thing ?p ?o FILTER(ISIRI(?thing)) }} }}
          FILTER(:matchesText(?thing, "{text}"))
        }} ORDER BY :matchRank(?thing, "{text}")
    """
    found = [(row["thing"], row["how"]) for row in sparql(client, query)]
    hits = items(client, text, limit=1000)
    assert found == [(each["iri"], each["match"]["how"]) for each in hits]  # type: ignore[index]


def test_the_examples_of_the_page_find_something(client: httpx.Client) -> None:
    page = (Path(__file__).parent.parent / "docs" / "search.md").read_text(encoding="utf-8")
    addresses = re.findall(r"localhost:8000(/api[^']+)'", page)
    queries = re.findall(r"```sparql\n(.*?)```", page, re.DOTALL)
    assert (len(addresses), len(queries)) == (4, 3)
    for address in addresses:
        assert client.get(address).json()["total"] > 0, address
    for query in queries:
        assert all(all(row.values()) for row in sparql(client, query)), query
        assert sparql(client, query), query


def test_the_functions_are_in_the_service_description(client: httpx.Client) -> None:
    described = client.get("/sparql", headers={"Accept": "application/n-triples"}).text
    for function in FUNCTIONS:
        assert f"#extensionFunction> <{function}>" in described


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server of a graph that knows nothing of this ontology."""
    store = Store()
    skos = "http://www.w3.org/2004/02/skos/core#"
    for subject, predicate, value in (
        ("urn:worm", skos + "prefLabel", "Earthworm"),
        ("urn:worm", skos + "notation", "EW-12"),
        ("urn:worm", skos + "definition", "A burrowing animal."),
    ):
        store.add(Quad(NamedNode(subject), NamedNode(predicate), Literal(value)))
    snapshot = snapshot_of(store, tmp_path_factory.mktemp("foreign"))
    app = create_app(settings_of(snapshot.directory), engine_of(snapshot, workers=1))
    with running(app) as address, httpx.Client(base_url=address, timeout=30) as found:
        yield found


def test_a_foreign_graph_is_searched(foreign: httpx.Client) -> None:
    for text, how in (("ew12", "exact"), ("earthwrom", "typo"), ("burrowing", "text")):
        (hit,) = items(foreign, text)
        assert (hit["iri"], hit["label"], hit["kinds"]) == ("urn:worm", "Earthworm", ["other"])
        assert str(hit["match"]).startswith(f"{{'how': '{how}'")
        bound = f'BIND(:findByText("{text}", 1) AS ?x) BIND(:matchKind(?x, "{text}") AS ?how)'
        assert sparql(foreign, f"SELECT ?x ?how {{ {bound} }}") == [{"x": "urn:worm", "how": how}]
    assert items(foreign, "imatinib") == []


def test_an_empty_graph_is_searched(tmp_path: Path) -> None:
    snapshot = snapshot_of(Store(), tmp_path / "home")
    app = create_app(settings_of(snapshot.directory), engine_of(snapshot, workers=1))
    with running(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        assert items(client, "GIST") == []
        assert sparql(client, 'SELECT (1 AS ?n) { FILTER(:matchesText(<urn:a>, "a")) }') == []
