"""What a page shows of a thing: what things are called, and where claims were read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from api.directory import Directory
from api.entity_address import Addresses
from api.entity_descriptions import Description
from kg.export import PREFIXES

__all__ = ["Place", "Sheet"]

_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_NAMES = (
    f"{_RDFS}label",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://purl.org/dc/terms/title",
)


@dataclass(frozen=True)
class Place:
    """Where a claim was read; ``issued`` is the date of the document, as printed there."""

    passage: str
    document: str | None = None
    document_label: str = ""
    issued: str | None = None
    section: str | None = None
    citation: str | None = None
    characters: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the place as a text."""
        parts = (
            self.document_label,
            f"issued {self.issued}" if self.issued else "without a date",
            f"section {self.section}" if self.section else "",
            f"citation {self.citation}" if self.citation else "",
            f"characters {', '.join(self.characters)}" if self.characters else "",
            self.passage,
        )
        return ", ".join(filter(None, parts))


@dataclass(frozen=True)
class Sheet:
    """A description, with what the page needs to show it."""

    description: Description
    directory: Directory
    addresses: Addresses
    ontology: str

    @property
    def iri(self) -> str:
        """The thing that is described."""
        return self.description.iri

    @property
    def label(self) -> str:
        """What the thing is called."""
        return self.call(self.iri)

    def call(self, iri: str) -> str:
        """Return what a thing is called: its label, or its CURIE, or its IRI."""
        return self._labels.get(iri) or self.directory.label(iri) or self.shorten(iri)

    def shorten(self, iri: str) -> str:
        """Return a CURIE by our prefixes, or else by the usual ones, or the IRI."""
        shown = self.directory.shorten(iri)
        return _usual(iri) if shown == iri else shown

    def about(self, node: NamedNode | BlankNode) -> list[Quad]:
        """Return the statements about the thing itself, or about a part of it."""
        return self._own.get(node, [])

    @cached_property
    def parts(self) -> tuple[NamedNode, ...]:
        """The parts of the thing of which something is said, in order."""
        found = [node for node in self._own if isinstance(node, NamedNode)]
        inside = (node for node in found if node.value != self.iri)
        return tuple(sorted(inside, key=lambda node: node.value))

    @cached_property
    def pointing(self) -> Mapping[str, tuple[str, ...]]:
        """By what predicates each thing points to this one."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for quad in self.description.pointing:
            if isinstance(quad.subject, NamedNode):
                found[quad.subject.value][quad.predicate.value] = None
        return {iri: tuple(predicates) for iri, predicates in sorted(found.items())}

    def texts(self, iri: str, name: str) -> tuple[str, ...]:
        """Return what a term of the ontology says of a thing, as texts."""
        objects = self._objects.get((iri, self.ontology + name), {})
        return tuple(each.value for each in objects if isinstance(each, Literal | NamedNode))

    def places(self, iri: str) -> Iterator[Place]:
        """Yield where a claim was read."""
        for passage in self.texts(iri, "passage"):
            document = self._first(passage, "inDocument")
            yield Place(
                passage=passage,
                document=document,
                document_label=self.call(document) if document else "",
                issued=self._first(document, "issued") if document else None,
                section=self._first(passage, "section"),
                citation=self._first(passage, "citationNumber"),
                characters=self._characters(passage),
            )

    def _characters(self, passage: str) -> tuple[str, ...]:
        given = (
            (self._first(each, "start") or "0", self._first(each, "end") or "0")
            for each in self.texts(passage, "range")
        )
        # A graph of others may say anything where a number should be.
        ranges = [(start, end) for start, end in given if f"{start}{end}".isdecimal()]
        ordered = sorted(ranges, key=lambda each: [(len(part), part) for part in each])
        return tuple(f"{start}-{end}" for start, end in ordered)

    def _first(self, iri: str, name: str) -> str | None:
        return min(self.texts(iri, name), default=None)

    @cached_property
    def _own(self) -> dict[NamedNode | BlankNode, list[Quad]]:
        found: dict[NamedNode | BlankNode, list[Quad]] = defaultdict(list)
        for quad in self.description.own:
            if isinstance(quad.subject, NamedNode | BlankNode):
                found[quad.subject].append(quad)
        return found

    @cached_property
    def _labels(self) -> dict[str, str]:
        found: dict[str, tuple[int, str]] = {}
        for quad in self.description.quads:
            name = quad.predicate.value
            if name in _NAMES and isinstance(quad.object, Literal):
                ranked = (_NAMES.index(name), quad.object.value)
                iri = str(getattr(quad.subject, "value", ""))
                found[iri] = min(ranked, found.get(iri, ranked))
        return {iri: label for iri, (_, label) in found.items()}

    @cached_property
    def _objects(self) -> dict[tuple[str, str], dict[object, None]]:
        found: dict[tuple[str, str], dict[object, None]] = defaultdict(dict)
        for quad in self.description.quads:
            if isinstance(quad.subject, NamedNode):
                found[quad.subject.value, quad.predicate.value][quad.object] = None
        return found


def _usual(iri: str) -> str:
    """Return the CURIE of an IRI by the prefixes that everybody knows, or the IRI.

    >>> _usual("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    'rdf:type'
    """
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and iri != namespace:
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
