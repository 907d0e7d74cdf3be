"""A trial as the registry has it: its design, dates and places, and all that hangs on it."""

from __future__ import annotations

from collections.abc import Iterable

from kg.importing.clinicaltrials.conditions import draft_conditions
from kg.importing.clinicaltrials.interventions import draft_interventions
from kg.importing.clinicaltrials.node import Node
from kg.importing.clinicaltrials.numbers import find_date_type
from kg.importing.clinicaltrials.results import draft_results
from kg.importing.clinicaltrials.sheet import Sheet, count
from kg.importing.statement import Draft
from kg.importing.terms import Kind, Terms

__all__ = ["draft_trial"]

_PAGE = "https://clinicaltrials.gov/study/"
_SOURCE = "http://purl.org/dc/terms/source"
_DATES = {
    "startDateStruct": ("registeredStart", "registeredStartKind"),
    "primaryCompletionDateStruct": (
        "registeredPrimaryCompletion",
        "registeredPrimaryCompletionKind",
    ),
    "completionDateStruct": ("registeredCompletion", "registeredCompletionKind"),
    "studyFirstPostDateStruct": ("firstPostedOn", None),
    "resultsFirstPostDateStruct": ("resultsPostedOn", None),
    "lastUpdatePostDateStruct": ("updatePostedOn", None),
}
_PLANNED = {
    "primaryOutcomes": "PRIMARY",
    "secondaryOutcomes": "SECONDARY",
    "otherOutcomes": "OTHER",
}
_RESULT_TYPES = {"BACKGROUND", "RESULT"}


def draft_trial(study: Node, number: str, place: str, terms: Terms) -> Sheet:
    """Return all that is taken over of a study; long texts, people and addresses are not.

    Raises MalformedError for a value that is not of the type of the schema.
    """
    sheet = Sheet(number, place)
    draft_conditions(sheet, study, terms)
    arms = draft_interventions(sheet, study, terms)
    _draft_head(sheet, study, terms)
    _draft_planned(sheet, study.node("protocolSection").node("outcomesModule"))
    draft_results(sheet, study.node("resultsSection"), arms)
    return sheet


def _draft_head(sheet: Sheet, study: Node, terms: Terms) -> None:
    protocol = study.node("protocolSection")
    draft = sheet.trial().text("recordPlace", sheet.place).link(_SOURCE, _PAGE + sheet.number)
    _draft_identity(draft, protocol.node("identificationModule"), sheet.number)
    _draft_status(draft, protocol.node("statusModule"))
    _draft_design(draft, protocol.node("designModule"))
    _draft_eligibility(draft, protocol.node("eligibilityModule"))
    _draft_locations(draft, protocol.node("contactsLocationsModule"))
    _draft_references(draft, protocol.node("referencesModule"))
    _texts(draft, "registeredKeyword", protocol.node("conditionsModule").texts("keywords"))
    version = study.node("derivedSection").node("miscInfoModule").text("versionHolder")
    _draft_date(draft, "registryVersion", version)
    _flag(draft, "hasPostedResults", study.flag("hasResults"))
    _draft_links(sheet, draft, terms)


def _draft_links(sheet: Sheet, draft: Draft, terms: Terms) -> None:
    for drug in sorted(sheet.drugs):
        draft.link("concernsDrug", drug)
    for regimen in sorted(sheet.regimens):
        draft.link("concernsRegimen", regimen)
    for histology in sorted(sheet.histologies):
        draft.link("concernsHistology", histology)
    for drug in sorted(sheet.indexed_drugs - sheet.drugs):
        draft.link("indexedWithDrug", drug)
    for histology in sorted(sheet.indexed_histologies - sheet.histologies):
        draft.link("indexedWithHistology", histology)
    same = terms.find(Kind.STUDY, identifiers=(f"clinicaltrials:{sheet.number}",))
    if same:
        draft.link("recordOfStudy", sheet.refer(same))


def _draft_identity(draft: Draft, module: Node, number: str) -> None:
    official = module.text("officialTitle")
    draft.labelled(module.text("briefTitle") or official or number)
    draft.text("registeredOfficialTitle", official)
    draft.text("registeredAcronym", module.text("acronym"))
    draft.text("leadOrganisation", module.node("organization").text("fullName"))
    own = module.node("orgStudyIdInfo").text("id")
    others = [each.text("id") for each in module.nodes("secondaryIdInfos")]
    _texts(draft, "otherRecordId", [own, *others, *module.texts("nctIdAliases")])


def _draft_status(draft: Draft, module: Node) -> None:
    draft.text("registeredStatus", module.text("overallStatus"))
    draft.text("whyStopped", module.text("whyStopped"))
    for key, (name, kind) in _DATES.items():
        dated = module.node(key)
        _draft_date(draft, name, dated.text("date"))
        if kind:
            draft.text(kind, dated.text("type"))


def _draft_date(draft: Draft, name: str, printed: str | None) -> None:
    draft.typed(name, printed, find_date_type(printed or ""))


def _draft_design(draft: Draft, module: Node) -> None:
    design, enrolment = module.node("designInfo"), module.node("enrollmentInfo")
    draft.text("registeredStudyType", module.text("studyType"))
    _texts(draft, "registeredPhase", module.texts("phases"))
    draft.text("registeredAllocation", design.text("allocation"))
    model = design.text("interventionModel") or design.text("observationalModel")
    draft.text("registeredModel", model)
    draft.text("registeredPurpose", design.text("primaryPurpose"))
    draft.text("registeredMasking", design.node("maskingInfo").text("masking"))
    number = count(enrolment.whole("count"), enrolment.at("count"))
    draft.typed("registeredEnrolment", number, "integer")
    draft.text("registeredEnrolmentKind", enrolment.text("type"))


def _draft_eligibility(draft: Draft, module: Node) -> None:
    draft.text("registeredSex", module.text("sex"))
    draft.text("eligibleAgeFrom", module.text("minimumAge"))
    draft.text("eligibleAgeTo", module.text("maximumAge"))
    _flag(draft, "healthyVolunteers", module.flag("healthyVolunteers"))


def _draft_locations(draft: Draft, module: Node) -> None:
    locations = module.nodes("locations")
    if locations:
        draft.typed("numberOfLocations", str(len(locations)), "integer")
    _texts(draft, "locationCountry", [each.text("country") for each in locations])


def _draft_references(draft: Draft, module: Node) -> None:
    for reference in module.nodes("references"):
        number = (reference.text("pmid") or "").strip()
        is_cited = reference.text("type") in _RESULT_TYPES
        if number.isascii() and number.isdigit():
            draft.text("citedReference" if is_cited else "indexedReference", f"pubmed:{number}")


def _draft_planned(sheet: Sheet, module: Node) -> None:
    for key, level in _PLANNED.items():
        for number, outcome in enumerate(module.nodes(key)):
            parts = ("planned-outcome", f"{level.lower()}-{number}")
            draft = sheet.part("ImportedPlannedOutcome", *parts).labelled(outcome.text("measure"))
            draft.text("registeredOutcomeLevel", level)
            draft.text("registeredTimeFrame", outcome.text("timeFrame"))


def _texts(draft: Draft, name: str, values: Iterable[str | None]) -> None:
    for value in dict.fromkeys(values):
        draft.text(name, value)


def _flag(draft: Draft, name: str, value: bool | None) -> None:
    draft.typed(name, None if value is None else str(value).lower(), "boolean")
