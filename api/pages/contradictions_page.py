"""The page of findings that disagree: both sides of each, and in what their patients differ."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from api.binomial import Interval
from api.contradiction_routes import ContradictionFilter, choose_contradictions
from api.contradictions import MEANINGS, Contradiction, Rule
from api.pages.contradiction_differences import DifferenceGroup, read_differences
from api.pages.contradiction_filters import make_filters
from api.pages.contradiction_query import contradiction_query
from api.pages.contradiction_reasons import TITLES, explain
from api.pages.desk import PageDesk
from api.pages.frame import render
from api.pages.parts_behind import Behind
from api.pages.parts_evidence import Evidence, read_evidence
from api.pages.parts_things import Thing, Things
from api.paging import page_of

__all__ = ["PairShown", "RuleShown", "contradictions_page", "limits_of"]

_HERE = "/contradictions"


@dataclass(frozen=True)
class RuleShown:
    """A kind of disagreement: its name, what it means, how many are shown, and only these."""

    title: str
    meaning: str
    count: int
    address: str


@dataclass(frozen=True)
class SideShown:
    """One of the two findings, with what is computed of it, labelled so where it is shown."""

    letter: str
    evidence: Evidence
    interval: str


@dataclass(frozen=True)
class PairShown:
    """Two findings that disagree: what they share, why they are listed, what differs."""

    anchor: str
    rule: str
    title: str
    is_within_study: bool
    histologies: tuple[Thing, ...]
    treatments: tuple[Thing, ...]
    endpoints: tuple[Thing, ...]
    reason: str
    sides: tuple[SideShown, SideShown]
    differences: tuple[DifferenceGroup, ...]


async def contradictions_page(desk: PageDesk, wanted: ContradictionFilter) -> bytes:
    """Return the page with the pairs that the filters leave, or with what is wrong in them."""
    library = desk.library
    asking = desk.desk
    found = list(choose_contradictions(asking, wanted))
    given = given_filters(wanted)
    mark = f"{library.snapshot} contradictions {sorted(given.items())}"
    page = page_of(found, limit=wanted.limit, cursor=wanted.cursor, mark=mark)
    shown = await _pairs(desk, page.items)
    query = contradiction_query(page.items, library.context.namespaces.ontology)
    return render(
        "contradictions.html",
        "Contradictions",
        here=_HERE,
        snapshot=library.snapshot,
        styles=("findings.css",),
        pairs=shown,
        total=len(found),
        rules=_rules(found, given),
        form=make_filters(desk, library.contradictions, given),
        next=_next(given, wanted.limit, page.cursor) if page.cursor else None,
        is_filtered=bool(given),
        query=Behind(query, "the figures of both sides"),
        record=f"/api/v1/contradictions?{urlencode(given)}" if given else "/api/v1/contradictions",
    )


def given_filters(wanted: ContradictionFilter) -> dict[str, str]:
    """Return the filters as an address spells them."""
    given = wanted.model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude={"limit", "cursor"}
    )
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in given.items()
    }


def limits_of(interval: Interval | None) -> str:
    """Return the ends of an interval in percent, to one decimal.

    >>> limits_of(Interval(0.20252, 0.66501))
    '20.3 to 66.5%'
    """
    return f"{100 * interval.low:.1f} to {100 * interval.high:.1f}%" if interval else ""


def _next(given: Mapping[str, str], limit: int, cursor: str) -> str:
    return f"{_HERE}?{urlencode({**given, 'limit': limit, 'cursor': cursor})}"


def _rules(found: Iterable[Contradiction], given: Mapping[str, str]) -> tuple[RuleShown, ...]:
    counted = [each.rule for each in found]
    return tuple(
        RuleShown(
            title=TITLES[rule],
            meaning=MEANINGS[rule],
            count=counted.count(rule),
            address=f"{_HERE}?{urlencode({**given, 'rule': rule.value})}",
        )
        for rule in Rule
    )


async def _pairs(desk: PageDesk, found: Sequence[Contradiction]) -> list[PairShown]:
    iris = dict.fromkeys(side.iri for each in found for side in (each.first, each.second))
    table = await desk.library.lists.rows_of(desk.engine, "evidence", iris)
    rows = [table.by_iri[iri] for iri in iris if iri in table.by_iri]
    evidence = {each.claim.iri: each for each in await read_evidence(desk, rows)}
    things = Things.at(desk)
    return [
        _pair(desk, things, each, evidence)
        for each in found
        if {each.first.iri, each.second.iri} <= evidence.keys()
    ]


def _pair(
    desk: PageDesk, things: Things, each: Contradiction, evidence: Mapping[str, Evidence]
) -> PairShown:
    first, second = (
        SideShown(letter, evidence[side.iri], limits_of(side.interval))
        for letter, side in (("A", each.first), ("B", each.second))
    )
    ontology = desk.library.context.namespaces.ontology
    measured = each.first.values("endpoint") | each.second.values("endpoint")
    return PairShown(
        anchor=_anchor(each),
        rule=each.rule.value,
        title=TITLES[each.rule],
        is_within_study=each.is_within_study,
        histologies=things.all(each.histologies),
        treatments=things.all(each.drugs) or things.all(each.regimens),
        endpoints=things.all(ontology + name for name in measured),
        reason=explain(each, things),
        sides=(first, second),
        differences=read_differences(desk.library, things, each),
    )


def _anchor(each: Contradiction) -> str:
    """Return a name of a pair that stays while its two findings do."""
    text = f"{each.rule.value} {each.first.iri} {each.second.iri}"
    return f"pair-{hashlib.sha256(text.encode()).hexdigest()[:10]}"
