"""The edges for reasoners: one for each statement and pair of things that it relates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from api.path_claims import Claim
from api.path_index import PathIndex
from api.path_reasons import Advice
from api.path_results import Given, given_of
from api.trapi.facts import Facts
from api.trapi.nodes import Nodes

__all__ = ["Edge", "Level", "find_edges"]

_TRIALS = frozenset({"ClinicalTrial", "TrialSeries"})
_UNWANTED = frozenset(
    {
        "AdverseEventOccurrence",
        "CompleteResponseRate",
        "DoseReductionRate",
        "TreatmentDiscontinuation",
        "TreatmentRelatedDeath",
        "Tolerability",
    }
)
"""Endpoints that cannot deny that a tumour is helped: few complete responses are no failure."""

_DOWN = (("object_direction_qualifier", "decreased"), ("qualified_predicate", "causes"))
_LESS_ACTIVE = (("object_aspect_qualifier", "activity"), *_DOWN)
_LESS_PROTEIN = (("object_aspect_qualifier", "abundance"), *_DOWN)
_INHIBITED = ("causal_mechanism_qualifier", "inhibition")


class Level(StrEnum):
    """What kind of knowledge an edge is, of the values that Biolink allows."""

    ASSERTION = "knowledge_assertion"
    OBSERVATION = "observation"
    PREDICTION = "prediction"
    ENTAILMENT = "logical_entailment"


@dataclass(frozen=True)
class Edge:
    """An edge by the IRIs of its ends; ``claims`` are the statements behind it, ``part`` one more.

    ``supports`` are the keys of the edges that an inferred one follows from.
    """

    subject: str
    predicate: str
    object: str
    claims: tuple[str, ...] = ()
    qualifiers: tuple[tuple[str, str], ...] = ()
    level: Level = Level.ASSERTION
    is_negated: bool = False
    through: str = ""
    supports: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What tells the edge from all others of the snapshot."""
        parts = (
            "not " * self.is_negated + self.predicate,
            self.subject,
            self.object,
            *self.claims,
            *(value for name, value in self.qualifiers if name != "qualified_predicate"),
            self.through,
        )
        return "|".join(part for part in parts if part)

    @property
    def is_inferred(self) -> bool:
        """Whether a program made the edge out of others."""
        return bool(self.supports)


def find_edges(index: PathIndex, facts: Facts, nodes: Nodes) -> tuple[Edge, ...]:
    """Return the edges that the claims of the documents and the vocabularies make of nodes."""
    stated = (
        *_actions(index),
        *_results(index),
        *_approvals(index),
        *_advice(index),
        *_trials(index),
        *_contraindications(index, facts),
        *_parts(index, facts, nodes),
        *_markers(index),
        *_vocabulary(index, facts),
    )
    known = nodes.by_iri.keys()
    unique = {edge.key: edge for edge in stated if {edge.subject, edge.object} <= known}
    return tuple(unique[key] for key in sorted(unique))


def _actions(index: PathIndex) -> Iterator[Edge]:
    for way, claims in index.actions.items():
        for claim in claims:
            level = _level_of(claim)
            for predicate, qualifiers in _acting(claim.values("action"), bool(way.through)):
                made = tuple(sorted(qualifiers))
                yield Edge(
                    way.drug, predicate, way.target, (claim.iri,), made, level, through=way.through
                )


def _acting(
    actions: Iterable[str], is_indirect: bool
) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yield the predicates and qualifiers that a claim on an action is made into."""
    for action in sorted(actions):
        match action:
            case "Inhibition" if not is_indirect:
                yield "affects", (*_LESS_ACTIVE, _INHIBITED)
                yield "directly_physically_interacts_with", (_INHIBITED,)
            case "Inhibition" | "ActivitySuppression":
                yield "affects", _LESS_ACTIVE
            case "ProteinLevelReduction":
                yield "affects", _LESS_PROTEIN
            case "Binding":
                yield "directly_physically_interacts_with", ()
            case _:
                yield "affects", ()


def _results(index: PathIndex) -> Iterator[Edge]:
    for claim in index.claims.of("EvidenceItem"):
        predicate, level = _studied(claim)
        for drug, histology in _pairs(claim):
            yield Edge(drug, predicate, histology, (claim.iri,), level=level)
            if _is_refuted(claim):
                denied = _DENIED.get(predicate, "ameliorates_condition")
                level_of = Level.OBSERVATION
                yield Edge(drug, denied, histology, (claim.iri,), level=level_of, is_negated=True)


_DENIED: Mapping[str, str] = {"in_preclinical_trials_for": "beneficial_in_models_for"}
"""What a result against a drug denies, by how it was studied; else that it helps patients."""


def _studied(claim: Claim) -> tuple[str, Level]:
    """Return what the study of a result makes of the drug and the tumour."""
    kinds = claim.values("studyType")
    if "LaboratoryStudy" in kinds:
        helps = "Supports" in claim.values("direction")
        return ("beneficial_in_models_for" if helps else "in_preclinical_trials_for"), (
            Level.ASSERTION
        )
    if kinds & _TRIALS:
        return "in_clinical_trials_for", Level.ASSERTION
    if kinds & {"RetrospectiveAnalysis", "CaseSeries"}:
        return "applied_to_treat", Level.OBSERVATION
    return "studied_to_treat", Level.ASSERTION


def _is_refuted(claim: Claim) -> bool:
    """Tell whether a result speaks against a drug given alone, and compared with nothing."""
    # How many were not helped says nothing of the others.
    is_count = claim.is_a("ProportionResult") and "GeneralActivity" in claim.values("endpoint")
    return (
        "Refutes" in claim.values("direction")
        and not claim.values("comparator")
        and not claim.is_a("ComparativeResult")
        and not claim.values("biomarker")
        and given_of(claim) is Given.ALONE
        and not claim.values("endpoint") & _UNWANTED
        and not is_count
        and len(claim.values("drug")) == 1
    )


def _approvals(index: PathIndex) -> Iterator[Edge]:
    for claim in index.claims.of("RegulatoryStatus"):
        if "Approved" in claim.values("decision"):
            for drug, histology in _pairs(claim):
                yield Edge(drug, "treats", histology, (claim.iri,))


def _advice(index: PathIndex) -> Iterator[Edge]:
    for (drug, histology), advice in index.advice.items():
        for each in advice:
            yield _advised(drug, histology, each)


def _advised(drug: str, histology: str, advice: Advice) -> Edge:
    claims = (advice.claim.iri,)
    return Edge(drug, "applied_to_treat", histology, claims, through=advice.regimen)


def _trials(index: PathIndex) -> Iterator[Edge]:
    for (drug, histology), uses in index.trials.items():
        for use in uses:
            claims = (use.group.iri, use.trial.iri)
            yield Edge(drug, "in_clinical_trials_for", histology, claims)


def _contraindications(index: PathIndex, facts: Facts) -> Iterator[Edge]:
    for claim in index.claims.of("Contraindication"):
        for drug in sorted(claim.values("drug")):
            for condition in facts.values(claim.iri, "aboutComorbidity"):
                yield Edge(drug, "contraindicated_in", condition, (claim.iri,))


def _parts(index: PathIndex, facts: Facts, nodes: Nodes) -> Iterator[Edge]:
    actions = [edge for edge in _actions(index) if not edge.through]
    for (target, histology), claims in index.parts.items():
        is_gene = _is_gene(target, nodes)
        stated = [_part(target, histology, claim, facts, is_gene=is_gene) for claim in claims]
        yield from stated
        behind = [edge.key for edge in stated if edge.predicate != "target_for"]
        acting = [edge.key for edge in actions if edge.object == target]
        if is_gene and behind and acting:
            # Drugs act on it, and it has a part in the tumour: it may be a target for treatment.
            supports = (*sorted(acting), *sorted(behind))
            level = Level.PREDICTION
            yield Edge(target, "target_for", histology, level=level, supports=supports)


def _part(target: str, histology: str, claim: Claim, facts: Facts, *, is_gene: bool) -> Edge:
    role = facts.find(claim.iri, "targetRole").rpartition("/")[2]
    predicate = _ROLES.get(role, "gene_associated_with_condition")
    if not is_gene and predicate != "contributes_to":
        predicate = "associated_with"
    return Edge(target, predicate, histology, (claim.iri,), level=_level_of(claim))


_ROLES: Mapping[str, str] = {"Contributor": "contributes_to", "ProposedMechanism": "target_for"}
"""What the part of a gene in a tumour is in Biolink, where that is more than an association."""


def _markers(index: PathIndex) -> Iterator[Edge]:
    for claim in index.claims.of("BiomarkerAssertion"):
        if "AcquiredResistance" in claim.values("role"):
            yield from _responses(claim, "resistance")
        if "Characterises" in claim.values("role"):
            for marker in sorted(claim.values("biomarker")):
                for histology in sorted(claim.values("histology")):
                    yield Edge(marker, "associated_with", histology, (claim.iri,))
    for claim in index.claims.of("EvidenceItem"):
        side = _SIDES.get(claim.find("direction"))
        if side and not claim.values("comparator"):
            yield from _responses(claim, side)


_SIDES: Mapping[str, str] = {"Supports": "sensitivity", "Refutes": "resistance"}
"""What a result in patients with a biomarker says of it and the drug."""


def _responses(claim: Claim, side: str) -> Iterator[Edge]:
    for marker in sorted(claim.values("biomarker")):
        for drug in sorted(claim.values("drug")):
            yield _response(marker, side, drug, claim)


def _response(marker: str, side: str, drug: str, claim: Claim) -> Edge:
    context = tuple(
        ("disease_context_qualifier", histology) for histology in sorted(claim.values("histology"))
    )
    predicate = f"associated_with_{side}_to"
    return Edge(marker, predicate, drug, (claim.iri,), context[:1], Level.OBSERVATION)


def _vocabulary(index: PathIndex, facts: Facts) -> Iterator[Edge]:
    for wider, narrower in index.scopes.histologies.children.items():
        for each in narrower:
            yield Edge(each, "subclass_of", wider)
    for thing in facts.things:
        for family in facts.values(thing, "memberOfFamily"):
            yield Edge(thing, "member_of", family)
        if set(facts.values(thing, "type")) & {"Mutation", "GeneFusion"}:
            for target in facts.values(thing, "alterationOf"):
                yield Edge(thing, "is_sequence_variant_of", target)


def _pairs(claim: Claim) -> Iterator[tuple[str, str]]:
    for drug in sorted(claim.values("drug")):
        for histology in sorted(claim.values("histology")):
            yield drug, histology


def _level_of(claim: Claim) -> Level:
    return Level.PREDICTION if claim.values("hypothetical") else Level.ASSERTION


def _is_gene(target: str, nodes: Nodes) -> bool:
    return target in nodes.by_iri and "Gene" in nodes.by_iri[target].categories
