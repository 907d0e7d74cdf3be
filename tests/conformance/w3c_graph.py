"""A read-only RDF graph in memory, with the lists and literals of a manifest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

__all__ = ["Graph", "Spo", "Term", "plain", "read_triples", "text_of"]

Term = NamedNode | BlankNode | Literal
Spo = tuple[Term, Term, Term]

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_NIL = NamedNode(_RDF + "nil")


def read_triples(path: Path, base: str) -> Iterator[Spo]:
    """Yield the triples of a Turtle, N-Triples or RDF/XML file, with literals as written."""
    rdf_format = RdfFormat.from_extension(path.suffix.removeprefix("."))
    assert rdf_format is not None, path
    for quad in parse(path=path, format=rdf_format, base_iri=base):
        yield plain(quad.subject), quad.predicate, plain(quad.object)


class Graph:
    """Triples, asked by subject and predicate; the predicates are given as IRIs."""

    def __init__(self, triples: Iterable[Spo]) -> None:
        self._objects: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, term in triples:
            assert isinstance(predicate, NamedNode)
            self._objects[subject][predicate.value].append(term)

    def __iter__(self) -> Iterator[Spo]:
        for subject, predicates in self._objects.items():
            for predicate, terms in predicates.items():
                for term in terms:
                    yield subject, NamedNode(predicate), term

    def objects(self, subject: Term, predicate: str) -> list[Term]:
        """Return the objects of a subject, in the order of the file."""
        return list(self._objects.get(subject, {}).get(predicate, ()))

    def find(self, subject: Term, predicate: str) -> Term | None:
        """Return the only object, or None."""
        found = self.objects(subject, predicate)
        assert len(found) < 2, (subject, predicate)
        return found[0] if found else None

    def find_text(self, subject: Term, predicate: str) -> str | None:
        """Return the text of the only object, IRI or literal, or None."""
        found = self.find(subject, predicate)
        return None if found is None else text_of(found)

    def instances(self, kind: str) -> list[Term]:
        """Return the subjects of a class."""
        wanted = NamedNode(kind)
        return [each for each in self._objects if wanted in self.objects(each, _RDF + "type")]

    def members(self, head: Term | None) -> list[Term]:
        """Return the members of an RDF list; None stands for no list."""
        members: list[Term] = []
        while head is not None and head != _NIL:
            members.extend(self.objects(head, _RDF + "first"))
            head = self.find(head, _RDF + "rest")
        return members


def text_of(term: Term) -> str:
    """Return the IRI, label or lexical form of a term."""
    return term.value


def plain(term: NamedNode | BlankNode | Literal | Triple) -> Term:
    """Return the term; no suite of SPARQL 1.1 holds a quoted triple."""
    assert not isinstance(term, Triple)
    return term
