"""What answers questions about lists and paths: another package, found by its entry point.

The library knows what it asks and what it is told, and not who answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.metadata import entry_points
from typing import Any, Protocol, cast

from pyoxigraph import Store

from kg.merging import Merges
from kg.shipped import Shipped
from kg.snapshot import Snapshot

__all__ = [
    "ENTRY_POINTS",
    "AmbiguousNameError",
    "Answers",
    "AnswersMissingError",
    "Column",
    "ColumnType",
    "Filter",
    "FilterError",
    "ListedRow",
    "Listing",
    "Named",
    "UnknownNameError",
    "Value",
    "load_answers",
]

ENTRY_POINTS = "sarcoma_kg.answers"
"""The group of entry points by which a package says that it answers."""

Filter = str | int | float | bool | date | Iterable[str] | None
"""What may be given for a filter; None is as if it were left out."""


class AnswersMissingError(ImportError):
    """No installed package answers questions about lists and paths."""


class FilterError(ValueError):
    """A filter is unknown or ill-formed; ``parameter`` names it."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


@dataclass(frozen=True, order=True)
class Named:
    """A thing with its CURIE and its label."""

    id: str
    label: str


class _NameError(LookupError):
    def __init__(self, parameter: str, message: str, meant: Sequence[Named]) -> None:
        names = ", ".join(each.id for each in meant)
        super().__init__(f"{message}; {self._offers} {names}" if names else message)
        self.parameter = parameter
        self.meant = tuple(meant)

    _offers = ""


class UnknownNameError(_NameError):
    """Nothing has a name; ``meant`` are things that it may have meant."""

    _offers = "near it are"


class AmbiguousNameError(_NameError):
    """Several things have a name; ``meant`` are all of them."""

    _offers = "it may be"


class ColumnType(StrEnum):
    """What the values of a column are."""

    THING = "thing"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"


Value = Named | str | float | bool
"""A value of a column, by its type: a thing, a text or a date as stated, a number, a truth."""


@dataclass(frozen=True)
class Column:
    """A column of a list; ``is_single`` where no record of the whole list has several values."""

    name: str
    type: ColumnType
    is_single: bool


@dataclass(frozen=True)
class ListedRow:
    """A record: its values by columns, and the days that its dates count as.

    ``match`` and ``match_from`` tell whether it is about the histology that was asked for or
    about a narrower one, and which; empty where none was asked for.
    """

    id: str
    iri: str
    values: Mapping[str, tuple[Value, ...]]
    last_days: Mapping[str, date]
    match: str = ""
    match_from: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Listing:
    """The records of a kind that fulfil some filters, in the order asked for."""

    kind: str
    columns: tuple[Column, ...]
    rows: tuple[ListedRow, ...]
    is_matched: bool


class Answers(Protocol):
    """What is asked about the lists and the paths of one snapshot, by one thread at a time."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of records that there are lists of."""

    def find(self, kind: str, filters: Mapping[str, Filter]) -> Listing:
        """Return the records of a kind; raises FilterError and the errors of names."""

    def paths(self, filters: Mapping[str, Filter]) -> Mapping[str, Any]:
        """Return all paths asked for as JSON has them; raises as ``find`` does."""


def load_answers() -> Callable[[Snapshot, Store, Merges, Shipped], Answers]:
    """Return what makes the answers of a snapshot; raises AnswersMissingError."""
    found = next(iter(entry_points(group=ENTRY_POINTS)), None)
    if found is None:
        raise AnswersMissingError(
            f"lists and paths are answered by a package with an entry point '{ENTRY_POINTS}', "
            "and none is installed; install sarcoma-kg again with pip install, in a checkout with "
            "pip install -e ."
        )
    return cast(Callable[[Snapshot, Store, Merges, Shipped], Answers], found.load())
