"""The statistics of a snapshot, by the server's own queries."""

from __future__ import annotations

from collections import defaultdict

from api.canned import Row, ask_rows, read_canned
from api.engine import Engine
from kg.statistics import ClassStatistics, Counts, GraphStatistics, PropertyStatistics, Statistics

__all__ = ["load_statistics"]

_Pair = tuple[str, str]


async def load_statistics(engine: Engine, *, space: str) -> Statistics:
    """Return the statistics of the snapshot that an engine serves.

    ``space`` is the namespace that things are expected in; where none is, all count as entities.
    """
    (totals,) = await ask_rows(engine, read_canned("void-totals", space=[space]))
    own = _number(totals, "own")
    return Statistics(
        counts=_counts(totals),
        entities=own or _number(totals, "iris"),
        space=space if own else None,
        properties={
            row["property"].value: _counts(row)
            for row in await ask_rows(engine, read_canned("void-properties"))
        },
        classes=await _load_classes(engine),
        graphs={
            row["graph"].value: GraphStatistics(
                _counts(row), _number(row, "properties"), _number(row, "classes")
            )
            for row in await ask_rows(engine, read_canned("void-graphs"))
        },
    )


async def _load_classes(engine: Engine) -> dict[str, ClassStatistics]:
    properties = await _load_properties(engine)
    return {
        row["class"].value: ClassStatistics(
            _number(row, "entities"),
            row["example"].value if "example" in row else None,
            properties.get(row["class"].value, {}),
        )
        for row in await ask_rows(engine, read_canned("void-classes"))
    }


async def _load_properties(engine: Engine) -> dict[str, dict[str, PropertyStatistics]]:
    links = await _load_objects(engine, "void-links")
    datatypes = await _load_objects(engine, "void-datatypes")
    found: dict[str, dict[str, PropertyStatistics]] = defaultdict(dict)
    for row in await ask_rows(engine, read_canned("void-class-properties")):
        pair = (row["class"].value, row["property"].value)
        found[pair[0]][pair[1]] = PropertyStatistics(
            _counts(row), links.get(pair, {}), datatypes.get(pair, {})
        )
    return found


async def _load_objects(engine: Engine, name: str) -> dict[_Pair, dict[str, int]]:
    found: dict[_Pair, dict[str, int]] = defaultdict(dict)
    for row in await ask_rows(engine, read_canned(name)):
        pair = (row["class"].value, row["property"].value)
        found[pair][row["object"].value] = _number(row, "triples")
    return found


def _counts(row: Row) -> Counts:
    return Counts(_number(row, "triples"), _number(row, "subjects"), _number(row, "objects"))


def _number(row: Row, name: str) -> int:
    return int(row[name].value) if name in row else 0
