"""Competency questions: each query of data/queries gives the rows that the documents support."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from rdflib.plugins.sparql import prepareQuery

from kg.build import Assembly
from kg.catalogue import CATALOGUE
from kg.evaluation import evaluate
from kg.import_catalogue import describe_imports
from kg.importing.clinicaltrials.importer import read
from kg.importing.folder import find_imports
from kg.importing.record import Record
from kg.importing.statement import import_graph
from kg.importing.terms_reading import read_terms
from kg.shipped import find_shipped

QUERIES = find_shipped().data / "queries"
DOCS = find_shipped().root / "docs"
SH = "http://www.w3.org/ns/shacl#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
COMMENT = "http://www.w3.org/2000/01/rdf-schema#comment"
KEYWORDS = "https://schema.org/keywords"

RESULTS = re.compile(r":(EvidenceItem|\w+Result|ofStudy|hasEvidence)\b")
WITHOUT_ENDPOINT_OR_MODE = {
    "trials-without-numbers": "counts the results of two trials, to say that there are none",
}

Row = list[str]


@dataclass(frozen=True)
class Question:
    """A question as its file asks it, and the rows that its answer must have."""

    slug: str
    types: frozenset[str]
    text: str
    keywords: frozenset[str]
    query: str
    expected: tuple[Row, ...]


def _read(path: Path) -> Question:
    statements: dict[str, list[str]] = {}
    for one in parse(path=str(path), format=RdfFormat.TURTLE):
        assert getattr(one.subject, "value", "").endswith(f"/query/{path.stem}"), path
        statements.setdefault(one.predicate.value, []).append(getattr(one.object, "value", ""))
    expected = path.with_suffix(".csv").read_text(encoding="utf-8")
    return Question(
        slug=path.stem,
        types=frozenset(statements[RDF_TYPE]),
        text=" ".join(statements.get(COMMENT, [])),
        keywords=frozenset(statements.get(KEYWORDS, [])),
        query=statements[f"{SH}select"][0],
        expected=_rows(expected),
    )


def _rows(text: str) -> tuple[Row, ...]:
    return tuple(csv.reader(io.StringIO(text)))


QUESTIONS = [_read(path) for path in sorted(QUERIES.glob("*.ttl"))]
each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.slug)
OF_DOCUMENTS = [one for one in QUESTIONS if "imports" not in one.keywords]
# rdflib holds the union as one graph, where nothing is left of the named graphs.
each_question_of_the_union = pytest.mark.parametrize(
    "question",
    [one for one in OF_DOCUMENTS if "GRAPH ?" not in one.query],
    ids=lambda one: one.slug,
)
TRIALS = find_shipped().root.parent / "shared" / "data" / "clinicaltrials" / "v2"


@pytest.fixture(scope="session")
def union(assembly: Assembly) -> rdflib.Graph:
    triples = {f"{one.subject} {one.predicate} {one.object} .\n" for one in assembly.store}
    return rdflib.Graph().parse(data="".join(triples), format="nt")


@pytest.fixture(scope="session")
def world(assembly: Assembly) -> Store:
    """The graph with the shipped imports beside it, and what the catalogue says of them."""
    shipped, store = find_shipped(), Store()
    store.extend(assembly.store)
    imports = find_imports(None, shipped)
    assert {each.name for each in imports} >= {"civic", "drugmechdb", "gtopdb", "oncotree"}
    for each in imports:
        store.bulk_load(path=str(each.nquads), format=RdfFormat.N_QUADS)
    catalogue = NamedNode(CATALOGUE)
    for triple in describe_imports(imports):
        store.add(Quad(triple.subject, triple.predicate, triple.object, catalogue))
    return store


@pytest.fixture(scope="session")
def world_with_trials(assembly: Assembly, world: Store) -> Store:
    """The same with the trials of ../shared, as far as they are at hand."""
    store, graph = Store(), NamedNode(import_graph("clinicaltrials"))
    store.extend(world)
    if TRIALS.is_dir():
        for item in read(sorted(TRIALS.iterdir()), read_terms(assembly.store)):
            assert isinstance(item, Record), item
            store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in item.triples)
    return store


def test_there_is_a_question_of_each_kind_and_nothing_else_in_the_folder() -> None:
    assert len(OF_DOCUMENTS) >= 61
    assert len(QUESTIONS) - len(OF_DOCUMENTS) >= 10
    named = {f"{one.slug}{suffix}" for one in QUESTIONS for suffix in (".ttl", ".csv")}
    assert {path.name for path in QUERIES.iterdir()} == named


@each_question
def test_the_graph_answers(question: Question, assembly: Assembly, world: Store) -> None:
    store = assembly.store if question in OF_DOCUMENTS else world
    answer = evaluate(store, question.query, accept="text/csv").body().decode()
    assert not (difference := _difference(_rows(answer), question.expected)), (
        f"{question.slug}: {difference}\nCheck each row against the document; then correct "
        f"the record, or data/queries/{question.slug}.csv when the expectation was wrong."
    )


@each_question
def test_no_trial_of_a_registry_changes_an_answer(
    question: Question, world_with_trials: Store
) -> None:
    answer = evaluate(world_with_trials, question.query, accept="text/csv").body().decode()
    assert not (difference := _difference(_rows(answer), question.expected)), difference


@each_question_of_the_union
def test_rdflib_answers_the_same(question: Question, union: rdflib.Graph) -> None:
    answer = union.query(prepareQuery(question.query)).serialize(format="csv")
    assert answer is not None
    found = _plain(_rows(answer.decode()))
    assert not (difference := _difference(found, _plain(question.expected))), difference


@each_question
def test_a_question_says_what_it_asks(question: Question) -> None:
    assert question.types == {f"{SH}SPARQLExecutable", f"{SH}SPARQLSelectExecutable"}
    assert re.fullmatch(r"[A-Z][^\n]+\?", question.text)
    assert len(question.keywords) >= 2


@each_question
def test_the_order_of_the_rows_is_settled_and_no_slow_negation_is_used(question: Question) -> None:
    assert re.search(r"\nORDER BY [^\n]+\n*$", question.query)
    assert "NOT EXISTS" not in question.query, "write MINUS: the engine evaluates it once"


@each_question
def test_who_asks_for_results_names_endpoint_and_treatment_mode(question: Question) -> None:
    if question.slug in WITHOUT_ENDPOINT_OR_MODE or not RESULTS.search(question.query):
        return
    assert ":endpoint" in question.query
    assert ":treatmentMode" in question.query


def test_the_exceptions_are_needed() -> None:
    queries = {one.slug: one.query for one in QUESTIONS}
    for slug in WITHOUT_ENDPOINT_OR_MODE:
        assert ":endpoint" not in queries[slug] or ":treatmentMode" not in queries[slug]


@each_question
def test_the_documentation_lists_the_question(question: Question) -> None:
    listed = (DOCS / "questions.md").read_text(encoding="utf-8")
    assert f"| {question.text} | [query](../data/queries/{question.slug}.ttl)" in listed, (
        f"docs/questions.md: add the row of data/queries/{question.slug}.ttl, with its question"
    )


def test_a_difference_names_the_rows_that_are_missing_and_those_that_are_too_many() -> None:
    header, one, two = ["drug", "percent"], ["imatinib", "54"], ["imatinib", "47"]
    assert _difference([header, one, two], [header, one, two]) == ""
    assert _difference([header, one], [header, two]) == (
        "\nmissing: imatinib,47\nextra:   imatinib,54"
    )
    assert _difference([header, one, one], [header, one]) == "\nextra:   imatinib,54"
    assert "order" in _difference([header, two, one], [header, one, two])
    assert "columns" in _difference([["drug"], ["imatinib"]], [header, one])


def test_a_lost_figure_is_noticed(assembly: Assembly) -> None:
    question = next(one for one in QUESTIONS if one.slug == "geddis-results")
    store = Store()
    store.extend(one for one in assembly.store if getattr(one.object, "value", "") != "46.1")
    answer = evaluate(store, question.query, accept="text/csv").body().decode()
    difference = _difference(_rows(answer), question.expected)
    assert re.search(
        r"missing: progression-free survival rate,24,week,doxorubicin,.*46\.1", difference
    )


def _difference(found: Sequence[Row], expected: Sequence[Row]) -> str:
    """Return what tells the rows found from those expected, or an empty string."""
    if list(found) == list(expected):
        return ""
    if found[0] != expected[0]:
        return f"columns {','.join(found[0])} instead of {','.join(expected[0])}"
    counted, wanted = Counter(map(",".join, found)), Counter(map(",".join, expected))
    lines = [f"\nmissing: {row}" for row in (wanted - counted).elements()]
    lines += [f"\nextra:   {row}" for row in (counted - wanted).elements()]
    return "".join(lines) or "the rows are right, their order is not"


def _plain(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with numbers in one form: rdflib prints 2.0 where the store prints 2."""
    return [[_plain_value(value) for value in row] for row in rows]


def _plain_value(value: str) -> str:
    try:
        return str(Decimal(value).normalize())
    except InvalidOperation:
        return value
