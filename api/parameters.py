"""The parameters of the JSON answers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

__all__ = [
    "ID",
    "LONGEST_NAME",
    "MOST_ITEMS",
    "NOT_BLANK",
    "ListFilter",
    "ListFormat",
    "Name",
    "Paging",
]

ID = (
    "an IRI or a CURIE, of this graph or of another system such as MONDO or ChEMBL, a slug, or an "
    "unambiguous label or synonym"
)
LONGEST_NAME = 500
MOST_ITEMS = 1000
NOT_BLANK = r"[^\s\x00-\x1f]"
"""A text without a letter asks for nothing, and must not count as any."""

Name = Annotated[str | None, Field(min_length=1, max_length=LONGEST_NAME, pattern=NOT_BLANK)]


class ListFormat(StrEnum):
    """How a list is written."""

    JSON = "json"
    JSON_LD = "jsonld"
    CSV = "csv"
    TSV = "tsv"


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


_FieldNames = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=NOT_BLANK)]],
    BeforeValidator(_as_list),
    Field(max_length=50),
]


class Paging(BaseModel):
    """Which part of a list."""

    model_config = ConfigDict(populate_by_name=True)

    limit: int = Field(50, ge=1, le=MOST_ITEMS, description="How many items at most.", examples=[5])
    cursor: str | None = Field(
        None,
        max_length=200,
        description="Where to go on: taken from the `next` of an answer.",
        examples=["WzUsIjlkOGY0YjhhY2ExYSIsIjM1YjJiYWIwYWY0YyJd"],
    )


class ListFilter(Paging):
    """Which records of a kind, in which order, and what of them."""

    q: str | None = Field(
        None,
        max_length=200,
        pattern=NOT_BLANK,
        description="A text that the label or another name holds.",
        examples=["sarcoma"],
    )
    sort: _FieldNames = Field(
        [],
        description="Fields to sort by, repeatable or with commas; `-` before one turns it round. "
        "What has no value comes last.",
        examples=[["-label"]],
    )
    fields: _FieldNames = Field(
        [],
        description="The keys or fields to show beside `id` and `type`, repeatable or with commas.",
        examples=[["label"]],
    )
    facets: _FieldNames = Field(
        [],
        description="Fields whose values are counted over the whole list, with all filters, "
        "repeatable or with commas.",
        examples=[["type"]],
    )
    has: _FieldNames = Field(
        [],
        description="Fields that must have a value, repeatable or with commas.",
        examples=[["label"]],
    )
    lacks: _FieldNames = Field(
        [],
        description="Fields that must have no value, repeatable or with commas.",
        examples=[["needsReview"]],
    )
    format: ListFormat | None = Field(
        None,
        description="json, jsonld, csv or tsv; without it the header Accept decides. CSV and TSV "
        "hold the whole list unless `limit` is given.",
        examples=["csv"],
    )
