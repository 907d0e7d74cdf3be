"""What the Reasoner API refuses: with the status that TRAPI gives it, in a JSON string."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from trapi_queries import GIST, IMATINIB, body_of, edge, node, one_hop

from api.trapi.limits import (
    LARGEST_BATCH,
    MOST_PATTERNS,
    MOST_QUERY_EDGES,
    MOST_QUERY_NODES,
)

DRUG, DISEASE = node("Drug"), node("Disease")
PATH = {"p": {"subject": "s", "object": "o"}}
MANY = tuple(f"MONDO:{number:07}" for number in range(LARGEST_BATCH + 1))
CHAIN = {f"n{number}": node("Drug") for number in range(MOST_QUERY_NODES + 1)}
CONSTRAINT = {"id": "sarcoma:percent", "operator": "==", "value": 1}
QUALIFIERS = [{"biolink:object_aspect_qualifier": "activity"}]

REFUSED: dict[str, tuple[Any, int, str]] = {
    "no message": ({}, 400, "message: field required"),
    "no query graph": ({"message": {}}, 400, "message.query_graph: field required"),
    "a list": ([], 400, "an object with the key message"),
    "a null": (one_hop({**DRUG, "ids": None}, DISEASE), 400, "is null; leave it out"),
    "no nodes": ({"message": {"query_graph": {"nodes": {}}}}, 400, "at least 1 item"),
    "empty ids": (one_hop({"ids": []}, DISEASE), 400, "at least 1 item"),
    "no CURIE": (one_hop({"ids": ["imatinib"]}, DISEASE), 400, "should match pattern"),
    "no category": (one_hop({"categories": ["Drug"]}, DISEASE), 400, "should match pattern"),
    "unknown category": (one_hop(node("Drugs"), DISEASE), 400, "did you mean 'Drug'?"),
    "unknown predicate": (one_hop(DRUG, DISEASE, "treat"), 400, "did you mean 'treats'?"),
    "missing node": (body_of({"s": DRUG}, {"e": edge("s", "x")}), 400, "the node 'x'"),
    "parts": (body_of({"s": DRUG, "o": DISEASE}), 400, "in parts: o is apart"),
    "set without members": (
        one_hop({"ids": ["UUID:1"], "set_interpretation": "ALL"}, DISEASE),
        400,
        "needs one id, of the set, and its member_ids",
    ),
    "members without a set": (
        one_hop({"ids": ["UUID:1"], "member_ids": [IMATINIB]}, DISEASE),
        400,
        "BATCH does not allow",
    ),
    "collated ids": (
        one_hop({"ids": [IMATINIB], "set_interpretation": "COLLATE"}, DISEASE),
        400,
        "COLLATE does not allow",
    ),
    "qualifiers of several": (
        one_hop(node(ids=(IMATINIB, "CHEBI:1")), DISEASE, qualifiers=QUALIFIERS),
        400,
        "one predicate",
    ),
    "no qualifiers": (one_hop(DRUG, DISEASE, qualifiers=[{}]), 400, "at least 1 item"),
    "operator": (
        one_hop(DRUG, DISEASE, attributes=[{**CONSTRAINT, "operator": ">="}]),
        400,
        "input should be '==', '>', '<', 'matches' or '==='",
    ),
    "pattern": (
        one_hop(DRUG, DISEASE, attributes=[{**CONSTRAINT, "operator": "matches", "value": "("}]),
        400,
        "no regular expression",
    ),
    "long pattern": (
        one_hop(
            DRUG, DISEASE, attributes=[{**CONSTRAINT, "operator": "matches", "value": "a" * 201}]
        ),
        413,
        "the limit is 200",
    ),
    "patterns": (
        one_hop(
            DRUG,
            DISEASE,
            attributes=[
                {
                    **CONSTRAINT,
                    "operator": "matches",
                    "value": [str(number) for number in range(MOST_PATTERNS + 1)],
                }
            ],
        ),
        413,
        f"11 patterns of the query are too many; the limit is {MOST_PATTERNS}",
    ),
    "values": (
        one_hop(DRUG, DISEASE, attributes=[{**CONSTRAINT, "value": list(MANY)}]),
        413,
        "101 value of 0 of attributes of constraints of the edge e are too many",
    ),
    "categories": (
        one_hop({"categories": ["biolink:Drug"] * 101}, DISEASE),
        413,
        "101 categories of the node s are too many; the limit is 100",
    ),
    "predicates": (
        one_hop(DRUG, DISEASE, *["treats"] * 101),
        413,
        "101 predicates of the edge e are too many",
    ),
    "constraints": (
        one_hop(DRUG, DISEASE, attributes=[CONSTRAINT] * 101),
        413,
        "101 attributes of constraints of the edge e are too many",
    ),
    "constraints of 1.5": (
        body_of({"s": DRUG, "o": DISEASE}, {"e": edge("s", "o", qualifier_constraints=[{}])}),
        400,
        "2.0 has it in constraints",
    ),
    "constraint that is none": (
        one_hop(DRUG, DISEASE, score={"behavior": "ALLOW"}),
        501,
        "the constraint 'score', which is not implemented",
    ),
    "timeout": ({**one_hop(DRUG, DISEASE), "parameters": {"timeout": "5"}}, 400, "be a number"),
    "attribute": (
        one_hop(DRUG, DISEASE, attributes=[{**CONSTRAINT, "id": "sarcoma:percents"}]),
        501,
        "did you mean 'sarcoma:percent'?",
    ),
    "unit": (
        one_hop(DRUG, DISEASE, attributes=[{**CONSTRAINT, "unit_id": "UO:0000222"}]),
        501,
        "has the unit UO:0000187",
    ),
    "knowledge type": (
        body_of({"s": DRUG, "o": DISEASE}, {"e": edge("s", "o", knowledge_type="guess")}),
        400,
        "'guess'",
    ),
    "inferred": (
        body_of({"s": DRUG, "o": DISEASE}, {"e": edge("s", "o", knowledge_type="inferred")}),
        501,
        "not implemented",
    ),
    "workflow": ({**one_hop(DRUG, DISEASE), "workflow": [{"id": "fill"}]}, 501, "'fill'"),
    "workflow step": ({**one_hop(DRUG, DISEASE), "workflow": ["lookup"]}, 400, "an object"),
    "log level": ({**one_hop(DRUG, DISEASE), "parameters": {"log_level": "ALL"}}, 400, "log_level"),
    "batch": (one_hop(DRUG, node(ids=MANY)), 413, f"the limit is {LARGEST_BATCH}"),
    "nodes": (body_of(CHAIN), 413, f"the limit is {MOST_QUERY_NODES}"),
    "edges": (
        body_of(
            {"s": DRUG, "o": DISEASE},
            {f"e{number}": edge("s", "o") for number in range(MOST_QUERY_EDGES + 1)},
        ),
        413,
        f"the limit is {MOST_QUERY_EDGES}",
    ),
    "combinations": (
        body_of(
            {f"n{number}": node("Drug" if number % 2 else "Disease") for number in range(6)},
            {f"e{number}": edge(f"n{number}", f"n{number + 1}") for number in range(5)},
        ),
        413,
        "which is the limit",
    ),
    "path and edges": (
        body_of({"s": node(ids=(IMATINIB,)), "o": node(ids=(GIST,))}, {"e": edge("s", "o")}, PATH),
        400,
        "ask for one of both",
    ),
    "path without ids": (body_of({"s": DRUG, "o": DISEASE}, paths=PATH), 400, "needs one id"),
    "two paths": (
        body_of({"s": DRUG, "o": DISEASE}, paths={**PATH, "q": PATH["p"]}),
        400,
        "at most 1 item",
    ),
}


def said(answer: httpx.Response) -> str:
    """Return what an error says: its body must be a JSON string."""
    assert answer.headers["content-type"] == "application/json"
    text = answer.json()
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize("name", REFUSED)
def test_refused_queries_say_why(client: httpx.Client, name: str) -> None:
    body, status, words = REFUSED[name]
    answer = client.post("/trapi/2.0/query", json=body)
    assert (answer.status_code, words in said(answer)) == (status, True), answer.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b'{"message": NaN}', 400),
        (b'{"message": 1e999}', 400),
        (b'{"message": {"query_graph": {"nodes": {"\\ud800": {}}}}}', 400),
        (b'{"message": {"query_graph": {"nodes": {"s": {}}}}, "submitter": "\\udfff"}', 400),
        (b"\xff", 400),
        (b"", 400),
    ],
)
def test_what_is_no_json_is_refused(client: httpx.Client, body: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client.post("/trapi/2.0/query", content=body, headers=headers)
    assert answer.status_code == status
    said(answer)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/trapi/2.0/query", {}, 405),
        ("POST", "/trapi/2.0/meta_knowledge_graph", {}, 405),
        ("GET", "/trapi/2.0/nothing", {}, 404),
        ("GET", "/trapi/3.0/query", {"Accept": "text/html"}, 404),
        ("POST", "/trapi/2.0/asyncquery", {}, 404),
        ("POST", "/trapi/2.0/query?limit=1", {}, 400),
        ("POST", "/trapi/2.0/query", {"Content-Type": "text/plain"}, 415),
        ("POST", "/trapi/2.0/query", {"Content-Encoding": "gzip"}, 415),
    ],
)
def test_no_error_below_trapi_is_a_problem_object(
    client: httpx.Client, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = client.request(method, path, headers=headers)
    assert answer.status_code == status
    said(answer)
    if status == 405:
        assert answer.headers["allow"]


def test_a_long_body_is_refused_with_the_limit(client: httpx.Client) -> None:
    query = {**one_hop(DRUG, DISEASE), "submitter": "a" * 1024 * 1024}
    answer = client.post("/trapi/2.0/query", json=query)
    assert answer.status_code == 413
    assert "1,048,576 bytes" in said(answer)


def test_patterns_that_backtrack_are_answered_in_time(client: httpx.Client) -> None:
    hard = {"id": "sarcoma:statement", "operator": "matches", "value": "(.*)*(.*)*(.*)*x{30}$"}
    answer = client.post("/trapi/2.0/query", json=one_hop(DRUG, DISEASE, attributes=[hard]))
    assert answer.status_code in (200, 400)
    assert answer.elapsed.total_seconds() < 10


def test_the_older_version_refuses_what_is_new(client: httpx.Client) -> None:
    ends = {"s": node(ids=(IMATINIB,)), "o": node(ids=(GIST,))}
    path = client.post("/trapi/1.5/query", json=body_of(ends, paths=PATH))
    assert (path.status_code, said(path)) == (
        501,
        "paths are asked for in TRAPI 2.0, and not in 1.5",
    )
    collated = one_hop({"categories": ["biolink:Drug"], "set_interpretation": "COLLATE"}, DISEASE)
    answer = client.post("/trapi/1.5/query", json=collated)
    assert answer.status_code == 400
    wrong = one_hop(DRUG, DISEASE)
    wrong["message"]["query_graph"]["edges"]["e"]["qualifier_constraints"] = [{"set": []}]
    assert "qualifier_set" in said(client.post("/trapi/1.5/query", json=wrong))


def test_pages_of_other_origins_may_ask(client: httpx.Client) -> None:
    headers = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    answer = client.options("/trapi/2.0/query", headers=headers)
    assert "POST" in answer.headers["access-control-allow-methods"]
    refused = client.post("/trapi/2.0/query", json=json.loads("{}"))
    assert refused.headers["access-control-allow-origin"] == "*"
