"""What stands behind an edge of the explorer: its results, statements, cautions and gaps."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from api.pages.desk import PageDesk
from api.pages.explore_graph import ExploreEdge, ExploreGraph, How, Span
from api.pages.explore_statements import Group, groups_of
from api.pages.explore_view import View, edge_name
from api.pages.explore_words import counts_in_words
from api.pages.parts_evidence import Direction, read_evidence
from api.pages.parts_evidence_table import EvidenceTable, Head, evidence_table
from api.pages.parts_things import Thing, Things
from api.path_answers import PathWriter, TracedPath
from api.path_choice import PathChoice
from api.path_kinds import PathField
from api.path_order import sort_paths
from api.path_results import Side

__all__ = ["Panel", "Step", "panel_of"]

_FIRST_SORTED = "direction"
_LONGEST = 1500
"""Characters of a statement on what is missing: no name of a sane length makes it longer."""

_DIRECTIONS = {
    Side.FOR: Direction.FOR,
    Side.AGAINST: Direction.AGAINST,
    Side.INCONCLUSIVE: Direction.INCONCLUSIVE,
    Side.UNSTATED: Direction.NOT_STATED,
}


@dataclass(frozen=True)
class Step:
    """A mechanism over a target; the statements of its two halves stand at their edges.

    ``how`` says in words how the drug acts on the target.
    """

    drug: Thing
    how: str
    target: Thing
    histology: Thing
    action: str | None
    part: str | None


@dataclass(frozen=True)
class Panel:
    """All that is known of an edge; ``counts`` are its results by side, in words.

    ``on_both_sides`` results compare the drug with itself, ``missing`` is what no document
    reports, ``close`` is the address without the panel.
    """

    edge: ExploreEdge
    start: Thing
    end: Thing
    counts: str
    on_both_sides: int
    table: EvidenceTable | None
    groups: tuple[Group, ...]
    steps: tuple[Step, ...]
    missing: tuple[str, ...]
    close: str

    @property
    def is_pair(self) -> bool:
        """Whether it is about a drug in a histology."""
        return self.edge.span is Span.PAIR


async def panel_of(
    desk: PageDesk, choice: PathChoice, graph: ExploreGraph, edge: ExploreEdge, view: View
) -> Panel:
    """Return what stands behind an edge; raises ParameterError for a column that is not there."""
    things = Things.at(desk)
    return Panel(
        edge=edge,
        start=things.get(edge.start),
        end=things.get(edge.end),
        counts=counts_in_words(edge),
        on_both_sides=sum(each.is_on_both_sides for each in edge.results),
        table=await _results(desk, edge, view, things) if edge.results else None,
        groups=await groups_of(desk, choice, edge),
        steps=tuple(_steps(desk, graph, edge, view)),
        missing=_missing(desk, choice, edge) if edge.span is Span.PAIR else (),
        close=f"{view.with_().address}#picture",
    )


async def _results(desk: PageDesk, edge: ExploreEdge, view: View, things: Things) -> EvidenceTable:
    iris = [each.claim.iri for each in edge.results]
    rows = (await desk.library.lists.rows_of(desk.engine, "evidence", iris)).by_iri
    found = [rows[iri] for iri in iris if iri in rows]
    scope = desk.library.histologies.scope(edge.end)
    sides = {each.claim.iri: _DIRECTIONS[each.side] for each in edge.results}
    evidence = await read_evidence(desk, found, scope=scope)
    table = evidence_table(
        # A comparison of the drug with itself is on no side, whatever its record says.
        (replace(each, direction=sides[each.claim.iri]) for each in evidence),
        address="",
        parameters={"sort": view.sort or _FIRST_SORTED},
        caption=f"Results of {things.get(edge.start).label} in {things.get(edge.end).label}",
        without=() if edge.inherited else ("histology",),
        anchor="results",
    )
    return replace(table, heads=tuple(_sorting(table, view)))


def _sorting(table: EvidenceTable, view: View) -> Iterator[Head]:
    """Yield the heads of a table with addresses that keep the view."""
    for head in table.heads:
        wanted = f"-{head.key}" if head.order == "ascending" else head.key
        address = replace(view, sort=wanted).address
        yield replace(head, address=f"{address}#{table.anchor}")


def _steps(desk: PageDesk, graph: ExploreGraph, edge: ExploreEdge, view: View) -> Iterator[Step]:
    """Yield the mechanisms that an edge is part of."""
    things, shorten = Things.at(desk), desk.library.directory.shorten

    def address(start: str, end: str) -> str | None:
        if graph.find(start, end) is None:
            return None
        return f"{view.with_(edge=edge_name(shorten(start), shorten(end))).address}#claims"

    for drug, target, histology in sorted(set(_mechanisms(graph, edge))):
        yield Step(
            things.get(drug),
            _acting(graph.find(drug, target)),
            things.get(target),
            things.get(histology),
            address(drug, target),
            address(target, histology),
        )


def _acting(edge: ExploreEdge | None) -> str:
    if edge and edge.is_imported:
        return "by the word of an import acts on"
    if edge and How.ACTS not in edge.how and How.MEMBER not in edge.how:
        return "through another target, or as what it becomes, acts on"
    return "acts on"


def _mechanisms(graph: ExploreGraph, edge: ExploreEdge) -> Iterable[tuple[str, str, str]]:
    """Yield drug, target and histology of each mechanism over an edge."""
    for pair in graph.of(Span.PAIR):
        for target in pair.over:
            ends = {edge.start, edge.end}
            steps = {Span.PAIR: {pair.start, pair.end}, Span.ACTION: {pair.start, target}}
            if ends == steps.get(edge.span, {target, pair.end}):
                yield pair.start, target, pair.end


def _missing(desk: PageDesk, choice: PathChoice, edge: ExploreEdge) -> tuple[str, ...]:
    """Return what no document of the snapshot reports of a pair, as the paths say it."""
    library = desk.library
    writer = PathWriter(
        choice,
        library.paths,
        library.writer,
        {},
        library.path_texts,
        fields=frozenset({PathField.MISSING}),
    )
    places = sort_paths(choice, edge.paths, lambda iri: library.directory.label(iri) or iri)
    told = (json.loads(writer.write(TracedPath(place, ())))["missing"] for place in places)
    statements = (each["statement"] for gaps in told for each in gaps)
    return tuple(dict.fromkeys(each[:_LONGEST] for each in statements))
