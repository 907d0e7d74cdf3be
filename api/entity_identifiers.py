"""The identifiers of a thing on its page, system by system, with links to where they resolve."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from api.entity_sheet import Sheet
from api.html import link, table
from api.identifier_records import RELATION_WORDS, by_system
from api.identifiers import Match
from kg.prefixes import compress

__all__ = ["identifiers_section"]


def identifiers_section(sheet: Sheet) -> Iterator[str]:
    """Yield what the thing is called in other systems; nothing where no mapping has it."""
    found = by_system(sheet.directory, sheet.iri)
    if not found:
        return
    yield '<h2 id="identifiers">In other systems</h2>'
    rows = (
        ("" if order else escape(system.name), *_cells(sheet, match))
        for system, matches in found.items()
        for order, match in enumerate(matches)
    )
    yield table(("System", "Identifier", "There it is", "Comment", "Mapping"), rows)


def _cells(sheet: Sheet, match: Match) -> tuple[str, str, str, str]:
    curie = escape(compress(match.code) or match.code)
    out = f'<a href="{escape(match.code)}" rel="nofollow noreferrer">{curie}</a>'
    address = sheet.addresses.of(match.mapping) if match.mapping else None
    return (
        out,
        escape(RELATION_WORDS.get(match.relation, match.relation)),
        escape(match.comment),
        link(address, "mapping") if address else "",
    )
