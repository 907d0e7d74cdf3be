"""The kinds of records that the JSON answers list: one row each."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KINDS", "Kind", "get_kind"]


@dataclass(frozen=True)
class Kind:
    """A kind: its path below ``/api/v1``, its class in the ontology, and one of it in words.

    ``example`` is a name of one that the shipped graph holds, for the documentation. What
    ``is_imported`` is stated by another database, and by none of the documents. ``without`` is a
    class of what has a list of its own.
    """

    path: str
    class_name: str
    singular: str
    example: str | None = None
    is_imported: bool = False
    without: str = ""


KINDS = (
    Kind("drugs", "Drug", "drug", "DTIC"),
    Kind("regimens", "Regimen", "regimen"),
    Kind("targets", "MolecularTarget", "target", "KIT"),
    Kind("families", "TargetFamily", "target family", "VEGFR"),
    Kind("histologies", "Histology", "histology", "GIST"),
    Kind("biomarkers", "Biomarker", "biomarker"),
    Kind("trials", "ClinicalTrial", "trial", "nct03651375"),
    Kind("studies", "Study", "study"),
    Kind("evidence", "EvidenceItem", "evidence item"),
    Kind("comparisons", "ComparativeResult", "comparison"),
    Kind("recommendations", "Recommendation", "recommendation"),
    Kind("contraindications", "Contraindication", "contraindication"),
    Kind("precautions", "Precaution", "precaution"),
    Kind("approvals", "RegulatoryStatus", "regulatory status"),
    Kind("funding", "FundingStatus", "funding status"),
    Kind("claims", "Claim", "claim"),
    Kind("documents", "SourceDocument", "document", "jnccn-2007"),
    Kind("drug-classes", "DrugClass", "drug class"),
    Kind("pathways", "Pathway", "pathway"),
    Kind("procedures", "Procedure", "procedure", "surgery"),
    Kind("radiotherapy-courses", "RadiotherapyCourse", "radiotherapy course"),
    Kind("interventions", "Intervention", "intervention", "radiotherapy"),
    Kind("comorbidities", "Comorbidity", "comorbidity"),
    Kind("organisations", "Organisation", "organisation"),
    Kind("adverse-events", "AdverseEvent", "adverse event"),
    Kind("endpoints", "Endpoint", "endpoint", "ObjectiveResponseRate"),
    Kind("phases", "Phase", "phase of a trial"),
    Kind("lines", "LineOfTherapy", "line of therapy"),
    Kind("settings", "DiseaseSetting", "disease setting"),
    Kind("treatment-modes", "TreatmentMode", "treatment mode"),
    Kind("directions", "EvidenceDirection", "direction of evidence"),
    Kind("levels", "EvidenceLevel", "level of evidence", "Level1"),
    Kind("findings", "Finding", "finding in words"),
    Kind("decisions", "Decision", "decision of a regulator or payer"),
    Kind("jurisdictions", "Jurisdiction", "jurisdiction"),
    Kind("units", "Unit", "unit of measure"),
    Kind("operators", "Operator", "operator before a figure"),
    Kind("routes", "Route", "route of a drug"),
    Kind("actions", "Action", "action of a drug"),
    Kind("timings", "Timing", "timing relative to surgery"),
    Kind("allocations", "Allocation", "allocation of patients"),
    Kind("recruitment-statuses", "RecruitmentStatus", "recruitment status"),
    Kind("mappings", "Mapping", "mapping"),
    Kind("imports", "ImportedDataset", "import", is_imported=True),
    Kind("imported-trials", "ImportedTrial", "imported trial", is_imported=True),
    Kind("imported-evidence", "ImportedEvidenceItem", "imported result", is_imported=True),
    Kind(
        "imported-claims",
        "ImportedClaim",
        "imported claim",
        is_imported=True,
        without="ImportedEvidenceItem",
    ),
    Kind("external-terms", "ExternalTerm", "external term", is_imported=True),
)
"""More special kinds come first: a record is linked to under the first kind that it is of."""


def get_kind(path: str) -> Kind:
    """Return the kind with a path; raises KeyError.

    >>> get_kind("histologies").class_name
    'Histology'
    """
    return {kind.path: kind for kind in KINDS}[path]
