"""Names that the server itself gives, outside of the graph: kinds of problems, and shapes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from api.problems import FAULT, PROBLEMS, STOPPING, ProblemKind
from kg.shipped import Shipped
from kg.terms import term

__all__ = ["GONE", "Minted"]

GONE = ProblemKind("gone", 410, "It is no longer there")

_BY_HTTP = (
    ProblemKind("not-found", 404, "No such address"),
    ProblemKind("method-not-allowed", 405, "Method not allowed"),
)
_OTHER = re.compile(r"http-([45][0-9]{2})")

_Node = NamedNode | BlankNode


class Minted:
    """What there is to say of names that answers give but the graph does not hold.

    ``root`` is the namespace above the kinds; problems name their kinds, and reports on refused
    writes the ``shipped`` shapes.
    """

    def __init__(self, root: str, shipped: Shipped) -> None:
        self._problems = f"{root}problem/"
        self._shapes = f"{root}shape/"
        self._shipped = shipped

    def describe(self, iri: str) -> tuple[Quad, ...]:
        """Return the statements about a name; none about a name of any other kind."""
        if iri.startswith(self._problems):
            return describe_problem(iri, iri.removeprefix(self._problems))
        if iri.startswith(self._shapes):
            return tuple(self._describe_shape(NamedNode(iri)))
        return ()

    def _describe_shape(self, shape: _Node) -> list[Quad]:
        found = list(self._about.get(shape, ()))
        behind = [quad.object for quad in found if isinstance(quad.object, BlankNode)]
        return found + [quad for node in behind for quad in self._describe_shape(node)]

    @cached_property
    def _about(self) -> Mapping[_Node, list[Quad]]:
        found: dict[_Node, list[Quad]] = defaultdict(list)
        for path in sorted(self._shipped.shapes.glob("*.ttl")):
            for quad in _read_turtle(path):
                found[cast(_Node, quad.subject)].append(quad)
        return found


def _read_turtle(path: Path) -> Iterator[Quad]:
    """Yield the triples of a file; its blank nodes are called the same each time."""
    called: dict[BlankNode, BlankNode] = {}

    def call(node: object) -> Any:
        if not isinstance(node, BlankNode):
            return node
        return called.setdefault(node, BlankNode(f"{path.stem}-{len(called)}"))

    for quad in parse(path=path, format=RdfFormat.TURTLE):
        yield Quad(call(quad.subject), quad.predicate, call(quad.object), DefaultGraph())


def describe_problem(iri: str, slug: str) -> tuple[Quad, ...]:
    """Return what there is to say of a kind of problem.

    >>> found = describe_problem("https://example.org/problem/gone", "gone")
    >>> [quad.object.value for quad in found]
    ['It is no longer there', 'A problem (RFC 9457) answered with the HTTP status 410.']
    """
    kind = _find_kind(slug)
    if kind is None:
        return ()
    comment = f"A problem (RFC 9457) answered with the HTTP status {kind.status}."
    node = NamedNode(iri)
    return (
        Quad(node, term("rdfs:label"), Literal(kind.title), DefaultGraph()),
        Quad(node, term("rdfs:comment"), Literal(comment), DefaultGraph()),
    )


def _find_kind(slug: str) -> ProblemKind | None:
    known = (*PROBLEMS.values(), FAULT, STOPPING, GONE, *_BY_HTTP)
    found = next((kind for kind in known if kind.slug == slug), None)
    other = _OTHER.fullmatch(slug)
    if found or not other:
        return found
    status = int(other[1])
    is_known = status in {each.value for each in HTTPStatus}
    return ProblemKind(slug, status, HTTPStatus(status).phrase) if is_known else None
