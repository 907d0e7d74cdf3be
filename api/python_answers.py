"""Lists and paths for Python: the answers of ``/api/v1``, in the process of who asks.

``kg.answering`` finds this by an entry point: the library does not know the server.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ValidationError
from pyoxigraph import Store

from api.answers import Desk
from api.by_heart import TooManyRecords
from api.directory import AmbiguousName, Entry, UnknownName
from api.in_process import engine_at, finish
from api.kinds import KINDS
from api.library import load_library
from api.list_choice import ChosenRow, choose_rows
from api.list_fields import Field, FieldType
from api.list_parameters import filter_of
from api.list_question import read_question
from api.list_table import Cell, Row, Table
from api.list_tables import aligned_cells
from api.parameters import MOST_ITEMS
from api.path_page import answer_paths
from api.path_parameters import PathFilter
from api.problems import ParameterError
from kg.answering import (
    AmbiguousNameError,
    Answers,
    Column,
    ColumnType,
    Filter,
    FilterError,
    ListedRow,
    Listing,
    Named,
    UnknownNameError,
    Value,
)
from kg.frames import snake_case
from kg.merging import Merges
from kg.near import suggest
from kg.shipped import Shipped
from kg.snapshot import Snapshot

__all__ = ["open_answers"]

_NO_FILTERS = frozenset({"limit", "cursor", "fields", "facets", "format", "explain"})
"""Parameters that say how much of an answer is shown: here it is always whole."""

Model = TypeVar("Model", bound=BaseModel)


def open_answers(snapshot: Snapshot, store: Store, merges: Merges, shipped: Shipped) -> Answers:
    """Return the answers of a snapshot whose database is open."""
    engine = engine_at(snapshot, store, merges)
    library = finish(load_library(engine, shipped))
    return _Answers(Desk(library, library.writer, engine))


class _Answers:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of records that there are lists of."""
        return tuple(kind.path for kind in KINDS)

    def find(self, kind: str, filters: Mapping[str, Filter]) -> Listing:
        """Return the records of a kind."""
        with _told_in_python():
            wanted = _read(filter_of(kind), filters)
            table = finish(self._desk.library.lists.table(self._desk.engine, kind))
            question = read_question(self._desk.library.lists, table, wanted)
            chosen = choose_rows(self._desk.library.directory, table, question)
        columns = tuple(_column(table, field) for field in table.fields.values())
        rows = tuple(self._row(table, columns, each) for each in chosen)
        return Listing(kind, columns, rows, is_matched="histology" in table.fields)

    def paths(self, filters: Mapping[str, Filter]) -> Mapping[str, Any]:
        """Return all paths asked for, however many pages they are."""
        with _told_in_python():
            wanted = _read(PathFilter, filters).model_copy(update={"limit": MOST_ITEMS})
            answer, paths = self._page(wanted), []
            while True:
                paths.extend(answer["paths"])
                if "next" not in answer:
                    return {**answer, "paths": paths}
                (cursor,) = parse_qs(urlsplit(answer["next"]).query)["cursor"]
                answer = self._page(wanted.model_copy(update={"cursor": cursor}))

    def _page(self, wanted: PathFilter) -> dict[str, Any]:
        written = finish(answer_paths(self._desk, wanted=wanted, room=sys.maxsize))
        page: dict[str, Any] = json.loads(b"".join((written.text.encode(), *written.rest)))
        return page

    def _row(self, table: Table, columns: Sequence[Column], chosen: ChosenRow) -> ListedRow:
        row, matched = chosen.row, chosen.matched.get("histology")
        return ListedRow(
            id=self._desk.library.directory.shorten(row.iri),
            iri=row.iri,
            values={
                column.name: self._values(table, column, row)
                for column in columns
                if row.of(column.name)
            },
            last_days=dict(_last_days(table, row)),
            match=matched.match.value if matched else "",
            match_from=tuple(map(self._named, matched.values)) if matched else (),
        )

    def _values(self, table: Table, column: Column, row: Row) -> tuple[Value, ...]:
        fields = tuple(table.fields.values())
        cells = aligned_cells(table.fields[column.name], fields, row)
        match column.type:
            case ColumnType.THING:
                return tuple(self._named(cell.shown) for cell in cells)
            case ColumnType.NUMBER | ColumnType.FLAG if column.is_single:
                return tuple(_plain(cell) for cell in cells)
        return tuple(cell.shown for cell in cells)

    def _named(self, iri: str) -> Named:
        directory = self._desk.library.directory
        label = directory.label(iri) or iri.rpartition("/")[2]
        return Named(directory.shorten(iri) if iri else "", label)


def _column(table: Table, field: Field) -> Column:
    """Return the column of a field; of its type, the whole list decides, and no filter."""
    fields = tuple(table.fields.values())
    is_single = all(
        len(aligned_cells(field, fields, row)) == 1 for row in table.rows if row.of(field.name)
    )
    return Column(field.name, ColumnType(field.type.value), is_single)


def _plain(cell: Cell) -> Value:
    assert not isinstance(cell.value, date)
    return cell.value


def _last_days(table: Table, row: Row) -> Iterator[tuple[str, date]]:
    """Yield the day that each date of a record counts as: of several, the last."""
    for field in table.fields.values():
        if field.type is FieldType.DATE and row.of(field.name):
            days = (cell.value for cell in row.of(field.name))
            yield field.name, max(day for day in days if isinstance(day, date))


def _read(model: type[Model], filters: Mapping[str, Filter]) -> Model:
    """Return parameters by the names of JSON or of Python; raises FilterError."""
    names = {field.alias or name for name, field in model.model_fields.items()} - _NO_FILTERS
    known = {snake_case(name): name for name in sorted(names)} | {name: name for name in names}
    given: dict[str, object] = {}
    for name, value in filters.items():
        if name not in known:
            offered = sorted({snake_case(each) for each in names})
            near = suggest(name, offered) or f"; there are {', '.join(offered)}"
            raise FilterError(name, f"there is no filter '{name}'{near}")
        if value is None:
            continue
        if known[name] in given:
            raise FilterError(name, f"{known[name]} is given twice, by two spellings; give it once")
        given[known[name]] = _written(name, value)
    try:
        return model.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        name = str(first["loc"][0])
        message = first["msg"][:1].lower() + first["msg"][1:]
        raise FilterError(name, f"{name} is {first['input']!r}, but {message}") from None


def _written(name: str, value: object) -> str | list[str]:
    """Return a value as an address would have it, where several may be; raises FilterError."""
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        return _one_written(name, value)
    if written := [_one_written(name, each) for each in value]:
        return written
    # An address without a filter has everything: nobody who gives no names asks for that.
    raise FilterError(name, f"{name} names nothing; give names, or leave it out to have all")


def _one_written(name: str, value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()[:10]
    # A number of numpy, or a truth of it, has the plain one as its item.
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, bool):
        return str(plain).lower()
    if not isinstance(plain, str | int | float):
        kind = type(value).__name__
        raise FilterError(name, f"{name} is of type {kind}; give a text, a number or a date")
    return str(plain)


@contextmanager
def _told_in_python() -> Iterator[None]:
    """Tell the errors of the server as those that the library names."""
    try:
        yield
    except (ParameterError, TooManyRecords) as error:
        raise FilterError(getattr(error, "parameter", "kind"), str(error)) from None
    except UnknownName as error:
        raise UnknownNameError(error.parameter, str(error), _meant(error.near)) from None
    except AmbiguousName as error:
        raise AmbiguousNameError(error.parameter, str(error), _meant(error.candidates)) from None


def _meant(entries: Sequence[Entry]) -> tuple[Named, ...]:
    return tuple(Named(each.curie, each.label) for each in entries)
