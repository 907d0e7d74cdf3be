"""The page of a thing: what it is called, what is said of it and where, and what points to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote, urlencode

from pyoxigraph import NamedNode

from api.claim_link import Reported, report_address, report_text
from api.entity_identifiers import identifiers_section
from api.entity_imports import imported_section, origin_note, parted
from api.entity_sheet import Place, Sheet
from api.entity_terms import identifier, show_iri, statement_rows
from api.html import link, table
from api.imports import Imports
from kg.formats import GraphFormat

__all__ = ["Surround", "entity_page", "folded_page", "missing_page", "mistakes", "statements_query"]

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_OWL = "http://www.w3.org/2002/07/owl#"


@dataclass(frozen=True)
class Surround:
    """What stands around the statements on a page.

    ``address`` is that of the page, ``record`` that of the record as JSON, ``documentation`` the
    place of a term in the ontology; ``report_to`` is where mistakes are reported, as the operator
    set it; ``imports`` are the sources of what no document states.
    """

    address: str
    snapshot: str
    report_to: str | None = None
    record: str | None = None
    documentation: str | None = None
    imports: Imports = field(default_factory=Imports)


def entity_page(sheet: Sheet, around: Surround) -> Iterator[str]:
    """Yield the body of the page of a thing."""
    yield from _head(sheet, around)
    yield from origin_note(sheet, around.imports)
    yield from identifiers_section(sheet)
    yield from _all_statements(sheet, around)
    yield from mistakes(sheet, around)
    yield from _formats(sheet, around)


def folded_page(sheet: Sheet, around: Surround) -> Iterator[str]:
    """Yield what stands below the card of a thing: all that the graph says, as it says it."""
    yield from _head(sheet, around)
    yield from origin_note(sheet, around.imports)
    yield from _all_statements(sheet, around)
    yield from _formats(sheet, around)


def _all_statements(sheet: Sheet, around: Surround) -> Iterator[str]:
    yield from _read_from(sheet)
    yield "<h2>Statements</h2>"
    yield _statements(sheet, NamedNode(sheet.iri))
    if sheet.description.is_cut:
        yield "<p>There are more; ask for them with SPARQL.</p>"
    yield from _parts(sheet)
    yield from _pointing(sheet, around)


def missing_page(message: str, near: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield the body of the page that says that there is nothing; ``near`` are other addresses."""
    yield f"<p>{escape(message)}.</p>"
    if links := "".join(f"<li>{link(address, label)}</li>" for address, label in near):
        yield f"<p>It may be one of these:</p><ul>{links}</ul>"


def statements_query(iri: str) -> str:
    """Return the query that gives what a page says: about a thing, and of what points to it.

    >>> "<https://example.org/a> ?predicate ?object" in statements_query("https://example.org/a")
    True
    """
    node = str(NamedNode(iri))
    return (
        "SELECT ?graph ?subject ?predicate ?object WHERE {\n"
        f"  {{ GRAPH ?graph {{ {node} ?predicate ?object }} BIND ({node} AS ?subject) }}\n"
        f"  UNION {{ GRAPH ?graph {{ ?subject ?predicate {node} }} BIND ({node} AS ?object)"
        " FILTER (ISIRI(?subject)) }\n"
        "} ORDER BY ?subject ?predicate ?object ?graph"
    )


def _head(sheet: Sheet, around: Surround) -> Iterator[str]:
    kinds = [
        show_iri(sheet, quad.object.value)
        for quad in sheet.about(NamedNode(sheet.iri))
        if quad.predicate.value == _TYPE
        and isinstance(quad.object, NamedNode)
        and not quad.object.value.startswith(_OWL)
    ]
    yield "<dl>"
    yield f"<dt>Permanent link</dt><dd>{link(sheet.iri, sheet.iri)}</dd>"
    if kinds:
        yield f"<dt>Kind</dt><dd>{', '.join(dict.fromkeys(kinds))}</dd>"
    entry = sheet.directory.entries.get(sheet.iri)
    if entry and entry.names:
        yield f"<dt>Also called</dt><dd>{escape(', '.join(entry.names))}</dd>"
    if around.documentation:
        yield f"<dt>Documentation</dt><dd>{link(around.documentation, 'in the ontology')}</dd>"
    yield "</dl>"


def _read_from(sheet: Sheet) -> Iterator[str]:
    places = list(sheet.places(sheet.iri))
    if not places:
        return
    yield "<h2>Read from</h2>"
    rows = ((*_place(sheet, each), _link_to(sheet, each.passage)) for each in places)
    yield table(("Document", "Issued", "Section", "Citation", "Characters", "Passage"), rows)
    for each in sheet.texts(sheet.iri, "needsReview"):
        yield f'<p class="note">Known problem: {escape(each)}</p>'


def _place(sheet: Sheet, place: Place) -> tuple[str, str, str, str, str]:
    return (
        show_iri(sheet, place.document) if place.document else "",
        escape(place.issued or "no date is printed"),
        escape(place.section or ""),
        escape(place.citation or ""),
        escape(", ".join(place.characters)),
    )


def _link_to(sheet: Sheet, iri: str) -> str:
    if iri.startswith(sheet.iri + "/"):
        return f'<a href="#{identifier(sheet, iri)}">passage</a>'
    return link(sheet.addresses.of(iri) or iri, "passage")


def _statements(sheet: Sheet, node: NamedNode) -> str:
    return table(("Property", "Value", "Graph"), statement_rows(sheet, node))


def _parts(sheet: Sheet) -> Iterator[str]:
    if sheet.parts:
        yield "<h2>Parts</h2>"
    for part in sheet.parts:
        address = sheet.addresses.of(part.value)
        shown = link(address, sheet.call(part.value)) if address else escape(part.value)
        yield f'<h3 id="{identifier(sheet, part.value)}">{shown}</h3>'
        yield _statements(sheet, part)


def _pointing(sheet: Sheet, around: Surround) -> Iterator[str]:
    described = sheet.description
    if not described.total:
        return
    curated, imported = parted(sheet.pointing)
    yield '<h2 id="pointing">What points here</h2>'
    yield (
        f"<p>{described.total:,} in all, claims with the place they were read from, "
        f"what was imported at the end; page {described.page:,} of {described.pages:,}.</p>"
    )
    heads = ("What", "By", "Document", "Issued", "Section", "Citation", "Characters", "Problem")
    if curated:
        yield table(heads, (row for iri in curated for row in _pointing_rows(sheet, iri)))
    yield from imported_section(sheet, imported, around.imports)
    steps = ((described.page - 1, "Previous page"), (described.page + 1, "Next page"))
    links = [
        link(f"{around.address}{'&' if '?' in around.address else '?'}page={number}", shown)
        for number, shown in steps
        if 1 <= number <= described.pages
    ]
    if links:
        yield f"<p>{' '.join(links)}</p>"


def _pointing_rows(sheet: Sheet, iri: str) -> Iterator[tuple[str, ...]]:
    by = ", ".join(show_iri(sheet, each) for each in sheet.pointing[iri])
    problems = escape(" ".join(sheet.texts(iri, "needsReview")))
    places = [_place(sheet, each) for each in sheet.places(iri)] or [("",) * 5]
    for place in places:
        yield (show_iri(sheet, iri), by, *place, problems)


def mistakes(sheet: Sheet, around: Surround) -> Iterator[str]:
    """Yield how a mistake is reported."""
    places = tuple(str(each) for each in sheet.places(sheet.iri))
    reported = Reported(sheet.iri, sheet.label, around.snapshot, places)
    yield '<h2 id="mistake">Report a mistake</h2>'
    if around.report_to:
        address = report_address(around.report_to, reported)
        yield f"<p>{link(address, 'Report a mistake in this')}, with this text:</p>"
    else:
        yield "<p>Write to whoever runs this server, with this text:</p>"
    yield f'<pre tabindex="0">{escape(report_text(reported))}</pre>'


def _formats(sheet: Sheet, around: Surround) -> Iterator[str]:
    mark = "&" if "?" in around.address else "?"
    links = [
        link(f"{around.address}{mark}format={each.extension}", each.title) for each in GraphFormat
    ]
    yield "<h2>For programs</h2>"
    yield f"<p>This page as {', '.join(links)}.</p>"
    if around.record:
        yield f"<p>The record as JSON: {link(around.record, around.record)}.</p>"
    query = statements_query(sheet.iri)
    address = "/sparql?" + urlencode({"query": query}, quote_via=quote)
    yield f"<p>The statements by SPARQL: {link(address, 'ask it')}.</p>"
    yield f'<pre tabindex="0">{escape(query)}</pre>'
    yield f"<p>Snapshot <code>{escape(around.snapshot)}</code>.</p>"
