"""The shapes: what they accept, what each rule refuses, and that no rule is idle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

import pytest
from pyoxigraph import Triple
from shape_cases import read_cases
from shape_mutants import mutants
from shape_records import (
    ONTOLOGY,
    RDF_TYPE,
    SH,
    SHAPES,
    SUBCLASS_OF,
    instances,
    local,
    ontology,
    pairs,
    read_shape_files,
    stored,
    text,
    valid_records,
)

from kg.reference_shapes import validate_by_reference
from kg.shapes import Result, read_shapes, validate

FILES = sorted(read_shape_files())


@cache
def shapes() -> tuple[Triple, ...]:
    return read_shapes(SHAPES)


@cache
def all_cases() -> bytes:
    return stored(ontology(), valid_records(), *(case.triples for case in read_cases()))


@cache
def broken() -> Mapping[str, frozenset[tuple[str, str]]]:
    """Return shape and component of every result by focus node, over all cases at once."""
    found = defaultdict(set)
    for result in validate(all_cases(), shapes()):
        found[result.focus].add(rule(result))
    return {focus: frozenset(rules) for focus, rules in found.items()}


def rule(result: Result) -> tuple[str, str]:
    component = result.component.removesuffix("ConstraintComponent")
    return shape_by_message().get(result.message, f"no message: {result}"), component


@cache
def shape_by_message() -> Mapping[str, str]:
    """Return the name of the shape that says each message: that is how a result tells it."""
    return {message: local(shape) for shape, message in pairs(shapes(), f"{SH}message")}


def test_valid_records_break_no_rule() -> None:
    assert validate(stored(ontology(), valid_records()), shapes()) == ()


@pytest.mark.parametrize("file", FILES)
def test_each_edit_breaks_its_own_rule_and_no_other(file: str) -> None:
    cases = [case for case in read_cases() if case.file == file]
    assert cases, f"tests/fixtures/shapes/refused/{file}.yaml is missing or empty"
    for case in cases:
        found = {rule for focus in case.subjects for rule in broken().get(focus, ())}
        assert found == {(case.shape, case.component)}, case.of


def test_cases_leave_the_valid_records_valid() -> None:
    subjects = {subject for case in read_cases() for subject in case.subjects}
    assert broken().keys() <= subjects


def test_both_engines_agree_on_every_case() -> None:
    assert validate(all_cases(), shapes()) == validate_by_reference(all_cases(), shapes())


@pytest.mark.parametrize("file", FILES)
def test_without_any_part_of_a_shape_some_case_would_end_otherwise(file: str) -> None:
    own = read_shape_files()[file]
    others = {"keys-shared"} if file != "keys-shared" else set(FILES)
    rest = [t for name in sorted(others - {file}) for t in read_shape_files()[name]]
    data = stored(_what_targets_see(), valid_records(), *_cases_around(file))
    expected = validate(data, (*own, *rest))
    every = mutants(own)
    idle = [m.name for m in every if validate(data, (*m.triples, *rest)) == expected]
    assert idle == []


def _what_targets_see() -> list[Triple]:
    """Return what of the ontology decides which shape looks where: much less to validate."""
    types = (t for t in ontology() if text(t.predicate) == RDF_TYPE)
    wider = (t for t in ontology() if text(t.predicate) == SUBCLASS_OF)
    return [*(t for t in types if text(t.object).startswith(ONTOLOGY)), *wider]


def _cases_around(file: str) -> list[tuple[Triple, ...]]:
    """Return the cases of a shape file, and those of the shared rules on its class."""
    targets = [target for _, target in pairs(read_shape_files()[file], f"{SH}targetClass")]
    records = {record for target in targets for record in instances(target)}
    return [
        case.triples
        for case in read_cases()
        if case.file == file or (case.file == "keys-shared" and case.of in records)
    ]
