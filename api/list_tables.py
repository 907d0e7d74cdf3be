"""A list as a table of texts: one row a record, one column a field, and labels beside ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from api.answers import Desk, envelope
from api.list_asked import read_asked
from api.list_choice import ChosenRow, choose_rows
from api.list_claim_fields import DOSE
from api.list_fields import Field, FieldType
from api.list_mapping_fields import MAPPING
from api.list_page import choose_page, spelled
from api.list_question import ListQuestion
from api.list_table import Cell, Row
from api.parameters import ListFilter
from api.problems import ParameterError
from api.tabular import Separated, join_values, shield

__all__ = ["aligned_cells", "answer_table"]


async def answer_table(
    desk: Desk, *, kind: str, wanted: ListFilter, separated: Separated
) -> tuple[bytes, str | None]:
    """Return a list as text, and where it goes on; it is whole unless a limit is given."""
    if wanted.facets:
        raise ParameterError("facets", "facets are part of JSON answers; leave them out here")
    table, question = await read_asked(desk, kind, wanted)
    chosen = choose_rows(desk.library.directory, table, question)
    is_paged = "limit" in wanted.model_fields_set
    page = choose_page(desk, kind, wanted, chosen, None if is_paged else len(chosen) or 1)
    around = envelope(f"/api/v1/{kind}", spelled(wanted), page, wanted.limit, desk.library.snapshot)
    fields = tuple(table.fields.values()) if question.shown is None else question.shown
    header = ["id", *_header(question, fields)]
    rows = (
        [desk.library.directory.shorten(each.row.iri), *_cells(desk, question, fields, each)]
        for each in page.items
    )
    return separated.write(
        [header, *([shield(cell) if cell else "" for cell in row] for row in rows)]
    ), around.get("next")


def _header(question: ListQuestion, fields: Iterable[Field]) -> Iterator[str]:
    if _has_matches(question):
        yield from ("match", "from")
    if question.shown is not None and all(field.name != "type" for field in fields):
        yield from ("type", "type.label")
    for field in fields:
        yield field.name
        if field.type is FieldType.THING:
            yield f"{field.name}.label"


def _has_matches(question: ListQuestion) -> bool:
    return any(condition.field.name == "histology" for condition in question.conditions)


def _cells(
    desk: Desk, question: ListQuestion, fields: Sequence[Field], chosen: ChosenRow
) -> Iterator[str]:
    if _has_matches(question):
        matched = chosen.matched.get("histology")
        yield matched.match.value if matched else ""
        yield join_values(map(desk.library.directory.shorten, matched.values if matched else ()))
    if question.shown is not None and all(field.name != "type" for field in fields):
        yield from _columns(desk, FieldType.THING, chosen.row.of("type"))
    for field in fields:
        if field.name in chosen.row.cells:
            yield from _columns(desk, field.type, aligned_cells(field, fields, chosen.row))
        else:
            yield from ("", "") if field.type is FieldType.THING else ("",)


def aligned_cells(field: Field, fields: Sequence[Field], row: Row) -> Sequence[Cell]:
    """Return the cells of a field: one for each dose or mapping, so that columns are read along.

    Parts of other kinds are many and mostly lack a field: all claims on a drug, for one. Their
    values are given once each.
    """
    if field.part not in (DOSE, MAPPING):
        return list({cell.shown: cell for cell in row.of(field.name)}.values())
    beside = [each for each in fields if each.part == field.part]
    parts = sorted({cell.part for each in beside for cell in row.of(each.name)})
    by_part: dict[str, Cell] = {cell.part: cell for cell in row.of(field.name)}
    return [by_part.get(part, Cell("", "")) for part in parts]


def _columns(desk: Desk, type_: FieldType, cells: Sequence[Cell]) -> Iterator[str]:
    if type_ is not FieldType.THING:
        yield join_values(cell.shown for cell in cells)
        return
    directory = desk.library.directory
    iris = [cell.shown for cell in cells]
    yield join_values(directory.shorten(iri) if iri else "" for iri in iris)
    yield join_values(
        (directory.label(iri) or iri.rpartition("/")[2]) if iri else "" for iri in iris
    )
