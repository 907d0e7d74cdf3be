"""Builds in processes of their own, and what every snapshot must be, for tests."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

from pyoxigraph import Store

from kg.snapshot import Snapshot

__all__ = ["BUILD", "assert_whole", "start_python"]

BUILD = """\
import sys
from pathlib import Path
from kg.build import build
from kg.shipped import Shipped
print(build(Shipped(Path(sys.argv[1])), Path(sys.argv[2])).id)
"""


def start_python(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def assert_whole(snapshot: Snapshot) -> None:
    """Hold a snapshot to its id: its file, its database and its manifest say the same."""
    content = snapshot.nquads.read_bytes()
    assert hashlib.sha256(content).hexdigest() == snapshot.id == snapshot.directory.name
    store = Store.read_only(str(snapshot.database))
    lines = content.splitlines(keepends=True)
    assert sorted(f"{quad} .\n".encode() for quad in store) == lines
    assert snapshot.manifest.quads == len(lines)
