"""What a publisher leaves at an endpoint to go on from: which snapshots are there, and how far.

The graph ``LEDGER`` has a subject for each snapshot that was loaded or is being loaded. Readers of
the published snapshot need nothing of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from kg.publication import LEDGER, PUBLICATION
from kg.publish_endpoint import Endpoint

__all__ = ["Entry", "entry_node", "insert_data", "read_ledger"]

_NODE = f"{PUBLICATION}#snapshot-"
_LOADED = "loaded"
_BLANK = "blank nodes loaded"
_QUERY = f"SELECT ?s ?p ?o {{ GRAPH <{LEDGER}> {{ ?s ?p ?o }} }}"


@dataclass(frozen=True)
class Entry:
    """A snapshot at an endpoint: its graphs there, who loads it, since when; instants in UTC.

    ``has_blank``: all triples with blank nodes have arrived.
    """

    snapshot: str
    token: str
    began: str
    holds: tuple[str, ...]
    is_loaded: bool = False
    retired: str | None = None
    has_blank: bool = False

    def begin(self) -> str:
        """Return the update that enters it."""
        return insert_data(LEDGER, _triples(self))

    def finish(self) -> str:
        """Return the update that says it is loaded."""
        return insert_data(LEDGER, [_said(self.snapshot, "state", _LOADED)])

    def retire(self, instant: str) -> str:
        """Return the update that says it is not visible any more."""
        return insert_data(LEDGER, [_said(self.snapshot, "retired", instant)])

    def forget(self) -> str:
        """Return the update that removes it from the ledger."""
        node = entry_node(self.snapshot)
        return f"DELETE WHERE {{ GRAPH <{LEDGER}> {{ {node} ?p ?o }} }}"

    def unretire(self) -> str:
        """Return the update that takes back that it is not visible."""
        node, term = entry_node(self.snapshot), _term("retired")
        return f"DELETE WHERE {{ GRAPH <{LEDGER}> {{ {node} {term} ?o }} }}"

    def say_blank(self) -> str:
        """Return the update that says all triples with blank nodes have arrived."""
        return insert_data(LEDGER, [_said(self.snapshot, "state", _BLANK)])

    def mark(self, batch: int) -> Triple:
        """Return what says that a batch has arrived; it stands in the graph of the batch."""
        return _said(self.snapshot, "batch", str(batch))

    def marks_query(self, graph: str) -> str:
        """Return the query for the batches that have arrived in a graph."""
        node, term = entry_node(self.snapshot), _term("batch")
        return f"SELECT ?o {{ GRAPH <{graph}> {{ {node} {term} ?o }} }}"

    def unmark(self, graph: str) -> str:
        """Return the update that removes the marks from a graph."""
        node, term = entry_node(self.snapshot), _term("batch")
        return f"DELETE WHERE {{ GRAPH <{graph}> {{ {node} {term} ?o }} }}"


def entry_node(snapshot: str) -> NamedNode:
    """Return the subject that tells of a snapshot."""
    return NamedNode(_NODE + snapshot)


def insert_data(graph: str, triples: Iterable[Triple]) -> str:
    """Return the update that adds triples to a graph.

    >>> insert_data("e:g", [Triple(NamedNode("e:a"), NamedNode("e:b"), Literal("c"))])
    'INSERT DATA { GRAPH <e:g> { <e:a> <e:b> "c" . } }'
    """
    return f"INSERT DATA {{ GRAPH <{graph}> {{ {' '.join(f'{each} .' for each in triples)} }} }}"


def read_ledger(endpoint: Endpoint) -> dict[str, Entry]:
    """Return what the ledger of an endpoint holds, by the ids of the snapshots."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in endpoint.select(_QUERY):
        subject, term = row["s"]["value"], row["p"]["value"].rpartition("#")[2]
        found[subject.removeprefix(_NODE)][term].append(row["o"]["value"])
    return {
        snapshot: _entry(snapshot, said)
        for snapshot, said in found.items()
        if said.get("token") and said.get("began")
    }


def _entry(snapshot: str, said: Mapping[str, list[str]]) -> Entry:
    return Entry(
        snapshot,
        said["token"][0],
        max(said["began"]),
        tuple(sorted(said.get("holds", ()))),
        _LOADED in said.get("state", ()),
        max(said.get("retired", ()), default=None),
        _BLANK in said.get("state", ()),
    )


def _triples(entry: Entry) -> list[Triple]:
    return [
        _said(entry.snapshot, "token", entry.token),
        _said(entry.snapshot, "began", entry.began),
        *(_said(entry.snapshot, "holds", name) for name in entry.holds),
    ]


def _said(snapshot: str, term: str, value: str) -> Triple:
    return Triple(entry_node(snapshot), _term(term), Literal(value))


def _term(name: str) -> NamedNode:
    return NamedNode(f"{PUBLICATION}#{name}")
