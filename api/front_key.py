"""What an answer depends on in the head of its request: the key under which it may be kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from api.client_limits import ALWAYS_ANSWERED

__all__ = ["IRRELEVANT", "Wish", "read_wish"]

Header = tuple[bytes, bytes]

IRRELEVANT = frozenset(
    {
        b"accept-language",
        b"cache-control",
        b"connection",
        b"cookie",
        b"dnt",
        b"from",
        b"keep-alive",
        b"origin",
        b"pragma",
        b"priority",
        b"referer",
        b"save-data",
        b"traceparent",
        b"tracestate",
        b"upgrade-insecure-requests",
        b"user-agent",
        b"via",
        b"x-forwarded-for",
        b"x-real-ip",
        b"x-request-id",
    }
)
"""Headers that change no answer but for the id in it: nothing in this package reads them for one.

Whether the connection goes on is a part of the key of its own.
"""

_OF_BROWSERS = b"sec-"
_NEVER = frozenset(
    {
        b"authorization",
        b"content-encoding",
        b"content-length",
        b"content-type",
        b"expect",
        b"if-match",
        b"if-range",
        b"if-unmodified-since",
        b"proxy-authorization",
        b"range",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
"""Headers with which a request always goes the whole way."""

_OF_PROXIES = b"x-forwarded-"
_METHODS = (b"GET", b"HEAD")
_ALWAYS_ANSWERED = tuple(each.encode() for each in ALWAYS_ANSWERED)


class Wish(NamedTuple):
    """What a request asks, as far as it decides the answer.

    ``known`` are the tags of If-None-Match, ``id`` what the client calls its request. Another
    request with the same head is the same wish if it ``is_plain``: nothing in it is for one
    request alone, and nothing depends on who is at the other end.
    """

    key: tuple[object, ...]
    known: bytes | None
    id: bytes | None
    is_plain: bool


def read_wish(
    method: bytes, target: bytes, headers: Iterable[Header], *around: object
) -> Wish | None:
    """Return what the head of a request asks, or None for one that is always answered anew.

    ``around`` is what else the answer depends on, such as the version of HTTP. The names of
    ``headers`` are in small letters. All that is not known to be irrelevant is in the key.

    >>> head = [(b"host", b"kg.example"), (b"user-agent", b"curl"), (b"accept", b"text/csv")]
    >>> read_wish(b"GET", b"/sparql", head).key[2:]
    ((b'host', b'kg.example'), (b'accept', b'text/csv'))
    >>> read_wish(b"GET", b"/sparql", [*head, (b"range", b"bytes=0-1")])
    """
    if method not in _METHODS or not target.startswith(b"/") or target in _ALWAYS_ANSWERED:
        return None
    known = name_given = None
    hosts = 0
    is_plain = True
    key: list[object] = [method, target, *around]
    for header in headers:
        name = header[0]
        if name in _NEVER:
            return None
        if name == b"if-none-match":
            if known is not None:
                return None
            known = header[1]
        elif name == b"x-request-id":
            name_given = header[1] if name_given is None else name_given
            is_plain = False
        elif name not in IRRELEVANT and not name.startswith(_OF_BROWSERS):
            hosts += name == b"host" and header[1] != b""
            key.append(header)
        is_plain = is_plain and not name.startswith(_OF_PROXIES)
    return Wish(tuple(key), known, name_given, is_plain) if hosts == 1 else None
