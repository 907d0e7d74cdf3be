"""What several test modules share: the shipped graph, built once a session."""

from __future__ import annotations

import pytest

from kg.build import Assembly, assemble
from kg.shipped import find_shipped
from kg.sources import find_sources


@pytest.fixture(scope="session")
def assembly() -> Assembly:
    """The shipped graph in memory: read, gated, with what the rules infer. Never change it."""
    shipped = find_shipped()
    return assemble(shipped, find_sources(shipped))
