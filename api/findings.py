"""Evidence items as findings: what they are compared by, and what they may differ in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isfinite

from api.binomial import Interval, exact_interval
from api.canned import LONG_SECONDS, each_row, read_canned
from api.engine import Engine
from api.shared_values import gather_fields

__all__ = ["DIFFERING", "Finding", "load_findings"]

DIFFERING = (
    "endpoint",
    "time point",
    "document",
    "study",
    "regimen",
    "dose",
    "treatment mode",
    "comparator",
    "line",
    "setting",
    "earlier drug",
    "earlier drug class",
    "evaluable",
    "definition",
    "population",
    "biomarker",
    "excluded histology",
    "subgroup",
    "pooled",
)
"""What two findings may differ in, in the order in which it is listed."""

_MOST_EVALUABLE = 100_000
"""Patients above which no interval is computed: that would take too long."""

_SAME = ("adverse event", "lowest grade", "highest grade")

_CURVES = {
    "ProgressionFreeSurvivalRate": "ProgressionFreeSurvival",
    "OverallSurvivalRate": "OverallSurvival",
}
"""What the shares of patients are read from: the ontology's endpoints have no hierarchy."""


@dataclass(frozen=True)
class Finding:
    """An evidence item by its fields; what a document does not state is not there."""

    iri: str
    fields: Mapping[str, frozenset[str]]

    def values(self, field: str) -> frozenset[str]:
        """Return the values of a field."""
        return self.fields.get(field, frozenset())

    def find_number(self, field: str) -> float | None:
        """Return the one number of a field, or None where it is not stated, or is no number."""
        found = self.values(field)
        try:
            number = float(next(iter(found))) if len(found) == 1 else None
        except ValueError:
            return None
        return number if number is not None and isfinite(number) else None

    @property
    def measured(self) -> tuple[frozenset[str], ...]:
        """What was measured: the endpoint, and the event, grades and time that belong to it."""
        return (self.values("endpoint"), self.values("time point"), *self._same)

    @property
    def kind_measured(self) -> tuple[frozenset[str], ...]:
        """What was measured, whenever: a survival and its rate at a time are one kind."""
        return (frozenset(_CURVES.get(each, each) for each in self.values("endpoint")), *self._same)

    @property
    def _same(self) -> tuple[frozenset[str], ...]:
        return tuple(self.values(field) for field in _SAME)

    @property
    def is_comparison(self) -> bool:
        """Whether two treatments, doses or schedules were compared, not groups of patients."""
        return bool(self.values("against"))

    @property
    def median(self) -> float | None:
        """The median in months, or None where the item gives none."""
        return self.find_number("months") if self.values("median") else None

    @cached_property
    def interval(self) -> Interval | None:
        """The exact 95% interval of responders among evaluable, or None without both counts.

        Counts that are impossible, as of a graph that nobody checked, or of more patients than any
        trial has, give none either.
        """
        responders, evaluable = self.find_number("responders"), self.find_number("evaluable")
        if responders is None or not evaluable:
            return None
        if not 0 <= responders <= evaluable <= _MOST_EVALUABLE:
            return None
        return exact_interval(int(responders), int(evaluable))

    def differences(self, other: Finding) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        """Return the fields in which two findings differ, with the values of both."""
        return {
            field: (self.values(field), other.values(field))
            for field in DIFFERING
            if self.values(field) != other.values(field)
        }


async def load_findings(engine: Engine, ontology: str) -> tuple[Finding, ...]:
    """Return the findings of the snapshot that an engine serves, in the order of their IRIs."""
    fields = gather_fields(
        (row["item"].value, row["field"].value, row["value"].value.removeprefix(ontology))
        for row in await each_row(engine, read_canned("findings"), seconds=LONG_SECONDS)
    )
    return tuple(Finding(iri, fields[iri]) for iri in sorted(fields))
