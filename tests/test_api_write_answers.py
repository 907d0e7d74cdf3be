from __future__ import annotations

import json

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from requests_at_hand import request_of
from starlette.responses import Response

from api.write_answers import LONGEST_REPORT, refused
from api.writer import WriteRefused
from kg.formats import GraphFormat
from kg.namespaces import Namespaces
from kg.problem import Place, Problem

NAMES = Namespaces({"drug": "https://e.org/drug/"}, "https://e.org/o/")
YOURS = Place("your update", 0)
SH = "http://www.w3.org/ns/shacl#"


def answer(*problems: Problem, accept: str | None = None) -> Response:
    headers = [("Accept", accept)] if accept else []
    return refused(request_of("POST", headers=headers), WriteRefused(problems), NAMES)


def test_a_refusal_names_what_where_and_why() -> None:
    problem = Problem(YOURS, "drug:x: label: give exactly one name")
    other = Problem(Place("drugs.yaml", 3), "unknown key 'lable'")
    response = answer(problem, other)
    assert (response.status_code, response.media_type) == (422, "application/problem+json")
    body = json.loads(bytes(response.body))
    assert body["report"] == [
        {"focus": "https://e.org/drug/x", "message": problem.message, "place": "your update"},
        {"message": other.message, "place": "drugs.yaml:3"},
    ]
    assert body["total"] == 2


@pytest.mark.parametrize(
    ("message", "focus"),
    [
        ("drug:x: no", "https://e.org/drug/x"),
        (":A: no", "https://e.org/o/A"),
        ("http://e.org/y: no", "http://e.org/y"),
        ("urn:a:b: no", "urn:a:b"),
        ("_:: no", None),
        ("unknown key: no", None),
        ("no", None),
    ],
)
def test_the_focus_is_what_the_message_starts_with(message: str, focus: str | None) -> None:
    (shown,) = json.loads(bytes(answer(Problem(YOURS, message)).body))["report"]
    assert shown.get("focus") == focus


def test_a_long_report_is_cut_and_says_how_long_it_is() -> None:
    problems = [Problem(YOURS, f"drug:x{n}: no") for n in range(LONGEST_REPORT + 50)]
    body = json.loads(bytes(answer(*problems).body))
    assert (len(body["report"]), body["total"]) == (LONGEST_REPORT, LONGEST_REPORT + 50)


@pytest.mark.parametrize("form", GraphFormat)
def test_who_wants_rdf_gets_a_whole_validation_report(form: GraphFormat) -> None:
    problems = [Problem(YOURS, f"drug:x{n}: no") for n in range(LONGEST_REPORT + 50)]
    response = answer(*problems, Problem(YOURS, "nobody is it"), accept=form.media_type)
    assert response.status_code == 422
    assert response.headers["content-type"].split(";")[0] == form.media_type
    triples = [quad.triple for quad in parse(bytes(response.body), format=form.engine)]
    counts = [
        sum(each.predicate == NamedNode(f"{SH}{name}") for each in triples)
        for name in ("conforms", "result", "resultMessage", "resultSeverity", "focusNode")
    ]
    assert counts == [1, 151, 151, 151, 151]


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "text/html", "image/png", "text/csv"]
)
def test_who_wants_anything_else_gets_the_problem(accept: str) -> None:
    response = answer(Problem(YOURS, "drug:x: no"), accept=accept)
    assert response.media_type == "application/problem+json"
    assert not list(parse(b"", format=RdfFormat.TURTLE))
