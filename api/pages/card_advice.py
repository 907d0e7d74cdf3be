"""Recommendations on a card: of a drug itself, in a regimen or as a member of a class."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from api.histologies import Match, Scope
from api.pages.desk import PageDesk
from api.pages.parts_claims import ClaimShown, find_by_class, find_claims, placed, read_claims
from api.pages.parts_things import Thing, Things

__all__ = ["AdviceShown", "PartShown", "advice_in", "advice_on", "parts_in"]

_KIND = "recommendations"


@dataclass(frozen=True)
class AdviceShown:
    """A recommendation, what it goes through where it does not name the thing itself, and how."""

    claim: ClaimShown
    through: Thing | None = None
    how: str = ""
    is_inherited: bool = False


@dataclass(frozen=True)
class PartShown:
    """A claim that is about a histology, and whether that is a narrower one."""

    claim: ClaimShown
    is_inherited: bool = False


async def advice_on(desk: PageDesk, drug: str) -> tuple[AdviceShown, ...]:
    """Return the recommendations of a drug, those of the drug itself first."""
    index = desk.library.paths
    known = index.vocabulary
    regimens = {iri for iri, drugs in known.includes_drug.items() if drug in drugs}
    classes = {each for member, each in index.memberships if member == drug} - known.wide_classes
    ways = (
        ("", "recommends", {drug}),
        ("in the regimen", "recommends", regimens),
        ("as a member of the class", "recommendsClass", classes),
    )
    things, found = Things.at(desk), dict[str, AdviceShown]()
    for how, field, wanted in ways:
        table = await desk.library.lists.table_with(desk.engine, _KIND, {field: wanted})
        for row in table.rows:
            through = next((c.shown for c in row.of(field) if c.shown in wanted), None)
            if through is None or row.iri in found:
                continue
            (claim,) = read_claims(desk, table, [row])
            found[row.iri] = AdviceShown(claim, things.get(through) if how else None, how)
    return await _placed(desk, found.values())


async def advice_in(desk: PageDesk, scope: Scope) -> tuple[AdviceShown, ...]:
    """Return the recommendations in a histology, those of narrower ones last and marked."""
    claims = await find_claims(desk, _KIND, histology={scope.asked, *scope.narrower})
    shown = (AdviceShown(each, is_inherited=_is_inherited(scope, each)) for each in claims)
    return tuple(sorted(shown, key=lambda each: each.is_inherited))


async def parts_in(desk: PageDesk, scope: Scope, classes: Collection[str]) -> tuple[PartShown, ...]:
    """Return the claims of some classes about a histology, those of narrower ones last."""
    found = await find_by_class(desk, classes, histology={scope.asked, *scope.narrower})
    claims = (each for name in classes for each in found[name])
    shown = (PartShown(each, _is_inherited(scope, each)) for each in claims)
    return tuple(sorted(shown, key=lambda each: each.is_inherited))


def _is_inherited(scope: Scope, claim: ClaimShown) -> bool:
    return scope.match(each.iri for each in claim.of("histology")) is Match.INHERITED


async def _placed(desk: PageDesk, advice: Iterable[AdviceShown]) -> tuple[AdviceShown, ...]:
    found = tuple(advice)
    claims = await placed(desk, (each.claim for each in found))
    return tuple(
        AdviceShown(claim, each.through, each.how)
        for claim, each in zip(claims, found, strict=True)
    )
