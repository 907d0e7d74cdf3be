"""What a record names: things of this graph where they are matched, else terms of the import."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from kg.importing.record import Record, Unmatched
from kg.importing.statement import Draft, import_graph, imported_iri
from kg.importing.terms import Kind, Match, Terms
from kg.prefixes import expand

__all__ = ["Names", "Notes"]

_ALT_LABEL = "http://www.w3.org/2004/02/skos/core#altLabel"
_CURIE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*:[^\s:]\S*")
_CLASSES: Mapping[Kind, tuple[str, str]] = MappingProxyType(
    {
        Kind.DRUG: ("ExternalDrug", "drug"),
        Kind.TARGET: ("ExternalTarget", "target"),
        Kind.HISTOLOGY: ("ExternalDisease", "disease"),
    }
)


@dataclass
class Names:
    """The names that an import has given each of its terms; the first one is the label.

    >>> names = Names()
    >>> names.label("MESH:C1", "c-Kit"), names.label("MESH:C1", "KIT")
    (('c-Kit', None), ('c-Kit', 'KIT'))
    """

    _first: dict[str, str] = field(default_factory=dict)

    def label(self, term: str, name: str) -> tuple[str, str | None]:
        """Return the label of a term, and its name where that is another one."""
        first = self._first.setdefault(term, name)
        return first, None if first == name else name


@dataclass
class Notes:
    """What is being noted down of one record of an import."""

    source: str
    terms: Terms
    names: Names
    id: str
    place: str
    drafts: list[Draft] = field(default_factory=list)
    matches: dict[Match, None] = field(default_factory=dict)
    unmatched: dict[Unmatched, None] = field(default_factory=dict)

    def about(self, class_name: str, *parts: str) -> Draft:
        """Return a draft of the record, or of a part of it, with its class and origin."""
        draft = Draft(imported_iri(self.source, *parts)).of(class_name)
        draft.link("importedFrom", import_graph(self.source)).text("recordId", self.id)
        self.drafts.append(draft)
        return draft

    def direct(self, subject: str, name: str, value: str) -> None:
        """State a link between two things that the record names."""
        self.drafts.append(Draft(subject).link(name, value))

    def find(self, kind: Kind, identifiers: Iterable[str], names: Iterable[str]) -> Match | None:
        """Return the one thing of this graph that is meant, and remember that it was."""
        match = self.terms.find(kind, identifiers=identifiers, names=names)
        if match:
            self.matches[match] = None
        return match

    def external(self, kind: Kind, name: str, code: str, said: str | None = None) -> str:
        """Describe a drug, a target or a disease that nothing is matched to; return its IRI."""
        class_name, word = _CLASSES[kind]
        self.unmatched[Unmatched(word, name, code if code != name else "")] = None
        return self.term(class_name, name, code, said)

    def term(self, class_name: str, name: str, code: str, said: str | None = None) -> str:
        """Describe a term of the import, and what sort the source says it is; return its IRI."""
        label, other = self.names.label(code, name)
        draft = Draft(imported_iri(self.source, "term", code)).of(class_name).labelled(label)
        draft.link("importedFrom", import_graph(self.source)).text("recordId", code)
        draft.text(_ALT_LABEL, other).text("termKind", said)
        if code != name and _CURIE.fullmatch(code):
            draft.text("externalIdentifier", code).link("registeredAs", expand(code))
        self.drafts.append(draft)
        return draft.iri

    def record(self) -> Record:
        """Return the record with everything that was noted, each statement once."""
        triples = dict.fromkeys(triple for draft in self.drafts for triple in draft.triples)
        refers = frozenset(match.iri for match in self.matches)
        return Record(self.id, self.place, tuple(triples), tuple(self.unmatched), refers)
