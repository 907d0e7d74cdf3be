"""Shapes with one thing missing, to see whether a test would notice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode, Triple

__all__ = ["Mutant", "mutants"]

_SH = "http://www.w3.org/ns/shacl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_LISTS = {f"{_SH}{name}" for name in ("alternativePath", "ignoredProperties", "in", "or")}
_NEEDED = {f"{_SH}inversePath", f"{_SH}path", f"{_RDF}first", f"{_RDF}rest", f"{_RDF}type"}
_WORDS = {f"{_SH}message", f"{_SH}severity"}


@dataclass(frozen=True)
class Mutant:
    """Shapes without the statement or the list member that the name tells."""

    name: str
    triples: tuple[Triple, ...]


def mutants(shapes: Sequence[Triple]) -> Iterator[Mutant]:
    """Yield the shapes without each of their rules, targets and links, and list members.

    Paths stay, and so do lists of one; what is said about a result is no rule.
    """
    for triple in shapes:
        predicate = _text(triple.predicate)
        if predicate in _LISTS:
            yield from _shorter(shapes, triple)
        elif predicate not in _NEEDED | _WORDS:
            rest = tuple(other for other in shapes if other != triple)
            yield Mutant(" ".join(map(_text, (triple.subject, predicate, triple.object))), rest)


def _shorter(shapes: Sequence[Triple], head: Triple) -> Iterator[Mutant]:
    cells = tuple(_cells(shapes, head.object))
    members = [next(_objects(shapes, cell, "first")) for cell in cells]
    others = [t for t in shapes if t.subject not in cells and t != head]
    for gone in range(len(cells)) if len(cells) > 1 else ():
        kept = members[:gone] + members[gone + 1 :]
        name = f"{_text(head.subject)} {_text(head.predicate)} without {_text(members[gone])}"
        yield Mutant(name, tuple(_with_list(others, head, cells, kept)))


def _with_list(
    others: list[Triple], head: Triple, cells: tuple[Any, ...], members: list[Any]
) -> Iterator[Triple]:
    if _text(head.predicate) == f"{_SH}alternativePath" and len(members) == 1:
        # A choice of one path is ill-formed: the path itself takes its place.
        for triple in others:
            end = members[0] if triple.object == head.subject else triple.object
            yield Triple(triple.subject, triple.predicate, end)
        return
    yield from (*others, head)
    following = (*cells[1 : len(members)], NamedNode(f"{_RDF}nil"))
    for cell, member, after in zip(cells, members, following, strict=False):
        yield Triple(cell, NamedNode(f"{_RDF}first"), member)
        yield Triple(cell, NamedNode(f"{_RDF}rest"), after)


def _cells(shapes: Sequence[Triple], cell: Any) -> Iterator[Any]:
    while _text(cell) != f"{_RDF}nil":
        yield cell
        cell = next(_objects(shapes, cell, "rest"))


def _objects(shapes: Sequence[Triple], subject: Any, name: str) -> Iterator[Any]:
    predicate = NamedNode(f"{_RDF}{name}")
    return (t.object for t in shapes if t.subject == subject and t.predicate == predicate)


def _text(term: object) -> str:
    return str(getattr(term, "value", term))
