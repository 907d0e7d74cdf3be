"""The form that asks a query, as a part of pages."""

from __future__ import annotations

from html import escape

from kg.formats import GraphFormat, ResultFormat, TableFormat

__all__ = ["query_form"]

_LONG = 6000
"""Characters of a query from which on an address may be too long for what lies on the way."""

_GET = "<button>Ask</button>"
_POST = '<button class="quiet" formmethod="post">{}</button>'
_BOTH = f"{_GET} {_POST.format('Ask without an address')} <small>, for very long queries</small>"


def query_form(query: str) -> str:
    r"""Return a form with a query in it; one that is short gets an address to be passed on.

    >>> "<textarea" in query_form("ASK {}"), "&lt;urn:a&gt;" in query_form("DESCRIBE <urn:a>")
    (True, True)
    """
    options = "".join(
        f'<option value="{each.extension}">{escape(each.title)}</option>'
        for each in (*TableFormat, *ResultFormat, *GraphFormat)
    )
    buttons = _BOTH if len(query) < _LONG else _POST.format("Ask")
    # HTML drops the first end of line of a text area.
    return (
        '<form action="/sparql" method="get">\n'
        '<p><label for="query">Query</label><br>'
        f'<textarea id="query" name="query" rows="12">\n{escape(query)}</textarea></p>\n'
        '<p><label for="format">Answer as</label> '
        f'<select id="format" name="format">{options}</select> {buttons}</p>\n</form>'
    )
