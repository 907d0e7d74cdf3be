"""The results of a trial: outcome measures and events, each number with where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.importing.clinicaltrials.analyses import draft_comparison
from kg.importing.clinicaltrials.events import draft_events
from kg.importing.clinicaltrials.flow import draft_flow
from kg.importing.clinicaltrials.groups import Group, draft_groups, get_group
from kg.importing.clinicaltrials.interventions import Arm
from kg.importing.clinicaltrials.node import Node
from kg.importing.clinicaltrials.numbers import find_confidence, find_decimal
from kg.importing.clinicaltrials.sheet import Sheet
from kg.importing.statement import Draft

__all__ = ["draft_results"]

_PARTICIPANTS = "participants"


@dataclass(frozen=True)
class _Outcome:
    iri: str
    number: int
    title: str | None
    confidence: str | None
    groups: Mapping[str, Group]


@dataclass(frozen=True)
class _Row:
    """Where in an outcome a measurement stands, and how many participants it is of."""

    parts: tuple[str, ...]
    class_title: str | None
    category_title: str | None
    analysed: Mapping[str, str]


def draft_results(sheet: Sheet, results: Node, arms: Sequence[Arm]) -> None:
    """State outcomes, groups, measurements, comparisons, events and the flow of participants.

    Baseline characteristics are not taken over. Raises MalformedError for a group that is not
    listed, and for values of other types than the schema's.
    """
    module = results.node("outcomeMeasuresModule")
    for number, node in enumerate(module.nodes("outcomeMeasures")):
        outcome = _draft_outcome(sheet, number, node, arms)
        _draft_measurements(sheet, outcome, node)
        for index, analysis in enumerate(node.nodes("analyses")):
            draft = _begin(sheet, outcome, "ImportedComparison", analysis, ("analysis", index))
            draft_comparison(draft, analysis, outcome.groups)
    draft_events(sheet, results.node("adverseEventsModule"), arms)
    draft_flow(sheet, results.node("participantFlowModule"), arms)


def _begin(
    sheet: Sheet, outcome: _Outcome, kind: str, node: Node, parts: Sequence[str | int]
) -> Draft:
    draft = sheet.evidence(kind, node.pointer, "outcome", outcome.number, *parts)
    return draft.labelled(outcome.title).link("ofOutcome", outcome.iri)


def _draft_outcome(sheet: Sheet, number: int, node: Node, arms: Sequence[Arm]) -> _Outcome:
    title, dispersion = node.text("title"), node.text("dispersionType")
    draft = sheet.part("ImportedReportedOutcome", "outcome", number).labelled(title)
    draft.text("registeredOutcomeLevel", node.text("type"))
    draft.text("registeredTimeFrame", node.text("timeFrame"))
    draft.text("parameterType", node.text("paramType")).text("dispersionType", dispersion)
    draft.text("unitAsPrinted", node.text("unitOfMeasure"))
    draft.text("reportingStatus", node.text("reportingStatus"))
    described = (node.text("populationDescription") or "").strip()
    draft.typed("populationDescribed", "true" if described else None, "boolean")
    groups = draft_groups(sheet, node, "groups", arms, ("outcome", str(number)))
    return _Outcome(draft.iri, number, title, find_confidence(dispersion), groups)


def _draft_measurements(sheet: Sheet, outcome: _Outcome, node: Node) -> None:
    analysed = _draft_denominators(sheet, outcome, node, ("denominator",), None)
    for number, each in enumerate(node.nodes("classes")):
        title = each.text("title")
        parts = ("class", str(number))
        own = _draft_denominators(sheet, outcome, each, (*parts, "denominator"), title)
        for index, category in enumerate(each.nodes("categories")):
            within = (*parts, "category", str(index))
            row = _Row(within, title, category.text("title"), {**analysed, **own})
            for place, measurement in enumerate(category.nodes("measurements")):
                _draft_measurement(sheet, outcome, row, place, measurement)


def _draft_measurement(sheet: Sheet, outcome: _Outcome, row: _Row, place: int, node: Node) -> None:
    parts = (*row.parts, "measurement", str(place))
    draft = _begin(sheet, outcome, "ImportedMeasurement", node, parts)
    group = get_group(outcome.groups, node, "groupId")
    group.describe(draft)
    draft.text("classTitle", row.class_title).text("categoryTitle", row.category_title)
    draft_printed(draft, node, "value", "valueAsPrinted", "numericValue")
    draft_printed(draft, node, "spread", "spreadAsPrinted", "numericSpread")
    draft_printed(draft, node, "lowerLimit", "lowerLimitAsPrinted", "numericLowerLimit")
    draft_printed(draft, node, "upperLimit", "upperLimitAsPrinted", "numericUpperLimit")
    draft.text("valueComment", node.text("comment"))
    draft.typed("confidenceLevel", outcome.confidence, "decimal")
    draft.typed("participantsAnalysed", row.analysed.get(group.id), "integer")


def draft_printed(draft: Draft, node: Node, key: str, printed: str, numeric: str) -> None:
    """State a value as it is printed, and as a number where it is one."""
    value = node.text(key)
    draft.text(printed, value).typed(numeric, find_decimal(value), "decimal")


def _draft_denominators(
    sheet: Sheet, outcome: _Outcome, node: Node, parts: tuple[str, ...], title: str | None
) -> Mapping[str, str]:
    """State how many of which unit were analysed; return the participants by group."""
    participants = {}
    for number, place, unit, entry in _denominators(node):
        where = (*parts, str(number), str(place))
        draft = _begin(sheet, outcome, "ImportedDenominator", entry, where)
        group = get_group(outcome.groups, entry, "groupId")
        group.describe(draft)
        draft.text("unitAsPrinted", unit).text("classTitle", title)
        draft_printed(draft, entry, "value", "valueAsPrinted", "numericValue")
        value = (entry.text("value") or "").strip()
        if (unit or "").strip().casefold() == _PARTICIPANTS and value.isascii() and value.isdigit():
            participants[group.id] = value
    return participants


def _denominators(node: Node) -> Iterator[tuple[int, int, str | None, Node]]:
    for number, denominator in enumerate(node.nodes("denoms")):
        for place, entry in enumerate(denominator.nodes("counts")):
            yield number, place, denominator.text("units"), entry
