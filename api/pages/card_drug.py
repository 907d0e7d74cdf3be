"""The card of a drug: what it acts on, its results, advice, decisions, limits, and its paths."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from api.pages.card_advice import PartShown, advice_on
from api.pages.card_evidence import evidence_part
from api.pages.card_imports import imported_shown
from api.pages.card_paths import paths_of
from api.pages.card_query import claims_query, node
from api.pages.cards import Asked, Card, CardKind, Download
from api.pages.parts_behind import Behind
from api.pages.parts_claims import ClaimShown, find_by_class, find_claims
from api.pages.parts_evidence import find_evidence
from api.pages.parts_things import Thing, Things

__all__ = ["DRUG", "drug_card"]

_FILTERS = ("histology", "endpoint", "line", "direction")
_CLASSES = (
    "DrugTargetAssertion",
    "DrugRelationAssertion",
    "DrugClassAssertion",
    "Contraindication",
    "Precaution",
    "RegulatoryStatus",
    "FundingStatus",
)
_OTHERS = ("BackgroundStatement", "BiomarkerAssertion", "TargetHistologyAssertion")


async def drug_card(asked: Asked) -> Card:
    """Return the card of a drug."""
    desk, iri = asked.desk, asked.iri
    results = await find_evidence(desk, "drug", {iri})
    claims = await find_by_class(desk, (*_CLASSES, *_OTHERS), drug={iri})
    part = evidence_part(
        asked,
        results,
        pattern=f":aboutDrug {node(iri)}",
        field="drug",
        filters=_FILTERS,
    )
    values = {
        "part": part,
        "actions": claims["DrugTargetAssertion"],
        "relations": claims["DrugRelationAssertion"],
        "memberships": _memberships(claims["DrugClassAssertion"]),
        "classes": _classes(asked),
        "cautions": _graver_first(claims["Contraindication"] + claims["Precaution"]),
        "decisions": _by_jurisdiction(claims["RegulatoryStatus"] + claims["FundingStatus"]),
        "advice": await advice_on(desk, iri),
        "regimens": await find_claims(desk, "regimens", drug={iri}),
        "studies": await find_claims(desk, "studies", drug={iri}),
        "others": tuple(each for name in _OTHERS for each in claims[name]),
        "paths": paths_of(desk, iri),
        "imported": imported_shown(desk, desk.library.paths.imports.of_drug(iri)),
        "explore": f"/explore?{urlencode({'drug': asked.entry.curie})}",
        "compare": f"/compare?{urlencode({'drug': asked.entry.curie})}",
    }
    return Card(
        template="card_drug.html",
        what="Drug",
        values=values,
        names=asked.entry.names,
        sections=tuple((anchor, name) for anchor, name, key in _SECTIONS if values[key]),
        behind=(_behind(asked),),
        downloads=part.downloads + _downloads(asked),
    )


_SECTIONS = (
    ("targets", "What it acts on", "actions"),
    ("evidence", "Results", "part"),
    ("recommendations", "Recommendations", "advice"),
    ("approvals", "Approvals", "decisions"),
    ("contraindications", "Contraindications", "cautions"),
    ("paths", "Paths to histologies", "paths"),
    ("regimens", "Regimens", "regimens"),
    ("studies", "Studies and trials", "studies"),
    ("imported", "Other databases", "imported"),
    ("others", "Other statements", "others"),
)


@dataclass(frozen=True)
class Membership:
    """A class that documents put the drug into, and the dates of these documents."""

    thing: Thing
    dates: tuple[str, ...]


def _memberships(claims: tuple[ClaimShown, ...]) -> tuple[Membership, ...]:
    found: dict[Thing, set[str]] = {}
    for claim in claims:
        for each in claim.of("drugClass"):
            found.setdefault(each, set()).add(claim.place.issued or "no date printed")
    ordered = sorted(found, key=lambda each: each.label.casefold())
    return tuple(Membership(each, tuple(sorted(found[each]))) for each in ordered)


def _classes(asked: Asked) -> object:
    """Return the classes that the ontology defines the drug into: inferred, not stated."""
    ontology = asked.desk.library.context.namespaces.ontology
    known = asked.desk.library.paths.vocabulary.classes.get(asked.iri, frozenset())
    return Things.at(asked.desk).all(each for each in known if each.startswith(ontology))


def _graver_first(claims: tuple[ClaimShown, ...]) -> tuple[ClaimShown, ...]:
    def rank(claim: ClaimShown) -> tuple[bool, str]:
        return "Precaution" in claim.classes, claim.labels("comorbidity").casefold()

    return tuple(sorted(claims, key=rank))


def _by_jurisdiction(claims: tuple[ClaimShown, ...]) -> tuple[PartShown, ...]:
    def rank(claim: ClaimShown) -> tuple[str, str, str]:
        return claim.labels("jurisdiction").casefold(), claim.text("asOf"), claim.claim.iri

    return tuple(PartShown(each) for each in sorted(claims, key=rank))


def _behind(asked: Asked) -> Behind:
    ontology = asked.desk.library.context.namespaces.ontology
    query = claims_query(ontology, _CLASSES, f":aboutDrug {node(asked.iri)}")
    return Behind(query, "targets, classes, decisions and contraindications")


def _downloads(asked: Asked) -> tuple[Download, ...]:
    query = urlencode({"drug": asked.entry.curie})
    return (
        Download(f"/api/v1/paths?{query}", "paths as JSON"),
        Download(f"/api/v1/claims?{query}&format=csv", "claims as CSV"),
    )


DRUG = CardKind("drugs", drug_card, parameters=("sort", "show", *_FILTERS))
"""How the cards of drugs are made."""
