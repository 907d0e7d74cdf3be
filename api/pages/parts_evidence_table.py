"""The table of results: its columns, the links that sort it, and its rows in order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from api.pages.parts_evidence import Direction, Evidence
from api.problems import ParameterError
from api.quotation import quoted
from kg.near import suggest

__all__ = ["COLUMNS", "EvidenceTable", "Head", "evidence_table"]

_Key = Callable[[Evidence], object]
_SIDES = list(Direction)


def _named(name: str) -> _Key:
    return lambda each: " ".join(thing.label.casefold() for thing in getattr(each, name)) or None


COLUMNS: Mapping[str, tuple[str, _Key]] = {
    "endpoint": ("Measured", lambda each: each.measured.casefold()),
    "value": ("As printed", lambda each: each.figures.rank),
    "n": ("n/N", lambda each: each.figures.evaluable),
    "direction": ("Direction", lambda each: _SIDES.index(each.direction)),
    "treatment": ("Treatment", lambda each: each.treatment.casefold() or None),
    "histology": ("Histology", _named("histologies")),
    "line": ("Line and setting", _named("lines")),
    "level": ("Level", lambda each: each.level),
    "study": ("Study", _named("studies")),
    "issued": ("Date", lambda each: each.place.issued or None),
}
"""The columns that the table can be sorted by: their names for people, and what is compared."""


@dataclass(frozen=True)
class Head:
    """The head of a column: its link sorts by it, or the other way round where it did already."""

    key: str
    label: str
    address: str
    order: str = "none"

    @property
    def is_number(self) -> bool:
        """Whether the column is one of numbers."""
        return self.key in ("n", "level")


@dataclass(frozen=True)
class EvidenceTable:
    """What the template ``parts/evidence.html`` shows; ``columns`` says which cells."""

    rows: tuple[Evidence, ...]
    heads: tuple[Head, ...]
    caption: str
    columns: frozenset[str]
    anchor: str = "evidence"
    total: int = 0
    ranks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def first(self, most: int) -> EvidenceTable:
        """Return the table with its first rows only; ``total`` still counts all."""
        return replace(self, rows=self.rows[:most])

    @property
    def is_whole(self) -> bool:
        """Whether all rows are there, so that a script may sort them."""
        return len(self.rows) == self.total


def evidence_table(
    rows: Iterable[Evidence],
    *,
    address: str,
    parameters: Mapping[str, str],
    caption: str,
    without: Collection[str] = (),
    anchor: str = "evidence",
    name: str = "sort",
) -> EvidenceTable:
    """Return the table of some results, sorted as ``parameters[name]`` says: ``-n`` downwards.

    ``address`` is that of the page, to whose parameters the links of the heads add theirs;
    ``without`` are columns to leave out. Raises ParameterError for a column that there is not.
    """
    found = tuple(rows)
    shown = {key: each for key, each in COLUMNS.items() if key not in without}
    wanted = parameters.get(name, "")
    key, is_down = wanted.removeprefix("-"), wanted.startswith("-")
    if wanted and key not in COLUMNS:
        listed = ", ".join(COLUMNS)
        message = f"{name} is one of {listed}, and not {quoted(key)}{suggest(key, COLUMNS)}"
        raise ParameterError(name, message)

    def head(each: str) -> Head:
        is_this = each == key
        target = {**parameters, name: f"-{each}" if is_this and not is_down else each}
        mark = "&" if "?" in address else "?"
        link = f"{address}{mark}{urlencode(target)}#{anchor}-table"
        order = ("descending" if is_down else "ascending") if is_this else "none"
        return Head(each, COLUMNS[each][0], link, order)

    return EvidenceTable(
        rows=_sorted(found, key, is_down) if key else found,
        heads=tuple(map(head, shown)),
        caption=caption,
        columns=frozenset(shown),
        anchor=anchor,
        total=len(found),
        ranks={column: _ranks(found, column) for column in shown},
    )


def _sorted(rows: tuple[Evidence, ...], key: str, is_down: bool) -> tuple[Evidence, ...]:
    """Sort by a column; what states nothing there comes last, up and down."""
    pick = COLUMNS[key][1]
    stated = [each for each in rows if pick(each) is not None]
    ordered = sorted(stated, key=pick, reverse=is_down)  # type: ignore[arg-type]
    return (*ordered, *(each for each in rows if pick(each) is None))


def _ranks(rows: tuple[Evidence, ...], key: str) -> Mapping[str, str]:
    """Return the place of each result by a column, for the script that sorts without a reload."""
    pick = COLUMNS[key][1]
    values = sorted({pick(each) for each in rows} - {None})  # type: ignore[type-var]
    places = {value: str(place) for place, value in enumerate(values)}
    return {each.claim.iri: places.get(pick(each), "") for each in rows}
