"""Pages for people and what operates the server, over real HTTP."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import httpx
import pytest

from kg.snapshot import Snapshot

BROWSER = {"Accept": "text/html, application/xhtml+xml, */*;q=0.8"}


class Reader(HTMLParser):
    """Collects the tags of a page, what it links to, and what a browser fetches with it."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.fetched: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = [value for name, value in attrs if name in ("href", "src") and value]
        (self.addresses if tag == "a" else self.fetched).extend(found)
        if tag not in ("meta", "br", "link", "input"):
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
    assert all(re.match(r"/(?!/)|data:,$", each) for each in read(page).fetched)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]* src=)", page.text)


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json"])
def test_what_a_client_holds_is_not_sent_again(address: str, path: str, snapshot: Snapshot) -> None:
    tag = httpx.get(address + path).headers["etag"]
    assert tag.startswith(f'"{snapshot.id}.')
    again = httpx.get(address + path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_every_link_of_a_page_works(address: str, path: str) -> None:
    page = read(httpx.get(address + path))
    local = {each for each in (*page.addresses, *page.fetched) if each.startswith("/")}
    assert local
    for each in sorted(local):
        assert httpx.get(address + each, timeout=30, headers=BROWSER).status_code == 200, each


def test_the_home_page_names_the_snapshot_and_warns(address: str, snapshot: Snapshot) -> None:
    text = httpx.get(address).text
    assert snapshot.id[:12] in text
    assert f"{snapshot.manifest.quads:,} quads" in text
    assert "not medical advice" in text


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
    targets = re.findall(r'href="(?:/docs)?#([^"]+)"', text)
    assert "post-sparql" in targets
    assert all(f'id="{each}"' in text for each in targets)
    assert text.index('<nav class="contents"') < text.index('id="post-sparql"')
    post = text.partition('id="post-sparql"')[2].partition("</section>")[0]
    assert "application/sparql-query</code>" in post
    assert "application/x-www-form-urlencoded</code>" in post
    assert re.search(r"<pre[^>]*><code>curl ", post)
    assert re.search(r"<td[^>]*><code>false</code></td>|<td[^>]*>false</td>", text)
    assert "False" not in text
    assert "`" not in text
