"""That shapes leave out no class and no property, and that their messages help a curator."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from pyoxigraph import NamedNode
from shape_records import (
    BASE,
    ONTOLOGY,
    OWL,
    RDF_TYPE,
    SH,
    SHAPES,
    instances,
    local,
    narrower,
    ontology,
    pairs,
    read_shape_files,
    text,
)

from kg.shapes import read_shapes
from kg.shipped import find_shipped

NO_SHAPE: Final = {
    "Tumour": "its instances are tumours of patients, which no record describes",
    "Passage": "records give it no type, its shape looks where passage points",
    "PassageRange": "records give it no type, its shape looks where ranges point",
}
SHAPE_OF_SUPERCLASS: Final = {
    "ReviewArticle": "nothing is asked beyond what is asked of a document",
    "ClinicalTrial": "nothing is asked beyond what is asked of a study",
    "TrialSeries": "nothing is asked beyond what is asked of a study",
    "RetrospectiveAnalysis": "nothing is asked beyond what is asked of a study",
    "GeneFusion": "a document may leave the genes open",
    "ExpressionMarker": "a document may leave the gene open",
    "ImportedClaim": "nothing is asked beyond what is asked of an imported record",
    "ExternalDrug": "nothing is asked beyond what is asked of an external term",
    "ExternalTarget": "nothing is asked beyond what is asked of an external term",
    "ExternalDisease": "nothing is asked beyond what is asked of an external term",
}
SHAPES_TRIPLES: Final = read_shapes(SHAPES)
TARGETS: Final = {target for _, target in pairs(SHAPES_TRIPLES, f"{SH}targetClass")}
MESSAGES: Final = tuple(pairs(SHAPES_TRIPLES, f"{SH}message"))
REPAIRS: Final = {
    *("add", "cite", "copy", "correct", "count", "compare", "drop", "give", "keep", "make"),
    *("move", "name", "number", "rename", "say", "type", "write"),
}


def test_every_class_has_a_shape_or_a_reason() -> None:
    lists = narrower(f"{ONTOLOGY}Value") - {f"{ONTOLOGY}Value"}
    exempt = {f"{ONTOLOGY}{name}" for name in {*NO_SHAPE, *SHAPE_OF_SUPERCLASS}}
    assert classes() - defined_classes() - lists - exempt == TARGETS


def classes() -> set[str]:
    declared = {subject for subject, kind in pairs(ontology(), RDF_TYPE) if kind == f"{OWL}Class"}
    return {name for name in declared if name.startswith(ONTOLOGY)}


def defined_classes() -> set[str]:
    """Return the classes whose instances the rules find: no record has them as a type."""
    return {text(subject) for subject, _ in pairs(ontology(), f"{OWL}equivalentClass")}


def test_a_class_without_a_shape_of_its_own_has_that_of_a_superclass() -> None:
    covered = {kind for target in TARGETS for kind in narrower(target)}
    assert {f"{ONTOLOGY}{name}" for name in SHAPE_OF_SUPERCLASS} <= covered


def test_every_class_with_a_shape_has_a_valid_record() -> None:
    assert [target for target in TARGETS if not instances(target)] == []


def test_every_property_has_a_shape_unless_rules_derive_it() -> None:
    kinds = {f"{OWL}ObjectProperty", f"{OWL}DatatypeProperty"}
    declared = {name for name, kind in pairs(ontology(), RDF_TYPE) if kind in kinds}
    check = (SHAPES / "checks" / "key-derived.rq").read_text(encoding="utf-8")
    derived = {f"{ONTOLOGY}{name}" for name in re.findall(r"\(:(\w+) ", check)}
    paths = {path for _, path in pairs(SHAPES_TRIPLES, f"{SH}path")}
    assert declared - paths == derived


def test_a_file_has_one_target_class_and_its_name() -> None:
    for name, triples in read_shape_files().items():
        targets = {local(target) for _, target in pairs(triples, f"{SH}targetClass")}
        slugs = {re.sub(r"(?<!^)(?=[A-Z])", "-", target).lower() for target in targets}
        assert slugs <= {name, name.removeprefix("imported-")}


def test_every_shape_that_states_a_rule_has_a_name_and_a_message_of_its_own() -> None:
    named = {
        text(triple.subject)
        for triple in SHAPES_TRIPLES
        if isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(BASE)
    }
    linking = {shape for shape, _ in pairs(SHAPES_TRIPLES, f"{SH}property")}
    said = [shape for shape, _ in MESSAGES]
    assert len({message for _, message in MESSAGES}) == len(set(said)) == len(said)
    assert set(said) <= named
    assert named - set(said) <= linking


def test_messages_state_a_rule_and_a_repair() -> None:
    severities = dict(pairs(SHAPES_TRIPLES, f"{SH}severity"))
    for shape, message in MESSAGES:
        rule, _, repair = _without_prefix(message).partition(": ")
        word = "should" if shape in severities else "must"
        assert f" {word} " in rule, message
        assert repair.split()[0] in REPAIRS, message
        assert not message.endswith("."), message


def _without_prefix(message: str) -> str:
    """Return the message without the colons of prefixes such as drug:, which end no rule."""
    return re.sub(r"([a-z-]+): (and|or|a) ", r"\1 \2 ", message)


def test_a_message_names_the_key_as_records_write_it() -> None:
    keys = _keys_by_predicate()
    paths = dict(pairs(SHAPES_TRIPLES, f"{SH}path"))
    for shape, message in MESSAGES:
        if expected := keys.get(paths.get(shape, "")):
            assert expected & set(re.findall(r"\w+", message)), (message, expected)


def _keys_by_predicate() -> Mapping[str, set[str]]:
    content = (find_shipped().ontology / "context.jsonld").read_text(encoding="utf-8")
    keys = defaultdict(set)
    for key, definition in json.loads(content)["@context"].items():
        if isinstance(definition, dict):
            name = str(definition.get("@id") or definition.get("@reverse"))
            keys[name if ":" in name else f"{ONTOLOGY}{name}"].add(key)
    return keys
