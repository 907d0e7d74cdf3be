"""What lists, records and problems look like, for the contract: nothing is made by these models."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.comparisons import Side
from api.histologies import Match
from api.identifier_models import Identifier
from api.rulings import Reach, Status

__all__ = [
    "Comparison",
    "Facet",
    "ListEnvelope",
    "Problem",
    "Record",
    "RulingAnswer",
    "Source",
    "StandIn",
    "ThingReference",
]


class _Model(BaseModel):
    model_config = ConfigDict(populate_by_name=True)


class _Open(BaseModel):
    """Keys that are not named here may stand in it too."""

    model_config = ConfigDict(populate_by_name=True, extra="allow")


class ThingReference(_Open):
    """A thing by its id, which is a CURIE; a part of a record has its own keys too."""

    id: str = Field(examples=["drug:imatinib"])
    label: str | None = Field(None, examples=["imatinib"])


class Source(_Model):
    """Where a claim stands, and the date of the document."""

    document: ThingReference
    issued: str | None = Field(
        description="The year, month or day that the document prints, or null.",
        examples=["2017-03"],
    )
    section: str | None = Field(None, examples=["Imatinib and Sunitinib in GIST"])
    citation: list[str] | None = Field(None, examples=[["45"]])


class Range(_Open):
    """A stretch of a document's text, in Unicode characters."""

    id: str
    order: int
    start: int = Field(examples=[24146])
    end: int = Field(examples=[24300])


class Passage(_Open):
    """The place that a claim was read from: never its text, but the digest of it."""

    id: str
    in_document: ThingReference = Field(alias="inDocument")
    sha256: str
    section: str | None = None
    citation: list[str] | None = None
    ranges: list[Range]


class Matched(_Model):
    """How an item relates to a wider thing that was asked for, and by which values."""

    match: Match
    of: list[ThingReference] = Field(alias="from")


class Record(_Open):
    """A record, by the keys of the context."""

    # The models of the kinds are made of it. The contract alone needs them, and has them built.
    model_config = ConfigDict(defer_build=True)

    id: str = Field(examples=["drug:imatinib"])
    iri: str | None = Field(None, examples=["https://w3id.org/sarcoma-kg/drug/imatinib"])
    type: list[str] = Field(examples=[["Drug"]])
    label: str | None = Field(None, examples=["imatinib"])
    passage: Passage | None = None
    source: Source | None = None
    identifiers: list[Identifier] | None = Field(
        None, description="What it is matched to in other systems."
    )
    linked: dict[str, list[Any]] | None = Field(
        None, description="Fields whose values are stated of something else, such as its study."
    )
    match: Match | None = Field(None, description="How it relates to the histology asked for.")
    of: list[ThingReference] | None = Field(
        None, alias="from", description="The histologies by which it does."
    )
    matches: dict[str, Matched] | None = Field(
        None, description="The same for each field that was asked for and knows narrower things."
    )
    inferred: list[str] | None = Field(
        None, description="The keys of which rules state some value."
    )
    links: dict[str, str] | None = None
    snapshot: str | None = None


class FacetValue(_Model):
    """A value, a thing or a text, and how many items have it."""

    id: str | None = None
    label: str | None = None
    value: str | None = None
    count: int


class Facet(_Model):
    """The values of a field over the whole list, and how many items have none."""

    distinct: int
    missing: int
    values: list[FacetValue]


class StandIn(_Model):
    """A term of another system that was asked for, and the histologies that it stands for."""

    id: str = Field(examples=["ONCOTREE:SOFT_TISSUE"])
    label: str
    histologies: list[ThingReference]


class ListEnvelope(_Model):
    """What stands around the items of a list."""

    model_config = ConfigDict(defer_build=True)  # as that of a record

    context: str | None = Field(None, alias="@context", examples=["/api/v1/context.jsonld"])
    snapshot: str
    total: int = Field(description="How many items the whole list has.", examples=[298])
    limit: int = Field(examples=[50])
    next: str | None = Field(None, description="Where the list goes on; left out at its end.")
    note: str | None = None
    stands_for: list[StandIn] | None = Field(
        None,
        alias="standsFor",
        description="The terms of imported hierarchies that were asked for: no histology is the "
        "same, and those at or below them count.",
    )
    facets: dict[str, Facet] | None = None


class SideResult(_Open):
    """A result that the same document gives of one side of a comparison."""

    id: str
    label: str | None = None
    arm: list[ThingReference]
    n: int | None = Field(description="The responders, where they are stated.")
    evaluable_patients: int | None = Field(
        alias="N", description="The evaluable patients, where they are stated."
    )
    differs: dict[str, list[Any]] = Field(
        description="In which fields the result differs from the comparison, with its values."
    )
    link: str


class ComparisonSide(_Model):
    """One side of a comparison."""

    side: Side
    arms: list[ThingReference]
    drugs: list[ThingReference]
    results: list[SideResult]


class Statistics(_Model):
    """The figures of a comparison, each null where the document states none."""

    hazard_ratio: float | None = Field(alias="hazardRatio")
    difference: float | None
    unit: ThingReference | None
    ci_low: float | None = Field(alias="ciLow")
    ci_high: float | None = Field(alias="ciHigh")
    ci_level: float | None = Field(alias="ciLevel")
    p_value: float | None = Field(alias="pValue")
    p_operator: ThingReference | None = Field(alias="pOperator")
    p_as_printed: str | None = Field(alias="pAsPrinted")


class Comparison(_Model):
    """Both sides of a comparison, its figures, and whom the document's words favour."""

    sides: list[ComparisonSide]
    statistics: Statistics
    finding: list[ThingReference]
    direction: ThingReference | None
    favours: Side = Field(description="By the finding in words alone, never by the figures.")
    because: str


class RulingEntry(_Model):
    """An entry of a document on a drug and a condition."""

    status: Status
    reach: Reach = Field(
        description="Whether it is on this condition, the same, a wider or a narrower one."
    )
    claim: Record
    documents: list[ThingReference]


class NarrowerRuling(_Model):
    """The gravest that is ruled of a drug in conditions narrower than the one asked about."""

    status: Status
    conditions: list[ThingReference]


class ConditionRuling(_Model):
    """What is ruled of a drug in patients with one condition."""

    condition: ThingReference
    status: Status
    reach: Reach | None = Field(
        description="How the entry that decides relates to the condition; null without entries."
    )
    narrower: NarrowerRuling | None = Field(
        description="What is ruled of narrower conditions, whatever the status is."
    )
    sentence: str = Field(description="All entries in words, with the condition of each.")
    entries: list[RulingEntry]


class DrugRuling(_Model):
    """What is ruled of a drug in patients with some conditions; the gravest status first."""

    drug: ThingReference
    status: Status
    reach: Reach | None = Field(description="How the entry that decides relates to its condition.")
    sentences: list[str] = Field(description="One on each condition asked about.")
    conditions: list[ConditionRuling]


class RulingAnswer(_Model):
    """What documents rule of some drugs in patients with some conditions."""

    context: str | None = Field(None, alias="@context")
    snapshot: str
    note: str
    statuses: dict[str, str]
    reaches: dict[str, str]
    total: int
    limit: int
    next: str | None = None
    items: list[DrugRuling]


class Candidate(_Model):
    """A thing that a name may mean."""

    id: str
    iri: str
    label: str
    relation: str | None = Field(
        None,
        description="The property of SKOS by which it is matched to a code of another system.",
        examples=["skos:closeMatch"],
    )
    link: str | None = None


class Problem(_Open):
    """A problem, as RFC 9457 describes it."""

    type: str = Field(
        description="What kind of problem it is.",
        examples=["https://w3id.org/sarcoma-kg/problem/unknown-name"],
    )
    title: str = Field(examples=["Nothing has this name"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["drug 'imatinb' is not known as a drug"])
    parameter: str | None = Field(None, description="The parameter that is wrong.")
    near: list[Candidate] | None = Field(None, description="What an unknown name may mean.")
    candidates: list[Candidate] | None = Field(
        None, description="All things that an ambiguous name means."
    )
