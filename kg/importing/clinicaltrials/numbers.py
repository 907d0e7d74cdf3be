"""Numbers, dates and p-values as the registry prints them, and what they are worth."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

__all__ = ["PValue", "find_confidence", "find_date_type", "find_decimal", "find_p_value"]

_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_P_VALUE = re.compile(
    r"(?:p\s*)?(?P<operator><=|>=|[<>=≤≥])?\s*(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:e-?\d{1,2})?)",
    re.ASCII | re.IGNORECASE,
)
_CONFIDENCE = re.compile(r"(\d+(?:\.\d+)?)\s*% confidence interval", re.ASCII | re.IGNORECASE)
_OPERATORS = {"≤": "<=", "≥": ">=", None: "="}
_LONGEST = 40


class PValue(NamedTuple):
    """A p-value: how it compares (``=``, ``<``, ...) and with which number."""

    operator: str
    number: str


def find_decimal(printed: str | None) -> str | None:
    """Return a printed number in the form of xsd:decimal, or None for what is no plain number.

    >>> [find_decimal(text) for text in ("84.20", "-.5", "NA", "<5", "1,234", "12 ")]
    ['84.20', '-.5', None, None, None, '12']
    """
    text = (printed or "").strip()
    return text if len(text) <= _LONGEST and _DECIMAL.fullmatch(text) else None


def find_p_value(printed: str | None) -> PValue | None:
    """Return what a printed p-value says, or None where it is no one number from 0 to 1.

    >>> find_p_value("<0.001"), find_p_value("p = 1e-3")
    (PValue(operator='<', number='0.001'), PValue(operator='=', number='0.001'))
    >>> find_p_value("0.03 one-sided") is None, find_p_value("1.2") is None
    (True, True)
    """
    text = (printed or "").strip()
    found = _P_VALUE.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None or Decimal(found["number"]) > 1:
        return None
    operator, number = found["operator"], found["number"]
    plain = format(Decimal(number), "f") if "e" in number.lower() else number
    return PValue(_OPERATORS.get(operator) or operator, plain)


def find_confidence(printed: str | None) -> str | None:
    """Return the level of a confidence interval in per cent.

    >>> find_confidence("95% Confidence Interval"), find_confidence("Full Range")
    ('95', None)
    """
    found = _CONFIDENCE.fullmatch((printed or "").strip())
    return found[1] if found else None


def find_date_type(printed: str) -> str:
    """Return the XSD type of a date, or ``string`` for what is no date.

    >>> [find_date_type(text) for text in ("2015-08-31", "2015-08", "2015-02-31", "August 2015")]
    ['date', 'gYearMonth', 'string', 'string']
    """
    try:
        if re.fullmatch(r"\d{4}-\d\d", printed, re.ASCII):
            date.fromisoformat(f"{printed}-01")
            return "gYearMonth"
        if re.fullmatch(r"\d{4}-\d\d-\d\d", printed, re.ASCII):
            date.fromisoformat(printed)
            return "date"
    except ValueError:
        pass
    return "string"
