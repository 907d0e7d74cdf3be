"""Attacks by the pace and the number of connections: slow, idle, many, and gone too soon."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress

from abuse_case import ANSWERED, BROKEN_OFF, Case
from abuse_runaways import CROSS, ENDLESS
from abuse_wire import DIRECT, UPDATE, Answer, Target, Wire, request

__all__ = ["connection_cases"]

HEALTH = request("GET", "/healthz", {"Connection": "keep-alive"})
LARGE = f"SELECT * {{ {CROSS} }} LIMIT 1000000"
FREED_SECONDS = 2.0
"""Less than the deadline of a query: the workers of those who left are free before it."""

CLOSED_OR_TOLD = ANSWERED | BROKEN_OFF | {400, 408}


def connection_cases() -> Iterator[Case]:
    """Return every attack that needs time, or several requests on a connection."""
    for name, pieces in _slow_requests().items():
        yield Case(
            f"slow: {name}", "50 connections, a byte in 50 ms", _slowly(pieces), CLOSED_OR_TOLD
        )
    yield Case("slow: 20 readers", "1,000,000 rows, 4 KiB in 50 ms", _slow_readers, CLOSED_OR_TOLD)
    yield Case("500 idle connections", "of 1,024 descriptors", _idle(500), CLOSED_OR_TOLD)
    yield Case(
        "1,100 idle connections",
        "of 1,024 descriptors, then closed",
        _idle(1_100),
        CLOSED_OR_TOLD,
    )
    for name, (query, wait) in LEFT.items():
        yield Case(
            f"left: {name}",
            "20 connections, then reset",
            _left(query, wait),
            ANSWERED,
            seconds=FREED_SECONDS,
        )
    yield Case("left: while uploading", "20 connections", _left_uploading, ANSWERED)
    yield Case("100 requests in one go", "pipelined", _pipelined, ANSWERED)
    yield Case("errors by HEAD", "then GET on the same connection", _heads, ANSWERED)
    yield Case("a runaway, pipelined", "with ASK {} behind it", _behind_runaway, ANSWERED | {504})


def _slow_requests() -> dict[str, bytes]:
    query = request("POST", "/sparql", {"Content-Type": DIRECT, "Content-Length": "6"})
    update = request("POST", "/sparql", {"Content-Type": UPDATE, "Content-Length": "6"})
    return {
        "headers": HEALTH[:-2],
        "body of a query": query + b"ASK {}",
        "body of an update": update + b"CLEAR ",
    }


def _slowly(content: bytes) -> Callable[[Target], Iterable[Answer]]:
    """Open many connections, send a few bytes on each again and again, and then nothing."""

    def attack(target: Target) -> Iterable[Answer]:
        with ExitStack() as stack:
            wires = [stack.enter_context(target.connected()) for _ in range(50)]
            for wire in wires:
                wire.write(content[:-20])
            for n in range(20, 1, -1):
                for wire in wires:
                    wire.write(content[-n : -n + 1])
                time.sleep(0.05)
            yield target.get("ASK {} # beside slow ones")

    return attack


def _slow_readers(target: Target) -> Iterable[Answer]:
    with ExitStack() as stack:
        readers = [
            stack.enter_context(target.connected(receive_buffer=4096)).connection for _ in range(20)
        ]
        for reader in readers:
            reader.sendall(request("POST", target.query_path, {"Content-Type": DIRECT}, LARGE))
        for _ in range(40):
            for reader in readers:
                _read_a_little(reader)
            time.sleep(0.05)
        yield target.get("ASK {} # beside slow readers")


def _read_a_little(reader: socket.socket) -> None:
    reader.setblocking(False)
    with suppress(OSError):
        reader.recv(4096)


def _idle(number: int) -> Callable[[Target], Iterable[Answer]]:
    def attack(target: Target) -> Iterable[Answer]:
        with ExitStack() as stack:
            for _ in range(number):
                stack.enter_context(target.connected())
            time.sleep(0.5)
            if number < 1_000:
                yield target.get("ASK {} # beside idle ones")
        yield target.get("ASK {} # after idle ones")

    return attack


LEFT = {
    "while its query is evaluated": (ENDLESS, 0.5),
    "while its query waits": (ENDLESS, 0.0),
    "while its answer is sent": (LARGE, 1.5),
}


def _left(query: str, wait: float) -> Callable[[Target], Iterable[Answer]]:
    """Ask, hang up with a reset, and be answered at once: the workers are free again."""

    def attack(target: Target) -> Iterable[Answer]:
        with ExitStack() as stack:
            for _ in range(20):
                wire = stack.enter_context(target.connected())
                _reset_at_close(wire)
                wire.write(request("POST", target.query_path, {"Content-Type": DIRECT}, query))
            time.sleep(wait)
        time.sleep(0.2)
        yield target.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")

    return attack


def _left_uploading(target: Target) -> Iterable[Answer]:
    path = f"{target.store_path}?graph=urn:abuse"
    headers = {"Content-Type": "text/turtle", "Content-Length": "999999", **target.authorization}
    with ExitStack() as stack:
        for _ in range(20):
            wire = stack.enter_context(target.connected())
            _reset_at_close(wire)
            wire.write(request("PUT", path, headers), b"<urn:s> <urn:p> <urn:o> .\n" * 1_000)
    yield target.get("ASK { FILTER NOT EXISTS { GRAPH <urn:abuse> { <urn:s> <urn:p> <urn:o> } } }")


def _reset_at_close(wire: Wire) -> None:
    wire.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _pipelined(target: Target) -> Iterable[Answer]:
    with target.connected() as wire:
        wire.write(HEALTH * 100)
        for _ in range(100):
            yield wire.read()


def _heads(target: Target) -> Iterable[Answer]:
    """Make errors by HEAD, whose answers have no body: the next answer stands right behind."""
    path = target.query_path
    errors = (f"{path}?query=SELECT", path + "?zebra=1", "/nowhere", "/api/v1/drugs/none")
    with target.connected() as wire:
        for error in errors:
            wire.write(request("HEAD", error, {"Connection": "keep-alive"}), HEALTH)
            head = wire.read("HEAD")
            assert 400 <= head.status < 500, head
            yield wire.read()


def _behind_runaway(target: Target) -> Iterable[Answer]:
    headers = {"Content-Type": DIRECT, "Connection": "keep-alive"}
    runaway = request("POST", f"{target.query_path}?timeout=1", headers, ENDLESS)
    with target.connected() as wire:
        wire.write(runaway + HEALTH)
        yield wire.read()
        yield wire.read()
