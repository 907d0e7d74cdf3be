"""Imports that die at each change of a file: a program of its own, as it forks and kills.

``python import_deaths.py FOLDER`` imports FOLDER/a.jsonl with the graph in FOLDER/shipped, first
undisturbed, then into a home per death. Prints how often it died; fails where another import
comes out, or the former one was gone meanwhile.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from import_lines import make_lines_order, write_records

from kg.importing.folder import find_imports
from kg.importing.keeping import HomeTarget
from kg.importing.pipeline import Limits
from kg.importing.run import run_import
from kg.shipped import Shipped

_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.truncate"}
_SMALL = Limits(items=20, run_bytes=9_000, seconds=1000)


def import_file(folder: Path, home: Path, name: str) -> None:
    order = make_lines_order(Shipped(folder / "shipped"), folder / name, limits=_SMALL)
    run_import(order, HomeTarget(home, "lines"))


def in_child(action: Callable[[], None]) -> int:
    """Return how a child ended that did something."""
    child = os.fork()
    if not child:
        action()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def dying(folder: Path, home: Path, number: int) -> Callable[[], None]:
    """Return an import that is killed before the nth change of a file, or opening to write."""

    def run() -> None:
        left = number

        def hear(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal left
            is_write = event == "open" and str(home) in str(arguments[0]) and arguments[1] != "r"
            if is_write or event in _CHANGES:
                left -= 1
                if not left:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hear)
        import_file(folder, home, "a.jsonl")

    return run


def digest_of(home: Path) -> str:
    folder = home / "imports" / "lines"
    names = ("graph.nq", "import.json", "rejects.tsv", "unmatched.tsv")
    return hashlib.sha256(b"".join((folder / name).read_bytes() for name in names)).hexdigest()


def main(folder: Path) -> None:
    os.fsync = lambda fd: None  # what is written outlives a process without it
    write_records(folder / "former.jsonl", [{"id": "former"}])
    make_lines_order(Shipped(folder / "shipped"), folder / "former.jsonl")  # its gate is kept
    assert in_child(lambda: import_file(folder, folder / "undisturbed", "a.jsonl")) == 0
    wanted = digest_of(folder / "undisturbed")
    assert in_child(lambda: import_file(folder, folder / "before", "former.jsonl")) == 0
    former, number = digest_of(folder / "before"), 1
    while True:
        home = folder / f"home-{number}"
        shutil.copytree(folder / "before", home, symlinks=True)
        ended = in_child(dying(folder, home, number))
        assert digest_of(home) in (former, wanted), f"death {number} left neither import"
        (found,) = find_imports(home, Shipped(folder / "shipped"))
        found.check()
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
        assert in_child(lambda at=home: import_file(folder, at, "a.jsonl")) == 0  # type: ignore[misc]
        assert digest_of(home) == wanted, f"after death {number} another import came out"
        left = {path.name for path in (home / "imports").iterdir() if "kept" not in path.name}
        assert left == {"lines", ".lines.lock"}, left
        assert len([*(home / "imports").glob(".kept-*")]) == 1
        number += 1
    print(number - 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
