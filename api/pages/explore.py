"""The explorer: what acts on what, and what was seen in which tumour, as a picture and tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.directory import Entry
from api.pages.desk import PageDesk
from api.pages.explore_focus import MOST_PAIRS, focused, opening
from api.pages.explore_form import form_of
from api.pages.explore_graph import ExploreGraph, graph_of
from api.pages.explore_layout import WIDTH
from api.pages.explore_names import ExploreNames, identifier
from api.pages.explore_panel import panel_of
from api.pages.explore_picture import picture_of
from api.pages.explore_view import View
from api.pages.frame import render
from api.pages.parts_behind import Behind
from api.path_choice import choose_paths
from api.path_explain import explain
from api.path_names import read_question

__all__ = ["explore_page", "refused_page"]

_TITLE = "Explore"
_SAYS = "this view: one row for each path"


async def explore_page(desk: PageDesk, view: View) -> bytes:
    """Return the page of a view.

    Raises UnknownName, AmbiguousName and ParameterError for what the address asks for wrongly.
    """
    library = desk.library
    names = ExploreNames(library.directory)
    question = read_question(library.directory, library.paths, view.filter)
    choice = choose_paths(library.paths, question)
    whole = graph_of(choice)
    drawn = _drawn(whole, view, names)
    edge = names.find_edge(whole, view.edge) if view.edge else None
    opened = identifier(edge.span, *edge.key) if edge else ""
    query = explain(question, library.context.namespaces.ontology)
    return _render(
        desk,
        view,
        whole=whole,
        left_out=drawn.left_out,
        picture=picture_of(desk, choice, drawn, view, opened),
        panel=await panel_of(desk, choice, whole, edge, view) if edge else None,
        behind=Behind(query, _SAYS),
        refusal="",
        near=(),
    )


async def refused_page(desk: PageDesk, view: View, refusal: str, near: Sequence[Entry]) -> bytes:
    """Return the page that says why a view is not shown; ``near`` are things to choose instead."""
    names = ExploreNames(desk.library.directory)
    kinds = {"drug": {"drugs"}, "target": {"targets", "families"}, "histology": {"histologies"}}
    offered = [
        (names.label(each.iri), names.choosing(view, column, each.iri).address)
        for each in near
        for column, wanted in kinds.items()
        if each.kinds & wanted
    ]
    return _render(
        desk,
        view,
        whole=ExploreGraph(()),
        left_out={},
        picture=None,
        panel=None,
        behind=None,
        refusal=refusal,
        near=offered,
    )


def _drawn(whole: ExploreGraph, view: View, names: ExploreNames) -> ExploreGraph:
    if view.shows_all:
        return whole
    if view.is_open and not view.kinds and not view.sources:
        return opening(whole, names.label)
    return focused(whole, names.label)


def _render(desk: PageDesk, view: View, **values: Any) -> bytes:
    return render(
        "explore.html",
        _TITLE,
        here="/explore",
        snapshot=desk.library.snapshot,
        scripts=("card.js", "explore.js"),
        styles=("card.css", "explore.css"),
        title_shown=False,
        view=view,
        form=form_of(desk.library, view),
        width=WIDTH,
        most=MOST_PAIRS,
        **values,
    )
