"""The numbers and dates that a text states, in digits or in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

__all__ = ["is_stated", "missing_numbers", "printed_dates", "printed_numbers"]

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
OTHER_WORDS = {"no": 0, "none": 0, "once": 1, "twice": 2, "thrice": 3, "hundred": 100}
WORD_VALUES = (
    {word: value for value, word in enumerate(ONES.split(" "))}
    | {word: 10 * value for value, word in enumerate(TENS.split(" "), 2)}
    | OTHER_WORDS
)
MONTHS = "january february march april may june july august september october november december"
MONTH_VALUES = {word[:3]: value for value, word in enumerate(MONTHS.split(" "), 1)}

# What is printed after a word or a full stop without a space between is a reference number.
REFERENCES = re.compile(
    r"(?:(?<=[^\W\d_])[.,;:]|(?<=[%)\]])[.,;:]?)\d{1,3}(?:[,–-]\d{1,3})*(?![\w%]|\.\d)"  # noqa: RUF001
    r"|\^\{[^}]{0,40}\}"
)
DIGITS = re.compile(
    r"(?<![\w.])(?:\d{1,3}(?:,\d{3})+(?!\d|,\d{3})|\d+)(?:\.\d+)?|(?<![\w.%)\]])\.\d+"
)
WORDS = re.compile(
    r"(?<![^\W_])(?:(?P<tens>" + TENS.replace(" ", "|") + r")(?:[-\s]\s?(?P<ones>"
    r"one|two|three|four|five|six|seven|eight|nine))?|(?P<word>"
    + "|".join([*ONES.split(" "), *OTHER_WORDS])
    + r"))(?![^\W_])",
    re.IGNORECASE,
)
MONTH_NAME = (
    "(?P<month>" + "|".join(f"{word}|{word[:3]}" for word in [*MONTHS.split(" "), "sept"]) + r")\.?"
)
DATES = (
    re.compile(rf"\b{MONTH_NAME}\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(
        rf"\b(?P<day>\d{{1,2}})[\s-]{MONTH_NAME}[\s,-]+(?P<year>\d{{4}}|\d{{2}})\b", re.IGNORECASE
    ),
    re.compile(r"\b(?P<year>\d{4})[-/](?P<number>\d{2})[-/](?P<day>\d{2})\b"),
    re.compile(rf"\b{MONTH_NAME},?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(r"\b(?P<year>\d{4})[-/](?P<number>\d{2})\b"),
    re.compile(r"\b(?P<year>\d{4})\b"),
)
BROKEN_WORD = re.compile(r"-\s*\n\s*")
DATE_VALUE = re.compile(r"\d{4}-\d{2}(?:-\d{2})?")
NUMBER_VALUE = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")


def printed_numbers(text: str) -> frozenset[Decimal]:
    """Return the numbers that a text states.

    Digits with or without decimals, number words to ninety-nine, ``no`` and ``none`` for zero,
    ``once`` and ``twice``. Reference numbers glued to what they follow, superscripts, and digits
    that are part of a word or a unit (``VEGFR2``, ``m2``) are none.

    >>> sorted(map(str, printed_numbers("None of 1,250 fell.2 Sixteen of 33 (P < .05) in mg/m2.")))
    ['0', '0.05', '1250', '16', '33']
    """
    return frozenset([*_in_digits(REFERENCES.sub(" ", text)), *_in_words(text)])


def printed_dates(text: str) -> frozenset[str]:
    """Return the dates that a text states, as ``YYYY-MM-DD``, and its months and years alone.

    >>> sorted(printed_dates("From February 11, 2017 to March 2022"))
    ['2017', '2017-02', '2017-02-11', '2022', '2022-03']
    """
    return frozenset(
        value
        for pattern in DATES
        for match in pattern.finditer(text)
        for value in _date_values(match.groupdict())
    )


def is_stated(value: str, text: str) -> bool:
    """Say whether a text states a number or a date, given in its XML Schema form.

    >>> is_stated("0.026", "hazard ratio 0.82, P = .026"), is_stated("2022-03", "March 2022")
    (True, True)
    """
    return not missing_numbers([value], text)


def missing_numbers(values: Iterable[str], text: str) -> tuple[str, ...]:
    """Return the values, numbers and dates in their XML Schema form, that a text does not state.

    >>> missing_numbers(["15.5", "45", "46"], "7 of 45, for a rate of 15.5%")
    ('46',)
    """
    numbers, dates = printed_numbers(text), printed_dates(text)
    return tuple(value for value in values if not _holds(numbers, dates, value))


def _holds(numbers: frozenset[Decimal], dates: frozenset[str], value: str) -> bool:
    if DATE_VALUE.fullmatch(value):
        return value in dates
    if not NUMBER_VALUE.fullmatch(value):
        raise ValueError(f"{value!r} is neither a number nor a date; give it as XML Schema does")
    return Decimal(value) in numbers or value in dates


def _in_digits(text: str) -> Iterator[Decimal]:
    for match in DIGITS.finditer(text):
        yield Decimal(match[0].replace(",", ""))


def _in_words(text: str) -> Iterator[Decimal]:
    for variant in {text, BROKEN_WORD.sub("", text), BROKEN_WORD.sub("-", text)}:
        for match in WORDS.finditer(variant):
            words = [word.lower() for word in match.groups() if word]
            yield Decimal(sum(WORD_VALUES[word] for word in words))


def _date_values(parts: dict[str, str | None]) -> Iterator[str]:
    year = parts["year"] or ""
    year = year if len(year) == 4 else f"20{year}"
    yield year
    name = parts.get("month")
    month = MONTH_VALUES[name[:3].lower()] if name else int(parts.get("number") or 0)
    if not 1 <= month <= 12:
        return
    yield f"{year}-{month:02}"
    day = int(parts.get("day") or 0)
    if 1 <= day <= 31:
        yield f"{year}-{month:02}-{day:02}"
