from __future__ import annotations

import time

import pytest

from kg.query_text import Form, Kind, QueryText, Spot


def kinds(text: str) -> list[str]:
    return [each.kind.value for each in QueryText(text).tokens]


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
        ("SELECT*{}", ["word", "mark", "mark", "mark"]),
        ("\u0000", ["illegal"]),
    ],
)
def test_a_query_is_cut_into_tokens(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("select * {}", Form.SELECT),
        ("BASE <urn:ASK> PREFIX ask: <urn:x> # ASK\n\tDESCRIBE ask:a", Form.DESCRIBE),
        ("CONSTRUCT { ?s ?p 'SELECT' } {}", Form.CONSTRUCT),
        ("ASK{SELECT * {}}", Form.ASK),
        ("INSERT DATA {}", None),
        ("", None),
    ],
)
def test_the_form_is_the_first_of_the_four_words(text: str, form: Form | None) -> None:
    assert QueryText(text).form == form


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM <urn:g> {}",
        "SELECT * from named <urn:g> {}",
        "CONSTRUCT { ?s ?p ?o } FROM <urn:g> WHERE { ?s ?p ?o }",
        "ASK#\nFROM<urn:g>{}",
        "SELECT*FROMNAMED<urn:g>{}",
        "SELECT*FROMex:g{}",
        "DESCRIBE <urn:a> FROM <urn:g>",
    ],
)
def test_a_query_that_names_a_data_set_is_recognised(text: str) -> None:
    assert QueryText(text).names_dataset


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?from { ?from <urn:from> 'FROM <urn:g>' } # FROM <urn:g>",
        "PREFIX from: <urn:x> DESCRIBE from:g",
        "SELECT * { ?s from:x <urn:FROM> }",
    ],
)
def test_the_word_from_elsewhere_names_no_data_set(text: str) -> None:
    assert not QueryText(text).names_dataset


@pytest.mark.parametrize(
    "text",
    [
        "ASK { SERVICE <urn:x> {} }",
        "ASK { service silent ?x {} }",
        "ASK{SERVICESILENT<urn:x>{}}",
        "ASK{SERVICEex:foo{}}",
        "SELECT * { ?s ?p 1SERVICE<urn:x>{} }",
        "SELECT * { ?s ?p trueSERVICE<urn:x>{} }",
        "SELECT * { ?s ?p 'a'@enSERVICE<urn:x>{} }",
        "SELECT * { ?s a ex:.SERVICE<urn:x>{} }",
        "ASK { BIND(1 AS ?a) FILTER(?a<?b)SERVICE#>\n<urn:x>{} }",
        "ASK { FILTER(?a<?b+'>x')SERVICE<urn:x>{} #'}\n}",
        "ASK { FILTER(?a<?b#>'''\n)SERVICE<urn:x>{} #'''\n}",
        "ASK { VALUES ?x { '''a' } SERVICE <urn:x> {} }",
    ],
)
def test_whatever_an_engine_could_take_for_service_is_found(text: str) -> None:
    assert QueryText(text).service is not None


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service { ?service <http://a/SERVICE#x> 'SERVICE' } # SERVICE <urn:x> {}",
        "PREFIX ex: <urn:service> SELECT * { ex:service ex:b.service _:service }",
        "SELECT * { FILTER(?service IN (<http://a/service#b>, <http://a/service#c>)) }",
        "SELECT * { VALUES ?service { <http://a#b> <http://a#c> } }",
    ],
)
def test_a_harmless_mention_of_service_is_let_through(text: str) -> None:
    assert QueryText(text).service is None


@pytest.mark.parametrize("text", ["SELECT (RAND() AS ?x) {}", "ASK { BIND(bnode() AS ?x) }"])
def test_a_volatile_query_is_recognised(text: str) -> None:
    assert QueryText(text).is_volatile


def test_a_query_that_only_mentions_a_volatile_function_is_stable() -> None:
    assert not QueryText("SELECT ?now { ?now ex:rand 'UUID()' }").is_volatile


@pytest.mark.parametrize("opening", ["{", "(", "[", "!", "^", "-"])
def test_nesting_is_counted(opening: str) -> None:
    assert QueryText(opening * 11).find_deeper(10) is not None
    assert QueryText(opening * 10).find_deeper(10) is None


def test_brackets_side_by_side_or_in_strings_do_not_nest() -> None:
    assert QueryText("ASK {" + " {} " * 500 + "}").find_deeper(2) is None
    assert QueryText("ASK { ?s ?p '" + "{" * 500 + "' }").find_deeper(2) is None


def test_a_spot_counts_lines_and_characters_from_one() -> None:
    query = QueryText("ASK\n{ ?é\n}")
    assert query.spot(0) == Spot(1, 1)
    assert query.spot(query.text.index("}")) == Spot(3, 1)
    assert str(query.spot(query.text.index("é"))) == "line 2, column 4"


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
        "_:" + "a." * 50_000,
        "<a" * 50_000,
    ],
)
def test_cutting_takes_time_in_proportion_to_the_text(text: str) -> None:
    start = time.process_time()
    QueryText(text).tokens  # noqa: B018 - the work is in the property
    assert time.process_time() - start < 2


def test_every_kind_of_token_occurs() -> None:
    text = "SELECT <urn:a> 'x'@en ?v _:b ex:n 1 { \u0001"
    assert {each.kind for each in QueryText(text).tokens} == set(Kind)
