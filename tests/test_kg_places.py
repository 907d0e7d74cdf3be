from __future__ import annotations

import pytest

from kg.places import Places, turtle_places
from kg.problem import Place

STUDY = "https://e.org/study/a"
PLACES = Places(
    {
        (STUDY, None): Place("a.yaml", 1),
        (STUDY, "https://e.org/p"): Place("a.yaml", 4),
        (f"{STUDY}/arm/b", None): Place("a.yaml", 9),
    }
)


@pytest.mark.parametrize(
    ("subject", "predicate", "line"),
    [
        (STUDY, "https://e.org/p", 4),
        (STUDY, "https://e.org/q", 1),
        (STUDY, None, 1),
        (f"{STUDY}/arm/b", "https://e.org/p", 9),
        (f"{STUDY}/arm/b/dose/1", "https://e.org/p", 9),
        (f"{STUDY}/arm/c", None, 1),
    ],
)
def test_finds_the_nearest_place(subject: str, predicate: str | None, line: int) -> None:
    assert PLACES.find(subject, predicate) == Place("a.yaml", line)


@pytest.mark.parametrize("subject", ["https://e.org/study", "https://e.org/study/ab", "", "x", "/"])
def test_finds_nothing_elsewhere(subject: str) -> None:
    assert PLACES.find(subject) is None


def test_merging_keeps_the_first_place() -> None:
    other = Places(
        {(STUDY, None): Place("b.yaml", 2), ("https://e.org/x", None): Place("b.yaml", 3)}
    )
    merged = Places.merged([PLACES, other])
    assert merged.find(STUDY) == Place("a.yaml", 1)
    assert merged.find("https://e.org/x") == Place("b.yaml", 3)
    assert Places.merged([]) == Places()


TURTLE = """\
@prefix : <https://e.org/ontology/> .
PREFIX h: <https://e.org/histology/>
# :Comment a :Thing .
<https://e.org/ontology> a :Ontology ;
    :note "
:Inside a string" .

:Drug a :Class ;
    :label "drug" .
h:leiomyosarcoma
    a :Class .
h:leiomyosarcoma :again "x" .
x:undeclared a :Class .
:Short:name a :Class.
"""


@pytest.mark.parametrize(
    ("iri", "line"),
    [
        ("https://e.org/ontology", 4),
        ("https://e.org/ontology/Drug", 8),
        ("https://e.org/histology/leiomyosarcoma", 10),
        ("https://e.org/ontology/Short:name", 14),
    ],
)
def test_turtle_subjects_have_the_line_that_starts_with_them(iri: str, line: int) -> None:
    assert turtle_places(TURTLE, shown_as="o.ttl").find(iri) == Place("o.ttl", line)


@pytest.mark.parametrize("iri", ["https://e.org/ontology/Comment", "https://e.org/histology/x"])
def test_turtle_without_the_subject_has_only_its_parent(iri: str) -> None:
    found = turtle_places(TURTLE, shown_as="o.ttl").find(iri)
    assert found in (None, Place("o.ttl", 4))
