"""Whoever asks again gets the same bytes, sooner: every route, with the headers that change it."""

from __future__ import annotations

from itertools import product

import pytest
from fronted import Fronted, Line, head_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.contract_examples import read_answers
from api.front_key import read_wish

ASK = "/sparql?query=ASK%7B%7D"
PAGES = (
    "/",
    "/explore",
    "/explore?drug=imatinib",
    "/compare?drug=imatinib&drug=pazopanib&histology=GIST",
    "/contradictions",
    "/search?q=imatinib",
    "/docs",
    "/drug/imatinib",
    "/openapi.json",
)
OTHERS = (
    "/sparql",
    ASK,
    "/sparql?query=DESCRIBE%20drug:imatinib",
    "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%20900",
    "/api/v1/paths?drug=imatinib&histology=GIST",
    "/ontology?format=ttl",
    "/.well-known/void",
    "/.well-known/sparql-examples?format=ttl",
    "/rdf-graph-store?graph=https://w3id.org/sarcoma-kg/graph/documents",
    "/trapi/2.0/meta_knowledge_graph",
    "/trapi/2.0/openapi.json",
    "/reconcile",
    "/reconcile?callback=show",
)
ACCEPTED = ("", "*/*", "application/json", "text/html,*/*;q=0.8", "text/csv, text/turtle;q=0.5")


TARGETS = ("/sparql?query=ASK%7B%7D", "/api/v1/drugs?limit=1", "/drug/imatinib", "/docs")
VALUES = {
    "Accept": ["*/*", "text/html", "application/json", "text/csv", "text/turtle;q=0.2,*/*;q=0.1"],
    "Accept-Encoding": ["gzip", "identity", "gzip;q=0", "br", "*"],
    "Accept-Language": ["de", "en;q=0.5"],
    "Host": ["kg.example", "other.example:81"],
    "Origin": ["https://a.example"],
    "Cookie": ["a=1"],
    "Cache-Control": ["no-cache", "max-age=0", "no-store", "only-if-cached"],
    "Pragma": ["no-cache"],
    "User-Agent": ["curl/8", "Mozilla/5.0"],
    "Referer": ["https://a.example/x"],
    "Sec-Fetch-Mode": ["navigate", "cors"],
    "Save-Data": ["on"],
    "DNT": ["1"],
    "Priority": ["u=1"],
    "Upgrade-Insecure-Requests": ["1"],
    "X-Forwarded-For": ["192.0.2.1"],
    "X-Forwarded-Proto": ["https"],
    "X-Forwarded-Prefix": ["/kg"],
    "X-Real-IP": ["192.0.2.1"],
    "Via": ["1.1 proxy"],
    "If-Modified-Since": ["Sun, 22 Nov 2026 16:43:36 GMT"],
    "HX-Request": ["true"],
    "Purpose": ["prefetch"],
}
HEADERS = st.fixed_dictionaries({}, optional={n: st.sampled_from(v) for n, v in VALUES.items()})


def requests() -> list[str]:
    return sorted(
        {each["request"] for name, each in read_answers().items() if name.startswith("GET")}
    )


@pytest.mark.parametrize(
    "chosen", [0, *(pytest.param(each, marks=pytest.mark.soak) for each in range(1, 12))]
)
def test_each_route_of_the_contract_gives_the_same_bytes_again(
    fronted: Fronted, chosen: int
) -> None:
    for target in requests()[chosen::12]:
        seen = fronted.compare(head_of(target, Accept_Encoding="gzip"))
        assert seen.status == 200
        if seen.header("etag") and seen.header("cache-control") == "no-cache":
            path = target.partition("?")[0]
            expected = path.startswith(("/api/", "/sparql")) and "/snapshots" not in path
            expected = expected and not path.startswith("/api/v1/differences")
            assert fronted.is_hit(head_of(target, Accept_Encoding="gzip")) == expected, target


@pytest.mark.parametrize("target", [*PAGES, *OTHERS])
def test_pages_and_protocols_give_the_same_bytes_again(fronted: Fronted, target: str) -> None:
    head = head_of(target, Accept="text/html, */*;q=0.1", Accept_Encoding="gzip, br")
    assert fronted.compare(head).status == 200
    assert fronted.is_hit(head)


@pytest.mark.parametrize("target", [ASK, "/sparql", "/api/v1/drugs?limit=3", "/drug/imatinib"])
def test_what_headers_change_is_kept_apart(fronted: Fronted, target: str) -> None:
    for accept, encoding, method in product(ACCEPTED, ("", "gzip", "gzip;q=0"), ("GET", "HEAD")):
        fronted.compare(head_of(target, method=method, Accept=accept, Accept_Encoding=encoding))


@pytest.mark.parametrize("target", [ASK, "/api/v1/drugs/imatinib", "/drug/imatinib", "/explore"])
@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_who_knows_the_tag_is_told_so_in_the_same_bytes(
    fronted: Fronted, target: str, encoding: str
) -> None:
    tag = fronted.compare(head_of(target, Accept_Encoding=encoding)).header("etag")
    bare = tag.replace('-gzip"', '"')
    same = (tag, bare, f"W/{tag}", f'"x", {tag}', f'"x",W/{bare} , "y"', "*", f'{bare}, "a-gzip"')
    for known in same:
        head = head_of(target, Accept_Encoding=encoding, If_None_Match=known)
        assert fronted.compare(head).status == 304
        assert fronted.is_hit(head)
    for known in ('"x"', 'W/"y", "z"', "", '"0.0-gzip"', tag.strip('"')[:-3], f"{tag[:-3]}-gzip"):
        assert fronted.compare(
            head_of(target, Accept_Encoding=encoding, If_None_Match=known)
        ).status
    other = head_of(target, Accept_Encoding=encoding, If_None_Match='"of-another-snapshot"')
    assert fronted.compare(other).status == 200


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (NOW() AS ?now) {}",
        "SELECT (RAND() AS ?a) {}",
        "SELECT (UUID() AS ?a) {}",
        "SELECT (BNODE() AS ?a) {}",
    ],
)
def test_what_is_another_answer_each_time_is_never_kept(fronted: Fronted, query: str) -> None:
    head = head_of("/sparql?query=" + query.replace(" ", "%20").replace("?", "%3F"))
    with Line(fronted.address) as line:
        assert [line.ask(head).status for _ in range(3)] == [200] * 3
    assert not fronted.is_hit(head)


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer x"},
        {"Range": "bytes=0-1"},
        {"If-Match": '"x"'},
        {"Content-Length": "0"},
        {"If-Range": '"x"'},
    ],
)
def test_some_requests_always_go_the_whole_way(fronted: Fronted, headers: dict[str, str]) -> None:
    with Line(fronted.address) as line:
        line.ask(head_of(ASK))
        before = fronted.front.figures()
        for _ in range(2):
            assert line.ask(head_of(ASK, **headers)).status == (
                412 if "If-Match" in headers else 200
            )
    after = fronted.front.figures()
    assert (after.hits, after.misses) == (before.hits, before.misses)


@pytest.mark.parametrize(
    "target", ["/healthz", "/readyz", "/version", "/metrics", "/downloads", "/api/v1/snapshots"]
)
def test_what_no_snapshot_decides_is_never_kept(fronted: Fronted, target: str) -> None:
    with Line(fronted.address) as line:
        for _ in range(3):
            line.ask(head_of(target))
    assert not fronted.is_hit(head_of(target))


def test_problems_are_never_kept(fronted: Fronted) -> None:
    for target in ("/api/v1/drugs/nothing", "/sparql?query=ASK", "/api/v1/drugs?x=1"):
        with Line(fronted.address) as line:
            assert [line.ask(head_of(target)).status // 100 for _ in range(3)] == [4] * 3
        assert not fronted.is_hit(head_of(target))


def test_the_id_of_a_request_is_echoed(fronted: Fronted) -> None:
    with Line(fronted.address) as line:
        line.ask(head_of(ASK))
        hits = fronted.front.figures().hits
        for given, shown in (("job-7", "job-7"), ("a b", None), ("x" * 65, None)):
            found = line.ask(head_of(ASK, X_Request_Id=given)).header("x-request-id")
            assert found == shown or (shown is None and len(found) == 16)
        assert fronted.front.figures().hits == hits + 3
        ids = {line.ask(head_of(ASK)).header("x-request-id") for _ in range(600)}
    assert len(ids) == 600


def test_figures_count_answers_that_were_kept_as_all_others(fronted: Fronted) -> None:
    head = head_of(ASK, Accept="application/sparql-results+json")
    with Line(fronted.address) as line:
        body = line.ask(head).body
        before = fronted.figures()
        for _ in range(10):
            line.ask(head)
        line.ask(head.replace(b"GET", b"HEAD"))
    after = fronted.figures()

    def grown(*name: str) -> float:
        return after[name] - before.get(name, 0)

    assert grown("sarcoma_kg_requests_total", "GET", "/sparql", "200") == 10
    assert grown("sarcoma_kg_requests_total", "HEAD", "/sparql", "200") == 1
    assert grown("sarcoma_kg_request_seconds_count", "/sparql") == 11
    assert grown("sarcoma_kg_request_seconds_bucket", "+Inf", "/sparql") == 11
    assert grown("sarcoma_kg_queries_total", "ASK", "ok") == 11
    assert grown("sarcoma_kg_answer_cache_requests_total", "hit") == 10
    assert grown("sarcoma_kg_answer_cache_sent_bytes_total") == 10 * len(body)
    assert grown("sarcoma_kg_sent_bytes_total") >= 10 * len(body)
    assert after["sarcoma_kg_requests_in_flight",] == 1
    assert after["sarcoma_kg_answer_cache_answers",] == fronted.front.figures().answers


def test_the_largest_answer_of_paths_is_kept(fronted: Fronted) -> None:
    head = head_of("/api/v1/paths?drug=imatinib&histology=GIST")
    assert len(fronted.compare(head).body) > 300_000
    assert fronted.is_hit(head)


def test_lines_of_the_log_look_the_same(fronted: Fronted) -> None:
    fronted.log_lines()
    with Line(fronted.address) as line:
        for target in (f"{ASK}%20%23%25s", f"{ASK}%23%25(id)s", "/api/v1/drugs/pazopanib"):
            for _ in range(2):
                line.ask(head_of(target, X_Request_Id="job-7"))
                line.ask(head_of(target))
    found = fronted.log_lines()
    assert len(found) == 12
    for slow, *hits in (found[:4], found[4:8], found[8:]):
        for hit in hits:
            assert [*hit] == [each for each in slow if each not in ("waited_ms", "evaluated_ms")]
            own = ("id", "time", "ms")
            assert {n: v for n, v in hit.items() if n not in own}.items() <= slow.items()
            assert len(hit["time"]) == len(slow["time"])
            assert 0 <= hit["ms"] < 50


def key_of(target: str, headers: dict[str, str]) -> object:
    given = {"Host": "kg.example", **headers}
    pairs = [(name.lower().encode(), value.encode()) for name, value in given.items()]
    wish = read_wish(b"GET", target.encode(), pairs)
    return wish and wish.key


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(target=st.sampled_from(TARGETS), first=HEADERS, second=HEADERS)
def test_what_has_other_answers_has_another_key(
    fronted: Fronted,
    target: str,
    first: dict[str, str],
    second: dict[str, str],
) -> None:
    heads = [head_of(target, **headers) for headers in (first, second)]
    slow = [fronted.ask_within(head).shared for head in heads]
    keys = [key_of(target, headers) for headers in (first, second)]
    assert slow[0] == slow[1] or keys[0] != keys[1]
    for head, expected in zip(heads, slow, strict=True):
        assert fronted.compare(head).shared == expected
