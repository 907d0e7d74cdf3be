"""The terms of an ontology in OWL, from any format of RDF."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.formats import GraphFormat
from kg.importing.external_term import OBO_IN_OWL, REPLACED_BY, SCOPES, Term, read_identifier
from kg.importing.rdf_checking import check_rdf, read_rdf
from kg.importing.record import Reject, RejectRule

__all__ = ["find_owl_version", "read_owl"]

_OWL = "http://www.w3.org/2002/07/owl#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_WANTED = frozenset(
    {
        f"{_RDFS}label",
        f"{_RDFS}subClassOf",
        f"{_OWL}deprecated",
        REPLACED_BY,
        *(f"{OBO_IN_OWL}{name}" for name in ("hasDbXref", "hasAlternativeId")),
        *(f"{OBO_IN_OWL}has{scope.title()}Synonym" for scope in SCOPES),
        *(f"{_SKOS}{kind}Match" for kind in ("exact", "close", "narrow", "broad", "related")),
    }
)
_UNNAMED = (BlankNode, Triple)
_Values = Mapping[str, set[str]]


def find_owl_version(file: Path, form: GraphFormat) -> str | None:
    """Return the version IRI, or else the version info, of the ontology in a file, or None.

    A file that `check_rdf` refuses states none: it may hold entities that fill the memory.
    """
    if check_rdf(file, form):
        return None
    info = None
    for quad in read_rdf(file, form):
        if quad.predicate.value == f"{_OWL}versionIRI":
            return quad.object.value if isinstance(quad.object, NamedNode) else None
        if quad.predicate.value == f"{_OWL}versionInfo" and isinstance(quad.object, Literal):
            info = info or quad.object.value
    return info


def read_owl(file: Path, form: GraphFormat) -> Iterator[Term | Reject]:
    """Yield the named classes of an ontology, whose statements are held in memory meanwhile.

    Superclasses that are expressions are left to the import of the file as it is.
    """
    problem = check_rdf(file, form)
    if problem:
        yield problem
        return
    classes: dict[str, dict[str, set[str]]] = {}
    stated: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    is_ontology = False
    for quad in read_rdf(file, form):
        subject, name, value = quad.subject, quad.predicate.value, quad.object
        if name == _TYPE and isinstance(value, NamedNode):
            is_ontology |= value.value == f"{_OWL}Ontology"
            if value.value == f"{_OWL}Class" and isinstance(subject, NamedNode):
                classes.setdefault(subject.value, stated[subject.value])
        elif name in _WANTED and isinstance(subject, NamedNode) and not isinstance(value, _UNNAMED):
            stated[subject.value][name].add(value.value)
    if not is_ontology:
        message = "the file declares no owl:Ontology; give the OWL form of the ontology"
        yield Reject(file.name, RejectRule.WRONG_SCHEMA, message)
        return
    for iri, values in classes.items():
        yield _term(iri, values, f"{file.name}#{iri}")


def _term(iri: str, values: _Values, place: str) -> Term:
    labels = values.get(f"{_RDFS}label", ())
    return Term(
        identifier=read_identifier(iri),
        place=place,
        label=min(labels, default=None),
        parents=frozenset(map(read_identifier, values.get(f"{_RDFS}subClassOf", ()))),
        synonyms=frozenset(_synonyms(values)),
        references=frozenset(values.get(f"{OBO_IN_OWL}hasDbXref", ())),
        alternatives=frozenset(values.get(f"{OBO_IN_OWL}hasAlternativeId", ())),
        matches=frozenset(_matches(values)),
        replaced_by=frozenset(map(read_identifier, values.get(REPLACED_BY, ()))),
        is_obsolete="true" in values.get(f"{_OWL}deprecated", ()),
    )


def _synonyms(values: _Values) -> Iterator[tuple[str, str]]:
    for scope in SCOPES:
        for text in values.get(f"{OBO_IN_OWL}has{scope.title()}Synonym", ()):
            yield scope, text


def _matches(values: _Values) -> Iterator[tuple[str, str]]:
    for name, found in values.items():
        if name.startswith(_SKOS):
            for value in found:
                yield name.removeprefix(_SKOS), read_identifier(value)
