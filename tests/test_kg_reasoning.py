"""HermiT finds the ontology consistent, refuses contradictions, and agrees with the rules."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from graph_terms import claim, drug, histology, term, turtle
from pyoxigraph import NamedNode, Quad, QuerySolutions, Store, Triple

from kg.context import read_context
from kg.reading import read_sources
from kg.reasoning import ReasonerFailed, check_consistency, infer, reachable
from kg.rules import Rule, read_rules
from kg.rules import infer as apply_rules
from kg.shipped import find_shipped
from kg.sources import find_sources
from kg.turtle import read_turtle

ONTOLOGY = find_shipped().ontology
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

# These rules turn claims into direct statements or copy what OWL has no axiom for; HermiT is
# given what they give. Every other rule must follow from an axiom of the ontology.
BEYOND_OWL = frozenset(
    {
        "about-recommended-drug",
        "acronym",
        "acts-indirectly-on",
        "acts-on",
        "broader-histology",
        "cites",
        "comparator-drug",
        "development-code",
        "driver",
        "drug-relation",
        "evidence-level",
        "has-evidence",
        "implicated-in",
        "inhibits",
        "inhibits-family",
        "member-of-class",
        "months",
        "treatment-mode",
    }
)

RECORDS = """
drug:one a :Drug . drug:two a :Drug . drug:three a :Drug .
target:kit a :MolecularTarget .
target:kdr a :MolecularTarget ; :memberOfFamily family:vegfr .
family:vegfr a :TargetFamily . family:pdgfr a :TargetFamily .
histology:narrow a owl:Class, owl:NamedIndividual, :Histology ; rdfs:subClassOf histology:wide .
histology:wide a owl:Class, owl:NamedIndividual, :Histology ; rdfs:subClassOf histology:widest .
histology:widest a owl:Class, owl:NamedIndividual, :Histology ; rdfs:subClassOf :Tumour .
claim:a a :DrugTargetAssertion ;
    :aboutDrug drug:one ; :aboutTarget target:kdr ; :action :Inhibition .
claim:b a :DrugTargetAssertion ;
    :aboutDrug drug:one ; :aboutTarget family:pdgfr ; :action :ActivitySuppression .
claim:c a :DrugTargetAssertion ;
    :aboutDrug drug:two ; :aboutTarget target:kit ; :action :Inhibition .
claim:d a :TargetHistologyAssertion ;
    :aboutTarget target:kit ; :aboutHistology histology:narrow ; :targetRole :Driver .
claim:e a :TargetHistologyAssertion ;
    :aboutTarget family:vegfr ; :aboutHistology histology:wide ; :targetRole :Stimulated .
regimen:both a :Regimen ; :includesDrug drug:two, drug:three .
study:s a :RandomisedTrial ; :startDate "2007-01-31"^^xsd:date .
<https://w3id.org/sarcoma-kg/study/s/arm/both> a :TrialArm ;
    :armOf study:s ; :usesRegimen regimen:both .
<https://w3id.org/sarcoma-kg/study/s/result/rate> a :ProportionResult ;
    :ofStudy study:s ; :arm <https://w3id.org/sarcoma-kg/study/s/arm/both> ;
    :aboutHistology histology:narrow ; :line :FirstLine ; :percent 35.5 .
"""

CONTRADICTIONS = {
    "a drug that is a target": "drug:x a :Drug, :MolecularTarget .",
    "a drug that inhibits a drug": "drug:x :inhibits drug:y . drug:y a :Drug .",
    "a result of two kinds": "claim:x a :ProportionResult, :TimeToEventResult .",
    "a study that is a document": "study:x a :Study, :SourceDocument .",
    "a family that is one of its members": "family:x a :TargetFamily, :MolecularTarget .",
    "a trial both randomised and with one arm": "study:x a :RandomisedTrial, :SingleArmTrial .",
    "a claim about a target as its histology": (
        "claim:x :aboutHistology target:x . target:x a :MolecularTarget ."
    ),
    "a setting given as a line": "claim:x :line :Metastatic .",
    "a percentage that is no number": 'claim:x :percent "many" .',
}


@pytest.fixture(scope="module")
def terms() -> tuple[Triple, ...]:
    return read_turtle(ONTOLOGY / "sarcoma.ttl")


@pytest.fixture(scope="module")
def tumours() -> tuple[Triple, ...]:
    return read_turtle(ONTOLOGY / "histology.ttl")


def with_rules(triples: list[Triple]) -> tuple[set[Triple], set[Triple]]:
    """Return what the rules add to the triples: what only they can give, and everything."""
    store = Store()
    store.extend(Quad(*triple) for triple in triples)
    rules = read_rules(ONTOLOGY / "rules")
    apply_rules(store, rules)
    return _given(store, *(r for r in rules if r.name in BEYOND_OWL)), _given(store, *rules)


def _given(store: Store, *rules: Rule) -> set[Triple]:
    graphs = [NamedNode(rule.graph) for rule in rules]
    return {q.triple for graph in graphs for q in store.quads_for_pattern(None, None, None, graph)}


def test_the_ontology_is_consistent_with_the_tumour_tree_and_records(
    terms: tuple[Triple, ...], tumours: tuple[Triple, ...]
) -> None:
    report = check_consistency([*terms, *tumours, *turtle(RECORDS)])
    assert report.consistent
    assert report.unsatisfiable == ()
    assert report.seconds > 0


@pytest.mark.parametrize("contradiction", CONTRADICTIONS)
def test_a_contradiction_is_refused(contradiction: str, terms: tuple[Triple, ...]) -> None:
    report = check_consistency([*terms, *turtle(CONTRADICTIONS[contradiction])])
    assert not report.consistent


def test_a_histology_both_benign_and_a_sarcoma_is_named(tumours: tuple[Triple, ...]) -> None:
    both = """
    histology:both a owl:Class, owl:NamedIndividual, :Histology ;
        rdfs:subClassOf histology:leiomyosarcoma, histology:lipoma .
    """
    report = check_consistency([*tumours, *turtle(both)])
    assert report.consistent
    assert report.unsatisfiable == (histology("both").value,)


def test_a_tumour_both_benign_and_a_sarcoma_is_refused(tumours: tuple[Triple, ...]) -> None:
    tumour = turtle("claim:x a histology:leiomyosarcoma, histology:lipoma .")
    assert not check_consistency([*tumours, *tumour]).consistent


def test_an_unsatisfiable_class_is_named_whether_punned_or_not() -> None:
    report = check_consistency(
        turtle("""
        :Benign a owl:Class ; owl:disjointWith :Sarcoma . :Sarcoma a owl:Class .
        histology:both a owl:Class, owl:NamedIndividual, :Histology ;
            rdfs:subClassOf :Benign, :Sarcoma .
        :Plain a owl:Class ; rdfs:subClassOf histology:both .
        """)
    )
    assert report.consistent
    assert report.unsatisfiable == (
        "https://w3id.org/sarcoma-kg/histology/both",
        "https://w3id.org/sarcoma-kg/ontology/Plain",
    )


def entailed_like_ruled(asserted: list[Triple]) -> set[Triple]:
    """Return what HermiT adds to the asserted triples, once the rules were seen to add the same.

    Parts such as passages and doses have no type in the records; HermiT gives them the ranges
    of the properties that lead to them. Types are compared where the records state one.
    """
    fed, ruled = with_rules(asserted)
    known = set(asserted)
    typed = {triple.subject for triple in asserted if triple.predicate == TYPE}
    new = {triple for triple in infer([*asserted, *fed]) if triple not in known}
    of_parts = {t for t in new | ruled if t.predicate == TYPE and t.subject not in typed}
    assert by_predicate(ruled - of_parts) == by_predicate((new | fed) - of_parts)
    return new


def test_the_rules_agree_with_hermit(terms: tuple[Triple, ...]) -> None:
    new = entailed_like_ruled([*terms, *turtle(RECORDS)])
    assert Triple(drug("one"), TYPE, term("VEGFRInhibitor")) in new
    assert Triple(drug("one"), TYPE, term("PDGFRInhibitor")) in new
    assert Triple(drug("two"), TYPE, term("KITInhibitor")) in new
    assert Triple(drug("two"), term("mechanisticCandidateFor"), histology("narrow")) in new
    assert Triple(drug("three"), term("testedIn"), histology("narrow")) in new


def test_the_rules_agree_with_hermit_on_curated_records(terms: tuple[Triple, ...]) -> None:
    context = read_context(ONTOLOGY / "context.jsonld")
    curated = read_sources(find_sources(find_shipped()), context).store
    records = [quad for quad in curated if quad.predicate != term("passage")]
    new = entailed_like_ruled([*terms, *reachable(records, slice_seeds(curated))])
    for defined in ("VEGFRInhibitor", "PDGFRInhibitor", "KITInhibitor", "FGFRInhibitor"):
        assert Triple(drug("anlotinib"), TYPE, term(defined)) in new
    assert Triple(drug("gemcitabine"), TYPE, term("ClinicallyTestedDrug")) in new


def slice_seeds(curated: Store) -> list[str]:
    """Return one drug's claims, one study's results, and what is said of targets in tumours."""
    query = """
    PREFIX : <https://w3id.org/sarcoma-kg/ontology/>
    SELECT DISTINCT ?claim {
      { ?claim :aboutDrug <https://w3id.org/sarcoma-kg/drug/anlotinib> }
      UNION { ?claim :ofStudy <https://w3id.org/sarcoma-kg/study/alberta-2017-geddis> }
      UNION { ?claim :targetRole ?role }
    }
    """
    answer = curated.query(query, use_default_graph_as_union=True)
    assert isinstance(answer, QuerySolutions)
    return [row["claim"].value for row in answer]


def test_a_rule_without_an_axiom_would_be_seen(terms: tuple[Triple, ...]) -> None:
    chain = NamedNode("http://www.w3.org/2002/07/owl#propertyChainAxiom")
    lost = [t for t in terms if (t.subject, t.predicate) != (term("testedIn"), chain)]
    fed, ruled = with_rules([*lost, *turtle(RECORDS)])
    assert term("testedIn") in {triple.predicate for triple in ruled}
    entailed = infer([*lost, *turtle(RECORDS), *fed])
    assert term("testedIn") not in {triple.predicate for triple in entailed}


def by_predicate(triples: set[Triple]) -> dict[str, list[str]]:
    """Group triples so that pytest shows the few that differ."""
    found: dict[str, list[str]] = {}
    for line in sorted(map(str, triples)):
        found.setdefault(line.split()[1], []).append(line)
    return found


def test_dates_headers_and_imports_do_not_stop_hermit() -> None:
    report = check_consistency(
        turtle("""
        <https://example.org/a> a owl:Ontology ; owl:imports <https://example.org/b> .
        <https://example.org/b> a owl:Ontology .
        :issued a owl:DatatypeProperty .
        drug:x a owl:NamedIndividual ;
            :issued "2007-01-31"^^xsd:date, "2007-01"^^xsd:gYearMonth, "2007"^^xsd:gYear .
        """)
    )
    assert report.consistent


def test_nothing_is_inferred_from_a_contradiction() -> None:
    with pytest.raises(ReasonerFailed, match="inconsistent"):
        infer(turtle("drug:x a [ owl:complementOf owl:Thing ] ."))


def test_an_input_that_hermit_cannot_read_is_an_error_of_one_line() -> None:
    with pytest.raises(ReasonerFailed, match="UnsupportedDatatype") as caught:
        check_consistency(
            turtle("""
            :issued a owl:DatatypeProperty . :Document a owl:Class ; rdfs:subClassOf
                [ a owl:Restriction ; owl:onProperty :issued ; owl:someValuesFrom xsd:date ] .
            """)
        )
    assert "\n" not in str(caught.value)


def test_a_java_that_overruns_is_ended_with_its_parent(tmp_path: Path) -> None:
    java, beats = tmp_path / "java", tmp_path / "beats"
    java.write_text(f"#!/bin/sh\nwhile :; do echo beat >> '{beats}'; sleep 0.1; done\n")
    java.chmod(0o755)
    with pytest.raises(ReasonerFailed, match="no answer within 3 seconds"):
        check_consistency(turtle("drug:x a :Drug ."), java=java, seconds=3)
    heard = beats.read_text()
    time.sleep(0.5)
    assert beats.read_text() == heard


def test_what_the_seeds_refer_to_is_reachable() -> None:
    graph = turtle("claim:a :aboutDrug drug:x . drug:x a :Drug . claim:b :aboutDrug drug:x .")
    assert set(reachable(graph, [claim("a").value])) == set(graph[:2])
    assert reachable(graph, ["https://example.org/unknown"]) == ()
