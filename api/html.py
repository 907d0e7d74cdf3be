"""Plain HTML: everything escaped, nothing fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from starlette.responses import Response

__all__ = ["escaped", "link", "page", "table"]

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.9em; }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid #8886; border-radius: 0.25rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; }
th { border-bottom: 1px solid #8888; }
nav ul { columns: 20rem; padding-left: 1rem; }
.note { border-left: 0.25rem solid #c60; padding: 0.25rem 0.75rem; }
"""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'"


def page(title: str, body: Iterable[str]) -> Response:
    """Return a page; ``title`` is escaped here, the parts of ``body`` already are."""
    shown = escape(title)
    text = (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{shown}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{shown}</h1>\n" + "\n".join(body) + "\n</main>\n</body>\n</html>\n"
    )
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
    return Response(text.encode(), media_type="text/html", headers=headers)


def escaped(tag: str, text: str) -> str:
    """Return an element with a text.

    >>> escaped("p", "p < .05")
    '<p>p &lt; .05</p>'
    """
    return f"<{tag}>{escape(text)}</{tag}>"


def link(address: str, text: str) -> str:
    """Return a link.

    >>> link("/sparql?a=1&b=2", "ask")
    '<a href="/sparql?a=1&amp;b=2">ask</a>'
    """
    return f'<a href="{escape(address)}">{escape(text)}</a>'


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table; the cells are HTML already."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
