"""Problems in a browser: a page with the sentence, the place, and the query to be mended."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path

import httpx
import pytest
from serving import engine_of, running, settings_of

from api.application import create_app
from api.problem_pages import problem_page
from kg.html_form import query_form
from kg.snapshot import Snapshot

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PROBLEM = "application/problem+json"
WRONG = 'SELECT ?x WHERE {\n  ?x rdfs:label "<b>&</b>" ;;; .\n} FILTER'


def shown_query(page: str) -> str:
    area = page.partition("<textarea")[2].partition("\n")[2].partition("</textarea>")[0]
    return unescape(area)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_query_that_is_wrong_comes_back_to_be_mended(address: str, method: str) -> None:
    given = {"params" if method == "GET" else "data": {"query": WRONG, "format": "html"}}
    headers = {"Accept": BROWSER, "Accept-Encoding": "identity"}
    page = httpx.request(method, f"{address}/sparql", headers=headers, **given)  # type: ignore[arg-type]
    problem = httpx.request(method, f"{address}/sparql", **given).json()  # type: ignore[arg-type]
    assert (page.status_code, page.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert int(page.headers["content-length"]) == len(page.content)
    assert "<h1>The syntax is wrong</h1>" in page.text
    said = unescape(page.text)
    assert problem["detail"] in said
    assert f"Line {problem['line']}, column {problem['column']}" in said
    assert problem["excerpt"] in said
    assert shown_query(page.text) == WRONG
    assert "<b>" not in page.text


def test_the_page_of_an_answer_has_the_query_too(address: str) -> None:
    for query in (
        "\nASK { FILTER (1 < 2 && 2 > 1) }",
        "SELECT ?x { VALUES ?x { 1 } } # </textarea>",
        "DESCRIBE drug:imatinib",
    ):
        page = httpx.get(
            f"{address}/sparql", params={"query": query}, headers={"Accept": "text/html"}
        )
        assert page.status_code == 200
        assert shown_query(page.text) == query
        assert page.text.count("</textarea>") == 1


def test_a_form_can_be_sent_without_an_address_and_a_long_one_always_is(address: str) -> None:
    assert 'formmethod="post"' in query_form("ASK {}")
    assert "<button>" in query_form("ASK {}")
    long = f"SELECT ?x {{ VALUES ?x {{ {'1 ' * 40000} }} }} LIMIT 1"
    assert "<button>" not in query_form(long)
    headers = {"Accept": BROWSER}
    page = httpx.post(f"{address}/sparql", data={"query": long, "format": "html"}, headers=headers)
    assert (page.status_code, shown_query(page.text)) == (200, long)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (BROWSER, "text/html"),
        ("text/html", "text/html"),
        ("*/*", PROBLEM),
        ("", PROBLEM),
        ("application/json, text/html;q=0.5", PROBLEM),
        ("application/sparql-results+json, text/html;q=0.1", PROBLEM),
        ("text/html;q=0.5, text/turtle", PROBLEM),
        ("text/html;q=0", PROBLEM),
        ("image/png", PROBLEM),
    ],
)
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/sparql?frobnicate=1", 400),
        ("GET", "/downloads/nothing.nq", 404),
        ("DELETE", "/docs", 405),
    ],
)
def test_only_who_prefers_pages_gets_one(
    address: str, method: str, path: str, status: int, accept: str, expected: str
) -> None:
    answer = httpx.request(method, address + path, headers={"Accept": accept})
    assert answer.status_code == status
    assert answer.headers["content-type"].partition(";")[0] == expected
    assert "Accept" in answer.headers["vary"]


def test_names_that_are_near_are_links(address: str) -> None:
    page = httpx.get(f"{address}/api/v1/drugs/imatinibb", headers={"Accept": BROWSER})
    problem = httpx.get(f"{address}/api/v1/drugs/imatinibb").json()
    for each in problem["near"]:
        assert f'href="{each["link"]}"' in page.text
    assert "<textarea" not in page.text


def test_what_a_problem_says_is_escaped() -> None:
    problem = {
        "title": "t",
        "status": 409,
        "detail": "<i>",
        "hint": "<i>",
        "excerpt": "<i>",
        "candidates": [{"label": "<i>", "link": '"><i>'}, {"label": "<i>"}],
        "report": {"<i>": 1},
    }
    page = "".join(problem_page(json.loads(json.dumps(problem)), "<i>"))
    assert "<i>" not in page
    assert page.count("&lt;i&gt;") == 8


def test_a_page_below_a_path_leads_there(snapshot: Snapshot, tmp_path: Path) -> None:
    settings = settings_of(tmp_path, root_path="/kg")
    with running(create_app(settings, engine_of(snapshot, workers=1))) as address:
        page = httpx.get(f"{address}/sparql", params={"query": "x"}, headers={"Accept": BROWSER})
    assert page.status_code == 400
    assert 'action="/kg/sparql"' in page.text
    assert 'href="/kg/docs"' in page.text


def test_updates_have_no_form(address: str) -> None:
    answer = httpx.post(f"{address}/sparql", data={"update": "x"}, headers={"Accept": BROWSER})
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("text/html")
    assert "<textarea" not in answer.text
