"""Descriptions of things over real HTTP: what they hold, and what is refused."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import parse_qs, urldefrag, urlsplit

import httpx
import pytest
from linked_names import ROOT, Page, path_of, read_quads
from pyoxigraph import BlankNode, NamedNode, Quad, Store

from api.entity_descriptions import PAGE
from api.entity_formats import FORMATS
from kg.formats import GraphFormat
from kg.html_page import STYLE
from kg.snapshot import Snapshot, open_database

HTML = {"Accept": "text/html"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
N_QUADS = {"Accept": "application/n-quads"}
CLAIM = "/claim/anlotinib-record-anlotinib-suppresses-pdgfrb"
DOUBTFUL = "/study/jnccn-2007-ref-63/result/stable-disease"


def quads_of(answer: httpx.Response) -> set[Quad]:
    assert answer.status_code == 200, answer.text
    return read_quads(answer.content, GraphFormat.N_QUADS)


def page_of(answer: httpx.Response) -> Page:
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


@pytest.fixture(scope="module")
def served(snapshot: Snapshot) -> Store:
    return open_database(snapshot)


def all_quads_of(client: httpx.Client, address: str | None) -> tuple[set[Quad], list[set[Quad]]]:
    """Return the quads of all pages from an address on, and those of each page."""
    pages = []
    while address:
        answer = client.get(address, headers=N_QUADS)
        pages.append(quads_of(answer))
        following = re.search(r'<([^>]*)>; rel="next"', answer.headers["Link"])
        address = following[1] if following else None
    return set[Quad]().union(*pages), pages


def test_statements_are_those_of_the_graph_with_their_graphs(
    client: httpx.Client, served: Store
) -> None:
    quads = set(served)
    for path in ("/drug/imatinib", CLAIM, "/study/jnccn-2007-ref-47", "/document/jnccn-2007"):
        iri = NamedNode(ROOT + path[1:])
        found = quads_of(client.get(path, headers=N_QUADS))
        assert found <= quads
        assert set(served.quads_for_pattern(iri, None, None)) <= found


def test_a_record_comes_with_its_parts(client: httpx.Client, served: Store) -> None:
    study = f"{ROOT}study/jnccn-2007-ref-47"
    found = quads_of(client.get(path_of(study), headers=N_QUADS))
    inside = {quad for quad in served if str(quad.subject).startswith(f"<{study}/")}
    assert len(inside) > 300
    assert inside <= found


def test_blank_nodes_of_a_class_are_described(client: httpx.Client) -> None:
    found = quads_of(client.get("/ontology/KITInhibitor", headers=N_QUADS))
    unnamed = {quad.subject for quad in found if isinstance(quad.subject, BlankNode)}
    assert {quad.object for quad in found if isinstance(quad.object, BlankNode)} == unnamed
    assert NamedNode(f"{ROOT}target/kit") in {quad.object for quad in found}
    page = page_of(client.get("/ontology/KITInhibitor", headers=HTML))
    assert "/target/kit" in page.links


def test_all_that_points_to_a_thing_is_found_page_by_page(
    client: httpx.Client, served: Store
) -> None:
    document = NamedNode(f"{ROOT}document/jnccn-2007")
    wanted = {
        quad
        for quad in served.quads_for_pattern(None, None, document)
        if not str(quad.subject).startswith(f"<{document.value}/")
    }
    found, pages = all_quads_of(client, path_of(document.value))
    for page in pages:
        assert len({quad.subject for quad in page & wanted}) <= 2 * PAGE
    assert wanted <= found
    assert len(pages) == -(-len({quad.subject for quad in wanted}) // PAGE) > 5
    refused = client.get(f"{path_of(document.value)}?page={len(pages) + 1}")
    assert (refused.status_code, refused.json()["parameter"]) == (400, "page")


def test_a_claim_that_points_to_a_thing_comes_with_its_place(client: httpx.Client) -> None:
    found = quads_of(client.get("/drug/trabectedin", headers=N_QUADS))
    claim = ROOT + DOUBTFUL[1:]
    said = {(quad.subject.value, quad.predicate.value.rpartition("/")[2]) for quad in found
            if isinstance(quad.subject, NamedNode)}  # fmt: skip
    assert {(claim, "passage"), (claim, "needsReview")} <= said
    assert {(f"{claim}/passage", "inDocument"), (f"{claim}/passage", "section")} <= said
    assert {(f"{claim}/passage/range/1", "start"), (f"{ROOT}document/jnccn-2007", "issued")} <= said


def test_the_page_of_a_claim_says_where_it_was_read_and_what_is_doubtful(
    client: httpx.Client,
) -> None:
    page = page_of(client.get(DOUBTFUL, headers=HTML))
    assert "Stable disease on trabectedin in GIST" in page.text
    for shown in ("Trabectedin", "2007", "32247-32380", "9 of 28 is 32.1%", "not medical advice"):
        assert shown in page.text, shown
    assert ROOT + DOUBTFUL[1:] in page.links
    undated = page_of(client.get(CLAIM, headers=HTML))
    assert "no date is printed" in undated.text


def test_a_list_of_claims_on_a_page_has_their_places(client: httpx.Client) -> None:
    page = page_of(client.get("/drug/trabectedin", headers=HTML))
    row = page.text.partition("Stable disease on trabectedin in GIST")[2][:400]
    for shown in ("2007", "Trabectedin", "63", "32247-32380"):
        assert shown in page.text, shown
    assert row
    assert "9 of 28 is 32.1%" in page.text


def test_a_page_tells_its_formats_its_record_and_its_query(client: httpx.Client) -> None:
    page = page_of(client.get("/drug/imatinib", headers=HTML))
    for form in GraphFormat:
        assert f"/drug/imatinib?format={form.extension}" in page.links
    assert "/api/v1/drugs/drug:imatinib" in page.links
    assert client.get("/api/v1/drugs/drug:imatinib").json()["iri"] == f"{ROOT}drug/imatinib"


def test_the_query_on_a_page_gives_the_statements_of_the_page(client: httpx.Client) -> None:
    page = page_of(client.get("/target/kit", headers=HTML))
    *_, query = [each for each in page.links if each.startswith("/sparql?query=")][:-1]
    asked = parse_qs(urlsplit(query).query)["query"][0]
    answer = client.post("/sparql", data={"query": asked}, headers={"Accept": "text/csv"})
    rows = {tuple(row) for row in list(csv.reader(io.StringIO(answer.text)))[1:]}
    kit = f"{ROOT}target/kit"
    found, _ = all_quads_of(client, "/target/kit")
    about = {quad for quad in found if f"<{kit}>" in (str(quad.subject), str(quad.object))}
    assert rows == {
        (quad.graph_name.value, quad.subject.value, quad.predicate.value, quad.object.value)  # type: ignore[union-attr]
        for quad in about
    }
    assert len(rows) > 40


def test_links_in_the_head_lead_to_every_format(client: httpx.Client) -> None:
    answer = client.get("/drug/imatinib", headers={"Accept": "text/turtle"})
    link = answer.headers["Link"]
    assert f'<{ROOT}drug/imatinib>; rel="describes"' in link
    assert link.count('rel="alternate"') == len(FORMATS)
    for target, media_type in re.findall(r'<([^>]*)>; rel="alternate"; type="([^"]*)"', link):
        named = client.get(target)
        asked = client.get("/drug/imatinib", headers={"Accept": media_type})
        assert named.headers["Content-Type"].startswith(media_type)
        assert named.content == asked.content
        assert asked.headers["Content-Location"] == target


def test_answers_are_kept_and_asked_for_again(client: httpx.Client) -> None:
    first = client.get(CLAIM, headers={"Accept": "text/turtle"})
    tag = first.headers["ETag"]
    again = client.get(CLAIM, headers={"Accept": "text/turtle", "If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(CLAIM, headers={"Accept": "text/html", "If-None-Match": tag})
    assert (other.status_code, other.headers["ETag"] == tag) == (200, False)
    any_tag = {"Accept": "text/turtle", "If-None-Match": "*"}
    assert client.get(CLAIM, headers=any_tag).status_code == 304
    assert client.get("/claim/nothing", headers=any_tag).status_code == 404
    assert "Accept" in first.headers["Vary"]
    head = client.head(CLAIM, headers={"Accept": "text/turtle"})
    assert (head.content, head.headers["ETag"]) == (b"", tag)
    assert head.headers["Content-Length"] == first.headers["Content-Length"]


def test_formats_that_are_not_offered_are_refused(client: httpx.Client) -> None:
    assert client.get(CLAIM, headers={"Accept": "image/png"}).status_code == 406
    assert client.get(f"{CLAIM}?format=png").json()["parameter"] == "format"
    assert client.get(f"{CLAIM}?formt=ttl").json()["parameter"] == "formt"
    assert client.get("/dataset?formt=ttl").json()["parameter"] == "formt"
    assert client.get(CLAIM).headers["Content-Type"].startswith("text/turtle")


def test_an_unknown_name_is_404_with_near_ones(client: httpx.Client) -> None:
    answer = client.get("/drug/imatinb")
    problem = answer.json()
    assert (answer.status_code, problem["title"]) == (404, "Nothing has this name")
    assert problem["near"][0]["iri"] == f"{ROOT}drug/imatinib"
    shown = client.get("/drug/imatinb", headers=HTML)
    assert shown.status_code == 404
    assert shown.headers["Content-Type"].startswith("text/html")
    assert "/drug/imatinib" in Page(shown.text).links
    mistyped = client.get("/helthz").json()
    assert "/healthz" in mistyped["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/drug/imatinib", 405),
        ("DELETE", "/ontology", 405),
        ("POST", "/api/v1/nothing", 404),
        ("PATCH", "/sparql", 405),
        ("POST", "/nothing", 404),
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v1", 404),
        ("GET", "/sparql/nothing", 404),
        ("GET", "/drug/", 404),
        ("GET", "/drug", 404),
        ("GET", "/drug/a%00b", 404),
        ("GET", "/drug/%3Cscript%3E", 404),
        ("GET", "/drug//imatinib", 404),
        ("GET", "/drug/" + "a" * 3000, 404),
        ("OPTIONS", "/drug/imatinib", 204),
    ],
)
def test_other_addresses_are_left_alone(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status, answer.text
    if status == 405:
        assert "GET" in answer.headers["Allow"]


def test_no_thing_takes_the_path_of_another_route(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()["paths"]
    fixed = [path for path in described if "{" not in path and "get" in described[path]]
    ours = {"/resource", "/ontology"}
    assert len(fixed) > 20
    for path in {*fixed, "/", "/docs", "/openapi.json"} - ours:
        answer = client.get(path, headers={"Accept": "text/html, */*;q=0.5"})
        assert 'rel="describes"' not in answer.headers.get("Link", ""), path
        assert answer.status_code not in (404, 410), path
    # Tried last, whoever adds routes: what comes after would never be asked.
    assert list(described)[-1] == "/{kind}/{slug}"


def test_any_iri_may_be_asked_for(client: httpx.Client) -> None:
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    found = quads_of(client.get("/resource", params={"iri": label}, headers=N_QUADS))
    assert NamedNode(label) in {quad.predicate for quad in found}
    ours = client.get("/resource", params={"iri": "drug:imatinib"}, headers=N_QUADS)
    assert ours.content == client.get("/drug/imatinib", headers=N_QUADS).content
    assert ours.headers["Content-Location"] == "/drug/imatinib?format=nq"
    for wrong in ("imatinib", "a b", "nothing:x y", "drug:x y", "drug:<x>"):
        refused = client.get("/resource", params={"iri": wrong})
        assert (refused.status_code, refused.json()["parameter"]) == (400, "iri")
    assert client.get("/resource").status_code == 400
    assert client.get("/resource", params={"iri": "urn:nothing"}).status_code == 404


def test_links_of_pages_lead_somewhere(client: httpx.Client) -> None:
    """A walk from one page of each sort: every local link answers, and has its place."""
    starts = ("/drug/imatinib", DOUBTFUL, "/study/jnccn-2007-ref-47", "/ontology/KITInhibitor",
              "/graph/inferred-inhibits", "/dataset", "/histology/leiomyosarcoma",
              "/resource?iri=http://www.w3.org/2000/01/rdf-schema%23label")  # fmt: skip
    links: dict[str, set[str]] = {}
    for start in starts:
        for link in page_of(client.get(start, headers=HTML)).links:
            address, place = urldefrag(link)
            # What the editor opens is told by the fragment, and is no place on its page.
            if not urlsplit(link).scheme and not place.startswith("query="):
                links.setdefault(address or start, set()).add(place)
    assert len(links) > 300
    # Links to a place on a page first, and of the others a sample.
    checked = sorted(links, key=lambda each: (not links[each] - {""}, hash_of(each)))[:60]
    for address in checked:
        answer = client.get(address, headers=BROWSER)
        assert answer.status_code == 200, address
        for place in links[address] - {""}:
            assert place in Page(answer.text).places, f"{address}#{place}"


def hash_of(text: str) -> int:
    return sum(map(ord, text)) * 7919 % 1009


def test_pages_fetch_and_run_nothing_but_our_own_files(client: httpx.Client) -> None:
    answer = client.get("/drug/imatinib", headers=HTML)
    page = Page(answer.text)
    assert all(each.startswith(("/assets/", "/search/")) for each in page.sources), page.sources
    assert not page.elements & {"img", "iframe", "object", "embed"}
    assert not re.search(r"<script(?! type=\"module\" src=)", answer.text)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert len(set(page.places)) == len(page.places)


def test_usual_names_are_shown_short(client: httpx.Client) -> None:
    page = client.get("/drug/imatinib", headers={"Accept": "text/html"}).text
    assert ">rdf:type</a>" in page
    assert ">http://www.w3.org/" not in page


def test_pages_fit_narrow_windows(client: httpx.Client) -> None:
    """Without the built styles: long words are broken, tables that are too wide scroll alone."""
    assert "main { overflow-wrap: anywhere; }" in STYLE
    assert "table { display: block; overflow-x: auto; }" in STYLE
    assert 'name="viewport"' in client.get("/downloads", headers=HTML).text
