"""The fields of what claims are about: treatments, targets, tumours, studies, documents, terms."""

from __future__ import annotations

from api.list_claim_fields import LABEL, NAMED_IN, NOTES, SOURCE, TREATMENTS, TYPE
from api.list_fields import Field, Tree, date, flag, number, text, thing
from api.list_mapping_fields import IDENTIFIERS

__all__ = [
    "ADVERSE_EVENTS",
    "BIOMARKERS",
    "COMORBIDITIES",
    "DOCUMENTS",
    "DRUGS",
    "DRUG_CLASSES",
    "FAMILIES",
    "HISTOLOGIES",
    "INTERVENTIONS",
    "NAMED",
    "PATHWAYS",
    "PROCEDURES",
    "REGIMENS",
    "STUDIES",
    "TARGETS",
    "TERMS",
]

_SYNONYMS = text("synonyms", "Words of another name.", "STI", "skos:altLabel", ("synonyms",))
_DEFINITION = text("definition", "Words of the definition.", "tumour", "skos:definition",
                   ("description",))  # fmt: skip
_ACRONYM = text("acronym", "Letters of the acronym.", "AIM")
_CURATED = text("curatorSynonyms", "Words of a name that curators added and no document prints.",
                "kidney", "skos:hiddenLabel", ("curatorSynonyms",))  # fmt: skip
_PRINTED = text("nameAsPrinted", "Words of a name as printed.", "kinase")

TERMS: tuple[Field, ...] = (LABEL, TYPE, _SYNONYMS, _DEFINITION)
"""The fields of the terms of the ontology."""

NAMED: tuple[Field, ...] = (LABEL, TYPE, _SYNONYMS, _ACRONYM, NAMED_IN, *NOTES)
"""The fields of everything with names of its own, such as organisations."""

_CLINICAL = (
    thing("testedIn", "A histology with results of the drug, or a wider one.", "GIST",
          "histologies", tree=Tree.HISTOLOGIES),
    thing("recommendedIn", "A histology in which it is recommended, or a wider one.", "GIST",
          "histologies", path="^:recommends/:aboutHistology", tree=Tree.HISTOLOGIES),
)  # fmt: skip
_OF_DRUGS = (
    thing("target", "A target that it acts on, or a family of it.", "KIT", "targets", "families",
          path=":actsOn", tree=Tree.TARGETS),
    thing("inhibits", "A target that it inhibits, or a family of it.", "KIT", "targets",
          "families", tree=Tree.TARGETS),
    thing("inhibitsMemberOf", "A family of which it inhibits a member.", "VEGFR", "families",
          "targets"),
    thing("importedTarget", "A target that an import says it inhibits, or a family of it.", "KIT",
          "targets", "families", path=":reportedToInhibit", tree=Tree.TARGETS),
    thing("actsIndirectlyOn", "A target that it acts on through another.", "KIT", "targets",
          "families"),
    thing("drugClass", "A class that a document puts the drug into.", "HSP90 inhibitors",
          "drug-classes", path=":memberOfClass"),
    thing("prodrugOf", "The drug that it becomes.", "17-AAG", "drugs"),
    thing("derivativeOf", "The drug that it is derived from.", "rapamycin", "drugs"),
    thing("activeMetaboliteOf", "The drug that it is made from in the body.", "dacarbazine",
          "drugs"),
    thing("analogueOf", "A drug that it is another agent of the kind of.", "rapamycin", "drugs"),
    thing("formulationOf", "The drug that it is a formulation of.", "doxorubicin", "drugs"),
    thing("mechanisticCandidateFor", "A histology that its target plays a part in: a hypothesis.",
          "GIST", "histologies", tree=Tree.HISTOLOGIES),
    thing("approvedFor", "A histology that a regulator decided on, or a wider one.", "GIST",
          "histologies", path=":aboutHistology", keys=(), part="^:aboutDrug",
          tree=Tree.HISTOLOGIES, part_class="RegulatoryStatus"),
    thing("decision", "What a regulator or payer decided on it.", "Approved", "decisions",
          path=":decision", keys=(), part="^:aboutDrug"),
    thing("jurisdiction", "Where that decision holds.", "United States", "jurisdictions",
          path=":jurisdiction", keys=(), part="^:aboutDrug"),
    text("developmentCode", "A code of its development.", "RAD"),
    text("chemicalName", "Words of the chemical name.", "triazeno"),
)  # fmt: skip
_OF_REGIMENS = (
    thing("drug", "A drug that it includes.", "doxorubicin", "drugs", path=":includesDrug"),
    thing("includesClass", "A class of drugs that it includes, without a name of a member.",
          "anthracyclines", "drug-classes"),
    thing("supportiveMeasure", "What is given to make it bearable.", "MesnaUroprotection"),
)  # fmt: skip
_OF_PROCEDURES = (
    thing("broaderProcedure", "A wider kind of procedure.", "surgery", "procedures"),
    thing("stated", "A class of what is stated about it, such as Recommendation.",
          "Recommendation", path="rdf:type", keys=(),
          part="^:aboutProcedure|^:recommends|^:aboutDrug|^:aboutRegimen"),
)  # fmt: skip
_OF_COURSES = (
    thing("technique", "How radiotherapy is delivered.", "Hypofractionated"),
    thing("timing", "Before or after surgery.", "Preoperative", "timings"),
    number("totalDose", "The total dose of radiotherapy, in Gy.", "50"),
    number("dosePerFraction", "The dose of a fraction, in Gy.", "5"),
    number("fractions", "How many fractions there are.", "5"),
    text("asPrinted", "The dose as printed.", "5x5"),
    text("schedule", "Words of the schedule.", "days"),
    text("targetVolume", "Words of what is irradiated.", "margin"),
    text("imageGuidance", "Words of how images guide it.", "cone"),
    thing("boost", "A dose added for a margin.", "R1", keys=("boosts",)),
)  # fmt: skip
DRUGS: tuple[Field, ...] = (*NAMED, _PRINTED, _CURATED, *_OF_DRUGS, *_CLINICAL, *IDENTIFIERS)
REGIMENS: tuple[Field, ...] = (*NAMED, *_OF_REGIMENS, _CLINICAL[1])
PROCEDURES: tuple[Field, ...] = (*NAMED, *_OF_PROCEDURES, _CLINICAL[1])
INTERVENTIONS: tuple[Field, ...] = (
    *NAMED, _PRINTED, _CURATED, *_OF_REGIMENS, *_OF_DRUGS, *_OF_PROCEDURES,
    *_OF_COURSES, *_CLINICAL, *IDENTIFIERS,
)  # fmt: skip
DRUG_CLASSES: tuple[Field, ...] = (
    *NAMED,
    thing("drug", "A drug that a document puts into the class.", "17-AAG", "drugs",
          path="^:memberOfClass"),
)  # fmt: skip

_OF_TARGETS = (
    thing("family", "The family that it is a member of.", "VEGFR", "families",
          path=":memberOfFamily"),
    thing("pathway", "The pathway that it is part of.", "pathway:vegf-vegfr-signalling",
          "pathways", path=":inPathway"),
    thing("histology", "A histology that it plays a part in, or a wider one.", "GIST",
          "histologies", path=":implicatedIn", tree=Tree.HISTOLOGIES),
    thing("isDriverOf", "A histology that it drives, or a wider one.", "GIST", "histologies",
          tree=Tree.HISTOLOGIES),
    thing("drug", "A drug that acts on it.", "imatinib", "drugs", path="^:actsOn"),
    thing("importedDrug", "A drug that an import says inhibits it.", "imatinib", "drugs",
          path="^:reportedToInhibit"),
    text("symbol", "The symbol of its gene.", "KDR"),
    _PRINTED,
)  # fmt: skip
TARGETS: tuple[Field, ...] = (*NAMED, *_OF_TARGETS, *IDENTIFIERS)
FAMILIES: tuple[Field, ...] = (
    *NAMED, *_OF_TARGETS[1:5],
    thing("importedDrug", "A drug that an import says inhibits it, or a member of it.", "imatinib",
          "drugs", path="(^:reportedToInhibit|(^:memberOfFamily/^:reportedToInhibit))"),
    thing("member", "A target of the family.", "KDR", "targets", path="^:memberOfFamily"),
)  # fmt: skip
PATHWAYS: tuple[Field, ...] = (
    *NAMED,
    thing("target", "A target or family of it.", "VEGFR", "targets", "families",
          path="^:inPathway"),
)  # fmt: skip
BIOMARKERS: tuple[Field, ...] = (
    *NAMED, _DEFINITION, _PRINTED,
    thing("target", "The target that it is an alteration of.", "KIT", "targets", "families",
          path=":alterationOf"),
    thing("histology", "A histology that statements on it are about, or a wider one.", "GIST",
          "histologies", path="^:aboutBiomarker/:aboutHistology", tree=Tree.HISTOLOGIES),
    thing("biomarkerRole", "What it is stated to mean in a histology.", "Characterises",
          path="^:aboutBiomarker/:biomarkerRole"),
)  # fmt: skip
HISTOLOGIES: tuple[Field, ...] = (
    *NAMED, _DEFINITION,
    thing("wider", "A histology that it lies below, at any distance.", "liposarcoma",
          "histologies", path=":broaderHistologyTransitive", keys=()),
    thing("broaderHistology", "A next wider histology.", "sarcoma", "histologies",
          keys=("broaderHistology", "rdfs:subClassOf")),
    thing("disjointWith", "A histology that excludes it.", "liposarcoma", "histologies",
          path="owl:disjointWith", keys=("http://www.w3.org/2002/07/owl#disjointWith",)),
    thing("drug", "A drug with results in it.", "imatinib", "drugs", path="^:testedIn"),
    text("oncotreeCode", "Its code in OncoTree.", "GIST"),
    text("editorialNote", "Words of the note on its place.", "OncoTree", "skos:editorialNote",
         ("skos:editorialNote",)),
    *IDENTIFIERS,
)  # fmt: skip
COMORBIDITIES: tuple[Field, ...] = (
    *NAMED, _PRINTED,
    _CURATED,
    text("curatorRelatedName", "Words that curators hold to be near, and never for the same.",
         "kidney", keys=("curatorRelatedNames",)),
    thing("broaderComorbidity", "A next wider condition.", "cardiac failure", "comorbidities"),
    thing("drug", "A drug with a ruling for it.", "ifosfamide", "drugs",
          path="^:aboutComorbidity/:aboutDrug"),
)  # fmt: skip
ADVERSE_EVENTS: tuple[Field, ...] = (
    *NAMED,
    thing("drug", "A drug under which it is reported.", "imatinib", "drugs",
          path=":aboutDrug", keys=(), part="^:aboutAdverseEvent"),
    number("gradeLow", "The lowest grade that a report counts.", "3", ":gradeLow", (),
           part="^:aboutAdverseEvent"),
    number("gradeHigh", "The highest grade that a report counts.", "4", ":gradeHigh", (),
           part="^:aboutAdverseEvent"),
    thing("histology", "A histology of such a report, or a wider one.", "GIST", "histologies",
          path=":aboutHistology", keys=(), part="^:aboutAdverseEvent", tree=Tree.HISTOLOGIES),
    thing("study", "The study of such a report.", "study:alberta-2017-geddis", "studies",
          path=":ofStudy", keys=(), part="^:aboutAdverseEvent"),
    thing("reportedBy", "A document with such a report.", "jnccn-2007", "documents",
          path=":passage/:inDocument", keys=(), part="^:aboutAdverseEvent"),
)  # fmt: skip
DOCUMENTS: tuple[Field, ...] = (
    LABEL, TYPE, text("title", "Words of the title.", "sarcoma", "dcterms:title", ("title",)),
    date("issued", "When it was issued; a year or month counts as its last day.", "2017",
         keys=("issued", "issuedMonth", "issuedYear")),
    thing("jurisdiction", "The territory that it is for.", "Alberta", "jurisdictions",
          keys=("inJurisdiction",)),
    thing("publisher", "Who published it.", "organisation:clinicaltrials-gov", "organisations",
          keys=("publishedBy",)),
    thing("describes", "The trial that it registers.", "nct03651375", "trials",
          keys=("describesTrial",)),
    text("bibliographicReference", "Words of the reference to it.", "JNCCN"),
    text("notPrinted", "What it does not print.", "title"),
    text("rights", "Words of its statement of rights.", "rights"),
    text("textSha256", "The digest of its text.", "7b"),
    number("textLength", "The characters of its text.", "10000"), *NOTES,
)  # fmt: skip

_GROUPS = "(^:armOf|^:interventionOf)"
_PLANNED_AND_FOUND = (
    thing("drug", "A drug that it gives.", "doxorubicin", "drugs", path=f"{_GROUPS}/:givesDrug",
          keys=("arms", "interventions")),
    thing("regimen", "A regimen that it gives.", "MAID", "regimens",
          path=f"{_GROUPS}/:usesRegimen", keys=("arms", "interventions")),
    thing("intervention", "Any treatment that it gives, drug or not.", "radiotherapy",
          *TREATMENTS,
          path=f"{_GROUPS}/(:givesDrug|:usesRegimen|:procedure|:radiotherapy)",
          keys=("arms", "interventions"), tree=Tree.INTERVENTIONS),
    thing("endpoint", "An outcome that it plans to measure, or has results on.",
          "ObjectiveResponseRate", "endpoints",
          path="(^:outcomeOf|^:ofStudy)/:endpoint", keys=("outcomes", "results")),
    thing("histology", "A histology that it includes, or a wider one.", "leiomyosarcoma",
          "histologies", path=":includesHistology|:condition",
          keys=("includesHistology", "condition"), tree=Tree.HISTOLOGIES),
    thing("excludesHistology", "A histology that it leaves out.", "rhabdomyosarcoma",
          "histologies"),
    thing("biomarker", "A biomarker that it assesses.", "VEGF-A", "biomarkers",
          path=":assessesBiomarker"),
)  # fmt: skip
_DESIGN = (
    thing("phase", "Its phase.", "Phase2", "phases"),
    text("phaseAsPrinted", "Its phase as printed.", "II"),
    thing("status", "Where it stands.", "Recruiting", "recruitment-statuses",
          path=":recruitmentStatus"),
    thing("allocation", "How patients come into the arms.", "Randomised", "allocations"),
    thing("masking", "Who does not know the arm.", "OpenLabel"),
    thing("interventionModel", "How the arms relate.", "SingleGroup"),
    thing("primaryPurpose", "What it is for.", "TreatmentPurpose"),
    thing("studyType", "Whether it intervenes.", "Interventional"),
    thing("line", "The line of therapy.", "FirstLine", "lines"),
    thing("setting", "The setting of the disease.", "Advanced", "settings"),
    text("population", "Words of which patients.", "refractory"),
    number("numberOfPatients", "The patients that the document counts.", "30"),
    number("enrolment", "The patients that the registration counts.", "46"),
    thing("enrolmentKind", "Whether that number happened or is planned.", "Actual"),
    thing("eligibleSex", "Who may enter.", "AllSexes"),
    number("minimumAge", "The least age, in years.", "18"),
    number("maximumAge", "The greatest age, in years.", "100"),
    flag("acceptsHealthyVolunteers", "Healthy volunteers may enter.", "false"),
)  # fmt: skip
_REGISTERED = (
    text("registryNumber", "The number in the registry.", "NCT"),
    text("otherIdentifier", "Another number.", "EudraCT"),
    text("officialTitle", "Words of the official title.", "radiotherapy"),
    text("briefTitle", "Words of the brief title.", "liposarcoma"),
    text("keyword", "A keyword of the registration.", "sarcoma"),
    text("meshTerm", "A MeSH term of the registration.", "Sarcoma"),
    text("conditionAsPrinted", "A condition as printed.", "liposarcoma"),
    thing("conductedBy", "Who conducts it.", "organisation:eortc-stbsg", "organisations"),
    thing("responsibleParty", "Who answers for it.",
          "organisation:maria-sklodowska-curie-institute", "organisations"),
    thing("reportedIn", "A document that reports it.", "jnccn-2007", "documents"),
    thing("probablySameStudy", "A study that is probably the same.", "study:jnccn-2007-ref-31",
          "studies"),
    text("bibliographicReference", "Words of a reference to it.", "Lancet"),
    text("studyCitation", "Figures of its number in the document.", "45", ":citationNumber",
         ("citation",)),
    date("startDate", "When it started.", "2017", keys=("startDate", "startDateMonth")),
    thing("startDateKind", "Whether that happened or is planned.", "Actual"),
    date("primaryCompletionDate", "When its primary outcome is complete.", "2019",
         keys=("primaryCompletionDate", "primaryCompletionDateMonth")),
    thing("primaryCompletionDateKind", "Whether that happened or is planned.", "Actual"),
    date("studyCompletionDate", "When it is complete.", "2022",
         keys=("studyCompletionDate", "studyCompletionDateMonth")),
    thing("studyCompletionDateKind", "Whether that happened or is planned.", "Estimated"),
    date("firstPosted", "When it was first posted.", "2018",
         keys=("firstPosted", "firstPostedMonth")),
    date("lastUpdatePosted", "When it was last changed.", "2021",
         keys=("lastUpdatePosted", "lastUpdatePostedMonth")),
    date("lastVerified", "When it was last verified.", "2020",
         keys=("lastVerified", "lastVerifiedMonth")),
    flag("resultsPosted", "Results are posted.", "false"),
    thing("sharingPlan", "Whether participant data will be shared.", "SharingUndecided"),
    flag("studiesFdaRegulatedDrug", "It studies a drug that the FDA regulates.", "false"),
    flag("studiesFdaRegulatedDevice", "It studies a device that the FDA regulates.", "false"),
    flag("exportedFromUnitedStates", "A product is exported from the United States.", "false"),
)  # fmt: skip
STUDIES: tuple[Field, ...] = (
    LABEL, TYPE, _SYNONYMS, _ACRONYM, _DEFINITION, *_PLANNED_AND_FOUND, *_DESIGN, *_REGISTERED,
    *SOURCE, *NOTES,
)  # fmt: skip
"""The fields of studies, and of the clinical trials among them."""
