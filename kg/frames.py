"""Data frames of pandas, which is an extra: lists and rows of queries with typed columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kg.answering import Column, ColumnType, ListedRow, Listing, Named, Value
from kg.passage_places import PassagePlace

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "COUNTS",
    "JOINT",
    "PandasMissingError",
    "frame_of_listing",
    "frame_of_rows",
    "snake_case",
]

JOINT = " | "
"""What stands between several values in a cell."""

COUNTS = frozenset(
    {
        "responders",
        "evaluable",
        "uncertainEvaluable",
        "numberOfPatients",
        "studyPatients",
        "gradeLow",
        "gradeHigh",
    }
)
"""Numbers that are whole."""

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class PandasMissingError(ImportError):
    """Data frames were asked for, and pandas is not installed."""


def snake_case(name: str) -> str:
    """Return a name of JSON as Python writes names.

    >>> snake_case("hazardRatio"), snake_case("pValue"), snake_case("drug")
    ('hazard_ratio', 'p_value', 'drug')
    """
    return _WORD.sub("_", name).lower()


def frame_of_listing(
    listing: Listing, places: Mapping[str, PassagePlace] | None = None
) -> pd.DataFrame:
    """Return the records of a list as a data frame, one row each.

    A thing has its label in the column of its name and its CURIE beside, in ``<name>_id``; a
    date stands as stated, and the day that it counts as in ``<name>_last_day``. ``places`` adds
    where claims were read. The types are the same whatever the filters.
    """
    pandas = _pandas()
    columns: dict[str, Any] = {
        "id": pandas.array([row.id for row in listing.rows], dtype="string"),
    }
    if listing.is_matched:
        columns["match"] = _texts(row.match for row in listing.rows)
        columns["match_from"] = _texts(_ids(row.match_from) for row in listing.rows)
    for column in listing.columns:
        columns.update(_columns(column, listing.rows))
    if places is not None:
        found = [places.get(row.iri) for row in listing.rows]
        columns["passage_ranges"] = _texts(str(each) if each else "" for each in found)
        columns["passage_sha256"] = _texts(each.sha256 if each else "" for each in found)
    columns["iri"] = _texts(row.iri for row in listing.rows)
    made: pd.DataFrame = pandas.DataFrame(columns)
    return made


def frame_of_rows(names: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the rows of a query as a data frame with the narrowest types that hold them.

    Decimals become floating-point numbers; the rows themselves have them exactly.
    """
    pandas, given = _pandas(), list(rows)
    made: pd.DataFrame = pandas.DataFrame(
        {
            name: pandas.Series([_inexact(row.get(name)) for row in given], dtype="object")
            for name in names
        }
    ).convert_dtypes()
    return made


def _columns(column: Column, rows: Iterable[ListedRow]) -> Iterator[tuple[str, Any]]:
    pandas, name = _pandas(), snake_case(column.name)
    values = [row.values.get(column.name, ()) for row in rows]
    match column.type:
        case ColumnType.THING:
            yield name, _texts(_labels(each) for each in values)
            yield f"{name}_id", _texts(_ids(each) for each in values)
        case ColumnType.NUMBER if column.is_single:
            kind = "Int64" if column.name in COUNTS else "Float64"
            yield name, pandas.array([_first(each, pandas.NA) for each in values], dtype=kind)
        case ColumnType.FLAG if column.is_single:
            flags = [_first(each, pandas.NA) for each in values]
            yield name, pandas.array(flags, dtype="boolean")
        case ColumnType.DATE:
            yield name, _texts(_joined(each) for each in values)
            days = [row.last_days.get(column.name) for row in rows]
            yield f"{name}_last_day", pandas.to_datetime(pandas.Series(days, dtype="object"))
        case _:
            yield name, _texts(_joined(each) for each in values)


def _texts(values: Iterable[str]) -> Any:
    """Return a column of texts; an empty one is no value."""
    pandas = _pandas()
    return pandas.array([value or pandas.NA for value in values], dtype="string")


def _first(values: tuple[Value, ...], without: object) -> object:
    return values[0] if values else without


def _labels(values: Iterable[Value]) -> str:
    return _joined(each.label if isinstance(each, Named) else each for each in values)


def _ids(values: Iterable[Value]) -> str:
    return _joined(each.id if isinstance(each, Named) else each for each in values)


def _joined(values: Iterable[Value]) -> str:
    return JOINT.join(_text(each) for each in values)


def _text(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _inexact(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


def _pandas() -> Any:
    try:
        import pandas  # noqa: PLC0415 - an extra
    except ImportError:
        raise PandasMissingError(
            "data frames need pandas, which is not installed; install it with pip install pandas"
        ) from None
    return pandas
