"""How the values of the XSD datatypes that records use must be written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

__all__ = ["DATATYPES", "XSD", "Datatype"]

XSD: Final = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True)
class Datatype:
    """A datatype in words, a valid form of it, and the test of a text."""

    noun: str
    example: str
    accepts: Callable[[str], bool]

    def find_fault(self, text: str) -> str | None:
        """Return what is wrong with a text and a valid form, or None.

        >>> print(DATATYPES[XSD + "boolean"].find_fault("yes"))
        'yes' is not a boolean; write it like 'true' or 'false'
        """
        if self.accepts(text):
            return None
        return f"'{text}' is not {self.noun}; write it like {self.example}"


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: compiled.fullmatch(text) is not None


def _is_date(text: str) -> bool:
    """Tell whether a text is a day that exists; xsd:date allows more: time zones, far years."""
    if not _matches(r"\d{4}-\d\d-\d\d")(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


DATATYPES: Final = MappingProxyType(
    {
        f"{XSD}string": Datatype("a text", "'a text'", lambda _: True),
        f"{XSD}boolean": Datatype("a boolean", "'true' or 'false'", _matches("true|false")),
        f"{XSD}integer": Datatype(
            "an integer of up to 18 digits", "'1000'", _matches(r"[+-]?\d{1,18}")
        ),
        f"{XSD}decimal": Datatype(
            "a decimal number of up to 18 digits on each side",
            "'0.026'",
            _matches(r"[+-]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})"),
        ),
        f"{XSD}date": Datatype("a date", "'2017-01-31'", _is_date),
        f"{XSD}gYearMonth": Datatype(
            "a year and month", "'2017-01'", _matches(r"\d{4}-(0[1-9]|1[0-2])")
        ),
        f"{XSD}gYear": Datatype("a year", "'2017'", _matches(r"\d{4}")),
        f"{XSD}anyURI": Datatype(
            "a web address", "'https://example.org/page'", _matches(r"https?://[^\s<>\"{}|\\^`]+")
        ),
    }
)
"""The datatypes that a context may give a key; each is stricter than XSD where records gain.

The store cannot compare numbers of more digits: every check on one would pass without a word."""
