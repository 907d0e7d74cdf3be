"""Batches of queries as clients send them, read into plain values, or refused."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from api.problems import ParameterError, TooLarge
from api.quotation import clipped, quoted
from api.reconcile.limits import (
    LARGEST_BATCH,
    MOST_CANDIDATES,
    MOST_PROPERTIES,
    MOST_VALUES,
    USUAL_CANDIDATES,
)

__all__ = ["Asked", "Question", "Strictness", "Value", "read_batch", "read_json", "read_question"]

Value = str | float | bool
_KEYS = frozenset(("query", "type", "limit", "properties", "type_strict"))
_STRICT = ("any", "should", "all")
Strictness = str


@dataclass(frozen=True)
class Asked:
    """A property that a thing should have, with values of which one is enough."""

    property: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Question:
    """One query: a text, types by their ids, properties; ``strict`` says what types are for."""

    text: str = ""
    types: tuple[str, ...] = ()
    limit: int = USUAL_CANDIDATES
    properties: tuple[Asked, ...] = ()
    strict: Strictness = "any"


def read_json(text: str, parameter: str) -> Any:
    """Return the value of a JSON text; raises ParameterError.

    >>> read_json('{"q0": NaN}', "queries")
    Traceback (most recent call last):
    api.problems.ParameterError: queries is no JSON: NaN is no number of JSON
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise ParameterError(parameter, f"{parameter} is nested too deeply") from None
    except ValueError as error:
        raise ParameterError(parameter, f"{parameter} is no JSON: {clipped(str(error))}") from None


def read_batch(text: str) -> Mapping[str, Question]:
    """Return the queries of a batch by their keys; raises ParameterError, and TooLarge.

    >>> read_batch('{"q0": {"query": "DTIC", "limit": 3}}')
    {'q0': Question(text='DTIC', types=(), limit=3, properties=(), strict='any')}
    """
    given = read_json(text, "queries")
    if not isinstance(given, dict):
        raise ParameterError(
            "queries", 'queries is an object such as {"q0": {"query": "GIST"}}, and no other value'
        )
    if len(given) > LARGEST_BATCH:
        raise TooLarge(
            f"{len(given)} queries are too many; a batch has at most {LARGEST_BATCH} (batchSize)"
        )
    found = {key: read_question(each, f"queries.{clipped(key)}") for key, each in given.items()}
    values = sum(len(one.values) for each in found.values() for one in each.properties)
    if values > MOST_VALUES:
        raise TooLarge(
            f"the properties of a batch have {values} values; there are at most {MOST_VALUES}"
        )
    return found


def read_question(given: Any, place: str) -> Question:
    """Return one query; raises ParameterError, which names the place in the batch."""
    found = _object(given, place)
    for key in found:
        if key not in _KEYS:
            known = ", ".join(sorted(_KEYS))
            raise ParameterError(place, f"{place} has the key {quoted(key)}; it takes {known}")
    text = _text(found.get("query", ""), f"{place}.query").strip()
    properties = tuple(_properties(found.get("properties", []), f"{place}.properties"))
    # A blank text finds nothing: it is an empty cell, which must not spoil the batch.
    if "query" not in found and not properties:
        raise ParameterError(place, f"{place} has no text to look for; give query or properties")
    return Question(
        text,
        tuple(_types(found.get("type", []), f"{place}.type")),
        _limit(found.get("limit", USUAL_CANDIDATES), f"{place}.limit"),
        properties,
        _strict(found.get("type_strict", "any"), f"{place}.type_strict"),
    )


def _types(given: Any, place: str) -> Iterator[str]:
    listed = given if isinstance(given, list) else [given]
    _check_number(len(listed), "types", place)
    for each in listed:
        # Clients in use send a type as an object with its id as well.
        one = _text(each.get("id") if isinstance(each, dict) else each, place)
        if one.strip():
            yield one


def _properties(given: Any, place: str) -> Iterator[Asked]:
    if not isinstance(given, list):
        raise ParameterError(place, f"{place} is a list, and not {_kind(given)}")
    _check_number(len(given), "properties", place)
    for number, each in enumerate(given):
        here = f"{place}.{number}"
        found = _object(each, here)
        if "pid" not in found or "v" not in found:
            raise ParameterError(here, f"{here} needs the keys pid and v")
        listed = found["v"] if isinstance(found["v"], list) else [found["v"]]
        _check_number(len(listed), "values", here)
        values = [_value(value, f"{here}.v") for value in listed]
        # An empty cell says nothing of a thing.
        stated = tuple(each for each in values if not isinstance(each, str) or each.strip())
        yield Asked(_text(found["pid"], f"{here}.pid"), stated)


def _value(given: Any, place: str) -> Value:
    if isinstance(given, dict) and isinstance(given.get("id"), str):
        return str(given["id"])
    if isinstance(given, str | int | float | bool):
        return given
    raise ParameterError(
        place,
        f"{place} is a text, a number, true, false, or an object with an id, not {_kind(given)}",
    )


def _limit(given: Any, place: str) -> int:
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    if not is_number or given < 1 or given % 1:
        raise ParameterError(place, f"{place} is a whole number from 1 on, and not {quoted(given)}")
    return int(min(given, MOST_CANDIDATES))


def _strict(given: Any, place: str) -> Strictness:
    if given not in _STRICT:
        raise ParameterError(place, f"{place} is any, should or all, and not {quoted(given)}")
    return str(given)


def _object(given: Any, place: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise ParameterError(place, f"{place} is an object, and not {_kind(given)}")
    return given


def _text(given: Any, place: str) -> str:
    if not isinstance(given, str):
        raise ParameterError(place, f"{place} is a text, and not {_kind(given)}")
    return given


def _check_number(number: int, what: str, place: str) -> None:
    if number > MOST_PROPERTIES:
        raise TooLarge(f"{place} has {number} {what}; there are at most {MOST_PROPERTIES}")


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "a truth value"}
    return "null" if value is None else names.get(type(value), "a number")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
