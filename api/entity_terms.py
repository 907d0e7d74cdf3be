"""Terms as HTML: labels, links to where things are described, and literals."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from api.entity_sheet import Sheet
from api.html import link
from api.statements import INFERRED

__all__ = ["identifier", "show_graph", "show_iri", "statement_rows"]

_STRING = "http://www.w3.org/2001/XMLSchema#string"
_DEEPEST = 12
"""Blank nodes behind blank nodes that a page follows; a list has one for each member."""


def show_iri(sheet: Sheet, iri: str) -> str:
    """Return a thing by its name, as a link where there is something to follow.

    Only what is called by HTTP is linked to elsewhere: a page shall start no program.
    """
    shown = sheet.call(iri)
    address = sheet.addresses.of(iri)
    if address is not None:
        return link(address, shown)
    if iri.lower().startswith(("http://", "https://")):
        return f'<a href="{escape(iri)}" rel="nofollow noreferrer">{escape(shown)}</a>'
    return escape(shown)


def show_graph(sheet: Sheet, quad: Quad) -> str:
    """Return where a statement stands, and whether a rule inferred it."""
    if not isinstance(quad.graph_name, NamedNode):
        return "the default graph"
    graph = quad.graph_name.value
    shown = escape(sheet.directory.shorten(graph))
    address = sheet.addresses.of(graph)
    inferred = "inferred: " if graph.startswith(INFERRED) else ""
    return inferred + (f'<a href="{escape(address)}">{shown}</a>' if address else shown)


def statement_rows(
    sheet: Sheet, node: NamedNode | BlankNode, *, depth: int = 0
) -> Iterable[tuple[str, str, str]]:
    """Yield what is said of a node: predicate, objects, and where that stands."""
    rows: dict[str, dict[str, list[str]]] = {}
    for quad in sheet.about(node):
        value = _show(sheet, quad.object, depth)
        graphs = rows.setdefault(quad.predicate.value, {}).setdefault(value, [])
        graphs.append(show_graph(sheet, quad))
    for predicate, values in sorted(rows.items()):
        for order, (value, graphs) in enumerate(values.items()):
            yield ("" if order else show_iri(sheet, predicate), value, ", ".join(graphs))


def identifier(sheet: Sheet, part: str) -> str:
    """Return the name of the place of a part on the page of the whole.

    >>> class Whole: iri = "https://example.org/study/a"
    >>> identifier(Whole(), "https://example.org/study/a/arm/b")
    'arm/b'
    """
    return escape(part.removeprefix(sheet.iri + "/"))


def _show(sheet: Sheet, node: object, depth: int) -> str:
    match node:
        case NamedNode():
            if node in sheet.parts:
                place = identifier(sheet, node.value)
                return f'<a href="#{place}">{escape(sheet.call(node.value))}</a>'
            return show_iri(sheet, node.value)
        case Literal():
            return _show_literal(sheet, node)
        case BlankNode() if depth < _DEEPEST:
            rows = statement_rows(sheet, node, depth=depth + 1)
            shown = "".join(f"<li>{name} {value}</li>" for name, value, _ in rows)
            return f"<ul>{shown}</ul>"
    return escape(str(node))


def _show_literal(sheet: Sheet, literal: Literal) -> str:
    shown = escape(literal.value)
    if "\n" in literal.value:
        shown = f"<pre>{shown}</pre>"
    if literal.language:
        return f'<span lang="{escape(literal.language)}">{shown}</span>'
    if literal.datatype.value == _STRING:
        return shown
    return f"{shown} <small>{escape(sheet.shorten(literal.datatype.value))}</small>"
