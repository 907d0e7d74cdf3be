"""Attacks by what is sent beyond the request that is being answered, or beyond its answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress

from abuse_case import ANSWERED, BROKEN_OFF, Case
from abuse_runaways import ENDLESS
from abuse_wire import DIRECT, Answer, Target, Wire, request

__all__ = ["backlog_cases"]

HEALTH = request("GET", "/healthz", {"Connection": "keep-alive"})
CHUNKED = {"Content-Type": DIRECT, "Transfer-Encoding": "chunked"}
FREED_SECONDS = 2.0
SENDING_SECONDS = 1.5
PIECE = 64 * 1024

_END = ANSWERED | BROKEN_OFF | {400, 413, 431}


def backlog_cases() -> Iterator[Case]:
    """Return every attack that sends more than is read."""
    for name, (number, wish) in _floods().items():
        yield Case(
            f"flood: {name}",
            f"{number} connections, 8,000 requests each at once, no answer read",
            _flood(number, wish),
            ANSWERED,
        )
    for name, begun in _begun().items():
        yield Case(f"without end: {name}", "for 1.5 s", _without_end(*begun), _END)
    for name, behind in _behind().items():
        yield Case(
            f"left: a runaway with {name} behind it",
            "20 connections, then closed",
            _left(behind),
            ANSWERED,
            seconds=FREED_SECONDS,
        )
    yield Case(
        "small chunks", "10 connections, a query of 900 KB in chunks of a byte", _small_chunks, _END
    )


def _floods() -> dict[str, tuple[int, bytes]]:
    ask = request("GET", "/sparql?query=ASK%7B%7D", {"Connection": "keep-alive"})
    return {
        "health": (200, HEALTH),
        "ASK {}": (12, ask),
        "no Host": (20, b"GET / HTTP/1.1\r\n\r\n"),
        "metrics": (60, request("GET", "/metrics", {"Connection": "keep-alive"})),
        "the contract": (
            60,
            request(
                "GET", "/openapi.json", {"Connection": "keep-alive", "Accept-Encoding": "gzip"}
            ),
        ),
    }


def _flood(number: int, wish: bytes) -> Callable[[Target], Iterable[Answer]]:
    def attack(target: Target) -> Iterable[Answer]:
        with ExitStack() as stack:
            for _ in range(number):
                wire = stack.enter_context(target.connected(receive_buffer=4096))
                wire.connection.setblocking(False)
                with suppress(OSError):
                    wire.connection.send(wish * 8000)
            for _ in range(3):
                yield target.get("ASK {} # beside the flood")
                time.sleep(0.3)

    return attack


def _begun() -> dict[str, tuple[bytes, bytes]]:
    runaway = request(
        "POST",
        "/sparql?timeout=3",
        {"Content-Type": DIRECT, "Connection": "keep-alive"},
        ENDLESS,
    )
    chunked = request("POST", "/sparql", CHUNKED)
    return {
        "a header behind a runaway": (runaway + b"GET / HTTP/1.1\r\nX: ", b"a" * PIECE),
        "headers behind a runaway": (runaway + b"GET / HTTP/1.1\r\n", b"a: b\r\n" * 10_000),
        "trailers": (chunked + b"6\r\nASK {}\r\n0\r\n", b"a: b\r\n" * 10_000),
        "an extension of a chunk": (chunked + b"6;a=", b"a" * PIECE),
        "chunks of a byte": (chunked, b"1\r\n \r\n" * 10_000),
        "a body after its refusal": (
            request("PUT", "/nowhere", {"Content-Length": str(10**13)}),
            b"x" * PIECE,
        ),
        "chunks after their refusal": (
            request("PUT", "/nowhere", {"Transfer-Encoding": "chunked"}),
            b"10000\r\n" + b"x" * PIECE + b"\r\n",
        ),
    }


def _without_end(begun: bytes, piece: bytes) -> Callable[[Target], Iterable[Answer]]:
    def attack(target: Target) -> Iterable[Answer]:
        with target.connected() as wire:
            wire.write(begun)
            _go_on(wire, piece)
            yield target.get("ASK {} # beside what does not end")

    return attack


def _go_on(wire: Wire, piece: bytes) -> None:
    """Send a piece again and again while the server takes it, for a while at most."""
    until = time.monotonic() + SENDING_SECONDS
    wire.connection.settimeout(SENDING_SECONDS)
    with suppress(OSError):
        while time.monotonic() < until:
            wire.connection.sendall(piece)


def _behind() -> dict[str, bytes]:
    return {"a request": HEALTH, "8,000 requests": HEALTH * 8000, "half a head": HEALTH[:20]}


def _left(behind: bytes) -> Callable[[Target], Iterable[Answer]]:
    """Ask, hang up with something unread, and be answered: the workers are free again."""

    def attack(target: Target) -> Iterable[Answer]:
        headers = {"Content-Type": DIRECT, "Connection": "keep-alive"}
        runaway = request("POST", target.query_path, headers, ENDLESS)
        with ExitStack() as stack:
            for _ in range(20):
                wire = stack.enter_context(target.connected())
                wire.connection.settimeout(0.2)
                with suppress(OSError):
                    wire.connection.sendall(runaway + behind)
            time.sleep(0.3)
        time.sleep(1.2)
        yield target.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")

    return attack


def _small_chunks(target: Target) -> Iterable[Answer]:
    with ExitStack() as stack:
        wires = [stack.enter_context(target.connected()) for _ in range(10)]
        for wire in wires:
            wire.write(request("POST", target.query_path, CHUNKED), b"1\r\n \r\n" * 900_000)
        for wire in wires:
            yield wire.read()
    yield target.get("ASK {} # after small chunks")
