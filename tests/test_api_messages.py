from __future__ import annotations

import pytest

from api.messages import Head, Opening, QueryRequest, read_error, show_error
from kg.query_error import (
    FormatNotOfferedError,
    QueryError,
    QueryFailedError,
    QueryRefusedError,
    QuerySyntaxError,
)
from kg.query_text import Spot


@pytest.mark.parametrize(
    "message",
    [
        Opening(nquads="/graph.nq", memory=5, prefixes={"": "urn:é"}),
        QueryRequest("ASK {}\u2028", "text/csv", ("urn:a",), ("urn:b", "urn:c"), False, 0.5),
        Head("SELECT", "text/csv; charset=utf-8", "text/csv", True),
    ],
)
def test_a_message_comes_out_as_it_went_in(message: Opening | QueryRequest | Head) -> None:
    assert type(message).from_bytes(message.to_bytes()) == message


@pytest.mark.parametrize(
    "kind", [QuerySyntaxError, QueryRefusedError, QueryFailedError, FormatNotOfferedError]
)
def test_an_error_keeps_its_kind_and_place(kind: type[QueryError]) -> None:
    error = read_error(show_error(kind("why", spot=Spot(3, 4), excerpt="x\n^", hint="do")))
    assert type(error) is kind
    assert (error.message, error.spot, error.excerpt, error.hint) == (
        "why",
        Spot(3, 4),
        "x\n^",
        "do",
    )


def test_an_error_without_a_place_has_none() -> None:
    assert read_error(show_error(QueryFailedError("why"))).spot is None
