"""Constraints on attributes: the operators of TRAPI over what nodes and edges say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal

from api.canned import ask_rows
from api.engine import Engine
from api.trapi.attributes import Attribute
from api.trapi.errors import TrapiProblem
from api.trapi.limits import LONGEST_PATTERN, MOST_PATTERNS, check_limit
from api.trapi.question import AttributeConstraint
from kg.query_error import QueryError

__all__ = ["Comparer", "find_matches"]

_SEARCH = """SELECT ?value ?is
WHERE {{ VALUES ?value {{ {0} }} BIND (REGEX(?value, {1}) AS ?is) FILTER (BOUND(?is)) }}
"""
"""A pattern that is none leaves every text without an answer."""

Matches = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Comparer:
    """Compares attributes; ``matches`` are the texts that each pattern of the query matches."""

    matches: Matches = field(default_factory=dict)

    def passes(
        self, attributes: Iterable[Attribute], constraints: Iterable[AttributeConstraint]
    ) -> bool:
        """Tell whether attributes meet all of some constraints."""
        held = list(attributes)
        return all(self._meets(held, each) for each in constraints)

    def _meets(self, attributes: list[Attribute], constraint: AttributeConstraint) -> bool:
        """Tell whether an attribute compares so; without the attribute, only ``not`` is met."""
        found = (each["value"] for each in attributes if each["attribute_type_id"] == constraint.id)
        return any(self._compares(value, constraint) for value in found) is not constraint.negated

    def _compares(self, found: object, constraint: AttributeConstraint) -> bool:
        if constraint.operator == "===":
            return _exact(found) == _exact(constraint.value)
        return any(
            self._holds(one, constraint.operator, wanted)
            for one in _listed(found)
            for wanted in _listed(constraint.value)
        )

    def _holds(self, found: object, operator: str, wanted: object) -> bool:
        if operator == "matches":
            return show(found) in self.matches.get(str(wanted), frozenset())
        if operator == "==":
            return _exact(found) == _exact(wanted) or (
                _is_number(found) and _is_number(wanted) and found == wanted
            )
        if _is_number(found) and _is_number(wanted):
            first, second = float(str(found)), float(str(wanted))
            return first > second if operator == ">" else first < second
        if isinstance(found, str) and isinstance(wanted, str):
            return found > wanted if operator == ">" else found < wanted
        return False


async def find_matches(
    engine: Engine,
    constraints: Iterable[AttributeConstraint],
    attributes: Iterable[Attribute],
) -> Matches:
    """Return the texts among attributes that each pattern of some constraints matches.

    A worker matches them, in time that grows with the text alone. Raises TrapiProblem for a
    pattern that is none.
    """
    asked = {
        str(pattern): each.id
        for each in constraints
        if each.operator == "matches"
        for pattern in _listed(each.value)
    }
    check_limit("patterns of the query", len(asked), MOST_PATTERNS)
    if not asked:
        return {}
    held = list(attributes)
    found = {}
    for pattern, kind in asked.items():
        texts = {
            show(value)
            for each in held
            if each["attribute_type_id"] in asked.values()
            for value in _listed(each["value"])
        }
        found[pattern] = await _match(engine, pattern, kind, sorted(texts))
    return found


async def _match(engine: Engine, pattern: str, kind: str, texts: list[str]) -> frozenset[str]:
    check_limit(f"characters of the pattern on {kind}", len(pattern), LONGEST_PATTERN)
    listed = " ".join(str(Literal(text)) for text in (*texts, ""))
    try:
        rows = await ask_rows(engine, _SEARCH.format(listed, Literal(pattern)))
    except QueryError:
        rows = []
    found = frozenset(row["value"].value for row in rows if row["is"].value == "true")
    if not rows:
        message = f"the pattern of the constraint on {kind} is no regular expression"
        raise TrapiProblem(message)
    return found


def show(value: object) -> str:
    """Return a value as the text that a pattern is matched with.

    >>> show(True), show("a"), show(2.5)
    ('true', 'a', '2.5')
    """
    return value if isinstance(value, str) else json.dumps(value)


def _listed(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value)
    return value if isinstance(value, list) else [value]


def _exact(value: object) -> str:
    """Return a value as a text that tells its type: 1, 1.0, true and "1" all differ."""
    return json.dumps(value, sort_keys=True)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
