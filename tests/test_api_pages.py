"""Pages for people and what operates the server, over real HTTP."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import httpx
import pytest

from api.page_routes import EXAMPLES
from kg.snapshot import Snapshot


class Reader(HTMLParser):
    """Collects the addresses and the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value for name, value in attrs if name in ("href", "src") and value]
        if tag not in ("meta", "br", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(page: httpx.Response) -> Reader:
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    reader = Reader()
    reader.feed(page.text)
    assert reader.open == []
    return reader


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_page_fetches_nothing_from_elsewhere(address: str, path: str) -> None:
    page = httpx.get(address + path)
    assert all(each.startswith("/") for each in read(page).addresses)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<script" not in page.text


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json"])
def test_what_a_client_holds_is_not_sent_again(address: str, path: str, snapshot: Snapshot) -> None:
    tag = httpx.get(address + path).headers["etag"]
    assert tag.startswith(f'"{snapshot.id}.')
    again = httpx.get(address + path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_every_link_of_a_page_works(address: str, path: str) -> None:
    for each in read(httpx.get(address + path)).addresses:
        assert httpx.get(address + each, timeout=30).status_code == 200, each


def test_the_home_page_names_the_snapshot_and_warns(address: str, snapshot: Snapshot) -> None:
    text = httpx.get(address).text
    assert snapshot.id[:16] in text
    assert f"{snapshot.manifest.quads:,} quads" in text
    assert "not medical advice" in text


@pytest.mark.parametrize(("question", "query"), EXAMPLES)
def test_every_example_query_finds_something(address: str, question: str, query: str) -> None:
    answer = httpx.get(f"{address}/sparql", params={"query": query, "format": "csv"}, timeout=30)
    assert answer.status_code == 200
    assert len(answer.text.splitlines()) > 1, question


def test_the_docs_name_every_address_and_parameter(address: str) -> None:
    schema = httpx.get(f"{address}/openapi.json").json()
    text = httpx.get(f"{address}/docs").text
    for path, methods in schema["paths"].items():
        assert f" {path}</code>" in text
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                assert f"<code>{parameter['name']}</code>" in text
                assert parameter.get("description") or parameter["in"] == "path"


def test_the_contract_lists_what_is_served(address: str) -> None:
    schema = httpx.get(f"{address}/openapi.json").json()
    assert set(schema["paths"]) >= {
        "/sparql",
        "/api/v1/paths",
        "/api/v1/drugs",
        "/api/v1/drugs/{id}",
        "/api/v1/evidence",
        "/healthz",
        "/readyz",
        "/version",
    }
    assert {each["name"] for each in schema["paths"]["/api/v1/evidence"]["get"]["parameters"]} >= {
        "drug",
        "histology",
        "direct",
        "minEvaluable",
        "treatmentMode",
        "limit",
        "cursor",
    }


def test_the_server_is_alive_ready_and_knows_its_version(address: str, snapshot: Snapshot) -> None:
    assert httpx.get(f"{address}/healthz").json() == {"status": "alive"}
    assert httpx.get(f"{address}/readyz").json() == {"status": "ready"}
    version = httpx.get(f"{address}/version")
    assert version.json()["snapshot"] == snapshot.id
    assert version.json()["claims"] == snapshot.manifest.claims
    assert re.fullmatch(r"\d[\w.+-]*", version.json()["version"])
    assert version.headers["x-content-type-options"] == "nosniff"


def test_the_docs_begin_with_contents_and_show_how_to_post(address: str) -> None:
    text = httpx.get(f"{address}/docs").text
    targets = re.findall(r'href="/docs#([^"]+)"', text)
    assert "post-sparql" in targets
    assert all(f'id="{each}"' in text for each in targets)
    assert text.index("<nav>") < text.index('id="post-sparql"')
    post = text.partition('id="post-sparql"')[2].partition("<h2")[0]
    assert "application/sparql-query</code>" in post
    assert "application/x-www-form-urlencoded</code>" in post
    assert "<pre>curl " in post
    assert "<td>false</td>" in text
    assert "False" not in text
    assert "`" not in text
