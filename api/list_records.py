"""Records of a list as JSON: written once a snapshot, with where they stand and their links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from api.answers import Desk
from api.claim_link import claim_links
from api.comparisons import compare, read_beside
from api.directory import record_address
from api.identifier_records import identifiers_of
from api.import_surroundings import said_by_imports
from api.list_fields import Field, FieldType
from api.list_table import Cell, Row, Table
from api.lists import Pieces
from api.path_json import write_text
from api.records import Json
from api.statements import describe

__all__ = ["BULKY", "linked_of", "links_of", "read_records", "surroundings_of"]

BULKY = ("relevantToHistology", "hasEvidence", "broaderHistologyTransitive")
"""Inferred predicates that lists leave out: they repeat what a filter finds."""

_LINKED = {
    "drugs": "drug",
    "targets": "target",
    "families": "target",
    "histologies": "histology",
}
_WITH_EVIDENCE = {
    "drugs": "drug",
    "histologies": "histology",
    "regimens": "regimen",
    "procedures": "intervention",
    "radiotherapy-courses": "intervention",
    "interventions": "intervention",
    "drug-classes": "intervention",
    "biomarkers": "biomarker",
    "adverse-events": "adverseEvent",
    "studies": "study",
    "trials": "trial",
    "documents": "document",
}
_TREATMENTS = frozenset(
    {"drugs", "regimens", "procedures", "radiotherapy-courses", "interventions", "drug-classes"}
)


async def read_records(desk: Desk, table: Table, rows: Sequence[Row]) -> list[Pieces]:
    """Return some records as the JSON texts of their keys."""
    kept = desk.library.lists.written
    exact = desk.writer.is_exact
    missing = [row for row in rows if (table.kind, row.iri, exact) not in kept]
    found = {}
    if missing:
        statements = await describe(desk.engine, [row.iri for row in missing], root=desk.root)
        without = [desk.library.context.namespaces.ontology + name for name in BULKY]
        for row in missing:
            record = desk.writer.write(row.iri, statements, without=without)
            record |= surroundings_of(desk, table, row)
            if table.kind == "comparisons":
                evidence = await read_beside(desk, row)
                record["comparison"] = compare(desk, evidence, row, record)
            record |= {"links": links_of(desk, table.kind, row.iri)}
            found[row.iri] = {key: write_text(value) for key, value in record.items()}
        if desk.engine.snapshot.id == desk.library.snapshot:
            desk.library.lists.keep(table.kind, found, exact=exact)
    return [found.get(row.iri) or kept[(table.kind, row.iri, exact)] for row in rows]


def surroundings_of(desk: Desk, table: Table, row: Row) -> Json:
    """Return where a record stands, with the date of the document, and what is stated elsewhere."""
    linked = linked_of(desk, table.fields.values(), row)
    source = _source(desk, row) if "section" in table.fields else {}
    paths = desk.library.paths
    said = said_by_imports(
        paths.imports, paths.vocabulary, kind=table.kind, iri=row.iri, refer=desk.writer.reference
    )
    matched = (
        identifiers_of(desk.library.directory, row.iri) if "identifier" in table.fields else []
    )
    return {
        **source,
        **said,
        **({"identifiers": matched} if matched else {}),
        **({"linked": linked} if linked else {}),
    }


def linked_of(desk: Desk, fields: Iterable[Field], row: Row) -> Json:
    """Return the values of some fields that are stated of something else than the record."""
    return {
        field.name: [_value(desk, field, cell) for cell in _distinct(row.of(field.name))]
        for field in fields
        if field.is_linked and row.of(field.name)
    }


def links_of(desk: Desk, kind: str, iri: str) -> Json:
    """Return the addresses of a record, and of what there is about it."""
    curie = desk.library.directory.shorten(iri)
    links = {"self": record_address(kind, curie)}
    if parameter := _LINKED.get(kind):
        links["paths"] = f"/api/v1/paths?{parameter}={curie}"
    if parameter := _WITH_EVIDENCE.get(kind):
        links["evidence"] = f"/api/v1/evidence?{parameter}={curie}"
    if kind in _TREATMENTS:
        links["claims"] = f"/api/v1/claims?intervention={curie}"
        links["recommendations"] = f"/api/v1/recommendations?intervention={curie}"
    if kind == "comparisons":
        links["evidence"] = record_address("evidence", curie)
    if kind == "imported-trials":
        links["evidence"] = f"/api/v1/imported-evidence?trial={curie}"
    return {**links, **claim_links(iri, desk.root)}


def _source(desk: Desk, row: Row) -> Json:
    documents = row.of("document")
    if not documents:
        return {}
    issued = [cell.shown for cell in row.of("issued")]
    sections = [cell.shown for cell in row.of("section")]
    source: Json = {
        "document": desk.writer.reference(documents[0].shown),
        "issued": issued[0] if issued else None,
    }
    if sections:
        source["section"] = sections[0]
    if citations := [cell.shown for cell in row.of("citation")]:
        source["citation"] = citations
    return {"source": source}


def _value(desk: Desk, field: Field, cell: Cell) -> object:
    if field.type is FieldType.THING:
        return desk.writer.reference(cell.shown)
    if field.type is FieldType.NUMBER and isinstance(cell.value, float):
        return int(cell.value) if cell.value.is_integer() else cell.value
    return cell.value if field.type is FieldType.FLAG else cell.shown


def _distinct(cells: Iterable[Cell]) -> Iterable[Cell]:
    return {cell.shown: cell for cell in cells}.values()
