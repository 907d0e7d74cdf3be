"""Fixtures of shapes and checks: valid records, and edits of them that a rule refuses.

``fixtures/shapes/valid/*.ttl`` together are one small graph without a fault. A case copies a
record of it, nested records included, under a name of its own, and edits the copy, so that many
cases fit into one graph:

- ``refused/<shape file>.yaml``: ``breaks`` names the one shape and component that the edit hits;
- ``checks/<check>.yaml``: edits that the check finds (``refused``) and passes (``accepted``).

``of`` is the record to edit; ``remove`` lists predicates; ``set`` and ``add`` are predicates and
objects in Turtle, the former in place of what is there; ``rename`` changes the IRI, ``copy``
repeats a nested record under another one, ``extra`` adds statements that are not renamed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg.gate import n_triples
from kg.shipped import find_shipped
from kg.turtle import read_turtle

__all__ = [
    "BASE",
    "SHAPES",
    "Case",
    "CheckCase",
    "instances",
    "narrower",
    "ontology",
    "read_cases",
    "read_check_cases",
    "read_shape_files",
    "stored",
    "valid_records",
]

BASE = "https://w3id.org/sarcoma-kg/"
SHAPES = find_shipped().shapes
_FIXTURES = Path(__file__).parent / "fixtures" / "shapes"
_PREFIXES = {
    "": f"{BASE}ontology/",
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_KINDS = (
    "adverse-event biomarker claim comorbidity document drug drug-class family histology "
    "jurisdiction organisation pathway procedure regimen study target trial"
).split()
_PARTS = "arm|intervention|outcome|criterion|stopping-rule|site|result|statement"
_TYPE = NamedNode(_PREFIXES["rdf"] + "type")


@dataclass(frozen=True)
class Case:
    """An edited copy of a valid record, and the rule that it must break."""

    file: str
    of: str
    shape: str
    component: str
    triples: tuple[Triple, ...]

    @property
    def subjects(self) -> frozenset[str]:
        """The nodes that the case describes, in N-Triples syntax."""
        return frozenset(str(triple.subject) for triple in self.triples)


@dataclass(frozen=True)
class CheckCase:
    """An edited copy of a valid record, and whether the check must find it."""

    name: str
    refused: bool
    graph: str
    triples: tuple[Triple, ...]
    extra: tuple[Triple, ...]

    @property
    def subjects(self) -> frozenset[str]:
        """The nodes that the case describes, in N-Triples syntax."""
        nameless = {str(t.subject) for t in self.extra if isinstance(t.subject, BlankNode)}
        return frozenset(str(triple.subject) for triple in self.triples) | nameless


def stored(*triples: Iterable[Triple]) -> bytes:
    """Return triples as N-Triples in the normal forms of the store, as the gate sees them."""
    store, graph = Store(), NamedNode(f"{BASE}graph/fixtures")
    store.extend(Quad(*triple, graph) for several in triples for triple in several)
    return n_triples(store)


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
def read_shape_files() -> Mapping[str, tuple[Triple, ...]]:
    """Return the triples of each shape file by its stem."""
    return {file.stem: read_turtle(file) for file in sorted(SHAPES.glob("*.ttl"))}


@cache
def read_cases() -> tuple[Case, ...]:
    """Return the cases of all shapes, in the order of files and lines."""
    files = sorted((_FIXTURES / "refused").glob("*.yaml"))
    written = [(file.stem, entry) for file in files for entry in _entries(file)]
    return tuple(_case(number, *entry) for number, entry in enumerate(written))


@cache
def read_check_cases() -> Mapping[str, tuple[CheckCase, ...]]:
    """Return the cases of each check by its name."""
    files = sorted((_FIXTURES / "checks").glob("*.yaml"))
    return {file.stem: tuple(_check_cases(file)) for file in files}


def narrower(kind: str) -> frozenset[str]:
    """Return the IRIs of a class of the ontology and of its subclasses."""
    wider = NamedNode(_PREFIXES["rdfs"] + "subClassOf")
    found = {kind}
    for _ in range(5):
        found |= {
            t.subject.value for t in ontology() if t.predicate == wider and t.object.value in found
        }
    return frozenset(found)


def instances(kind: str) -> tuple[str, ...]:
    """Return the IRIs of the valid records and terms of a class, subclasses included."""
    kinds = narrower(kind)
    typed = (t for t in _everything() if t.predicate == _TYPE and t.object.value in kinds)
    return tuple(sorted({triple.subject.value for triple in typed}))


def _entries(file: Path) -> Iterator[Mapping[str, Any]]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    for entry in content["cases"]:
        of = entry.get("of", content.get("of"))
        for owner in (of,) if of else _sharing(entry["breaks"].split()[0]):
            yield {**entry, "of": owner}


def _sharing(shape: str) -> tuple[str, ...]:
    """Return a record of each class that a shape of keys-shared.ttl is linked from."""
    triples = [triple for file in read_shape_files().values() for triple in file]
    link, target = (NamedNode(_PREFIXES["sh"] + name) for name in ("property", "targetClass"))
    shared = NamedNode(f"{BASE}shape/{shape}")
    owners = {t.subject for t in triples if t.predicate == link and t.object == shared}
    classes = sorted(
        t.object.value for t in triples if t.predicate == target and t.subject in owners
    )
    return tuple(instances(kind)[0].removeprefix(BASE).replace("/", ":", 1) for kind in classes)


def _check_cases(file: Path) -> Iterator[CheckCase]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    entries = [(entry, key) for key in ("refused", "accepted") for entry in content[key]]
    for number, (entry, key) in enumerate(entries):
        whole = {"of": content.get("of"), **entry}
        yield CheckCase(
            f"{key} {entry}",
            key == "refused",
            f"{BASE}graph/{content.get('graph', 'fixtures')}",
            _copy(number, whole),
            tuple(_turtle(entry.get("extra", ""))),
        )


def _case(number: int, file: str, entry: Mapping[str, Any]) -> Case:
    shape, component = entry["breaks"].split()
    return Case(file, _iri(entry["of"]), shape, component, _copy(number, entry))


def _copy(number: int, entry: Mapping[str, Any]) -> tuple[Triple, ...]:
    focus = _iri(entry["of"])
    root = _root(focus)
    triples = _edited(set(_records()[root]), focus, entry)
    if "copy" in entry:
        one, other = map(_iri, entry["copy"].split())
        triples |= {_renamed(t, one, other) for t in triples if t.subject.value == one}
    if "rename" in entry:
        triples = {_renamed(triple, focus, _iri(entry["rename"])) for triple in triples}
    copied = {_renamed(triple, root, f"{root}-case-{number}") for triple in triples}
    return tuple(sorted(copied, key=str))


def _edited(triples: set[Triple], focus: str, entry: Mapping[str, Any]) -> set[Triple]:
    put, added = (_stated(focus, entry.get(key, "")) for key in ("set", "add"))
    gone = {triple.predicate for triple in put}
    gone |= {NamedNode(_iri(key)) for key in entry.get("remove", "").split()}
    kept = {t for t in triples if t.subject.value != focus or t.predicate not in gone}
    return {*kept, *put, *added}


def _stated(focus: str, text: str) -> set[Triple]:
    return _turtle(f"<{focus}> {text} .") if text else set()


def _turtle(text: str) -> set[Triple]:
    kinds = {kind: f"{BASE}{kind}/" for kind in _KINDS}
    head = [f"@prefix {name}: <{iri}> ." for name, iri in {**_PREFIXES, **kinds}.items()]
    document = "\n".join([f"@base <{BASE}> .", *head, text])
    return {quad.triple for quad in parse(document.encode(), format=RdfFormat.TURTLE)}


@cache
def _everything() -> tuple[Triple, ...]:
    return (*valid_records(), *ontology())


@cache
def _records() -> Mapping[str, tuple[Triple, ...]]:
    """Return the statements on each record and what is nested in it."""
    records = defaultdict(list)
    for triple in _everything():
        if isinstance(triple.subject, NamedNode):
            for root in _roots(triple.subject.value):
                records[root].append(triple)
    return {root: tuple(triples) for root, triples in records.items()}


def _roots(iri: str) -> Iterator[str]:
    root = _root(iri)
    yield root
    if root.count("/") > BASE.count("/") + 1:
        yield root.rpartition("/")[0].rpartition("/")[0]


def _iri(curie: str) -> str:
    prefix, _, rest = curie.partition(":")
    return _PREFIXES.get(prefix, f"{BASE}{prefix}/") + rest


def _root(iri: str) -> str:
    """Return the IRI of the record with an id of its own that a node belongs to."""
    found = re.match(rf"{BASE}[^/]+/[^/]+(/({_PARTS})/[^/]+)?", iri)
    return found.group() if found else iri


def _is_in(iri: str, root: str) -> bool:
    return iri == root or iri.startswith(f"{root}/")


def _renamed(triple: Triple, old: str, new: str) -> Triple:
    subject, value = (_moved(term, old, new) for term in (triple.subject, triple.object))
    return Triple(subject, triple.predicate, value)


def _moved(term: Any, old: str, new: str) -> Any:
    if isinstance(term, NamedNode) and _is_in(term.value, old):
        return NamedNode(new + term.value.removeprefix(old))
    return term
