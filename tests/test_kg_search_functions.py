"""The search functions of SPARQL: they agree with the search, and do no harm anywhere."""

from __future__ import annotations

import csv
import io

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse
from search_cases import MEANT, NOTHING

from kg.build import Assembly
from kg.evaluation import evaluate
from kg.example_queries import read_examples
from kg.export import known_prefixes
from kg.namespaces import read_namespaces
from kg.query_error import QueryFailedError
from kg.query_text import QueryText
from kg.search_functions import FUNCTIONS, search_functions
from kg.search_index import SearchIndex
from kg.search_loading import load_index
from kg.shipped import find_shipped
from kg.text_search import search
from kg.update_evaluation import evaluate_update

PREFIXES = known_prefixes(read_namespaces(find_shipped().context))
DRUG = "https://w3id.org/sarcoma-kg/drug/"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


@pytest.fixture(scope="module")
def index(assembly: Assembly) -> SearchIndex:
    return load_index(assembly.store)


@pytest.fixture
def small() -> Store:
    store = Store()
    for name in ("imatinib", "pazopanib"):
        quad = Quad(NamedNode(DRUG + name), NamedNode(LABEL), Literal(name), NamedNode("urn:g"))
        store.add(quad)
    return store


def rows(store: Store, query: str, index: SearchIndex | None = None) -> list[dict[str, str]]:
    find = (lambda: index) if index else None
    answer = evaluate(store, query, accept="text/csv", prefixes=PREFIXES, find_index=find)
    return list(csv.DictReader(io.StringIO(answer.body().decode())))


TEXTS = ("RAD001", "GIST", "pazopanip", "liposarcoma dedifferentiated", "toxicity", "sarcoma")


@pytest.mark.parametrize("text", TEXTS)
def test_a_query_finds_what_the_search_finds(
    assembly: Assembly, index: SearchIndex, text: str
) -> None:
    query = f"""
        SELECT ?thing ?kind ?text (:matchRank(?thing, "{text}") AS ?place) WHERE {{
          {{ SELECT DISTINCT ?thing {{ ?thing ?p ?o FILTER(ISIRI(?thing)) }} }}
          FILTER(:matchesText(?thing, "{text}"))
          BIND(:matchKind(?thing, "{text}") AS ?kind) BIND(:matchedText(?thing, "{text}") AS ?text)
        }} ORDER BY ?place
    """
    expected = [
        (index.things[hit.thing], hit.how.word, hit.text, str(place))
        for place, hit in enumerate(search(index, text), 1)
    ]
    found = rows(assembly.store, query, index)
    assert [tuple(row.values()) for row in found] == expected
    assert expected


def test_the_things_meant_are_found_one_by_one(assembly: Assembly, index: SearchIndex) -> None:
    texts = sorted({text for text, _ in MEANT})
    listed = " ".join(f'"{text}"' for text in texts)
    bound = f"VALUES ?text {{ {listed} }} BIND(:findByText(?text, 1) AS ?thing)"
    query = f"SELECT ?text ?thing {{ {bound} }}"
    found = {row["text"]: row["thing"] for row in rows(assembly.store, query, index)}
    assert len(found) == len(texts)
    for text, meant in MEANT:
        assert found[text].endswith(meant), text


@pytest.mark.parametrize(
    "text", [each for each in NOTHING if each.isprintable() and '"' not in each]
)
def test_nothing_is_unbound(assembly: Assembly, index: SearchIndex, text: str) -> None:
    query = f'SELECT ?thing {{ BIND(:findByText("{text}", 1) AS ?thing) FILTER(BOUND(?thing)) }}'
    assert rows(assembly.store, query, index) == []


def test_the_text_may_come_from_the_data(small: Store) -> None:
    query = "SELECT ?x { ?y rdfs:label ?name BIND(:findByText(?name, 1) AS ?x) FILTER(?x = ?y) }"
    assert len(rows(small, f"SELECT * FROM <urn:g> {query[9:]}")) == 2


@pytest.mark.parametrize(
    "call",
    [
        ":matchesText()",
        ":matchesText(drug:imatinib)",
        ':matchesText(drug:imatinib, "imatinib", 1)',
        ":matchesText(drug:imatinib, drug:imatinib)",
        ":findByText(drug:imatinib, 1)",
        ':findByText("imatinib", 0)',
        ':findByText("imatinib", -1)',
        ':findByText("imatinib", 1.5)',
        ':findByText("imatinib", 99999999999999999999)',
        ':findByText("imatinib", 2)',
        ':matchRank("imatinib", "imatinib")',
        ':matchKind(<<( <urn:a> <urn:b> <urn:c> )>>, "imatinib")',
    ],
)
def test_wrong_arguments_give_no_value(small: Store, call: str) -> None:
    assert rows(small, f"SELECT (1 AS ?one) ?x {{ BIND({call} AS ?x) }}") == [{"one": "1", "x": ""}]


def test_what_is_no_thing_does_not_match(small: Store) -> None:
    query = 'SELECT ?x { VALUES ?y { "imatinib" 1 } BIND(:matchesText(?y, "imatinib") AS ?x) }'
    assert rows(small, query) == [{"x": "false"}] * 2


def test_an_unknown_function_is_told(small: Store) -> None:
    with pytest.raises(QueryFailedError, match="matchesTexts> is not supported"):
        rows(small, 'SELECT * { FILTER(:matchesTexts(?x, "a")) }')


def test_a_data_set_limits_the_triples_and_not_the_search(small: Store) -> None:
    small.add(
        Quad(NamedNode(DRUG + "imatinib"), NamedNode("urn:p"), Literal(1), NamedNode("urn:h"))
    )
    pattern = '{ ?x ?p ?o FILTER(:matchesText(?x, "imatinib")) }'
    assert [row["p"] for row in rows(small, f"SELECT * FROM <urn:h> {pattern}")] == ["urn:p"]
    named = f"SELECT * FROM NAMED <urn:g> {{ GRAPH ?g {pattern} }}"
    assert [row["p"] for row in rows(small, named)] == [LABEL]
    assert rows(small, f"SELECT * FROM <urn:none> {pattern}") == []


def test_an_index_is_made_for_those_that_ask_only(small: Store) -> None:
    def refuse() -> SearchIndex:
        raise AssertionError("nobody asked")

    assert evaluate(small, "ASK { ?s ?p ?o }", find_index=refuse, accept="text/csv").body()
    assert search_functions(QueryText("ASK {}"), refuse, {}) == {}
    assert len(search_functions(QueryText("# :FindByText"), lambda: load_index(small), {})) == 5


def test_an_index_that_needs_too_much_memory_is_told(small: Store) -> None:
    """Within a function the engine would take it for an unbound value."""

    def fail() -> SearchIndex:
        raise MemoryError

    with pytest.raises(MemoryError):
        evaluate(small, 'ASK { FILTER(:matchesText(?x, "a")) }', prefixes=PREFIXES, find_index=fail)


def test_the_example_query_answers_its_question(assembly: Assembly, index: SearchIndex) -> None:
    path = find_shipped().data / "examples" / "a-thing-by-a-mistyped-name.ttl"
    quads = parse(path=str(path), format=RdfFormat.TURTLE)
    (example,) = read_examples(quad.triple for quad in quads)
    found = {row["text"]: row for row in rows(assembly.store, example.query, index)}
    assert [
        found[text]["drug"].removeprefix(DRUG) for text in ("AMG706", "RAD001", "pazopanip")
    ] == [
        "amg-706",
        "everolimus",
        "pazopanib",
    ]
    assert (found["RAD001"]["name"], found["pazopanip"]["kind"]) == ("RAD-001", "typo")


def update(store: Store, text: str) -> set[str]:
    evaluate_update(store, text, prefixes=PREFIXES, services={})
    found = store.quads_for_pattern(None, NamedNode("urn:found"), None)
    return {str(quad.subject).strip("<>").removeprefix(DRUG) for quad in found}


def test_an_update_may_search(small: Store) -> None:
    where = 'WHERE { ?x rdfs:label ?l FILTER(:matchesText(?x, "pazopanip")) }'
    assert update(small, f"INSERT {{ ?x <urn:found> 1 }} {where}") == {"pazopanib"}
    other = (
        "INSERT { ?x <urn:found> 1 } USING <urn:g> WHERE { BIND(:findByText('imatinb', 1) AS ?x) }"
    )
    assert update(small, other) == {"imatinib", "pazopanib"}


def test_an_update_searches_what_the_operations_before_it_wrote(small: Store) -> None:
    text = """
        INSERT DATA { GRAPH <urn:g> { drug:new rdfs:label "Zorblaxin" } } ;
        INSERT { ?x <urn:found> 1 } WHERE { BIND(:findByText("zorblaxin", 1) AS ?x) }
    """
    assert update(small, text) == {"new"}


def test_the_functions_are_in_the_namespace_of_the_ontology() -> None:
    assert [PREFIXES[""] + name for name in ("matchesText", "matchRank")] == list(FUNCTIONS)[:2]
    assert all(said.endswith(".") for said in FUNCTIONS.values())
