"""The headers of a message as ASGI has them: pairs of bytes, of which names are in small letters.

What lies around every request reads them so, as to make objects of them for each layer costs more
than what most layers do.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["RawHeader", "add_missing", "find_header", "find_headers", "has_any", "put_header"]

RawHeader = tuple[bytes, bytes]


def find_header(headers: Iterable[RawHeader], name: bytes) -> bytes | None:
    """Return the first value of a header, or None where it is not there.

    >>> find_header([(b"etag", b'"a"')], b"etag"), find_header([], b"etag")
    (b'"a"', None)
    """
    for each, value in headers:
        if each == name:
            return value
    return None


def find_headers(headers: Iterable[RawHeader], name: bytes) -> list[bytes]:
    """Return all values of a header.

    >>> find_headers([(b"accept", b"a/b"), (b"accept", b"c/d")], b"accept")
    [b'a/b', b'c/d']
    """
    return [value for each, value in headers if each == name]


def has_any(headers: Iterable[RawHeader], names: frozenset[bytes]) -> bool:
    """Tell whether one of several headers is there.

    >>> has_any([(b"range", b"bytes=0-")], frozenset([b"range", b"if-range"]))
    True
    """
    return any(name in names for name, _ in headers)


def put_header(headers: list[RawHeader], name: bytes, value: bytes) -> None:
    """Set a header in place of what it was, or add it.

    >>> headers = [(b"a", b"1"), (b"b", b"2"), (b"a", b"3")]
    >>> put_header(headers, b"a", b"4")
    >>> headers
    [(b'a', b'4'), (b'b', b'2')]
    """
    places = [place for place, (each, _) in enumerate(headers) if each == name]
    for place in reversed(places[1:]):
        del headers[place]
    if places:
        headers[places[0]] = (name, value)
    else:
        headers.append((name, value))


def add_missing(headers: list[RawHeader], name: bytes, value: bytes) -> None:
    """Add a header unless it is there.

    >>> headers = [(b"vary", b"Origin")]
    >>> add_missing(headers, b"vary", b"Accept")
    >>> headers
    [(b'vary', b'Origin')]
    """
    if find_header(headers, name) is None:
        headers.append((name, value))
