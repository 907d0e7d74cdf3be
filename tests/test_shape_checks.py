"""The checks: what each finds, what each passes, and how it says so."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from pyoxigraph import NamedNode, Quad, Store, Triple
from shape_cases import CheckCase, read_check_cases
from shape_records import BASE, SHAPES, ontology, valid_records

from kg.checks import Check, read_checks, run_checks
from kg.problem import Severity
from kg.shapes import Result

CHECKS = {check.name: check for check in read_checks(SHAPES / "checks")}
FIXTURES = f"{BASE}graph/fixtures"
REPAIRS = {
    *("add", "compare", "correct", "declare", "drop", "file", "give", "keep", "make", "merge"),
    *("move", "rename", "take", "write"),
}


def graph(cases: Iterable[CheckCase]) -> Store:
    store = Store()
    fill(store, FIXTURES, (*ontology(), *valid_records()))
    for case in cases:
        fill(store, case.graph, case.triples)
        fill(store, case.graph, case.extra)
    return store


def fill(store: Store, name: str, triples: Iterable[Triple]) -> None:
    graph_name = NamedNode(name)
    store.extend(Quad(t.subject, t.predicate, t.object, graph_name) for t in triples)


def found(check: Check) -> tuple[Result, ...]:
    return run_checks(graph(read_check_cases()[check.name]), [check])


def test_valid_records_pass_every_check() -> None:
    assert run_checks(graph(()), CHECKS.values()) == ()


def test_every_check_has_cases() -> None:
    assert read_check_cases().keys() == CHECKS.keys()


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_finds_what_it_must_and_nothing_else(name: str) -> None:
    focus = {result.focus for result in found(CHECKS[name])}
    for case in read_check_cases()[name]:
        assert bool(focus & case.subjects) is case.refused, case.name


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_says_what_to_do(name: str) -> None:
    word = {Severity.VIOLATION: "must", Severity.WARNING: "should", Severity.INFO: "no"}
    for result in found(CHECKS[name]):
        stated, colon, repair = result.message.partition(": ")
        assert colon, result.message
        assert repair.split()[0] in REPAIRS, result.message
        assert f" {word[CHECKS[name].severity]} " in f" {stated} ", result.message
        assert not result.message.endswith("."), result.message
