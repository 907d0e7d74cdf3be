"""What answers say of imports, for the contract: nothing is made by these models."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.record_models import ThingReference

__all__ = ["ImportSource", "ImportedPair"]


class _Model(BaseModel):
    model_config = ConfigDict(populate_by_name=True)


class ImportSource(_Model):
    """The import that a record came with: a named graph of another database, no document."""

    kind: Literal["import"]
    name: str = Field(alias="import", examples=["drugmechdb"])
    title: str | None
    licence: str | None = Field(description="The address of its licence.")
    attribution: str | None = Field(description="By whom its authors want to be named.")
    version: str | None
    retrieved: str | None = Field(
        description="The day on which its files were retrieved.", examples=["2026-11-22"]
    )


class ImportedPair(_Model):
    """A drug and a target of which an import says that the one acts on the other."""

    drug: ThingReference | None = None
    target: ThingReference
    source: ImportSource
    inhibits: bool = Field(description="Some claim says that the drug inhibits the target.")
    claims: list[ThingReference] = Field(description="The imported claims behind it.")
