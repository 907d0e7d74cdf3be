"""Problems as pages, for those who ask with a browser."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.html import escaped, guard, link, write_page
from api.problems import MEDIA_TYPE
from api.raw_headers import RawHeader, find_headers
from api.request_record import record_of
from kg.html_form import query_form
from kg.negotiation import choose_media_type

__all__ = ["ProblemPages", "problem_page"]

_HTML = "text/html"
_FOR_PROGRAMS = (
    MEDIA_TYPE,
    "application/json",
    "application/ld+json",
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/turtle",
    "text/csv",
)
_ASKED = "/sparql"


class ProblemPages:
    """Shows problems as pages to clients that would rather have HTML than what programs read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, and show its answer as a page where it is a problem."""
        if scope["type"] == "http" and _prefers_pages(scope["headers"]):
            send = _Page(scope, send).send
        await self._app(scope, receive, send)


class _Page:
    """One answer on its way."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._head: Message | None = None
        self._problem = b""

    async def send(self, message: Message) -> None:
        """Send a message, or hold it back for the page."""
        if message["type"] == "http.response.start" and _is_problem(message):
            self._head = message
        elif self._head is not None:
            self._problem += message.get("body", b"")
            if not message.get("more_body", False):
                await self._show(self._head)
        else:
            await self._send(message)

    async def _show(self, head: Message) -> None:
        problem = json.loads(self._problem)
        body = write_page(str(problem["title"]), problem_page(problem, _find_query(self._scope)))
        headers = MutableHeaders(scope=head)
        headers.update({**guard(_HTML), "Content-Type": f"{_HTML}; charset=utf-8"})
        headers["Content-Length"] = str(len(body))
        await self._send(head)
        await self._send({"type": "http.response.body", "body": body})


def problem_page(problem: Mapping[str, Any], query: str | None = None) -> Iterator[str]:
    """Yield the body of the page of a problem, with a form where there was a query."""
    yield f'<p class="note">{escape(str(problem["detail"]))}</p>'
    if "line" in problem:
        yield escaped("p", f"Line {problem['line']}, column {problem['column']}:")
    if "excerpt" in problem:
        yield f'<pre tabindex="0">{escape(str(problem["excerpt"]))}</pre>'
    if "hint" in problem:
        yield escaped("p", str(problem["hint"]))
    things = [*problem.get("near", ()), *problem.get("candidates", ())]
    if shown := "".join(f"<li>{_thing(each)}</li>" for each in things):
        yield f"<p>It may be one of these:</p><ul>{shown}</ul>"
    if report := problem.get("report"):
        yield escaped("pre", json.dumps(report, indent=2, ensure_ascii=False))
    if query is not None:
        yield query_form(query)
        yield f"<p>{link('/sparql#query=' + quote(query, safe=''), 'Open it in the editor')}</p>"
    yield f"<p>Status {problem['status']}. {link('/docs', 'All addresses and parameters')}.</p>"


def _thing(thing: Mapping[str, str]) -> str:
    label = thing.get("label", "")
    return link(thing["link"], label) if "link" in thing else escape(label)


def _find_query(scope: Scope) -> str | None:
    """Return the query that a request asks, None for any other request."""
    record = record_of(scope)
    if scope["path"] != _ASKED or record.is_write:
        return None
    query = record.query or Request(scope).query_params.get("query", "")
    return query if query or scope["method"] == "GET" else None


def _is_problem(head: Message) -> bool:
    return MutableHeaders(scope=head).get("content-type", "").startswith(MEDIA_TYPE)


def _prefers_pages(headers: Iterable[RawHeader]) -> bool:
    accept = b", ".join(find_headers(headers, b"accept")).decode("latin-1")
    return _HTML in accept and choose_media_type(accept, (*_FOR_PROGRAMS, _HTML)) == _HTML
