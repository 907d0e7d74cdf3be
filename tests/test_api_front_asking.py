"""Queries that are asked ahead of the application: the same answers, lines and figures."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from fronted import Fronted, Line, Seen, head_of, serving_front

from api.front_query import FrontQueries
from kg.snapshot import Snapshot

JSON = "application/sparql-results+json"
NUMBERS = itertools.count()
QUERIES = (
    "ASK {{}} #{}",
    "SELECT * {{ ?s ?p ?o }} LIMIT 3 #{}",
    "SELECT * {{ ?s ?p ?o }} LIMIT 40 #{}",
    "SELECT ?drug {{ ?drug a :NoSuchClass }} #{}",
    "SELECT (NOW() AS ?now) {{}} #{}",
    "CONSTRUCT WHERE {{ drug:imatinib ?p ?o }} #{}",
    "DESCRIBE drug:imatinib #{}",
    "SELECT * {{ ?s ?p ?o }} LIMIT 4000 #{}",
    "SELECT * {{ #{}",
    "SELECT * {{ SERVICE <https://e.example/> {{ ?s ?p ?o }} }} #{}",
)


def target_of(query: str) -> str:
    return "/sparql?query=" + quote(query.format(next(NUMBERS)))


@pytest.fixture(scope="module")
def asking(snapshot: Snapshot) -> Iterator[Fronted]:
    with serving_front(snapshot, asks=True) as served:
        yield served


def shared(seen: Seen) -> bytes:
    # What is made anew for each query: the moment, and the labels of blank nodes.
    return seen.shared if b"no-store" not in seen.head else seen.head[:15]


def learn(asking: Fronted, **headers: str) -> None:
    with Line(asking.address) as line:
        for query in QUERIES[:7]:
            line.ask(head_of(target_of(query), **headers))


def is_asked_ahead(asking: Fronted, target: str, **headers: str) -> bool:
    """Tell whether a form is known for a request that was not seen yet."""
    queries = asking.front.queries
    assert isinstance(queries, FrontQueries)
    before = queries.asked
    with Line(asking.address) as line:
        line.ask(head_of(target, **headers))
    return queries.asked > before


@pytest.mark.parametrize("encoding", ["", "gzip", "identity"])
@pytest.mark.parametrize("accept", ["", JSON, "text/csv, */*;q=0.1", "text/turtle", "text/html"])
@pytest.mark.parametrize("query", QUERIES)
def test_an_answer_is_the_same_byte_by_byte(
    asking: Fronted, query: str, accept: str, encoding: str
) -> None:
    headers = {"Accept": accept, "Accept_Encoding": encoding}
    learn(asking, **headers)
    target = target_of(query)
    slow = asking.ask_within(head_of(target, **headers))
    with Line(asking.address) as line:
        fast, next_one = line.ask(head_of(target, **headers)), line.ask(head_of("/healthz"))
    assert shared(fast) == shared(slow)
    assert next_one.status == 200


def test_short_answers_are_asked_ahead_and_what_comes_again_is_kept(asking: Fronted) -> None:
    learn(asking, Accept=JSON)
    target = target_of(QUERIES[0])
    assert is_asked_ahead(asking, target, Accept=JSON)
    assert not is_asked_ahead(asking, target, Accept=JSON)
    assert asking.is_hit(head_of(target, Accept=JSON))


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer x"},
        {"If_Match": '"x"'},
        {"Range": "bytes=0-1"},
        {"If_None_Match": '"x"'},
        {"Connection": "close"},
        {"Content_Length": "0"},
    ],
)
def test_requests_with_conditions_are_not(asking: Fronted, headers: dict[str, str]) -> None:
    learn(asking, Accept=JSON)
    assert not is_asked_ahead(asking, target_of(QUERIES[0]), Accept=JSON, **headers)


@pytest.mark.parametrize("more", ["&format=csv", "&query=ASK{}", "&timeout=1", "&unknown=1", "#a"])
def test_addresses_with_more_than_a_query_are_not(asking: Fronted, more: str) -> None:
    learn(asking, Accept=JSON)
    target = target_of(QUERIES[0]) + more
    assert not is_asked_ahead(asking, target, Accept=JSON)
    asking.compare(head_of(target + "&again", Accept=JSON))


def test_the_line_of_the_log_and_the_figures_are_the_same(asking: Fronted) -> None:
    learn(asking, Accept=JSON)
    targets = [target_of(QUERIES[1]) for _ in range(2)]
    asking.log_lines()
    before = asking.figures()
    with Line(asking.address) as line:
        line.ask(head_of(targets[0], Accept=JSON, X_Request_Id="job-1"))
    fast = asking.log_lines()[-1]
    between = asking.figures()
    asking.ask_within(head_of(targets[1], Accept=JSON, X_Request_Id="job-1"))
    slow = next(each for each in reversed(asking.log_lines()) if each["route"] == "/sparql")
    after = asking.figures()
    own = {"time", "ms", "evaluated_ms", "waited_ms", "digest"}
    assert fast.keys() == slow.keys()
    assert {k: v for k, v in fast.items() if k not in own} == {
        k: v for k, v in slow.items() if k not in own
    }
    for name in after:
        if name[0].startswith("sarcoma_kg_queries_total") or (
            name[0].startswith("sarcoma_kg_requests_total") and "/sparql" in name
        ):
            assert between[name] - before[name] == after[name] - between[name], name


def test_requests_that_wait_are_answered_in_their_order(asking: Fronted) -> None:
    learn(asking, Accept=JSON)
    limits = [(n * 7) % 5 + 1 for n in range(20)]
    heads = [
        head_of(target_of(f"SELECT * {{{{ ?s ?p ?o }}}} LIMIT {n} #{{}}"), Accept=JSON)
        for n in limits
    ]
    with Line(asking.address) as line:
        line.socket.sendall(b"".join(heads))
        rows = [line.read().body.count(b'"s":{') for _ in heads]
    assert rows == limits


def test_a_client_that_leaves_is_told_of_with_its_route(asking: Fronted) -> None:
    learn(asking, Accept=JSON)
    asking.log_lines()
    with Line(asking.address) as line:
        pattern = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(3))
        query = f"SELECT (COUNT(*) AS ?n) {{{{ {pattern} }}}} #{{}}"
        line.socket.sendall(head_of(target_of(query), Accept=JSON))
        time.sleep(0.1)
    time.sleep(0.5)
    (left,) = asking.log_lines()
    assert (left["route"], left["outcome"]) == ("/sparql", "client-left")


def test_other_clients_do_not_keep_one_from_being_learnt(asking: Fronted) -> None:
    with Line(asking.address) as line:
        for number in range(300):
            line.ask(head_of(target_of("ASK {{}} #{}"), Accept=JSON, X_Trace=str(number)))
    learn(asking, Accept=JSON, X_Trace="new")
    assert is_asked_ahead(asking, target_of(QUERIES[0]), Accept=JSON, X_Trace="new")


def test_behind_a_prefix_nothing_is_asked_ahead(snapshot: Snapshot) -> None:
    with serving_front(snapshot, asks=True, root_path="/kg") as served:
        learn(served, Accept="text/html")
        assert not is_asked_ahead(served, target_of(QUERIES[1]), Accept="text/html")
        slow = served.ask_within(head_of(target := target_of(QUERIES[1]), Accept="text/html"))
        with Line(served.address) as line:
            assert line.ask(head_of(target, Accept="text/html")).shared == slow.shared
