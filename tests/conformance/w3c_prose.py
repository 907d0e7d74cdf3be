"""The deprecated tests of the Graph Store Protocol, whose requests stand in prose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from w3c_exchanges import find_problem
from w3c_manifest import Case, Exchange
from w3c_server import Server

__all__ = ["NOT_RUN", "find_prose_misses"]

NOT_RUN: Mapping[str, str] = MappingProxyType(
    {
        "get_of_post__existing_graph": (
            'expects the name "John Doe", which an earlier test has replaced by "Jane Doe", '
            "and not the name that the POST before it has added"
        ),
    }
)
"""Entries that no server can pass, with the reason."""

_REQUEST = re.compile(r"#### Request\s+(.*?)#### Response\s+(.*)", re.DOTALL)
_STATUSES: Mapping[str, frozenset[int]] = MappingProxyType(
    {
        "put__default_graph": frozenset({200, 201, 204}),
        "delete__existing_graph": frozenset({200, 204}),
        "post__existing_graph": frozenset({200, 204}),
        "post__multipart_formdata": frozenset({200, 204}),
    }
)
"""Statuses as the tests that replace the deprecated ones have them: the prose has but one."""


def find_prose_misses(cases: tuple[Case, ...], server: Server) -> dict[str, str | None]:
    """Run the entries in their order, as each builds on those before; return what went wrong.

    Two things are added that the prose forgets: the final dots of its Turtle, and the graph
    that is to be deleted.
    """
    server.hold("nothing", lambda: "DROP ALL")
    server.held = None
    misses: dict[str, str | None] = {}
    new_path = ""
    for case in cases:
        name = case.name.partition("/")[2]
        exchange = _exchange(case, name, server, new_path)
        if name == "delete__existing_graph":
            created = server.send("PUT", _url(exchange.path, server), _TURTLE, b"<> <urn:p> 1 .")
            assert created.status == 201, created.summary
        url = _url(exchange.path, server)
        response = server.send(exchange.method, url, exchange.headers, exchange.body or None)
        misses[case.name] = find_problem(exchange, response)
        if exchange.location:
            new_path = urlsplit(response.headers.get("location", "")).path
    return misses


_TURTLE = (("Content-Type", "text/turtle"),)


def _exchange(case: Case, name: str, server: Server, new_path: str) -> Exchange:
    found = _REQUEST.search(case.comment)
    assert found, case.name
    parts = urlsplit(server.address.graph_store)
    texts = [
        _dedented(text)
        .replace("$HOST$/$GRAPHSTORE$", parts.netloc + parts.path)
        .replace("$HOST$", parts.netloc)
        .replace("$GRAPHSTORE$", parts.path)
        .replace("$NEWPATH$", new_path or "$NEWPATH$")
        for text in found.groups()
    ]
    (line, headers, body), (status, answer_headers, answer) = map(_message, texts)
    method, path, _ = line.split(" ")
    sent = tuple((key, value) for key, value in headers.items() if key != "host")
    return Exchange(
        method=method,
        path=path,
        headers=sent,
        body=_with_dots(body).encode(),
        statuses=_STATUSES.get(name, frozenset({int(status.split(" ")[0])})),
        location="$NEWPATH$" if "location" in answer_headers else None,
        media_type=answer_headers.get("content-type", "").partition(";")[0] or None,
        graph=answer or None,
    )


def _url(path: str, server: Server) -> str:
    parts = urlsplit(server.address.graph_store)
    return f"{parts.scheme}://{parts.netloc}{path}"


def _message(text: str) -> tuple[str, dict[str, str], str]:
    head, _, body = text.strip("\n").partition("\n\n")
    first, *fields = head.splitlines()
    pairs = (field.partition(":") for field in fields)
    return first, {name.lower(): value.strip() for name, _, value in pairs}, body


def _with_dots(body: str) -> str:
    """Return a body with CRLF in its multipart frame and a dot after each last triple."""
    text = re.sub(r'"(\s*)(?=\n--|\Z)', r'" .\1', body)
    return text.replace("\n", "\r\n") if text.startswith("--") else text


def _dedented(text: str) -> str:
    return "\n".join(line.removeprefix("    ").rstrip() for line in text.splitlines())
