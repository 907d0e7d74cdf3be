"""Results as pages show them: rows of one table, each with its figures and its place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from api.card_shelf import Kept
from api.histologies import Match, Scope
from api.list_table import Row
from api.pages.desk import PageDesk
from api.pages.parts_figures import Figures, counted, read_figures
from api.pages.parts_place import PlaceShown, characters_of, read_place
from api.pages.parts_things import Thing, Things

__all__ = ["Direction", "Evidence", "evidence_about", "find_evidence", "read_evidence"]


class Direction(StrEnum):
    """What a result says of the treatment, as its record states it."""

    FOR = "for"
    AGAINST = "against"
    INCONCLUSIVE = "inconclusive"
    NOT_STATED = "not stated"


_DIRECTIONS = {
    "Supports": Direction.FOR,
    "Refutes": Direction.AGAINST,
    "Inconclusive": Direction.INCONCLUSIVE,
}


_TOGETHER = frozenset({"Combination", "DrugWithRadiotherapy"})
"""The treatment modes of things that are given together."""


@dataclass(frozen=True)
class Evidence:
    """A result; what its document does not state is empty.

    ``measured`` is the endpoint with its time point, event and grades. ``match`` relates the
    result to the histology that was asked for, ``nearest`` are the histologies by which it does.
    """

    claim: Thing
    endpoints: tuple[Thing, ...]
    measured: str
    figures: Figures
    findings: tuple[Thing, ...]
    direction: Direction
    level: int | None
    levels: tuple[Thing, ...]
    drugs: tuple[Thing, ...]
    regimens: tuple[Thing, ...]
    treatments: tuple[Thing, ...]
    modes: tuple[Thing, ...]
    histologies: tuple[Thing, ...]
    excluded: tuple[Thing, ...]
    biomarkers: tuple[Thing, ...]
    lines: tuple[Thing, ...]
    settings: tuple[Thing, ...]
    population: str
    after: tuple[Thing, ...]
    arms: tuple[Thing, ...]
    comparator_arms: tuple[Thing, ...]
    comparators: tuple[Thing, ...]
    studies: tuple[Thing, ...]
    study_types: frozenset[str]
    is_subgroup: bool
    is_pooled: bool
    place: PlaceShown
    match: Match | None = None
    nearest: tuple[Thing, ...] = ()

    @property
    def endpoint(self) -> str:
        """The endpoint by its name in the ontology, such as ObjectiveResponseRate."""
        return self.endpoints[0].slug if self.endpoints else ""

    @property
    def is_comparison(self) -> bool:
        """Whether something stands on the other side."""
        return bool(self.comparator_arms or self.comparators)

    @property
    def given(self) -> tuple[Thing, ...]:
        """What was given, in the fewest names: regimens, else drugs, else other treatments."""
        return self.regimens or self.drugs or self.treatments

    @property
    def between(self) -> str:
        """What stands between several things given: together, or to one group each."""
        is_joint = not self.regimens and any(each.slug in _TOGETHER for each in self.modes)
        return " + " if is_joint or not (self.regimens or self.modes) else " or "

    @property
    def treatment(self) -> str:
        """What was given, in words."""
        return self.between.join(each.label for each in self.given)

    @property
    def arms_in_words(self) -> tuple[tuple[Thing, str], ...]:
        """The arms that say more than what was given, such as its dose: each with what it adds.

        One arm leaves out the name of the treatment that it starts with.
        """
        if len(self.arms) != 1:
            return tuple((each, each.label) for each in self.arms)
        added = _added(self.arms[0].label, self.treatment)
        return ((self.arms[0], added),) if added else ()


async def find_evidence(
    desk: PageDesk, field: str, things: Collection[str], *, scope: Scope | None = None
) -> tuple[Evidence, ...]:
    """Return the results whose field (drug, regimen, study, ...) has one of some values.

    With a ``scope``, those about its histology and narrower ones only, each with its match.
    """
    table = await desk.library.lists.table_with(desk.engine, "evidence", {field: things})
    rows = [row for row in table.rows if any(cell.shown in things for cell in row.of(field))]
    return await read_evidence(desk, rows, scope=scope)


async def evidence_about(desk: PageDesk, histology: str) -> tuple[Evidence, ...]:
    """Return the results in a histology, those inherited from narrower ones marked."""
    scope = desk.library.histologies.scope(histology)
    return await find_evidence(desk, "histology", {histology, *scope.narrower}, scope=scope)


async def read_evidence(
    desk: PageDesk, rows: Iterable[Row], *, scope: Scope | None = None
) -> tuple[Evidence, ...]:
    """Return some rows of the list of evidence as results, the strongest level first."""
    found = list(rows)
    known = await _known(desk, found)
    related = (_related(desk, known[row.iri], row, scope) for row in found)
    kept = (each for each in related if scope is None or each.match)
    return tuple(sorted(kept, key=_strongest_first))


async def _known(desk: PageDesk, rows: Iterable[Row]) -> Mapping[str, Evidence]:
    """Return results by their IRIs, whatever they are asked for: each is read once a snapshot."""
    shelf: Kept[Evidence] = desk.library.cards.evidence
    known = {row.iri: (row, shelf.find(row.iri)) for row in rows}
    absent = [row for row, each in known.values() if each is None]
    characters = await characters_of(desk, (row.iri for row in absent))
    things = Things.at(desk)
    read = {row.iri: _read(things, row, characters.get(row.iri, ())) for row in absent}
    # What came from a later snapshot is shown to nobody, and must not be kept.
    if desk.engine.snapshot.id == desk.library.snapshot:
        shelf.keep(read)
    return {**{iri: each for iri, (_, each) in known.items() if each}, **read}


def _related(desk: PageDesk, each: Evidence, row: Row, scope: Scope | None) -> Evidence:
    if scope is None:
        return each
    stated = [cell.shown for cell in row.of("histology")]
    nearest = Things.at(desk).all(iri for iri in stated if scope.match([iri]))
    return replace(each, match=scope.match(stated), nearest=nearest)


def _read(things: Things, row: Row, characters: Iterable[str]) -> Evidence:
    def named(*fields: str) -> tuple[Thing, ...]:
        return things.all(cell.shown for field in fields for cell in row.of(field))

    directions = {cell.shown.rpartition("/")[2] for cell in row.of("direction")}
    levels = named("level")
    return Evidence(
        claim=things.get(row.iri),
        endpoints=named("endpoint"),
        measured=_measured(things, row),
        figures=read_figures(things, row),
        findings=named("finding"),
        direction=_DIRECTIONS.get(min(directions, default=""), Direction.NOT_STATED),
        level=_level(levels),
        levels=levels,
        drugs=named("drug"),
        regimens=named("regimen"),
        treatments=named("intervention", "drugClass"),
        modes=named("treatmentMode"),
        histologies=named("histology"),
        excluded=named("excludesHistology"),
        biomarkers=named("biomarker"),
        lines=named("line"),
        settings=named("setting"),
        population=_text(row, "population"),
        after=named("afterDrug", "afterDrugClass"),
        arms=named("arm"),
        comparator_arms=named("comparatorArm"),
        comparators=named("comparator"),
        studies=named("study"),
        study_types=frozenset(cell.shown.rpartition("/")[2] for cell in row.of("studyType")),
        is_subgroup=_flag(row, "isSubgroup"),
        is_pooled=_flag(row, "isPooled"),
        place=read_place(things, row, characters),
    )


def _measured(things: Things, row: Row) -> str:
    def words(field: str) -> str:
        return ", ".join(things.get(cell.shown).label for cell in row.of(field))

    event = words("adverseEvent")
    low, high = _text(row, "gradeLow"), _text(row, "gradeHigh")
    grades = f"{low} to {high}" if low and high and low != high else low or high
    time = counted(_text(row, "timePoint"), words("timePointUnit")) if row.of("timePoint") else ""
    parts = (event, f"grade {grades}" if grades else "", f"at {time}" if time else "")
    endpoint = words("endpoint") or "endpoint not stated"
    return ", ".join(dict.fromkeys(filter(None, (endpoint, *parts))))


def _added(arm: str, treatment: str) -> str:
    """Return what the name of an arm adds to what was given.

    >>> _added("imatinib 400 mg twice daily", "imatinib"), _added("docetaxel alone", "docetaxel")
    ('400 mg twice daily', '')
    >>> _added("Arm B", "docetaxel")
    'Arm B'
    """
    rest = arm.removeprefix(treatment) if treatment else arm
    is_own_word = not rest or rest == arm or not rest[0].isalnum()
    added = rest.strip(" ,") if is_own_word else arm
    return "" if added == "alone" else added


def _text(row: Row, name: str) -> str:
    return ", ".join(dict.fromkeys(cell.shown for cell in row.of(name)))


def _flag(row: Row, name: str) -> bool:
    return any(cell.value is True for cell in row.of(name))


def _level(levels: Iterable[Thing]) -> int | None:
    digits = [each.slug.removeprefix("Level") for each in levels]
    return min((int(each) for each in digits if each.isdecimal()), default=None)


def _strongest_first(each: Evidence) -> tuple[int, str, str]:
    return (each.level or 99, each.measured, each.claim.iri)
