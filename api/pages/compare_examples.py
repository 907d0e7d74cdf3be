"""Comparisons to click: those that studies of the snapshot made themselves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from api.list_table import Row
from api.pages.desk import PageDesk
from api.pages.parts_things import Things

__all__ = ["Example", "find_examples"]

_MOST = 6
_Pair = TypeVar("_Pair", tuple[str, str, str], tuple[str, str])


@dataclass(frozen=True)
class Example:
    """A comparison: what it is called, and its address."""

    label: str
    address: str


async def find_examples(desk: PageDesk, drug: str | None = None) -> tuple[Example, ...]:
    """Return drugs and arms that studies compared, those compared most first.

    With a ``drug``, only comparisons of this one.
    """
    table = await desk.library.lists.table(desk.engine, "comparisons")
    drugs: Counter[tuple[str, str, str]] = Counter()
    arms: Counter[tuple[str, str]] = Counter()
    for row in table.rows:
        drugs.update(_pairs_of_drugs(row))
        arms.update(_pairs_of_arms(row))
    shown = [pair for pair in _most_first(drugs) if drug is None or drug in pair]
    examples = [_of_drugs(desk, *pair) for pair in _each_pair_once(shown)[:_MOST]]
    if drug is None:
        examples += [_of_arms(desk, *pair) for pair in _most_first(arms)[:2]]
    return tuple(examples)


def _pairs_of_drugs(row: Row) -> set[tuple[str, str, str]]:
    """Return what stood on one side alone against what stood on the other, and the tumour."""
    given = {cell.shown for cell in row.of("drug")}
    against = {cell.shown for cell in row.of("comparator")}
    histologies = [cell.shown for cell in row.of("histology")]
    # One drug against another, or one given on top of another.
    if len(given | against) != 2 or given == against or not (given and against):
        return set()
    first, second = sorted(given | against)
    return {(first, second, histology) for histology in histologies}


def _pairs_of_arms(row: Row) -> set[tuple[str, str]]:
    given = {cell.shown for cell in row.of("arm")}
    against = {cell.shown for cell in row.of("comparatorArm")}
    if len(given) != 1 or len(against) != 1:
        return set()
    return {(min(given), min(against))}


def _each_pair_once(pairs: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return list({pair[:2]: pair for pair in reversed(pairs)}.values())[::-1]


def _most_first(counts: Counter[_Pair]) -> list[_Pair]:
    return sorted(counts, key=lambda pair: (-counts[pair], pair))


def _of_drugs(desk: PageDesk, first: str, second: str, histology: str) -> Example:
    one, other, tumour = (Things.at(desk).get(iri) for iri in (first, second, histology))
    asked = [("drug", one.slug), ("drug", other.slug), ("histology", tumour.slug)]
    return Example(f"{one.label} and {other.label} in {tumour.label}", _address(asked))


def _of_arms(desk: PageDesk, first: str, second: str) -> Example:
    things, shorten = Things.at(desk), desk.library.directory.shorten
    label = f"the arms “{things.get(first).label}” and “{things.get(second).label}”"
    return Example(label, _address([("arm", shorten(first)), ("arm", shorten(second))]))


def _address(asked: list[tuple[str, str]]) -> str:
    return f"/compare?{urlencode(asked, safe=':/')}"
