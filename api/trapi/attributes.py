"""The attributes of edges: what a statement says, field by field, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from api.canned import Term
from api.directory import Directory
from api.trapi.biolink import PREFIX
from api.trapi.facts import Facts, Passage

__all__ = ["OWN", "Attribute", "AttributeWriter", "attribute"]

OWN = "sarcoma:"
"""The prefix of the ontology's terms in JSON answers."""

_XSD = "http://www.w3.org/2001/XMLSchema#"
_LEFT_OUT = frozenset(
    {"type", "passage", "label", "cites", "aboutDrug", "aboutTarget", "statementOf", "dose"}
    | {"throughTarget", "endpointDefinition", "threshold", "bibliographicReference", "site"}
)
_BIOLINK: Mapping[str, str] = {"pValue": "p_value", "evaluable": "supporting_study_size"}
"""The slots of Biolink that say the same as a property, beside the ontology's own one."""

_UNITS: Mapping[str, tuple[str, str]] = {
    "percent": ("UO:0000187", "percent"),
    "percentLow": ("UO:0000187", "percent"),
    "percentHigh": ("UO:0000187", "percent"),
    "months": ("UO:0000035", "month"),
}
"""The unit of each property whose unit is always the same, in the Units Ontology and in words."""

_PHASES: Mapping[str, str] = {
    "Phase1": "clinical_trial_phase_1",
    "Phase1And2": "clinical_trial_phase_1_to_2",
    "Phase2": "clinical_trial_phase_2",
    "Phase2And3": "clinical_trial_phase_2_to_3",
    "Phase3": "clinical_trial_phase_3",
}
_REGISTRY = "https://clinicaltrials.gov/study/"

Attribute = dict[str, Any]


def attribute(kind: str, value: object, **more: object) -> Attribute:
    """Return an attribute; what has no value is left out.

    >>> attribute("biolink:negated", True, description="")
    {'attribute_type_id': 'biolink:negated', 'value': True}
    """
    return {
        "attribute_type_id": kind,
        "value": value,
        **{name: each for name, each in more.items() if each not in ("", [], None)},
    }


@dataclass(frozen=True)
class AttributeWriter:
    """Writes the attributes of statements of one snapshot; ``issued`` are dates of documents."""

    facts: Facts
    directory: Directory
    issued: Mapping[str, str | None]

    def of_claim(self, iri: str) -> Iterator[Attribute]:
        """Yield what one statement says, its fields in the order of their names."""
        properties = self.facts.statements.get(iri, {})
        yield attribute(
            f"{OWN}statement",
            self.directory.shorten(iri),
            original_attribute_name="statement",
            description=self.facts.find(iri, "label"),
            value_url=iri,
        )
        for name in sorted(properties.keys() - _LEFT_OUT):
            yield from self._field(name, properties[name])
            if name in _BIOLINK and (name != "pValue" or self._is_exact(iri)):
                yield self._in_biolink(name, properties[name])
        yield from self._study(properties.get("ofStudy", ()))
        if place := self.facts.passages.get(iri):
            yield from self._place(place)

    def urls(self, iri: str) -> list[str]:
        """Return the public pages that hold the record of a statement: those of registries."""
        place = self.facts.passages.get(iri)
        studies = {*self.facts.values(iri, "ofStudy"), iri}
        if place:
            studies |= {*self.facts.values(place.document, "describes")}
        numbers = {
            number for each in studies for number in self.facts.values(each, "registryNumber")
        }
        return sorted(_REGISTRY + number for number in numbers if number.startswith("NCT"))

    def _field(self, name: str, terms: tuple[Term, ...]) -> Iterator[Attribute]:
        labels = [self.directory.label(term.value) or "" for term in terms if term.is_iri]
        unit = _UNITS.get(name, ("", ""))
        yield attribute(
            OWN + name,
            self._shown(terms),
            original_attribute_name=name,
            value_type_id=unit[0],
            description=unit[1] or "; ".join(label for label in labels if label),
        )

    def _is_exact(self, iri: str) -> bool:
        """Tell whether P is what is printed: where P > .05 is, the slot of Biolink would lie."""
        return self.facts.find(iri, "pOperator").rpartition("/")[2] == "EqualTo"

    def _in_biolink(self, name: str, terms: tuple[Term, ...]) -> Attribute:
        slot = PREFIX + _BIOLINK[name]
        return attribute(slot, self._shown(terms), original_attribute_name=name)

    def _study(self, studies: tuple[Term, ...]) -> Iterator[Attribute]:
        for study in studies:
            known = self.facts.statements.get(study.value, {})
            for name in ("phase", "registryNumber", "allocation", "recruitmentStatus"):
                if name in known:
                    yield from self._field(name, known[name])
            for phase in known.get("phase", ()):
                if found := _PHASES.get(phase.value.rpartition("/")[2]):
                    yield attribute(f"{PREFIX}max_research_phase", found)

    def _place(self, place: Passage) -> Iterator[Attribute]:
        document = self.directory.shorten(place.document)
        issued = self.issued.get(place.document)
        yield attribute(
            f"{OWN}document",
            document,
            original_attribute_name="inDocument",
            description=self.directory.label(place.document),
            value_url=place.document,
            attributes=[attribute(f"{OWN}issued", issued)] if issued else [],
        )
        if issued:
            yield attribute(f"{OWN}issued", issued, original_attribute_name="issued")
        parts = {
            "inDocument": document,
            "section": place.section,
            "citationNumber": place.citation,
            "characters": [list(each) for each in place.ranges],
            "sha256": place.digest,
        }
        yield attribute(
            f"{OWN}passage",
            self.directory.shorten(place.iri),
            original_attribute_name="passage",
            description="where the statement was read from: characters of the document's text, "
            "from the first to before the last, and the digest of them",
            attributes=[attribute(OWN + name, value) for name, value in parts.items() if value],
        )

    def _shown(self, terms: tuple[Term, ...]) -> object:
        values = [self._value(term) for term in terms]
        return values[0] if len(values) == 1 else values

    def _value(self, term: Term) -> object:
        if term.is_iri:
            return self.directory.shorten(term.value)
        match str(term.datatype).removeprefix(_XSD):
            case "integer" | "nonNegativeInteger" | "positiveInteger" | "int":
                return int(term.value)
            case "decimal" | "double" | "float":
                number = Decimal(term.value)
                return int(number) if number == number.to_integral_value() else float(number)
            case "boolean":
                return term.value in ("true", "1")
        return term.value
