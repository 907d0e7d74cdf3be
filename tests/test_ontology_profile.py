"""The ontology and the tumour tree together are OWL 2 DL, and the checker sees what is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kg.shipped import find_shipped

CHECKER = Path(__file__).with_name("owl2_dl.py")

PREFIXES = """
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:Drug a owl:Class .
:inhibits a owl:ObjectProperty .
"""

PLANTED = {
    "undeclared annotation property": (
        ':Drug skos:note "undeclared" .',
        "Use of undeclared annotation property: <http://www.w3.org/2004/02/skos/core#note>",
    ),
    "undeclared class": (
        ":Drug rdfs:subClassOf :Agent .",
        "Use of undeclared class: <https://example.org/Agent>",
    ),
    "one property of two kinds": (
        ":inhibits a owl:DatatypeProperty . :Drug rdfs:subClassOf [ a owl:Restriction ; "
        "owl:onProperty :inhibits ; owl:someValuesFrom owl:Thing ] .",
        "Cannot pun between properties: <https://example.org/inhibits>",
    ),
    "range outside the OWL 2 datatypes": (
        ":started a owl:DatatypeProperty ; rdfs:range xsd:date .",
        "Use of a datatype outside OWL 2: <http://www.w3.org/2001/XMLSchema#date>",
    ),
    "cardinality on a transitive property": (
        ":inhibits a owl:TransitiveProperty . :Drug rdfs:subClassOf [ a owl:Restriction ; "
        'owl:onProperty :inhibits ; owl:maxCardinality "1"^^xsd:nonNegativeInteger ] .',
        "non-simple property",
    ),
}


def check(*files: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(CHECKER), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_the_ontology_is_owl_2_dl() -> None:
    folder = find_shipped().ontology
    answer = check(folder / "sarcoma.ttl", folder / "histology.ttl")
    assert answer.returncode == 0, f"not OWL 2 DL:\n{answer.stdout}{answer.stderr}"


@pytest.mark.parametrize("case", PLANTED)
def test_the_checker_sees(case: str, tmp_path: Path) -> None:
    turtle, expected = PLANTED[case]
    file = tmp_path / "planted.ttl"
    file.write_text(PREFIXES + turtle)
    answer = check(file)
    assert answer.returncode == 1, answer.stderr
    assert expected in answer.stdout


def test_a_class_that_is_also_an_individual_is_allowed(tmp_path: Path) -> None:
    file = tmp_path / "pun.ttl"
    file.write_text(PREFIXES + ":Drug a owl:NamedIndividual ; :inhibits :Drug .")
    answer = check(file)
    assert answer.returncode == 0, answer.stdout + answer.stderr
