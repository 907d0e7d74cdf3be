"""Reports of problems held to what SHACL asks of a validation report."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store, Triple, parse, serialize

from kg.gate import read_gate
from kg.namespaces import Namespaces
from kg.places import Places
from kg.problem import Finding, Place, Problem, Severity
from kg.reference_shapes import validate_by_reference
from kg.shapes import Result, validate
from kg.terms import term
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


def triples_of(text: str) -> list[Triple]:
    return [each.triple for each in parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE)]


def written(triples: list[Triple]) -> bytes:
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def faults(report: list[Triple]) -> list[Result]:
    rules = triples_of(RULES)
    return [*validate(written(report), rules), *validate_by_reference(written(report), rules)]


def test_what_the_gate_finds_is_a_conformant_report(tmp_path: Path) -> None:
    report = found_in(tmp_path, DATA)
    assert faults(report) == []
    assert objects(report, "conforms") == {str(Literal(False))}
    assert objects(report, "focusNode") == {"<http://e.org/drug/a>"}
    assert objects(report, "resultSeverity") == {str(term("sh:Violation"))}
    assert objects(report, "sourceConstraintComponent") == {
        str(term(f"sh:{name}ConstraintComponent"))
        for name in ("Closed", "MinCount", "MaxCount", "MaxLength", "NodeKind", "SPARQL")
    }
    assert objects(report, "value") == {'"long"', '"n"@en', "<http://e.org/drug/b>", "_:"}
    assert "<http://e.org/ontology/label>" in objects(report, "resultPath")


def test_a_report_lacking_what_must_be_there_is_found_out(tmp_path: Path) -> None:
    report = found_in(tmp_path, DATA)
    for name in ("focusNode", "resultSeverity", "sourceConstraintComponent", "conforms"):
        assert faults([each for each in report if each.predicate != term(f"sh:{name}")])


@pytest.mark.parametrize(
    "problem",
    [
        Problem(YOURS, "drug:x: no"),
        Problem(YOURS, "nobody is it"),
        Problem(Place("drugs.yaml", 3), "unknown key 'lable'", Severity.WARNING),
        Problem(YOURS, "_:: no", finding=Finding("_:", "", "NodeKindConstraintComponent", "_:")),
        Problem(YOURS, "no", finding=Finding('"a\\n"@en', "<urn:p>", "name-unique", '"\\u00e9"')),
    ],
)
def test_a_problem_of_any_kind_is_a_conformant_result(problem: Problem) -> None:
    report = [*write_report([problem, problem], NAMES)]
    assert faults(report) == []
    assert len([each for each in report if each.predicate == term("sh:result")]) == 2


def test_the_focus_of_what_no_shape_found_is_what_its_message_starts_with() -> None:
    report = [*write_report([Problem(YOURS, "drug:x: no")], NAMES)]
    assert objects(report, "focusNode") == {"<http://e.org/drug/x>"}
    assert objects(report, "sourceConstraintComponent") == {
        str(term("sh:SPARQLConstraintComponent"))
    }


def test_without_problems_a_report_conforms() -> None:
    report = [*write_report([], NAMES)]
    assert faults(report) == []
    assert objects(report, "conforms") == {str(Literal(True))}


@pytest.mark.parametrize(
    "path",
    [
        "<urn:p>",
        "^<urn:p>",
        "(<urn:p>|<urn:q>)",
        "(<urn:p>/^<urn:q>/<urn:r>)",
        "(<urn:p>)*",
        "((<urn:p>/((<urn:q>|^<urn:r>))+))?",
    ],
)
def test_a_path_is_written_as_a_shape_has_it(path: str) -> None:
    finding = Finding("<urn:a>", path, "MinCountConstraintComponent")
    report = [*write_report([Problem(YOURS, "no", finding=finding)], NAMES)]
    (node,) = (each.object for each in report if each.predicate == term("sh:resultPath"))
    shape = NamedNode("urn:shape")
    shapes = [
        *report,
        Triple(shape, term("rdf:type"), term("sh:PropertyShape")),
        Triple(shape, term("sh:targetNode"), NamedNode("urn:a")),
        Triple(shape, term("sh:path"), node),
        Triple(shape, term("sh:minCount"), Literal(9)),
    ]
    assert [each.path for each in validate(b"", shapes)] == [path]


def test_a_finding_keeps_problems_that_read_alike_equal() -> None:
    problem = Problem(YOURS, "no", finding=Finding("<urn:a>"))
    assert {problem, Problem(YOURS, "no")} == {problem}
    assert "finding" not in repr(problem)
