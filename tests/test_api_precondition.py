from __future__ import annotations

import httpx
import pytest
from requests_at_hand import request_of

from api.precondition import Precondition
from api.problems import PreconditionFailed

TAGS = ['"turtle"', '"triples"']
GONE: list[str] = []


def check(header: str, value: str, tags: list[str]) -> None:
    Precondition.of_request(request_of("PUT", headers=[(header, value)])).check(tags)


@pytest.mark.parametrize(
    ("header", "value", "tags"),
    [
        ("If-Match", '"turtle"', TAGS),
        ("If-Match", '"old", "triples"', TAGS),
        ("If-Match", "*", TAGS),
        ("If-None-Match", "*", GONE),
        ("If-None-Match", '"turtle"', GONE),
        ("If-None-Match", '"old"', TAGS),
        ("X-Other", "*", GONE),
    ],
)
def test_what_holds_passes(header: str, value: str, tags: list[str]) -> None:
    check(header, value, tags)


@pytest.mark.parametrize(
    ("header", "value", "tags", "words"),
    [
        ("If-Match", '"old"', TAGS, "has another tag"),
        ("If-Match", 'W/"turtle"', TAGS, "has another tag"),
        ("If-Match", '"turtle"', GONE, "is not there"),
        ("If-Match", "*", GONE, "is not there"),
        ("If-None-Match", "*", TAGS, "is there already"),
        ("If-None-Match", '"old", "turtle"', TAGS, "is there already"),
    ],
)
def test_what_does_not_hold_fails(header: str, value: str, tags: list[str], words: str) -> None:
    with pytest.raises(PreconditionFailed, match=words):
        check(header, value, tags)


@pytest.mark.parametrize("value", ['"turtle"', '"old", "turtle"', "*"])
def test_what_is_read_may_have_to_have_a_tag(value: str) -> None:
    condition = Precondition.of_request(request_of("GET", headers=[("If-Match", value)]))
    condition.check_reading('"turtle"')
    if value != "*":
        with pytest.raises(PreconditionFailed, match="what is read has another tag"):
            condition.check_reading('"triples"')


def test_what_a_reader_knows_already_is_no_failure() -> None:
    Precondition(unwanted=('"turtle"', "*")).check_reading('"turtle"')


def test_a_condition_may_stand_in_several_headers() -> None:
    headers = [("If-Match", '"old"'), ("If-Match", '"turtle"')]
    condition = Precondition.of_request(request_of("PUT", headers=headers))
    condition.check(TAGS)
    assert not condition.is_empty
    assert Precondition.of_request(request_of("PUT")).is_empty


READ = (
    "/api/v1/drugs?limit=1",
    "/api/v1/drugs/imatinib",
    "/api/v1/drugs?format=csv",
    "/api/v1/search?q=GIST",
    "/api/v1/snapshots",
    "/api/v1/context.jsonld",
    "/api/v1/differences?from=current",
    "/downloads",
    "/downloads/data.nq",
    "/downloads/shapes.ttl",
    "/drug/imatinib",
    "/ontology/Drug",
    "/.well-known/void",
    "/sparql?query=ASK%20%7B%7D",
    "/rdf-graph-store?graph=graph:documents",
)


@pytest.mark.parametrize("coding", ["gzip", "identity"])
@pytest.mark.parametrize("path", READ)
def test_what_is_read_must_have_the_tag_that_is_asked_for(
    client: httpx.Client, path: str, coding: str
) -> None:
    accept = {"Accept-Encoding": coding}
    found = client.get(path, headers=accept)
    assert found.status_code == 200
    tag = found.headers["etag"]
    for held in (tag, f'"old", {tag}', "*"):
        assert client.get(path, headers={**accept, "If-Match": held}).status_code == 200, held
    # The condition on what is to be there comes first (RFC 9110, 13.2.2).
    for more in ({}, {"If-None-Match": tag}):
        refused = client.get(path, headers={**accept, **more, "If-Match": '"x", W/"y"'})
        assert refused.status_code == 412
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["type"].endswith("/precondition-failed")
        assert "etag" not in refused.headers
    assert client.head(path, headers={**accept, "If-Match": '"x"'}).status_code == 412


def test_what_has_no_answer_keeps_its_problem(client: httpx.Client) -> None:
    assert client.get("/api/v1/drugs/nothing", headers={"If-Match": '"x"'}).status_code == 404
