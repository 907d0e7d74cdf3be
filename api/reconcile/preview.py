"""Small pages on things, types, properties and features, for frames and tooltips of clients.

They are pages of their own, without the frame of the others: those may not stand in a frame.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import quote

from api.directory import Entry
from api.html import escaped, table
from api.reconcile.properties import Property, find_property
from api.reconcile.types import EntityType, own_kind, types_of
from api.reconcile.values import Settings, Values

__all__ = ["POLICY", "PREVIEWED", "flyout_html", "preview_body", "preview_page"]

_STYLE = (
    ":root { color-scheme: light dark; } "
    "body { font: 0.8rem/1.4 system-ui, sans-serif; margin: 0.5rem; overflow-wrap: anywhere; } "
    "h1 { font-size: 1.1rem; margin: 0; } p { margin: 0.25rem 0; } "
    "table { border-collapse: collapse; width: 100%; } th { display: none; } "
    "td { text-align: left; vertical-align: top; padding: 0.1rem 0.5rem 0.1rem 0; }"
)
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'"
"""What a preview may load and do: nothing but its own style; any client may show it in a frame."""

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
    address = escape(f"/resource?iri={quote(entry.curie, safe=':/')}")
    # The frame is too small for the page on the thing.
    yield f'<p><a href="{address}" target="_blank" rel="noopener">All that is known of it</a></p>'


def preview_page(title: str, body: Iterable[str]) -> bytes:
    """Return a small page; ``title`` is escaped here, the parts of ``body`` already are.

    >>> preview_page("p < .05", []).splitlines()[-1]
    b'<h1>p &lt; .05</h1></body></html>'
    """
    head = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>\n"
    )
    text = "\n".join((escaped("h1", title), *body))
    return f"{head}{text}</body></html>".encode()


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
    kind = own_kind(entry.kinds)
    for name in PREVIEWED:
        for each in find_property(name, [kind]) if kind else ():
            cells = values.cells(entry, each, Settings(as_text=True))
            texts = [str(next(iter(cell.values()))) for cell in cells if cell]
            if texts and texts != ["0"]:
                more = f" and {len(texts) - _MOST_VALUES} more" if len(texts) > _MOST_VALUES else ""
                yield escape(each.name), escape(_clipped("; ".join(texts[:_MOST_VALUES]))) + more


def _clipped(text: str) -> str:
    return text if len(text) <= _MOST_LETTERS else f"{text[: _MOST_LETTERS - 1]}…"
