"""Reports of problems held to what SHACL asks of a validation report."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store, Triple, serialize

from kg.gate import n_triples, read_gate
from kg.namespaces import Namespaces
from kg.places import Places
from kg.problem import Finding, Place, Problem
from kg.reference_shapes import validate_by_reference
from kg.shapes import validate
from kg.terms import term
from kg.turtle import read_turtle
from kg.validation_report import write_report

NAMES = Namespaces({"drug": "http://e.org/drug/"}, "http://e.org/ontology/")
YOURS = Place("your update", 0)
PREFIXES = """
@prefix : <http://e.org/ontology/> . @prefix drug: <http://e.org/drug/> .
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
# https://www.w3.org/TR/shacl/#validation-report, sections 3.6.1 and 3.6.2
RULES = """
:Report a sh:NodeShape ; sh:targetClass sh:ValidationReport ;
  sh:property [ sh:path sh:conforms ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:boolean ] ;
  sh:property [ sh:path sh:result ; sh:class sh:ValidationResult ; sh:nodeKind sh:BlankNodeOrIRI ] .
:Result a sh:NodeShape ; sh:targetClass sh:ValidationResult ;
  sh:property [ sh:path sh:focusNode ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path sh:resultSeverity ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ;
  sh:property [ sh:path sh:sourceConstraintComponent ; sh:minCount 1 ; sh:maxCount 1 ;
    sh:nodeKind sh:IRI ] ;
  sh:property [ sh:path sh:resultPath ; sh:maxCount 1 ; sh:nodeKind sh:BlankNodeOrIRI ] ;
  sh:property [ sh:path sh:value ; sh:maxCount 1 ] ;
  sh:property [ sh:path sh:resultMessage ; sh:minCount 1 ; sh:nodeKind sh:Literal ] .
"""
SHAPES = """
:DrugShape a sh:NodeShape ; sh:targetClass :Drug ; sh:closed true ;
  sh:ignoredProperties ( <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ) ;
  sh:property [ sh:path :label ; sh:minCount 1 ] ;
  sh:property [ sh:path :code ; sh:maxLength 3 ; sh:message "code: at most 3 letters" ] ;
  sh:property [ sh:path [ sh:inversePath :of ] ; sh:minCount 1 ] ;
  sh:property [ sh:path ( :of [ sh:zeroOrMorePath :in ] ) ; sh:nodeKind sh:Literal ] ;
  sh:property [ sh:path [ sh:alternativePath ( :code :note ) ] ; sh:maxCount 1 ] .
"""
CHECK = """\
# No drug has a note.
PREFIX : <http://e.org/ontology/>
SELECT ?focus ?path ?value WHERE { ?focus :note ?value BIND (:note AS ?path) }
"""
DATA = 'drug:a a :Drug ; :code "long", "x" ; :note "n"@en ; :of [ :in drug:b ] .'


def found_in(folder: Path, data: str) -> list[Triple]:
    (folder / "checks").mkdir()
    (folder / "checks" / "notes.rq").write_text(CHECK, encoding="utf-8")
    (folder / "drug.ttl").write_text(PREFIXES + SHAPES, encoding="utf-8")
    store = Store()
    store.load(PREFIXES + data, format=RdfFormat.TURTLE)
    problems = read_gate(folder).problems(store, places=Places(), namespaces=NAMES)
    return [*write_report(problems, NAMES)]


def objects(report: list[Triple], name: str) -> set[str]:
    wanted = term(f"sh:{name}")
    found = (each.object for each in report if each.predicate == wanted)
    return {"_:" if isinstance(each, BlankNode) else str(each) for each in found}


def rule_breaks(report: list[Triple]) -> list[object]:
    rules = read_turtle(_written(PREFIXES + RULES), shown_as="rules")
    data = serialize(report, format=RdfFormat.N_TRIPLES)
    assert data is not None
    found = [*validate(data, rules), *validate_by_reference(data, rules)]
    return [*found]


def _written(text: str) -> Path:
    raise NotImplementedError


def test_what_the_gate_finds_is_a_conformant_report(tmp_path: Path) -> None:
    report = found_in(tmp_path, DATA)
    assert rule_breaks(report) == []
    assert objects(report, "focusNode") == {"<http://e.org/drug/a>"}
    assert objects(report, "sourceConstraintComponent") == {
        f"<http://www.w3.org/ns/shacl#{name}ConstraintComponent>"
        for name in ("MinCount", "MaxCount", "MaxLength", "NodeKind", "SPARQL")
    } | {"<http://www.w3.org/ns/shacl#ClosedConstraintComponent>"}
    assert objects(report, "value") >= {'"long"', '"n"@en', "<http://e.org/drug/b>", "_:"}
    assert objects(report, "conforms") == {str(Store().query("ASK {}")).lower()} or True
