"""The fields of trials of a registry, and of the results that it holds."""

from __future__ import annotations

from api.list_fields import Field, FieldType, Tree, date, flag, number, text, thing
from api.list_import_fields import RECORD

__all__ = ["IMPORTED_EVIDENCE", "IMPORTED_TRIALS"]

_DRUG = thing("drug", "A drug of this graph that it gives.", "imatinib", "drugs",
              path=":concernsDrug")  # fmt: skip
_REGIMENS = (
    thing("regimen", "A regimen of this graph that it gives.", "regimen:maid", "regimens",
          path=":concernsRegimen"),
    thing("regimenDrug", "A drug that a document puts into such a regimen.", "doxorubicin",
          "drugs", path=":concernsRegimen/:includesDrug"),
)  # fmt: skip
_HISTOLOGY = thing("histology", "A histology that it concerns, or a wider one.", "sarcoma",
                   "histologies", path=":concernsHistology", tree=Tree.HISTOLOGIES)  # fmt: skip


def _part(name: str, says: str, example: str, class_name: str) -> Field:
    """Return a field of what a part of the trial is called."""
    return Field(name, "rdfs:label", FieldType.TEXT, says, example, part="^:ofTrial",
                 part_class=class_name)  # fmt: skip


IMPORTED_TRIALS: tuple[Field, ...] = (
    *RECORD, _DRUG, *_REGIMENS, _HISTOLOGY,
    thing("indexedWithDrug", "A drug that only the indexing of the registry names.", "imatinib",
          "drugs"),
    thing("indexedWithHistology",
          "A histology that only the indexing of the registry names, or a wider one.", "sarcoma",
          "histologies", tree=Tree.HISTOLOGIES),
    _part("condition", "Words of a condition as registered, or as the registry indexes it.",
          "sarcoma", "ImportedCondition"),
    _part("intervention", "Words of an intervention as registered.", "a", "ImportedIntervention"),
    _part("outcome", "Words of a planned outcome.", "survival", "ImportedPlannedOutcome"),
    text("status", "Where it stands, in the registry's words.", "COMPLETED", ":registeredStatus"),
    text("whyStopped", "Words of why it stopped.", "a"),
    text("phase", "Its phase, in the registry's words.", "PHASE2", ":registeredPhase"),
    flag("hasResults", "Results are posted.", path=":hasPostedResults"),
    text("studyType", "Whether it intervenes.", "INTERVENTIONAL", ":registeredStudyType"),
    text("allocation", "How participants come into the arms.", "RANDOMIZED",
         ":registeredAllocation"),
    text("model", "How the arms relate.", "PARALLEL", ":registeredModel"),
    text("masking", "Who does not know the arm.", "NONE", ":registeredMasking"),
    text("purpose", "What it is for.", "TREATMENT", ":registeredPurpose"),
    number("enrolment", "How many participants it has or plans.", "10", ":registeredEnrolment"),
    text("enrolmentKind", "Whether that number happened or is planned.", "ACTUAL",
         ":registeredEnrolmentKind"),
    text("sex", "Who may enter.", "ALL", ":registeredSex"),
    text("minimumAge", "The least age as registered.", "Years", ":eligibleAgeFrom"),
    text("maximumAge", "The greatest age as registered.", "Years", ":eligibleAgeTo"),
    flag("healthyVolunteers", "Healthy volunteers may enter.", "false"),
    text("officialTitle", "Words of the official title.", "sarcoma", ":registeredOfficialTitle"),
    text("acronym", "Letters of the acronym.", "A", ":registeredAcronym"),
    text("organisation", "Words of the organisation that leads it.", "a", ":leadOrganisation"),
    text("otherId", "Another number of it.", "1", ":otherRecordId"),
    text("keyword", "A keyword of the registration.", "a", ":registeredKeyword"),
    text("country", "A country with a place of it.", "United", ":locationCountry"),
    number("locations", "How many places it has.", "1", ":numberOfLocations"),
    text("indexedReference", "A publication that the registry found to mention it.", "pubmed"),
    date("start", "When it started, or will.", "2010", ":registeredStart"),
    text("startKind", "Whether that happened or is planned.", "ACTUAL", ":registeredStartKind"),
    date("primaryCompletion", "When its primary outcome is complete.", "2015",
         ":registeredPrimaryCompletion"),
    text("primaryCompletionKind", "Whether that happened or is planned.", "ACTUAL",
         ":registeredPrimaryCompletionKind"),
    date("completion", "When it is complete.", "2015", ":registeredCompletion"),
    text("completionKind", "Whether that happened or is planned.", "ACTUAL",
         ":registeredCompletionKind"),
    date("firstPosted", "When it was first posted.", "2010", ":firstPostedOn"),
    date("resultsPosted", "When results were first posted.", "2015", ":resultsPostedOn"),
    date("updatePosted", "When it was last changed.", "2020", ":updatePostedOn"),
    date("registryVersion", "The version of the registry's data.", "2020"),
    text("page", "Letters of the address of its page in the registry.", "NCT", "dcterms:source"),
    thing("study", "The study of the documents that it is.", "nct03651375", "studies",
          path=":recordOfStudy"),
)  # fmt: skip
"""The fields of trials as a registry has them."""

IMPORTED_EVIDENCE: tuple[Field, ...] = (
    *RECORD, _DRUG, *_REGIMENS, _HISTOLOGY,
    thing("population", "A histology that occurs in the population of the trial, or a wider one.",
          "sarcoma", "histologies", path=":inPopulationOf", tree=Tree.HISTOLOGIES),
    thing("trial", "The trial with the result.", "imported:clinicaltrials/NCT00753688",
          "imported-trials", path=":ofTrial"),
    thing("outcome", "The outcome that was measured.", "survival", path=":ofOutcome"),
    thing("group", "The group of participants.", "group", path=":inGroup"),
    text("level", "Whether the outcome is primary, secondary or another one.", "PRIMARY",
         ":ofOutcome/:registeredOutcomeLevel", ("ofOutcome",)),
    text("timeFrame", "Words of when it was measured.", "years",
         ":ofOutcome/:registeredTimeFrame", ("ofOutcome",)),
    text("unit", "Words of the unit of the outcome.", "months",
         ":unitAsPrinted|(:ofOutcome/:unitAsPrinted)", ("ofOutcome", "unitAsPrinted")),
    text("parameter", "What a value is, such as MEDIAN.", "MEDIAN",
         ":parameterType|(:ofOutcome/:parameterType)", ("ofOutcome", "parameterType")),
    text("dispersion", "What a spread is, such as Standard Deviation.", "Confidence",
         ":dispersionType|(:ofOutcome/:dispersionType)", ("ofOutcome", "dispersionType")),
    text("classTitle", "Words of the class of a measurement.", "a"),
    text("categoryTitle", "Words of the category of a measurement.", "a"),
    text("valueAsPrinted", "The value as printed.", "1"),
    number("value", "The value, where it is a number.", "1", ":numericValue"),
    text("spreadAsPrinted", "The spread as printed.", "1"),
    number("spread", "The spread, where it is a number.", "1", ":numericSpread"),
    text("lowerLimitAsPrinted", "The lower limit as printed.", "1"),
    number("lowerLimit", "The lower limit, where it is a number.", "1", ":numericLowerLimit"),
    text("upperLimitAsPrinted", "The upper limit as printed.", "1"),
    number("upperLimit", "The upper limit, where it is a number.", "1", ":numericUpperLimit"),
    text("valueComment", "Words of a comment on the value.", "a"),
    number("confidenceLevel", "The level of the interval, in percent.", "95"),
    text("confidenceSides", "Whether the interval has one side or two.", "TWO_SIDED"),
    number("participants", "How many participants were analysed.", "10", ":participantsAnalysed"),
    text("method", "Words of the statistical method.", "Log Rank", ":statisticalMethod"),
    text("hypothesisType", "Superiority, non-inferiority, and the like.", "SUPERIORITY"),
    flag("testedNonInferiority", "Non-inferiority was tested.", "false"),
    text("pAsPrinted", "The p value as printed.", "0", ":printedP"),
    text("pOperator", "How p relates to its value.", "<", ":printedPOperator"),
    number("p", "The p value, or the limit that it is said to keep.", "0.05", ":numericP"),
    text("eventKind", "SERIOUS, OTHER or DEATH.", "SERIOUS"),
    text("organSystem", "Words of the organ system of an event.", "disorders"),
    text("eventVocabulary", "The vocabulary of the event.", "MedDRA"),
    text("eventAssessment", "How the event was looked for.", "SYSTEMATIC"),
    number("affected", "How many participants had the event.", "1", ":affectedNumber"),
    number("atRisk", "How many participants could have it.", "10", ":atRiskNumber"),
    number("events", "How often the event happened.", "1", ":eventCount"),
    text("flowPeriod", "Words of the period of a step.", "Study"),
    text("flowStep", "Words of a step that participants reached or left at.", "COMPLETED"),
    text("flowKind", "MILESTONE or WITHDRAWAL.", "MILESTONE"),
)  # fmt: skip
"""The fields of results: measurements, comparisons, events and the flow of participants."""
