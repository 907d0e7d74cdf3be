"""What pages say of imported records: where they came from, and those that point to a thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from api.entity_sheet import Sheet
from api.entity_terms import show_iri
from api.html import link, table
from api.imports import Import, Imports
from kg.importing.statement import IMPORTED

__all__ = ["imported_section", "origin_note", "parted"]

_HEADS = ("What", "By", "Imported from", "Licence", "Retrieved")


def origin_note(sheet: Sheet, imports: Imports) -> Iterator[str]:
    """Yield where an imported record came from, or nothing for any other thing."""
    found = imports.of_record(sheet.iri)
    if found is not None:
        yield f'<p class="note" id="imported">{_sentence(found)}</p>'


def parted(iris: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is not imported of some things, and what is.

    >>> parted(["urn:a", "https://w3id.org/sarcoma-kg/imported/civic/evidence-2"])
    (('urn:a',), ('https://w3id.org/sarcoma-kg/imported/civic/evidence-2',))
    """
    every = tuple(iris)
    imported = tuple(iri for iri in every if iri.startswith(IMPORTED))
    return tuple(iri for iri in every if iri not in set(imported)), imported


def imported_section(sheet: Sheet, iris: tuple[str, ...], imports: Imports) -> Iterator[str]:
    """Yield the imported records among what points to a thing, each with its source."""
    if not iris:
        return
    yield '<h2 id="imports">What other databases state</h2>'
    yield "<p>Imported, each under the licence of its source. No claim of the documents.</p>"
    yield table(_HEADS, (_row(sheet, iri, imports) for iri in iris))


def _row(sheet: Sheet, iri: str, imports: Imports) -> tuple[str, ...]:
    found = imports.of_record(iri) or Import(iri)
    by = ", ".join(show_iri(sheet, each) for each in sheet.pointing[iri])
    source = escape(found.title or found.name)
    licence = link(found.licence, found.licence) if found.licence else ""
    return (show_iri(sheet, iri), by, source, licence, escape(found.retrieved))


def _sentence(found: Import) -> str:
    title = escape(found.title or found.name)
    shown = link(found.source, found.title or found.name) if found.source else title
    version = f", version {escape(found.version)}" if found.version else ""
    retrieved = f", retrieved {escape(found.retrieved)}" if found.retrieved else ""
    licence = link(found.licence, found.licence) if found.licence else "not stated"
    attribution = f" Attribution: {escape(found.attribution)}." if found.attribution else ""
    return (
        f"Imported from {shown}{version}{retrieved}; licence: {licence}.{attribution} "
        "This is not a claim of the documents."
    )
