"""Statistical analyses of an outcome: which groups are compared, how, and what came out."""

from __future__ import annotations

from collections.abc import Mapping

from kg.importing.clinicaltrials.groups import Group, find_group
from kg.importing.clinicaltrials.node import Node
from kg.importing.clinicaltrials.numbers import find_decimal, find_p_value
from kg.importing.statement import Draft

__all__ = ["draft_comparison"]

_PRINTED = {
    "paramValue": ("valueAsPrinted", "numericValue"),
    "dispersionValue": ("spreadAsPrinted", "numericSpread"),
    "ciLowerLimit": ("lowerLimitAsPrinted", "numericLowerLimit"),
    "ciUpperLimit": ("upperLimitAsPrinted", "numericUpperLimit"),
}


def draft_comparison(draft: Draft, node: Node, groups: Mapping[str, Group]) -> None:
    """State an analysis: its groups, method, p-value, estimate and interval; comments are left out.

    Raises MalformedError for a group that the outcome does not list.
    """
    for number, name in enumerate(node.texts("groupIds")):
        find_group(groups, name, f"{node.at('groupIds')}/{number}").describe(draft)
    draft.text("parameterType", node.text("paramType"))
    draft.text("dispersionType", node.text("dispersionType"))
    for key, (printed, numeric) in _PRINTED.items():
        value = node.text(key)
        draft.text(printed, value).typed(numeric, find_decimal(value), "decimal")
    level = (node.text("ciPctValue") or "").strip().removesuffix("%")
    draft.typed("confidenceLevel", find_decimal(level), "decimal")
    draft.text("confidenceSides", node.text("ciNumSides"))
    draft.text("statisticalMethod", node.text("statisticalMethod"))
    draft.text("hypothesisType", node.text("nonInferiorityType"))
    tested = node.flag("testedNonInferiority")
    draft.typed("testedNonInferiority", None if tested is None else str(tested).lower(), "boolean")
    _draft_p_value(draft, node.text("pValue"))


def _draft_p_value(draft: Draft, printed: str | None) -> None:
    draft.text("printedP", printed)
    if value := find_p_value(printed):
        draft.text("printedPOperator", value.operator)
        draft.typed("numericP", value.number, "decimal")
