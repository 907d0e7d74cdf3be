"""The command line for tests: its commands, how a call of it ends, and a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

__all__ = ["COMMANDS", "READERS_OF_SHIPPED", "Cli", "Outcome", "start_sarcoma_kg"]

COMMANDS = (
    "build",
    "check",
    "query",
    "export",
    "diff",
    "release",
    "import",
    "journal",
    "new",
    "publish",
    "cite",
    "coverage",
    "version",
)
READERS_OF_SHIPPED = tuple(
    {"import": "import_command"}.get(name, name) for name in COMMANDS if name != "version"
)
MAIN = f"""\
import sys
from importlib import import_module
from pathlib import Path
from kg.cli import app, run
from kg.shipped import Shipped
for name in {READERS_OF_SHIPPED}:
    import_module(f"kg.cli.{{name}}").find_shipped = lambda: Shipped(Path(sys.argv[1]))
sys.exit(run(app, sys.argv[2:]))
"""


class Outcome(NamedTuple):
    """How a command line ended, and what it printed."""

    code: int
    out: str
    err: str


Cli = Callable[..., Outcome]


def start_sarcoma_kg(
    root: Path, home: Path, *arguments: str, unbuffered: bool = False
) -> subprocess.Popen[bytes]:
    command = [sys.executable, *(["-u"] if unbuffered else []), "-c", MAIN, str(root), *arguments]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "SARCOMA_KG_HOME": str(home),
    }
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
