"""Data extension: the values of some properties for some things, as columns of a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.answers import Desk
from api.directory import Entry
from api.kinds import KINDS
from api.problems import ParameterError, TooLarge
from api.quotation import clipped, quoted
from api.reconcile.limits import MOST_EXTENDED, MOST_PROPERTIES
from api.reconcile.properties import Property, find_property, properties_of
from api.reconcile.questions import read_json
from api.reconcile.tables import load_values
from api.reconcile.types import EntityType, own_kind, types_of
from api.reconcile.values import Settings, Values
from kg.near import suggest

__all__ = ["SETTINGS", "Extension", "answer_extension", "find_entry", "read_extension"]

Json = dict[str, Any]
_MATCHES = {"exact": "exact matches", "close": "exact and close matches", "any": "all matches"}
SETTINGS: tuple[Json, ...] = (
    {
        "name": "limit",
        "label": "Limit",
        "type": "number",
        "default": 0,
        "help_text": "How many values at most (0: all of them)",
    },
    {
        "name": "text",
        "label": "As text",
        "type": "checkbox",
        "default": False,
        "help_text": "Names of things instead of reconciled cells",
    },
    {
        "name": "match",
        "label": "Identifiers",
        "type": "select",
        "default": "exact",
        "help_text": "Which identifiers of other systems",
        "choices": [{"value": value, "name": name} for value, name in _MATCHES.items()],
    },
)
"""The settings of properties, as the manifest has them."""


@dataclass(frozen=True)
class Column:
    """A property as it was asked for, and its settings; what it means depends on the kind."""

    id: str
    settings: Settings


@dataclass(frozen=True)
class Extension:
    """What a data extension asks for."""

    ids: tuple[str, ...]
    columns: tuple[Column, ...]


def read_extension(text: str) -> Extension:
    """Return what a data extension query asks for; raises ParameterError and TooLarge."""
    given = read_json(text, "extend")
    if not isinstance(given, dict):
        raise ParameterError("extend", "extend is an object with the keys ids and properties")
    for key in given.keys() - {"ids", "properties"}:
        raise ParameterError(
            "extend", f"extend has the key {quoted(key)}; it takes ids, properties"
        )
    ids = _list(given, "ids", MOST_EXTENDED)
    for each in ids:
        if not isinstance(each, str):
            raise ParameterError("extend.ids", f"an id is a text, and not {quoted(each)}")
    columns = tuple(_column(each) for each in _list(given, "properties", MOST_PROPERTIES))
    return Extension(tuple(dict.fromkeys(ids)), columns)


async def answer_extension(desk: Desk, wanted: Extension) -> Json:
    """Return the values of the properties of each thing, and what the columns are."""
    entries = {text: find_entry(desk, text) for text in wanted.ids}
    kinds = {kind for each in entries.values() if each and (kind := own_kind(each.kinds))}
    meant = [each for column in wanted.columns for each in find_property(column.id, sorted(kinds))]
    values = await load_values(desk, kinds, meant)
    rows = {
        text: {column.id: _cells(values, entry, column) for column in wanted.columns}
        for text, entry in entries.items()
    }
    return {"meta": [_meta(column, sorted(kinds)) for column in wanted.columns], "rows": rows}


def _list(given: Json, key: str, most: int) -> list[Any]:
    found = given.get(key)
    if not isinstance(found, list):
        raise ParameterError(f"extend.{key}", f"extend.{key} is a list, and is missing or another")
    if len(found) > most:
        raise TooLarge(f"{len(found)} {key} are too many; an extension has at most {most}")
    return found


def _column(given: Any) -> Column:
    place = "extend.properties"
    if not isinstance(given, dict) or not isinstance(given.get("id"), str):
        raise ParameterError(place, f"a property is an object with an id, and not {quoted(given)}")
    if not find_property(given["id"]):
        near = suggest(given["id"], _known())
        raise ParameterError(place, f"there is no property '{clipped(given['id'])}'{near}")
    return Column(given["id"], _settings(given.get("settings")))


def _settings(given: Any) -> Settings:
    """Read settings as forms send them: numbers and truths as texts too, or empty."""
    if given is None:
        return Settings()
    if not isinstance(given, dict):
        raise ParameterError("settings", f"settings are an object, and not {quoted(given)}")
    match = str(given.get("match") or "exact")
    if match not in _MATCHES:
        raise ParameterError("match", f"match is one of {', '.join(_MATCHES)}, not {quoted(match)}")
    is_text = given.get("text") in (True, "true", "on", "1")
    return Settings(_limit(given.get("limit")), is_text, match)


def _limit(given: Any) -> int:
    if given in (None, "", False):
        return 0
    try:
        number = float(given)
    except (TypeError, ValueError):
        number = -1.0
    if number < 0 or number != number // 1:
        raise ParameterError("limit", f"limit is a whole number from 0 on, and not {quoted(given)}")
    return int(min(number, MOST_EXTENDED))


def find_entry(desk: Desk, text: str) -> Entry | None:
    """Return the thing with an id, an IRI, or an exact code elsewhere; a name is none."""
    directory = desk.library.directory
    iri = directory.namespaces.expand(text.removeprefix("sarcoma")) if ":" in text else None
    for each in (text, iri):
        if each and each in directory.entries:
            return directory.entries[each]
    near = directory.identifiers.near(text)
    coded = [each for each in directory.find_coded(text) if each.iri not in near]
    return coded[0] if len(coded) == 1 else None


def _cells(values: Values, entry: Entry | None, column: Column) -> list[Json]:
    if entry is None or not (kind := own_kind(entry.kinds)):
        return []
    meant = find_property(column.id, [kind])
    found = [cell for each in meant for cell in values.cells(entry, each, column.settings)]
    unique = list({str(cell): cell for cell in found}.values())
    return unique[: column.settings.limit] if column.settings.limit else unique


def _meta(column: Column, kinds: Sequence[str]) -> Json:
    meant = find_property(column.id, kinds) or find_property(column.id)
    found: Json = {"id": column.id, "name": meant[0].name if len(meant) == 1 else column.id}
    type_ = None if column.settings.as_text else _type_of(meant)
    return {**found, "type": type_.written()} if type_ else found


def _type_of(meant: Sequence[Property]) -> EntityType | None:
    """Return the type of the things that are values, where there is one alone."""
    kinds = frozenset(kind for each in meant if each.field for kind in each.field.kinds)
    return types_of(kinds)[0] if len(kinds) == 1 else None


def _known() -> list[str]:
    return sorted({each.id for kind in KINDS for each in properties_of(kind.path)})
