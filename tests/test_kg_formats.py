from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat

from kg.formats import (
    Choice,
    Format,
    GraphFormat,
    ResultFormat,
    TableFormat,
    choose_graph_format,
    choose_result_format,
    find_graph_format,
    find_result_format,
    find_table_format,
    get_graph_choice,
    get_result_choice,
)
from kg.query_error import FormatNotOfferedError

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize("form", ResultFormat)
def test_the_engine_agrees_on_the_media_types_of_results(form: ResultFormat) -> None:
    assert QueryResultsFormat.from_media_type(form.media_type) == form.engine


@pytest.mark.parametrize("form", GraphFormat)
def test_the_engine_agrees_on_media_types_and_extensions_of_graphs(form: GraphFormat) -> None:
    assert RdfFormat.from_media_type(form.media_type) == form.engine
    assert RdfFormat.from_extension(form.extension) == form.engine


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, ResultFormat.JSON),
        ("", ResultFormat.JSON),
        ("*/*", ResultFormat.JSON),
        (BROWSER, TableFormat.HTML),
        ("application/json", ResultFormat.JSON),
        ("text/*", ResultFormat.CSV),
        ("text/csv;q=0.2, text/tab-separated-values;q=0.9", ResultFormat.TSV),
        ("application/sparql-results+xml, */*;q=0.1", ResultFormat.XML),
        ("APPLICATION/Sparql-Results+XML ; Q=1.0", ResultFormat.XML),
        ("application/xml", ResultFormat.XML),
        ("text/csv;q=0, */*", ResultFormat.JSON),
        ("application/json, text/plain, */*", ResultFormat.JSON),
        ("text/turtle", None),
        ("*/*;q=0", None),
        ("nonsense", None),
    ],
)
def test_a_result_format_is_chosen_by_accept(
    accept: str | None, expected: ResultFormat | TableFormat | None
) -> None:
    choice = choose_result_format(accept)
    assert (choice and choice.format) == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, GraphFormat.TURTLE),
        ("*/*", GraphFormat.TURTLE),
        (BROWSER, TableFormat.HTML),
        ("text/html;q=0.1, application/xml", GraphFormat.RDF_XML),
        ("text/*", GraphFormat.TURTLE),
        ("text/n3", GraphFormat.TURTLE),
        ("application/n-triples", GraphFormat.N_TRIPLES),
        ("application/rdf+xml;q=0.5, application/ld+json;q=0.7", GraphFormat.JSON_LD),
        ("application/json", GraphFormat.JSON_LD),
        ("application/n-quads", GraphFormat.N_QUADS),
        ("application/trig", GraphFormat.TRIG),
        ("text/csv", None),
    ],
)
def test_a_graph_format_is_chosen_by_accept(
    accept: str | None, expected: GraphFormat | TableFormat | None
) -> None:
    choice = choose_graph_format(accept)
    assert (choice and choice.format) == expected


def test_the_answer_has_the_media_type_that_the_client_named() -> None:
    choice = choose_result_format("application/json;q=0.9, text/html;q=0")
    assert choice == Choice(ResultFormat.JSON, "application/json")


def test_text_says_that_it_is_utf_8() -> None:
    assert Choice(GraphFormat.TURTLE, "text/turtle").content_type == "text/turtle; charset=utf-8"
    json_ld = GraphFormat.JSON_LD.media_type
    assert Choice(GraphFormat.JSON_LD, json_ld).content_type == json_ld


@pytest.mark.parametrize("name", ["csv", "CSV", "text/csv", " csv "])
def test_a_result_format_is_found_by_any_of_its_names(name: str) -> None:
    assert find_result_format(name) is ResultFormat.CSV


@pytest.mark.parametrize("name", ["nt", "n-triples", "N_TRIPLES", "application/n-triples"])
def test_a_graph_format_is_found_by_any_of_its_names(name: str) -> None:
    assert find_graph_format(name) is GraphFormat.N_TRIPLES


def test_an_unknown_name_finds_nothing() -> None:
    assert find_result_format("parquet") is None
    assert find_graph_format("csv") is None
    assert find_table_format("htm") is None


def test_a_table_is_neither_a_result_format_nor_one_of_rdf() -> None:
    assert find_table_format("HTML") is TableFormat.HTML
    assert find_result_format("html") is None
    assert find_graph_format("text/html") is None


@pytest.mark.parametrize("get", [get_graph_choice, get_result_choice])
def test_a_refusal_names_what_is_offered_and_repeats_no_long_header(
    get: Callable[[str | None, str], Choice[Format]],
) -> None:
    with pytest.raises(FormatNotOfferedError) as refused:
        get("image/png", "it")
    assert get(None, "it").media_type in refused.value.message
    with pytest.raises(FormatNotOfferedError) as long:
        get("image/png," * 5000, "it")
    assert len(long.value.message) < 1000
