"""What else is stated of some drugs side by side: mechanisms, cautions, decisions, advice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from api.histologies import Match, Scope
from api.list_table import Row
from api.pages.compare_wording import word_advice, word_caution, word_decision, word_mechanism
from api.pages.desk import PageDesk
from api.pages.parts_evidence import Evidence
from api.pages.parts_place import PlaceShown, read_characters, read_place
from api.pages.parts_things import Thing, Things

__all__ = ["Facet", "FacetRow", "LineRow", "Stated", "facets_of", "lines_of"]

Wording = Callable[[Things, Row], tuple[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Stated:
    """A statement in a column: what it says in a word, what belongs to it, where it stands."""

    claim: Thing
    says: str
    details: tuple[str, ...]
    place: PlaceShown
    match: Match | None = None
    histologies: tuple[Thing, ...] = ()
    through: Thing | None = None


@dataclass(frozen=True)
class FacetRow:
    """What is stated of one thing (a target, a condition, a country), a cell for each column."""

    head: Thing
    cells: tuple[tuple[Stated, ...], ...]


@dataclass(frozen=True)
class Facet:
    """One sort of statements; ``note`` is what must be known to read them."""

    anchor: str
    title: str
    head: str
    note: str
    absent: str
    rows: tuple[FacetRow, ...]


@dataclass(frozen=True)
class LineRow:
    """A line of therapy: how many results of each column are in it, and where they are listed."""

    line: Thing
    cells: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class _Sort:
    anchor: str
    title: str
    head: str
    kinds: tuple[str, ...]
    by: str
    word: Wording
    note: str
    absent: str
    is_of_histology: bool = False


_MECHANISMS = _Sort(
    "targets", "Targets", "Target", ("claims",), "target", word_mechanism,
    "What documents say a drug acts on. A mechanism is a hypothesis about effect, not an effect.",
    "no statement",
)  # fmt: skip
_CAUTIONS = _Sort(
    "contraindications", "Contraindications and precautions", "Condition of the patient",
    ("contraindications", "precautions"), "comorbidity", word_caution,
    "That a drug has no entry permits nothing.",
    "no entry",
)  # fmt: skip
_DECISIONS = _Sort(
    "approvals", "Approvals and funding", "Jurisdiction", ("approvals", "funding"), "jurisdiction",
    word_decision,
    "Decisions as documents of the given dates report them; newer ones are not known here.",
    "nothing stated",
)  # fmt: skip
_ADVICE = _Sort(
    "recommendations", "Recommendations", "Histology", ("recommendations",), "histology",
    word_advice,
    "Advice in the strength that the document words; advice for a class of drugs says so.",
    "no advice",
    is_of_histology=True,
)  # fmt: skip


async def facets_of(desk: PageDesk, drugs: Sequence[str], scope: Scope | None) -> tuple[Facet, ...]:
    """Return what is stated of some drugs; advice on a histology and narrower ones only."""
    return tuple(
        [
            await _facet(desk, sort, drugs, scope)
            for sort in (_MECHANISMS, _CAUTIONS, _DECISIONS, _ADVICE)
        ]
    )


async def _facet(desk: PageDesk, sort: _Sort, drugs: Sequence[str], scope: Scope | None) -> Facet:
    tables = [await desk.library.lists.table(desk.engine, kind) for kind in sort.kinds]
    limit = scope if sort.is_of_histology else None
    columns = [
        [
            (row, through)
            for table in tables
            for row in table.rows
            if row.of(sort.by)
            and (through := _link(desk, row, drug, sort)) is not None
            and (limit is None or limit.match(cell.shown for cell in row.of("histology")))
        ]
        for drug in drugs
    ]
    characters = await read_characters(
        desk.engine, (row.iri for column in columns for row, _ in column)
    )
    things = Things.at(desk)

    def stated(row: Row, through: str) -> Stated:
        says, details = sort.word(things, row)
        histologies = [cell.shown for cell in row.of("histology")]
        return Stated(
            claim=things.get(row.iri),
            says=says,
            details=details,
            place=read_place(things, row, characters.get(row.iri, ())),
            match=limit.match(histologies) if limit else None,
            histologies=things.all(histologies),
            through=things.get(through) if through else None,
        )

    cells: dict[str, list[list[Stated]]] = defaultdict(lambda: [[] for _ in drugs])
    for place, column in enumerate(columns):
        for row, through in column:
            for key in {cell.shown for cell in row.of(sort.by)}:
                if limit is None or limit.match([key]):
                    cells[key][place].append(stated(row, through))
    rows = (FacetRow(things.get(key), tuple(map(tuple, cells[key]))) for key in cells)
    ordered = tuple(sorted(rows, key=lambda each: each.head.label.casefold()))
    return Facet(sort.anchor, sort.title, sort.head, sort.note, sort.absent, ordered)


def _link(desk: PageDesk, row: Row, drug: str, sort: _Sort) -> str | None:
    """Return the regimen or class by which a row is about a drug: nothing for the drug itself."""
    if any(cell.shown == drug for name in ("drug", "recommends") for cell in row.of(name)):
        return next(
            (cell.shown for cell in row.of("recommends") if _is_regimen(desk, cell.shown)), ""
        )
    if sort is not _ADVICE:
        return None
    advice = desk.library.paths.class_advice
    for (given, _), found in advice.items():
        for each in found if given == drug else ():
            if each.claim.iri == row.iri:
                return each.drug_class
    return None


def _is_regimen(desk: PageDesk, iri: str) -> bool:
    entry = desk.library.directory.entries.get(iri)
    return entry is not None and "regimens" in entry.kinds


def lines_of(
    columns: Sequence[Iterable[Evidence]], parameters: Sequence[Mapping[str, str]]
) -> tuple[LineRow, ...]:
    """Return the lines of therapy with how many results each column has there.

    ``parameters`` are, for each column, what a list of its results is asked for.
    """
    counts: dict[str, list[int]] = defaultdict(lambda: [0 for _ in columns])
    lines: dict[str, Thing] = {}
    for place, column in enumerate(columns):
        for each in column:
            for line in each.lines:
                lines[line.iri] = line
                counts[line.iri][place] += 1
    return tuple(
        LineRow(
            lines[iri],
            tuple(
                (count, f"/api/v1/evidence?{urlencode({**asked, 'line': lines[iri].slug})}")
                for count, asked in zip(counts[iri], parameters, strict=True)
            ),
        )
        for iri in sorted(lines, key=lambda iri: lines[iri].label.casefold())
    )
