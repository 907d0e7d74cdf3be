"""The cards of targets and of their families, which are never taken for one another."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlencode

from api.pages.card_advice import PartShown
from api.pages.card_imports import imported_shown
from api.pages.card_query import claims_query, node
from api.pages.cards import Asked, Card, CardKind, Download
from api.pages.parts_behind import Behind
from api.pages.parts_claims import ClaimShown, find_claims, find_record
from api.pages.parts_things import Things

__all__ = ["FAMILY", "TARGET", "family_card", "target_card"]

_ACTIONS, _PARTS = "DrugTargetAssertion", "TargetHistologyAssertion"
_SECTIONS = (
    ("drugs", "Drugs that act on it", "actions"),
    ("related", "Family and members", "related"),
    ("histologies", "Part in histologies", "parts"),
    ("biomarkers", "Alterations", "biomarkers"),
    ("imported", "Other databases", "imported"),
)


async def target_card(asked: Asked) -> Card:
    """Return the card of a target: what is stated of its family stands apart."""
    known = asked.desk.library.paths.vocabulary
    families = known.families.get(asked.iri, frozenset())
    lead = "What is stated of the family is not thereby stated of this member."
    return await _card(asked, "Target", families, lead if families else "")


async def family_card(asked: Asked) -> Card:
    """Return the card of a family: what is stated of its members stands apart."""
    known = asked.desk.library.paths.vocabulary
    members = {each for each, wide in known.families.items() if asked.iri in wide}
    lead = "A family of targets. Where a document names the family, the statement is on the family."
    return await _card(asked, "Target family", members, lead)


async def _card(asked: Asked, what: str, related: Collection[str], lead: str) -> Card:
    desk, iri = asked.desk, asked.iri
    kind = "families" if what == "Target family" else "targets"
    parts = await find_claims(desk, "claims", _PARTS, target={iri})
    markers = await find_claims(desk, "biomarkers", target={iri})
    name = "family" if kind == "families" else "target"
    imports = desk.library.paths.imports
    values = {
        "what": what,
        "related": Things.at(desk).all(related),
        "own": await find_record(desk, kind, iri),
        "actions": await find_claims(desk, "claims", _ACTIONS, target={iri}),
        "through": await find_claims(desk, "claims", _ACTIONS, throughTarget={iri}),
        "related_actions": await find_claims(desk, "claims", _ACTIONS, target=related),
        "parts": tuple(PartShown(each) for each in parts),
        "related_parts": tuple(
            PartShown(each) for each in await find_claims(desk, "claims", _PARTS, target=related)
        ),
        "biomarkers": markers,
        "marker_parts": await _of_markers(asked, markers),
        "imported": imported_shown(desk, imports.of_targets({iri, *_members(asked)})),
        "explore": f"/explore?{urlencode({name: asked.entry.curie})}",
    }
    return Card(
        template="card_target.html",
        what=what,
        values=values,
        lead=lead,
        names=asked.entry.names,
        sections=tuple((anchor, name) for anchor, name, key in _SECTIONS if values[key]),
        behind=(_behind(asked),),
        downloads=_downloads(asked, kind),
    )


def _members(asked: Asked) -> Collection[str]:
    known = asked.desk.library.paths.vocabulary.families
    return {each for each, wide in known.items() if asked.iri in wide}


async def _of_markers(asked: Asked, markers: Collection[ClaimShown]) -> tuple[PartShown, ...]:
    wanted = {each.claim.iri for each in markers}
    claims = await find_claims(asked.desk, "claims", "BiomarkerAssertion", biomarker=wanted)
    return tuple(PartShown(each) for each in claims)


def _behind(asked: Asked) -> Behind:
    ontology = asked.desk.library.context.namespaces.ontology
    query = claims_query(ontology, (_ACTIONS, _PARTS), f":aboutTarget {node(asked.iri)}")
    return Behind(query, "drugs and histologies")


def _downloads(asked: Asked, kind: str) -> tuple[Download, ...]:
    curie = asked.entry.curie
    name = "family" if kind == "families" else "target"
    return (
        Download(f"/api/v1/paths?{urlencode({name: curie})}", "paths as JSON"),
        Download(f"/api/v1/claims?{urlencode({'target': curie})}&format=csv", "claims as CSV"),
    )


TARGET = CardKind("targets", target_card, parameters=())
"""How the cards of targets are made."""

FAMILY = CardKind("families", family_card, parameters=())
"""How the cards of families are made."""
