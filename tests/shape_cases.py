"""Cases of shapes and checks: edits of valid records that a rule refuses.

A case copies a valid record, nested records included, under a name of its own, and edits the
copy, so that many cases fit into one graph. Under ``fixtures/shapes``:

- ``refused/<shape file>.yaml``: ``breaks`` names the one shape and component that the edit hits;
- ``checks/<check>.yaml``: edits that the check finds (``refused``) and passes (``accepted``).

``of`` is the record to edit; ``remove`` lists predicates; ``set`` and ``add`` are predicates and
objects in Turtle, the former in place of what is there; ``rename`` changes the IRI, ``copy``
repeats a nested record under another one, ``extra`` adds statements that are not renamed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse
from shape_records import (
    BASE,
    FIXTURES,
    ONTOLOGY,
    OWL,
    RDF,
    RDFS,
    SH,
    instances,
    pairs,
    read_shape_files,
    text,
    valid_graph,
)

__all__ = ["Case", "CheckCase", "read_cases", "read_check_cases"]

_PREFIXES = {
    "": ONTOLOGY,
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "graph": "https://w3id.org/sarcoma-kg/graph/",
    "owl": OWL,
    "rdf": RDF,
    "rdfs": RDFS,
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_PARTS = "arm|intervention|outcome|criterion|stopping-rule|site|result|statement"


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


@cache
def read_cases() -> tuple[Case, ...]:
    """Return the cases of all shapes, in the order of files and lines."""
    files = sorted((FIXTURES / "refused").glob("*.yaml"))
    written = [(file.stem, entry) for file in files for entry in _entries(file)]
    return tuple(_case(number, *entry) for number, entry in enumerate(written))


@cache
def read_check_cases() -> Mapping[str, tuple[CheckCase, ...]]:
    """Return the cases of each check by its name."""
    files = sorted((FIXTURES / "checks").glob("*.yaml"))
    return {file.stem: tuple(_check_cases(file)) for file in files}


def _entries(file: Path) -> Iterator[Mapping[str, Any]]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    for entry in content["cases"]:
        of = entry.get("of", content.get("of"))
        for owner in (of,) if of else _sharing(entry["breaks"].split()[0]):
            yield {**entry, "of": owner}


def _sharing(shape: str) -> tuple[str, ...]:
    """Return a record of each class that a shape of keys-shared.ttl is linked from."""
    shapes = [triple for file in read_shape_files().values() for triple in file]
    linked = pairs(shapes, f"{SH}property")
    owners = {owner for owner, link in linked if link == f"{BASE}shape/{shape}"}
    targets = pairs(shapes, f"{SH}targetClass")
    first = (instances(target)[0] for owner, target in targets if owner in owners)
    return tuple(sorted(iri.removeprefix(BASE).replace("/", ":", 1) for iri in first))


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
        triples |= {_renamed(t, one, other) for t in triples if text(t.subject) == one}
    if "rename" in entry:
        triples = {_renamed(triple, focus, _iri(entry["rename"])) for triple in triples}
    copied = {_renamed(triple, root, f"{root}-case-{number}") for triple in triples}
    return tuple(sorted(copied, key=str))


def _edited(triples: set[Triple], focus: str, entry: Mapping[str, Any]) -> set[Triple]:
    put, added = (_stated(focus, entry.get(key, "")) for key in ("set", "add"))
    gone = {triple.predicate for triple in put}
    gone |= {NamedNode(_iri(key)) for key in entry.get("remove", "").split()}
    kept = {t for t in triples if text(t.subject) != focus or t.predicate not in gone}
    return {*kept, *put, *added}


def _stated(focus: str, said: str) -> set[Triple]:
    return _turtle(f"<{focus}> {said} .") if said else set()


def _turtle(statements: str) -> set[Triple]:
    return {quad.triple for quad in parse((_head() + statements).encode(), RdfFormat.TURTLE)}


@cache
def _head() -> str:
    kinds = {iri.removeprefix(BASE).partition("/")[0] for iri in _records()}
    prefixes = {**{kind: f"{BASE}{kind}/" for kind in kinds if kind[:4] != "http"}, **_PREFIXES}
    written = (f"@prefix {name}: <{iri}> ." for name, iri in prefixes.items())
    return "\n".join([f"@base <{BASE}> .", *written, ""])


@cache
def _records() -> Mapping[str, tuple[Triple, ...]]:
    """Return the statements on each record and what is nested in it."""
    records = defaultdict(list)
    for triple in valid_graph():
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
