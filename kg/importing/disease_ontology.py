"""The Disease Ontology: its OBO, OBO Graphs and OWL forms give the same terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.importing.external_term import Term, TermWriter
from kg.importing.obo_graphs import find_graphs_version, read_obo_graphs
from kg.importing.obo_text import find_obo_version, read_obo
from kg.importing.ontology_owl import find_owl_version, read_owl
from kg.importing.rdf_checking import RDF_ENDINGS
from kg.importing.record import Item, Reject, RejectRule
from kg.importing.terms import Terms

__all__ = ["NAME", "find_version", "read", "read_terms"]

NAME = "disease-ontology"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_OURS = "DOID:"


def find_version(files: Sequence[Path]) -> str | None:
    """Return the date of the release that the files state, or None where none does."""
    for file in files:
        try:
            found = _DATE.search(_stated_version(file) or "")
        except (OSError, ValueError, SyntaxError):
            found = None
        if found:
            return found[0]
    return None


def read(files: Sequence[Path], terms: Terms) -> Iterator[Item]:
    """Yield the diseases of files of any of the forms; of other ontologies' terms, none."""
    writer = TermWriter(NAME, terms, "ExternalDisease")
    for file in files:
        for each in read_terms(file):
            if isinstance(each, Reject):
                yield each
            elif each.identifier.startswith(_OURS):
                yield writer.record(each)
            else:
                message = "it is no disease of this ontology, but of one that it refers to"
                yield Reject(each.place, RejectRule.NOT_WANTED, message, each.identifier)


def read_terms(file: Path) -> Iterator[Term | Reject]:
    """Yield the terms of an ontology's file by the end of its name."""
    ending = file.suffix.lower()
    if ending == ".obo":
        return read_obo(file)
    if ending == ".json":
        return read_obo_graphs(file)
    if ending in RDF_ENDINGS:
        return read_owl(file, RDF_ENDINGS[ending])
    message = "the name says no form of the ontology; it may end in .obo, .json or .owl"
    return iter([Reject(file.name, RejectRule.WRONG_SCHEMA, message)])


def _stated_version(file: Path) -> str | None:
    ending = file.suffix.lower()
    if ending == ".obo":
        return find_obo_version(file)
    if ending == ".json":
        return find_graphs_version(file)
    return find_owl_version(file, RDF_ENDINGS[ending]) if ending in RDF_ENDINGS else None
