"""The asserted graphs: every source file read, checked against the others, and loaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Quad, Store, Triple

from kg.context import Context
from kg.mapping_file import SUFFIX
from kg.mappings import Mappings, check_mappings, read_mappings
from kg.places import Places, turtle_places
from kg.problem import Problem, Refused
from kg.progress import Progress, Silence
from kg.records import Records, read_records
from kg.references import check_references
from kg.sources import GRAPH, Source, SourceFile
from kg.turtle import read_turtle

__all__ = ["Asserted", "read_sources"]


@dataclass(frozen=True)
class Asserted:
    """A store with a named graph a source, and where each statement was written."""

    store: Store
    places: Places


@dataclass
class _Collected:
    """What has been read so far."""

    graphs: list[tuple[str, Sequence[Triple]]] = field(default_factory=list)
    places: list[Places] = field(default_factory=list)
    records: list[Records] = field(default_factory=list)
    mappings: list[Mappings] = field(default_factory=list)
    declared: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def read_sources(
    sources: Iterable[Source], context: Context, *, progress: Progress | None = None
) -> Asserted:
    """Return the graphs of the sources.

    Raises Refused with the problems of all files that cannot be read or, when all can, with
    every unknown reference, every id that is described twice and every mapping that is exact
    beside another.
    """
    collected = _Collected()
    for source in sources:
        for file in source.files:
            _read(file, source.graph, context, collected)
            (progress or Silence()).advance()
    problems = collected.problems or _check(collected, context)
    if problems:
        raise Refused(problems)
    return Asserted(_load(collected.graphs), Places.merged(collected.places))


def _read(file: SourceFile, graph: str, context: Context, into: _Collected) -> None:
    try:
        if file.path.suffix == ".ttl":
            triples: Sequence[Triple] = read_turtle(file.path, shown_as=file.shown_as)
            text = file.path.read_text(encoding="utf-8")
            into.places.append(turtle_places(text, shown_as=file.shown_as))
            into.declared |= _subjects(triples)
        elif file.path.name.endswith(SUFFIX):
            triples = _read_mappings(file, graph, context, into)
        else:
            records = read_records(file.path, context=context, shown_as=file.shown_as)
            triples = records.triples
            into.places.append(records.places)
            into.records.append(records)
    except Refused as refused:
        into.problems += refused.problems
    else:
        into.graphs.append((graph, triples))


def _read_mappings(
    file: SourceFile, graph: str, context: Context, into: _Collected
) -> Sequence[Triple]:
    name = graph.removeprefix(GRAPH).removeprefix("mapping-")
    found = read_mappings(
        file.path, name=name, namespaces=context.namespaces, shown_as=file.shown_as
    )
    into.places.append(found.places)
    into.mappings.append(found)
    return found.triples


def _check(collected: _Collected, context: Context) -> Sequence[Problem]:
    described = (iri for records in collected.records for iri in records.described)
    return check_references(
        collected.records, declared=collected.declared, namespaces=context.namespaces
    ) + check_mappings(
        collected.mappings,
        known=frozenset(collected.declared).union(described),
        namespaces=context.namespaces,
    )


def _subjects(triples: Iterable[Triple]) -> set[str]:
    subjects = (triple.subject for triple in triples)
    return {subject.value for subject in subjects if isinstance(subject, NamedNode)}


def _load(graphs: Iterable[tuple[str, Iterable[Triple]]]) -> Store:
    store = Store()
    store.bulk_extend(
        Quad(triple.subject, triple.predicate, triple.object, name)
        for graph, triples in graphs
        for name in [NamedNode(graph)]
        for triple in triples
    )
    return store
