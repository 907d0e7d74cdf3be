"""Triples on their way to an endpoint, in chunks that may be sent twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pyoxigraph import Triple

from kg.publish_blank import batches
from kg.publish_endpoint import Endpoint, EndpointRefusedError
from kg.publish_ledger import Entry
from kg.publish_lines import Group, Row, blank_labels, read_groups
from kg.publish_plan import LARGEST_COMPONENT, Plan
from kg.settings import SettingsError

__all__ = ["Chunk", "Limits", "Loader", "chunks", "insert_text", "write_quads"]

_TOO_MUCH = frozenset({400, 413, 414, 500})
_NO_STORE = frozenset({400, 404, 405, 415, 501})
_MERGE = (
    "INSERT {{ GRAPH <{union}> {{ ?s ?p ?o }} }} "
    "WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} FILTER(isBlank(?s) || isBlank(?o)) }}"
)
_ESCAPE = re.compile(rb"\\\\([uU])?|\\.")


@dataclass(frozen=True)
class Limits:
    """How much goes at once: triples and bytes of a chunk, and triples of one INSERT DATA.

    Virtuoso 7.2 takes no INSERT DATA of 5,000 triples: its compiler runs out of memory.
    """

    chunk: int = 20_000
    chunk_bytes: int = 8 << 20
    statement: int = 1_000


@dataclass(frozen=True)
class Chunk:
    """Triples without blank nodes, and the place in the N-Quads after them."""

    rows: tuple[Row, ...]
    end: int


def chunks(plan: Plan, groups: Iterable[Group], limits: Limits) -> Iterator[Chunk]:
    """Return the triples without blank nodes in chunks; no triple is split over two of them."""
    rows: list[Row] = []
    size = end = 0
    for group in groups:
        if not blank_labels(group.triple):
            added = list(plan.rows(group))
            rows += added
            size += len(group.triple) * len(added)
        end = group.end
        if len(rows) >= limits.chunk or size >= limits.chunk_bytes:
            yield Chunk(tuple(rows), end)
            rows, size = [], 0
    if end:
        yield Chunk(tuple(rows), end)


def write_quads(plan: Plan, path: Path) -> int:
    """Write all that an endpoint gets as N-Quads, for the loader of an engine; return how many."""
    count = 0
    made = path.with_name(f".{path.name}.part")
    with made.open("wb") as file:
        for group in read_groups(plan.snapshot.nquads):
            for graph, triple in plan.rows(group):
                file.write(b"%s <%s> .\n" % (triple, graph.encode()))
                count += 1
    made.replace(path)
    return count


def insert_text(rows: Iterable[Row]) -> bytes:
    r"""Return an INSERT DATA of rows, whose graphs are names.

    >>> insert_text([Row("e:g", b'<e:a> <e:b> "c"')])
    b'INSERT DATA { GRAPH <e:g> { <e:a> <e:b> "c" .\n} }'
    """
    parts = (
        b"GRAPH <%s> { %s}" % (graph.encode(), b"".join(_sparql(each) for each in triples))
        for graph, triples in _by_graph(rows).items()
    )
    return b"INSERT DATA { %s }" % b" ".join(parts)


class Loader:
    """Sends rows to an endpoint: to its graph store where it has one, else as updates."""

    def __init__(self, endpoint: Endpoint, limits: Limits, *, has_guessed_store: bool) -> None:
        self._endpoint = endpoint
        self._statement = limits.statement
        self._may_lack_store = has_guessed_store
        self._uses_store = endpoint.addresses.store is not None

    @property
    def way(self) -> str:
        """How triples travel, as a person would say it."""
        return "the Graph Store Protocol" if self._uses_store else "INSERT DATA"

    def send(self, rows: Sequence[Row]) -> None:
        """Send rows without blank nodes, which stay what they are when sent twice."""
        if self._uses_store:
            rows = self._post(rows)
        # The size may shrink while these are sent.
        step = self._statement
        for start in range(0, len(rows), step):
            self._insert(rows[start : start + step])

    def send_blank(self, plan: Plan, entry: Entry) -> Iterator[int]:
        """Send the triples with blank nodes that have not arrived, and yield how many, in turn.

        Each batch is one update of one graph, which also gets a mark: who sent a batch twice
        would make its nodes twice.
        """
        for graph, parts in plan.blank.items():
            arrived = frozenset() if entry.has_blank else self._arrived(graph, entry)
            for number, batch in enumerate(batches(parts, LARGEST_COMPONENT)):
                if not entry.has_blank and number not in arrived:
                    text = _blank_text(graph, batch, entry.mark(number))
                    self._endpoint.update_once(text, partial(self._has, graph, entry, number))
                yield len(batch)
        for part in plan.named:
            rows = [row for group in part for row in plan.rows(group)]
            self.send(rows)
            yield len(rows)
        yield from self._merge_blank(plan)
        if plan.blank:
            self._endpoint.update(entry.say_blank())
            for graph in plan.blank:
                self._endpoint.update(entry.unmark(graph))

    def _merge_blank(self, plan: Plan) -> Iterator[int]:
        """Have the endpoint add its blank nodes to the union, and yield how many triples, in turn.

        Sent again, they would be other nodes there than in their graphs.
        """
        if union := plan.publication.union:
            for graph, parts in plan.blank.items():
                self._endpoint.update(_MERGE.format(graph=graph, union=union))
                yield sum(map(len, parts))

    def _has(self, graph: str, entry: Entry, batch: int) -> bool:
        return batch in self._arrived(graph, entry)

    def _arrived(self, graph: str, entry: Entry) -> frozenset[int]:
        rows = self._endpoint.select(entry.marks_query(graph))
        return frozenset(int(row["o"]["value"]) for row in rows)

    def _post(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Post rows, and return those that the endpoint has no graph store for."""
        for graph, triples in _by_graph(rows).items():
            body = b"".join(triple + b" .\n" for triple in triples)
            try:
                self._endpoint.post_graph(graph, body)
            except (SettingsError, EndpointRefusedError) as error:
                status = getattr(error, "status", 405)
                if not self._may_lack_store or status not in _NO_STORE:
                    raise
                self._uses_store = False
                self._endpoint.say("the engine has no graph store to write to; using INSERT DATA")
                return rows
            self._may_lack_store = False
        return ()

    def _insert(self, rows: Sequence[Row]) -> None:
        """Insert rows; where they are too many for the engine, in halves from then on."""
        try:
            self._endpoint.update(insert_text(rows))
        except EndpointRefusedError as error:
            if error.status not in _TOO_MUCH or len(rows) == 1:
                shown = rows[0].triple[:200].decode(errors="replace")
                raise EndpointRefusedError(
                    f"{error}; the triple is {shown}", error.status
                ) from None
            half = len(rows) // 2
            self._statement = min(self._statement, max(half, 1))
            self._insert(rows[:half])
            self._insert(rows[half:])


def _blank_text(graph: str, batch: Iterable[Group], mark: Triple) -> bytes:
    """Return an update that adds triples with blank nodes.

    Virtuoso takes no blank nodes in INSERT DATA, and templates for one graph alone.
    """
    triples = b"".join(_sparql(group.triple) for group in batch)
    return b"INSERT { GRAPH <%s> { %s%s . } } WHERE {}" % (
        graph.encode(),
        triples,
        str(mark).encode(),
    )


def _by_graph(rows: Iterable[Row]) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = defaultdict(list)
    for graph, triple in rows:
        found[graph].append(triple)
    return found


def _sparql(triple: bytes) -> bytes:
    r"""Return a triple of N-Triples as SPARQL has it.

    SPARQL reads ``\u`` before all else, also behind a backslash that stands for itself.

    >>> _sparql(rb'<e:a> <e:b> "\\u0041"')
    b'<e:a> <e:b> "\\\\\\u00750041" .\n'
    """
    if b"\\\\" in triple:
        triple = _ESCAPE.sub(_escaped, triple)
    return triple + b" .\n"


def _escaped(match: re.Match[bytes]) -> bytes:
    letter = match[1]
    return match[0] if letter is None else b"\\\\\\u%04X" % ord(letter)
