"""What the parameters of a list ask for: names found, ranges read, fields known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.histologies import Scope
from api.list_conditions import Among, Between, Condition, Contains, Present, Truth
from api.list_fields import Field, FieldType
from api.list_names import find_things
from api.list_table import Table
from api.lists import Lists
from api.parameters import ListFilter
from api.path_parameters import last_day
from api.problems import ParameterError
from api.quotation import clipped
from kg.near import suggest

__all__ = ["ALWAYS", "ListQuestion", "SortKey", "given_of", "read_as_of", "read_question"]

ALWAYS = ("id", "type")
"""Keys that every item has, whichever are asked for."""

_AROUND = ("iri", "passage", "inferred", "links", "source", "linked", "comparison")
_NOT_ASKED = {"limit", "cursor"}


@dataclass(frozen=True)
class SortKey:
    """A field to sort by, and whether the greatest comes first."""

    field: Field
    is_descending: bool


@dataclass(frozen=True)
class ListQuestion:
    """What is asked of a list: conditions, order, facets, and the keys and fields to show."""

    conditions: tuple[Condition, ...]
    sort: tuple[SortKey, ...]
    facets: tuple[Field, ...]
    shown: tuple[Field, ...] | None
    keys: frozenset[str] | None
    text: str | None
    only_direct: bool


def given_of(wanted: ListFilter) -> dict[str, Any]:
    """Return the parameters that were given, but for the place in the list, by their names."""
    return wanted.model_dump(
        mode="json", by_alias=True, exclude_unset=True, exclude_defaults=True, exclude=_NOT_ASKED
    )


def read_question(lists: Lists, table: Table, wanted: ListFilter) -> ListQuestion:
    """Return the question that the parameters of a list ask.

    Raises ParameterError, UnknownName and AmbiguousName.
    """
    given = given_of(wanted)
    shown, keys = _read_shown(table, wanted.fields)
    return ListQuestion(
        conditions=tuple(_conditions(lists, table, given)),
        sort=tuple(_read_sort(table, wanted.sort)),
        facets=tuple(_find_field(table, "facets", name) for name in _split(wanted.facets)),
        shown=shown,
        keys=keys,
        text=wanted.q,
        only_direct=bool(given.get("direct")),
    )


def _conditions(lists: Lists, table: Table, given: Mapping[str, Any]) -> Iterator[Condition]:
    for field in table.fields.values():
        yield from _field_conditions(lists, table, field, given)
    for name in _split(given.get("has", ())):
        yield Condition(_find_field(table, "has", name), Present(True))
    for name in _split(given.get("lacks", ())):
        yield Condition(_find_field(table, "lacks", name), Present(False))
    latest = read_as_of(given)
    if latest is not None:
        yield Condition(table.fields["issued"], Between(None, latest))


def _field_conditions(
    lists: Lists, table: Table, field: Field, given: Mapping[str, Any]
) -> Iterator[Condition]:
    values = [given.get(name) for name in field.parameters]
    if all(value is None for value in values):
        return
    match field.type:
        case FieldType.THING:
            names = given[field.name]
            things = find_things(lists.directory, table, field, names)
            yield Condition(field, Among(_scopes(lists, field, things)))
        case FieldType.FLAG:
            yield Condition(field, Truth(given[field.name]))
        case FieldType.TEXT:
            yield Condition(field, Contains(given[field.name]))
        case FieldType.NUMBER:
            yield Condition(field, _range(field, *values))
        case FieldType.DATE:
            least, most = (
                _day(name, text) for name, text in zip(field.parameters, values, strict=True)
            )
            yield Condition(field, _range(field, least and least[0], most and most[1]))


def _range(field: Field, least: Any, most: Any) -> Between:
    if least is not None and most is not None and least > most:
        low, high = field.parameters
        message = f"{low} ({_plain(least)}) is more than {high} ({_plain(most)}): nothing can match"
        raise ParameterError(low, message)
    return Between(least, most)


def _plain(value: float | date) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _scopes(lists: Lists, field: Field, things: Iterable[str]) -> tuple[Scope, ...]:
    if field.tree is None:
        return tuple(Scope(iri, frozenset()) for iri in things)
    return tuple(lists.trees[field.tree].scope(iri) for iri in things)


def read_as_of(given: Mapping[str, Any]) -> date | None:
    """Return the last day of the parameter asOf, or None without; raises ParameterError."""
    if given.get("asOf") and given.get("as_of"):
        raise ParameterError("asOf", "asOf and as_of are the same; give one of them")
    name = "as_of" if given.get("as_of") else "asOf"
    found = _day(name, given.get(name))
    return found and found[1]


def _day(name: str, text: str | None) -> tuple[date, date] | None:
    """Return the first and the last day of a date; raises ParameterError."""
    if text is None:
        return None
    last = last_day(text)
    if last is None:
        raise ParameterError(
            name, f"{name} is a year, month or day, such as 2017 or 2017-03, and not '{text}'"
        )
    first = last if len(text) == 10 else last.replace(day=1)
    return (first.replace(month=1) if len(text) == 4 else first, last)


def _read_sort(table: Table, names: Sequence[str]) -> Iterator[SortKey]:
    for name in _split(names):
        field = _find_field(table, "sort", name.removeprefix("-"))
        yield SortKey(field, name.startswith("-"))


def _read_shown(
    table: Table, names: Sequence[str]
) -> tuple[tuple[Field, ...] | None, frozenset[str] | None]:
    """Return the fields and the keys of the records that are asked for; None for all."""
    if not names:
        return None, None
    fields: dict[str, Field] = {}
    keys = set(ALWAYS)
    for name in _split(names):
        # What is imported has its source as a field too, and so as a column.
        if name in ALWAYS or (name in _AROUND and name not in table.fields):
            keys.add(name)
            continue
        field = _find_field(table, "fields", name)
        fields[field.name] = field
        keys |= set(field.keys) if name == field.name else {name}
    return tuple(fields.values()), frozenset(keys)


def _find_field(table: Table, parameter: str, name: str) -> Field:
    """Return the field with a name, or with a key of the records; raises ParameterError."""
    if name in table.fields:
        return table.fields[name]
    for field in table.fields.values():
        if name in field.keys:
            return field
    known = [*table.fields, *(key for field in table.fields.values() for key in field.keys)]
    others = [*_AROUND, *ALWAYS] if parameter == "fields" else []
    near = suggest(name, [*known, *others])
    raise ParameterError(
        parameter, f"{parameter}: the records of {table.kind} have no field '{clipped(name)}'{near}"
    )


def _split(names: Iterable[str]) -> list[str]:
    parts = (part.strip() for name in names for part in name.split(","))
    return list(dict.fromkeys(part for part in parts if part))
