"""A term of another system as the triples of a record: its names, its place, what it is here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.importing.record import Record, Unmatched
from kg.importing.statement import Draft, import_graph, imported_iri
from kg.importing.terms import Kind, Terms
from kg.prefixes import compress, expand, standardise

__all__ = ["OBO_IN_OWL", "REPLACED_BY", "SCOPES", "Term", "TermWriter", "read_identifier"]

OBO_IN_OWL = "http://www.geneontology.org/formats/oboInOwl#"
REPLACED_BY = "http://purl.obolibrary.org/obo/IAO_0100001"
SCOPES = ("EXACT", "NARROW", "BROAD", "RELATED")
"""How near a synonym is to its term, as OBO says it."""

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_SEE_ALSO = "http://www.w3.org/2000/01/rdf-schema#seeAlso"
_DEPRECATED = "http://www.w3.org/2002/07/owl#deprecated"
_OBO_IRI = re.compile(r"http://purl\.obolibrary\.org/obo/([A-Za-z][A-Za-z0-9-]*)_([\w.-]+)")


@dataclass(frozen=True)
class Term:
    """A term as its system states it; identifiers are CURIEs, or IRIs that have none.

    ``synonyms`` are pairs of a scope and a text, ``matches`` of a SKOS match's name and an
    identifier.
    """

    identifier: str
    place: str
    label: str | None = None
    parents: frozenset[str] = frozenset()
    synonyms: frozenset[tuple[str, str]] = frozenset()
    references: frozenset[str] = frozenset()
    alternatives: frozenset[str] = frozenset()
    matches: frozenset[tuple[str, str]] = frozenset()
    replaced_by: frozenset[str] = frozenset()
    is_obsolete: bool = False


@dataclass(frozen=True)
class TermWriter:
    """Writes terms as records of an import; only diseases are aligned with histologies."""

    name: str
    terms: Terms
    class_name: str = "ExternalTerm"

    def record(self, term: Term) -> Record:
        """Return the record of a term."""
        draft = self.draft(term.identifier, term.place, term.label)
        for parent in sorted(term.parents):
            draft.link("broaderTerm", self.iri(parent))
        for scope, text in sorted(term.synonyms):
            draft.text(f"{OBO_IN_OWL}has{scope.title()}Synonym", text)
        for other in sorted(term.alternatives):
            draft.text(f"{OBO_IN_OWL}hasAlternativeId", other)
        for reference in sorted(term.references):
            self.refer(draft, reference)
        for match, other in sorted(term.matches):
            self.refer(draft.link(f"{_SKOS}{match}", expand(other)), other)
        for other in sorted(term.replaced_by):
            draft.link(REPLACED_BY, self.iri(other))
        if term.is_obsolete:
            draft.typed(_DEPRECATED, "true", "boolean")
        return self.finish(draft, term)

    def draft(self, identifier: str, place: str, label: str | None) -> Draft:
        """Return the beginning of the triples of a term."""
        return (
            Draft(self.iri(identifier))
            .of(self.class_name)
            .labelled(label)
            .text("recordId", identifier)
            .text("recordPlace", place)
            .text("externalIdentifier", None if "://" in identifier else identifier)
            .link("importedFrom", import_graph(self.name))
            .link("registeredAs", identifier if "://" in identifier else expand(identifier))
        )

    def refer(self, draft: Draft, reference: str) -> None:
        """State a cross-reference as a CURIE, and as a link where its system is known."""
        known = standardise(reference)
        draft.text(f"{OBO_IN_OWL}hasDbXref", known or reference)
        draft.link(_SEE_ALSO, expand(known) if known else None)

    def finish(self, draft: Draft, term: Term) -> Record:
        """Return the record, with what the term is in this graph by its identifier alone."""
        match = self.terms.find(Kind.HISTOLOGY, identifiers=[term.identifier])
        if match:
            draft.link(f"{_SKOS}exactMatch", match.iri).text("matchedBy", match.by.value)
        is_named = match is None and self.class_name == "ExternalDisease"
        unmatched = Unmatched("disease", term.label or "", term.identifier)
        return Record(
            id=term.identifier,
            place=term.place,
            triples=tuple(dict.fromkeys(draft.triples)),
            unmatched=(unmatched,) if is_named else (),
            refers=frozenset([match.iri] if match else ()),
        )

    def iri(self, identifier: str) -> str:
        """Return the IRI of a term of this import: OncoTree's codes stand for themselves."""
        own = identifier.removeprefix(f"{self.name.upper()}:")
        return imported_iri(self.name, own.replace(":", "_", 1) if "://" not in own else own)


def read_identifier(iri: str) -> str:
    """Return the CURIE of a term's IRI, by the pattern of OBO where its system is not known.

    >>> read_identifier("http://purl.obolibrary.org/obo/DOID_1115")
    'DOID:1115'
    >>> read_identifier("http://purl.obolibrary.org/obo/XYZ_0000001")
    'XYZ:0000001'
    >>> read_identifier("https://example.org/thing")
    'https://example.org/thing'
    """
    found = _OBO_IRI.fullmatch(iri)
    return compress(iri) or (f"{found[1]}:{found[2]}" if found else iri)
