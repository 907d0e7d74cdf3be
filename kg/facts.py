"""One fact of a reading, and when a fact of another reading is the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["Fact", "is_alike", "is_matched", "is_rival"]

NEAR = 2
"""How many lines apart two facts may stand and still be the same."""

BY_CITATION = frozenset({"context", "dose", "study"})
"""The kinds of facts that belong to a cited study, wherever its paragraph tells them."""

PAIRED = frozenset({"biomarker", "comorbidity", "mechanism"})
"""The kinds of facts that say something of two subjects, not of one."""

GENERAL = frozenset({"sarcoma", "soft-tissue-sarcoma"})
"""Subjects that nearly every fact has; they tell facts apart only where there is no other."""

NUMBER = re.compile(r"\d+(?:[.-]\d+)*")
FORM = MappingProxyType({"n=": "count", "N=": "total", "HR=": "ratio", "P": "probability"})


@dataclass(frozen=True, order=True)
class Fact:
    """A number or a short term that a document states, and the lines where it stands."""

    document: str
    line: int
    last: int
    citation: str
    kind: str
    subject: str
    aspect: str
    value: str
    context: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of the value, as they are written."""
        return tuple(NUMBER.findall(self.value))


def is_matched(fact: Fact, others: Iterable[Fact]) -> bool:
    """Tell whether one of the other facts is about the same and says the same."""
    return any(is_alike(fact, other) and _is_equal(fact, other) for other in others)


def is_alike(one: Fact, other: Fact) -> bool:
    """Tell whether two facts are about the same, whatever they say of it."""
    if one.document != other.document or not _in_one_group(one, other):
        return False
    if one.kind in BY_CITATION or other.kind == "study":
        return one.citation == other.citation and _shares(one, other)
    if one.kind == other.kind == "result" and not _shares_citation(one, other):
        return False
    return one.line - NEAR <= other.last and other.line - NEAR <= one.last and _shares(one, other)


def _in_one_group(one: Fact, other: Fact) -> bool:
    if "study" in (one.kind, other.kind) and "result" in (one.kind, other.kind):
        return _total(one) == _total(other) != ""
    strict = BY_CITATION | PAIRED | {"staging", "approval"}
    if {one.kind, other.kind} == {"biomarker", "mechanism"}:
        return True
    if one.kind in strict or other.kind in strict:
        return one.kind == other.kind and (
            one.kind not in BY_CITATION or one.aspect == other.aspect
        )
    return True


def _total(fact: Fact) -> str:
    """Return how many patients a study or the denominator of a result has, or nothing."""
    if fact.kind == "study" and fact.aspect == "patients":
        return fact.value
    return fact.value.removeprefix("N=") if fact.value.startswith("N=") else ""


def _shares(one: Fact, other: Fact) -> bool:
    left, right = set(one.subject.split()), set(other.subject.split())
    if not left or not right:
        return True
    if one.kind in PAIRED:
        told = one.kind != "comorbidity" or one.aspect == other.aspect
        return told and len(left & right) >= min(2, len(left), len(right))
    if left - GENERAL and right - GENERAL:
        return bool((left - GENERAL) & (right - GENERAL))
    return True


def _is_equal(one: Fact, other: Fact) -> bool:
    if "study" in (one.kind, other.kind) and one.kind != other.kind:
        return True
    if not one.numbers or (one.kind == "staging" and other.kind == "staging"):
        named = one.kind != "staging" or one.value.casefold() == other.value.casefold()
        return named and (one.kind != "result" or other.kind != "result" or _same(one, other))
    if one.kind == other.kind == "result":
        return one.aspect == other.aspect and one.value == other.value
    if not (one.kind in BY_CITATION or "result" not in (one.kind, other.kind)):
        return one.value == other.value
    return one.numbers == other.numbers


def _shares_citation(one: Fact, other: Fact) -> bool:
    left, right = set(one.citation.split(",")), set(other.citation.split(","))
    return bool(left & right) or {""} in (left, right)


def _same(one: Fact, other: Fact) -> bool:
    return one.aspect == other.aspect


def is_rival(one: Fact, other: Fact) -> bool:
    """Tell whether two facts that are alike give the same thing another number or name."""
    same = one.kind == other.kind and (
        one.aspect == other.aspect or (bool(one.numbers) and one.value == other.value)
    )
    return same and bool(one.numbers) == bool(other.numbers) and _form(one) == _form(other)


def _form(fact: Fact) -> str:
    form = next((name for start, name in FORM.items() if fact.value.startswith(start)), "")
    return form or re.sub(r"[\d.<>=-]+", "", fact.value).strip() * bool(fact.numbers)
