"""The shapes: what they accept, what each rule refuses, and that no rule is idle."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import pytest
import yaml
from pyoxigraph import NamedNode, Triple
from shape_cases import (
    BASE,
    SHAPES,
    instances,
    narrower,
    ontology,
    read_cases,
    read_shape_files,
    stored,
    valid_records,
)

from kg.reference_shapes import validate_by_reference
from kg.shapes import Result, read_shapes, validate
from kg.shipped import find_shipped

ONTOLOGY = f"{BASE}ontology/"
SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
FILES = sorted(read_shape_files())

# Everything else that a shape says is a rule, or decides where a rule holds.
NO_RULE = frozenset(
    f"{SH}{name}"
    for name in "message severity path alternativePath inversePath ignoredProperties in or".split()
) | {f"{RDF}first", f"{RDF}rest", f"{RDF}type"}

NO_SHAPE = {
    "Tumour": "its instances are tumours of patients, which no record describes",
    **dict.fromkeys(
        (
            "VEGFRInhibitor PDGFRInhibitor FGFRInhibitor KITInhibitor RETInhibitor MTORInhibitor "
            "HSP90Inhibitor ClinicallyTestedDrug FirstLineEvidence RandomisedEvidence"
        ).split(),
        "a defined class: the rules find its instances",
    ),
}
SHAPE_OF_SUPERCLASS = {
    "ReviewArticle": "nothing is asked beyond what is asked of a document",
    "ClinicalTrial": "nothing is asked beyond what is asked of a study",
    "TrialSeries": "nothing is asked beyond what is asked of a study",
    "RetrospectiveAnalysis": "nothing is asked beyond what is asked of a study",
    "GeneFusion": "a document may leave the genes open",
    "ExpressionMarker": "a document may leave the gene open",
}
DERIVED = (
    "actsOn inhibits inhibitsMemberOf actsIndirectlyOn memberOfClass prodrugOf activeMetaboliteOf "
    "derivativeOf implicatedIn isDriverOf mechanisticCandidateFor broaderHistology "
    "broaderHistologyTransitive hasEvidence testedIn relevantToHistology months"
).split()
REPAIRS = (
    "add cite compare copy correct count drop give keep make move name number rename say type write"
).split()


def local(term: object) -> str:
    """Return what stands after the last / or # of an IRI."""
    return re.split("[/#]", getattr(term, "value", str(term)))[-1]


def objects(triples: Iterable[Triple], predicate: str) -> Iterator[tuple[NamedNode, str]]:
    """Yield subject and object of the triples of a predicate."""
    for triple in triples:
        if triple.predicate.value == predicate:
            yield triple.subject, triple.object.value


@cache
def shapes() -> tuple[Triple, ...]:
    return read_shapes(SHAPES)


@cache
def shape_by_message() -> Mapping[str, str]:
    """Return the name of the shape that says each message: that is how a result tells it."""
    return {message: local(shape) for shape, message in objects(shapes(), f"{SH}message")}


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


# No rule is idle: without it, some case is no longer refused or some valid record is.


@pytest.mark.parametrize("file", FILES)
def test_every_part_of_a_shape_matters(file: str) -> None:
    own = read_shape_files()[file]
    others = {"keys-shared"} if file != "keys-shared" else set(FILES)
    rest = [t for name in sorted(others - {file}) for t in read_shape_files()[name]]
    data = stored(_vocabulary(), valid_records(), *_cases_around(file))
    expected = validate(data, (*own, *rest))
    idle = [name for name, mutant in mutants(own) if validate(data, (*mutant, *rest)) == expected]
    assert idle == []


def mutants(triples: tuple[Triple, ...]) -> Iterator[tuple[str, tuple[Triple, ...]]]:
    """Yield the shapes without one statement, and without one member of a list."""
    for triple in triples:
        if triple.predicate.value not in NO_RULE:
            name = f"{local(triple.subject)} {local(triple.predicate)} {local(triple.object)}"
            yield name, tuple(other for other in triples if other != triple)
    yield from shorter_lists(triples)


def shorter_lists(triples: tuple[Triple, ...]) -> Iterator[tuple[str, tuple[Triple, ...]]]:
    members = {t.subject: t.object for t in triples if t.predicate.value == f"{RDF}first"}
    for cell in [t for t in triples if t.predicate.value == f"{RDF}rest"]:
        before = next(t for t in triples if t.object == cell.subject)
        if cell.object.value == f"{RDF}nil" and before.predicate.value != f"{RDF}rest":
            continue
        kept = [t for t in triples if t.subject != cell.subject and t != before]
        shorter = Triple(before.subject, before.predicate, cell.object)
        name = f"{local(before.subject)} list without {members[cell.subject]}"
        yield name, without_choice((*kept, shorter))


def without_choice(triples: tuple[Triple, ...]) -> tuple[Triple, ...]:
    """Return the shapes with the one path in place of a choice of one, which is ill-formed."""
    links = {(t.subject, local(t.predicate)): t.object for t in triples}
    for path, head in [(t.subject, t.object) for t in triples if is_choice(t)]:
        if links[head, "rest"].value == f"{RDF}nil":
            kept = (t for t in triples if t.subject not in (path, head))
            return tuple(pointed(t, path, links[head, "first"]) for t in kept)
    return triples


def pointed(triple: Triple, old: object, new: NamedNode) -> Triple:
    return Triple(triple.subject, triple.predicate, new) if triple.object == old else triple


def is_choice(triple: Triple) -> bool:
    return triple.predicate.value == f"{SH}alternativePath"


def _vocabulary() -> list[Triple]:
    """Return what decides which shape looks where: subclasses, and the types of terms."""
    types = (t for t in ontology() if t.predicate.value == f"{RDF}type")
    wider = (t for t in ontology() if t.predicate.value == f"{RDFS}subClassOf")
    return [*(t for t in types if t.object.value.startswith(ONTOLOGY)), *wider]


def _cases_around(file: str) -> list[tuple[Triple, ...]]:
    """Return the cases of a shape file, and those of the shared rules on its class."""
    targets = [target for _, target in objects(read_shape_files()[file], f"{SH}targetClass")]
    records = {record for target in targets for record in instances(target)}
    return [
        case.triples
        for case in read_cases()
        if case.file == file or (case.file == "keys-shared" and case.of in records)
    ]


# Every class, property and message.


def test_every_class_has_a_shape_or_a_reason() -> None:
    targets = {local(target) for _, target in objects(shapes(), f"{SH}targetClass")}
    untyped = {"Passage", "PassageRange"}
    lists = {local(kind) for kind in narrower(f"{ONTOLOGY}Value")} - {"Value"}
    classes = {local(c) for c, kind in objects(ontology(), f"{RDF}type") if kind == f"{OWL}Class"}
    named = {name for name in classes if f"{ONTOLOGY}{name}" in _subjects()}
    asked = named - NO_SHAPE.keys() - SHAPE_OF_SUPERCLASS.keys() - lists - untyped
    assert asked - targets == set()
    assert targets - asked == set()


def _subjects() -> frozenset[str]:
    return frozenset(t.subject.value for t in ontology() if isinstance(t.subject, NamedNode))


def test_a_class_without_a_shape_of_its_own_has_that_of_a_superclass() -> None:
    targets = {target for _, target in objects(shapes(), f"{SH}targetClass")}
    covered = {kind for target in targets for kind in narrower(target)}
    assert {f"{ONTOLOGY}{name}" for name in SHAPE_OF_SUPERCLASS} <= covered


def test_every_class_with_a_shape_has_a_valid_record() -> None:
    for _, target in objects(shapes(), f"{SH}targetClass"):
        assert instances(target), target


def test_every_property_has_a_shape_or_is_derived() -> None:
    kinds = {f"{OWL}ObjectProperty", f"{OWL}DatatypeProperty"}
    declared = {local(p) for p, kind in objects(ontology(), f"{RDF}type") if kind in kinds}
    paths = {local(path) for _, path in objects(shapes(), f"{SH}path")}
    assert declared - paths == set(DERIVED)


def test_a_file_has_one_target_class() -> None:
    for name, triples in read_shape_files().items():
        targets = {target for _, target in objects(triples, f"{SH}targetClass")}
        assert len(targets) <= 1, name
        assert not targets or _slug(local(targets.pop())) == name


def _slug(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def test_every_shape_with_a_name_has_a_message_of_its_own() -> None:
    named = {t.subject for t in shapes() if t.subject.value.startswith(f"{BASE}shape/")}
    linking = {shape for shape, _ in objects(shapes(), f"{SH}property")}
    said = [shape for shape, _ in objects(shapes(), f"{SH}message")]
    assert len(shape_by_message()) == len(said) == len(set(said))
    assert named - set(said) <= linking


def test_messages_are_sentences_with_a_repair() -> None:
    severities = dict(objects(shapes(), f"{SH}severity"))
    for shape, message in objects(shapes(), f"{SH}message"):
        stated, colon, repair = message.partition(": ")
        assert colon, message
        assert repair.split()[0] in REPAIRS or _is_enumeration(message), message
        assert not message.endswith("."), message
        word = "should" if severities.get(shape) else "must"
        assert f" {word} " in stated, message


def _is_enumeration(message: str) -> bool:
    """Return whether the first colon is that of a prefix, as in "id must be drug: and a slug"."""
    return message.startswith("id must be ") and message.partition(": ")[2].count(": ") >= 1


def test_a_message_names_the_key_as_records_write_it() -> None:
    keys = _keys_by_predicate()
    for shape, path in objects(shapes(), f"{SH}path"):
        message = next((m for s, m in objects(shapes(), f"{SH}message") if s == shape), None)
        if message and path in keys:
            words = set(re.findall(r"\w+", message))
            assert words & keys[path], (message, keys[path])


def _keys_by_predicate() -> Mapping[str, set[str]]:
    text = (find_shipped().ontology / "context.jsonld").read_text(encoding="utf-8")
    keys = defaultdict(set)
    for key, definition in json.loads(text)["@context"].items():
        if isinstance(definition, dict):
            name = definition.get("@id") or definition.get("@reverse")
            keys[name if ":" in name else f"{ONTOLOGY}{name}"].add(key)
    return keys


def test_every_fixture_is_of_a_shape_file() -> None:
    folder = SHAPES.parent / "tests" / "fixtures" / "shapes" / "refused"
    if not folder.is_dir():
        pytest.skip("the shapes come from an installed package")
    assert {file.stem for file in folder.glob("*.yaml")} == set(FILES)
    assert all(yaml.safe_load(file.read_text())["cases"] for file in folder.glob("*.yaml"))
