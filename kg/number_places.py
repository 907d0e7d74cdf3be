"""The numbers of a text with their places, but for those that only refer, count or name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from kg.printed_numbers import DIGITS, REFERENCES, WORD_VALUES, WORDS, printed_dates

__all__ = ["PrintedNumber", "number_places", "stated_numbers"]

# "No", "none", "zero" and "one" are more often words of the sentence than counts.
UNCOUNTED_WORDS = frozenset({"no", "none", "zero", "one", "once", "hundred"})
MARKS = re.compile(
    r"(?m:^[ \t]*(?:\d{1,3}\.|[ivx]+\))(?=\s))"  # the number of a list item
    r"|\b(?:[Tt]ables?|[Ff]igures?|[Ff]ig\.|[Bb]ox|[Rr]efs?\.?|[Nn]os?\.) \d{1,3}\b"
    r"|\b[Ee]xons? \d{1,2}(?:(?:, | and | or )\d{1,2}\b)*|\b\d-kinase\b"  # names
    r"|\b(?!(?i:jan|feb|mar|apr|may|ju[nl]|aug|sep|oct|nov|dec))"  # dates are none
    r"[A-Z][A-Za-z]*[-–]\d{1,4}\b(?!%)"  # noqa: RUF001 - names: Ki-67, VEGFR-2
)
STATED = re.compile(r"(?<![^\W\d_])(?:\d+(?:\.\d+)?|\.\d+)")
DATE_VALUE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


class PrintedNumber(NamedTuple):
    """A number that a text prints, in digits or in words, from ``start`` up to before ``end``."""

    start: int
    end: int
    value: Decimal


def number_places(text: str) -> tuple[PrintedNumber, ...]:
    """Return the numbers of a text in their order.

    Left out are reference marks, numbers of list items, tables and figures, digits that are part
    of a name (``CD117``, ``exon 11``, ``Ki-67``), and the words *no*, *none*, *zero* and *one*.

    >>> [(one.start, str(one.value)) for one in number_places("Table 2: 7 of twelve fell.3")]
    [(9, '7'), (14, '12')]
    """
    bare = text
    for pattern in (REFERENCES, MARKS):
        bare = pattern.sub(lambda match: " " * len(match[0]), bare)
    return tuple(sorted([*_in_digits(bare), *_in_words(bare)]))


def stated_numbers(values: Iterable[str]) -> frozenset[Decimal]:
    """Return every number that some values hold, the parts of dates included.

    >>> sorted(map(int, stated_numbers(["2017-03", "Two of 29 patients", "11,12"])))
    [2, 3, 11, 12, 29, 2017]
    """
    return frozenset(number for value in values for number in _numbers(value))


def _in_digits(text: str) -> Iterator[PrintedNumber]:
    for match in DIGITS.finditer(text):
        yield PrintedNumber(*match.span(), Decimal(match[0].replace(",", "")))


def _in_words(text: str) -> Iterator[PrintedNumber]:
    for match in WORDS.finditer(text):
        words = [word.lower() for word in match.groups() if word]
        if not UNCOUNTED_WORDS.intersection(words[:1]):
            yield PrintedNumber(*match.span(), Decimal(sum(WORD_VALUES[word] for word in words)))


def _numbers(value: str) -> Iterator[Decimal]:
    dates = [value, *printed_dates(value)]
    for date in filter(None, map(DATE_VALUE.fullmatch, dates)):
        yield from (Decimal(part) for part in date.groups() if part)
    yield from (Decimal(digits) for digits in STATED.findall(_joined(value)))
    yield from (one.value for one in _in_words(value))


def _joined(value: str) -> str:
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", value)
