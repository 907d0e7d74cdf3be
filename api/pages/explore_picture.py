"""The explorer's picture and tables: boxes and edges with their words and links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from api.imports import Import
from api.pages.desk import PageDesk
from api.pages.explore_boxes import Box, Boxes, Naming, boxes_of
from api.pages.explore_graph import ExploreEdge, ExploreGraph, Span
from api.pages.explore_layout import EdgeShape, brackets_of, shapes_of
from api.pages.explore_names import COLUMNS, ExploreNames, identifier, lines_of
from api.pages.explore_strokes import KINDS_OF_STROKES
from api.pages.explore_view import View
from api.pages.explore_words import MARKS, Mark, marks_of, sentence_of, sides_of
from api.pages.parts_things import Thing, Things
from api.path_choice import PathChoice

__all__ = ["EdgeShown", "NodeShown", "Picture", "picture_of"]

_ENDS: Mapping[Span, tuple[str, str]] = {
    Span.ACTION: ("drug", "target"),
    Span.PART: ("target", "histology"),
    Span.PAIR: ("drug", "histology"),
}
"""The columns that an edge joins."""


@dataclass(frozen=True)
class NodeShown:
    """A thing of the picture; its address chooses it, or another view where it is chosen.

    ``joined`` are the labels of what it has edges to, by the column.
    """

    id: str
    thing: Thing
    lines: tuple[str, ...]
    box: Box
    address: str
    is_chosen: bool
    is_family: bool
    joined: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class EdgeShown:
    """An edge of the picture and of the tables; ``sides`` are its counts in words, by side."""

    id: str
    edge: ExploreEdge
    shape: EdgeShape
    start: Thing
    end: Thing
    start_id: str
    end_id: str
    address: str
    sentence: str
    sides: tuple[tuple[str, str], ...]
    marks: tuple[Mark, ...]
    is_open: bool
    over: tuple[Thing, ...]
    documents: tuple[tuple[Thing, str], ...]
    imports: tuple[Import, ...]

    @property
    def how(self) -> str:
        """By what the two belong together, in words."""
        return "; ".join(each.value for each in self.edge.how)


@dataclass(frozen=True)
class Picture:
    """The whole picture: columns of things, edges by the columns that they join."""

    height: float
    columns: Mapping[str, tuple[NodeShown, ...]]
    edges: Mapping[str, tuple[EdgeShown, ...]]
    brackets: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many edges are drawn."""
        return sum(map(len, self.edges.values()))

    @property
    def summary(self) -> str:
        """How much is drawn, in words."""
        words = (
            _many(self.count, "edge", "edges") + " shown",
            _many(len(self.columns["drug"]), "drug", "drugs"),
            _many(len(self.columns["target"]), "target or family", "targets and families"),
            _many(len(self.columns["histology"]), "histology", "histologies"),
        )
        return f"{words[0]}: {', '.join(words[1:])}"

    @property
    def kinds(self) -> Mapping[str, str]:
        """The kinds of strokes that are drawn, with what they mean."""
        drawn = {
            curve.stroke.kind
            for edges in self.edges.values()
            for edge in edges
            for curve in edge.shape.curves
        }
        return {kind: says for kind, says in KINDS_OF_STROKES.items() if kind in drawn}

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks that are drawn."""
        drawn = {mark for edge in self.edges["pair"] for mark in edge.marks}
        return tuple(mark for mark in MARKS.values() if mark in drawn)


def picture_of(
    desk: PageDesk, choice: PathChoice, graph: ExploreGraph, view: View, opened: str
) -> Picture:
    """Return the picture of a graph; ``opened`` is the id of the edge whose claims are listed."""
    names = ExploreNames(desk.library.directory)
    boxes = boxes_of(graph, _naming(desk, graph, names))
    drawing = _Drawing(desk, choice, graph, view, names, boxes, opened)
    return Picture(
        height=boxes.height,
        columns={name: tuple(drawing.nodes(name)) for name in COLUMNS},
        edges={
            span.value: tuple(map(drawing.edge, shapes))
            for span, shapes in shapes_of(graph, boxes).items()
        },
        brackets=tuple(brackets_of(boxes)),
    )


def _naming(desk: PageDesk, graph: ExploreGraph, names: ExploreNames) -> Naming:
    columns = {"drug": graph.drugs, "target": graph.targets, "histology": graph.histologies}
    lines = {
        iri: len(lines_of(names.label(iri), COLUMNS[column][1]))
        for column, things in columns.items()
        for iri in things
    }
    families = desk.library.paths.vocabulary.families
    return Naming(names.ranks(lines), lines, families)


@dataclass(frozen=True)
class _Drawing:
    desk: PageDesk
    choice: PathChoice
    graph: ExploreGraph
    view: View
    names: ExploreNames
    boxes: Boxes
    opened: str

    def nodes(self, column: str) -> Iterator[NodeShown]:
        """Yield the things of a column from top to bottom."""
        placed: Mapping[str, Mapping[str, Box]] = {
            "drug": self.boxes.drugs,
            "target": self.boxes.targets,
            "histology": self.boxes.histologies,
        }
        chosen = self._chosen(column)
        for iri, box in sorted(placed[column].items(), key=lambda each: each[1].y):
            turn = self.names.dropping if iri in chosen else self.names.choosing
            yield NodeShown(
                id=identifier(column, iri),
                thing=self._thing(iri),
                lines=lines_of(self.names.label(iri), COLUMNS[column][1]),
                box=box,
                address=turn(self.view, column, iri).address,
                is_chosen=iri in chosen,
                is_family=iri in self.choice.index.vocabulary.family_names,
                joined=self._joined(column, iri),
            )

    def edge(self, shape: EdgeShape) -> EdgeShown:
        """Return an edge with its words."""
        edge = shape.edge
        start, end = self._thing(edge.start), self._thing(edge.end)
        first, last = _ENDS[edge.span]
        found = identifier(edge.span, *edge.key)
        return EdgeShown(
            id=found,
            edge=edge,
            shape=shape,
            start=start,
            end=end,
            start_id=identifier(first, edge.start),
            end_id=identifier(last, edge.end),
            address=f"{self.view.with_(edge=self.names.edge(edge)).address}#claims",
            sentence=sentence_of(edge, start.label, end.label),
            sides=sides_of(edge),
            marks=marks_of(edge),
            is_open=found == self.opened,
            over=self._things.all(edge.over),
            documents=tuple(self._documents(edge)),
            imports=tuple(self._imports(edge)),
        )

    @property
    def _things(self) -> Things:
        return Things.at(self.desk)

    def _thing(self, iri: str) -> Thing:
        return self._things.get(iri)

    def _chosen(self, column: str) -> frozenset[str]:
        asked = self.choice.question
        wanted = {
            "drug": (asked.drugs,),
            "target": (asked.targets, asked.families),
            "histology": (asked.histologies,),
        }
        return frozenset(iri for each in wanted[column] if each for iri in each.iris)

    def _joined(self, column: str, iri: str) -> Mapping[str, tuple[str, ...]]:
        """Return what a thing is joined to in the other columns, by their names."""
        found: dict[str, list[str]] = {name: [] for name in COLUMNS if name != column}
        for edge in self.graph.edges:
            start, end = _ENDS[edge.span]
            if column == start and edge.start == iri:
                found[end].append(edge.end)
            elif column == end and edge.end == iri:
                found[start].append(edge.start)
        return {
            name: tuple(each.label for each in self._things.all(iris))
            for name, iris in found.items()
            if iris
        }

    def _documents(self, edge: ExploreEdge) -> Iterator[tuple[Thing, str]]:
        """Yield the documents that state something of an edge, each with its date."""
        stated = (*edge.claims, *(result.claim.iri for result in edge.results))
        known, issued = self.choice.index.claims.by_iri, self.choice.index.documents
        documents = {
            document
            for iri in stated
            if iri in known
            for document in known[iri].values("inDocument")
        }
        for document in self._things.all(documents):
            yield document, issued.get(document.iri) or ""

    def _imports(self, edge: ExploreEdge) -> Iterable[Import]:
        found = (self.choice.index.imports.of_record(iri) for iri in edge.claims)
        return sorted({each for each in found if each}, key=lambda each: each.name)


def _many(count: int, one: str, many: str) -> str:
    """Return how many there are.

    >>> _many(1, "histology", "histologies"), _many(2, "drug", "drugs")
    ('1 histology', '2 drugs')
    """
    return f"{count} {one if count == 1 else many}"
