"""A small importer of JSON lines, and the graph, shapes and orders that its tests use."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from miniature import MINIATURE

from kg.importing.gate import ImportGate, read_import_gate
from kg.importing.importer import Importer
from kg.importing.pipeline import Limits
from kg.importing.record import Item, Record, Reject, RejectRule, Unmatched
from kg.importing.run import Options, Order
from kg.importing.source_files import find_files
from kg.importing.statement import Draft, imported_iri
from kg.importing.terms import Kind, MatchedBy, Terms
from kg.importing.terms_reading import KnownTerms, Naming
from kg.shipped import Shipped

__all__ = [
    "EXAMPLINIB",
    "LINES",
    "TERMS",
    "make_lines_order",
    "read_lines",
    "shipped_with_imports",
    "with_importer",
    "write_records",
]

NAME = "lines"
EXAMPLINIB = "https://w3id.org/sarcoma-kg/drug/examplinib"
TERMS = KnownTerms(
    [
        Naming(Kind.DRUG, EXAMPLINIB, MatchedBy.LABEL, "examplinib"),
        Naming(Kind.DRUG, EXAMPLINIB, MatchedBy.SYNONYM, "EX-1"),
    ]
)
_ONTOLOGY = """
:ImportedRecord a owl:Class .
:ImportedClaim a owl:Class ; rdfs:subClassOf :ImportedRecord .
:concernsDrug a owl:ObjectProperty .
:recordId a owl:DatatypeProperty ; rdfs:domain :ImportedRecord .
:evidenceOnly a owl:DatatypeProperty ; rdfs:domain :EvidenceItem .
"""
_SHAPE = """
@prefix : <https://w3id.org/sarcoma-kg/ontology/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

:ImportedClaimShape a sh:NodeShape ;
    sh:targetClass :ImportedClaim ;
    sh:property [ sh:path :recordId ; sh:minCount 1 ; sh:message "recordId: give an id" ] ;
    sh:property [ sh:path rdfs:label ; sh:maxCount 1 ; sh:message "label: give one at most" ] ;
    sh:property [ sh:path :concernsDrug ; sh:class :Drug ; sh:message "drug: name a drug" ] .
"""


def read_lines(files: Sequence[Path], terms: Terms) -> Iterator[Item]:
    """Yield a record a line: {"id": ..., "labels": [...], "drug": ..., "links": {...}}."""
    for file in files:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                yield _item(line, f"{file.name}:{number}", terms)


def _item(line: str, place: str, terms: Terms) -> Item:
    try:
        values = json.loads(line)
    except ValueError:
        is_cut = not line.endswith("\n")
        rule = RejectRule.TRUNCATED if is_cut else RejectRule.UNREADABLE
        return Reject(place, rule, "this line is no JSON; mend it")
    record = values["id"]
    draft = Draft(imported_iri(NAME, record)).of(values.get("class", "ImportedClaim"))
    draft.text("recordId", None if values.get("nameless") else record)
    for label in values.get("labels", []):
        draft.labelled(label)
    for name, iri in values.get("links", {}).items():
        draft.link(name, iri)
    match = terms.find(Kind.DRUG, names=[values["drug"]]) if "drug" in values else None
    draft.link("concernsDrug", match.iri if match else None)
    unmatched = [Unmatched("drug", values["drug"])] if "drug" in values and not match else []
    refers = frozenset([match.iri]) if match else frozenset[str]()
    return Record(record, place, tuple(draft.triples), tuple(unmatched), refers)


LINES = Importer(
    NAME,
    title="Lines of JSON",
    source="https://example.org/lines",
    licence="https://creativecommons.org/publicdomain/zero/1.0/",
    attribution="Nobody",
    read=read_lines,
    version_of=lambda files: "1",
    endings=(".jsonl",),
    help="lines of JSON",
)


def write_records(path: Path, records: Iterable[dict[str, Any] | str]) -> Path:
    """Write records, or texts that are none, a line each; return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (each if isinstance(each, str) else json.dumps(each) for each in records)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    return path


def shipped_with_imports(folder: Path) -> Shipped:
    """Return a copy of the miniature graph whose ontology and shapes know imported claims."""
    shipped = Shipped(Path(shutil.copytree(MINIATURE, folder)))
    with (shipped.ontology / "sarcoma.ttl").open("a", encoding="utf-8") as file:
        file.write(_ONTOLOGY)
    (shipped.shapes / "imported-claim.ttl").write_text(_SHAPE, encoding="utf-8")
    return shipped


@cache
def _gate(shipped: Shipped) -> ImportGate:
    return read_import_gate(shipped, TERMS.types)


def make_lines_order(
    shipped: Shipped, *paths: Path, options: Options | None = None, limits: Limits | None = None
) -> Order:
    """Return an order to import lines of JSON."""
    return Order(
        LINES,
        find_files(paths, LINES.endings),
        TERMS,
        _gate(shipped),
        code="this",
        options=options or Options(),
        limits=limits or Limits(),
    )


def with_importer(order: Order, **changes: Any) -> Order:
    """Return an order with another importer."""
    return replace(order, importer=replace(order.importer, **changes))
