"""For tests: the tumour tree as plain values, and the histologies that a text names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.shipped import find_shipped

FILE = find_shipped().ontology / "histology.ttl"
OURS = "https://w3id.org/sarcoma-kg/"
HISTOLOGY = f"{OURS}histology/"
TUMOUR = f"{OURS}ontology/Tumour"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SUPERCLASS = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
PUN = {f"{OWL}Class", f"{OWL}NamedIndividual", f"{OURS}ontology/Histology"}

Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Tree:
    """What a Turtle text says of each histology, by its slug and the predicate."""

    terms: Mapping[str, Values]

    def values(self, slug: str, predicate: str) -> tuple[str, ...]:
        return self.terms[slug].get(predicate, ())

    def names(self, slug: str) -> tuple[str, ...]:
        return self.values(slug, LABEL) + self.values(slug, f"{SKOS}altLabel")

    def parents(self, slug: str) -> set[str]:
        return {slug_of(iri) for iri in self.values(slug, SUPERCLASS)}

    def above(self, slug: str) -> set[str]:
        found: set[str] = set()
        new = self.parents(slug)
        while new:
            found |= new
            new = {wider for one in new if one in self.terms for wider in self.parents(one)} - found
        return found

    def by_code(self) -> dict[str, list[str]]:
        terms: dict[str, list[str]] = {}
        for slug in self.terms:
            for code in self.values(slug, f"{OURS}ontology/oncotreeCode"):
                terms.setdefault(code, []).append(slug)
        return terms


def slug_of(iri: str) -> str:
    return iri.removeprefix(HISTOLOGY)


def read(turtle: str) -> Tree:
    terms: dict[str, dict[str, tuple[str, ...]]] = {}
    for quad in parse(turtle, format=RdfFormat.TURTLE):
        subject, predicate, value = quad.subject, quad.predicate.value, quad.object
        assert isinstance(subject, NamedNode), "the tree needs no blank node"
        assert isinstance(value, NamedNode | Literal)
        if subject.value.startswith(HISTOLOGY):
            values = terms.setdefault(slug_of(subject.value), {})
            values[predicate] = (*values.get(predicate, ()), value.value)
    return Tree(terms)


def plain(text: str) -> str:
    """Return the text in one line, broken words mended, without a group named after a tumour."""
    mended = re.sub(r"(?<=[a-z])-\n+(?=[a-z])", "", text)
    words = " ".join(mended.replace("-", " ").split())
    return words.replace("Soft Tissue and Bone Sarcoma Group", "")


def found_in(text: str, tree: Tree) -> set[str]:
    """Return the terms that a text names, a longer name hiding the shorter ones in it."""
    terms = {plain(name): slug for slug in tree.terms for name in tree.names(slug)}
    names = sorted(terms, key=len, reverse=True)
    pattern = "|".join(f"({as_pattern(name)})" for name in names)
    found = re.finditer(rf"(?<!\w)(?:{pattern})(?![A-Za-z])", plain(text))
    return {terms[names[match.lastindex - 1]] for match in found if match.lastindex}


def as_pattern(name: str) -> str:
    """Return a pattern of a name in the singular or plural; acronyms keep their capitals."""
    words = "s? ".join(map(re.escape, name.split())) + "s?"
    return words if name.isupper() else f"(?i:{words})"
