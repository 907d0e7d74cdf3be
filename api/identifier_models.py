"""What identifiers of other systems look like in records, for the contract."""

from __future__ import annotations

from pydantic import BaseModel, Field

__all__ = ["Identifier"]


class Identifier(BaseModel):
    """What a thing is matched to in another system, by which property of SKOS."""

    curie: str | None = Field(None, examples=["CHEMBL.COMPOUND:CHEMBL941"])
    iri: str = Field(examples=["https://identifiers.org/chembl.compound:CHEMBL941"])
    system: str | None = Field(None, description="The prefix.", examples=["CHEMBL.COMPOUND"])
    relation: str = Field(
        description="exactMatch, closeMatch, broadMatch, narrowMatch or relatedMatch.",
        examples=["exactMatch"],
    )
    comment: str | None = Field(None, description="Its grounds, and where sources disagree.")
    mapping: str | None = Field(None, description="The record of the mapping.")
