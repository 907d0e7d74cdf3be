"""The edges of imports: what each record of another database says, in the terms of Biolink."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass

from kg.kgx import OWN_SOURCE, Record, Value
from kg.kgx_subjects import Subject
from kg.kgx_terms import own_curie, source_of

__all__ = ["ImportedEdges"]

_Qualifiers = Mapping[str, str]
_LESS_ACTIVE: _Qualifiers = {
    "qualified_predicate": "biolink:causes",
    "object_aspect_qualifier": "activity",
    "object_direction_qualifier": "decreased",
}
_INHIBITED: _Qualifiers = {**_LESS_ACTIVE, "causal_mechanism_qualifier": "inhibition"}
_MORE_ABUNDANT: _Qualifiers = {
    "qualified_predicate": "biolink:causes",
    "object_aspect_qualifier": "abundance",
    "object_direction_qualifier": "increased",
}
_STEPS: Mapping[str, tuple[str, _Qualifiers]] = {
    "causes": ("causes", {}),
    "decreases activity of": ("affects", _LESS_ACTIVE),
    "increases abundance of": ("affects", _MORE_ABUNDANT),
    "located in": ("located_in", {}),
    "location of": ("location_of", {}),
    "molecularly interacts with": ("physically_interacts_with", {}),
    "negatively correlated with": ("negatively_correlated_with", {}),
    "negatively regulates": ("regulates", {"object_direction_qualifier": "downregulated"}),
    "occurs in": ("occurs_in", {}),
    "part of": ("part_of", {}),
    "participates in": ("participates_in", {}),
    "positively correlated with": ("positively_correlated_with", {}),
    "positively regulates": ("regulates", {"object_direction_qualifier": "upregulated"}),
}
"""What the words of DrugMechDB are in Biolink; those of none are ``related_to``."""

_SIDES: Mapping[str, str] = {
    "Sensitivity/Response": "associated_with_sensitivity_to",
    "Resistance": "associated_with_resistance_to",
    "Reduced Sensitivity": "associated_with_resistance_to",
}
_FIELDS = (
    "affinityMeasure",
    "affinityValue",
    "citedTrial",
    "claimLevel",
    "claimType",
    "clinicalSignificance",
    "curationStatus",
    "drugInteraction",
    "isPrimaryTarget",
    "label",
    "lastReviewed",
    "partOfPath",
    "recordId",
    "recordPlace",
    "starRating",
    "statedAction",
    "statedAffinity",
    "statedDisease",
    "statedDrug",
    "statedTarget",
    "stepNumber",
    "variantOrigin",
)
"""The properties of imported records that edges hold too, by their names."""


@dataclass(frozen=True)
class ImportedEdges:
    """Makes edges of records; ``identify`` gives the id of a node by its IRI, or nothing.

    ``inhibitions`` are the pairs of a drug and a target that an import says the one inhibits.
    """

    identify: Callable[[str], str]
    inhibitions: Set[tuple[str, str, str]]

    def of(self, record: Subject) -> Iterator[Record]:
        """Yield the edges of a record; of most there are none."""
        types = record.types
        if "ImportedDrugTargetClaim" in types:
            yield from self._actions(record)
        elif "ImportedMechanismStep" in types:
            yield from self._step(record)
        elif "ImportedVariantClaim" in types:
            yield from self._variant(record)
        elif "ImportedTrial" in types:
            yield from self._trial(record)
        if "ExternalTerm" in types:
            for wider in record.values("broaderTerm"):
                yield from self._edge(record, record.iri, "subclass_of", wider)

    def _actions(self, claim: Subject) -> Iterator[Record]:
        for drug in claim.values("concernsDrug"):
            for target in claim.values("concernsTarget"):
                inhibits = (claim.graph, drug, target) in self.inhibitions
                _, said = _STEPS.get(claim.find("statedAction"), ("", {}))
                yield from self._edge(
                    claim, drug, "affects", target, _INHIBITED if inhibits else said
                )

    def _step(self, step: Subject) -> Iterator[Record]:
        said = step.find("statedPredicate")
        predicate, qualifiers = _STEPS.get(said, ("related_to", {}))
        for start in step.values("stepSubject"):
            for end in step.values("stepObject"):
                for edge in self._edge(step, start, predicate, end, qualifiers):
                    yield {**edge, "original_predicate": said}

    def _variant(self, claim: Subject) -> Iterator[Record]:
        """Yield what a claim says of its variant: with a drug, else with the disease."""
        variant = claim.find("variantRecord")
        diseases = (*claim.values("concernsHistology"), *claim.values("concernsDisease"))
        drugs = claim.values("concernsDrug") if claim.find("claimType") == "Predictive" else ()
        predicate = _SIDES.get(claim.find("clinicalSignificance"), "associated_with")
        context = next((self.identify(each) for each in diseases), "")
        is_denied = claim.find("claimDirection") == "Does Not Support"
        for end in drugs or diseases:
            qualifiers = {"disease_context_qualifier": context} if drugs and context else {}
            named = predicate if drugs else "associated_with"
            for edge in self._edge(claim, "", named, end, qualifiers, start=variant):
                yield {**edge, **({"negated": True} if is_denied else {})}
        for target in claim.values("concernsTarget"):
            yield from self._edge(claim, "", "is_sequence_variant_of", target, start=variant)

    def _trial(self, trial: Subject) -> Iterator[Record]:
        for drug in trial.values("concernsDrug"):
            for histology in trial.values("concernsHistology"):
                yield from self._edge(trial, drug, "in_clinical_trials_for", histology)

    def _edge(
        self,
        record: Subject,
        subject: str,
        predicate: str,
        target: str,
        qualifiers: _Qualifiers | None = None,
        *,
        start: str = "",
    ) -> Iterator[Record]:
        """Yield the edge between two things, where both are nodes."""
        ends = start or self.identify(subject), self.identify(target)
        if all(ends):
            name = f"{own_curie(record.iri)};{predicate};{ends[0]};{ends[1]}"
            yield {
                "id": name,
                "subject": ends[0],
                "predicate": f"biolink:{predicate}",
                "object": ends[1],
                "category": ["biolink:Association"],
                **(qualifiers or {}),
                **_provenance(record),
                **_fields(record),
            }


def _provenance(record: Subject) -> dict[str, Value]:
    cited = sorted({_publication(each) for each in record.values("citedReference")})
    return {
        "primary_knowledge_source": source_of(record.graph),
        "aggregator_knowledge_source": [OWN_SOURCE],
        "knowledge_level": "knowledge_assertion",
        "agent_type": "manual_agent",
        **({"publications": cited} if cited else {}),
    }


def _publication(reference: str) -> str:
    """Return a reference with the prefix that Biolink has for it.

    >>> _publication("pubmed:25239608")
    'PMID:25239608'
    """
    return f"PMID:{reference.removeprefix('pubmed:')}" if "pubmed:" in reference else reference


def _fields(record: Subject) -> dict[str, Value]:
    found: dict[str, Value] = {"statement": own_curie(record.iri)}
    for name in _FIELDS:
        values = [own_curie(each) for each in record.values(name)]
        if values:
            found[name] = values[0] if len(values) == 1 else values
    return found
