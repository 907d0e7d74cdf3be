"""What of the graph the explorer draws: all of it, or the part that can be read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from api.pages.explore_graph import ExploreEdge, ExploreGraph, Span

__all__ = ["MOST_PAIRS", "focused", "opening"]

MOST_PAIRS = 36
"""Drugs in histologies that are drawn unless all are asked for."""

_BESIDE = 7
"""Of these the most studied are drawn first, beside those with a mechanism."""

Label = Callable[[str], str]


def opening(graph: ExploreGraph, label: Label) -> ExploreGraph:
    """Return what is seen first: mechanisms with results, and the most studied pairs beside."""
    pairs = _ranked(graph.of(Span.PAIR), label)
    explained = [each for each in pairs if each.over and each.direct]
    others = [each for each in pairs if not each.over and each.direct][:_BESIDE]
    over = {target for each in explained for target in each.over}
    return _kept(graph, [*explained, *others], lambda target: target in over)


def focused(graph: ExploreGraph, label: Label) -> ExploreGraph:
    """Return a graph with its most studied pairs, where it has more than can be read."""
    pairs = _ranked(graph.of(Span.PAIR), label)
    if len(pairs) <= MOST_PAIRS:
        return graph
    return _kept(graph, pairs[:MOST_PAIRS], lambda _: True)


def _ranked(pairs: Iterable[ExploreEdge], label: Label) -> list[ExploreEdge]:
    """Return pairs by their results in the very histology, then by all results and by names."""

    def key(each: ExploreEdge) -> tuple[object, ...]:
        names = (label(each.start).casefold(), label(each.end).casefold(), each.key)
        return (-each.direct, -len(each.results), not each.over, *names)

    return sorted(pairs, key=key)


def _kept(
    graph: ExploreGraph, pairs: Collection[ExploreEdge], takes: Callable[[str], bool]
) -> ExploreGraph:
    drugs = {each.start for each in pairs}
    histologies = {each.end for each in pairs}
    wanted = {each.key for each in pairs}

    def is_kept(each: ExploreEdge) -> bool:
        match each.span:
            case Span.PAIR:
                return each.key in wanted
            case Span.ACTION:
                return each.start in drugs and takes(each.end)
            case Span.PART:
                return each.end in histologies and takes(each.start)

    kept = [each for each in graph.edges if is_kept(each)]
    acted = {each.end for each in kept if each.span is Span.ACTION}
    # A part in a histology tells nothing here where no drug of the picture acts on the target.
    edges = tuple(each for each in kept if each.span is not Span.PART or each.start in acted)
    shown = ExploreGraph(edges)
    left_out = {
        "drug": len(graph.drugs - shown.drugs),
        "target": len(graph.targets - shown.targets),
        "histology": len(graph.histologies - shown.histologies),
        "edge": len(graph.edges) - len(edges),
    }
    return ExploreGraph(edges, {name: count for name, count in left_out.items() if count})
