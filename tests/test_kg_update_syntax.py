"""The syntax of updates: the engine's verdict at the place in the text as it was sent."""

from __future__ import annotations

import pytest

from kg.query_error import QuerySyntaxError
from kg.query_text import QueryText, Spot
from kg.update_syntax import check_syntax


def _check(text: str) -> None:
    check_syntax(QueryText(text), text, {"known": "http://e.org/"})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing",
        "PREFIX e: <urn:e>",
        "CLEAR ALL ;",
        "INSERT DATA { known:a known:b 1 }",
        "LOAD <http://127.0.0.1:1/> ; CREATE GRAPH <urn:sarcoma-kg:taken>",
        "PREFIX e: <urn:e> CLEAR ALL ; PREFIX f: <urn:f> DELETE WHERE { e:a f:b ?o }",
        "CLEAR ALL ; BASE <http://e.org/> CREATE GRAPH <g> ; CREATE GRAPH <h>",
    ],
)
def test_an_update_passes_and_nothing_of_it_is_done(text: str) -> None:
    _check(text)


@pytest.mark.parametrize(
    ("text", "spot", "reason"),
    [
        ("CLEAR ALL ; CLEAR WHAT", Spot(1, 19), "WHAT"),
        ("INSERT DATA { ?s <urn:p> 1 }", Spot(1, 29), "variables are not allowed"),
        ("PREFIX e: <urn:e>\nINSERT DATA { e:a e:b ?x }", Spot(2, 27), "variables are not allowed"),
        ("CLEAR ALL ;\nPREFIX e: <urn:e> INSERT DATA {\n e:a e:b ?x }", Spot(3, 14), "variables"),
        ("SELECT * { ?s ?p ?o }", Spot(1, 1), "SELECT belongs to a query"),
        ("INSERT DATA { drog:a a 1 }", Spot(1, 15), "'drog:' is not declared"),
        ("CLEAR ALL ; PREFIX e: <urn:e> INSERT DATA { f:a a 1 }", Spot(1, 45), "'f:' is not"),
        ("INSERT DATA { _:a a 1 } ; INSERT DATA { _:a a 2 }", None, "cannot be shared"),
    ],
)
def test_an_error_stands_at_its_place(text: str, spot: Spot | None, reason: str) -> None:
    with pytest.raises(QuerySyntaxError, match=reason) as refused:
        _check(text)
    if spot:
        assert refused.value.spot == spot
