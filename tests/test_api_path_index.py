from __future__ import annotations

from path_parts import TREE, asked, claim, index_of, result, shown, some, ways_of

from api.histologies import Histologies, Match
from api.path_claims import Claims
from api.path_index import Path
from api.path_kinds import PathKind, Reach
from api.path_question import ANY
from api.path_reasons import Vocabulary
from api.path_scopes import Scopes
from api.path_ways import Way, find_ways

ACTIONS = (
    claim("a1", "DrugTargetAssertion", drug="imatinib", target="kit", action="Inhibition"),
    claim("a2", "DrugTargetAssertion", drug="imatinib", target="pdgfr", action="Inhibition"),
    claim("a3", "DrugTargetAssertion", drug="anlotinib", target="pdgfra", action="Inhibition"),
    claim("a4", "DrugTargetAssertion", drug="17-aag", target="hsp90", action="Inhibition"),
    claim("a5", "DrugTargetAssertion", drug="17-aag", target="kit", through="hsp90"),
    claim(
        "r1",
        "DrugRelationAssertion",
        drug="ipi-504",
        related="17-aag",
        relation="ProdrugRelation",
    ),
    claim(
        "r2",
        "DrugRelationAssertion",
        drug="doxorubicin",
        related="imatinib",
        relation="DerivativeRelation",
    ),
)
PARTS = (
    claim("p1", "TargetHistologyAssertion", target="kit", histology="gist"),
    claim("p2", "TargetHistologyAssertion", target="pdgfr", histology="desmoid"),
    claim("p3", "TargetHistologyAssertion", target="pdgfra", histology="gist"),
)
RESULTS = (
    result("e1", "imatinib", "gist", evaluable="40", level="Level2", biomarker="exon 11"),
    result("e2", "imatinib", "uterine lms", direction="Refutes"),
    result("e3", "doxorubicin", "sarcoma", evaluable="5"),
)
INDEX = index_of(*ACTIONS, *PARTS, *RESULTS)


def test_a_mechanism_goes_over_a_target_to_a_histology() -> None:
    found = ways_of(INDEX, PathKind.MECHANISM, drugs=some("imatinib"))
    assert found == [("imatinib", "kit", "gist"), ("imatinib", "pdgfr", "desmoid")]


def test_a_claim_on_a_member_reaches_what_its_family_plays_a_part_in() -> None:
    assert ways_of(INDEX, PathKind.MECHANISM, drugs=some("anlotinib")) == [
        ("anlotinib", "pdgfra", "gist"),
        ("anlotinib", "pdgfra", "pdgfr", "desmoid"),
    ]


def test_a_claim_on_a_family_says_nothing_of_its_members() -> None:
    found = ways_of(INDEX, PathKind.MECHANISM, drugs=some("imatinib"), targets=some("pdgfra"))
    assert found == []


def test_a_family_is_found_by_claims_on_its_members() -> None:
    for question in ({"targets": some("pdgfr")}, {"families": some("pdgfr")}):
        found = asked(INDEX, kinds=frozenset({PathKind.MECHANISM}), **question).paths()
        assert {path.drug for path in found} == {"anlotinib", "imatinib"}


def test_an_indirect_action_is_a_way_of_its_own() -> None:
    found = asked(INDEX, drugs=some("17-aag"), targets=some("kit")).paths()
    (path,) = found
    assert path.way == Way("17-aag", "", "hsp90", "kit")
    assert path.targets == ("hsp90", "kit")
    assert path.reaches == (Reach.INDIRECT,)
    assert (
        shown(asked(INDEX, drugs=some("17-aag"), reaches=frozenset({Reach.DIRECT})).paths()) == []
    )


def test_a_prodrug_goes_over_what_it_becomes_and_no_derivative_does() -> None:
    (path,) = asked(INDEX, drugs=some("ipi-504")).paths()
    assert path.way == Way("ipi-504", "17-aag", "hsp90", "kit")
    assert path.reaches == (Reach.INDIRECT, Reach.PRODRUG)
    assert "doxorubicin" not in INDEX.ways


def test_prodrugs_go_one_step() -> None:
    relation = {"kind": "DrugRelationAssertion", "relation": "ProdrugRelation"}
    claims = (
        *ACTIONS,
        claim("r3", drug="one", related="ipi-504", **relation),
        claim("r4", drug="a", related="b", **relation),
        claim("r5", drug="b", related="a", **relation),
    )
    ways = find_ways(Claims({each.iri: each for each in claims}))
    assert not {"one", "a", "b"} & ways.keys()


def test_an_alteration_that_characterises_the_histology_is_a_mechanism() -> None:
    alteration = {"biomarker": "exon 11", "histology": "gist"}
    stated = claim("b1", "BiomarkerAssertion", role="Characterises", **alteration)
    assert ways_of(index_of(*ACTIONS, stated), PathKind.MECHANISM) == [
        ("17-aag", "hsp90", "kit", "gist"),
        ("imatinib", "kit", "gist"),
        ("ipi-504", "hsp90", "kit", "gist"),
    ]
    other = claim("b1", "BiomarkerAssertion", role="PredictsResponse", **alteration)
    assert ways_of(index_of(*ACTIONS, other), PathKind.MECHANISM) == []


def test_a_test_is_shown_over_targets_without_a_part_in_the_histology() -> None:
    found = ways_of(INDEX, PathKind.TESTED, drugs=some("imatinib"))
    assert found == [
        ("imatinib", "kit", "uterine lms"),
        ("imatinib", "pdgfr", "gist"),
        ("imatinib", "pdgfr", "uterine lms"),
    ]


def test_a_member_whose_family_has_a_part_is_no_test() -> None:
    index = index_of(*ACTIONS, *PARTS, result("e1", "anlotinib", "desmoid"))
    assert ways_of(index, PathKind.TESTED) == []


def test_a_drug_without_targets_is_tested_over_none() -> None:
    assert ways_of(INDEX, PathKind.TESTED, drugs=some("doxorubicin")) == [
        ("doxorubicin", "sarcoma")
    ]
    assert ways_of(INDEX, PathKind.TESTED, drugs=some("doxorubicin"), targets=ANY) == []


ADVICE = (
    claim("g1", "Recommendation", recommends="imatinib", histology="gist", line="FirstLine"),
    claim("g2", "Recommendation", recommends="aim", histology="lms"),
    claim("g3", "Recommendation", drug="doxorubicin", histology="gist"),
    claim("g4", "Recommendation", recommends="surgery", histology="gist"),
    claim("g5", "Recommendation", recommendsClass="chemotherapy", histology="sarcoma"),
)
MEMBERS = (
    claim("m1", "DrugClassAssertion", **{"drug": "ifosfamide", "class": "chemotherapy"}),
    claim("m2", "DrugClassAssertion", **{"drug": "doxorubicin", "class": "anthracyclines"}),
)


def test_a_drug_is_recommended_itself_or_in_a_regimen_and_not_by_a_mention() -> None:
    assert ways_of(index_of(*ADVICE), PathKind.RECOMMENDED) == [
        ("doxorubicin", "lms"),
        ("ifosfamide", "lms"),
        ("imatinib", "gist"),
    ]


def test_a_recommended_class_is_a_kind_of_its_own() -> None:
    index = index_of(*ADVICE, *MEMBERS)
    assert ways_of(index, PathKind.RECOMMENDED_CLASS) == [
        ("doxorubicin", "lms"),
        ("ifosfamide", "sarcoma"),
    ]


def test_a_line_is_asked_of_the_recommendation_and_a_size_of_results() -> None:
    index = index_of(*ADVICE, result("e", "imatinib", "gist", line="SecondLine", evaluable="9"))
    first, second = ({"lines": frozenset({each})} for each in ("FirstLine", "SecondLine"))
    assert ways_of(index, PathKind.RECOMMENDED, **first) == [("imatinib", "gist")]
    assert ways_of(index, PathKind.RECOMMENDED, **second) == []
    assert ways_of(index, PathKind.RECOMMENDED, least_evaluable=9) == [("imatinib", "gist")]
    assert ways_of(index, PathKind.RECOMMENDED, least_evaluable=10) == []


def trial(kind: str = "RegisteredTrial") -> tuple[object, ...]:
    fields = {"includes": ["gist"], "condition": ["lms"], "phase": "Phase2", "endpoint": "ORR"}
    return (
        claim("t", ["ClinicalTrial", kind], **fields),  # type: ignore[arg-type]
        claim("t/arm", "TrialArm", document="", partOf="t", drug="imatinib", mode="Combination"),
    )


def test_a_registered_trial_gives_its_drugs_to_the_tumours_it_includes_or_lists() -> None:
    found = ways_of(index_of(*trial()), PathKind.IN_TRIAL)  # type: ignore[arg-type]
    assert found == [("imatinib", "gist"), ("imatinib", "lms")]


def test_another_trial_counts_until_it_has_results_on_the_drug() -> None:
    other = trial("RandomisedTrial")
    assert ways_of(index_of(*other), PathKind.IN_TRIAL) != []  # type: ignore[arg-type]
    reported = result("e", "imatinib", "gist", study="t")
    assert ways_of(index_of(*other, reported), PathKind.IN_TRIAL) == []  # type: ignore[arg-type]
    assert ways_of(index_of(*trial(), reported), PathKind.IN_TRIAL) != []  # type: ignore[arg-type]


def test_phase_mode_and_endpoint_are_asked_of_the_trial_and_a_line_of_results() -> None:
    index = index_of(*trial())  # type: ignore[arg-type]
    for field, right, wrong in (
        ("phases", "Phase2", "Phase3"),
        ("modes", "Combination", "Monotherapy"),
        ("endpoints", "ORR", "OS"),
    ):
        assert ways_of(index, PathKind.IN_TRIAL, **{field: frozenset({right})}) != []
        assert ways_of(index, PathKind.IN_TRIAL, **{field: frozenset({wrong})}) == []
    assert ways_of(index, PathKind.IN_TRIAL, lines=frozenset({"FirstLine"})) == []


def test_a_wider_histology_takes_narrower_ones_along_and_says_so() -> None:
    found = list(asked(INDEX, histologies=some("sarcoma"), drugs=some("imatinib")).paths())
    assert {(path.histology, path.match) for path in found} == {
        ("gist", Match.INHERITED),
        ("uterine lms", Match.INHERITED),
    }
    assert list(asked(INDEX, histologies=some("sarcoma"), only_direct=True).paths()) == [
        Path(PathKind.TESTED, "doxorubicin", "sarcoma", match=Match.DIRECT)
    ]


def test_of_several_histologies_the_nearest_decides() -> None:
    found = asked(INDEX, histologies=some("sarcoma", "gist"), drugs=some("imatinib")).paths()
    assert {path.match for path in found if path.histology == "gist"} == {Match.DIRECT}


def test_nothing_is_inferred_downward() -> None:
    assert shown(asked(INDEX, drugs=some("doxorubicin"), histologies=some("lms")).paths()) == []


def test_results_are_those_in_the_histology_or_a_narrower_one_strongest_first() -> None:
    weak = result("e0", "imatinib", "sarcoma", level="Level5")
    choice = asked(index_of(*RESULTS, weak))
    results = choice.results(Path(PathKind.TESTED, "imatinib", "sarcoma"))
    assert [(each.claim.iri, each.match) for each in results] == [
        ("e1", Match.INHERITED),
        ("e0", Match.DIRECT),
        ("e2", Match.INHERITED),
    ]


def test_only_direct_results_are_those_in_the_very_histology() -> None:
    index = index_of(*ACTIONS, *PARTS, result("e", "imatinib", "uterine lms", line="FirstLine"))
    path = Path(PathKind.TESTED, "imatinib", "lms")
    assert len(asked(index).results(path)) == 1
    assert asked(index, only_direct=True).results(path) == ()


def test_what_is_asked_of_results_leaves_paths_without_such_a_result_out() -> None:
    question = {"drugs": some("imatinib"), "least_evaluable": 40}
    assert ways_of(INDEX, PathKind.MECHANISM, **question) == [("imatinib", "kit", "gist")]
    assert ways_of(INDEX, PathKind.TESTED, **question) == [("imatinib", "pdgfr", "gist")]
    assert ways_of(INDEX, PathKind.TESTED, least_evaluable=41) == []


def test_a_test_by_a_filter_needs_a_result_in_the_very_histology() -> None:
    narrow = result("e4", "doxorubicin", "gist", line="FirstLine")
    found = ways_of(index_of(*RESULTS, narrow), PathKind.TESTED, lines=frozenset({"FirstLine"}))
    assert found == [("doxorubicin", "gist")]


def test_a_biomarker_is_named_by_a_statement_or_by_results() -> None:
    named = claim(
        "p4", "TargetHistologyAssertion", target="kit", histology="gist", biomarker="cd117"
    )
    index = index_of(*ACTIONS, *RESULTS, named)
    assert ways_of(index, PathKind.MECHANISM, biomarkers=some("cd117")) != []
    assert ways_of(index, PathKind.TESTED, biomarkers=some("exon 11")) == [
        ("imatinib", "pdgfr", "gist")
    ]
    assert ways_of(index, PathKind.TESTED, biomarkers=some("cd117")) == []
    choice = asked(index, biomarkers=some("cd117"))
    assert choice.results(Path(PathKind.MECHANISM, "imatinib", "gist")) == ()


def test_a_biomarker_under_the_drug_is_found_and_shown() -> None:
    fields = {"drug": "imatinib", "histology": "gist", "biomarker": "secondary"}
    stated = claim("b2", "BiomarkerAssertion", role="AcquiredResistance", **fields)
    choice = asked(index_of(*ACTIONS, *PARTS, stated), biomarkers=some("secondary"))
    (path,) = choice.paths()
    assert (path.drug, path.histology) == ("imatinib", "gist")
    assert [each.iri for each in choice.markers(path)] == ["b2"]
    other = asked(index_of(*ACTIONS, *PARTS, stated), biomarkers=some("exon 11"))
    assert other.markers(path) == ()


def test_classes_are_those_that_claims_state_or_the_ontology_defines() -> None:
    index = index_of(*ADVICE, *MEMBERS)
    found = asked(index, classes=some("anthracyclines")).paths()
    assert {path.drug for path in found} == {"doxorubicin"}
    assert {path.drug for path in asked(index, classes=some("KITInhibitor")).paths()} == {
        "imatinib"
    }
    assert {path.drug for path in asked(index, classes=ANY).paths()} == {
        "doxorubicin",
        "ifosfamide",
        "imatinib",
    }


def test_only_some_documents_count_for_every_statement() -> None:
    late = claim("p5", "TargetHistologyAssertion", "guide", target="kit", histology="lms")
    index = index_of(*ACTIONS, *PARTS, *RESULTS, late)
    assert ("imatinib", "kit", "lms") in ways_of(index, PathKind.MECHANISM)
    early = {"documents": frozenset({"review"})}
    assert ("imatinib", "kit", "lms") not in ways_of(index, PathKind.MECHANISM, **early)
    assert shown(asked(index, documents=frozenset({"guide"})).paths()) == []


def test_the_groups_of_a_trial_stand_in_the_documents_of_the_trial() -> None:
    index = index_of(*trial())  # type: ignore[arg-type]
    for document, count in (("review", 2), ("guide", 0)):
        found = asked(index, documents=frozenset({document})).paths()
        assert len(list(found)) == count


def test_no_path_is_there_twice() -> None:
    index = index_of(*ACTIONS, *PARTS, *RESULTS, *ADVICE, *MEMBERS, *trial())  # type: ignore[arg-type]
    assert len({tuple(path.row.values()) for path in index.every}) == len(index.every)


def test_a_cycle_in_the_tree_ends() -> None:
    scopes = Scopes(Histologies({"a": frozenset({"b"}), "b": frozenset({"a", "b"})}))
    assert scopes.around("a") == {"a", "b"}
    assert Scopes(TREE).match(["lms"], ["sarcoma"]) is None


def test_a_family_is_a_family_of_itself() -> None:
    vocabulary = Vocabulary(family_names=frozenset({"pdgfr"}))
    assert vocabulary.families_of("pdgfr") == {"pdgfr"}
    assert vocabulary.families_of("kit") == set()
