from __future__ import annotations

import pytest
from path_parts import claim, index_of, result

from api.path_claims import Claim
from api.path_index import Path, PathIndex
from api.path_kinds import PathKind
from api.path_missing import MISSING, NEAR, NearBy, Wanted, find_missing
from api.path_ways import Way

ACTION = claim("a", "DrugTargetAssertion", drug="imatinib", target="kit", action="Inhibition")
PART = claim("p", "TargetHistologyAssertion", target="kit", histology="gist")
PATH = Path(PathKind.TESTED, "imatinib", "lms", Way("imatinib", "", "", "kit"))
RANDOMISED = {"type": ["EvidenceItem", "ComparativeResult"], "studyType": "RandomisedTrial"}
OF_RESULTS = {
    Wanted.RESULT,
    Wanted.VERY_HISTOLOGY,
    Wanted.ALONE,
    Wanted.RANDOMISED,
    Wanted.RESPONSE_RATE,
    Wanted.SURVIVAL,
    Wanted.PROGRESSION,
    Wanted.HARM,
}
OF_IMPORTS = {Wanted.ACTION, Wanted.HISTOLOGY}


def missing(index: PathIndex, path: Path = PATH) -> set[Wanted]:
    return {each.what for each in find_missing(index, path)}


def test_without_statements_everything_is_missing_in_the_order_of_the_list() -> None:
    found = find_missing(index_of(), Path(PathKind.TESTED, "imatinib", "lms"))
    others = {Wanted.MECHANISM, *OF_IMPORTS}
    assert [each.what for each in found] == [each for each in Wanted if each not in others]
    assert set(MISSING) == set(Wanted)
    assert set(NEAR) == set(NearBy)


def test_a_target_or_a_mechanism_is_missing_and_never_both() -> None:
    assert Wanted.MECHANISM in missing(index_of(ACTION, PART))
    assert not {Wanted.MECHANISM, Wanted.TARGET} & missing(
        index_of(ACTION, PART), Path(PathKind.MECHANISM, "imatinib", "gist", PATH.way)
    )
    in_trial = Path(PathKind.IN_TRIAL, "imatinib", "gist", PATH.way)
    assert Wanted.MECHANISM not in missing(index_of(ACTION, PART), in_trial)


def test_of_an_import_the_action_and_a_histology_may_be_missing() -> None:
    other = Path(PathKind.IMPORTED_MECHANISM, "imatinib", "gist", Way("imatinib", "", "", "ret"))
    assert Wanted.ACTION in missing(index_of(ACTION, PART), other)
    same = Path(PathKind.IMPORTED_MECHANISM, "imatinib", "gist", PATH.way)
    assert not {Wanted.TARGET, *OF_IMPORTS} & missing(index_of(ACTION, PART), same)
    nowhere = Path(PathKind.IMPORTED_TARGET, "imatinib", "", PATH.way)
    assert missing(index_of(), nowhere) == {Wanted.TARGET, Wanted.HISTOLOGY}


@pytest.mark.parametrize(
    ("there", "fields"),
    [
        ({Wanted.ALONE}, {"mode": "Monotherapy"}),
        (set(), {"mode": "Combination"}),
        ({Wanted.RANDOMISED}, RANDOMISED),
        (set(), {**RANDOMISED, "comparator": "imatinib"}),
        (set(), {**RANDOMISED, "studyType": "SingleArmTrial"}),
        (
            {Wanted.RESPONSE_RATE},
            {"endpoint": "PartialResponseRate", "responders": "0", "evaluable": "12"},
        ),
        (set(), {"endpoint": "ObjectiveResponseRate", "evaluable": "12"}),
        (set(), {"endpoint": "StableDiseaseRate", "responders": "1", "evaluable": "12"}),
        ({Wanted.SURVIVAL}, {"endpoint": "OverallSurvivalRate"}),
        ({Wanted.PROGRESSION}, {"endpoint": "TimeToProgression"}),
        ({Wanted.HARM}, {"endpoint": "TreatmentRelatedDeath"}),
        ({Wanted.HARM}, {"type": ["EvidenceItem", "AdverseEventResult"]}),
    ],
)
def test_a_result_is_no_longer_missing(
    there: set[Wanted], fields: dict[str, str | list[str]]
) -> None:
    about = dict(fields)
    given = about.pop("type", "EvidenceItem")
    stated = result("e", "imatinib", "lms", kind=given, **about)
    expected = OF_RESULTS - there - {Wanted.RESULT, Wanted.VERY_HISTOLOGY}
    assert missing(index_of(stated)) & OF_RESULTS == expected


def test_a_result_in_a_narrower_histology_is_none_in_the_very_one() -> None:
    narrow = missing(index_of(result("e", "imatinib", "uterine lms")))
    assert Wanted.VERY_HISTOLOGY in narrow
    assert Wanted.RESULT not in narrow
    assert Wanted.RESULT in missing(index_of(result("e", "imatinib", "sarcoma")))


def test_a_result_of_cells_is_none_in_patients() -> None:
    cells = result("e", "imatinib", "lms", mode="Monotherapy", studyType="LaboratoryStudy")
    assert missing(index_of(cells)) >= OF_RESULTS


def decision(histology: str, **fields: str) -> Claim:
    about = {"drug": "imatinib", "decision": "Approved", **fields}
    return claim(f"s {histology}", "RegulatoryStatus", histology=histology, **about)


def test_an_approval_counts_in_the_histology_or_a_narrower_one() -> None:
    assert Wanted.APPROVAL not in missing(index_of(decision("lms")))
    assert Wanted.APPROVAL not in missing(index_of(decision("uterine lms")))
    assert Wanted.APPROVAL in missing(index_of(decision("lms", decision="NotApproved")))
    assert Wanted.APPROVAL in missing(index_of(decision("lms", drug="anlotinib")))


def test_what_is_missing_here_may_be_reported_elsewhere() -> None:
    advice = claim("g", "Recommendation", recommends="imatinib", histology="sarcoma")
    found = {
        each.what: each.elsewhere
        for each in find_missing(index_of(decision("gist"), decision("sarcoma"), advice), PATH)
    }
    assert found[Wanted.APPROVAL] == ("gist", "sarcoma")
    assert found[Wanted.RECOMMENDATION] == ("sarcoma",)
    assert found[Wanted.TRIAL] == ()


def near(index: PathIndex, what: Wanted, path: Path = PATH) -> list[tuple[str, NearBy]]:
    (found,) = [each for each in find_missing(index, path) if each.what == what]
    return [(each.iri, each.by) for each in found.near]


def test_a_member_of_a_family_comes_near() -> None:
    over = Path(PathKind.TESTED, "imatinib", "gist", Way("imatinib", "", "", "pdgfr"))
    action = claim("a", "DrugTargetAssertion", drug="imatinib", target="pdgfr")
    part = claim("p", "TargetHistologyAssertion", target="pdgfra", histology="gist")
    assert near(index_of(action, part), Wanted.MECHANISM, over) == [("pdgfra", NearBy.MEMBER)]
    elsewhere = claim("p", "TargetHistologyAssertion", target="pdgfra", histology="lms")
    assert near(index_of(action, elsewhere), Wanted.MECHANISM, over) == []


def test_a_trial_against_placebo_comes_near() -> None:
    fields = {"study": "s", "masking": "PlaceboControlled"}
    stated = result("e", "imatinib", "lms", **fields)
    assert near(index_of(stated), Wanted.RANDOMISED) == [("s", NearBy.PLACEBO)]
    for other in ({"studyType": "RandomisedTrial"}, {"masking": "OpenLabel"}):
        assert (
            near(index_of(result("e", "imatinib", "lms", **fields | other)), Wanted.RANDOMISED)
            == []
        )


def test_a_trial_without_a_tumour_comes_near() -> None:
    trial, arm = claim("t", "ClinicalTrial"), claim("g", "TrialArm", drug="imatinib", partOf="t")
    assert near(index_of(trial, arm), Wanted.TRIAL) == [("t", NearBy.TUMOUR)]
    stated = claim("t", "ClinicalTrial", includes="gist")
    assert near(index_of(stated, arm), Wanted.TRIAL) == []


def test_a_precaution_is_an_entry() -> None:
    for kind in ("Precaution", "Contraindication"):
        assert Wanted.CONTRAINDICATION not in missing(index_of(claim("c", kind, drug="imatinib")))
