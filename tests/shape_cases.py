"""Fixtures of the shapes: records that obey every shape, and edits that break one rule each.

``fixtures/shapes/valid/*.ttl`` together are one small graph without a fault. Each case of
``fixtures/shapes/refused/<shape file>.yaml`` copies a record of it under a name of its own and
edits the copy, so that all cases fit into one graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from kg.shipped import find_shipped
from kg.turtle import read_turtle

__all__ = [
    "BASE",
    "RDF_TYPE",
    "SHAPES",
    "Case",
    "n_triples",
    "ontology",
    "read_cases",
    "read_shape_files",
    "valid_records",
]

BASE = "https://w3id.org/sarcoma-kg/"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
SHAPES = find_shipped().shapes
_FIXTURES = Path(__file__).parent / "fixtures" / "shapes"
_PARTS = "arm|intervention|outcome|criterion|stopping-rule|site|result|statement"
_OUTSIDE = {
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True)
class Case:
    """One edit of a valid record, and the rule that the result must break."""

    name: str
    shape: str
    component: str
    triples: tuple[Triple, ...]
    focus: frozenset[str]


def n_triples(triples: Iterable[Triple]) -> bytes:
    """Return triples as N-Triples."""
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


@cache
def ontology() -> tuple[Triple, ...]:
    """Return the triples of the ontology, without the tumour tree."""
    return read_turtle(find_shipped().ontology / "sarcoma.ttl")


@cache
def valid_records() -> tuple[Triple, ...]:
    """Return the triples of the valid records."""
    files = sorted((_FIXTURES / "valid").glob("*.ttl"))
    return tuple(triple for file in files for triple in read_turtle(file))


@cache
def _everything() -> tuple[Triple, ...]:
    return (*valid_records(), *ontology())


@cache
def read_shape_files() -> Mapping[str, tuple[Triple, ...]]:
    """Return the triples of each shape file by its stem."""
    return {file.stem: read_turtle(file) for file in sorted(SHAPES.glob("*.ttl"))}


@cache
def read_cases() -> tuple[Case, ...]:
    """Return every case, in the order of files and lines."""
    files = sorted((_FIXTURES / "refused").glob("*.yaml"))
    written = [entry for file in files for entry in _entries(file)]
    return tuple(_case(number, name, entry) for number, (name, entry) in enumerate(written))


def _entries(file: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    for entry in content["cases"]:
        for of in _owners(entry.get("of", content.get("of")), entry["breaks"]):
            yield f"{file.stem}: {entry['breaks']} ({of})", {**entry, "of": of}


def _owners(of: str | None, breaks: str) -> tuple[str, ...]:
    """Return the record to edit; a rule that classes share is tried on a record of each."""
    return (of,) if of else _sharing(breaks.split()[0])


def _sharing(shape: str) -> tuple[str, ...]:
    link = NamedNode("http://www.w3.org/ns/shacl#property")
    target = NamedNode("http://www.w3.org/ns/shacl#targetClass")
    triples = [triple for file in read_shape_files().values() for triple in file]
    shapes = {t.subject for t in triples if t.predicate == link and _local(t.object) == shape}
    classes = [t.object for t in triples if t.subject in shapes and t.predicate == target]
    return tuple(sorted(_instance(kind) for kind in classes))


def _instance(kind: Any) -> str:
    below = _narrower(kind)
    found = [
        t.subject.value
        for t in _everything()
        if t.predicate == RDF_TYPE and t.object in below
    ]
    return min(found).removeprefix(BASE).replace("/", ":", 1)


def _narrower(kind: Any) -> set[Any]:
    wider = NamedNode(_OUTSIDE["rdfs"] + "subClassOf")
    found = {kind}
    while more := {t.subject for t in ontology() if t.predicate == wider and t.object in found}:
        if more <= found:
            break
        found |= more
    return found


def _local(term: Any) -> str:
    return str(term.value).rpartition("/")[2]


def _case(number: int, name: str, entry: Mapping[str, Any]) -> Case:
    shape, component = entry["breaks"].split()
    focus = _iri(entry["of"])
    roots = (_root(focus), *(_root(_iri(other)) for other in entry.get("with", ())))
    triples = {t for t in _everything() if _within(t.subject.value, roots)}
    triples = _edited(triples, focus, entry)
    if "copy" in entry:
        one, twin = map(_iri, entry["copy"].split())
        triples |= {_renamed(t, one, twin) for t in triples if t.subject.value == one}
    if new := entry.get("rename"):
        triples = {_renamed(triple, focus, _iri(new)) for triple in triples}
    for root in roots:
        triples = {_renamed(triple, root, f"{root}-case-{number}") for triple in triples}
    subjects = frozenset(triple.subject.value for triple in triples)
    return Case(name, shape, component, tuple(sorted(triples, key=str)), subjects)


def _within(iri: str, roots: Iterable[str]) -> bool:
    return any(iri == root or iri.startswith(f"{root}/") for root in roots)


def _edited(triples: set[Triple], focus: str, entry: Mapping[str, Any]) -> set[Triple]:
    replaced = _turtle(focus, entry.get("set", ""))
    gone = {triple.predicate for triple in replaced}
    gone |= {NamedNode(_iri(key)) for key in entry.get("remove", "").split()}
    kept = {t for t in triples if t.subject.value != focus or t.predicate not in gone}
    return {*kept, *replaced, *_turtle(focus, entry.get("add", ""))}


def _turtle(focus: str, text: str) -> set[Triple]:
    if not text:
        return set()
    head = [f"@prefix {name}: <{iri}> ." for name, iri in _prefixes().items()]
    document = "\n".join([f"@base <{BASE}> .", *head, f"<{focus}> {text} ."])
    return {quad.triple for quad in parse(document.encode(), format=RdfFormat.TURTLE)}


@cache
def _prefixes() -> Mapping[str, str]:
    kinds = {t.subject.value.split("/")[4] for t in valid_records() if BASE in t.subject.value}
    return {"": f"{BASE}ontology/", **_OUTSIDE, **{kind: f"{BASE}{kind}/" for kind in kinds}}


def _iri(curie: str) -> str:
    prefix, _, rest = curie.partition(":")
    return _prefixes().get(prefix, f"{BASE}{prefix}/") + rest


def _root(iri: str) -> str:
    """Return the IRI of the record with an id that a place in it belongs to."""
    found = re.match(rf"{BASE}[^/]+/[^/]+(/({_PARTS})/[^/]+)?", iri)
    return found.group() if found else iri


def _renamed(triple: Triple, old: str, new: str) -> Triple:
    return Triple(
        _term(triple.subject, old, new), triple.predicate, _term(triple.object, old, new)
    )


def _term(term: Any, old: str, new: str) -> Any:
    if isinstance(term, NamedNode) and (term.value == old or term.value.startswith(f"{old}/")):
        return NamedNode(new + term.value.removeprefix(old))
    return term
