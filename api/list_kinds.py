"""Which fields the records of each kind have."""

from __future__ import annotations

from collections.abc import Mapping

from api.kinds import KINDS
from api.list_claim_fields import ADVICE, CLAIMS, DECISIONS, EVIDENCE, RULINGS
from api.list_fields import Field, Tree
from api.list_import_fields import EXTERNAL_TERMS, IMPORTED_CLAIMS, IMPORTS
from api.list_mapping_fields import IDENTIFIERS, MAPPINGS
from api.list_thing_fields import (
    ADVERSE_EVENTS,
    BIOMARKERS,
    COMORBIDITIES,
    DOCUMENTS,
    DRUG_CLASSES,
    DRUGS,
    FAMILIES,
    HISTOLOGIES,
    INTERVENTIONS,
    NAMED,
    PATHWAYS,
    PROCEDURES,
    REGIMENS,
    STUDIES,
    TARGETS,
    TERMS,
)
from api.list_trial_fields import IMPORTED_EVIDENCE, IMPORTED_TRIALS

__all__ = ["FIELDS", "fields_of", "has_date", "has_tree"]

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "drugs": DRUGS,
    "regimens": REGIMENS,
    "targets": TARGETS,
    "families": FAMILIES,
    "histologies": HISTOLOGIES,
    "biomarkers": BIOMARKERS,
    "trials": STUDIES,
    "studies": STUDIES,
    "evidence": EVIDENCE,
    "comparisons": EVIDENCE,
    "recommendations": ADVICE,
    "contraindications": RULINGS,
    "precautions": RULINGS,
    "approvals": DECISIONS,
    "funding": DECISIONS,
    "claims": CLAIMS,
    "documents": DOCUMENTS,
    "drug-classes": DRUG_CLASSES,
    "pathways": PATHWAYS,
    "procedures": PROCEDURES,
    "radiotherapy-courses": tuple(each for each in INTERVENTIONS if each not in IDENTIFIERS),
    "interventions": INTERVENTIONS,
    "comorbidities": COMORBIDITIES,
    "organisations": NAMED,
    "jurisdictions": NAMED,
    "adverse-events": ADVERSE_EVENTS,
    "mappings": MAPPINGS,
    "imports": IMPORTS,
    "imported-trials": IMPORTED_TRIALS,
    "imported-evidence": IMPORTED_EVIDENCE,
    "imported-claims": IMPORTED_CLAIMS,
    "external-terms": EXTERNAL_TERMS,
}
"""The fields by the path of the kind; the other kinds are terms of the ontology."""

_FIELDS = {kind.path: FIELDS.get(kind.path, TERMS) for kind in KINDS}


def fields_of(kind: str) -> tuple[Field, ...]:
    """Return the fields of a kind, in the order of the columns of its tables.

    >>> [field.name for field in fields_of("lines")]
    ['label', 'type', 'synonyms', 'definition']
    """
    return _FIELDS[kind]


def has_date(kind: str) -> bool:
    """Tell whether the records of a kind have the date of a document."""
    return any(field.name == "issued" for field in fields_of(kind))


def has_tree(kind: str) -> bool:
    """Tell whether some field of a kind takes what is narrower along."""
    return any(isinstance(field.tree, Tree) for field in fields_of(kind))
