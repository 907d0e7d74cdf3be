"""Behind a proxy that shows the server below a path: every address in every answer has it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from html import unescape
from ipaddress import ip_network
from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from serving import engine_of, running, settings_of
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.application import create_app
from api.prefix import Prefix, prefix_of
from api.prefix_links import PrefixedLinks, prefix_json, prefix_page
from kg.namespaces import Namespaces
from kg.settings import SettingsError, read_settings
from kg.snapshot import Snapshot

PREFIX = "/sarcoma"
NAMES = Namespaces({"drug": "https://e.org/drug/"}, "https://e.org/o/")
HOST = "kg.example.org"


class Proxy:
    """Shows a server below a path, which it takes off its requests or leaves there."""

    def __init__(self, app: ASGIApp, *, strips: bool, says: bool = False) -> None:
        self._app = app
        self._strips = strips
        self._says = says

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if not scope["path"].startswith(PREFIX):
                await send({"type": "http.response.start", "status": 502, "headers": []})
                await send({"type": "http.response.body", "body": b"not below the path"})
                return
            if self._says:
                headers = [*scope["headers"], (b"x-forwarded-prefix", PREFIX.encode())]
                scope = {**scope, "headers": headers}
            if self._strips:
                path, raw = scope["path"], scope["raw_path"]
                scope = {
                    **scope,
                    "path": path[len(PREFIX) :] or "/",
                    "raw_path": raw[len(PREFIX) :] or b"/",
                }
        await self._app(scope, receive, send)


@pytest.fixture(scope="module", params=["strips", "leaves and says"])
def below(request: pytest.FixtureRequest, snapshot: Snapshot) -> Iterator[str]:
    """The address of a server below a path, by each kind of proxy."""
    says = "says" in request.param
    given = {"trusted_proxy": ("127.0.0.1",)} if says else {"root_path": PREFIX}
    app = create_app(settings_of(snapshot.directory, **given), engine_of(snapshot))
    with running(Proxy(app, strips="strips" in request.param, says=says)) as address:
        yield address


def get(below: str, path: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{below}{PREFIX}{path}", headers={"Host": HOST, **headers}, timeout=30)


PAGES = (
    "/",
    "/docs",
    "/explore?drug=imatinib&histology=GIST",
    "/compare?drug=imatinib&drug=sunitinib&histology=GIST",
    "/contradictions?drug=imatinib",
    "/search?q=imatinib",
    "/drug/imatinib",
    "/sparql",
    "/downloads",
    "/.well-known/void",
    "/.well-known/sparql-examples",
    "/sparql?query=SELECT%20*%20%7B%20?s%20?p%20?o%20%7D%20LIMIT%203",
)
HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"


def links_of(page: str) -> list[str]:
    found = re.findall(r'(?:href|src|action|formaction)="([^"]*)"', page)
    return [unescape(each) for each in found]


def test_all_links_of_all_pages_are_below_the_path(below: str) -> None:
    seen: set[str] = set()
    waiting = [PREFIX + each for each in PAGES]
    with httpx.Client(base_url=below, timeout=30, headers={"Accept": HTML, "Host": HOST}) as client:
        while waiting and len(seen) < 30:
            path = waiting.pop(0)
            if path in seen:
                continue
            seen.add(path)
            answer = client.get(path)
            assert answer.status_code == 200, (path, answer.text[:200])
            if not answer.headers["content-type"].startswith("text/html"):
                continue
            for each in links_of(answer.text):
                full = urljoin(f"http://{HOST}{path}", each)
                parts = urlsplit(full)
                if parts.netloc == HOST:
                    assert f"{parts.path}/".startswith(f"{PREFIX}/"), (path, each)
                    if "/docs" not in parts.path and "/downloads/" not in parts.path:
                        waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    assert len(seen) == 30


def values_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from values_of(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from values_of(each)


def examples(below: str) -> list[str]:
    contract = get(below, "/openapi.json").json()
    found = [
        operation.get("x-example") or path
        for path, methods in contract["paths"].items()
        for operation in [methods.get("get")]
        if operation and ("{" not in path or "x-example" in operation)
    ]
    skipped = ("/sparql", "/rdf-graph-store", "/metrics", "/downloads/")
    return [each for each in found if not each.startswith(skipped)]


def test_all_addresses_in_json_are_below_the_path(below: str) -> None:
    count = 0
    paths = examples(below)
    assert len(paths) > 60
    paths = [each for number, each in enumerate(paths) if number % 3 == 0 or "/paths" in each]
    for path in paths:
        answer = get(below, path, Accept="application/json, application/ld+json;q=0.5")
        if "json" not in answer.headers.get("content-type", ""):
            continue
        for value in values_of(answer.json()):
            if value.startswith("/"):
                assert value.startswith(f"{PREFIX}/"), (path, value)
                count += 1
        for link in re.findall(r"<(/[^>]*)>", answer.headers.get("link", "")):
            assert link.startswith(f"{PREFIX}/"), (path, link)
    assert count > 20


def test_a_list_goes_on_below_the_path(below: str) -> None:
    first = get(below, "/api/v1/drugs?limit=2").json()
    assert first["next"].startswith(f"{PREFIX}/api/v1/drugs?")
    following = httpx.get(below + first["next"]).json()
    assert following["items"] != first["items"]
    answer = get(below, "/api/v1/drugs?limit=2")
    assert answer.links["next"]["url"] == first["next"]
    context = httpx.get(below + first["@context"])
    assert "@context" in context.json()


def test_the_contract_says_where_the_server_is(below: str) -> None:
    contract = get(below, "/openapi.json").json()
    assert contract["servers"] == [{"url": PREFIX}]
    assert "/api/v1/drugs" in contract["paths"]


def test_rdf_names_the_server_with_the_path(below: str) -> None:
    for path in ("/.well-known/void", "/.well-known/sparql-examples", "/sparql"):
        answer = get(below, path, Accept="application/n-triples")
        named = {
            term.value
            for quad in parse(answer.content, format=RdfFormat.N_TRIPLES)
            for term in (quad.subject, quad.object)
            if isinstance(term, NamedNode) and urlsplit(term.value).netloc == HOST
        }
        assert named
        assert all(urlsplit(each).path.startswith(f"{PREFIX}/") for each in named), path


def test_data_is_left_as_it_is(below: str) -> None:
    query = 'SELECT ("/api/v1/drugs" AS ?a) {}'
    answer = get(below, f"/sparql?query={query}&format=json")
    assert answer.json()["results"]["bindings"][0]["a"]["value"] == "/api/v1/drugs"
    construct = 'CONSTRUCT { <urn:a> <urn:b> "/api/v1/drugs" } WHERE {}'
    answer = get(below, f"/sparql?query={construct}&format=jsonld")
    assert '"/api/v1/drugs"' in answer.text
    refused = get(below, "/sparql?query=nonsense")
    assert refused.status_code == 400
    assert refused.headers["content-type"] == "application/problem+json"


def test_a_problem_links_below_the_path(below: str) -> None:
    answer = get(below, "/api/v1/drugs/imatinip")
    assert answer.status_code == 404
    links = [each["link"] for each in answer.json()["near"]]
    assert links
    assert all(each.startswith(f"{PREFIX}/") for each in links)


def test_a_redirect_stays_below_the_path(below: str) -> None:
    answer = get(below, "/sparql/?query=ASK%20%7B%7D")
    assert answer.status_code == 307
    place = urljoin(f"http://{HOST}{PREFIX}/sparql/", answer.headers["location"])
    assert place == f"http://{HOST}{PREFIX}/sparql?query=ASK%20%7B%7D"


@pytest.mark.parametrize("path", ["/", "/docs", "/api/v1/drugs?limit=2", "/downloads"])
@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_lengths_and_tags_fit_what_is_sent(below: str, path: str, coding: str) -> None:
    answer = get(below, path, **{"Accept-Encoding": coding, "Accept": HTML})
    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) == answer.num_bytes_downloaded
    head = httpx.head(
        f"{below}{PREFIX}{path}",
        headers={"Host": HOST, "Accept-Encoding": coding, "Accept": HTML},
    )
    assert head.headers["content-length"] == answer.headers["content-length"]
    if "etag" in answer.headers:
        again = get(
            below,
            path,
            **{
                "Accept-Encoding": coding,
                "Accept": HTML,
                "If-None-Match": answer.headers["etag"],
            },
        )
        assert (again.status_code, again.content) == (304, b"")


def test_a_graph_below_the_path_is_named_with_it(below: str) -> None:
    named = get(below, "/rdf-graph-store/notes")
    assert named.status_code == 404
    assert f"http://{HOST}{PREFIX}/rdf-graph-store/notes" in named.json()["detail"]


def test_the_path_alone_is_the_first_page(below: str) -> None:
    assert get(below, "").text == get(below, "/").text


# Without a server


def ask(
    path: str,
    *,
    root_path: str = "",
    headers: dict[str, str] | None = None,
    trusted: tuple[Any, ...] = (),
    body: Callable[[Send], Awaitable[None]] | None = None,
) -> tuple[dict[str, Any], list[Message]]:
    """Return the scope that lies inside, and what is sent."""
    seen: dict[str, Any] = {}
    sent: list[Message] = []

    class App:
        state = SimpleNamespace(operations={"/api/v1/drugs": {}, "/sparql": {}})

    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        seen.update(scope)
        if body:
            await body(send)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    given = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {
        "type": "http",
        "path": path,
        "raw_path": path.encode(),
        "headers": given,
        "client": ("192.0.2.1", 1),
        "app": App(),
    }
    app = Prefix(PrefixedLinks(inside, NAMES), NAMES, root_path, trusted)
    asyncio.run(app(scope, receive, send))
    return seen, sent


@pytest.mark.parametrize(
    ("root_path", "path", "inside"),
    [
        ("/kg", "/kg/api/v1/drugs", "/api/v1/drugs"),
        ("/kg", "/api/v1/drugs", "/api/v1/drugs"),
        ("/kg", "/kg", "/"),
        ("/kg", "/kg/", "/"),
        ("/kg", "/kgx/a", "/kgx/a"),
        ("/a/b", "/a/b/sparql", "/sparql"),
        ("", "/kg/sparql", "/kg/sparql"),
    ],
)
def test_the_prefix_is_taken_off_once(root_path: str, path: str, inside: str) -> None:
    seen, _ = ask(path, root_path=root_path)
    assert (seen["path"], seen["raw_path"]) == (inside, inside.encode())
    assert prefix_of(seen) == root_path


def test_only_a_trusted_proxy_is_believed() -> None:
    said = {"X-Forwarded-Prefix": "/kg/"}
    trusted = (ip_network("192.0.2.1"),)
    assert prefix_of(ask("/sparql", headers=said)[0]) == ""
    assert prefix_of(ask("/sparql", headers=said, trusted=trusted)[0]) == "/kg"
    assert prefix_of(ask("/sparql", headers=said, root_path="/own", trusted=trusted)[0]) == "/kg"
    for bad in ("//evil.example", "/a b", "kg", '/"><script>', "/..", "/a/../b", "/x" * 20):
        seen, _ = ask("/sparql", headers={"X-Forwarded-Prefix": bad}, trusted=trusted)
        assert prefix_of(seen) == "", bad


def test_a_prefix_like_a_path_of_ours_was_taken_off_already() -> None:
    for prefix, path in (("/api", "/api/v1/drugs"), ("/drug", "/drug/imatinib")):
        seen, _ = ask(
            path, headers={"X-Forwarded-Prefix": prefix}, trusted=(ip_network("192.0.2.1"),)
        )
        assert (seen["path"], prefix_of(seen)) == (path, prefix)


def test_a_stream_of_html_is_rewritten_wherever_it_is_cut() -> None:
    text = b'<a href="/docs">a &gt; b</a><form action="/sparql"><img src="https://e.org/x"> end'
    wanted = prefix_page(text, "/kg")
    assert b'href="/kg/docs"' in wanted
    for size in (1, 2, 3, 5, 7, 11, 100):

        async def body(send: Send, size: int = size) -> None:
            headers = [(b"content-type", b"text/html; charset=utf-8")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            for start in range(0, len(text), size):
                piece = text[start : start + size]
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})

        _, sent = ask("/sparql", root_path="/kg", body=body)
        assert b"".join(each.get("body", b"") for each in sent) == wanted
        assert not sent[-1].get("more_body")


def test_a_header_that_decides_is_named() -> None:
    async def body(send: Send) -> None:
        headers = [(b"location", b"/drug/x"), (b"link", b'</a>; rel="next"')]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    trusted = (ip_network("192.0.2.1"),)
    _, sent = ask("/x", headers={"X-Forwarded-Prefix": "/kg"}, trusted=trusted, body=body)
    headers = dict(sent[0]["headers"])
    assert headers[b"location"] == b"/kg/drug/x"
    assert headers[b"link"] == b'</kg/a>; rel="next"'
    assert headers[b"vary"].lower() == b"x-forwarded-prefix"


def test_texts_in_json_are_not_touched() -> None:
    value = {
        "link": "/api/v1/drugs/x",
        "list": ["/sparql", "/api"],
        "label": 'a "/api/v1" and :"/api/v1/x", "/sparql"',
        "dose": "/week",
        "path": "/apix",
    }
    for separators in ((",", ":"), (", ", ": ")):
        text = json.dumps(value, separators=separators).encode()
        found = json.loads(prefix_json(text, "/kg", {"api", "sparql", ""}))
        assert found == {**value, "link": "/kg/api/v1/drugs/x", "list": ["/kg/sparql", "/kg/api"]}


@pytest.mark.parametrize(
    "given", ["sarcoma", "//x", "/a//b", "/a?b", "/..", "/a/./b", "/a b", "/é"]
)
def test_a_path_that_is_none_stops_the_start(given: str) -> None:
    with pytest.raises(SettingsError, match="--root-path"):
        read_settings(root_path=given)


def test_a_path_is_read_without_its_last_slash() -> None:
    assert read_settings(root_path="/sarcoma/").root_path == "/sarcoma"
    assert read_settings(root_path="/").root_path == ""
    assert read_settings(root_path="").root_path == ""


@pytest.mark.parametrize("path", ["/api", "/drug/x"])
def test_a_path_of_the_server_itself_stops_the_start(path: str, snapshot: Snapshot) -> None:
    settings = settings_of(snapshot.directory, root_path=path)
    with pytest.raises(SettingsError, match="has addresses below"):
        create_app(settings, engine_of(snapshot))
