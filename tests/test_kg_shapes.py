"""Shapes: the fast engine and pySHACL give the same results, each with its terms and message."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, Triple

from kg.problem import Refused
from kg.reference_shapes import validate_by_reference
from kg.shapes import Result, read_shapes, validate

PREFIXES = """\
@prefix : <http://e.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
SHAPES = '''
:ResultShape a sh:NodeShape ; sh:targetClass :Result ;
  sh:property [ sh:path :value ; sh:minCount 1 ; sh:maxInclusive 100 ; sh:datatype xsd:decimal ;
                sh:lessThanOrEquals :high ; sh:message "value: give one decimal up to 100" ] ;
  sh:property [ sh:path :drug ; sh:class :Drug ; sh:severity sh:Warning ] ;
  sh:property [ sh:path [ sh:inversePath :cites ] ; sh:maxCount 1 ] ;
  sh:property [ sh:path ( :arm :drug ) ; sh:node :DrugShape ] ;
  sh:property [ sh:path [ sh:alternativePath ( :low :high ) ] ; sh:nodeKind sh:Literal ] ;
  sh:property [ sh:path [ sh:zeroOrMorePath :part ] ; sh:nodeKind sh:IRI ] ;
  sh:xone ( [ sh:path :arm ; sh:minCount 1 ] [ sh:path :regimen ; sh:minCount 1 ] ) ;
  sh:sparql [ sh:message "responders {?value} exceed evaluable" ; sh:prefixes : ;
    sh:select """SELECT $this ?value WHERE {
      $this :responders ?value ; :evaluable ?n FILTER(?value > ?n) }""" ] .
:DrugShape a sh:NodeShape ; sh:closed true ; sh:message "leave only label" ;
  sh:property [ sh:path :label ; sh:pattern "^[a-z]" ] .
: sh:declare [ sh:prefix "" ; sh:namespace "http://e.org/"^^xsd:anyURI ] .
'''
GOOD = """
:Inhibitor rdfs:subClassOf :Drug .
:examplinib a :Inhibitor .
:good a :Result ; :value 12.5 ; :high 20.0 ; :drug :examplinib ; :regimen :r ;
  :responders 1 ; :evaluable 2 .
"""
BAD = """
:high a :Result ; :value 150.50, "five" ; :high 20.0 ; :regimen :r ; :arm :a .
:none a :Result ; :regimen [] ; :part [ :part 5 ] ; :low :iri ; :high "1e2"^^xsd:double .
:class a :Result ; :value 1.0 ; :drug :unknown ; :regimen :r ; :responders 3 ; :evaluable 2 .
:arm a :Result ; :value 1.0 ; :arm :a . :a :drug :b . :b :label "É\\"\\n", "ok" ; :other 1 .
:one :cites :arm . :two :cites :arm .
"""


def _shapes(folder: Path, text: str = SHAPES) -> tuple[Triple, ...]:
    (folder / "all.ttl").write_text(PREFIXES + text, encoding="utf-8")
    return read_shapes(folder)


def _data(text: str) -> bytes:
    """Return a graph as a store normalises it, in N-Triples."""
    store = Store()
    store.load(PREFIXES + text, format=RdfFormat.TURTLE)
    return b"".join(f"{quad.triple} .\n".encode() for quad in store)


def test_a_conforming_graph_gives_no_result(tmp_path: Path) -> None:
    assert validate(_data(GOOD), _shapes(tmp_path)) == ()
    assert validate_by_reference(_data(GOOD), _shapes(tmp_path)) == ()


def test_both_engines_give_the_same_results(tmp_path: Path) -> None:
    data, shapes = _data(GOOD + BAD), _shapes(tmp_path)
    fast = validate(data, shapes)
    assert {result.component.removesuffix("ConstraintComponent") for result in fast} == {
        "Class",
        "Datatype",
        "LessThanOrEquals",
        "MaxCount",
        "MaxInclusive",
        "MinCount",
        "Node",
        "NodeKind",
        "SPARQL",
        "Xone",
    }
    assert fast == validate_by_reference(data, shapes)


def test_a_result_names_focus_path_value_and_the_declared_message(tmp_path: Path) -> None:
    data = _data(":class a :Result ; :value 150.50 ; :regimen :r ; :drug :unknown .")
    assert validate(data, _shapes(tmp_path)) == (
        Result(
            "<http://e.org/class>",
            "<http://e.org/drug>",
            "ClassConstraintComponent",
            "<http://e.org/unknown>",
            "Warning",
            "",
        ),
        Result(
            "<http://e.org/class>",
            "<http://e.org/value>",
            "MaxInclusiveConstraintComponent",
            '"150.5"^^<http://www.w3.org/2001/XMLSchema#decimal>',
            "Violation",
            "value: give one decimal up to 100",
        ),
    )


def test_the_problems_of_all_shape_files_are_reported(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("nonsense", encoding="utf-8")
    (tmp_path / "b.ttl").write_text("\n:a :b :c .", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_shapes(tmp_path)
    assert [str(problem.place) for problem in refused.value.problems] == [
        "shapes/a.ttl:1",
        "shapes/b.ttl:2",
    ]


def test_ill_formed_shapes_are_refused(tmp_path: Path) -> None:
    shapes = _shapes(tmp_path, ':S a sh:NodeShape ; sh:pattern "[" .')
    with pytest.raises(Refused, match="regex parse error"):
        validate(b"", shapes)
