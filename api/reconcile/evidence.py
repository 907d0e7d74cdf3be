"""What documents state about a thing: how many results and recommendations, and the best result."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from api.list_table import Row, Table
from api.reconcile.properties import spaced

__all__ = ["Evidence", "figures_of"]

_SUBJECTS = (
    "drug", "drugClass", "regimen", "intervention", "histology", "biomarker", "adverseEvent",
    "study", "trial", "document", "endpoint",
)  # fmt: skip
_ADVISED = (
    "recommends", "recommendsClass", "intervention", "drug", "regimen", "histology", "document",
)  # fmt: skip
_FIGURES = (
    "responders", "evaluable", "percent", "percentLow", "percentHigh", "value", "valueLow",
    "valueHigh", "difference", "hazardRatio", "pAsPrinted",
)  # fmt: skip


@dataclass(frozen=True)
class Evidence:
    """The results and recommendations of a snapshot."""

    results: Table
    recommendations: Table

    def count(self, iri: str) -> int:
        """Return how many results are about a thing itself."""
        return len(self._results.get(iri, ()))

    def count_advice(self, iri: str) -> int:
        """Return how many recommendations are about a thing itself."""
        return len(self._advice.get(iri, ()))

    def best(self, iri: str) -> Row | None:
        """Return the best result about a thing, as `api.reconcile.properties` defines it."""
        rows = [row for row in self._results.get(iri, ()) if row.of("numeric")]
        return min(rows, key=_rank, default=None)

    @cached_property
    def _results(self) -> Mapping[str, tuple[Row, ...]]:
        return _grouped(self.results, _SUBJECTS)

    @cached_property
    def _advice(self) -> Mapping[str, tuple[Row, ...]]:
        return _grouped(self.recommendations, _ADVISED)


def figures_of(row: Row) -> Iterator[str]:
    """Yield the figures of a result, each with the name of its field."""
    for name in _FIGURES:
        for cell in row.of(name):
            yield cell.shown if name == "pAsPrinted" else f"{spaced(name)} {cell.shown}"


def _grouped(table: Table, fields: tuple[str, ...]) -> Mapping[str, tuple[Row, ...]]:
    found: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in table.rows:
        for name in fields:
            for cell in row.of(name):
                found[cell.shown][row.iri] = row
    return {iri: tuple(rows.values()) for iri, rows in found.items()}


def _rank(row: Row) -> tuple[str, float, float, str]:
    level = min((cell.shown for cell in row.of("level")), default="~")
    evaluable = max((float(cell.value) for cell in row.of("evaluable")), default=0.0)  # type: ignore[arg-type]
    issued = max((cell.value.toordinal() for cell in row.of("issued")), default=0)  # type: ignore[union-attr]
    return level, -evaluable, -float(issued), row.iri
