"""Attacks in the line and the headers of a request, and on its bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import quote

from abuse_case import BROKEN_OFF, Case
from abuse_wire import DIRECT, FORM, UPDATE, Answer, Target, request

__all__ = ["head_cases"]

REFUSED = frozenset({400, 404, 405, 406, 413, 414, 415, 417, 421, 431, 501, 505}) | BROKEN_OFF
TOLERATED = REFUSED | {200}
"""A header may be without meaning to the server, which then answers as if it weren't there."""

ASK = "/sparql?query=ASK%7B%7D"
HEADERS: Mapping[str, tuple[str, str]] = {
    "an Accept of 10,000 ranges": ("Accept", ", ".join(f"a/b{n};q=0.{n}" for n in range(10_000))),
    "an Accept of one long range": ("Accept", "a" * 60_000 + "/b"),
    "an Accept of commas": ("Accept", "," * 60_000),
    "an Accept of parameters": ("Accept", "text/csv" + ";q=1" * 15_000),
    "an Accept whose weight is no number": ("Accept", "text/csv;q=nan, */*;q=1e999"),
    "an open quotation": ("Accept", 'text/csv;x="' + "\\" * 30_000),
    "a header of 1 MB": ("X-Long", "a" * 1_000_000),
    "a tag list of 60 KB": ("If-None-Match", ", ".join(['"a"'] * 15_000)),
    "a thousand ranges of bytes": ("Range", "bytes=" + ",".join("0-1" for _ in range(1_000))),
    "a token of 60 KB": ("Authorization", "Bearer " + "a" * 60_000),
    "a chain of 5,000 proxies": ("X-Forwarded-For", ", ".join(["10.0.0.1"] * 5_000)),
    "a forwarded host": ("X-Forwarded-Host", "attacker.invalid"),
    "an origin that is no origin": ("Origin", "null"),
    "a null byte": ("X-Null", "a\x00b"),
    "a bare carriage return": ("X-Return", "a\rb"),
    "bytes above 127": ("Accept", "\xff\xfe/\xe9"),
    "a switch to WebSocket": ("Upgrade", "websocket"),
    "a switch to HTTP/2": ("Upgrade", "h2c"),
    "an unknown expectation": ("Expect", "200-ok"),
}
BYTES = {
    "bytes of TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500 + b"\r\n\r\n",
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a line without a version": b"GET /healthz\r\n\r\n",
    "an unknown version": b"GET /healthz HTTP/3.7\r\nHost: x\r\n\r\n",
    "a method of 60 KB": b"G" * 60_000 + b" / HTTP/1.1\r\nHost: x\r\n\r\n",
    "empty lines": b"\r\n" * 100_000 + request("GET", "/healthz"),
    "null bytes": b"\x00" * 100_000 + b"\r\n\r\n",
    "a header without a colon": b"GET /healthz HTTP/1.1\r\nHost\r\n\r\n",
    "a blank before a colon": b"GET /healthz HTTP/1.1\r\nHost : x\r\n\r\n",
    "a folded header": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: a\r\n b\r\n\r\n",
    "lines that end in a line feed": b"GET /healthz HTTP/1.1\nHost: x\n\n",
    "no host": b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n",
    "two hosts": b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
    "10,000 headers": b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"X-A: b\r\n" * 10_000 + b"\r\n",
}
PATHS = {
    "a null byte in a path": "/api/v1/drugs/%00",
    "a null byte in a query": "/sparql?query=ASK%7B%7D%00",
    "dots in a path": "/../../../../etc/passwd",
    "encoded dots in a path": "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "encoded slashes in a path": "/api/v1/drugs/..%2f..%2f..%2fetc%2fpasswd",
    "a path of 60 KB": "/" + "a" * 60_000,
    "10,000 slashes": "/" * 10_000,
    "a header in a parameter": "/sparql?query=ASK%7B%7D&format=csv%0d%0aX-Injected:%201",
    "a header in a path": "/api/v1/drugs/a%0d%0aX-Injected:%201",
    "10,000 parameters": "/sparql?" + "&".join(f"p{n}=1" for n in range(10_000)),
    "60,000 ampersands": "/sparql?" + "&" * 60_000,
    "10,000 graphs": "/sparql?query=ASK%7B%7D" + "&default-graph-uri=urn:g" * 10_000,
    "half an escape": "/sparql?query=%",
    "bytes that are no UTF-8": "/sparql?query=ASK%7B%7D%20%23%FF%FE",
    "half a surrogate pair": "/sparql?query=ASK%7B%7D%20%23%ED%A0%80",
    "bytes that are not escaped": "/sparql?query=ASK{}#\xff",
    "a surrogate pair in an escape": "/sparql?query=" + quote(r"ASK { FILTER('\uD800' = 1) }"),
    "a code point over the last": "/sparql?query=" + quote(r"ASK { FILTER('\UFFFFFFFF' = 1) }"),
    "a query of 60 KB in the address": "/sparql?query=" + "%20" * 20_000,
    "a query of 10 MB in the address": "/sparql?query=ASK%7B%7D" + "%20" * 3_000_000,
}


def head_cases() -> Iterator[Case]:
    """Return every attack on lines and headers."""
    for name, (header, value) in HEADERS.items():
        yield Case(
            f"header: {name}", header, _sending(request("GET", ASK, {header: value})), TOLERATED
        )
    for name, content in BYTES.items():
        yield Case(f"bytes: {name}", f"{len(content):,} bytes", _sending(content), TOLERATED)
    for name, path in PATHS.items():
        yield Case(f"address: {name}", "GET", _sending(request("GET", path)), TOLERATED)
    for media_type, body in TEXTS:
        yield Case(
            f"bytes that are no UTF-8 as {media_type}",
            "with a stray byte, half a surrogate pair, and an overlong encoding",
            _texts(media_type, body),
            frozenset({400, 415}),
        )


TEXTS = (
    (DIRECT, b"ASK { FILTER('%b' != '') }"),
    (FORM, b"query=ASK+%%7B+FILTER('%b'+!%%3D+'')+%%7D"),
    (UPDATE, b"INSERT DATA { <urn:s> <urn:p> '%b' }"),
    ("text/turtle", b"<urn:s> <urn:p> '%b' ."),
)


def _texts(media_type: str, body: bytes) -> Callable[[Target], Iterable[Answer]]:
    def attack(target: Target) -> Iterable[Answer]:
        method = "PUT" if media_type == "text/turtle" else "POST"
        path = target.query_path if method == "POST" else f"{target.store_path}?graph=urn:abuse"
        path = target.update_path if media_type == UPDATE else path
        headers = {"Content-Type": media_type, **target.authorization}
        for stray in (b"\xff", b"\xed\xa0\x80", b"\xc0\x80"):
            yield target.send(request(method, path, headers, body % stray))

    return attack


def _sending(content: bytes) -> Callable[[Target], Iterable[Answer]]:
    return lambda target: [target.send(content)]
