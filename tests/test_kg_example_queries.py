"""Example queries: each file is a whole one, in the form that other endpoints have them in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from rdflib.plugins.sparql import prepareQuery

from kg.build import Assembly
from kg.example_queries import EXAMPLES, Example, read_examples, target_examples
from kg.query_text import Form, QueryText
from kg.shipped import find_shipped
from kg.terms import term

DATA = find_shipped().data
FILES = sorted((*DATA.glob("examples/*"), *DATA.glob("queries/*.ttl")))
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)

KINDS = {
    Form.SELECT: ("sh:SPARQLSelectExecutable", "sh:select"),
    Form.ASK: ("sh:SPARQLAskExecutable", "sh:ask"),
    Form.CONSTRUCT: ("sh:SPARQLConstructExecutable", "sh:construct"),
    Form.DESCRIBE: ("spex:SPARQLDescribeExecutable", "spex:describe"),
}
TOPICS = {"union", "FROM", "FROM NAMED", "provenance", "rule", "passage", "property path"}


def triples(path: Path) -> list[Triple]:
    return [quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)]


def example(path: Path) -> Example:
    (found,) = read_examples(triples(path))
    return found


@each_file
def test_a_file_is_one_example_with_what_tells_it_from_others(path: Path) -> None:
    found = example(path)
    assert found.iri == f"https://w3id.org/sarcoma-kg/query/{path.stem}"
    assert re.fullmatch(r"[A-Z][^\n]+\?", found.question)
    assert len(found.keywords) >= 2
    stated = triples(path)
    assert {each.subject.value for each in stated} == {found.iri}  # type: ignore[union-attr]
    (comment,) = (each.object for each in stated if each.predicate == term("rdfs:comment"))
    assert isinstance(comment, Literal)
    assert comment.language == "en"


@each_file
def test_the_class_and_the_property_are_those_of_the_form(path: Path) -> None:
    form = QueryText(example(path).query).form
    assert form is not None
    kind, predicate = KINDS[form]
    stated = triples(path)
    types = {each.object for each in stated if each.predicate == term("rdf:type")}
    assert types == {term("sh:SPARQLExecutable"), term(kind)}
    texts = {each.predicate for each in stated} & {term(name) for _, name in KINDS.values()}
    assert texts == {term(predicate)}


@pytest.mark.parametrize("path", sorted(DATA.glob("examples/*")), ids=lambda path: path.stem)
def test_a_query_declares_its_prefixes_so_that_it_runs_anywhere(path: Path) -> None:
    """The competency questions are asked of rdflib in their own tests."""
    prepareQuery(example(path).query)


def test_no_two_files_and_no_two_questions_are_the_same() -> None:
    found = [example(path) for path in FILES]
    assert len({each.iri for each in found}) == len(FILES)
    assert len({each.question for each in found}) == len(FILES)


def test_there_is_an_example_of_what_newcomers_look_for() -> None:
    assert {word for path in FILES for word in example(path).keywords} >= TOPICS
    forms = {QueryText(example(path).query).form for path in FILES}
    assert forms == set(KINDS)


def test_the_examples_are_a_graph_of_the_endpoint(assembly: Assembly) -> None:
    quads = assembly.store.quads_for_pattern(None, None, None, NamedNode(EXAMPLES))
    found = [quad.triple for quad in quads]
    assert set(found) == {each for path in FILES for each in triples(path)}
    assert read_examples(found) == tuple(sorted(example(path) for path in FILES))


def test_what_is_half_described_is_left_out() -> None:
    whole = triples(FILES[0])
    for needed in ("rdfs:comment", "sh:select"):
        assert read_examples(each for each in whole if each.predicate != term(needed)) == ()
    without_keywords = (each for each in whole if each.predicate != term("schema:keywords"))
    (found,) = read_examples(without_keywords)
    assert found.keywords == ()


def test_the_endpoint_is_the_target_of_each_example() -> None:
    whole = triples(FILES[0])
    added = set(target_examples(whole, "http://e.org/sparql")) - set(whole)
    assert added == {
        Triple(whole[0].subject, term("schema:target"), NamedNode("http://e.org/sparql"))
    }
