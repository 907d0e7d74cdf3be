"""Why two findings are said not to agree, in a sentence that takes no side."""

from __future__ import annotations

from collections.abc import Iterable

from api.binomial import Interval
from api.contradictions import FAR, Contradiction, Rule
from api.contrasts import Contrast, arms_of, contrasts_of
from api.findings import Finding
from api.pages.parts_things import Things

__all__ = ["TITLES", "explain"]

TITLES = {
    Rule.OPPOSED: "Opposed directions",
    Rule.APART: "Intervals apart",
    Rule.FAR: "Medians far apart",
}
"""What each rule is called on pages."""


def explain(each: Contradiction, things: Things) -> str:
    """Return why a pair of findings is listed: by which rule, and on what its sides differ."""
    match each.rule:
        case Rule.OPPOSED:
            return f"One is recorded as supporting, the other as refuting. {_subject(each, things)}"
        case Rule.APART:
            return (
                "The exact 95% intervals, computed here from the patients with the event and all "
                f"evaluable ones, share no point: {_percent(each.first)} and "
                f"{_percent(each.second)}."
            )
    return _far(each)


def _subject(each: Contradiction, things: Things) -> str:
    """Say of what treatment, or of what difference between treatments, both directions are."""
    shared = contrasts_of(each.first) & contrasts_of(each.second)
    if each.first.is_comparison and each.second.is_comparison and shared:
        said = {_contrast(contrast, things) for contrast in shared}
        return f"Both compare the same thing: {'; '.join(sorted(said))}."
    treatments = _given(each.first) & _given(each.second)
    said = {_with(treatment, things) for treatment in treatments}
    return f"Both are about the same treatment: {'; '.join(sorted(said))}." if said else ""


def _contrast(contrast: Contrast, things: Things) -> str:
    given, against = _and(contrast.given, things), _and(contrast.against, things)
    beside = ", with the same drugs beside it" if contrast.is_added else ""
    if given and against:
        return f"{given} against {against}{beside}"
    if given:
        return f"{given} added to what both sides got" if beside else f"{given} against none"
    return f"{against} left out of what the other side got"


def _given(finding: Finding) -> frozenset[frozenset[str]]:
    return frozenset(arm.drugs for arm in arms_of(finding, "given") if arm.drugs)


def _with(drugs: Iterable[str], things: Things) -> str:
    first, *others = sorted(_name(each, things) for each in drugs)
    return f"{first} with {' and '.join(others)}" if others else f"{first} alone"


def _and(values: Iterable[str], things: Things) -> str:
    return " and ".join(sorted(_name(each, things) for each in values))


def _name(value: str, things: Things) -> str:
    """Return the name of a drug, and what is stated of its dose behind it."""
    iri, _, dose = value.partition(" ")
    amount, _, unit = dose.rpartition(" ")
    label = things.directory.label(things.directory.namespaces.ontology + unit) if unit else None
    return f"{things.get(iri).label} {f'{amount} {label}' if label else dose}".strip()


def _percent(finding: Finding) -> str:
    interval = finding.interval or Interval(0, 1)
    return f"{100 * interval.low:.1f} to {100 * interval.high:.1f}%"


def _far(each: Contradiction) -> str:
    low, high = sorted((each.first.median or 0.0, each.second.median or 0.0))
    return (
        f"The larger median, {high:g} months, is {round(high / low, 2):g} times the smaller one, "
        f"{low:g} months (computed). Medians are listed from {FAR:g} times on."
    )
