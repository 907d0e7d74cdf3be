"""Comparisons as one object: both sides, what is reported of each, and what the document says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from api.answers import Desk
from api.list_table import Row, Table
from api.records import Json

__all__ = ["Side", "compare", "find_favoured", "read_beside"]


class Side(StrEnum):
    """Whom a document favours."""

    STUDIED = "studied"
    COMPARATOR = "comparator"
    NEITHER = "neither"
    NOT_STATED = "not stated"


_SAME = (
    "study",
    "endpoint",
    "histology",
    "excludesHistology",
    "biomarker",
    "adverseEvent",
    "timePoint",
    "timePointUnit",
    "gradeLow",
    "gradeHigh",
    "document",
)
"""What a result must share with a comparison to stand beside it."""

_DIFFERING = ("line", "setting", "population", "afterDrug", "afterDrugClass")
"""What may differ between them, and is then named."""

_MORE_IS_WORSE = frozenset(
    {
        "AdverseEventOccurrence",
        "DoseReductionRate",
        "ProgressiveDiseaseRate",
        "TreatmentDiscontinuation",
        "TreatmentRelatedDeath",
    }
)
_UNDIRECTED = frozenset({"BiomarkerAssessment", "TimeToResponse"})
_BY_FINDING = {
    "MoreToxic": Side.COMPARATOR,
    "LessToxic": Side.STUDIED,
    "NoDifference": Side.NEITHER,
    "NoSignificantDifference": Side.NEITHER,
    "Similar": Side.NEITHER,
    "NoBenefit": Side.NEITHER,
    "Trend": Side.NEITHER,
}
_FIGURES = ("percent", "percentLow", "percentHigh", "value", "unit", "isMedian", "notReached",
            "asPrinted", "ciLow", "ciHigh", "ciLevel")  # fmt: skip
_STATISTICS = ("hazardRatio", "difference", "unit", "ciLow", "ciHigh", "ciLevel", "pValue",
               "pOperator", "pAsPrinted")  # fmt: skip
_NUMBERS = frozenset(
    {"percent", "percentLow", "percentHigh", "value", "ciLow", "ciHigh", "ciLevel", "hazardRatio",
     "difference", "pValue"}
)  # fmt: skip


def find_favoured(endpoint: str, findings: Iterable[str]) -> Side:
    """Return whom a comparison favours by its finding in words: no number is looked at.

    >>> find_favoured("OverallSurvival", ["Higher"]).value
    'studied'
    >>> find_favoured("TreatmentDiscontinuation", ["Higher"]).value
    'comparator'
    >>> find_favoured("OverallSurvival", ["NoSignificantDifference"]).value
    'neither'
    """
    found = {_side(endpoint, finding) for finding in findings}
    return found.pop() if len(found) == 1 else Side.NOT_STATED


def _side(endpoint: str, finding: str) -> Side:
    if finding in _BY_FINDING:
        return _BY_FINDING[finding]
    if finding not in ("Higher", "Lower") or endpoint in _UNDIRECTED:
        return Side.NOT_STATED
    is_better = (finding == "Higher") is not (endpoint in _MORE_IS_WORSE)
    return Side.STUDIED if is_better else Side.COMPARATOR


async def read_beside(desk: Desk, row: Row) -> Table:
    """Return a table with all results of the arms of a comparison, and maybe others."""
    arms = _values(row, "arm") | _values(row, "comparatorArm")
    return await desk.library.lists.table_with(desk.engine, "evidence", {"arm": arms})


def compare(desk: Desk, evidence: Table, row: Row, record: Mapping[str, object]) -> Json:
    """Return a comparison: both sides with their results, its statistics, and whom it favours."""
    beside = [each for each in evidence.rows if _is_beside(each, row)]
    favoured, because = _favours(desk, row)
    return {
        "sides": [
            {
                "side": Side.STUDIED.value,
                "arms": record.get("arm", []),
                "drugs": _references(desk, row, "drug" if not row.of("arm") else "", record, "arm"),
                "results": _results(desk, row, beside, "arm"),
            },
            {
                "side": Side.COMPARATOR.value,
                "arms": record.get("comparatorArm", []),
                "drugs": _references(desk, row, "comparator", record, ""),
                "results": _results(desk, row, beside, "comparatorArm"),
            },
        ],
        "statistics": {name: _figure(desk, row, name) for name in _STATISTICS},
        "finding": _references(desk, row, "finding", record, ""),
        "direction": next(iter(_references(desk, row, "direction", record, "")), None),
        "favours": favoured.value,
        "because": because,
    }


def _references(
    desk: Desk, row: Row, name: str, record: Mapping[str, object], arms: str
) -> list[Json]:
    if name:
        return [desk.writer.reference(cell.shown) for cell in row.of(name)]
    found: dict[str, Json] = {}
    for arm in _listed(record.get(arms)):
        for drug in _listed(arm.get("givesDrug")):
            found[str(drug["id"])] = drug
    return list(found.values())


def _listed(value: object) -> list[Json]:
    found = value if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, dict)]


def _is_beside(each: Row, row: Row) -> bool:
    """Tell whether a result is of one side of a comparison, and of the same question."""
    return (
        each.iri != row.iri
        and not each.of("comparatorArm")
        and bool(each.of("arm"))
        and all(_values(each, name) == _values(row, name) for name in _SAME)
    )


def _values(row: Row, name: str) -> frozenset[str]:
    return frozenset(cell.shown for cell in row.of(name))


def _results(desk: Desk, row: Row, beside: Iterable[Row], side: str) -> list[Json]:
    arms = _values(row, side)
    return [_result(desk, row, each) for each in beside if arms and _values(each, "arm") <= arms]


def _result(desk: Desk, row: Row, each: Row) -> Json:
    differing = [name for name in _DIFFERING if _values(each, name) != _values(row, name)]
    figures = {name: _figure(desk, each, name) for name in _FIGURES if each.of(name)}
    return {
        **desk.writer.reference(each.iri),
        "arm": [desk.writer.reference(cell.shown) for cell in each.of("arm")],
        "n": _count(each, "responders"),
        "N": _count(each, "evaluable"),
        **figures,
        "differs": {
            name: [_shown(desk, cell.shown) for cell in each.of(name)] for name in differing
        },
        "link": f"/api/v1/evidence/{desk.library.directory.shorten(each.iri)}",
    }


def _shown(desk: Desk, value: str) -> object:
    return desk.writer.reference(value) if value.startswith("http") else value


def _count(row: Row, name: str) -> int | None:
    cells = row.of(name)
    return int(cells[0].shown) if cells else None


def _figure(desk: Desk, row: Row, name: str) -> object:
    cells = row.of(name)
    if not cells:
        return None
    cell = cells[0]
    if name in _NUMBERS and isinstance(cell.value, float):
        return int(cell.value) if cell.value.is_integer() else cell.value
    return cell.value if isinstance(cell.value, bool) else _shown(desk, cell.shown)


def _favours(desk: Desk, row: Row) -> tuple[Side, str]:
    """Return whom the words of a document favour, and which words those are."""
    ontology = desk.library.context.namespaces.ontology
    terms = {
        name: [cell.shown.removeprefix(ontology) for cell in row.of(name)]
        for name in ("endpoint", "finding", "direction")
    }
    said = f"the finding is: {_labels(desk, row, 'finding')}"
    if not row.of("comparatorArm") and not row.of("comparator"):
        return Side.NOT_STATED, f"{said}; no treatment stands on the other side"
    favoured = find_favoured("".join(terms["endpoint"]), terms["finding"])
    if favoured in (Side.STUDIED, Side.COMPARATOR) and terms["direction"] == ["Inconclusive"]:
        return Side.NOT_STATED, f"{said}; the record calls the result inconclusive"
    if favoured is Side.NOT_STATED:
        return favoured, f"{said}; this favours neither side by itself"
    return favoured, f"{said}; the endpoint is: {_labels(desk, row, 'endpoint')}"


def _labels(desk: Desk, row: Row, name: str) -> str:
    labels = [desk.library.directory.label(cell.shown) or cell.shown for cell in row.of(name)]
    return ", ".join(labels) or "not worded"
