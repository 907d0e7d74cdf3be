"""The parameters of the paths, in an address or in a body."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from api.parameters import ID, LONGEST_NAME, Paging
from api.path_kinds import PathField, PathKind, Reach
from api.problems import ParameterError

__all__ = ["ANYTHING", "MOST_NAMES", "PathFilter", "last_day"]

ANYTHING = "*"
"""What stands for any thing of a kind."""

MOST_NAMES = 50
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def _as_list(value: Any) -> Any:
    """Take one text as a list of it, as a body may have it."""
    return [value] if isinstance(value, str) else value


def _split(value: Any) -> Any:
    """Take words apart at their commas; none of the closed lists has a comma in a word."""
    given = _as_list(value)
    if not isinstance(given, list):
        return given
    split = ([each] if not isinstance(each, str) else each.split(",") for each in given)
    return [each.strip() if isinstance(each, str) else each for found in split for each in found]


Names = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]],
    BeforeValidator(_as_list),
    Field(max_length=MOST_NAMES),
]
_LIST = "repeatable, or with commas; * is any"


class PathFilter(Paging):
    """Which paths; at least one of the things along the path must be asked for."""

    drug: Names = Field(
        [], description=f"Where the path starts: {ID}; {_LIST}.", examples=[["imatinib"]]
    )
    drug_class: Names = Field(
        [],
        alias="drugClass",
        description=f"A class that the drug is stated or defined to belong to: {ID}; {_LIST}.",
        examples=[["anthracyclines"]],
    )
    target: Names = Field(
        [], description=f"A target or family on the path: {ID}; {_LIST}.", examples=[["KIT"]]
    )
    family: Names = Field(
        [],
        description=f"A family on the path, or of a target on it: {ID}; {_LIST}.",
        examples=[["PDGFR"]],
    )
    biomarker: Names = Field(
        [],
        description="A biomarker that a statement of the path names; the results are those in "
        f"patients with it: {ID}; {_LIST}.",
        examples=[["KIT exon 11 mutation"]],
    )
    histology: Names = Field(
        [],
        description=f"Where the path ends, or a wider histology than that: {ID}; {_LIST}.",
        examples=[["GIST"]],
    )
    direct: bool = Field(
        False,
        description="Leave out paths to narrower histologies, and results in narrower ones.",
        examples=[True],
    )
    kind: Annotated[list[PathKind], BeforeValidator(_split)] = Field(
        [],
        description="The kinds of paths, repeatable or with commas; all of them without.",
        examples=[["mechanism"]],
    )
    source: Names = Field(
        [],
        description="Who states the first step: documents, imports, or the name of an import such "
        "as drugmechdb, repeatable or with commas; all of them without.",
        examples=[["documents"]],
    )
    reach: Annotated[list[Reach], BeforeValidator(_split)] = Field(
        [],
        description="How the drug reaches its target, repeatable or with commas; however without.",
        examples=[["indirect"]],
    )
    endpoint: Names = Field(
        [],
        description="What was measured, such as ObjectiveResponseRate; see /api/v1/endpoints.",
        examples=[["ObjectiveResponseRate"]],
    )
    line: Names = Field(
        [], description="Such as FirstLine; see /api/v1/lines.", examples=[["FirstLine"]]
    )
    phase: Names = Field(
        [], description="The phase of the trial, such as Phase2.", examples=[["Phase2"]]
    )
    treatment_mode: Names = Field(
        [],
        alias="treatmentMode",
        description="alone, combination, or a term of /api/v1/treatment-modes.",
        examples=[["alone"]],
    )
    min_evaluable: int | None = Field(
        None,
        alias="minEvaluable",
        ge=0,
        le=1_000_000_000,
        description="The least number of evaluable patients; results without one do not count.",
        examples=[20],
    )
    document: Names = Field(
        [],
        description=f"The documents whose statements count, and no others: {ID}; repeatable.",
        examples=[["jnccn-2007"]],
    )
    until: str | None = Field(
        None,
        alias="asOf",
        max_length=10,
        description="A year, month or day: only statements of documents issued by then count; "
        "documents without a date do not.",
        examples=["2017"],
    )
    until_again: str | None = Field(
        None,
        alias="as_of",
        max_length=10,
        description="Another name of asOf.",
        examples=["2017-03"],
    )
    fields: Annotated[list[PathField], BeforeValidator(_split)] = Field(
        [],
        description="What to show of each path beside its kind, reach, drug, targets and "
        "histology, repeatable or with commas; all of it without.",
        examples=[["missing"]],
    )
    explain: bool = Field(
        False,
        description="Give the SPARQL query with the same rows as the whole list of paths.",
        examples=[True],
    )

    @property
    def latest(self) -> date | None:
        """The last day of asOf; raises ParameterError."""
        if self.until and self.until_again:
            raise ParameterError("asOf", "asOf and as_of are the same; give one of them")
        given = self.until or self.until_again
        if given is None:
            return None
        found = last_day(given)
        if found is None:
            raise ParameterError("asOf", "asOf is a year, month or day, such as 2017 or 2017-03")
        return found


def last_day(text: str) -> date | None:
    """Return the last day of a year, month or day, or None where the text is none of these.

    >>> [str(last_day(text)) for text in ("2007", "2017-02", "2021-01-22", "2017-13", "May")]
    ['2007-12-31', '2017-02-28', '2021-01-22', 'None', 'None']
    """
    found = _DATE.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 12, 1)
        return first.replace(day=day or calendar.monthrange(first.year, first.month)[1])
    except ValueError:
        return None
