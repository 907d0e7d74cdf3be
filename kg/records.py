"""Curated records: a YAML file as triples whose every statement knows its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pyoxigraph import BlankNode, NamedNode, Triple

from kg.context import Context, Expects
from kg.part_names import name_parts
from kg.places import Key, Places
from kg.problem import Place, Problem, Refused
from kg.record_audit import audit, predicate_of
from kg.record_check import check_record
from kg.record_graph import Graph, Part, read_graph
from kg.yaml_source import Mapping as Record
from kg.yaml_source import Node, Scalar, Sequence, Source, parse_yaml, read_yaml

__all__ = ["Records", "parse_records", "read_records"]


@dataclass(frozen=True)
class Records:
    """The triples of a file, the places of its statements, and the IRIs that it describes."""

    triples: tuple[Triple, ...]
    places: Places
    described: Mapping[str, Place]


def read_records(path: Path, *, context: Context, shown_as: str | None = None) -> Records:
    """Return the records of a YAML file; ``shown_as`` names it in places and problems.

    Raises `Refused` with every problem found in the file.
    """
    shown = shown_as or str(path)
    return _load(read_yaml(path, shown_as=shown), context, shown)


def parse_records(text: str, *, context: Context, shown_as: str) -> Records:
    """Return the records of a YAML text, as `read_records` does for a file."""
    return _load(parse_yaml(text, shown_as=shown_as), context, shown_as)


def _load(source: Source, context: Context, file: str) -> Records:
    checked = [(node, tuple(_check(node, context, file))) for node in _top_level(source)]
    problems = [*source.problems, *(fault for _, faults in checked for fault in faults)]
    sound = [] if source.problems else [node for node, faults in checked if not faults]
    records, faults = _interpret(
        [node for node in sound if isinstance(node, Record)], context, file
    )
    if problems or faults:
        raise Refused([*problems, *faults])
    return records


def _top_level(source: Source) -> tuple[Node, ...]:
    if isinstance(source.tree, Sequence):
        return source.tree.items
    return () if source.tree is None else (source.tree,)


def _check(node: Node, context: Context, file: str) -> Iterator[Problem]:
    if isinstance(node, Record):
        yield from check_record(node, context, shown_as=file)
    elif not isinstance(node, Scalar) or node.text:
        message = "a record must be a mapping with 'id' and 'type'; write its keys here"
        yield Problem(Place(file, node.line), message)


def _interpret(records: list[Record], context: Context, file: str) -> tuple[Records, list[Problem]]:
    """Read sound records, and report what shows only in their triples."""
    graph, problems = _read_graph(records, context, file)
    names = name_parts(graph.parts, context, shown_as=file)
    named = tuple(zip(graph.parts, names.iris, strict=True))
    described, repeated = _describe(named, context, file)
    unnamed = {problem.place for problem in names.problems}
    repeated = [problem for problem in repeated if problem.place not in unnamed]
    problems += names.problems
    problems += repeated or audit(graph, context, shown_as=file)
    places = Places(MappingProxyType(dict(_places(named, context, file))))
    return Records(tuple(_rename(graph, names.iris)), places, MappingProxyType(described)), problems


def _describe(
    named: Iterable[tuple[Part, str]], context: Context, file: str
) -> tuple[dict[str, Place], list[Problem]]:
    """Return the first place that describes each IRI, and a problem for each further one.

    An id alone is a reference, unless its key puts a record there: then it says whose part it is.
    """
    described: dict[str, Place] = {}
    repeated = []
    for part, iri in named:
        says_more = any(entry.key != context.id_key for entry in part.mapping.entries)
        if not says_more and not (part.term and part.term.expects is Expects.RECORD):
            continue
        place = Place(file, part.mapping.line)
        first = described.setdefault(iri, place)
        if says_more and first is not place:
            repeated.append(_repeated(iri, place, first, context))
    return described, repeated


def _repeated(iri: str, place: Place, first: Place, context: Context) -> Problem:
    shown = context.namespaces.shorten(iri)
    message = f"{shown} is already described on line {first.line}; merge the two records"
    return Problem(place, message)


def _read_graph(records: list[Record], context: Context, file: str) -> tuple[Graph, list[Problem]]:
    """Read all records at once; only where that fails, one by one to find the culprits."""
    try:
        return read_graph(records, context), []
    except SyntaxError:
        return Graph((), ()), list(_unreadable(records, context, file))


def _unreadable(records: Iterable[Record], context: Context, file: str) -> Iterator[Problem]:
    for record in records:
        try:
            read_graph([record], context)
        except SyntaxError as error:
            place = Place(file, record.line)
            yield Problem(place, f"the record is no JSON-LD ({error.msg}); see its references")


def _places(
    named: tuple[tuple[Part, str], ...], context: Context, file: str
) -> Iterator[tuple[Key, Place]]:
    """Yield the last part first, so that a dict keeps the first place of an IRI."""
    for part, iri in reversed(named):
        yield (iri, None), Place(file, part.mapping.line)
        for entry in part.mapping.entries:
            if predicate := predicate_of(entry, context):
                yield (iri, predicate), Place(file, entry.line)


def _rename(graph: Graph, iris: Iterable[str]) -> Iterator[Triple]:
    nodes = {
        part.subject: NamedNode(iri)
        for part, iri in zip(graph.parts, iris, strict=True)
        if isinstance(part.subject, BlankNode)
    }
    for triple in graph.triples:
        subject, object_ = triple.subject, triple.object
        subject = nodes[subject] if isinstance(subject, BlankNode) else subject
        object_ = nodes[object_] if isinstance(object_, BlankNode) else object_
        yield Triple(subject, triple.predicate, object_)
