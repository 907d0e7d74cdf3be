"""Mapping sets in SSSOM as links of SKOS, each with a node that says who mapped, and how."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from kg.importing.record import Item, Record, Reject, RejectRule
from kg.importing.sssom_rows import REQUIRED, Row, SssomHeader, read_header, read_rows
from kg.importing.statement import ONTOLOGY, Draft, import_graph, imported_iri
from kg.importing.terms import Kind, Terms
from kg.prefixes import expand

__all__ = ["SSSOM", "find_sssom_version", "read_sssom"]

SSSOM = "https://w3id.org/sssom/"
_OURS = "https://w3id.org/sarcoma-kg/"
_OWL = "http://www.w3.org/2002/07/owl#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_BUILT_IN = {
    "owl": _OWL,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": _SKOS,
    "sssom": SSSOM,
    "oboInOwl": "http://www.geneontology.org/formats/oboInOwl#",
}
_NOTHING_FOUND = f"{SSSOM}NoTermFound"
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_LINKED = ("subject_id", "predicate_id", "object_id")


def find_sssom_version(file: Path) -> str | None:
    """Return the version of a mapping set, or None where its metadata give none."""
    header = read_header(file)
    if isinstance(header, Reject):
        return None
    found = header.metadata.get("mapping_set_version")
    return None if found is None else str(found)


def read_sssom(name: str, file: Path, terms: Terms) -> Iterator[Item]:
    """Yield the mappings of a set: the link itself, and a node as SSSOM writes it in RDF.

    A CURIE means what its prefix does in Bioregistry, else what the set's curie_map says. Negated
    mappings and those of no term have a node and no link. Of things of this graph only matches
    of SKOS may be stated.
    """
    header = read_header(file)
    if isinstance(header, Reject):
        yield header
        return
    mapping = _Mapping(name, file.name, header, terms)
    for row in read_rows(file, header):
        yield row if isinstance(row, Reject) else mapping.read(row)


@dataclass(frozen=True)
class _Mapping:
    name: str
    file: str
    header: SssomHeader
    terms: Terms

    def read(self, row: Row) -> Item:
        """Return a row as a record, or why it is refused."""
        place = f"{self.file}:{row.line}"
        for column in REQUIRED:
            if not row.cells[column].strip():
                message = f"the row has no {column}, which every mapping has"
                return Reject(place, RejectRule.WRONG_SCHEMA, message)
        ends = {column: self._iri(row.cells[column]) for column in REQUIRED}
        unknown = [column for column, iri in ends.items() if iri is None]
        if unknown:
            said = ", ".join(row.cells[column] for column in unknown)
            message = f"the prefix of {said} is in neither the curie_map nor the known prefixes"
            return Reject(place, RejectRule.WRONG_SCHEMA, message)
        subject, predicate, value = (NamedNode(str(ends[column])) for column in _LINKED)
        if subject.value.startswith(_OURS) and not _is_match(predicate.value):
            message = f"of {subject.value} a mapping may state a match of SKOS, and nothing else"
            return Reject(place, RejectRule.NOT_WANTED, message)
        return self._record(row, place, Triple(subject, predicate, value))

    def _record(self, row: Row, place: str, link: Triple) -> Record:
        told = sorted((name, cell) for name, cell in row.cells.items() if cell)
        digest = hashlib.sha256(repr(told).encode()).hexdigest()[:16]
        draft = Draft(imported_iri(self.name, f"mapping-{digest}")).of("ImportedMapping")
        draft.link("importedFrom", import_graph(self.name)).text("recordId", digest)
        draft.text("recordPlace", place)
        draft.link(f"{_OWL}annotatedSource", str(link.subject)[1:-1])
        draft.link(f"{_OWL}annotatedProperty", link.predicate.value)
        draft.link(f"{_OWL}annotatedTarget", str(link.object)[1:-1])
        for column, cell in row.cells.items():
            if column == "mapping_justification":
                draft.link(SSSOM + column, self._iri(cell))
            elif column not in _LINKED:
                draft.text(SSSOM + column, cell)
        is_stated = not row.cells.get("predicate_modifier", "").strip()
        is_found = _NOTHING_FOUND not in (str(link.subject)[1:-1], str(link.object)[1:-1])
        links = [link] if is_stated and is_found else []
        return Record(digest, place, (*links, *draft.triples), refers=self._refers(row))

    def _refers(self, row: Row) -> frozenset[str]:
        """Return the things of this graph that either end is."""
        found = set()
        for column in ("subject_id", "object_id"):
            iri = self._iri(row.cells[column]) or ""
            for kind in Kind:
                if match := self.terms.find(kind, identifiers=[row.cells[column], iri]):
                    found.add(match.iri)
            if iri.startswith(_OURS) and not iri.startswith((f"{_OURS}imported/", ONTOLOGY)):
                found.add(iri)
        return frozenset(found)

    def _iri(self, written: str) -> str | None:
        """Return the IRI of an entity reference, or None where its prefix means nothing."""
        prefix, _, local = written.strip().partition(":")
        if local.startswith("//"):
            return written.strip() if _ABSOLUTE.fullmatch(written.strip()) else None
        if prefix in _BUILT_IN:
            return _BUILT_IN[prefix] + local
        if known := expand(written):
            return known
        start = self.header.curie_map.get(prefix)
        found = start + local if start and local else None
        return found if found and _ABSOLUTE.fullmatch(found) else None


def _is_match(iri: str) -> bool:
    return iri.startswith(_SKOS) and iri.endswith("Match")
