"""The three trial records have every field that their documents print, and none that they lack."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, QuerySolutions

from kg.build import Assembly

BASE = "https://w3id.org/sarcoma-kg/"
PREFIXES = f"""
PREFIX : <{BASE}ontology/>
PREFIX trial: <{BASE}trial/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
NCT = "nct03651375"
ANLOTINIB = "anlotinib-postoperative-radiotherapy"
CABAZITAXEL = "cabazitaxel-dedifferentiated-liposarcoma"
OUTCOME = "^:outcomeOf"
INTERVENTION = "^:interventionOf"
BOOST = f"{INTERVENTION}/:radiotherapy/:boost"

# What a path from the trial leads to, as the document prints it; a repeated value counts once.
VALUES: dict[str, dict[str, set[str]]] = {
    NCT: {
        ":registryNumber": {"NCT03651375"},
        ":otherIdentifier": {"URESARC1"},
        ":acronym": {"UN-RESARC"},
        ":studyType": {"Interventional"},
        ":recruitmentStatus": {"ActiveNotRecruiting"},
        ":phase": {"Phase2"},
        ":enrolment": {"46"},
        ":enrolmentKind": {"Actual"},
        ":allocation": {"AllocationNotApplicable"},
        ":interventionModel": {"SingleGroup"},
        ":masking": {"OpenLabel"},
        ":primaryPurpose": {"TreatmentPurpose"},
        ":startDate": {"2017-02-11"},
        ":startDateKind": {"Actual"},
        ":primaryCompletionDate": {"2019-12-31"},
        ":primaryCompletionDateKind": {"Actual"},
        ":studyCompletionDate": {"2022-03"},
        ":studyCompletionDateKind": {"Estimated"},
        ":firstPosted": {"2018-08-29"},
        ":lastUpdatePosted": {"2021-01-22"},
        ":lastVerified": {"2020-12"},
        ":resultsPosted": {"false"},
        ":sharingPlan": {"SharingUndecided"},
        ":studiesFdaRegulatedDrug": {"false"},
        ":studiesFdaRegulatedDevice": {"false"},
        ":exportedFromUnitedStates": {"false"},
        ":minimumAge": {"18"},
        ":maximumAge": {"100"},
        ":eligibleSex": {"AllSexes"},
        ":acceptsHealthyVolunteers": {"false"},
        ":responsibleParty": {"maria-sklodowska-curie-institute"},
        "^:siteOf/:city": {"Warsaw"},
        "^:siteOf/:country": {"Poland"},
        "^:siteOf/:postalCode": {"02-781"},
        "^:armOf/:armType": {"Experimental"},
        "^:armOf/:givesDrug": {"doxorubicin", "ifosfamide"},
        "^:armOf/:dose/:asPrinted": {"75 mg/sqm", "10 g/sqm"},
        "^:armOf/:procedure": {"surgery"},
        "^:armOf/:radiotherapy/:dosePerFraction": {"5"},
        f"{INTERVENTION}/:interventionType": {"DrugType", "RadiationType"},
        f"{INTERVENTION}/:cycles": {"3"},
        f"{INTERVENTION}/:supportiveMeasure": {"MesnaUroprotection"},
        f"{INTERVENTION}/:dose/:amount": {"75", "10"},
        f"{INTERVENTION}/:radiotherapy/:fractions": {"5"},
        f"{INTERVENTION}/:radiotherapy/:dosePerFraction": {"5"},
        f"{INTERVENTION}/:radiotherapy/:technique": {"Hypofractionated"},
        f"{OUTCOME}/:timeFrame": {"24 months", "24 months after treatment completion"},
        f"{OUTCOME}/:endpoint": {
            "LimbSparingResectionRate",
            "RadiologicalResponse",
            "PathologicalResponse",
            "AdverseEventOccurrence",
            "OverallSurvivalRate",
            "LocalControlRate",
            "BiomarkerAssessment",
        },
        "^:stoppingRuleOf/:threshold/:thresholdValue": {"30"},
        ":assessesBiomarker": {
            *("hif-1", "cd105", "cd31", "vegf-a", "cd14", "cd163", "cd68-kp", "cd68-pg-m1")
        },
        ":excludesHistology": {
            "rhabdomyosarcoma",
            "angiosarcoma",
            "epithelioid-sarcoma",
            "clear-cell-sarcoma",
            "extraskeletal-chondrosarcoma",
            "alveolar-soft-part-sarcoma",
            "osteogenic-sarcoma",
            "ewings-sarcoma-ppnet",
            "desmoid-tumour",
            "dermatofibrosarcoma-protuberans",
            "radiation-induced-sarcoma",
        },
        ":includesHistology": {"soft-tissue-sarcoma", "pleomorphic-rhabdomyosarcoma"},
        "^:criterionOf/:criterionKind": {"Inclusion", "Exclusion"},
        "^:statementOf/:percent": {"20"},
    },
    ANLOTINIB: {
        ":studyType": {"Interventional"},
        ":recruitmentStatus": {"Recruiting"},
        ":enrolment": {"41"},
        ":allocation": {"AllocationNotApplicable"},
        ":masking": {"OpenLabel"},
        ":primaryPurpose": {"TreatmentPurpose"},
        ":phase": {"PhaseNotStated"},
        ":includesHistology": {"soft-tissue-sarcoma"},
        f"{INTERVENTION}/:givesDrug": {"anlotinib"},
        f"{INTERVENTION}/:timing": {"Postoperative"},
        f"{INTERVENTION}/:cycles": {"4"},
        f"{INTERVENTION}/:dose/:amount": {"12"},
        f"{INTERVENTION}/:dose/:unit": {"Milligram"},
        f"{INTERVENTION}/:dose/:route": {"Oral"},
        f"{INTERVENTION}/:dose/:schedule": {"2-days on/1-day off"},
        f"{INTERVENTION}/:doseReduction/:fromAmount": {"12", "10", "8"},
        f"{INTERVENTION}/:doseReduction/:toAmount": {"10", "8"},
        f"{INTERVENTION}/:doseReduction/:stopsTreatment": {"true"},
        f"{INTERVENTION}/:radiotherapy/:technique": {"IntensityModulated"},
        f"{INTERVENTION}/:radiotherapy/:totalDose": {"50"},
        f"{INTERVENTION}/:radiotherapy/:dosePerFraction": {"2"},
        f"{BOOST}/:marginStatus": {
            *("MarginNegative", "MarginMicroscopicallyPositive", "MarginGrosslyPositive")
        },
        f"{BOOST}/:totalDoseLow": {"10", "16"},
        f"{BOOST}/:totalDoseHigh": {"16", "18"},
        f"{OUTCOME}/:endpoint": {
            "LocalRecurrenceFreeSurvival",
            "MetastasisFreeSurvival",
            "OverallSurvival",
            "AdverseEventOccurrence",
        },
        f"{OUTCOME}/:timeFrame": {"36-month", "an average of 3 years"},
        "^:siteOf/:atOrganisation": {"ruijin-hospital"},
        "^:siteOf/:country": {"China"},
    },
    CABAZITAXEL: {
        ":phase": {"Phase2"},
        ":phaseAsPrinted": {"Ph II"},
        ":condition": {"dedifferentiated-liposarcoma"},
        f"{INTERVENTION}/:givesDrug": {"cabazitaxel"},
        f"{INTERVENTION}/:interventionType": {"DrugType"},
        f"{OUTCOME}/:timeFrame": {"3 years from first patient in"},
        f"{OUTCOME}/:timePoint": {"12"},
        f"{OUTCOME}/:criteria": {"RECIST 1.1", "CTCAE, version 4.0"},
        f"{OUTCOME}/:endpoint": {
            "ProgressionFreeSurvivalRate",
            "TimeToProgression",
            "ProgressionFreeSurvival",
            "OverallSurvival",
            "ObjectiveResponseRate",
            "TimeToResponse",
            "ResponseDuration",
            "AdverseEventOccurrence",
        },
        "^:statementOf/:finding": {"ActivityShown", "WellTolerated"},
    },
}

COUNTS = {
    (NCT, ":condition"): 17,
    (NCT, ":conditionAsPrinted"): 17,
    (NCT, ":keyword"): 9,
    (NCT, ":meshTerm"): 30,
    (NCT, OUTCOME): 7,
    (NCT, "^:criterionOf"): 15,
    (NCT, INTERVENTION): 2,
    (ANLOTINIB, OUTCOME): 4,
    (ANLOTINIB, f"{INTERVENTION}/:doseReduction"): 4,
    (ANLOTINIB, BOOST): 3,
    (CABAZITAXEL, OUTCOME): 8,
}

NOT_PRINTED = {
    ANLOTINIB: ":registryNumber :briefTitle :phaseAsPrinted :startDate :responsibleParty",
    CABAZITAXEL: ":registryNumber :enrolment :recruitmentStatus :startDate :responsibleParty",
}


@pytest.mark.parametrize(
    ("trial", "path", "expected"),
    [(trial, path, values) for trial, table in VALUES.items() for path, values in table.items()],
)
def test_a_field_is_as_printed(
    assembly: Assembly, trial: str, path: str, expected: set[str]
) -> None:
    assert set(_values(assembly, trial, path)) == expected


@pytest.mark.parametrize(("trial", "path"), COUNTS)
def test_a_list_is_complete(assembly: Assembly, trial: str, path: str) -> None:
    assert len(_values(assembly, trial, path)) == COUNTS[trial, path]


@pytest.mark.parametrize(
    ("trial", "path"),
    [(trial, path) for trial, paths in NOT_PRINTED.items() for path in paths.split()],
)
def test_what_a_record_does_not_print_is_left_out(
    assembly: Assembly, trial: str, path: str
) -> None:
    assert _values(assembly, trial, path) == []


@pytest.mark.parametrize("trial", VALUES)
def test_every_outcome_has_its_time_frame(assembly: Assembly, trial: str) -> None:
    framed = _select(
        assembly,
        f"trial:{trial} {OUTCOME} ?found . "
        "?found :timeFrame ?frame ; :timeFrameValue ?value ; :timeFrameUnit ?unit",
    )
    assert len(framed) == COUNTS[trial, OUTCOME]


@pytest.mark.parametrize(
    ("trial", "endpoint"),
    [
        (NCT, "LimbSparingResectionRate"),
        (ANLOTINIB, "LocalRecurrenceFreeSurvival"),
        (CABAZITAXEL, "ProgressionFreeSurvivalRate"),
    ],
)
def test_the_primary_outcome_is_the_one_that_the_text_names_or_lists_first(
    assembly: Assembly, trial: str, endpoint: str
) -> None:
    pattern = f"trial:{trial} {OUTCOME} ?one . ?one :outcomeRole :PrimaryOutcome ; :endpoint ?found"
    assert _select(assembly, pattern) == [[endpoint]]


@pytest.mark.parametrize("trial", VALUES)
def test_the_rationale_is_kept(assembly: Assembly, trial: str) -> None:
    assert len(_values(assembly, trial, "^:statementOf")) >= 3


def test_the_boosts_belong_to_their_margins(assembly: Assembly) -> None:
    rows = _select(
        assembly,
        f"trial:{ANLOTINIB} {BOOST} ?boost . ?boost :marginStatus ?found ; "
        ":totalDoseLow ?low ; :totalDoseHigh ?high",
        "?found ?low ?high",
    )
    assert rows == [
        ["MarginGrosslyPositive", "16", "18"],
        ["MarginMicroscopicallyPositive", "10", "16"],
    ]


def test_the_approval_in_the_cabazitaxel_record_is_kept(assembly: Assembly) -> None:
    rows = _select(
        assembly,
        "?claim :aboutDrug ?found ; :decision ?what ; :decidedBy ?who ; :aboutHistology ?tumour ; "
        f":passage/:inDocument <{BASE}document/cabazitaxel-record>",
        "?found ?what ?who ?tumour",
    )
    assert rows == [["cabazitaxel", "Approved", "fda", "prostate-cancer"]]


def _values(assembly: Assembly, trial: str, path: str) -> list[str]:
    return [row[0] for row in _select(assembly, f"trial:{trial} {path} ?found")]


def _select(assembly: Assembly, pattern: str, variables: str = "?found") -> list[list[str]]:
    query = f"{PREFIXES}SELECT DISTINCT {variables} WHERE {{ {pattern} }}"
    rows = assembly.store.query(query, use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    return sorted([_name(row[name[1:]]) for name in variables.split()] for row in rows)


def _name(term: object) -> str:
    value = str(getattr(term, "value", ""))
    return value.rpartition("/")[2] if isinstance(term, NamedNode) else value
