"""A page of a list as JSON: the records, how many there are, and the counts of facets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.answers import Desk, Written, envelope
from api.histology_names import standing_for
from api.list_asked import fill_rows, read_listed
from api.list_choice import ChosenRow, choose_rows, count_values
from api.list_conditions import Among, Matched
from api.list_fields import Field, FieldType
from api.list_question import ALWAYS, ListQuestion, given_of
from api.list_records import linked_of, read_records
from api.lists import Pieces
from api.paging import Page, page_of
from api.parameters import ListFilter
from api.path_json import extended, write_list, write_object, write_text
from api.records import Json

__all__ = ["NOTES", "answer_list", "choose_page", "spelled"]

NOTES: Mapping[str, str] = {
    "evidence": "Each item is one result as one document states it. Nothing is pooled, and adding "
    "up or averaging items would mislead: studies differ in definitions, lines and tumours, and "
    "some results are about the same patients. The answer is no medical advice.",
    "comparisons": "Each item is one comparison as one document states it; the results beside it "
    "are those that the same document gives for each side. Nothing is pooled or computed, and the "
    "answer is no medical advice.",
    "contraindications": "This repeats what documents of the given dates state. That a drug has no "
    "entry permits nothing, and the answer is no medical advice.",
}
"""What is said beside some lists."""


async def answer_list(desk: Desk, *, kind: str, wanted: ListFilter) -> Written:
    """Return a page of a list; raises what reading its question and its cursor raises."""
    table, question = await read_listed(desk, kind, wanted)
    chosen = choose_rows(desk.library.directory, table, question)
    page = choose_page(desk, kind, wanted, chosen)
    around = {
        **envelope(f"/api/v1/{kind}", spelled(wanted), page, wanted.limit, desk.library.snapshot),
        **({"note": NOTES[kind]} if kind in NOTES else {}),
        **standing_for(desk.library.directory, _asked(question), desk.writer.reference),
        **_facets(desk, chosen, question.facets),
    }
    shown = await fill_rows(desk, kind, [*page.items])
    records = await read_records(desk, table, [each.row for each in shown])
    items = [
        _item(desk, question, each, pieces) for each, pieces in zip(shown, records, strict=True)
    ]
    return Written(extended(write_text(around), {"items": write_list(items)}), around.get("next"))


def _asked(question: ListQuestion) -> Iterator[str]:
    """Yield what the filters by things ask for."""
    for condition in question.conditions:
        if isinstance(condition.demand, Among):
            yield from sorted(condition.demand.asked)


def choose_page(
    desk: Desk, kind: str, wanted: ListFilter, chosen: Sequence[ChosenRow], limit: int | None = None
) -> Page[ChosenRow]:
    """Return the part of a list that is asked for, with the cursor to the next one."""
    given = {name: value for name, value in spelled(wanted).items() if name != "format"}
    mark = f"{desk.library.snapshot} {kind} {sorted(given.items())}"
    return page_of(chosen, limit=limit or wanted.limit, cursor=wanted.cursor, mark=mark)


def spelled(wanted: ListFilter) -> dict[str, object]:
    """Return the parameters as an address has them: no value may pass for one that is missing."""
    return {
        name: [str(each) for each in value] if isinstance(value, list) else _word(value)
        for name, value in given_of(wanted).items()
    }


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _facets(desk: Desk, chosen: Sequence[ChosenRow], fields: Sequence[Field]) -> Json:
    if not fields:
        return {}
    return {"facets": {field.name: _facet(desk, chosen, field) for field in fields}}


def _facet(desk: Desk, chosen: Sequence[ChosenRow], field: Field) -> Json:
    counts, missing = count_values(desk.library.directory, chosen, field)
    values = [
        {**_facet_value(desk, field, count.shown), "count": count.records} for count in counts
    ]
    return {"distinct": len(counts), "missing": missing, "values": values}


def _facet_value(desk: Desk, field: Field, shown: str) -> Json:
    if field.type is FieldType.THING:
        return desk.writer.reference(shown)
    return {"value": shown}


def _item(desk: Desk, question: ListQuestion, chosen: ChosenRow, pieces: Pieces) -> str:
    kept = pieces
    if question.keys is not None and question.shown is not None:
        kept = {key: pieces[key] for key in (*ALWAYS, *pieces) if key in question.keys & {*pieces}}
        if linked := linked_of(desk, question.shown, chosen.row):
            kept["linked"] = write_text(linked)
    return write_object({**kept, **_matches(desk, chosen.matched)})


def _matches(desk: Desk, matched: Mapping[str, Matched]) -> Mapping[str, str]:
    """Return how an item relates to what was asked for, and the values by which it does."""
    if not matched:
        return {}
    shown = {
        name: {
            "match": each.match.value,
            "from": [desk.writer.reference(iri) for iri in each.values],
        }
        for name, each in matched.items()
    }
    histology = shown.get("histology", {})
    return {key: write_text(value) for key, value in {**histology, "matches": shown}.items()}
