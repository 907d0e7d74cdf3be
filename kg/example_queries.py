"""Example queries: SHACL executables in a graph of their own, as the SIB's endpoints have them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from kg.sources import graph_iri
from kg.terms import term

__all__ = [
    "EXAMPLES",
    "NEEDS_NETWORK",
    "Example",
    "examples_with",
    "read_examples",
    "target_examples",
]

EXAMPLES = graph_iri("examples")
"""The named graph of the example queries."""

NEEDS_NETWORK = "needs the network"
"""The keyword of examples that ask other endpoints, which spex:federatesWith names."""

_FORMS = ("sh:select", "sh:ask", "sh:construct", "spex:describe")


@dataclass(frozen=True, order=True)
class Example:
    """A question in English, its keywords, and the query that answers it."""

    iri: str
    question: str
    keywords: tuple[str, ...]
    query: str


def read_examples(triples: Iterable[Triple]) -> tuple[Example, ...]:
    """Return the examples that triples describe, in the order of their IRIs.

    What has no query or no question is left out: a user may have begun to describe it.
    """
    return tuple(sorted(_read(triples)))


def examples_with(triples: Iterable[Triple], keywords: Collection[str]) -> tuple[Triple, ...]:
    """Return the triples about the examples that have one of some keywords."""
    given = tuple(triples)
    words = {Literal(keyword) for keyword in keywords}
    kept = {
        each.subject
        for each in given
        if each.predicate == term("schema:keywords") and each.object in words
    }
    return tuple(each for each in given if each.subject in kept)


def target_examples(triples: Iterable[Triple], endpoint: str) -> tuple[Triple, ...]:
    """Return the triples, and for each example the endpoint that answers it (schema:target)."""
    given = tuple(triples)
    executable, target = term("sh:SPARQLExecutable"), NamedNode(endpoint)
    found = {each.subject for each in given if each.object == executable}
    return (*given, *(Triple(subject, term("schema:target"), target) for subject in found))


def _read(triples: Iterable[Triple]) -> Iterator[Example]:
    for iri, stated in _by_subject(triples).items():
        queries = [text for form in _FORMS for text in stated.get(term(form).value, ())]
        questions = stated.get(term("rdfs:comment").value, ())
        keywords = stated.get(term("schema:keywords").value, ())
        if queries and questions:
            yield Example(iri, min(questions), tuple(sorted(keywords)), min(queries).strip())


def _by_subject(triples: Iterable[Triple]) -> Mapping[str, Mapping[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for each in triples:
        if isinstance(each.subject, NamedNode) and isinstance(each.object, Literal):
            found[each.subject.value][each.predicate.value].append(each.object.value)
    return found
