"""The triples of a record, in the terms of this ontology."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from kg.sources import graph_iri

__all__ = ["IMPORTED", "ONTOLOGY", "Draft", "import_graph", "imported_iri"]

_ROOT = "https://w3id.org/sarcoma-kg/"
IMPORTED = f"{_ROOT}imported/"
ONTOLOGY = f"{_ROOT}ontology/"
_WIDER = {
    "ImportedDrugTargetClaim": "ImportedClaim",
    "ImportedVariantClaim": "ImportedClaim",
    "ImportedMechanismPath": "ImportedClaim",
    "ImportedMechanismStep": "ImportedRecord",
    "ImportedVariantPlace": "ImportedRecord",
    "ImportedTrial": "ImportedRecord",
    "ImportedTrialPart": "ImportedRecord",
    "ImportedCondition": "ImportedTrialPart",
    "ImportedArm": "ImportedTrialPart",
    "ImportedIntervention": "ImportedTrialPart",
    "ImportedOutcome": "ImportedTrialPart",
    "ImportedPlannedOutcome": "ImportedOutcome",
    "ImportedReportedOutcome": "ImportedOutcome",
    "ImportedGroup": "ImportedTrialPart",
    "ImportedEvidenceItem": "ImportedClaim",
    "ImportedMeasurement": "ImportedEvidenceItem",
    "ImportedDenominator": "ImportedEvidenceItem",
    "ImportedComparison": "ImportedEvidenceItem",
    "ImportedAdverseEventResult": "ImportedEvidenceItem",
    "ImportedAdverseEventTotal": "ImportedEvidenceItem",
    "ImportedFlowCount": "ImportedEvidenceItem",
    "ImportedClaim": "ImportedRecord",
    "ImportedMapping": "ImportedRecord",
    "ExternalDrug": "ExternalTerm",
    "ExternalTarget": "ExternalTerm",
    "ExternalDisease": "ExternalTerm",
    "ExternalTerm": "ImportedRecord",
}
"""The next wider class of each: no rule sees imports, so they state all their classes."""

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
_XSD = "http://www.w3.org/2001/XMLSchema#"


def import_graph(name: str) -> str:
    """Return the IRI of the named graph of an import.

    >>> import_graph("civic")
    'https://w3id.org/sarcoma-kg/graph/import-civic'
    """
    return graph_iri(f"import-{name}")


def imported_iri(name: str, *parts: str) -> str:
    """Return the IRI of a record of an import, or of a part of it.

    >>> imported_iri("civic", "evidence-2")
    'https://w3id.org/sarcoma-kg/imported/civic/evidence-2'
    """
    return IMPORTED + "/".join(quote(part, safe="") for part in (name, *parts))


@dataclass
class Draft:
    """The triples of one thing as they are found; what is None or blank is not stated.

    >>> draft = Draft("e:a").of("ExternalDrug").text("recordId", "DB1").text("recordPlace", None)
    >>> [str(triple.object) for triple in draft.triples][-1]
    '"DB1"'
    """

    iri: str
    triples: list[Triple] = field(default_factory=list)

    def of(self, class_name: str) -> Draft:
        """State a class of the ontology, and the wider ones of imported things."""
        wider: str | None = class_name
        while wider:
            self._add(_TYPE, NamedNode(ONTOLOGY + wider))
            wider = _WIDER.get(wider)
        return self

    def labelled(self, label: str | None) -> Draft:
        """State the label."""
        return self._literal(_LABEL, label, None)

    def text(self, name: str, value: str | None) -> Draft:
        """State a text, as a property of the ontology or of a full IRI."""
        return self._literal(_property(name), value, None)

    def typed(self, name: str, value: str | None, datatype: str) -> Draft:
        """State a value of an XSD datatype, such as ``decimal``, ``integer`` or ``date``."""
        return self._literal(_property(name), value, NamedNode(_XSD + datatype))

    def link(self, name: str, iri: str | None) -> Draft:
        """State a link to a thing."""
        return self if not iri else self._add(_property(name), NamedNode(iri))

    def _literal(self, name: NamedNode, value: str | None, datatype: NamedNode | None) -> Draft:
        if value is None or not value.strip():
            return self
        return self._add(name, Literal(value, datatype=datatype))

    def _add(self, name: NamedNode, value: NamedNode | Literal) -> Draft:
        self.triples.append(Triple(NamedNode(self.iri), name, value))
        return self


def _property(name: str) -> NamedNode:
    return NamedNode(name if ":" in name else ONTOLOGY + name)
