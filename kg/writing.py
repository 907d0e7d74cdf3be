"""Writes: SPARQL updates and whole graphs, and what they change in a store."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Literal

from pyoxigraph import DefaultGraph, NamedNode, Store

from kg.change import Change, dump_graphs, find_change
from kg.graph_reading import GraphNotFoundError
from kg.payloads import Payload, read_payload
from kg.query_error import QueryRefusedError
from kg.read_only import check_read_only
from kg.statement_limits import check_statements
from kg.update_evaluation import evaluate_update
from kg.update_reach import find_named_in_data

__all__ = [
    "Effect",
    "GraphWrite",
    "Payload",
    "Update",
    "Write",
    "evaluate_write",
    "read_write",
]

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Update:
    """A SPARQL update.

    The two lists of graph IRIs are the data set of every WHERE, in place of USING and WITH.
    Else a WHERE without either sees the union of all graphs (``union``) or the default graph.
    """

    text: str
    using_graphs: tuple[str, ...] = ()
    using_named_graphs: tuple[str, ...] = ()
    union: bool = True

    def to_bytes(self) -> bytes:
        """Return the update as ``read_write`` reads it."""
        return _pack({"update": asdict(self)})


@dataclass(frozen=True)
class GraphWrite:
    """A request of the Graph Store Protocol: PUT replaces a graph, POST adds to it.

    ``graph`` is an IRI, or None for the default graph; ``base`` is what relative IRIs of the
    payloads start from.
    """

    method: Literal["PUT", "POST", "DELETE"]
    graph: str | None
    payloads: tuple[Payload, ...] = ()
    base: str | None = None

    def to_bytes(self) -> bytes:
        """Return the request as ``read_write`` reads it."""
        bodies = [each.body for each in self.payloads]
        sent = [[each.media_type, len(each.body)] for each in self.payloads]
        head = {"method": self.method, "graph": self.graph, "payloads": sent, "base": self.base}
        return _pack({"graph write": head}, *bodies)


Write = Update | GraphWrite


@dataclass(frozen=True)
class Effect:
    """What a write would change; ``existed`` tells whether its graph was there before."""

    change: Change
    existed: bool

    def to_bytes(self) -> bytes:
        """Return the effect as ``from_bytes`` reads it."""
        return _pack({"existed": self.existed}, self.change.to_patch())

    @classmethod
    def from_bytes(cls, body: bytes) -> Effect:
        """Return the effect in some bytes; raises ValueError."""
        head, patch = _unpack(body)
        return cls(Change.from_patch(patch), bool(head["existed"]))


def read_write(body: bytes) -> Write:
    """Return the write in bytes that its ``to_bytes`` made.

    >>> read_write(Update("CLEAR ALL", union=False).to_bytes()).text
    'CLEAR ALL'
    """
    head, rest = _unpack(body)
    if "update" in head:
        given = {name: _tuple(value) for name, value in head["update"].items()}
        return Update(**given)
    given = head["graph write"]
    payloads = []
    for media_type, length in given["payloads"]:
        payloads.append(Payload(media_type, rest[:length]))
        rest = rest[length:]
    return GraphWrite(given["method"], given["graph"], tuple(payloads), given["base"])


def evaluate_write(
    store: Store,
    write: Write,
    *,
    prefixes: Mapping[str, str] = _NOTHING,
    is_read_only: Callable[[str], bool] = lambda _: False,
    services: Mapping[str, str] = _NOTHING,
) -> Effect:
    """Make a write in a store of one's own, and return what it changed there.

    ``prefixes`` need no declaration in an update; ``is_read_only`` is asked for the IRIs of the
    graphs that change; ``services`` are the endpoints that SERVICE may name, each with the
    address to call instead.

    Raises a QueryError, after which the store is in any state: QuerySyntaxError,
    QueryRefusedError, QueryForbiddenError (LOAD, SERVICE, a read-only graph), QueryFailedError,
    StatementError for what could not be read again, or GraphNotFoundError for DELETE.
    """
    if isinstance(write, Update):
        # To write all graphs down, twice, takes longer than most updates of a large store.
        named, existed = find_named_in_data(write.text, prefixes), True
        before = dump_graphs(store, named)
        _update(store, write, prefixes, services)
        after = dump_graphs(store, named)
    else:
        graph = _graph(write.graph)
        existed = isinstance(graph, DefaultGraph) or store.contains_named_graph(graph)
        before = dump_graphs(store, [graph])
        _write_graph(store, write, graph, existed=existed)
        after = dump_graphs(store, [graph])
    change = find_change(before, after)
    check_read_only(change, is_read_only)
    check_statements(change.added)
    return Effect(change, existed)


def _update(
    store: Store, update: Update, prefixes: Mapping[str, str], services: Mapping[str, str]
) -> None:
    evaluate_update(
        store,
        update.text,
        using_graphs=update.using_graphs,
        using_named_graphs=update.using_named_graphs,
        union=update.union,
        prefixes=prefixes,
        services=services,
    )


def _write_graph(
    store: Store, write: GraphWrite, graph: NamedNode | DefaultGraph, *, existed: bool
) -> None:
    if write.method == "DELETE":
        if not existed:
            raise GraphNotFoundError(f"there is no graph {graph}")
        store.remove_graph(graph)
        return
    quads = [quad for each in write.payloads for quad in read_payload(each, write.base, graph)]
    if write.method == "PUT":
        store.clear_graph(graph)
    if isinstance(graph, NamedNode):
        store.add_graph(graph)
    store.extend(quads)


def _graph(name: str | None) -> NamedNode | DefaultGraph:
    try:
        return DefaultGraph() if name is None else NamedNode(name)
    except ValueError as error:
        raise QueryRefusedError(f"the name of the graph is no absolute IRI: {error}") from None


def _pack(head: Mapping[str, Any], *bodies: bytes) -> bytes:
    return b"\n".join([json.dumps(head).encode(), b"".join(bodies)])


def _unpack(body: bytes) -> tuple[dict[str, Any], bytes]:
    head, _, rest = body.partition(b"\n")
    return json.loads(head), rest


def _tuple(value: object) -> Any:
    return tuple(value) if isinstance(value, list) else value
