"""Publications for tests: small snapshots with what is hard to load, and a publisher of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store
from serving import snapshot_of

from kg.nquads import snapshot_id
from kg.publish import Order, Outcome, Publisher
from kg.publish_endpoint import Addresses, Endpoint, Patience
from kg.publish_loading import Limits
from kg.snapshot import Snapshot, write_snapshot

__all__ = ["HURRIED", "Quiet", "clear", "hard_snapshot", "numbered_snapshot", "publish", "select"]

HURRIED = Patience(tries=3, pause=0.01, timeout=120.0)
SMALL = Limits(chunk=40, statement=25)
_E = "http://e.org/"
_XSD = "http://www.w3.org/2001/XMLSchema#"


class Quiet:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.counts: list[tuple[str, int, int]] = []

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def count(self, stage: str, done: int, total: int) -> None:
        self.counts.append((stage, done, total))


def node(name: str) -> NamedNode:
    return NamedNode(_E + name)


def numbered_snapshot(home: Path, number: int, *, subjects: int = 30) -> Snapshot:
    """Write a snapshot of three graphs, all of whose values are ``number``, with blank nodes."""
    store = Store()
    for graph in ("one", "two", "three"):
        for subject in range(subjects):
            what = Literal(f"value {number}")
            store.add(Quad(node(f"s{subject}"), node("p"), what, node(graph)))
    list_node = BlankNode("list")
    store.add(Quad(node("s0"), node("list"), list_node, node("one")))
    store.add(Quad(list_node, node("first"), Literal(f"item {number}"), node("one")))
    return snapshot_of(store, home)


def hard_snapshot(home: Path) -> Snapshot:
    """Write a snapshot with literals that engines change, blank nodes, shared triples and more."""
    store = Store()
    one, two = node("one"), node("two")
    values: list[Literal | NamedNode] = [
        *(Literal(text, datatype=NamedNode(_XSD + "decimal")) for text in ("5.25", "5.4", "7")),
        *(Literal(text, datatype=NamedNode(_XSD + "boolean")) for text in ("true", "false")),
        Literal("2020-02-29T23:59:59Z", datatype=NamedNode(_XSD + "dateTime")),
        Literal("2020-02-29", datatype=NamedNode(_XSD + "date")),
        Literal("1.0E3", datatype=NamedNode(_XSD + "double")),
        Literal("colour", language="en-GB"),
        Literal('a "quote", a back\\slash, \\u0041, a\nline and a\ttab'),
        Literal("Grüße 😀 <http://e.org/one>"),
        Literal("_:a"),
        Literal(""),
        node("a%20b?c=d#e"),
    ]
    for number, value in enumerate(values):
        store.add(Quad(node(f"value{number}"), node("p"), value, one))
    # Both values of one subject, which are equal numbers.
    store.add(Quad(node("value0"), node("p"), values[1], one))
    for graph in (one, two):
        store.add(Quad(node("shared"), node("p"), Literal("in both"), graph))
    store.add(Quad(node("only"), node("p"), Literal("in two"), two))
    store.add(Quad(node("plain"), node("p"), Literal("in none"), DefaultGraph()))
    for number in range(30):
        first, rest = BlankNode(f"a{number}"), BlankNode(f"b{number}")
        store.add(Quad(node(f"l{number}"), node("list"), first, one))
        store.add(Quad(first, node("first"), Literal(number), one))
        store.add(Quad(first, node("rest"), rest, one))
        store.add(Quad(rest, node("first"), Literal("last"), one))
    spread = BlankNode("spread")
    store.add(Quad(node("x"), node("over"), spread, node("three")))
    store.add(Quad(spread, node("p"), Literal("elsewhere"), node("four")))
    store.add_graph(node("empty"))
    written = snapshot_of(store, home / "normal")
    # A store would write another form of the number.
    lines = written.nquads.read_bytes().replace(b'"5.25"', b'"5.40"').splitlines(keepends=True)
    quads = b"".join(sorted(lines))
    return write_snapshot(home, quads, replace(written.manifest, id=snapshot_id(quads)))


def publish(
    snapshot: Snapshot,
    address: str,
    home: Path,
    *,
    store: str | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    **order: Any,
) -> Outcome:
    """Publish a snapshot in small chunks."""
    given = Order(snapshot, home, **{"limits": SMALL, "compared": 0, **order})
    with Endpoint(Addresses(address, store=store), patience=HURRIED, say=_ignore) as endpoint:
        return Publisher(given, endpoint, Quiet(), clock=now).publish()


def select(address: str, query: str) -> list[dict[str, str]]:
    """Return the rows of a query, each with the values of its variables."""
    headers = {"Accept": "application/sparql-results+json"}
    answer = httpx.post(address, data={"query": query}, headers=headers, timeout=60)
    answer.raise_for_status()
    rows = answer.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows]


def clear(address: str, update: str) -> None:
    """Remove every graph of ours from an engine."""
    found = select(address, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    for row in found:
        if "snapshot-" in row["g"] or "/graph/publication" in row["g"]:
            text = f"CLEAR SILENT GRAPH <{row['g']}>"
            headers = {"Content-Type": "application/sparql-update"}
            httpx.post(update, content=text, headers=headers, timeout=60).raise_for_status()


def _ignore(_: str) -> None:
    pass
