"""Builds in processes of their own, and what every snapshot must be, for tests."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

from pyoxigraph import Store

from kg.change import graph_name
from kg.nquads import canonical_quads
from kg.snapshot import Snapshot

__all__ = ["BUILD", "assert_whole", "start_python"]

BUILD = """\
import sys
from pathlib import Path
from kg.build import build
from kg.shipped import Shipped
print(build(Shipped(Path(sys.argv[1])), Path(sys.argv[2])).id)
"""


def start_python(
    program: str, *arguments: object, stdin: int | None = None
) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        command, env=environment, stdin=stdin, stdout=subprocess.PIPE, text=True
    )


def assert_whole(snapshot: Snapshot) -> None:
    """Hold a snapshot to its id: its file, its database and its manifest say the same."""
    content = snapshot.nquads.read_bytes()
    assert hashlib.sha256(content).hexdigest() == snapshot.id == snapshot.directory.name
    store = Store.read_only(str(snapshot.database))
    assert canonical_quads(store) == content
    counts = snapshot.manifest.graphs
    assert sum(each.triples for each in counts.values()) == snapshot.manifest.quads == len(store)
    named = {graph_name(graph) for graph in store.named_graphs()}
    assert named == counts.keys() - {""}
