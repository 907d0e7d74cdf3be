"""The parameters of the JSON answers."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ID", "LONGEST_NAME", "EvidenceFilter", "ListFilter"]

ID = "an IRI, a CURIE, a slug, or an unambiguous label or synonym"
LONGEST_NAME = 500
Name = Annotated[str | None, Field(min_length=1, max_length=LONGEST_NAME)]


class Paging(BaseModel):
    """Which part of a list."""

    model_config = ConfigDict(populate_by_name=True)

    limit: int = Field(50, ge=1, le=1000, description="How many items at most.")
    cursor: str | None = Field(
        None, max_length=200, description="Where to go on: taken from the `next` of an answer."
    )


class ListFilter(Paging):
    """Which records of a kind."""

    q: str | None = Field(
        None, max_length=200, description="A text that the label or another name holds."
    )


class EvidenceFilter(Paging):
    """Which evidence items."""

    drug: Name = Field(None, description=f"The drug that the result is about: {ID}.")
    histology: Name = Field(
        None, description=f"The histology, or a wider one than that of the result: {ID}."
    )
    direct: bool = Field(False, description="Leave out results about narrower histologies.")
    endpoint: Name = Field(
        None, description="Such as ObjectiveResponseRate; see /api/v1/endpoints."
    )
    study: Name = Field(None, description=f"The study with the result: {ID}.")
    document: Name = Field(None, description=f"The document that states the result: {ID}.")
    line: Name = Field(None, description="Such as FirstLine; see /api/v1/lines.")
    setting: Name = Field(None, description="Such as Metastatic; see /api/v1/settings.")
    treatment_mode: Name = Field(
        None,
        alias="treatmentMode",
        description="Such as Monotherapy; see /api/v1/treatment-modes.",
    )
    direction: Name = Field(None, description="Supports, Refutes or Inconclusive.")
    min_evaluable: int | None = Field(
        None,
        alias="minEvaluable",
        ge=0,
        description="The least number of evaluable patients; items without one are left out.",
    )
