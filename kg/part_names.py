"""Names for the parts of a record that were written without an id."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode

from kg.context import Context
from kg.problem import Place, Problem
from kg.record_graph import Part
from kg.yaml_source import Mapping, Scalar

__all__ = ["PartNames", "name_parts"]


@dataclass(frozen=True)
class PartNames:
    """The IRI of each part, in their order, and why some could not be named."""

    iris: tuple[str, ...]
    problems: tuple[Problem, ...]


def name_parts(parts: Sequence[Part], context: Context, *, shown_as: str) -> PartNames:
    """Return the IRI of each part.

    A part with an id keeps it. Another is named by its place: the IRI of its parent, the local
    name of the predicate between them and, where several hang on the same parent and predicate,
    the value of its ``order``, which must then be there once.
    """
    crowded = [group for group in _siblings(parts).values() if len(group) > 1]
    orders = {number: _find_order(parts[number].mapping, context) for g in crowded for number in g}
    problems = tuple(
        Problem(Place(shown_as, parts[number].mapping.line), message)
        for group in crowded
        for number, message in _order_faults(group, orders, parts)
    )
    iris: list[str] = []
    for number, part in enumerate(parts):
        blank = isinstance(part.subject, BlankNode)
        iris.append(_place_name(part, iris, orders.get(number)) if blank else part.subject.value)
    return PartNames(tuple(iris), problems)


def _siblings(parts: Sequence[Part]) -> dict[tuple[str, str], list[int]]:
    groups = defaultdict(list)
    for number, part in enumerate(parts):
        if isinstance(part.subject, BlankNode) and part.parent is not None and part.term:
            groups[parts[part.parent].subject.value, part.term.predicate].append(number)
    return groups


def _find_order(mapping: Mapping, context: Context) -> int | None:
    for entry in mapping.entries:
        term = context.terms.get(entry.key)
        if term and term.predicate == context.order_predicate and isinstance(entry.value, Scalar):
            return int(entry.value.text)
    return None


def _order_faults(
    group: Sequence[int], orders: dict[int, int | None], parts: Sequence[Part]
) -> Iterator[tuple[int, str]]:
    seen = set()
    for number in group:
        term, order = parts[number].term, orders[number]
        key = term.key if term else ""
        if order is None:
            yield number, f"one of several under '{key}' has no 'order'; write order: 1, 2, ..."
        elif order in seen:
            yield number, f"order {order} is already used under '{key}'; number each one once"
        seen.add(order)


def _place_name(part: Part, iris: Sequence[str], order: int | None) -> str:
    assert part.parent is not None
    assert part.term is not None
    local = re.split(r"[/#]", part.term.predicate)[-1]
    name = f"{iris[part.parent]}/{local}"
    return name if order is None else f"{name}/{order}"
