from __future__ import annotations

import io

import pytest

from api.error_messages import read_error, show_error
from api.failures import CommitFailed, QueryTooBig
from api.messages import (
    Ending,
    Fork,
    GraphRequest,
    Head,
    Kind,
    Opening,
    QueryRequest,
    WriteRequest,
    pack,
    read_message,
)
from kg.graph_reading import GraphNotFoundError
from kg.query_error import (
    FormatNotOfferedError,
    QueryError,
    QueryFailedError,
    QueryForbiddenError,
    QueryRefusedError,
    QuerySyntaxError,
)
from kg.query_text import Spot
from kg.writing import Update, read_write


@pytest.mark.parametrize(
    "message",
    [
        Opening(nquads="/graph.nq", memory=5, prefixes={"": "urn:é"}, services={"urn:a": "urn:b"}),
        Opening(database="/database", descriptors=0),
        QueryRequest("ASK {}\u2028", "text/csv", ("urn:a",), ("urn:b", "urn:c"), False, 0.5),
        QueryRequest("ASK {}", services={"http://a": "http://b"}),
        GraphRequest("urn:é", "text/turtle", 0.5),
        GraphRequest(),
        Head("SELECT", "text/csv; charset=utf-8", "text/csv", True),
        Fork(7, "query"),
        Ending(7, -9, "last words"),
    ],
)
def test_a_message_comes_out_as_it_went_in(
    message: Opening | QueryRequest | GraphRequest | Head | Fork | Ending,
) -> None:
    assert type(message).from_bytes(message.to_bytes()) == message


def test_a_write_is_one_line_of_its_circumstances_and_the_write() -> None:
    write = Update("INSERT DATA {}\n\n", ("urn:a",))
    line, _, rest = WriteRequest(write, 0.5, "/folder").to_bytes().partition(b"\n")
    assert line == b'{"seconds": 0.5, "scratch": "/folder"}'
    assert read_write(rest) == write


def test_messages_follow_each_other() -> None:
    file = io.BytesIO(pack(Kind.DATA, b"row") + pack(Kind.END) + pack(Kind.DATA, b"cut off")[:-1])
    assert read_message(file) == (Kind.DATA, b"row")
    assert read_message(file) == (Kind.END, b"")
    assert read_message(file) == (None, b"")
    assert read_message(file) == (None, b"")


@pytest.mark.parametrize(
    "kind",
    [
        QuerySyntaxError,
        QueryRefusedError,
        QueryForbiddenError,
        QueryFailedError,
        FormatNotOfferedError,
        GraphNotFoundError,
    ],
)
def test_an_error_keeps_its_kind_and_place(kind: type[QueryError]) -> None:
    error = read_error(show_error(kind("why", spot=Spot(3, 4), excerpt="x\n^", hint="do")))
    assert type(error) is kind
    assert isinstance(error, QueryError)
    assert (error.message, error.spot, error.excerpt, error.hint) == (
        "why",
        Spot(3, 4),
        "x\n^",
        "do",
    )


def test_an_error_without_a_place_has_none() -> None:
    error = read_error(show_error(QueryFailedError("why")))
    assert isinstance(error, QueryError)
    assert error.spot is None


@pytest.mark.parametrize("kind", [CommitFailed, QueryTooBig])
def test_a_failure_of_a_process_says_why(kind: type[CommitFailed | QueryTooBig]) -> None:
    error = read_error(show_error(kind("the disk is full")))
    assert type(error) is kind
    assert str(error) == "the disk is full"
