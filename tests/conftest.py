"""What several test modules share: the shipped graph, built once a session, and served once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from serving import engine_of, running, settings_of, snapshot_of

from api.application import create_app
from kg.build import Assembly, assemble
from kg.shipped import find_shipped
from kg.snapshot import Snapshot
from kg.sources import find_sources


@pytest.fixture(scope="session")
def assembly() -> Assembly:
    """The shipped graph in memory: read, gated, with what the rules infer. Never change it."""
    shipped = find_shipped()
    return assemble(shipped, find_sources(shipped))


@pytest.fixture(scope="session")
def snapshot(assembly: Assembly, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The shipped graph as a snapshot on disk."""
    return snapshot_of(assembly.store, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def address(snapshot: Snapshot) -> Iterator[str]:
    """The address of a server of the shipped graph, with two query workers."""
    app = create_app(settings_of(snapshot.directory), engine_of(snapshot))
    with running(app) as found:
        yield found
