"""What the answers about paths look like, for the contract: nothing is made by these models."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.histologies import Match
from api.path_kinds import EdgeKind, NodeKind, PathKind, Reach
from api.path_missing import NearBy, Wanted
from api.path_results import Given
from api.record_models import StandIn

__all__ = ["BatchAnswer", "PathAnswer"]


class _Model(BaseModel):
    model_config = ConfigDict(populate_by_name=True)


class Reference(_Model):
    """A thing by its id, which is a CURIE."""

    id: str
    label: str | None = None


class Node(Reference):
    """A thing on a path, and what it is there."""

    iri: str
    kind: NodeKind


class Document(Reference):
    """A document, and when it was issued where it says so."""

    issued: str | None = None


class EdgeSource(_Model):
    """Who states an edge: the documents, or an import of another database."""

    kind: Literal["documents", "import"]
    name: str | None = Field(None, alias="import")
    title: str | None = None
    licence: str | None = None
    attribution: str | None = None
    version: str | None = None
    retrieved: str | None = None


class Statement(_Model):
    """A statement of a document: its record, by the keys of the context, and its document."""

    model_config = ConfigDict(extra="allow")

    id: str
    iri: str
    label: str | None = None
    document: Document | None = None
    source: EdgeSource | None = Field(
        None, description="The import that states it, where no document does."
    )
    passage: dict[str, Any] | None = Field(
        None, description="Section, ranges of characters, and the digest of the text in them."
    )


class Level(Reference):
    """A level of evidence, what it states, and the rule that gives it."""

    statement: str | None = None
    rule: Reference


class Result(Statement):
    """A result about the drug of a path."""

    n: int | None = Field(description="The responders, where they are stated.")
    evaluable_patients: int | None = Field(
        alias="N", description="The evaluable patients, where they are stated."
    )
    given: Given = Field(description="Whether the drug was given alone.")
    regimen: list[Reference]
    phase: Reference | None
    studied: str = Field(description="patients or laboratory.")
    level: Level | None
    match: Match = Field(description="Whether it is of the path's histology or a narrower one.")
    of_histology: list[Reference] = Field(
        alias="from", description="The histology that the result is about."
    )
    because: str = Field(description="Why the result is on its side.")


class Evidence(_Model):
    """The results of the drug in the histology or a narrower one, by what they say."""

    in_favour: list[Result] = Field(alias="for")
    against: list[Result]
    inconclusive: list[Result]
    unstated: list[Result] = []


def _no_evidence() -> Evidence:
    """Return what stands for evidence that is not asked for."""
    return Evidence.model_validate({"for": [], "against": [], "inconclusive": []})


class Edge(_Model):
    """A step of a path: a link of the graph, and the claims behind it."""

    kind: EdgeKind
    subject: str
    predicate: str
    label: str
    object: str
    inferred: bool
    rules: list[Reference] = Field(description="The rules that infer the link.")
    hypothetical: bool = Field(description="Whether every claim is worded as a possibility.")
    graphs: list[str]
    source: EdgeSource = Field(description="Who states it: the documents, or which import.")
    claims: list[Statement]


class Caution(Statement):
    """A contraindication or precaution of the drug."""

    ruling: str


class Decision(Statement):
    """What a regulator or payer decided on the drug, where and as of when."""

    jurisdiction: list[Reference]
    date: str | None = Field(description="When it was decided; null where no document prints it.")
    as_of: str | None = Field(
        alias="asOf", description="The date that it is stated for: mostly that of the document."
    )
    relation: str = Field(description="How its histology relates to that of the path.")


class NearThing(Reference):
    """What comes near a missing thing, why it is not it, and the claims behind that."""

    why: NearBy
    claims: list[Reference] = []


class MissingThing(_Model):
    """What no document of the snapshot reports, the histologies it is reported for, what is near.

    The statement says all of it in words.
    """

    what: Wanted
    statement: str
    elsewhere: list[Reference] = []
    near: list[NearThing] = []


class SortedBy(_Model):
    """What a path is sorted by, in words."""

    by: str
    value: str


class FoundPath(_Model):
    """A path with its reasons, or those of them that `fields` names."""

    kind: PathKind
    match: Match | None = None
    reach: list[Reach]
    drug: Reference
    targets: list[Reference]
    histology: Reference | None = Field(
        description="null where an import names a target of which, as of its drug, the documents "
        "say nothing for any histology."
    )
    nodes: list[Node] = Field(default_factory=list)
    edges: list[Edge] = Field(default_factory=list)
    evidence: Evidence = Field(default_factory=_no_evidence)
    biomarkers: list[Statement] = Field(default_factory=list)
    contraindications: list[Caution] = Field(default_factory=list)
    approvals: list[Decision] = Field(default_factory=list)
    missing: list[MissingThing] = Field(default_factory=list)
    sort_key: list[SortedBy] = Field(default_factory=list, alias="sortKey")
    row: dict[str, str] | None = None


class Explanation(_Model):
    """The SPARQL query with one row for each path, and its columns."""

    sparql: str
    columns: list[str]
    note: str


class PathAnswer(_Model):
    """A page of paths."""

    context: str | None = Field(None, alias="@context")
    snapshot: str
    total: int
    limit: int
    next: str | None = None
    by_kind: dict[PathKind, int] = Field(alias="byKind")
    kinds: dict[PathKind, str]
    sorted_by: list[str] = Field(alias="sortedBy")
    note: str
    stands_for: list[StandIn] | None = Field(
        None,
        alias="standsFor",
        description="The terms of imported hierarchies that were asked for: the histologies at or "
        "below them count.",
    )
    documents_counted: list[Document] | None = Field(None, alias="documentsCounted")
    shortened: str | None = Field(None, description="Why the page has fewer paths than asked for.")
    explain: Explanation | None = None
    paths: list[FoundPath]


class AnsweredQuery(PathAnswer):
    """The answer to one query of several."""

    status: int


class RefusedQuery(_Model):
    """The problem of one query of several."""

    status: int
    problem: dict[str, Any]


class BatchAnswer(_Model):
    """The answers to several queries, in their order."""

    context: str | None = Field(None, alias="@context")
    snapshot: str
    total: int
    answers: list[AnsweredQuery | RefusedQuery]
