"""The page of a thing: its card where its kind has one, and what the graph says of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from api.directory import Entry
from api.entity_page import Surround, entity_page, folded_page, mistakes, statements_query
from api.entity_sheet import Sheet
from api.pages.card_kinds import CARD_KINDS
from api.pages.cards import CardKind, Download
from api.pages.desk import PageDesk
from api.pages.frame import framed, render
from api.pages.parts_behind import Behind
from api.pages.parts_identifiers import identifiers_of
from api.query_string import check_parameters
from kg.formats import GraphFormat

__all__ = ["find_kind", "thing_page"]


async def thing_page(
    desk: PageDesk, sheet: Sheet, around: Surround, parameters: Mapping[str, str]
) -> bytes:
    """Return the page of a thing; raises ParameterError for what its kind does not take."""
    entry = desk.library.directory.entries.get(sheet.iri)
    kind = find_kind(entry)
    if entry is None or kind is None:
        check_parameters(parameters.keys(), {"format": False, "page": False})
        return framed(sheet.label, entity_page(sheet, around), snapshot=around.snapshot)
    card = await kind.card(desk, entry, parameters)
    return render(
        card.template,
        sheet.label,
        snapshot=around.snapshot,
        scripts=card.scripts,
        styles=card.styles,
        title_shown=False,
        card=card,
        entry=entry,
        iri=sheet.iri,
        identifiers=identifiers_of(desk, sheet.iri),
        behind=(*card.behind, Behind(statements_query(sheet.iri), "all statements below")),
        downloads=(*_record(around), *card.downloads),
        formats=_formats(around),
        below=_written(folded_page(sheet, around)),
        mistakes=_written(mistakes(sheet, around)),
        is_below_open=sheet.description.page > 1,
        **card.values,  # type: ignore[arg-type]
    )


def find_kind(entry: Entry | None) -> CardKind | None:
    """Return how the card of a thing is made, or None where its kinds have none."""
    kinds = entry.kinds if entry else frozenset()
    return next((each for each in CARD_KINDS if each.kind in kinds), None)


def _record(around: Surround) -> tuple[Download, ...]:
    return (Download(around.record, "record as JSON"),) if around.record else ()


def _formats(around: Surround) -> tuple[Download, ...]:
    mark = "&" if "?" in around.address else "?"
    return tuple(
        Download(f"{around.address}{mark}format={each.extension}", each.title)
        for each in GraphFormat
    )


def _written(parts: Iterable[str]) -> Markup:
    return Markup("\n".join(parts))  # noqa: S704 - HTML by contract, escaped where it is made
