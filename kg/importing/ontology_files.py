"""Any ontology, data or mapping set that a user names: what a file is, its name and start say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import ijson  # type: ignore[import-untyped]

from kg.formats import GraphFormat
from kg.importing.disease_ontology import read_terms
from kg.importing.external_term import TermWriter
from kg.importing.obo_graphs import find_graphs_version
from kg.importing.obo_text import find_obo_version
from kg.importing.ontology_owl import find_owl_version
from kg.importing.rdf_checking import RDF_ENDINGS
from kg.importing.rdf_statements import read_statements
from kg.importing.record import Item, Reject, RejectRule
from kg.importing.sssom_import import find_sssom_version, read_sssom
from kg.importing.terms import Terms

__all__ = ["ENDINGS", "find_version", "read", "reader_of"]

ENDINGS = (".obo", ".sssom.tsv", ".tsv", *RDF_ENDINGS)
"""How the names of files that can be imported end."""

_JSON_LD_KEYS = frozenset({"@context", "@graph", "@id", "@type"})


def reader_of(name: str) -> Callable[[Sequence[Path], Terms], Iterator[Item]]:
    """Return the reader of an import that a user named."""
    return partial(read, name)


def read(name: str, files: Sequence[Path], terms: Terms) -> Iterator[Item]:
    """Yield what files hold: terms of OBO, mappings of SSSOM, statements of RDF as they are."""
    for file in files:
        yield from _read_file(name, file, terms)


def find_version(files: Sequence[Path]) -> str | None:
    """Return the first version that one of some files states, or None."""
    for file in files:
        try:
            found = _stated_version(file)
        except (OSError, ValueError, SyntaxError):
            continue
        if found:
            return found
    return None


def _read_file(name: str, file: Path, terms: Terms) -> Iterator[Item]:
    ending = file.suffix.lower()
    if ending == ".tsv":
        return read_sssom(name, file, terms)
    if ending == ".obo" or (ending == ".json" and _is_obo_graphs(file)):
        return _read_terms(name, file, terms)
    if ending in RDF_ENDINGS:
        return read_statements(name, file, RDF_ENDINGS[ending])
    message = f"the name says no format that is read; it may end in {', '.join(ENDINGS)}"
    return iter([Reject(file.name, RejectRule.WRONG_SCHEMA, message)])


def _read_terms(name: str, file: Path, terms: Terms) -> Iterator[Item]:
    writer = TermWriter(name, terms)
    for each in read_terms(file):
        yield each if isinstance(each, Reject) else writer.record(each)


def _is_obo_graphs(file: Path) -> bool:
    """Tell whether JSON is an object that has graphs, or has nothing of JSON-LD."""
    try:
        with file.open("rb") as content:
            for prefix, event, value in ijson.parse(content):
                if prefix == "" and event == "start_array":
                    return False
                if prefix == "" and event == "map_key" and value in {"graphs", *_JSON_LD_KEYS}:
                    return bool(value == "graphs")
    except (ijson.JSONError, OSError):
        return True
    return True


def _stated_version(file: Path) -> str | None:
    ending = file.suffix.lower()
    if ending == ".obo":
        return find_obo_version(file)
    if ending == ".tsv":
        return find_sssom_version(file)
    if ending == ".json":
        return find_graphs_version(file)
    form = RDF_ENDINGS.get(ending)
    return find_owl_version(file, form) if form and form is not GraphFormat.N_QUADS else None
