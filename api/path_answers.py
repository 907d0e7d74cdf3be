"""Paths as JSON: nodes, edges, evidence, cautions, approvals, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial

from api.histologies import Match
from api.imports import DOCUMENTS
from api.path_choice import PathChoice
from api.path_claims import Claim
from api.path_edges import edges_of, nodes_of
from api.path_evidence import EvidenceWriter
from api.path_index import Path, PathIndex
from api.path_json import extended, write_list, write_object, write_text
from api.path_kinds import IMPORTED_KINDS, EdgeKind, PathField
from api.path_links import Edge
from api.path_missing import MISSING, NEAR, Missing, find_missing
from api.path_order import Place
from api.path_shelf import Shelf
from api.path_statements import StatementText
from api.records import Json, RecordWriter
from api.statements import INFERRED

__all__ = ["STATED", "PathWriter", "TracedPath", "trace"]

_REPORTED = (
    PathField.EVIDENCE,
    PathField.BIOMARKERS,
    PathField.CONTRAINDICATIONS,
    PathField.APPROVALS,
)
STATED = frozenset({PathField.EDGES, *_REPORTED})
"""The keys of a path that hold statements."""

_RELATIONS = {Match.DIRECT: "this histology", Match.INHERITED: "a narrower histology"}
_WIDER, _OTHER = "a wider histology", "another histology"


@dataclass(frozen=True)
class TracedPath:
    """A path in its place, with its edges."""

    place: Place
    edges: tuple[Edge, ...]

    @property
    def path(self) -> Path:
        """The path."""
        return self.place.path

    def claims(self, choice: PathChoice) -> Iterator[Claim]:
        """Yield all statements that the path shows."""
        for edge in self.edges:
            yield from edge.claims
        yield from (each.claim for each in choice.results(self.path))
        yield from choice.markers(self.path)
        yield from choice.index.cautions.get(self.path.drug, ())
        yield from choice.index.decisions.get(self.path.drug, ())


def trace(choice: PathChoice, places: Iterable[Place]) -> tuple[TracedPath, ...]:
    """Return paths with their edges."""
    return tuple(TracedPath(place, edges_of(choice, place.path)) for place in places)


@dataclass(frozen=True)
class PathWriter:
    """Writes the paths of one page.

    ``whole`` is the index of the whole snapshot, ``texts`` are those of all statements shown,
    ``shelf`` keeps what is the same for other questions. ``fields`` are shown beside what every
    path has; all of them if none is given.
    """

    choice: PathChoice
    whole: PathIndex
    records: RecordWriter
    texts: Mapping[str, StatementText]
    shelf: Shelf
    shows_rows: bool = False
    fields: frozenset[PathField] = frozenset()
    _own: Shelf = field(default_factory=Shelf)
    _references: dict[str, str] = field(default_factory=dict)

    def write(self, traced: TracedPath) -> str:
        """Return a path as the text of a JSON object."""
        path, words = traced.path, traced.place.words
        makers: Mapping[PathField, Callable[[], str]] = {
            PathField.NODES: lambda: self._nodes(path),
            PathField.EDGES: lambda: write_list(map(self._edge, traced.edges)),
            **{name: partial(self._report, name, path) for name in _REPORTED},
            PathField.MISSING: lambda: self._missing(path),
            PathField.SORT_KEY: lambda: write_text(
                [{"by": by, "value": value} for by, value in words]
            ),
        }
        shown = {
            name.value: make()
            for name, make in makers.items()
            if not self.fields or name in self.fields
        }
        row = {"row": write_text(path.row)} if self.shows_rows else {}
        return write_object({**self._head(path), **shown, **row})

    @cached_property
    def _evidence(self) -> EvidenceWriter:
        return EvidenceWriter(self.texts, self.whole.scopes, self._reference)

    def _report(self, name: str, path: Path) -> str:
        """Return what is the same for all paths with a drug and a histology."""
        kept = self.shelf if self.choice.question.shows_everything else self._own
        parts = {
            "evidence": self._results,
            "biomarkers": self._markers,
            "contraindications": self._cautions,
            "approvals": self._decisions,
        }
        documents = self.choice.question.documents
        key = (self.records.is_exact, path.drug, path.histology, documents)
        return kept.get((name, *key), partial(parts[name], path))

    def _results(self, path: Path) -> str:
        return self._evidence.write(path.histology, self.choice.results(path))

    def _markers(self, path: Path) -> str:
        return write_list(self.texts[claim.iri].whole for claim in self.choice.markers(path))

    def _cautions(self, path: Path) -> str:
        return write_list(map(self._caution, self.choice.index.cautions.get(path.drug, ())))

    def _decisions(self, path: Path) -> str:
        """Return the decisions on the drug by jurisdiction and date."""
        found = sorted(
            self.choice.index.decisions.get(path.drug, ()),
            key=lambda claim: (claim.find("jurisdiction"), claim.find("asOf"), claim.iri),
        )
        return write_list(self._decision(claim, path.histology) for claim in found)

    def _head(self, path: Path) -> dict[str, str]:
        return {
            "kind": write_text(path.kind.value),
            **({"match": write_text(path.match.value)} if path.match else {}),
            "reach": write_text([reach.value for reach in path.reaches]),
            "drug": self._reference(path.drug),
            "targets": write_list(map(self._reference, path.targets)),
            "histology": self._reference(path.histology) if path.histology else "null",
        }

    def _nodes(self, path: Path) -> str:
        return write_list(
            extended(
                self._reference(node.iri),
                {"iri": write_text(node.iri), "kind": write_text(node.kind.value)},
            )
            for node in nodes_of(self.choice, path)
        )

    def _edge(self, edge: Edge) -> str:
        names = self.records.directory
        predicate = names.namespaces.ontology + edge.predicate
        rules = [graph for graph in edge.graphs if graph.startswith(INFERRED)]
        shown: Json = {
            "kind": edge.kind.value,
            "subject": names.shorten(edge.subject),
            "predicate": names.shorten(predicate),
            "label": names.label(predicate) or edge.predicate,
            "object": names.shorten(edge.object),
            "inferred": bool(rules) and len(rules) == len(edge.graphs),
            "rules": [self._rule(graph) for graph in rules],
            "hypothetical": edge.is_hypothetical,
            "graphs": [names.shorten(graph) for graph in edge.graphs],
            "source": self.whole.imports.get(edge.source).shown if edge.source else {**DOCUMENTS},
        }
        texts = [self.texts[claim.iri] for claim in edge.claims]
        # The results of a test are shown in full as its evidence.
        is_brief = edge.kind is EdgeKind.TEST
        claims = write_list(text.brief if is_brief else text.whole for text in texts)
        return extended(write_text(shown), {"claims": claims})

    def _rule(self, graph: str) -> Json:
        slug = graph.removeprefix(INFERRED).removeprefix("-")
        return self.records.reference(f"{self.records.directory.namespaces.root}rule/{slug}")

    def _caution(self, claim: Claim) -> str:
        ruling = "contraindication" if claim.is_a("Contraindication") else "precaution"
        return extended(self.texts[claim.iri].whole, {"ruling": write_text(ruling)})

    def _decision(self, claim: Claim, histology: str) -> str:
        relation = write_text(self._relation(claim, histology))
        return extended(self.texts[claim.iri].whole, {"relation": relation})

    def _relation(self, claim: Claim, histology: str) -> str:
        """Return how the histologies of a decision relate to that of the path."""
        stated, scopes = claim.values("histology"), self.whole.scopes
        if match := scopes.match([histology], stated):
            return _RELATIONS[match]
        return _WIDER if stated & scopes.wider(histology) else _OTHER

    def _missing(self, path: Path) -> str:
        target = path.way.target if path.way else ""
        is_imported = path.kind if path.kind in IMPORTED_KINDS else ""
        key = ("missing", is_imported, self.records.is_exact, path.drug, path.histology, target)
        return self.shelf.get(key, partial(self._write_missing, path, target))

    def _write_missing(self, path: Path, target: str) -> str:
        label = self.records.directory.label
        names = {
            "drug": label(path.drug),
            "target": label(target),
            "histology": label(path.histology),
        }
        return write_list(
            write_text(
                {
                    "what": each.what.value,
                    "statement": self._statement(each, names),
                    **self._elsewhere(each),
                }
            )
            for each in find_missing(self.whole, path)
        )

    def _statement(self, missing: Missing, names: Mapping[str, str | None]) -> str:
        near = (NEAR[each.by].format(**names, near=self._label(each.iri)) for each in missing.near)
        return " ".join((MISSING[missing.what].format(**names), *near))

    def _elsewhere(self, missing: Missing) -> Json:
        reference = self.records.reference
        elsewhere = [reference(iri) for iri in missing.elsewhere]
        near = [
            {
                **reference(each.iri),
                "why": each.by.value,
                "claims": [reference(iri) for iri in each.claims],
            }
            for each in missing.near
        ]
        return {
            **({"elsewhere": elsewhere} if elsewhere else {}),
            **({"near": near} if near else {}),
        }

    def _label(self, iri: str) -> str:
        return self.records.directory.label(iri) or self.records.directory.shorten(iri)

    def _reference(self, iri: str) -> str:
        if iri not in self._references:
            self._references[iri] = write_text(self.records.reference(iri))
        return self._references[iri]
