"""Plain HTML: everything escaped, nothing fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from starlette.responses import Response

from api.pages.frame import POLICY, framed

__all__ = ["escaped", "guard", "link", "page", "show_page", "table", "write_page"]


def guard(media_type: str) -> dict[str, str]:
    """Return the headers that hold an answer of a media type to what a page may do.

    >>> guard("text/turtle")
    {}
    """
    return {"Content-Security-Policy": POLICY} if media_type == "text/html" else {}


def page(title: str, body: Iterable[str]) -> Response:
    """Return a page; ``title`` is escaped here, the parts of ``body`` already are."""
    return show_page(write_page(title, body))


def write_page(title: str, body: Iterable[str]) -> bytes:
    """Return the text of a page; ``title`` is escaped here, the parts of ``body`` already are."""
    return framed(title, body)


def show_page(text: bytes, status: int = 200) -> Response:
    """Return a page that is written already as an answer."""
    headers = {**guard("text/html"), "Cache-Control": "no-cache"}
    return Response(text, status, media_type="text/html", headers=headers)


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
