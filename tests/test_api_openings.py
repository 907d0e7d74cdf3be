from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Store
from serving import snapshot_of

from api.messages import Isolation, Opening
from api.openings import Opener, show_isolation
from kg.snapshot import Snapshot

MIB = 1024 * 1024
OPEN = {"http://example.org/sparql": "http://127.0.0.1:1/0"}


@pytest.fixture
def large(tmp_path: Path) -> Snapshot:
    """A snapshot with three MiB of N-Quads."""
    snapshot = snapshot_of(Store(), tmp_path)
    with snapshot.nquads.open("wb") as file:
        file.truncate(3 * MIB)
    return snapshot


def test_a_small_snapshot_is_held_in_memory_and_a_large_one_read_from_disk(
    large: Snapshot,
) -> None:
    small = Opener(64, memory_below=3).choose(large, Isolation.NAMESPACE, {})
    assert (small.nquads, small.database) == (str(large.nquads), None)
    big = Opener(64, memory_below=2).choose(large, Isolation.NAMESPACE, {})
    assert (big.nquads, big.database) == (str(large.nquads), str(large.database))


@pytest.mark.parametrize(
    ("isolation", "services", "memory_below", "descriptors"),
    [
        (Isolation.NAMESPACE, {}, 3, 0),
        (Isolation.NONE, {}, 3, 0),
        (Isolation.NAMESPACE, OPEN, 3, None),
        (Isolation.NONE, OPEN, 3, 8),
        (Isolation.NONE, {}, 2, None),
    ],
)
def test_workers_keep_the_descriptors_that_they_need(
    large: Snapshot,
    isolation: Isolation,
    services: dict[str, str],
    memory_below: int,
    descriptors: int | None,
) -> None:
    opening = Opener(64, memory_below=memory_below).choose(large, isolation, services)
    assert opening.descriptors == descriptors
    assert opening.services == services


@pytest.mark.parametrize(
    ("isolation", "descriptors", "told"),
    [
        (Isolation.NAMESPACE, None, "namespace of their own"),
        (Isolation.FILTER, 0, "by a filter of system calls"),
        (Isolation.NONE, 0, "open no socket, by a limit of descriptors"),
        (Isolation.NONE, 8, "at most 8 descriptors"),
        (Isolation.NONE, None, "nothing but the check of its text"),
    ],
)
def test_it_is_said_what_keeps_queries_from_the_network(
    isolation: Isolation, descriptors: int | None, told: str
) -> None:
    assert told in show_isolation(isolation, Opening(descriptors=descriptors))
