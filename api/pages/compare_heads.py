"""Comparisons that one study made itself, between what stands in the columns."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations
from typing import Any

from api.list_records import read_records
from api.list_table import Row
from api.pages.compare_columns import place_of_endpoint
from api.pages.desk import PageDesk
from api.pages.parts_evidence import Evidence, read_evidence
from api.pages.parts_things import Thing, Things

__all__ = ["Head", "HeadKind", "HeadSide", "heads_between_arms", "heads_between_drugs"]


class HeadKind(StrEnum):
    """What a comparison sets against each other, of two columns."""

    DIRECT = "head to head"
    ADDED = "one added to the other"


@dataclass(frozen=True)
class HeadSide:
    """One side of a comparison: its arms and drugs, and what the document reports of it."""

    is_reference: bool
    arms: tuple[Thing, ...]
    drugs: tuple[Thing, ...]
    doses: tuple[str, ...]
    results: tuple[Evidence, ...]

    @property
    def name(self) -> str:
        """The side in words: its arms, else its drugs."""
        named = self.arms or self.drugs
        return " or ".join(each.label for each in named) or "no drug, as far as it is stated"


@dataclass(frozen=True)
class Head:
    """A comparison: its sides in the order of the columns, and what the document says of it.

    ``favours`` and ``because`` are those of the JSON interface: by the words of the document.
    """

    kind: HeadKind
    evidence: Evidence
    sides: tuple[HeadSide, ...]
    hazard_ratio: str
    favours: str
    because: str

    @property
    def studied(self) -> HeadSide:
        """The side that the numbers are of."""
        return next(side for side in self.sides if not side.is_reference)

    @property
    def reference(self) -> HeadSide:
        """The side that the numbers are relative to."""
        return next(side for side in self.sides if side.is_reference)


Sides = tuple[frozenset[str], frozenset[str]]


async def heads_between_drugs(
    desk: PageDesk, drugs: Sequence[str], among: Iterable[Evidence]
) -> tuple[Head, ...]:
    """Return the comparisons among some results that set one of some drugs against another."""
    return await _heads(desk, among, lambda comparison: _drugs(desk, comparison), drugs)


async def heads_between_arms(
    desk: PageDesk, arms: Sequence[str], among: Iterable[Evidence]
) -> tuple[Head, ...]:
    """Return the comparisons among some results that set one of some arms against another."""
    return await _heads(desk, among, lambda comparison: _arms(desk, comparison), arms)


async def _heads(
    desk: PageDesk,
    among: Iterable[Evidence],
    sides_of: Callable[[Mapping[str, Any]], Sides],
    columns: Sequence[str],
) -> tuple[Head, ...]:
    known = {each.claim.iri: each for each in among}
    comparisons = await desk.library.lists.rows_of(desk.engine, "comparisons", known)
    found = {iri: each for iri, each in known.items() if iri in comparisons.by_iri}
    rows = [comparisons.by_iri[iri] for iri in found]
    read = await read_records(desk.desk, comparisons, rows)
    heads = []
    for row, pieces in zip(rows, read, strict=True):
        comparison = json.loads(pieces["comparison"])
        sides = sides_of(comparison)
        if kind := kind_of(sides, columns):
            shown = await _sides(desk, comparison, _order(sides, columns))
            evidence = found[row.iri]
            heads.append(_head(kind, evidence, shown, row, comparison))
    return tuple(sorted(heads, key=_place))


def kind_of(sides: Sides, columns: Sequence[str]) -> HeadKind | None:
    """Return what a comparison sets against each other of some columns, or None.

    >>> gemcitabine, doxorubicin = frozenset({"g"}), frozenset({"d"})
    >>> kind_of((gemcitabine, doxorubicin), ["d", "g"]).value
    'head to head'
    >>> kind_of((gemcitabine | doxorubicin, doxorubicin), ["d", "g"]).value
    'one added to the other'
    >>> kind_of((gemcitabine, frozenset({"x"})), ["d", "g"]) is None
    True
    """
    given, against = sides
    pairs = tuple(permutations(columns, 2))
    if any(one in given - against and other in against - given for one, other in pairs):
        return HeadKind.DIRECT
    both, apart = given & against, given ^ against
    return HeadKind.ADDED if any(one in apart and other in both for one, other in pairs) else None


def _order(sides: Sides, columns: Sequence[str]) -> tuple[int, ...]:
    """Return the sides in the order of the columns that stand on one of them alone."""
    given, against = sides
    for column in columns:
        if column in given ^ against:
            return (0, 1) if column in given else (1, 0)
    return (0, 1)


def _head(
    kind: HeadKind,
    evidence: Evidence,
    sides: tuple[HeadSide, ...],
    row: Row,
    comparison: Mapping[str, Any],
) -> Head:
    return Head(
        kind=kind,
        evidence=evidence,
        sides=sides,
        hazard_ratio=", ".join(cell.shown for cell in row.of("hazardRatio")),
        favours=str(comparison["favours"]),
        because=str(comparison["because"]),
    )


async def _sides(
    desk: PageDesk, comparison: Mapping[str, Any], order: Iterable[int]
) -> tuple[HeadSide, ...]:
    things, sides = Things.at(desk), comparison["sides"]
    shown = []
    for place in order:
        iris = [_iri(desk, result) for result in sides[place]["results"]]
        evidence = await desk.library.lists.rows_of(desk.engine, "evidence", iris)
        rows = [evidence.by_iri[iri] for iri in iris if iri in evidence.by_iri]
        shown.append(
            HeadSide(
                is_reference=place == 1,
                arms=things.all(_iri(desk, arm) for arm in sides[place]["arms"]),
                drugs=things.all(_iri(desk, drug) for drug in sides[place]["drugs"]),
                doses=tuple(_doses(sides[place]["arms"])),
                results=await read_evidence(desk, rows),
            )
        )
    return tuple(shown)


def _doses(arms: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for arm in arms:
        for dose in arm.get("doses", ()):
            if isinstance(dose, dict) and dose.get("asPrinted"):
                drug = dose.get("ofDrug")
                name = drug.get("label", "") if isinstance(drug, dict) else ""
                yield f"{name} {dose['asPrinted']}".strip()


def _drugs(desk: PageDesk, comparison: Mapping[str, Any]) -> Sides:
    given, against = (
        frozenset(_iri(desk, drug) for drug in side["drugs"]) for side in comparison["sides"]
    )
    return given, against


def _arms(desk: PageDesk, comparison: Mapping[str, Any]) -> Sides:
    given, against = (
        frozenset(_iri(desk, arm) for arm in side["arms"]) for side in comparison["sides"]
    )
    return given, against


def _iri(desk: PageDesk, reference: Mapping[str, Any]) -> str:
    """Return the IRI that a reference of the JSON interface names."""
    name = str(reference["id"])
    return desk.library.directory.namespaces.expand(name.removeprefix("sarcoma")) or name


def _place(each: Head) -> tuple[bool, tuple[int, str], str]:
    measured = place_of_endpoint(each.evidence.endpoint, each.evidence.measured)
    return each.kind is HeadKind.ADDED, measured, each.evidence.claim.iri
