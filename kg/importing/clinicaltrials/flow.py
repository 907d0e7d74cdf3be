"""The flow of participants: how many of a group reached a milestone, or left and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.importing.clinicaltrials.groups import Group, draft_groups, get_group
from kg.importing.clinicaltrials.interventions import Arm
from kg.importing.clinicaltrials.node import Node
from kg.importing.clinicaltrials.numbers import find_decimal
from kg.importing.clinicaltrials.sheet import Sheet

__all__ = ["draft_flow"]

_STEPS = {"milestones": ("MILESTONE", "achievements"), "dropWithdraws": ("WITHDRAWAL", "reasons")}


def draft_flow(sheet: Sheet, module: Node, arms: Sequence[Arm]) -> None:
    """State the number of participants of each step, group and period; other units are left out.

    Raises MalformedError for a group that is not listed.
    """
    groups = draft_groups(sheet, module, "groups", arms, ("flow",))
    for number, period in enumerate(module.nodes("periods")):
        for key, (kind, counts) in _STEPS.items():
            for index, step in enumerate(period.nodes(key)):
                parts = ("flow", str(number), kind.lower(), str(index))
                for place, entry in enumerate(step.nodes(counts)):
                    titles = (period.text("title"), step.text("type"), kind)
                    _draft_count(sheet, entry, titles, (*parts, str(place)), groups)


def _draft_count(
    sheet: Sheet,
    entry: Node,
    titles: tuple[str | None, str | None, str],
    parts: tuple[str, ...],
    groups: Mapping[str, Group],
) -> None:
    period, step, kind = titles
    draft = sheet.evidence("ImportedFlowCount", entry.pointer, *parts)
    draft.labelled(step).text("flowPeriod", period).text("flowStep", step).text("flowKind", kind)
    get_group(groups, entry, "groupId").describe(draft)
    value = entry.text("numSubjects")
    draft.text("valueAsPrinted", value).typed("numericValue", find_decimal(value), "decimal")
