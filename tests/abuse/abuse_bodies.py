"""Attacks in the body of a request: too much of it, too little, and lies about its length."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator, Mapping

from abuse_case import ANSWERED, BROKEN_OFF, Case
from abuse_wire import DIRECT, FORM, UPDATE, Answer, Target, request

__all__ = ["body_cases"]

TOO_LARGE = frozenset({413})
REFUSED = frozenset({400, 413, 415, 422, 501}) | BROKEN_OFF
MIB = b" " * (1 << 20)


def body_cases() -> Iterator[Case]:
    """Return every attack on the length of a body, for each kind of body."""
    for kind in KINDS:
        yield Case(f"{kind}: a body of 200 MB", "with its length", _long(kind), TOO_LARGE)
        yield Case(f"{kind}: a body without end", "in chunks of 1 MiB", _endless(kind), TOO_LARGE)
        yield Case(
            f"{kind}: a body announced as 10 TB", "and not sent", _announced(kind), TOO_LARGE
        )
        yield Case(f"{kind}: a body that ends early", "then no more is sent", _cut(kind), REFUSED)
        yield Case(f"{kind}: a compressed body", "1 MB that becomes 1 GB", _bomb(kind), REFUSED)
    for name, (headers, body) in FRAMINGS.items():
        yield Case(f"framing: {name}", "one request", _framed(headers, body), REFUSED)
    for name, (headers, body) in BULKY.items():
        yield Case(f"framing: {name}", "legal", _framed(headers, body), REFUSED | ANSWERED)


def _headers(target: Target, kind: str) -> tuple[str, str, dict[str, str]]:
    method, media_type, path = KINDS[kind]
    return method, path(target), {"Content-Type": media_type, **target.authorization}


KINDS: Mapping[str, tuple[str, str, Callable[[Target], str]]] = {
    "query": ("POST", DIRECT, lambda target: target.query_path),
    "query in a form": ("POST", FORM, lambda target: target.query_path),
    "update": ("POST", UPDATE, lambda target: target.update_path),
    "upload": ("PUT", "text/turtle", lambda target: f"{target.store_path}?graph=urn:abuse"),
    "upload of a form": (
        "POST",
        "multipart/form-data; boundary=x",
        lambda target: f"{target.store_path}?graph=urn:abuse",
    ),
}
FRAMINGS = {
    "both length and chunks": (
        {"Content-Length": "6", "Transfer-Encoding": "chunked"},
        b"0\r\n\r\n",
    ),
    "chunks and length": ({"Transfer-Encoding": "chunked", "Content-Length": "6"}, b"0\r\n\r\n"),
    "two lengths": ({"Content-Length": "6", "content-length": "60"}, b"ASK {}"),
    "two lengths in one header": ({"Content-Length": "6, 60"}, b"ASK {}"),
    "a negative length": ({"Content-Length": "-6"}, b"ASK {}"),
    "a length that is no number": ({"Content-Length": "six"}, b"ASK {}"),
    "a length with a sign": ({"Content-Length": "+6"}, b"ASK {}"),
    "a length beyond 64 bits": ({"Content-Length": "9" * 40}, b"ASK {}"),
    "an unknown transfer encoding": ({"Transfer-Encoding": "xchunked"}, b"0\r\n\r\n"),
    "chunks that are not the last encoding": ({"Transfer-Encoding": "chunked, gzip"}, b"0\r\n\r\n"),
    "chunks twice": ({"Transfer-Encoding": "chunked, chunked"}, b"0\r\n\r\n"),
    "a chunk beyond 64 bits": ({"Transfer-Encoding": "chunked"}, b"f" * 17 + b"\r\nASK {}"),
    "a negative chunk": ({"Transfer-Encoding": "chunked"}, b"-6\r\nASK {}\r\n0\r\n\r\n"),
    "a chunk that is longer than it says": (
        {"Transfer-Encoding": "chunked"},
        b"3\r\nASK {}\r\n0\r\n\r\n",
    ),
}
"""Requests whose end two readers would see in two places."""

BULKY = {
    "a chunk with a long extension": (
        {"Transfer-Encoding": "chunked"},
        b"6;" + b"a" * 1_000_000 + b"\r\nASK {}\r\n0\r\n\r\n",
    ),
    "a trailer without end": (
        {"Transfer-Encoding": "chunked"},
        b"6\r\nASK {}\r\n0\r\n" + b"x: y\r\n" * 100_000 + b"\r\n",
    ),
}


def _long(kind: str) -> Callable[[Target], Iterable[Answer]]:
    def attack(target: Target) -> Iterable[Answer]:
        method, path, headers = _headers(target, kind)
        head = request(method, path, {**headers, "Content-Length": str(200 * len(MIB))})
        return [target.send(head, *[MIB] * 200)]

    return attack


def _endless(kind: str) -> Callable[[Target], Iterable[Answer]]:
    def attack(target: Target) -> Iterable[Answer]:
        method, path, headers = _headers(target, kind)
        chunk = b"100000\r\n" + MIB + b"\r\n"
        head = request(method, path, {**headers, "Transfer-Encoding": "chunked"})
        return [target.send(head, *[chunk] * 200)]

    return attack


def _announced(kind: str) -> Callable[[Target], Iterable[Answer]]:
    def attack(target: Target) -> Iterable[Answer]:
        method, path, headers = _headers(target, kind)
        return [target.send(request(method, path, {**headers, "Content-Length": "9" * 13}))]

    return attack


def _cut(kind: str) -> Callable[[Target], Iterable[Answer]]:
    def attack(target: Target) -> Iterable[Answer]:
        method, path, headers = _headers(target, kind)
        with target.connected() as wire:
            wire.write(request(method, path, {**headers, "Content-Length": "1000"}), b"ASK {}")
            wire.end()
            return [wire.read()]

    return attack


def _bomb(kind: str) -> Callable[[Target], Iterable[Answer]]:
    def attack(target: Target) -> Iterable[Answer]:
        method, path, headers = _headers(target, kind)
        body = gzip.compress(MIB * 8, 1) * 128
        return [target.send(request(method, path, {**headers, "Content-Encoding": "gzip"}, body))]

    return attack


def _framed(headers: Mapping[str, str], body: bytes) -> Callable[[Target], Iterable[Answer]]:
    def attack(target: Target) -> Iterable[Answer]:
        given = {"Content-Type": DIRECT, **headers}
        smuggled = request("GET", "/healthz")
        return [target.send(request("POST", target.query_path, given), body + smuggled)]

    return attack
