"""Triples at an endpoint against those of a snapshot, subject by subject."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from kg.publish_endpoint import Endpoint, Term
from kg.publish_lines import Group
from kg.publish_literals import find_change
from kg.publish_plan import Plan

__all__ = ["Comparison", "compare", "is_chosen"]

_SUBJECTS = 100
_ROWS = 2000
_LONGEST_SUBJECT = 5000
"""Triples of one subject that every engine answers at once: Virtuoso cuts at 10,000 rows."""

_Object = NamedNode | Literal | str
_Statement = tuple[str, str, _Object]


@dataclass
class Comparison:
    """What was found: changes of literals by kind with an example, merged ones, and faults.

    ``merged`` counts, for each graph, the triples that became equal to another by a change.
    """

    triples: int = 0
    subjects: int = 0
    left_out: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    merged: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, str]] = field(default_factory=list)


def is_chosen(subject: bytes, step: int) -> bool:
    """Tell whether a subject is among those compared, one in ``step``; always the same ones."""
    return zlib.crc32(subject) % step == 0


def compare(
    endpoint: Endpoint, plan: Plan, groups: Iterable[Group], step: int
) -> Iterator[Comparison]:
    """Compare the subjects that are chosen; yields what was found so far after each request.

    Subjects that are blank nodes have no name to be asked for, and are left to the counts.
    """
    found = Comparison()
    waiting: dict[str, dict[bytes, list[bytes]]] = defaultdict(dict)
    for subject, rows in groupby(groups, key=lambda group: group.subject):
        if subject.startswith(b"_:") or not is_chosen(subject, step):
            continue
        for graph, triples in _by_graph(plan, rows).items():
            if len(triples) > _LONGEST_SUBJECT:
                found.left_out += 1
                continue
            waiting[graph][subject] = triples
            if _is_full(waiting[graph]):
                _compare_subjects(endpoint, graph, waiting.pop(graph), found)
                yield found
    for graph, subjects in waiting.items():
        _compare_subjects(endpoint, graph, subjects, found)
        yield found


def _by_graph(plan: Plan, rows: Iterable[Group]) -> Mapping[str, list[bytes]]:
    sent: dict[str, list[bytes]] = defaultdict(list)
    for group in rows:
        for graph, triple in plan.rows(group):
            sent[graph].append(triple)
    return sent


def _is_full(subjects: Mapping[bytes, list[bytes]]) -> bool:
    return len(subjects) >= _SUBJECTS or sum(map(len, subjects.values())) >= _ROWS


def _compare_subjects(
    endpoint: Endpoint, graph: str, subjects: Mapping[bytes, list[bytes]], found: Comparison
) -> None:
    asked = " ".join(subject.decode() for subject in subjects)
    rows = endpoint.select(
        f"SELECT ?s ?p ?o {{ VALUES ?s {{ {asked} }} GRAPH <{graph}> {{ ?s ?p ?o }} }}"
    )
    sent = b"".join(triple + b" .\n" for triples in subjects.values() for triple in triples)
    ours = Counter(_read(each) for each in parse(sent, format=RdfFormat.N_TRIPLES))
    theirs = Counter(_row(each) for each in rows)
    found.triples += ours.total()
    found.subjects += len(subjects)
    _explain(graph, ours - theirs, theirs, theirs - ours, found)


def _explain(
    graph: str,
    missing: Counter[_Statement],
    theirs: Counter[_Statement],
    extra: Counter[_Statement],
    found: Comparison,
) -> None:
    """Sort out what differs: literals whose value is there in another form, and what is wrong."""
    there: dict[tuple[str, str], list[Literal]] = defaultdict(list)
    for subject, name, thing in theirs:
        if isinstance(thing, Literal):
            there[subject, name].append(thing)
    for (subject, name, thing), count in missing.items():
        candidates = there[subject, name] if isinstance(thing, Literal) else []
        change = find_change(thing, candidates) if isinstance(thing, Literal) else None
        if change is None:
            found.faults.append((graph, f"lacks {_shown(subject, name, thing)}"))
            continue
        kind, other = change
        found.changes[kind] += count
        found.examples.setdefault(kind, f"{thing} is {other}")
        if not extra.get((subject, name, other)):
            found.merged[graph] += count
        extra[subject, name, other] -= count
    for (subject, name, thing), count in extra.items():
        if count > 0:
            found.faults.append((graph, f"has {_shown(subject, name, thing)}, not of the snapshot"))


def _shown(subject: str, name: str, thing: _Object) -> str:
    return f"<{subject}> <{name}> {thing}"[:300]


def _read(triple: Quad) -> _Statement:
    subject, name, thing = triple.subject, triple.predicate, triple.object
    assert isinstance(subject, NamedNode)
    if isinstance(thing, NamedNode | Literal):
        return subject.value, name.value, thing
    return subject.value, name.value, "a blank node" if isinstance(thing, BlankNode) else str(thing)


def _row(row: Mapping[str, Term]) -> _Statement:
    return row["s"]["value"], row["p"]["value"], _term(row["o"])


def _term(term: Term) -> _Object:
    if term["type"] == "uri":
        return NamedNode(term["value"])
    if term["type"] == "bnode":
        return "a blank node"
    if "xml:lang" in term:
        return Literal(term["value"], language=term["xml:lang"])
    if "datatype" in term:
        return Literal(term["value"], datatype=NamedNode(term["datatype"]))
    return Literal(term["value"])
