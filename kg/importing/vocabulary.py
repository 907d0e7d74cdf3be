"""What imports may say in the terms of our ontology, and what of it shapes must know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from kg.importing.statement import ONTOLOGY
from kg.turtle import read_turtle

__all__ = ["Vocabulary", "read_vocabulary"]

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SUBCLASS = f"{_RDFS}subClassOf"
_DOMAIN = f"{_RDFS}domain"
_IMPORTED_RECORD = f"{ONTOLOGY}ImportedRecord"


@dataclass(frozen=True)
class Vocabulary:
    """The terms of the ontology: which of them imports use, and the types of its individuals.

    ``axioms`` are the subclass axioms between named classes, which ``sh:class`` follows.
    """

    known: frozenset[str]
    classes: frozenset[str]
    foreign_properties: Mapping[str, str]
    types: Mapping[str, tuple[str, ...]]
    axioms: tuple[Triple, ...]

    def find_fault(self, triple: Triple) -> str | None:
        """Return why a statement must not stand in an import, or None.

        What is ours alone to say is: what the source documents claim, and what our terms mean.
        """
        property_, subject = triple.predicate.value, str(triple.subject)[1:-1]
        if property_ == _RDF_TYPE and isinstance(triple.object, NamedNode):
            return self._fault_of_class(triple.object.value)
        if property_ in self.foreign_properties:
            owner = _short(self.foreign_properties[property_])
            return f"{_short(property_)} is said of a curated {owner} only, never by an import"
        if property_.startswith(ONTOLOGY) and property_ not in self.known:
            return f"the ontology has no property {_short(property_)}"
        if subject.startswith(ONTOLOGY):
            return f"{_short(subject)} is a term of our ontology, which no import describes"
        return None

    def _fault_of_class(self, iri: str) -> str | None:
        if not iri.startswith(ONTOLOGY) or iri in self.classes:
            return None
        if iri not in self.known:
            return f"the ontology has no class {_short(iri)}"
        return f"{_short(iri)} is a class of curated things; an imported one is an ImportedRecord"


def read_vocabulary(ontology: Path) -> Vocabulary:
    """Return the terms of the ontology file; raises Refused where it is not Turtle."""
    triples = read_turtle(ontology, shown_as=f"ontology/{ontology.name}")
    wider, types, domains = defaultdict(set), defaultdict(list), {}
    for subject, name, value in _links(triples):
        if name == _SUBCLASS:
            wider[subject].add(value)
        elif name == _RDF_TYPE:
            types[subject].append(value)
        elif name == _DOMAIN:
            domains[subject] = value
    classes = frozenset(_narrower(wider, _IMPORTED_RECORD))
    foreign = {
        name: domain
        for name, domain in domains.items()
        if domain.startswith(ONTOLOGY) and domain not in classes
    }
    axioms = (t for t in triples if t.predicate.value == _SUBCLASS)
    named = tuple(t for t in axioms if isinstance(t.object, NamedNode))
    individuals = {iri: tuple(of) for iri, of in types.items() if iri.startswith(ONTOLOGY)}
    return Vocabulary(frozenset(types), classes, foreign, individuals, named)


def _links(triples: Iterable[Triple]) -> Iterator[tuple[str, str, str]]:
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            yield triple.subject.value, triple.predicate.value, triple.object.value


def _narrower(wider: Mapping[str, set[str]], root: str) -> set[str]:
    """Return a class and all that are narrower."""
    found, size = {root}, 0
    while size != len(found):
        size = len(found)
        found |= {narrow for narrow, wide in wider.items() if wide & found}
    return found


def _short(iri: str) -> str:
    """Return an IRI of ours without its namespace.

    >>> _short("https://w3id.org/sarcoma-kg/ontology/Drug")
    ':Drug'
    """
    return f":{iri.removeprefix(ONTOLOGY)}" if iri.startswith(ONTOLOGY) else iri
