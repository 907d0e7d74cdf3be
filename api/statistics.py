"""The statistics of a snapshot, by the server's own queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from api.canned import Row, ask_rows, read_canned
from api.engine import Engine
from api.graph_listing import MOST_GRAPHS
from kg.statistics import ClassStatistics, Counts, GraphStatistics, PropertyStatistics, Statistics

__all__ = ["MOST_CLASSES", "MOST_PROPERTIES", "load_statistics"]

MOST_CLASSES = 500
MOST_PROPERTIES = 1000
"""How many of each are described: more would keep the server busy, and nobody reads them."""

_MOST_DETAILS = 4000
"""Rows on what classes state by which property: twice as many as the shipped graph has."""

_Pair = tuple[str, str]
_Details = dict[str, dict[str, PropertyStatistics]]


async def load_statistics(engine: Engine, *, space: str) -> Statistics:
    """Return the statistics of the snapshot that an engine serves.

    ``space`` is the namespace that things are expected in; where none is, all count as entities.
    """
    (totals,) = await ask_rows(engine, read_canned("void-totals", space=[space]))
    own = _number(totals, "own")
    properties = {
        row["property"].value: _counts(row)
        for row in await _largest(engine, "void-properties", MOST_PROPERTIES)
    }
    details = await _load_details(engine)
    classes = await _load_classes(engine, details or {})
    return Statistics(
        counts=_counts(totals),
        entities=own or _number(totals, "iris"),
        space=space if own else None,
        properties=dict(sorted(properties.items())),
        classes=dict(sorted(classes.items())),
        graphs={
            row["graph"].value: GraphStatistics(
                _counts(row), _number(row, "properties"), _number(row, "classes")
            )
            for row in await _largest(engine, "void-graphs", MOST_GRAPHS)
        },
        more_classes=_number(totals, "classes") - len(classes),
        more_properties=_number(totals, "properties") - len(properties),
        is_detailed=details is not None,
    )


async def _load_classes(engine: Engine, details: _Details) -> dict[str, ClassStatistics]:
    return {
        row["class"].value: ClassStatistics(
            _number(row, "entities"),
            row["example"].value if "example" in row else None,
            details.get(row["class"].value, {}),
        )
        for row in await _largest(engine, "void-classes", MOST_CLASSES)
    }


async def _load_details(engine: Engine) -> _Details | None:
    """Return what each class states by each property, or None where that is too much."""
    stated, links, datatypes = [
        await _largest(engine, f"void-{name}", _MOST_DETAILS + 1)
        for name in ("class-properties", "links", "datatypes")
    ]
    if max(len(stated), len(links), len(datatypes)) > _MOST_DETAILS:
        return None
    classes, types = _by_pair(links), _by_pair(datatypes)
    found: dict[str, dict[str, PropertyStatistics]] = defaultdict(dict)
    for row in stated:
        pair = (row["class"].value, row["property"].value)
        found[pair[0]][pair[1]] = PropertyStatistics(
            _counts(row), classes.get(pair, {}), types.get(pair, {})
        )
    return found


def _by_pair(rows: Iterable[Row]) -> dict[_Pair, dict[str, int]]:
    found: dict[_Pair, dict[str, int]] = defaultdict(dict)
    for row in rows:
        pair = (row["class"].value, row["property"].value)
        found[pair][row["object"].value] = _number(row, "triples")
    return found


async def _largest(engine: Engine, name: str, most: int) -> list[Row]:
    """Return the first rows of a canned query, which ends with an order."""
    return await ask_rows(engine, f"{read_canned(name)}LIMIT {most}")


def _counts(row: Row) -> Counts:
    return Counts(_number(row, "triples"), _number(row, "subjects"), _number(row, "objects"))


def _number(row: Row, name: str) -> int:
    return int(row[name].value) if name in row else 0
