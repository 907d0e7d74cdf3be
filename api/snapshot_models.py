"""The shape of the answers about snapshots, their differences and downloads, for the contract."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from kg.difference import Change

__all__ = ["Differences", "Downloads", "SnapshotList", "SnapshotManifest"]


class _Answer(BaseModel):
    """A part of an answer, whose keys are written as those of records are."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class SnapshotLinks(_Answer):
    """Where to go on from a snapshot."""

    itself: str = Field(alias="self", description="What the snapshot says of itself.")
    data: str = Field(description="Its N-Quads.")
    differences: str = Field(description="What the served snapshot says otherwise.")


class SnapshotSummary(_Answer):
    """A snapshot that the server keeps."""

    id: str = Field(description="The SHA-256 of its N-Quads.")
    made: str = Field(description="When its N-Quads were written, in UTC.")
    is_served: bool
    quads: int
    claims: int
    writes: int = Field(description="How many accepted writes it has.")
    tools: dict[str, str]
    links: SnapshotLinks


class SnapshotListItem(SnapshotSummary):
    """A snapshot as lists show it."""

    graphs: int
    inputs: str = Field(description="The digest of all that it was made of.")


class SnapshotList(_Answer):
    """The snapshots that the server keeps, the newest first."""

    snapshot: str
    total: int
    about: str
    items: list[SnapshotListItem]


class GraphSize(_Answer):
    """A graph of a snapshot; the default graph has no name."""

    graph: str | None
    triples: int
    claims: int


class SnapshotInputs(_Answer):
    """What a snapshot was made of: the SHA-256 of each file, and how many writes."""

    digest: str
    files: dict[str, str]
    journal: int


class SnapshotProblem(_Answer):
    """What the gate let through."""

    severity: str
    place: str
    message: str


class SnapshotValidation(_Answer):
    """What the gate found that stops no build."""

    warnings: int
    infos: int
    problems: list[SnapshotProblem]


class SnapshotManifest(SnapshotSummary):
    """What a snapshot says of itself."""

    graphs: list[GraphSize]
    inputs: SnapshotInputs
    validation: SnapshotValidation


class Sides(_Answer):
    """How many there are on one side alone."""

    added: int
    removed: int


class Changes(Sides):
    """How many subjects there are of each change."""

    changed: int
    inferred: int = Field(description="Only what rules infer of them is another.")


class EmptyGraphs(_Answer):
    """Graphs without triples that are in one snapshot alone."""

    added: list[str]
    removed: list[str]


class ShownTerm(_Answer):
    """A thing, by its IRI, or a value."""

    iri: str | None = None
    value: str | None = None
    datatype: str | None = None
    language: str | None = None


class PropertyDifference(_Answer):
    """The values of a property in a graph that are in one snapshot alone."""

    property: str
    iri: str
    graph: str
    before: list[ShownTerm]
    after: list[ShownTerm]


class SubjectDifferences(_Answer):
    """A subject of which the snapshots say something else."""

    change: Change
    kind: str
    id: str
    iri: str
    label: str | None = None
    is_claim: bool | None = None
    properties: list[PropertyDifference]


class Differences(_Answer):
    """What differs between two snapshots: counts of all, and a page of the subjects."""

    snapshot: str
    before: str = Field(alias="from")
    after: str = Field(alias="to")
    quads: Sides
    subjects: Changes
    claims: Changes
    graphs: dict[str, Sides]
    kinds: dict[str, Changes]
    empty_graphs: EmptyGraphs
    blank_nodes: str
    total: int
    limit: int
    next: str | None = None
    items: list[SubjectDifferences]


class DownloadFile(_Answer):
    """A file with all graphs."""

    link: str
    permanent: str
    what: str
    media_type: str
    licence: str | None = None
    bytes: int | None = None
    sha256: str | None = None


class DownloadKgx(_Answer):
    """Nodes or edges in the terms of Biolink: of the claims, or of an import."""

    link: str
    permanent: str
    what: str
    media_type: str
    licence: str | None = None
    attribution: str | None = None


class DownloadGraph(GraphSize):
    """A graph, and its files."""

    title: str | None = None
    licence: str | None = None
    attribution: str | None = None
    files: list[str]


class DownloadDefinition(_Answer):
    """A file that the records are written or checked by."""

    link: str
    what: str
    media_type: str
    licence: str | None = None


class DownloadLicence(_Answer):
    """A licence, its graphs, and whom to credit for them."""

    licence: str
    graphs: list[str]
    attributions: list[str]


class Downloads(_Answer):
    """What can be downloaded of the served snapshot; of several licences each has its graphs."""

    snapshot: str
    made: str
    quads: int
    licence: str | None = None
    attribution: str | None = None
    licences: list[DownloadLicence] | None = None
    about_licences: str | None = None
    about: str
    files: list[DownloadFile]
    kgx: list[DownloadKgx]
    graphs: list[DownloadGraph]
    definitions: list[DownloadDefinition]
    tables: list[str]
    snapshots: str
