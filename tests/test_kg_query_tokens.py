from __future__ import annotations

import time

import pytest
from pyoxigraph import Store

from kg.query_tokens import Kind, read_tokens, tokenise


def kinds(text: str) -> list[str]:
    return [each.kind.value for each in tokenise(text)]


def texts(text: str) -> list[str]:
    return [each.text for each in tokenise(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<http://a/b#c>", ["iri"]),
        ("<http:a b>", ["mark", "name", "word", "mark"]),
        ("'a # b' # c", ["string"]),
        ("'''it's\n''' \"\"\"\"a\"\"\"", ["string", "string"]),
        (r"'it\'s' ", ["string"]),
        ("'open\nclosed'", ["illegal", "word", "word", "illegal"]),
        ("?x $y ?x1", ["variable"] * 3),
        ("_:b0.", ["blank", "mark"]),
        ("ex:a.b. ex:a.", ["name", "mark", "name", "mark"]),
        (r"ex:a\#b : :a ex:%20x", ["name"] * 4),
        ("'x'@en-GB", ["string", "language"]),
        ("1 1.5 .5 1e6 -2", ["number", "number", "number", "number", "mark", "number"]),
        ("1. 1.e5 1.5.5", ["number", "mark", "number", "number", "number"]),
        ("SELECT*{}", ["word", "mark", "mark", "mark"]),
        ("\u0000", ["illegal"]),
    ],
)
def test_a_text_is_cut_into_tokens(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ex:a.b.c", ["ex:a.b", ".", "c"]),
        ("ex:a..b.c", ["ex:a..b", ".", "c"]),
        ("a.b.c:d", ["a.b.c:d"]),
        ("_:a.b.c", ["_:a.b.c"]),
        (r"'''a' #\q'''", ["''", "'a'"]),
        (r"'''a' #\uD800'''", ["''", "'a'"]),
        (r"'''a' #\U00110000'''", ["''", "'a'"]),
        (r'"""a" #\q"""', ['""', '"a"']),
        (r"'''a\U0010FFFF\u00e9'''", [r"'''a\U0010FFFF\u00e9'''"]),
    ],
)
def test_the_tokens_are_those_of_the_engine(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("PREFIX ex: <urn:> SELECT * { VALUES ?x { ex:a.b } ?s ?p ex:a.b.BIND(1 AS ?y) }", 0),
        ("SELECT * { VALUES ?x { '''a' } BIND(1 AS ?y) #\\q'''\n }", 2),
    ],
)
def test_the_engine_reads_them_so(query: str, rows: int) -> None:
    assert len(list(Store().query(query))) == rows  # type: ignore[arg-type]
    assert "BIND" in texts(query)


@pytest.mark.parametrize(
    "text",
    [
        "'" * 100_000,
        '"""' + '"a' * 50_000,
        "<" * 100_000,
        "a" + "." * 100_000,
        "a.b" * 50_000 + ":",
        "a.b" * 50_000 + "." * 50_000,
        "@" + "a-" * 50_000,
        "'''" + "'a''a" * 30_000,
        "'''a\\q" * 30_000,
        "_:" + "a." * 50_000,
        ":" + "a." * 50_000,
        "<a" * 50_000,
        "1." * 50_000,
    ],
)
def test_cutting_takes_time_in_proportion_to_the_text(text: str) -> None:
    start = time.process_time()
    tokenise(text)
    list(read_tokens(text, lambda: True))
    assert time.process_time() - start < 2


def test_every_kind_of_token_occurs() -> None:
    text = "SELECT <urn:a> 'x'@en ?v _:b ex:n 1 { \u0001"
    assert {each.kind for each in tokenise(text)} == set(Kind)


def test_a_token_knows_where_it_ends() -> None:
    assert [(each.start, each.end) for each in tokenise("ASK  {}")] == [(0, 3), (5, 6), (6, 7)]


def test_data_are_passed_over_up_to_their_brackets() -> None:
    found: list[str] = []
    text = r"VALUES (?a) { (<urn:(> ')' e:\( # )" "\n 1) <<( ?x )>> } ) ?y"
    for token in read_tokens(text, lambda: found[-1:] == ["{"] or "1" in found):
        found.append(token.text)
    assert found == [
        "VALUES",
        "(",
        "?a",
        ")",
        "{",
        "(",
        "<urn:(>",
        "')'",
        r"e:\(",
        "1",
        ")",
        *"<<()>>}",
        ")",
    ]
