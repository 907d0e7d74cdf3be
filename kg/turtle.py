"""A Turtle file as triples whose blank nodes have the same labels on every machine."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from kg.problem import Place, Problem, Refused

__all__ = ["label_blank_nodes", "read_turtle"]


def read_turtle(path: Path, *, shown_as: str | None = None) -> tuple[Triple, ...]:
    """Return the triples of a Turtle file, its blank nodes named after the file.

    Raises Refused, with the line, when the file is not Turtle.
    """
    shown = shown_as or str(path)
    try:
        quads = tuple(parse(path.read_bytes(), format=RdfFormat.TURTLE))
    except SyntaxError as error:
        message = f"not Turtle: {error.msg}"
        raise Refused([Problem(Place(shown, error.lineno or 1), message)]) from None
    return label_blank_nodes((quad.triple for quad in quads), path.stem)


def label_blank_nodes(triples: Iterable[Triple], name: str) -> tuple[Triple, ...]:
    """Return the triples with canonical blank node labels (RDFC-1.0) that start with ``name``.

    Two files read this way share no blank node, whatever labels they were written with.

    >>> from pyoxigraph import parse
    >>> quads = parse(b"[] <http://e.org/p> 1 .", format=RdfFormat.TURTLE)
    >>> [label_blank_nodes((quad.triple for quad in quads), "tree")[0].subject.value]
    ['tree-c14n0']
    """
    given = tuple(triples)
    if not any(isinstance(end, BlankNode) for t in given for end in (t.subject, t.object)):
        return given
    dataset = Dataset(Quad(triple.subject, triple.predicate, triple.object) for triple in given)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return tuple(_triple(quad, name) for quad in dataset)


def _triple(quad: Quad, name: str) -> Triple:
    return Triple(_named(quad.subject, name), quad.predicate, _named(quad.object, name))


def _named(node: Any, name: str) -> Any:
    return BlankNode(f"{name}-{node.value}") if isinstance(node, BlankNode) else node
