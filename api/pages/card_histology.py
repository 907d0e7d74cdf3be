"""The card of a histology: its place in the tree, results in it, targets, advice and trials."""

from __future__ import annotations

from urllib.parse import urlencode

from api.histologies import Scope
from api.pages.card_advice import advice_in, parts_in
from api.pages.card_evidence import evidence_part
from api.pages.card_query import claims_query, node
from api.pages.card_tree import tree_around
from api.pages.cards import Asked, Card, CardKind, Download
from api.pages.parts_behind import Behind
from api.pages.parts_claims import find_claims, find_record
from api.pages.parts_evidence import evidence_about

__all__ = ["HISTOLOGY", "histology_card"]

_FILTERS = ("drug", "endpoint", "line", "direction", "match")
_PARTS = ("TargetHistologyAssertion", "BiomarkerAssertion")
_DECISIONS = ("RegulatoryStatus", "FundingStatus")
_SECTIONS = (
    ("tree", "Place in the tree", "tree"),
    ("evidence", "Results", "part"),
    ("targets", "Targets and markers", "parts"),
    ("recommendations", "Recommendations", "advice"),
    ("approvals", "Approvals", "decisions"),
    ("studies", "Studies and trials", "studies"),
    ("others", "Other statements", "others"),
)


async def histology_card(asked: Asked) -> Card:
    """Return the card of a histology."""
    desk, iri = asked.desk, asked.iri
    scope = desk.library.histologies.scope(iri)
    wanted = {iri, *scope.narrower}
    part = evidence_part(
        asked,
        await evidence_about(desk, iri),
        pattern=f":relevantToHistology {node(iri)}",
        field="histology",
        filters=_FILTERS,
    )
    values = {
        "part": part,
        "own": await find_record(desk, "histologies", iri),
        "tree": tree_around(desk, iri),
        "narrower": len(scope.narrower),
        "parts": await parts_in(desk, scope, _PARTS),
        "advice": await advice_in(desk, scope),
        "decisions": await parts_in(desk, scope, _DECISIONS),
        "studies": await find_claims(desk, "studies", histology=wanted),
        "others": await find_claims(desk, "claims", "BackgroundStatement", histology={iri}),
        "explore": f"/explore?{urlencode({'histology': asked.entry.curie})}",
    }
    return Card(
        template="card_histology.html",
        what="Histology",
        values=values,
        names=asked.entry.names,
        sections=tuple((anchor, name) for anchor, name, key in _SECTIONS if values[key]),
        behind=(_behind(asked, scope),),
        downloads=part.downloads + _downloads(asked),
    )


def _behind(asked: Asked, scope: Scope) -> Behind:
    ontology = asked.desk.library.context.namespaces.ontology
    classes = (*_PARTS, "Recommendation", *_DECISIONS)
    query = claims_query(ontology, classes, f":relevantToHistology {node(scope.asked)}")
    return Behind(query, "targets, recommendations and approvals")


def _downloads(asked: Asked) -> tuple[Download, ...]:
    query = urlencode({"histology": asked.entry.curie})
    return (
        Download(f"/api/v1/paths?{query}", "paths as JSON"),
        Download(f"/api/v1/recommendations?{query}&format=csv", "recommendations as CSV"),
    )


HISTOLOGY = CardKind("histologies", histology_card, parameters=("sort", "show", *_FILTERS))
"""How the cards of histologies are made."""
