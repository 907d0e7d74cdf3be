"""Mappings to other systems: rows of SSSOM as links of SKOS, each with a record of its grounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from kg.mapping_file import MappingFile, Row, read_mapping_file
from kg.namespaces import Namespaces
from kg.places import Key, Places
from kg.prefixes import SYSTEMS, expand, find_system, standardise
from kg.problem import Place, Problem, Refused

__all__ = ["RELATIONS", "Mapping", "Mappings", "check_mappings", "read_mappings"]

RELATIONS = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
"""How a thing may stand to one of another system, from the same to only related."""

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_DCTERMS = "http://purl.org/dc/terms/"
_SEMAPV = "https://w3id.org/semapv/vocab/"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_JUSTIFICATION = re.compile(r"semapv:(?P<name>[A-Z][A-Za-z]+)")


@dataclass(frozen=True)
class Mapping:
    """A thing of this graph, a relation of SKOS by its name, and an identifier as a CURIE."""

    place: Place
    subject: str
    relation: str
    object: str


@dataclass(frozen=True)
class Mappings:
    """The mappings of a file, the triples that state them, and the places of these."""

    mappings: tuple[Mapping, ...]
    triples: tuple[Triple, ...]
    places: Places


def read_mappings(
    path: Path, *, name: str, namespaces: Namespaces, shown_as: str | None = None
) -> Mappings:
    """Return a set of mappings, under ``name`` in the IRIs of its records.

    Raises `Refused` with every row whose prefix, identifier, relation or justification is
    unknown, and every pair that is mapped twice.
    """
    file = read_mapping_file(path, shown_as=shown_as)
    reader = _Reader(file, f"{namespaces.root}mapping/{name}", namespaces)
    found = [reader.read(row) for row in file.rows]
    problems = [each for each in found if isinstance(each, Problem)]
    mappings = tuple(each for each in found if isinstance(each, Mapping))
    problems += _repeated_pairs(mappings, reader.name_of)
    if problems:
        raise Refused(problems)
    return Mappings(mappings, tuple(reader.triples(mappings)), reader.places(mappings))


def check_mappings(
    sets: Iterable[Mappings], *, known: frozenset[str], namespaces: Namespaces
) -> tuple[Problem, ...]:
    """Return a problem for each mapping of an unknown thing, and each that is one exact too many.

    A thing is the same as one identifier of a system at most, and no other thing is that too.
    """
    mappings = [mapping for each in sets for mapping in each.mappings]
    problems = [
        Problem(
            mapping.place,
            f"{namespaces.shorten(mapping.subject)} is described nowhere; correct the subject, or "
            "add a record of it",
        )
        for mapping in mappings
        if mapping.subject not in known
    ]
    exact = [mapping for mapping in mappings if mapping.relation == "exactMatch"]
    problems += _repeated_exact(
        exact, lambda each: (each.subject, _prefix(each.object)), namespaces
    )
    problems += _repeated_exact(exact, lambda each: (each.object,), namespaces)
    return tuple(sorted(set(problems)))


def _repeated_exact(
    exact: Sequence[Mapping], key: Callable[[Mapping], tuple[str, ...]], namespaces: Namespaces
) -> Iterator[Problem]:
    first: dict[tuple[str, ...], Mapping] = {}
    for mapping in exact:
        other = first.setdefault(key(mapping), mapping)
        if other is not mapping and (other.subject, other.object) != (
            mapping.subject,
            mapping.object,
        ):
            message = (
                f"{namespaces.shorten(mapping.subject)} is an exact match of {mapping.object}, but "
                f"{namespaces.shorten(other.subject)} of {other.object} at {other.place}; keep one "
                "of the two, and write closeMatch or another relation in the other row"
            )
            yield Problem(mapping.place, message)


def _repeated_pairs(
    mappings: Sequence[Mapping], name_of: Callable[[Mapping], str]
) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for mapping in mappings:
        place = first.setdefault(name_of(mapping), mapping.place)
        if place != mapping.place:
            message = f"the subject is mapped to {mapping.object} at {place} already; keep one row"
            yield Problem(mapping.place, message)


def _prefix(curie: str) -> str:
    return curie.partition(":")[0]


@dataclass(frozen=True)
class _Reader:
    file: MappingFile
    root: str
    namespaces: Namespaces

    def read(self, row: Row) -> Mapping | Problem:
        """Return a row as a mapping, or what is wrong with it."""
        subject = self.namespaces.expand(row.get("subject_id"))
        if subject is None or not self.namespaces.owns(subject):
            return Problem(row.place, _unknown_subject(row.get("subject_id")))
        relation = row.get("predicate_id").removeprefix("skos:")
        if relation not in RELATIONS:
            names = ", ".join(f"skos:{name}" for name in RELATIONS)
            message = f"{row.get('predicate_id')!r} is none of {names}; write one of them"
            return Problem(row.place, message)
        identifier = standardise(row.get("object_id"))
        if identifier is None:
            return Problem(row.place, _unknown_object(row.get("object_id")))
        if not _JUSTIFICATION.fullmatch(row.get("mapping_justification")):
            message = "mapping_justification must be a term such as semapv:ManualMappingCuration"
            return Problem(row.place, f"{message}; write one")
        return Mapping(row.place, subject, relation, identifier)

    def name_of(self, mapping: Mapping) -> str:
        """Return the IRI of the record of a mapping."""
        local = f"{mapping.subject.rpartition('/')[2]}-{mapping.object.partition(':')[2]}"
        return f"{self.root}/{re.sub('[^a-z0-9]+', '-', local.lower()).strip('-')}"

    def places(self, mappings: Iterable[Mapping]) -> Places:
        """Return where each record is written, and each set."""
        entries: dict[Key, Place] = {(self.root, None): self.file.place}
        for mapping in mappings:
            entries[self.name_of(mapping), None] = mapping.place
        return Places(entries)

    def triples(self, mappings: Sequence[Mapping]) -> Iterator[Triple]:
        """Yield what is said of the set, and of each mapping."""
        yield from self._describe_set()
        rows = {row.place: row for row in self.file.rows}
        for mapping in mappings:
            yield from self._describe(mapping, rows[mapping.place])

    def _describe_set(self) -> Iterator[Triple]:
        told = self.file.metadata
        title = told.get("mapping_set_title") or told["mapping_set_id"]
        yield _link(self.root, _TYPE, self._term("MappingSet"))
        yield _text(self.root, f"{_RDFS}label", title)
        yield _link(self.root, f"{_DCTERMS}license", told["license"])
        for key, predicate in (
            ("mapping_set_description", f"{_DCTERMS}description"),
            ("mapping_set_version", self._term("mappingSetVersion")),
            ("object_source_version", self._term("objectSourceVersion")),
        ):
            if told.get(key):
                yield _text(self.root, predicate, told[key])

    def _describe(self, mapping: Mapping, row: Row) -> Iterator[Triple]:
        node, target = self.name_of(mapping), str(expand(mapping.object))
        relation = _SKOS + mapping.relation
        justification = row.get("mapping_justification").removeprefix("semapv:")
        yield _link(mapping.subject, relation, target)
        yield _link(node, _TYPE, self._term("Mapping"))
        yield _link(node, self._term("inMappingSet"), self.root)
        yield _link(node, self._term("mappingSubject"), mapping.subject)
        yield _link(node, self._term("mappingRelation"), relation)
        yield _link(node, self._term("mappingObject"), target)
        yield _link(node, self._term("mappingJustification"), _SEMAPV + justification)
        yield _text(node, self._term("objectIdentifier"), mapping.object)
        yield _text(node, self._term("objectSystem"), _prefix(mapping.object))
        yield _text(node, f"{_RDFS}label", self._label(mapping, row))
        for column, predicate in (
            ("object_label", self._term("objectLabel")),
            ("comment", f"{_RDFS}comment"),
        ):
            if row.get(column):
                yield _text(node, predicate, row.get(column))

    def _label(self, mapping: Mapping, row: Row) -> str:
        name = row.get("subject_label") or self.namespaces.shorten(mapping.subject)
        return f"{name}: {mapping.relation.removesuffix('Match')} match {mapping.object}"

    def _term(self, name: str) -> str:
        return self.namespaces.ontology + name


def _unknown_subject(curie: str) -> str:
    return (
        f"{curie!r} is no thing of this graph; write the CURIE of a record, such as drug:imatinib"
    )


def _unknown_object(curie: str) -> str:
    prefix, _, local = curie.partition(":")
    system = find_system(prefix)
    if system is None:
        known = ", ".join(each.prefix for each in SYSTEMS)
        return f"the prefix {prefix!r} is none of {known}; write one of them"
    return f"{local!r} is no identifier of {system.name} ({system.pattern}); correct it"


def _link(subject: str, predicate: str, value: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(value))


def _text(subject: str, predicate: str, value: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), Literal(value))
