from __future__ import annotations

import pytest

from kg.query_text import Form, QueryText, Spot


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


def test_a_word_is_mentioned_wherever_its_letters_stand() -> None:
    assert QueryText("ASK {} # noSERVICEable").mentions("service")
    assert not QueryText("ASK { ?s ?p ?o }").mentions("service")


@pytest.mark.parametrize("text", ["SELECT (RAND() AS ?x) {}", "ASK { BIND(bnode() AS ?x) }"])
def test_a_volatile_query_is_recognised(text: str) -> None:
    assert QueryText(text).is_volatile


def test_a_query_that_only_mentions_a_volatile_function_is_stable() -> None:
    assert not QueryText("SELECT ?now { ?now ex:rand 'UUID()' }").is_volatile


def test_a_spot_counts_lines_and_characters_from_one() -> None:
    query = QueryText("ASK\n{ ?é\n}")
    assert query.spot(0) == Spot(1, 1)
    assert query.spot(query.text.index("}")) == Spot(3, 1)
    assert str(query.spot(query.text.index("é"))) == "line 2, column 4"
