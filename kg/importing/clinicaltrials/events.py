"""Adverse events: how many of a group were affected by each, and by any of a kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.importing.clinicaltrials.groups import Group, draft_groups, get_group
from kg.importing.clinicaltrials.interventions import Arm
from kg.importing.clinicaltrials.node import Node
from kg.importing.clinicaltrials.sheet import Sheet, count
from kg.importing.statement import Draft

__all__ = ["draft_events"]

_LISTS = {"seriousEvents": "SERIOUS", "otherEvents": "OTHER"}
_TOTALS = {
    "DEATH": ("deathsNumAffected", "deathsNumAtRisk"),
    "SERIOUS": ("seriousNumAffected", "seriousNumAtRisk"),
    "OTHER": ("otherNumAffected", "otherNumAtRisk"),
}


def draft_events(sheet: Sheet, module: Node, arms: Sequence[Arm]) -> None:
    """State each event in each group, and the totals of each group.

    Raises MalformedError for a group that is not listed and for counts below 0.
    """
    groups = draft_groups(sheet, module, "eventGroups", arms, ("event",))
    for node in module.nodes("eventGroups"):
        _draft_totals(sheet, node, get_group(groups, node, "id"))
    for key, kind in _LISTS.items():
        for number, event in enumerate(module.nodes(key)):
            _draft_event(sheet, event, kind, number, groups)


def _draft_totals(sheet: Sheet, node: Node, group: Group) -> None:
    for kind, (affected, at_risk) in _TOTALS.items():
        if node.whole(affected) is None and node.whole(at_risk) is None:
            continue
        parts = ("event", "total", group.id, kind.lower())
        draft = sheet.evidence("ImportedAdverseEventTotal", node.pointer, *parts)
        draft.text("eventKind", kind)
        group.describe(draft)
        _draft_counts(draft, node, {"affectedNumber": affected, "atRiskNumber": at_risk})


def _draft_event(
    sheet: Sheet, event: Node, kind: str, number: int, groups: Mapping[str, Group]
) -> None:
    term, system = event.text("term"), event.text("organSystem")
    vocabulary, assessment = event.text("sourceVocabulary"), event.text("assessmentType")
    keys = {"affectedNumber": "numAffected", "atRiskNumber": "numAtRisk", "eventCount": "numEvents"}
    for place, stats in enumerate(event.nodes("stats")):
        parts = ("event", kind.lower(), number, place)
        draft = sheet.evidence("ImportedAdverseEventResult", stats.pointer, *parts)
        draft.labelled(term).text("eventKind", kind).text("organSystem", system)
        draft.text("eventVocabulary", vocabulary).text("eventAssessment", assessment)
        get_group(groups, stats, "groupId").describe(draft)
        _draft_counts(draft, stats, keys)


def _draft_counts(draft: Draft, node: Node, keys: Mapping[str, str]) -> None:
    for name, key in keys.items():
        draft.typed(name, count(node.whole(key), node.at(key)), "integer")
