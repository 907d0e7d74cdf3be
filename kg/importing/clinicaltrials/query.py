"""What to ask the registry for: trials of the sarcomas of our tree, and of tumours near them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from pyoxigraph import Literal, NamedNode, Triple

from kg.shipped import find_shipped
from kg.turtle import read_turtle

__all__ = ["query_of", "sarcoma_query"]

_ROOTS = ("sarcoma", "intermediate-soft-tissue-tumour")
_HISTOLOGY = "https://w3id.org/sarcoma-kg/histology/"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"


@cache
def sarcoma_query() -> str:
    """Return the expression for ``query.cond``, from the labels of the shipped tumour tree."""
    triples = read_turtle(find_shipped().ontology / "histology.ttl")
    return query_of(_labels(triples))


def query_of(labels: Iterable[str]) -> str:
    """Return an expression that finds every label; one that has all words of another is left out.

    Tumours are spelt as tumors too, as the registry does.

    >>> query_of(["soft tissue sarcoma", "sarcoma", "sarcoma, NOS", "desmoid tumour"])
    '"desmoid tumor" OR "desmoid tumour" OR "sarcoma"'
    """
    every = {form for label in labels for form in (label, label.replace("tumour", "tumor"))}
    words = {label: frozenset(re.findall(r"[\w'-]+", label.lower())) for label in every}
    needed = [
        label
        for label, own in words.items()
        if not any(other < own for other in words.values()) and '"' not in label
    ]
    return " OR ".join(f'"{label}"' for label in sorted(needed))


def _labels(triples: Iterable[Triple]) -> Iterator[str]:
    labels: dict[str, str] = {}
    narrower = defaultdict(set)
    for triple in triples:
        if not isinstance(triple.subject, NamedNode):
            continue
        subject, value = triple.subject.value, triple.object
        if triple.predicate.value == f"{_RDFS}label" and isinstance(value, Literal):
            labels[subject] = value.value
        elif triple.predicate.value == f"{_RDFS}subClassOf" and isinstance(value, NamedNode):
            narrower[value.value].add(subject)
    found = {f"{_HISTOLOGY}{root}" for root in _ROOTS}
    waiting = [*found]
    while waiting:
        new = narrower[waiting.pop()] - found
        found |= new
        waiting += new
    return (labels[iri] for iri in sorted(found) if iri in labels)
