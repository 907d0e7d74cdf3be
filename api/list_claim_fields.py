"""The fields of claims: what results, advice, rulings and decisions are listed by."""

from __future__ import annotations

from api.list_fields import Field, Tree, date, flag, number, text, thing

__all__ = [
    "ADVICE",
    "CLAIMS",
    "DECISIONS",
    "DOSE",
    "EVIDENCE",
    "LABEL",
    "NAMED_IN",
    "NOTES",
    "RULINGS",
    "SOURCE",
    "TREATMENTS",
    "TYPE",
]

_SOURCE = ("source",)
_MODES = (
    ("alone", ("Monotherapy", "SequentialMonotherapy")),
    ("combination", ("Combination", "DrugWithRadiotherapy")),
)
DOSE = ":arm/:dose"
"""Leads to the doses of the arm that a result is about."""

TREATMENTS = ("drugs", "regimens", "procedures", "drug-classes", "radiotherapy-courses")
"""The kinds of treatments, in the order in which a name is looked for."""

_TREATMENT_PATH = (
    ":aboutDrug|:aboutRegimen|:aboutClass|:aboutProcedure|:procedure|:radiotherapy"
    "|:recommends|:recommendsClass|:arm/:procedure|:arm/:radiotherapy"
)
"""What a claim is about or recommends, drug or not."""

LABEL = text("label", "Words of the label.", "imatinib", "rdfs:label", ("label",))
TYPE = thing(
    "type", "A class of the record, inferred ones too.", "ProportionResult",
    path="rdf:type", keys=("type",),
)  # fmt: skip
NOTES = (
    text("needsReview", "Words of what is doubtful in the source.", "printed", "", None),
    text("curatorNote", "Words of the curator's note.", "printed"),
)
NAMED_IN = thing("document", "A document that names it.", "jnccn-2007", "documents",
                 path=":namedIn", keys=("namedIn",))  # fmt: skip

SOURCE = (
    thing("document", "The document that states it.", "jnccn-2007", "documents",
          path=":passage/:inDocument", keys=_SOURCE),
    date("issued", "The date of that document, which counts as its last day.", "2017",
         ":passage/:inDocument/:issued", _SOURCE),
    text("section", "Words of the heading of the section.", "GIST", ":passage/:section", _SOURCE),
    text("citation", "Figures of the citation as printed.", "45", ":passage/:citationNumber",
         _SOURCE),
    thing("cites", "A reference that the passage cites.", "document:jnccn-2007/reference/45"),
)  # fmt: skip
_DRUG = thing("drug", "The drug that it is about.", "imatinib", "drugs", path=":aboutDrug")
_CLASS = thing("drugClass", "The class of drugs that it is about, where it names no member.",
               "taxanes", "drug-classes", path=":aboutClass")  # fmt: skip
_REGIMEN = thing("regimen", "The regimen that it is about.", "MAID", "regimens",
                 path=":aboutRegimen")  # fmt: skip
_INTERVENTION = thing(
    "intervention",
    "Any treatment, drug or not: a drug, a regimen, a class with its members, or a procedure.",
    "radiotherapy",
    *TREATMENTS,
    path=_TREATMENT_PATH,
    keys=("aboutDrug", "aboutRegimen", "aboutClass", "aboutProcedure", "recommendsDrug",
          "recommendsRegimen", "recommendsProcedure", "recommendsClass"),
    tree=Tree.INTERVENTIONS,
)  # fmt: skip
_PROCEDURE = thing("procedure", "Surgery, radiotherapy, imaging and the like.", "surgery",
                   "procedures", path=":aboutProcedure")  # fmt: skip
_HISTOLOGY = thing("histology", "The histology, or a wider one than that stated.",
                   "leiomyosarcoma", "histologies", path=":aboutHistology",
                   tree=Tree.HISTOLOGIES)  # fmt: skip
_EXCLUDED = thing("excludesHistology", "A histology that is left out.", "leiomyosarcoma",
                  "histologies")  # fmt: skip
_BIOMARKER = thing("biomarker", "The biomarker that the patients had.", "KIT exon 11 mutation",
                   "biomarkers", path=":aboutBiomarker")  # fmt: skip
_COMORBIDITY = thing("comorbidity", "The condition of the patient, or a wider one.",
                     "renal impairment", "comorbidities", path=":aboutComorbidity",
                     tree=Tree.COMORBIDITIES)  # fmt: skip
_AFTER = (
    thing("afterDrug", "A drug that was given before.", "imatinib", "drugs"),
    thing("afterDrugClass", "A class of drugs that was given before.", "anthracyclines",
          "drug-classes"),
)  # fmt: skip
_LINE = thing("line", "The line of therapy.", "FirstLine", "lines")
_SETTING = thing("setting", "The setting of the disease.", "Metastatic", "settings")
_MODE = thing("treatmentMode", "`alone`, `combination`, or a term of treatment-modes.", "alone",
              "treatment-modes", words=_MODES)  # fmt: skip
_AS_OF = date("asOf", "As of when the document says that it holds.", "2017-03",
              keys=("asOf", "asOfMonth", "asOfYear"))  # fmt: skip
_TIMING = thing("timing", "Before or after surgery.", "Preoperative", "timings")
_PRECONDITION = text("precondition", "Words of what must hold first.", "pays")
_CONFIDENCE = thing("confidence", "How sure the curator is of a damaged text.", "LowConfidence")
_FINDING = thing("finding", "What the document says in words.", "NoDifference", "findings")
_ENDPOINT = thing("endpoint", "What was measured.", "ObjectiveResponseRate", "endpoints")
_POPULATION = text("population", "Words of which patients.", "resistant")
_PATIENTS = number("numberOfPatients", "The patients of a group or study.", "100")
_THRESHOLD = (
    text("threshold", "Words of what a limit is of.", "count", ":threshold/:quantity",
         ("threshold", "thresholds")),
    number("thresholdValue", "The limit that belongs to a condition.", "1",
           ":threshold/:thresholdValue", ("thresholds",)),
)  # fmt: skip

_ARM = (
    thing("arm", "A group of patients, by its label or id.", "imatinib 800 mg"),
    thing("comparatorArm", "The group it is compared with, by its label or id.", "placebo"),
    thing("comparator", "The drug on the other side of a comparison.", "dacarbazine", "drugs",
          path=":comparatorDrug"),
    thing("supportiveMeasure", "What is given to make the treatment bearable.",
          "MesnaUroprotection", path=":arm/:supportiveMeasure", keys=("arm",)),
    thing("doseDrug", "The drug of a dose of the arm.", "doxorubicin", "drugs", path=":ofDrug",
          keys=("arm",), part=DOSE),
    number("dose", "A dose of the arm, in doseUnit; of a range, either end.", "75",
           ":amount|:amountLow|:amountHigh", ("arm",), part=DOSE),
    thing("doseUnit", "The unit of the dose.", "mg/m2", "units", path=":unit", keys=("arm",),
          part=DOSE),
    thing("route", "How the drug enters the body.", "ContinuousInfusion", "routes",
          path=":route", keys=("arm",), part=DOSE),
    text("doseAsPrinted", "Words of the dose as printed.", "weekly", ":asPrinted|:schedule",
         ("arm",), part=DOSE),
)  # fmt: skip
_FIGURES = (
    number("responders", "Patients with the event.", "5"),
    number("evaluable", "Patients who could be judged.", "30"),
    number("uncertainEvaluable", "Such patients, where the text leaves the number open.", "40"),
    number("percent", "The percentage of patients.", "20"),
    number("percentLow", "The lower end of a range of percentages.", "20"),
    number("percentHigh", "The upper end of a range of percentages.", "40"),
    number("value", "A time or another value, in `unit`.", "6"),
    number("valueLow", "The lower end of a range of values.", "11"),
    number("valueHigh", "The upper end of a range of values.", "15"),
    thing("unit", "The unit of the value.", "Month", "units"),
    number("months", "A time as months, computed from the value.", "6"),
    flag("isMedian", "The value is a median."),
    flag("notReached", "The median was not reached."),
    thing("operator", "About, more than, and the like, before the value.", "Approximately",
          "operators"),
    text("asPrinted", "The figure as printed.", "%"),
    number("difference", "The difference between the arms.", "3"),
    number("hazardRatio", "The hazard ratio.", "1"),
    number("ciLow", "The lower confidence limit.", "0.5"),
    number("ciHigh", "The upper confidence limit.", "1.5"),
    number("ciLevel", "The level of the confidence interval, in percent.", "95"),
    number("pValue", "The p value, or the limit that it is said to keep: see pOperator.", "0.05"),
    thing("pOperator", "How p relates to its value.", "LessThan", "operators"),
    text("pAsPrinted", "The p value as printed.", "P <"),
    number("followUp", "The length of the follow-up, in followUpUnit.", "12"),
    thing("followUpUnit", "The unit of the follow-up.", "Day", "units"),
    number("timePoint", "The time at which a rate is counted, in timePointUnit.", "24"),
    thing("timePointUnit", "The unit of that time.", "Week", "units"),
    flag("numeric", "true: figures are reported; false: words alone.",
         path=":responders|:percent|:percentLow|:value|:valueLow|:difference|:hazardRatio|:pValue",
         keys=("responders", "percent", "percentLow", "value", "difference", "hazardRatio",
               "pValue")),
)  # fmt: skip
_DEFINITION = (
    thing("counts", "What the document counts towards the endpoint.", "StableDisease",
          path=":endpointDefinition/:counts", keys=("endpointDefinition",)),
    text("definition", "Words of the document's definition of the endpoint.", "cycles",
         ":endpointDefinition/:definition", ("endpointDefinition",)),
    number("minimumDuration", "How long the endpoint must last, in minimumDurationUnit.", "24",
           ":minimumDuration", ("endpointDefinition",), part=":endpointDefinition"),
    thing("minimumDurationUnit", "The unit of that duration.", "Week", "units",
          path=":minimumDurationUnit", keys=("endpointDefinition",), part=":endpointDefinition"),
)  # fmt: skip
_STUDY = (
    thing("study", "The study with the result.", "study:alberta-2017-geddis", "studies",
          path=":ofStudy"),
    thing("trial", "The clinical trial with the result.", "study:alberta-2017-geddis", "trials",
          path=":ofStudy"),
    thing("studyType", "A class of the study.", "RandomisedTrial", path=":ofStudy/rdf:type"),
    thing("phase", "The phase of the study.", "Phase2", "phases", path=":ofStudy/:phase"),
    thing("allocation", "How patients came into the arms.", "Randomised", "allocations",
          path=":ofStudy/:allocation"),
    number("studyPatients", "The patients of the whole study.", "100",
           ":ofStudy/:numberOfPatients"),
)  # fmt: skip

EVIDENCE: tuple[Field, ...] = (
    LABEL, TYPE, _DRUG, _CLASS, _REGIMEN, _INTERVENTION, _HISTOLOGY, _EXCLUDED, *_STUDY,
    _ENDPOINT, *_DEFINITION,
    thing("direction", "Which way the result points for the treatment.", "Supports",
          "directions"),
    _FINDING,
    thing("level", "How strong the result is, by the rule of the ontology.", "Level1", "levels",
          path=":evidenceLevel"),
    _LINE, _SETTING, _MODE, *_AFTER, _POPULATION, _BIOMARKER,
    thing("adverseEvent", "The unwanted effect.", "hepatotoxicity", "adverse-events",
          path=":aboutAdverseEvent"),
    number("gradeLow", "The lowest grade that is counted.", "3"),
    number("gradeHigh", "The highest grade that is counted.", "4"),
    *_ARM, *_FIGURES,
    flag("isSubgroup", "It is about a part of the study's patients; false: not said to be."),
    flag("isPooled", "The document itself counts several arms together; false: not said to."),
    _AS_OF, *SOURCE, *NOTES,
)  # fmt: skip
"""The fields of evidence items, and of comparisons."""

ADVICE: tuple[Field, ...] = (
    LABEL, TYPE, _DRUG, _REGIMEN, _INTERVENTION, _PROCEDURE,
    thing("recommends", "What is recommended: a drug, a regimen or a procedure.", "pazopanib",
          "interventions",
          keys=("recommendsDrug", "recommendsRegimen", "recommendsProcedure")),
    thing("recommendsClass", "The class of drugs that is recommended.", "chemotherapy",
          "drug-classes"),
    _HISTOLOGY, _EXCLUDED, _COMORBIDITY, _LINE, _SETTING, _MODE, _TIMING, *_AFTER,
    text("strengthAsWorded", "Words of how strongly it is put.", "consider"),
    text("recommendationNumber", "Figures of the number in the guideline.", "12"),
    _PRECONDITION, *_THRESHOLD, _AS_OF, *SOURCE, *NOTES,
)  # fmt: skip
"""The fields of recommendations."""

RULINGS: tuple[Field, ...] = (
    LABEL, TYPE, _DRUG, _COMORBIDITY, _SETTING, *_AFTER, _PRECONDITION, *_THRESHOLD, _CONFIDENCE,
    *SOURCE, *NOTES,
)  # fmt: skip
"""The fields of contraindications and precautions."""

DECISIONS: tuple[Field, ...] = (
    LABEL, TYPE, _DRUG, _INTERVENTION, _HISTOLOGY,
    thing("jurisdiction", "Where the decision holds.", "United States", "jurisdictions",
          keys=("inJurisdiction",)),
    thing("decision", "What was decided.", "Approved", "decisions"),
    thing("decidedBy", "Who decided.", "organisation:health-canada", "organisations"),
    _LINE, _SETTING, *_AFTER, _PRECONDITION, _AS_OF, *SOURCE, *NOTES,
)  # fmt: skip
"""The fields of approvals and of funding."""

_TARGETS = (
    thing("target", "The target, or a family of it.", "KIT", "targets", "families",
          path=":aboutTarget", tree=Tree.TARGETS),
    thing("throughTarget", "The target over which the drug acts.", "HSP90", "targets"),
    thing("action", "What the drug does to the target.", "Inhibition", "actions"),
    thing("affinity", "How the document words the strength of the action.", "PotentInhibitor"),
    thing("targetRole", "The part of the target in the histology.", "Driver"),
    thing("biomarkerRole", "What the biomarker means in the histology.", "Characterises"),
    thing("drugRelation", "How two drugs are related.", "ProdrugRelation"),
    thing("relatedDrug", "The drug that it is related to.", "rapamycin", "drugs"),
    flag("isHypothetical", "The document words it as a possibility."),
    thing("pathway", "The pathway that it is about.", "pathway:pi3k-akt-mtor-signalling",
          "pathways", path=":aboutPathway"),
    text("criteria", "Words of the criteria it belongs to.", "TNM"),
    text("nameAsPrinted", "Words of the name as printed.", "T2b"),
    thing("statementOf", "The trial whose registration states it.", "nct03651375", "trials"),
    _PATIENTS,
)  # fmt: skip


def _once(*fields: Field) -> tuple[Field, ...]:
    """Return some fields, of those with one name the first."""
    return tuple({each.name: each for each in reversed(fields)}.values())[::-1]


CLAIMS: tuple[Field, ...] = _once(*EVIDENCE, *_TARGETS, *ADVICE, *RULINGS, *DECISIONS)
"""The fields of claims of any kind."""
