"""Paths as plain objects: nodes, edges with their claims, reasons, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

__all__ = ["Claim", "Edge", "Missing", "Node", "Path", "Paths", "Thing"]

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Thing:
    """Something with an id, which is a CURIE, and a label."""

    id: str
    label: str

    @classmethod
    def of(cls, record: Record | None) -> Thing | None:
        """Return the thing that a record refers to, or None for none."""
        return None if record is None else cls(record["id"], record.get("label") or record["id"])

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class Node:
    """A thing along a path, of a kind such as drug, target, family or histology."""

    id: str
    iri: str
    label: str
    kind: str


@dataclass(frozen=True)
class Claim:
    """A statement of a document, or of an import, with the place that it was read from.

    ``ranges`` are the characters of the document, from 0, each with its end. ``record`` has all
    keys as JSON has them: the figures of a result among them.
    """

    id: str
    iri: str
    label: str
    document: Thing | None
    issued: str | None
    section: str | None
    ranges: tuple[tuple[int, int], ...]
    record: Record = field(repr=False, hash=False, compare=False)

    @classmethod
    def of(cls, record: Record) -> Claim:
        """Return a claim by its record."""
        document, passage = record.get("document"), record.get("passage") or {}
        return cls(
            id=record["id"],
            iri=record["iri"],
            label=record.get("label") or record["id"],
            document=Thing.of(document),
            issued=document.get("issued") if document else None,
            section=passage.get("section"),
            ranges=tuple(
                (each["start"], each["end"])
                for each in sorted(passage.get("ranges", ()), key=lambda each: each.get("order", 0))
            ),
            record=record,
        )


@dataclass(frozen=True)
class Edge:
    """A link of a path, with the claims behind it and who states it.

    ``subject`` and ``object`` are ids of nodes, ``source`` is ``documents`` or an import. An
    edge without claims is one of the vocabularies.
    """

    kind: str
    subject: str
    predicate: str
    object: str
    label: str
    is_inferred: bool
    is_hypothetical: bool
    source: str
    claims: tuple[Claim, ...]
    record: Record = field(repr=False, hash=False, compare=False)

    @classmethod
    def of(cls, record: Record, results: Mapping[str, Claim]) -> Edge:
        """Return an edge by its record; the edges of tests have their ``results`` in brief."""
        source = record["source"]
        return cls(
            kind=record["kind"],
            subject=record["subject"],
            predicate=record["predicate"],
            object=record["object"],
            label=record["label"],
            is_inferred=record["inferred"],
            is_hypothetical=record["hypothetical"],
            source=source["import"] if source["kind"] == "import" else source["kind"],
            claims=tuple(results.get(each["id"]) or Claim.of(each) for each in record["claims"]),
            record=record,
        )


@dataclass(frozen=True)
class Missing:
    """What no document of the snapshot reports for a path, by its name and in words."""

    what: str
    statement: str
    record: Record = field(repr=False, hash=False, compare=False)


@dataclass(frozen=True)
class Path:
    """A way from a drug to a tumour, over what it acts on where that is stated.

    ``supporting``, ``against`` and ``inconclusive`` are results by the direction that their
    records state; ``unstated`` those without one. ``histology`` is None where the path of an
    import ends at its target. ``record`` is the whole path as ``/api/v1/paths`` answers it.
    """

    kind: str
    match: str | None
    reach: tuple[str, ...]
    drug: Thing
    targets: tuple[Thing, ...]
    histology: Thing | None
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    supporting: tuple[Claim, ...]
    against: tuple[Claim, ...]
    inconclusive: tuple[Claim, ...]
    unstated: tuple[Claim, ...]
    biomarkers: tuple[Claim, ...]
    contraindications: tuple[Claim, ...]
    approvals: tuple[Claim, ...]
    missing: tuple[Missing, ...]
    record: Record = field(repr=False, hash=False, compare=False)

    @classmethod
    def of(cls, record: Record) -> Path:
        """Return a path by its record, as JSON has it."""
        evidence = {name: _claims(found) for name, found in record["evidence"].items()}
        results = {claim.id: claim for found in evidence.values() for claim in found}
        return cls(
            kind=record["kind"],
            match=record.get("match"),
            reach=tuple(record["reach"]),
            drug=_thing(record["drug"]),
            targets=tuple(map(_thing, record["targets"])),
            histology=Thing.of(record["histology"]),
            nodes=tuple(
                Node(each["id"], each["iri"], each["label"], each["kind"])
                for each in record["nodes"]
            ),
            edges=tuple(Edge.of(each, results) for each in record["edges"]),
            supporting=evidence["for"],
            against=evidence["against"],
            inconclusive=evidence["inconclusive"],
            unstated=evidence.get("unstated", ()),
            biomarkers=_claims(record["biomarkers"]),
            contraindications=_claims(record["contraindications"]),
            approvals=_claims(record["approvals"]),
            missing=tuple(
                Missing(each["what"], each["statement"], each) for each in record["missing"]
            ),
            record=record,
        )

    def __str__(self) -> str:
        way = [self.drug, *self.targets, *filter(None, [self.histology])]
        return f"{self.kind}: {' → '.join(map(str, way))}"


@dataclass(frozen=True)
class Paths(Sequence[Path]):
    """All paths that were asked for, in their order; the first is not the best treatment."""

    paths: tuple[Path, ...]
    by_kind: Mapping[str, int] = field(hash=False)
    note: str

    @classmethod
    def of(cls, answer: Record) -> Paths:
        """Return the paths of an answer, as JSON has them."""
        return cls(tuple(map(Path.of, answer["paths"])), answer["byKind"], answer["note"])

    def __len__(self) -> int:
        return len(self.paths)

    @overload
    def __getitem__(self, place: int) -> Path: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Path, ...]: ...
    def __getitem__(self, place: int | slice) -> Path | tuple[Path, ...]:
        return self.paths[place]

    def __iter__(self) -> Iterator[Path]:
        return iter(self.paths)


def _thing(record: Record) -> Thing:
    return Thing(record["id"], record.get("label") or record["id"])


def _claims(records: Sequence[Record]) -> tuple[Claim, ...]:
    return tuple(map(Claim.of, records))
