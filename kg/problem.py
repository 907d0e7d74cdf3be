"""What is wrong with an input, where it stands, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

__all__ = ["Finding", "Place", "Problem", "Refused", "Severity", "Unreadable"]

LONGEST = 1000


class Severity(StrEnum):
    """How grave a problem is: a violation stops a build, a warning asks for review."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file, as a person would name it; line 0 is of something without lines.

    >>> str(Place("data/vocabularies/drugs.yaml", 12))
    'data/vocabularies/drugs.yaml:12'
    >>> str(Place("your update", 0))
    'your update'
    """

    file: str
    line: int = 1

    def __str__(self) -> str:
        shown = _one_line(self.file)
        return f"{shown}:{self.line}" if self.line else shown


class Finding(NamedTuple):
    """What a problem is to the shape or check that found it, as in ``kg.shapes.Result``."""

    focus: str = ""
    path: str = ""
    component: str = ""
    value: str = ""


@dataclass(frozen=True, order=True)
class Problem:
    r"""One sentence about one place, shown on one line; problems that read alike are equal.

    >>> print(Problem(Place("drugs.yaml", 3), "unknown key 'lable'; did you mean 'label'?"))
    drugs.yaml:3: unknown key 'lable'; did you mean 'label'?
    >>> print(Problem(Place("drugs.yaml", 3), "unknown key 'a" + chr(10) + "b'"))
    drugs.yaml:3: unknown key 'a\nb'
    """

    place: Place
    message: str
    severity: Severity = Severity.VIOLATION
    finding: Finding | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        kind = "" if self.severity is Severity.VIOLATION else f"{self.severity}: "
        return f"{self.place}: {kind}{_one_line(self.message)}"


def _one_line(text: str) -> str:
    r"""Return a text with line breaks as ``\n``, and the middle left out of an endless one."""
    shown = text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} ... {text[-LONGEST // 2 :]}"
    return r"\n".join(shown.splitlines())


class Refused(Exception):  # noqa: N818 - the word the documentation uses
    """An input was refused; ``problems`` holds every reason, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class Unreadable(Refused):
    """Files could not be read at all, so that nothing is known of what they say."""
