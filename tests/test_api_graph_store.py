"""The graph store over real HTTP: reading, writing, naming, refusing."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import httpx
import pytest
from engine_at_hand import EngineAtHand
from pyoxigraph import RdfFormat, parse, serialize
from serving import running, settings_of

from api.application import create_app
from kg.base import EmptyBase
from kg.formats import GraphFormat

TOKEN = "a-token-for-tests"
STORE = "/rdf-graph-store"
TURTLE = {"Content-Type": "text/turtle"}
ONE = b"<urn:a> <urn:b> 1 ."
TWO = b"<urn:a> <urn:b> 2 ."
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    home = tmp_path_factory.mktemp("home")
    (home / "token").write_text(TOKEN)
    settings = settings_of(
        home, empty=True, writable=True, gate=False, token_file=home / "token", upload_limit=1
    )
    engine = EngineAtHand(EmptyBase(), home)
    with running(create_app(settings, engine, base=EmptyBase())) as address:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        with httpx.Client(base_url=address, headers=headers, timeout=30) as found:
            yield found


@pytest.fixture
def mine() -> dict[str, str]:
    """The name of a graph that is not there yet."""
    return {"graph": f"urn:uuid:{uuid.uuid4()}"}


def objects(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return sorted(quad.object.value for quad in parse(answer.content, format=RdfFormat.TURTLE))


def read(client: httpx.Client, graph: str) -> list[str]:
    return objects(client.get(STORE, params={"graph": graph}))


def test_put_makes_a_graph_and_then_replaces_it(client: httpx.Client, mine: dict[str, str]) -> None:
    first = client.put(STORE, params=mine, content=ONE, headers=TURTLE)
    assert (first.status_code, first.json()["added"]) == (201, 1)
    assert read(client, mine["graph"]) == ["1"]
    second = client.put(STORE, params=mine, content=TWO, headers=TURTLE)
    assert (second.status_code, second.content) == (204, b"")
    assert read(client, mine["graph"]) == ["2"]
    snapshots = [each.headers["sarcoma-kg-snapshot"] for each in (first, second)]
    assert snapshots[0] != snapshots[1] == client.get("/version").json()["snapshot"]


def test_post_adds_to_a_graph(client: httpx.Client, mine: dict[str, str]) -> None:
    assert client.post(STORE, params=mine, content=ONE, headers=TURTLE).status_code == 201
    added = client.post(STORE, params=mine, content=TWO, headers=TURTLE)
    assert (added.status_code, added.json()["added"], added.json()["removed"]) == (200, 1, 0)
    assert read(client, mine["graph"]) == ["1", "2"]


def test_delete_removes_a_graph_once(client: httpx.Client, mine: dict[str, str]) -> None:
    client.put(STORE, params=mine, content=ONE, headers=TURTLE)
    gone = client.delete(STORE, params=mine)
    assert (gone.status_code, gone.json()["removed"]) == (200, 1)
    for answer in (client.get(STORE, params=mine), client.delete(STORE, params=mine)):
        assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)
        assert answer.json()["type"].endswith("/graph-not-found")


def test_the_default_graph_is_another_one(client: httpx.Client, mine: dict[str, str]) -> None:
    assert objects(client.get(STORE, params="default")) == []
    client.put(STORE, params="default", content=ONE, headers=TURTLE)
    assert objects(client.get(STORE, params="default")) == ["1"]
    assert client.get(STORE, params=mine).status_code == 404
    again = client.put(STORE, params="default", content=TWO, headers=TURTLE)
    assert again.status_code == 204
    assert objects(client.get(f"{STORE}?default")) == ["2"]
    assert client.delete(f"{STORE}?default").status_code == 200
    assert objects(client.get(f"{STORE}?default")) == []


def test_a_graph_may_be_named_by_the_address_of_the_request(client: httpx.Client) -> None:
    path = f"{STORE}/person/1.ttl"
    created = client.put(path, content=b"<> <p> <../x> .", headers=TURTLE)
    assert created.status_code == 201
    name = f"{client.base_url}{path}".replace("//rdf", "/rdf")
    assert objects(client.get(path)) == [name.replace("person/1.ttl", "x")]
    assert read(client, graph=name) == objects(client.get(path))
    assert client.delete(path).status_code == 200
    assert client.get(path).status_code == 404


def test_a_post_to_the_store_makes_a_graph_and_says_where(client: httpx.Client) -> None:
    made = client.post(STORE, content=b"<> <urn:b> 3 .", headers=TURTLE)
    assert made.status_code == 201
    location = made.headers["location"]
    assert location.startswith(f"{client.base_url}".rstrip("/") + STORE + "/")
    assert objects(client.get(location)) == read(client, graph=location) == ["3"]
    other = client.post(STORE, content=b"<> <urn:b> 3 .", headers=TURTLE)
    assert other.headers["location"] != location


def test_several_documents_may_come_at_once(client: httpx.Client, mine: dict[str, str]) -> None:
    files = [
        ("a", ("one.ttl", ONE, "text/turtle; charset=utf-8")),
        ("b", ("two.nt", b'<urn:a> <urn:b> "2" .', "application/n-triples")),
        ("c", ("three.ttl", b"<urn:a> <urn:b> 3 .", "application/octet-stream")),
    ]
    assert client.post(STORE, params=mine, files=files).status_code == 201
    assert read(client, mine["graph"]) == ["1", "2", "3"]
    body = b"--x\r\nContent-Type: text/turtle\r\n\r\n<urn:a> <urn:b> 4 .\r\n--x--\r\n"
    mixed = {"Content-Type": "multipart/mixed; boundary=x"}
    assert client.post(STORE, params=mine, content=body, headers=mixed).status_code == 200
    assert "4" in read(client, mine["graph"])


def test_one_bad_document_of_several_stops_all(client: httpx.Client, mine: dict[str, str]) -> None:
    bad = [("a", ("a.ttl", ONE, "text/turtle")), ("b", ("b.ttl", b"<urn:", "text/turtle"))]
    assert client.post(STORE, params=mine, files=bad).status_code == 400
    unknown = [("a", ("a.ttl", ONE, "text/turtle")), ("b", ("b.txt", TWO, "text/plain"))]
    assert client.post(STORE, params=mine, files=unknown).status_code == 415
    assert client.put(STORE, params=mine, files=bad[:1]).status_code == 415
    assert client.get(STORE, params=mine).status_code == 404


def test_an_empty_document_is_an_empty_graph(client: httpx.Client, mine: dict[str, str]) -> None:
    assert client.put(STORE, params=mine).status_code == 201
    assert read(client, mine["graph"]) == []
    assert client.post(STORE, params=mine, content=b"", headers=TURTLE).status_code == 200
    assert client.delete(STORE, params=mine).status_code == 200


@pytest.mark.parametrize("form", GraphFormat)
def test_a_graph_comes_and_goes_in_every_format(
    client: httpx.Client, form: GraphFormat, mine: dict[str, str]
) -> None:
    triples = (quad.triple for quad in parse(ONE, format=RdfFormat.TURTLE))
    sent = serialize(triples, format=form.engine) or b""
    headers = {"Content-Type": form.media_type}
    assert client.put(STORE, params=mine, content=sent, headers=headers).status_code == 201
    got = client.get(STORE, params=mine, headers={"Accept": form.media_type})
    assert got.headers["content-type"].split(";")[0] == form.media_type
    (quad,) = parse(got.content, format=form.engine)
    assert quad.object.value == "1"


@pytest.mark.parametrize(
    ("headers", "body", "status", "words"),
    [
        ({"Content-Type": "text/plain"}, ONE, 415, "this one is text/plain"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, ONE, 415, "curl says it by"),
        ({"Content-Type": "text/turtle; charset=latin-1"}, ONE, 415, "in UTF-8"),
        ({}, ONE, 415, "the header Content-Type is missing"),
        ({**TURTLE, "Content-Encoding": "gzip"}, ONE, 415, "not as gzip"),
        ({**TURTLE, "Content-Range": "bytes 0-1/2"}, ONE, 400, "and not in parts"),
        (TURTLE, b"<urn:a> <urn:b>", 400, "is not Turtle"),
        ({"Content-Type": "application/rdf+xml"}, ONE, 400, "is not RDF/XML"),
        ({"Content-Type": "multipart/mixed; boundary=x"}, ONE, 400, "cannot be told apart"),
        (TURTLE, ONE + b" " * 1024 * 1024, 413, "at most 1,048,576 bytes"),
    ],
)
def test_a_document_that_is_none_changes_nothing(
    client: httpx.Client,
    headers: dict[str, str],
    body: bytes,
    status: int,
    words: str,
    mine: dict[str, str],
) -> None:
    before = client.get("/version").json()["snapshot"]
    answer = client.post(STORE, params=mine, content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert words in answer.json()["detail"]
    assert answer.headers.get("accept-encoding") == (
        "identity" if "Content-Encoding" in headers else None
    )
    assert client.get("/version").json()["snapshot"] == before


@pytest.mark.parametrize(
    "target",
    [
        f"{STORE}?graph=nothing",
        f"{STORE}?graph=",
        f"{STORE}?graph=urn:a&default",
        f"{STORE}?graph=urn:a&graph=urn:b",
        f"{STORE}/a?graph=urn:a",
        f"{STORE}/a?default",
        f"{STORE}?graph=urn:%FF",
        f"{STORE}?grph=urn:a",
        STORE,
        f"{STORE}/",
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_graph_must_be_named_once(client: httpx.Client, method: str, target: str) -> None:
    answer = client.request(method, target)
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)


def test_a_curie_names_a_graph(client: httpx.Client, mine: dict[str, str]) -> None:
    client.put(STORE, params={"graph": "graph:mine"}, content=ONE, headers=TURTLE)
    assert read(client, graph="https://w3id.org/sarcoma-kg/graph/mine") == ["1"]


def test_percent_encoding_is_decoded_once(client: httpx.Client) -> None:
    for name, body in (("urn:%31", ONE), ("urn:1", TWO)):
        assert client.put(STORE, params={"graph": name}, content=body, headers=TURTLE).is_success
    assert read(client, graph="urn:%31") == ["1"]
    assert objects(client.get(f"{STORE}?graph=urn:%31")) == ["2"]
    assert objects(client.get(f"{STORE}?graph=urn:%2531")) == ["1"]


def test_head_is_get_without_a_body(client: httpx.Client, mine: dict[str, str]) -> None:
    client.put(STORE, params=mine, content=ONE, headers=TURTLE)
    got, head = client.get(STORE, params=mine), client.head(STORE, params=mine)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length", "etag"):
        assert head.headers[name] == got.headers[name]
    assert head.headers["content-type"] == "text/turtle; charset=utf-8"
    assert client.head(STORE, params={"graph": "urn:none"}).status_code == 404


@pytest.mark.parametrize("path", [STORE, f"{STORE}/any/path"])
def test_the_methods_are_named(client: httpx.Client, path: str) -> None:
    expected = "GET, HEAD, POST, PUT, DELETE, OPTIONS"
    preflight = {"Origin": "https://e.org", "Access-Control-Request-Method": "PUT"}
    asked = client.options(path, headers=preflight)
    assert asked.headers["allow"] == asked.headers["access-control-allow-methods"] == expected
    refused = client.patch(path)
    assert (refused.status_code, refused.headers["allow"]) == (405, expected)


def test_nobody_writes_without_the_token(client: httpx.Client, mine: dict[str, str]) -> None:
    for method in ("PUT", "POST", "DELETE"):
        missing = httpx.request(method, f"{client.base_url}{STORE}?graph=urn:mine")
        assert missing.status_code == 401
        assert missing.headers["www-authenticate"] == 'Bearer realm="sarcoma-kg"'
        wrong = {"Authorization": "Bearer wrong-wrong-wrong"}
        refused = client.request(method, STORE, params=mine, headers=wrong)
        assert refused.status_code == 401
        assert 'error="invalid_token"' in refused.headers["www-authenticate"]
    assert client.get(STORE, params=mine).status_code == 404


def test_tags_say_when_a_graph_is_as_it_was(client: httpx.Client, mine: dict[str, str]) -> None:
    client.put(STORE, params=mine, content=ONE, headers=TURTLE)
    tag = client.get(STORE, params=mine).headers["etag"]
    same = client.get(STORE, params=mine, headers={"If-None-Match": tag})
    assert (same.status_code, same.content) == (304, b"")
    other = {"Accept": "application/n-triples"}
    assert client.get(STORE, params=mine, headers=other).headers["etag"] != tag
    client.post(STORE, params=mine, content=TWO, headers=TURTLE)
    assert client.get(STORE, params=mine, headers={"If-None-Match": tag}).status_code == 200


def test_a_write_may_be_made_on_a_condition(client: httpx.Client, mine: dict[str, str]) -> None:
    def put(body: bytes, **conditions: str) -> int:
        given = {name.replace("_", "-"): value for name, value in conditions.items()}
        headers = {**TURTLE, **given}
        return client.put(STORE, params=mine, content=body, headers=headers).status_code

    assert put(ONE, If_Match="*") == 412
    assert put(ONE, If_None_Match="*") == 201
    assert put(TWO, If_None_Match="*") == 412
    tag = client.get(STORE, params=mine).headers["etag"]
    assert put(TWO, If_Match='"another"') == 412
    assert read(client, mine["graph"]) == ["1"]
    assert put(TWO, If_Match=tag) == 204
    assert put(ONE, If_Match=tag) == 412
    assert read(client, mine["graph"]) == ["2"]


def test_a_graph_may_be_read_on_a_condition(client: httpx.Client, mine: dict[str, str]) -> None:
    client.put(STORE, params=mine, content=ONE, headers=TURTLE)
    tag = client.get(STORE, params=mine).headers["etag"]
    for value, status in ((tag, 200), ("*", 200), ('"another"', 412)):
        read = client.get(STORE, params=mine, headers={"If-Match": value})
        assert read.status_code == status
    missing = client.get(STORE, params={"graph": "urn:none"}, headers={"If-Match": "*"})
    assert missing.status_code == 404


FORMATS = "http://www.w3.org/ns/formats/"
DOCUMENTS = {
    f"{FORMATS}Turtle": ("text/turtle", b"@prefix a: <urn:> . a:a a:b 1 ."),
    f"{FORMATS}N-Triples": ("application/n-triples", b"<urn:a> <urn:b> <urn:c> ."),
    f"{FORMATS}N-Quads": ("application/n-quads", b"<urn:a> <urn:b> <urn:c> ."),
    f"{FORMATS}TriG": ("application/trig", b"{ <urn:a> <urn:b> 1 }"),
    f"{FORMATS}JSON-LD": ("application/ld+json", b'{"@id": "urn:a", "urn:b": 1}'),
    f"{FORMATS}RDF_XML": (
        "application/rdf+xml",
        b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:">'
        b'<r:Description r:about="urn:a"><u:b>1</u:b></r:Description></r:RDF>',
    ),
}
OTHERS = {
    "RDFa": ("text/html", b'<p about="urn:a" property="urn:b">1</p>'),
    "RDF_JSON": ("application/rdf+json", b'{"urn:a": {}}'),
    "OWL_Manchester": ("text/owl-manchester", b"Ontology: <urn:a>"),
    "N3": ("text/n3", b"{ <urn:a> <urn:b> 1 } => { <urn:a> <urn:b> 2 } ."),
    "LD_Patch": ("text/ldpatch", b"Add { <urn:a> <urn:b> 1 } ."),
    "HDT": ("application/vnd.hdt", b"$HDT"),
    "CSV": ("text/csv", b"a,b"),
}


def test_exactly_the_formats_that_the_service_names_are_taken(
    client: httpx.Client, mine: dict[str, str]
) -> None:
    described = client.get("/sparql", headers={"Accept": "application/n-triples"}).content
    listed = {
        quad.object.value
        for quad in parse(described, format=RdfFormat.N_TRIPLES)
        if quad.predicate.value.endswith("#inputFormat")
    }
    assert listed == DOCUMENTS.keys()
    for media_type, body in (*DOCUMENTS.values(), *OTHERS.values()):
        sent = client.put(STORE, params=mine, content=body, headers={"Content-Type": media_type})
        is_listed = (media_type, body) in DOCUMENTS.values()
        assert sent.is_success == is_listed, media_type
        if is_listed:
            assert len(read(client, mine["graph"])) == 1


def test_a_format_that_is_not_offered_is_406(client: httpx.Client, mine: dict[str, str]) -> None:
    client.put(STORE, params=mine, content=ONE, headers=TURTLE)
    refused = client.get(STORE, params=mine, headers={"Accept": "image/png," * 5000})
    assert refused.status_code == 406
    assert len(refused.content) < 1500
    page = client.get(STORE, params={**mine, "format": "html"})
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_a_host_that_is_none_is_refused(client: httpx.Client) -> None:
    answer = client.put(f"{STORE}/a", content=ONE, headers={**TURTLE, "Host": "a/b"})
    assert answer.status_code == 400
    named = client.post(STORE, content=ONE, headers={**TURTLE, "Host": "kg.example.org"})
    assert named.headers["location"].startswith("http://kg.example.org/rdf-graph-store/")
