"""Blank nodes of a file, called by the order in which they are met: the same on every machine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyoxigraph import BlankNode, Quad, Triple

__all__ = ["BlankNamer"]


class BlankNamer:
    """Names the blank nodes of one file; it remembers each of them, after these labels.

    >>> from pyoxigraph import NamedNode
    >>> a = NamedNode("e:a")
    >>> str(BlankNamer("f").rename(Quad(BlankNode("x"), a, BlankNode("y"), a)))
    '_:f-0 <e:a> _:f-1 <e:a>'
    """

    def __init__(self, prefix: str, labels: Iterable[str] = ()) -> None:
        self._prefix = prefix
        self._names = {label: number for number, label in enumerate(labels)}

    def find_labels(self, most: int) -> tuple[str, ...] | None:
        """Return the labels of all blank nodes that were met, or None where they are many."""
        return (*self._names,) if len(self._names) <= most else None

    def rename(self, quad: Quad) -> Quad:
        """Return a quad with the names of its blank nodes.

        A graph is met before an object.
        """
        subject, graph = self._term(quad.subject), self._term(quad.graph_name)
        return Quad(subject, quad.predicate, self._term(quad.object), graph)

    def _term(self, term: Any) -> Any:
        if isinstance(term, BlankNode):
            number = self._names.setdefault(term.value, len(self._names))
            return BlankNode(f"{self._prefix}-{number}")
        if isinstance(term, Triple):
            return Triple(self._term(term.subject), term.predicate, self._term(term.object))
        return term
