"""Statements of a column in a few words, as their records have them."""

from __future__ import annotations

from collections.abc import Iterator

from api.list_table import Row
from api.pages.parts_things import Things

__all__ = ["word_advice", "word_caution", "word_decision", "word_mechanism"]

Worded = tuple[str, tuple[str, ...]]


def word_mechanism(things: Things, row: Row) -> Worded:
    """Return what a drug does to a target, and how strongly it is put."""
    details = (
        _labels(things, row, "affinity"),
        _with("through ", _labels(things, row, "throughTarget")),
        "worded as a possibility" if _is(row, "isHypothetical") else "",
    )
    return _labels(things, row, "action") or "acts on it", tuple(filter(None, details))


def word_caution(things: Things, row: Row) -> Worded:
    """Return whether a drug is ruled out or asks for caution, and under which conditions."""
    ruled_out = any(cell.shown.endswith("/Contraindication") for cell in row.of("type"))
    says = "contraindicated" if ruled_out else "precaution"
    return says, tuple(_conditions(things, row))


def word_decision(things: Things, row: Row) -> Worded:
    """Return a decision, for which patients it was made, and who made it."""
    details = (
        _with("for ", _labels(things, row, "histology")),
        _labels(things, row, "line"),
        _labels(things, row, "setting"),
        _with("by ", _labels(things, row, "decidedBy")),
        _with("as of ", _text(row, "asOf")),
        *_conditions(things, row),
    )
    is_funding = any(cell.shown.endswith("/FundingStatus") for cell in row.of("type"))
    decision = _labels(things, row, "decision") or "decision not stated"
    return f"funding: {decision}" if is_funding else decision, tuple(filter(None, details))


def word_advice(things: Things, row: Row) -> Worded:
    """Return the strength of advice as worded, and for which patients it is given."""
    details = (
        _with("no. ", _text(row, "recommendationNumber")),
        _labels(things, row, "line"),
        _labels(things, row, "setting"),
        _with("as of ", _text(row, "asOf")),
        *_conditions(things, row),
    )
    strength = _text(row, "strengthAsWorded")
    return f"“{strength}”" if strength else "no words of advice", tuple(filter(None, details))


def _conditions(things: Things, row: Row) -> Iterator[str]:
    if precondition := _text(row, "precondition"):
        yield f"if: {precondition}"
    if after := _labels(things, row, "afterDrug") or _labels(things, row, "afterDrugClass"):
        yield f"after {after}"
    if threshold := _text(row, "threshold"):
        yield f"threshold on {threshold}"


def _labels(things: Things, row: Row, name: str) -> str:
    return ", ".join(thing.label for thing in things.all(cell.shown for cell in row.of(name)))


def _text(row: Row, name: str) -> str:
    return "; ".join(dict.fromkeys(cell.shown for cell in row.of(name)))


def _is(row: Row, name: str) -> bool:
    return any(cell.value is True for cell in row.of(name))


def _with(before: str, text: str) -> str:
    return f"{before}{text}" if text else ""
