"""Whether everything that records refer to is described, and described once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import NamedNode, Triple

from kg.namespaces import Namespaces
from kg.near import find_near
from kg.problem import Place, Problem
from kg.record_audit import RDF_TYPE
from kg.records import Records

__all__ = ["check_references"]


def check_references(
    sources: Sequence[Records], *, declared: Iterable[str], namespaces: Namespaces
) -> tuple[Problem, ...]:
    """Return a problem for each unknown reference and each repeated description.

    ``sources`` are the files in the order of authority: the shipped ones, then a user's own,
    which may refer to what came before but not describe it again. ``declared`` are the IRIs
    that the ontology and other Turtle files describe. IRIs outside the namespaces of this
    graph are not looked up.
    """
    closed = frozenset(declared)
    problems = list(_repeated(sources, closed, namespaces))
    described = (iri for source in sources for iri in source.described)
    subjects = (_iri(triple.subject) for source in sources for triple in source.triples)
    checker = _Checker(closed.union(described, filter(None, subjects)), namespaces)
    for source in sources:
        problems += checker.unknown(source)
    return tuple(sorted(problems))


def _repeated(
    sources: Iterable[Records], declared: frozenset[str], namespaces: Namespaces
) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for source in sources:
        repeated: set[str] = set()
        for iri, place in source.described.items():
            where = "in the ontology" if iri in declared else f"at {first.get(iri)}"
            if (iri in declared or iri in first) and not _is_part_of(repeated, iri):
                message = f"{namespaces.shorten(iri)} is already described {where}; rename this one"
                yield Problem(place, message)
                repeated.add(iri)
            first.setdefault(iri, place)


def _is_part_of(wholes: set[str], iri: str) -> bool:
    """Tell whether an IRI goes on after one of others and a slash, as parts of a record do."""
    return any(iri[: found.start()] in wholes for found in re.finditer("/", iri))


def _iri(node: object) -> str | None:
    return node.value if isinstance(node, NamedNode) else None


@dataclass(frozen=True)
class _Checker:
    known: frozenset[str]
    namespaces: Namespaces

    @cached_property
    def siblings(self) -> dict[str, list[str]]:
        """The known IRIs of this graph by what stands before their last segment."""
        found = defaultdict(list)
        for iri in sorted(filter(self.namespaces.owns, self.known)):
            found[iri.rpartition("/")[0]].append(iri)
        return found

    @cached_property
    def namesakes(self) -> dict[str, str]:
        """A known IRI of this graph by its last segment."""
        return {iri.rpartition("/")[2]: iri for group in self.siblings.values() for iri in group}

    def unknown(self, source: Records) -> Iterator[Problem]:
        problems = dict[tuple[str, ...], Problem]()
        for triple in source.triples:
            predicate, object_ = triple.predicate.value, _iri(triple.object)
            if self.is_unknown(predicate):
                problems.setdefault((predicate,), self.problem(source, triple, predicate))
            if object_ is not None and self.is_unknown(object_):
                key = (_iri(triple.subject) or "", predicate, object_)
                problems.setdefault(key, self.problem(source, triple, object_))
        yield from problems.values()

    def is_unknown(self, iri: str) -> bool:
        return iri not in self.known and self.namespaces.owns(iri)

    def problem(self, source: Records, triple: Triple, iri: str) -> Problem:
        subject, predicate = _iri(triple.subject) or "", triple.predicate.value
        place = source.places.find(subject, predicate) or Place(subject)
        return Problem(place, f"unknown {self.noun(triple, iri)}; {self.advice(iri)}")

    def noun(self, triple: Triple, iri: str) -> str:
        curie = self.namespaces.compact(iri)
        if curie is None:
            return f"IRI <{iri}>"
        kind, _, name = curie.partition(":")
        if kind:
            return curie if "/" in name else f"{kind} '{name}'"
        if iri == triple.predicate.value:
            return f"property '{name}'"
        return f"class '{name}'" if triple.predicate.value == RDF_TYPE else f"name '{name}'"

    def advice(self, iri: str) -> str:
        parent, _, name = iri.rpartition("/")
        names = {known.rpartition("/")[2]: known for known in self.siblings.get(parent, ())}
        similar = find_near(name, names)
        near = names[similar] if similar else self.namesakes.get(name)
        if near is None:
            return f"describe {self.namespaces.shorten(iri)}, or refer to another"
        return f"did you mean {self.namespaces.shorten(near).removeprefix(':')}?"
