"""What a graph has recorded of documents: every node with a passage, and all that it states."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.claims import ONTOLOGY, read_claims
from kg.passages import Passage, Range

__all__ = ["Omission", "Recorded", "read_omissions", "read_recorded"]

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
OMISSION = ONTOLOGY + "Omission"
REFERENCE = ONTOLOGY + "DocumentReference"
REFERRED = re.compile(
    r"https://w3id\.org/sarcoma-kg/"
    r"(?:study|trial|regimen|drug|target|family|biomarker|pathway)/"
)
PLACING = frozenset(
    ONTOLOGY + name for name in ("order", "start", "end", "sha256", "citationNumber")
)

Objects = dict[str, list[NamedNode | Literal]]


@dataclass(frozen=True)
class Recorded:
    """A claim, a study or an entry of a bibliography, where it was read, and its literals.

    ``values`` holds those of the node, of what is nested in it, and of what it refers to, such as
    the arm of a result and the arm's doses.
    """

    iri: str
    passage: Passage
    values: frozenset[str]
    is_reference: bool = False


@dataclass(frozen=True)
class Omission:
    """A stretch of a document from which nothing was recorded, and why.

    ``reason`` is the local name of a term of ``OmissionReason``; ``duplicates`` is the stretch
    that says the same.
    """

    iri: str
    passage: Passage
    reason: str
    explanation: str | None = None
    duplicates: Range | None = None


def read_recorded(statements: Iterable[Triple | Quad]) -> tuple[Recorded, ...]:
    """Return every node with a passage that is no omission, in the order of the IRIs."""
    kept = tuple(statements)
    nodes = _by_subject(kept)
    trees = _trees(nodes)
    return tuple(
        Recorded(
            claim.iri,
            claim.passage,
            frozenset(_values(nodes, trees, claim.iri)),
            REFERENCE in _named(nodes[claim.iri], RDF_TYPE),
        )
        for claim in read_claims(kept)
        if OMISSION not in _named(nodes[claim.iri], RDF_TYPE)
    )


def read_omissions(statements: Iterable[Triple | Quad]) -> tuple[Omission, ...]:
    """Return the omissions that have a passage, in the order of the IRIs."""
    kept = tuple(statements)
    nodes = _by_subject(kept)
    return tuple(
        _omission(nodes, claim.iri, claim.passage)
        for claim in read_claims(kept)
        if OMISSION in _named(nodes[claim.iri], RDF_TYPE)
    )


def _by_subject(statements: Iterable[Triple | Quad]) -> Mapping[str, Objects]:
    nodes: defaultdict[str, Objects] = defaultdict(lambda: defaultdict(list))
    for one in statements:
        if isinstance(one.subject, NamedNode) and isinstance(one.object, NamedNode | Literal):
            nodes[one.subject.value][one.predicate.value].append(one.object)
    return nodes


def _trees(nodes: Mapping[str, Objects]) -> Mapping[str, list[str]]:
    """Return each node with what is nested in it, down to nodes with a passage of their own."""
    trees: defaultdict[str, list[str]] = defaultdict(list)
    for iri in nodes:
        holder = iri
        trees[holder].append(iri)
        while ONTOLOGY + "passage" not in nodes.get(holder, {}) and holder.count("/") > 5:
            holder = holder.rpartition("/")[0]
            trees[holder].append(iri)
    return trees


def _values(
    nodes: Mapping[str, Objects], trees: Mapping[str, list[str]], iri: str
) -> Iterator[str]:
    own = trees[iri]
    named = {each for node in own for key in nodes[node] for each in _named(nodes[node], key)}
    others = (nested for each in named if REFERRED.match(each) for nested in trees.get(each, ()))
    for node in {*own, *others}:
        for key, objects in nodes[node].items():
            if key not in PLACING:
                yield from (one.value for one in objects if isinstance(one, Literal))


def _named(properties: Objects, predicate: str) -> Iterator[str]:
    return (one.value for one in properties.get(predicate, ()) if isinstance(one, NamedNode))


def _omission(nodes: Mapping[str, Objects], iri: str, passage: Passage) -> Omission:
    properties = nodes[iri]
    reasons = sorted(_named(properties, ONTOLOGY + "omissionReason"))
    explanations = [one.value for one in properties.get(ONTOLOGY + "explanation", ())]
    stretches = sorted(_named(properties, ONTOLOGY + "duplicates"))
    return Omission(
        iri,
        passage,
        reasons[0].removeprefix(ONTOLOGY) if reasons else "",
        min(explanations, default=None),
        _range(nodes.get(stretches[0], {})) if stretches else None,
    )


def _range(properties: Objects) -> Range:
    start, end = (
        next((int(one.value) for one in properties.get(ONTOLOGY + name, ())), -1)
        for name in ("start", "end")
    )
    return Range(start, end)
