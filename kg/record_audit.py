"""Whether every value of a record became exactly one triple."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, Triple

from kg.context import Context
from kg.problem import Place, Problem
from kg.record_graph import Graph, Part
from kg.yaml_source import Entry, Sequence

__all__ = ["RDF_TYPE", "audit", "predicate_of"]

RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
Link = tuple[str, str, bool]


def predicate_of(entry: Entry, context: Context) -> str | None:
    """Return the predicate that an entry states, or None where it is the id."""
    if entry.key == context.type_key:
        return RDF_TYPE
    term = context.terms.get(entry.key)
    return term.predicate if term else None


def audit(graph: Graph, context: Context, *, shown_as: str) -> Iterator[Problem]:
    """Yield a problem for each value that gave no triple, or the triple of another value."""
    written = dict[Link, list[Entry]]()
    for part in graph.parts:
        for entry in part.mapping.entries:
            if link := _link(part, entry, context):
                written.setdefault(link, []).append(entry)
    yield from _repeated(graph, written, context, shown_as)
    expected = sum(_size(entry) for entries in written.values() for entry in entries)
    if expected != len(graph.triples):
        yield from _lost(graph, written, shown_as)


def _link(part: Part, entry: Entry, context: Context) -> Link | None:
    predicate = predicate_of(entry, context)
    if predicate is None:
        return None
    term = context.terms.get(entry.key)
    return part.subject.value, predicate, term is not None and term.reverse


def _size(entry: Entry) -> int:
    return len(entry.value.items) if isinstance(entry.value, Sequence) else 1


def _ends(triple: Triple) -> tuple[Link, Link]:
    start, predicate = getattr(triple.subject, "value", ""), triple.predicate.value
    end = "" if isinstance(triple.object, Literal) else getattr(triple.object, "value", "")
    return (start, predicate, False), (end, predicate, True)


def _repeated(
    graph: Graph, written: dict[Link, list[Entry]], context: Context, file: str
) -> Iterator[Problem]:
    for triple, times in Counter(graph.triples).items():
        if times > 1:
            forward, backward = _ends(triple)
            far = triple.object if forward in written else triple.subject
            entry = written[forward if forward in written else backward][-1]
            value = context.namespaces.shorten(getattr(far, "value", ""))
            message = f"'{entry.key}' says '{value}' {times} times; keep one"
            yield Problem(Place(file, entry.line), message)


def _lost(graph: Graph, written: dict[Link, list[Entry]], file: str) -> Iterator[Problem]:
    found = Counter(link for triple in graph.triples for link in _ends(triple))
    for link, entries in written.items():
        expected = sum(map(_size, entries))
        if found[link] < expected:
            message = (
                f"'{entries[-1].key}' gives {found[link]} statements for {expected} values; "
                "see how the context defines the key"
            )
            yield Problem(Place(file, entries[-1].line), message)
