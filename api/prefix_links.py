"""The paths in answers, as the client must ask them: with the prefix of a proxy before them.

What writes an answer starts its paths at the root of the server, and need not know of proxies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.kept_bytes import KeptBytes
from api.prefix import HEADER, first_parts, prefix_of
from kg.namespaces import Namespaces

__all__ = ["PrefixedLinks", "prefix_header", "prefix_json", "prefix_page"]

_HEADERS = ("location", "content-location")
_PAGE = re.compile(rb"""(\s(?:href|src|action|formaction|hx-get|data-address)=")(?=/(?!/))""")
_LINK = re.compile(r"<(?=/(?!/))")
_DATA = ("/sparql", "/rdf-graph-store")
"""Below these stand data of users: a text in it that looks like a path is none of the server."""
_PAGES = "text/html"
_CONTRACT = "/openapi.json"

Rewrite = Callable[[bytes], bytes]


def prefix_page(text: bytes, prefix: str) -> bytes:
    """Return HTML with a prefix before the paths of its links and forms, and those for scripts.

    Quotes in texts are escaped in all our pages, so that an attribute is what looks like one.

    >>> prefix_page(b'<a href="/docs">/docs</a> <a href="https://e.org/">e</a>', "/kg")
    b'<a href="/kg/docs">/docs</a> <a href="https://e.org/">e</a>'
    """
    return _PAGE.sub(rb"\1" + prefix.encode(), text)


def prefix_json(text: bytes, prefix: str, taken: Collection[str]) -> bytes:
    r"""Return JSON with a prefix before the values that are paths of this server.

    Such a value starts with one of the ``taken`` first parts. Within a text no quote stands
    without a backslash, so that what is found are starts of texts.

    >>> prefix_json(b'{"next":"/api/v1/x","label":"/a or \\"/api\\"","id":"/api"}', "/kg", {"api"})
    b'{"next":"/kg/api/v1/x","label":"/a or \\"/api\\"","id":"/kg/api"}'
    """
    parts = b"|".join(re.escape(each.encode()) for each in sorted(taken) if each)
    found = re.compile(rb'([:,\[{]\s*")(?=/(?:' + parts + rb')[/?#"])')
    return found.sub(rb"\1" + prefix.encode(), text)


def prefix_header(value: str, prefix: str) -> str:
    """Return the header Link with a prefix before its paths.

    >>> prefix_header('</a?b>; rel="next", <https://e.org/>; rel="license"', "/kg")
    '</kg/a?b>; rel="next", <https://e.org/>; rel="license"'
    """
    return _LINK.sub(f"<{prefix}", value)


class PrefixedLinks:
    """Puts the prefix before the paths in headers, pages and JSON, where there is one.

    ``names`` are those of things in the graph. Results of queries, graphs and files are handed
    on as they are.
    """

    def __init__(self, app: ASGIApp, names: Namespaces) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, and its answer back."""
        prefix = prefix_of(scope) if scope["type"] == "http" else ""
        if not prefix:
            await self._app(scope, receive, send)
            return
        has_header = any(name == HEADER.encode() for name, _ in scope["headers"])
        taken = first_parts(scope["app"], self._names)
        answer = _Answer(send, prefix, scope["path"], taken, varies=has_header)
        await self._app(scope, receive, answer.send)


class _Answer:
    """One answer on its way; its head waits for the first piece of its body."""

    def __init__(
        self, send: Send, prefix: str, path: str, taken: Collection[str], *, varies: bool
    ) -> None:
        self._send = send
        self._prefix = prefix
        self._path = path
        self._taken = taken
        self._varies = varies
        self._head: Message | None = None
        self._rewrite: Rewrite | None = None
        self._is_stream = False
        self._held = bytearray()

    async def send(self, message: Message) -> None:
        """Send a message of the answer."""
        if message["type"] == "http.response.start":
            await self._start(message)
        elif message["type"] == "http.response.body" and self._rewrite is not None:
            await self._send_body(message, self._rewrite)
        else:
            await self._send(message)

    async def _start(self, head: Message) -> None:
        headers = MutableHeaders(scope=head)
        for name in _HEADERS:
            value = headers.get(name, "")
            if value.startswith("/") and not value.startswith("//"):
                headers[name] = self._prefix + value
        if "link" in headers:
            headers["link"] = prefix_header(headers["link"], self._prefix)
        if self._varies:
            headers.add_vary_header(HEADER)
        self._rewrite = self._choose(headers)
        if self._rewrite is None:
            await self._send(head)
            return
        self._head = head
        # A page whose length is not known comes in pieces, as long as rows come.
        self._is_stream = _media_type(headers) == _PAGES and "content-length" not in headers

    def _choose(self, headers: MutableHeaders) -> Rewrite | None:
        media_type = _media_type(headers)
        if "content-encoding" in headers or "content-disposition" in headers:
            return None
        if media_type == _PAGES:
            return lambda text: prefix_page(text, self._prefix)
        if media_type != "application/json" and not media_type.endswith("+json"):
            return None
        if self._path == _CONTRACT:
            return lambda text: _with_server(text, self._prefix)
        is_data = any(f"{self._path}/".startswith(f"{each}/") for each in _DATA)
        if is_data and media_type != "application/problem+json":
            return None
        return lambda text: prefix_json(text, self._prefix, self._taken)

    async def _send_body(self, message: Message, rewrite: Rewrite) -> None:
        """Rewrite all of an answer at its end, and a stream up to its last tag."""
        given, is_last = message.get("body", b""), not message.get("more_body", False)
        if isinstance(given, KeptBytes) and is_last and not self._held:
            body: bytes = await given.derive(self._prefix, rewrite)
        else:
            self._held += given
            if not is_last and not (self._is_stream and b">" in self._held):
                return
            end = len(self._held) if is_last else self._held.rindex(b">") + 1
            body = rewrite(bytes(self._held[:end]))
            del self._held[:end]
        if self._head is not None:
            head, self._head = self._head, None
            if "content-length" in MutableHeaders(scope=head):
                MutableHeaders(scope=head)["Content-Length"] = str(len(body))
            await self._send(head)
        await self._send({**message, "body": body})


def _media_type(headers: MutableHeaders) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _with_server(contract: bytes, prefix: str) -> bytes:
    """Return the contract with the address below which its paths are."""
    return contract.replace(b"{", b'{"servers":[{"url":"' + prefix.encode() + b'"}],', 1)
