"""What a difference says of its subject: kind, label, and each property before and after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.catalogue import is_made
from kg.change import graph_name
from kg.difference import Change, SubjectDifference
from kg.difference_classes import Classes
from kg.namespaces import Namespaces

__all__ = ["UNKNOWN_KIND", "Difference", "Statement", "kind_of", "read_difference"]

UNKNOWN_KIND = "unknown"
"""The kind of what has no type."""

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_Shown = dict[str, str]


@dataclass(frozen=True)
class Statement:
    """A quad of a subject; ``value`` is its object as JSON values."""

    graph: str
    predicate: str
    value: _Shown


@dataclass(frozen=True)
class Difference:
    """A subject of which two snapshots say something else; ``curies`` shorten its properties."""

    subject: str
    curie: str
    kind: str
    label: str | None
    change: Change
    is_claim: bool
    removed: tuple[Statement, ...]
    added: tuple[Statement, ...]
    lines: SubjectDifference
    names: Namespaces

    def to_json(self) -> dict[str, Any]:
        """Return the difference as JSON values, ``change`` and ``kind`` first."""
        return {
            "change": self.change.value,
            "kind": self.kind,
            "id": self.curie,
            "iri": self.subject,
            **({"label": self.label} if self.label else {}),
            **({"isClaim": True} if self.is_claim else {}),
            "properties": [
                {
                    "property": _shorten(predicate, self.names),
                    "iri": predicate,
                    "graph": graph,
                    "before": _values(self.removed, predicate, graph),
                    "after": _values(self.added, predicate, graph),
                }
                for predicate, graph in self._places()
            ],
        }

    def _places(self) -> list[tuple[str, str]]:
        return sorted({(each.predicate, each.graph) for each in (*self.removed, *self.added)})


def read_difference(lines: SubjectDifference, names: Namespaces, classes: Classes) -> Difference:
    """Return what a difference says, IRIs shortened by ``names``."""
    removed, added, kept = _parse(lines.removed), _parse(lines.added), _parse(lines.kept)
    subject = _shown((*removed, *added)[0].subject)["iri"]
    kinds = (_kind(each, names, classes) for each in ((*added, *kept), removed))
    return Difference(
        subject=subject,
        curie=_shorten(subject, names),
        kind=next(filter(None, kinds), UNKNOWN_KIND),
        label=_label((*added, *kept)) or _label(removed),
        change=_change(lines, (*removed, *added)),
        is_claim=_is_claim((*removed, *added, *kept), names.ontology),
        removed=_statements(removed),
        added=_statements(added),
        lines=lines,
        names=names,
    )


def kind_of(iri: str, names: Namespaces) -> str:
    """Return the name of the kind that a class is: ours without a prefix.

    >>> kind_of("e:o/Drug", Namespaces({}, "e:o/"))
    'Drug'
    """
    return _shorten(iri, names).removeprefix("sarcoma:")


def _parse(lines: Iterable[bytes]) -> tuple[Quad, ...]:
    return tuple(parse(b"\n".join(lines), format=RdfFormat.N_QUADS))


def _change(lines: SubjectDifference, differing: Iterable[Quad]) -> Change:
    if lines.is_new:
        return Change.ADDED
    if lines.is_gone:
        return Change.REMOVED
    if all(is_made(graph_name(quad.graph_name)) for quad in differing):
        return Change.INFERRED
    return Change.CHANGED


def _kind(quads: Iterable[Quad], names: Namespaces, classes: Classes) -> str | None:
    """Return the narrowest type that is stated, else one that is inferred; ours before others."""
    types: dict[tuple[bool, bool], list[str]] = defaultdict(list)
    for quad in quads:
        if quad.predicate.value == _TYPE and isinstance(quad.object, NamedNode):
            is_other = not quad.object.value.startswith(names.ontology)
            types[is_made(graph_name(quad.graph_name)), is_other].append(quad.object.value)
    return kind_of(classes.narrowest(types[min(types)])[0], names) if types else None


def _label(quads: Iterable[Quad]) -> str | None:
    labels = [
        quad.object.value
        for quad in quads
        if quad.predicate.value == _LABEL and isinstance(quad.object, Literal)
    ]
    return min(labels, default=None)


def _is_claim(quads: Iterable[Quad], ontology: str) -> bool:
    """Tell whether the subject is a claim with a passage, as manifests count claims."""
    said = {(quad.predicate.value, str(quad.object)) for quad in quads}
    has_passage = any(predicate == f"{ontology}passage" for predicate, _ in said)
    return has_passage and (_TYPE, f"<{ontology}Claim>") in said


def _statements(quads: Iterable[Quad]) -> tuple[Statement, ...]:
    return tuple(
        Statement(graph_name(quad.graph_name), quad.predicate.value, _shown(quad.object))
        for quad in quads
    )


def _shown(term: object) -> _Shown:
    if isinstance(term, NamedNode):
        return {"iri": term.value}
    if not isinstance(term, Literal):
        return {"iri": str(term)}
    shown = {"value": term.value}
    if term.language:
        shown["language"] = term.language
    elif term.datatype.value != _STRING:
        shown["datatype"] = term.datatype.value
    return shown


def _values(statements: Iterable[Statement], predicate: str, graph: str) -> list[_Shown]:
    return [each.value for each in statements if (each.predicate, each.graph) == (predicate, graph)]


def _shorten(iri: str, names: Namespaces) -> str:
    curie = names.shorten(iri)
    return f"sarcoma{curie}" if curie.startswith(":") else curie
