"""What differs from one made-up drug to the next: names, numbers, digits and dates."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

__all__ = ["GROUP", "TOKEN", "Tokens"]

GROUP = 8
"""How many drugs one document reports on."""

TOKEN = re.compile(r"zz[nd]\d{4}zz|9{6}\d{4}[12]9|abcdef\d{4}|21\d\d-12-31")
"""What stands for a value of a unit in a template."""

_ONSETS = ["b", "c", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "z"]
_VOWELS = ["a", "e", "i", "o", "u"]
_SYLLABLES = len(_ONSETS) * len(_VOWELS)
_STEMS = ("nib", "mab", "platin", "taxel", "rubicin", "limus", "stat", "tide")
_FIRST_DAY = datetime.date(1980, 1, 1)
_DAYS = 16_000


@dataclass(frozen=True)
class Tokens:
    """The values of one unit, or of a template, whose values match ``TOKEN``."""

    number: int
    name: str
    document: str
    cites: tuple[str, str]
    digits: str
    date: str

    @classmethod
    def of_template(cls, number: int) -> Tokens:
        """Return values that stand for those of a unit; up to 100 templates tell theirs apart."""
        return cls(
            number=number,
            name=f"zzn{number:04}zz",
            document=f"zzd{number:04}zz",
            cites=(f"999999{number:04}19", f"999999{number:04}29"),
            digits=f"abcdef{number:04}",
            date=f"21{number:02}-12-31",
        )

    @classmethod
    def of_unit(cls, number: int) -> Tokens:
        """Return the values of a unit; names and documents sort as the numbers do.

        >>> Tokens.of_unit(0).name, Tokens.of_unit(4711).name
        ('babababanib', 'babasoxetide')
        >>> Tokens.of_unit(4711).document
        'review-000588'
        """
        return cls(
            number=number,
            name=_name(number),
            document=f"review-{number // GROUP:06}",
            cites=(str(2 * (number % GROUP) + 1), str(2 * (number % GROUP) + 2)),
            digits=f"{number:010x}",
            date=str(_FIRST_DAY + datetime.timedelta(days=number * 7919 % _DAYS)),
        )

    def find(self, token: str) -> str:
        """Return what stands for a token of a template.

        >>> Tokens.of_unit(3).find("zzd0000zz"), Tokens.of_unit(3).find("999999000729")
        ('review-000000', '8')
        """
        match token[:3]:
            case "zzn":
                return self.name
            case "zzd":
                return self.document
            case "999":
                return self.cites[int(token[-2]) - 1]
            case "abc":
                return self.digits
        return self.date


def _name(number: int) -> str:
    rest, syllables = number, []
    for _ in range(4):
        rest, which = divmod(rest, _SYLLABLES)
        onset, vowel = divmod(which, len(_VOWELS))
        syllables.append(_ONSETS[onset] + _VOWELS[vowel])
    return "".join(reversed(syllables)) + _STEMS[number % len(_STEMS)]
