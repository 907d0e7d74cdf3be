"""The lines of a snapshot's N-Quads as triples and graphs, read from any place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kg.change import graph_of_line

__all__ = ["Group", "Row", "blank_labels", "read_groups", "split_line"]

_BLANK = re.compile(rb"_:[^\s<>\"]+")


class Row(NamedTuple):
    """A triple, as N-Triples without the final dot, and the name of a graph."""

    graph: str
    triple: bytes


class Group(NamedTuple):
    """A triple, all graphs that hold it in order, and the place in the file after it."""

    triple: bytes
    graphs: tuple[str, ...]
    end: int

    @property
    def subject(self) -> bytes:
        """The subject, as N-Triples write it."""
        return self.triple.partition(b" ")[0]


def split_line(line: bytes) -> Row:
    """Return the triple and the graph of a line of N-Quads.

    >>> split_line(b'<e:a> <e:b> "c" <e:g> .')
    Row(graph='e:g', triple=b'<e:a> <e:b> "c"')
    >>> split_line(b'<e:a> <e:b> "c" .')
    Row(graph='', triple=b'<e:a> <e:b> "c"')
    """
    graph = graph_of_line(line)
    quad = line[:-2]
    return Row(graph, quad.rpartition(b" ")[0] if graph else quad)


def blank_labels(triple: bytes) -> frozenset[bytes]:
    """Return the blank nodes of a triple, those within a triple term too.

    >>> blank_labels(b'<e:a> <e:b> _:c'), blank_labels(b'<e:a> <e:b> "_:c"')
    (frozenset({b'_:c'}), frozenset())
    """
    if b"_:" not in triple:
        return frozenset()
    subject, _, thing = triple.split(b" ", 2)
    terms = [term for term in (subject, thing) if term.startswith((b"_:", b"<<"))]
    return frozenset(label for term in terms for label in _BLANK.findall(term))


def read_groups(path: Path, start: int = 0) -> Iterator[Group]:
    """Return the triples of sorted N-Quads from a place where a triple starts."""
    held: bytes | None = None
    graphs: list[str] = []
    end = start
    for graph, triple, place in _rows(path, start):
        if triple != held:
            if held is not None:
                yield Group(held, tuple(graphs), end)
            held, graphs = triple, []
        graphs.append(graph)
        end = place
    if held is not None:
        yield Group(held, tuple(graphs), end)


def _rows(path: Path, start: int) -> Iterator[tuple[str, bytes, int]]:
    place = start
    with path.open("rb") as file:
        file.seek(start)
        for line in file:
            place += len(line)
            if not line.startswith(b"#"):
                graph, triple = split_line(line.rstrip(b"\n"))
                yield graph, triple, place
