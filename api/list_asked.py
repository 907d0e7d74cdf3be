"""What a list is chosen from: its table, or of a large snapshot the rows that can be meant."""

from __future__ import annotations

from api.answers import Desk
from api.list_choice import ChosenRow
from api.list_conditions import Among
from api.list_fields import FieldType, Tree
from api.list_kinds import fields_of
from api.list_loading import listed
from api.list_question import ListQuestion, given_of, read_question
from api.list_table import Row, Table
from api.parameters import ListFilter

__all__ = ["fill_rows", "read_asked", "read_listed"]


async def read_asked(desk: Desk, kind: str, wanted: ListFilter) -> tuple[Table, ListQuestion]:
    """Return a table with all rows that are asked for, and the question that is asked of it.

    Raises what reading the question raises.
    """
    lists = desk.library.lists
    if not lists.is_read_in_part(kind) or _is_of_values(kind, wanted):
        table = await lists.table(desk.engine, kind)
        return table, read_question(lists, table, wanted)
    question = read_question(lists, _empty(kind), wanted)
    things = {
        condition.field.name: condition.demand.all
        for condition in question.conditions
        if isinstance(condition.demand, Among)
    }
    return await lists.table_with(desk.engine, kind, things), question


async def read_listed(desk: Desk, kind: str, wanted: ListFilter) -> tuple[Table, ListQuestion]:
    """Return the same; the rows are bare where nothing is asked of them, to be filled later."""
    if desk.library.lists.is_read_in_part(kind) and not _is_of_values(kind, wanted):
        question = read_question(desk.library.lists, _empty(kind), wanted)
        if not (question.conditions or question.sort or question.facets):
            rows = (Row(iri, {}) for iri in listed(desk.library.directory, kind))
            return Table(kind, _empty(kind).fields, tuple(rows)), question
    return await read_asked(desk, kind, wanted)


async def fill_rows(desk: Desk, kind: str, chosen: list[ChosenRow]) -> list[ChosenRow]:
    """Return records of a list with their rows read, where these are bare."""
    if all(each.row.cells for each in chosen):
        return chosen
    iris = [each.row.iri for each in chosen]
    rows = (await desk.library.lists.rows_of(desk.engine, kind, iris)).by_iri
    return [ChosenRow(rows[each.row.iri], each.matched) for each in chosen]


def _empty(kind: str) -> Table:
    return Table(kind, {field.name: field for field in fields_of(kind)}, ())


def _is_of_values(kind: str, wanted: ListFilter) -> bool:
    """Tell whether a name in a filter is looked for among the values of the whole table."""
    given = given_of(wanted)
    return any(
        field.type is FieldType.THING
        and field.name in given
        and not (field.kinds or field.tree is Tree.HISTOLOGIES)
        for field in fields_of(kind)
    )
