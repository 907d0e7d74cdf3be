"""Which snapshot is visible at an endpoint, switched by one update; and the removal of old ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from pyoxigraph import Triple

from kg.publication import GRAPH, QUERY, Publication, PublicationError, from_rows, to_triples
from kg.publish_endpoint import Endpoint
from kg.publish_ledger import Entry, insert_data

__all__ = ["LEAST_GRACE", "find_doomed", "find_visible", "instant", "next_graph", "remove", "show"]

LEAST_GRACE = 10.0
"""Seconds for which every snapshot stays after another one is shown: servers look every 2."""

_AT_ONCE = 500
_ABANDONED = timedelta(days=1)


def instant(moment: datetime) -> str:
    """Return an instant as the ledger writes it.

    >>> instant(datetime(2026, 12, 1, tzinfo=UTC))
    '2026-12-01T00:00:00Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def next_graph(snapshot: str) -> str:
    """Return the graph where the description of a snapshot waits until it is visible."""
    return f"{GRAPH}.snapshot-{snapshot[:12]}"


def find_visible(endpoint: Endpoint) -> Publication | None:
    """Return what is visible at an endpoint, or None where nothing whole is."""
    rows = endpoint.select(QUERY)
    try:
        return from_rows(tuple(row[name]["value"] for name in "spo") for row in rows)  # type: ignore[misc]
    except PublicationError:
        return None


def show(endpoint: Endpoint, publication: Publication) -> None:
    """Make a publication the visible one.

    Its description is put beside first, so that the switch is one short operation: engines make
    several operations of one update visible one after the other.
    """
    waiting = next_graph(publication.snapshot)
    endpoint.empty(waiting)
    for triples in _portions(to_triples(publication)):
        endpoint.update(insert_data(waiting, triples))
    endpoint.update(
        f"DELETE {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }} INSERT {{ GRAPH <{GRAPH}> {{ ?a ?b ?c }} }} "
        f"WHERE {{ {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }} UNION "
        f"{{ GRAPH <{waiting}> {{ ?a ?b ?c }} }} }}"
    )


def find_doomed(
    ledger: Mapping[str, Entry], visible: str, *, keep: int, grace: float, now: datetime
) -> tuple[Entry, ...]:
    """Return what may be removed: old snapshots beyond ``keep`` that left ``grace`` seconds ago.

    What was begun more than a day ago and never finished goes too.
    """
    others = [entry for entry in ledger.values() if entry.snapshot != visible]
    loaded = [entry for entry in others if entry.is_loaded and entry.retired]
    loaded.sort(key=lambda entry: entry.retired or "", reverse=True)
    left_before = instant(now - timedelta(seconds=grace))
    begun_before = instant(now - _ABANDONED)
    return (
        *(entry for entry in loaded[keep:] if (entry.retired or "") <= left_before),
        *(entry for entry in others if not entry.is_loaded and entry.began < begun_before),
    )


def remove(endpoint: Endpoint, entry: Entry) -> None:
    """Remove the graphs of a snapshot, and then its entry: who is killed between can go on."""
    for graph in entry.holds:
        endpoint.empty(graph)
    endpoint.update(entry.forget())


def _portions(triples: Sequence[Triple]) -> Iterable[Sequence[Triple]]:
    return (triples[start : start + _AT_ONCE] for start in range(0, len(triples), _AT_ONCE))
