"""Small pages on things, types, properties and features, for frames and tooltips of clients."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from api.directory import Entry
from api.html import escaped, link, table
from api.reconcile.properties import Property, find_property
from api.reconcile.types import EntityType, types_of
from api.reconcile.values import Settings, Values

__all__ = ["PREVIEWED", "flyout_html", "preview_body"]

PREVIEWED = (
    "synonyms", "developmentCode", "symbol", "target", "family", "phase", "identifier",
    "bestEvidence", "bestEvidenceLevel", "evidenceCount", "recommendationCount",
)  # fmt: skip
"""The properties that a preview shows, as far as a thing has them."""

_MOST_VALUES = 4
_MOST_LETTERS = 300


def preview_body(values: Values, entry: Entry) -> Iterator[str]:
    """Yield the parts of the page on a thing."""
    types = types_of(entry.kinds)
    yield escaped("p", f"{types[0].name if types else 'thing'} {entry.curie}")
    rows = list(_rows(values, entry))
    if rows:
        yield table(("What", "Value"), rows)
    yield f"<p>{link(f'/resource?iri={entry.curie}', 'All that is known of it')}</p>"


def flyout_html(what: Entry | EntityType | Property) -> str:
    """Return a line on a thing, a type or a property.

    >>> from api.reconcile.types import find_type
    >>> flyout_html(find_type("drugs", ""))
    '<p><b>drug</b> sarcoma:Drug</p>'
    """
    match what:
        case Entry():
            types = types_of(what.kinds)
            also = f"; also {', '.join(what.names[:5])}" if what.names else ""
            return _line(what.label, f"{types[0].name if types else 'thing'}{also}")
        case Property():
            return _line(what.name, what.says)
    return _line(what.name, what.id)


def _line(name: str, text: str) -> str:
    return f"<p><b>{escape(name)}</b> {escape(_clipped(text))}</p>"


def _rows(values: Values, entry: Entry) -> Iterator[tuple[str, str]]:
    kinds = [each.kind.path for each in types_of(entry.kinds)[:1]]
    for name in PREVIEWED:
        for each in find_property(name, kinds) if kinds else ():
            cells = values.cells(entry, each, Settings(as_text=True))
            texts = [str(next(iter(cell.values()))) for cell in cells if cell]
            if texts and texts != ["0"]:
                more = f" and {len(texts) - _MOST_VALUES} more" if len(texts) > _MOST_VALUES else ""
                yield escape(each.name), escape(_clipped("; ".join(texts[:_MOST_VALUES]))) + more


def _clipped(text: str) -> str:
    return text if len(text) <= _MOST_LETTERS else f"{text[: _MOST_LETTERS - 1]}…"
