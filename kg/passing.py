"""Whether the snapshot of a user's files passed the gate, noted beside its data."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from kg.files_gate import judge_folder
from kg.manifest import read_validation
from kg.problem import Problem
from kg.progress import Progress
from kg.quad_lines import sha256_of
from kg.shipped import Shipped
from kg.snapshot import Snapshot, renew_manifest

__all__ = ["is_passed", "pass_folder", "pass_snapshot"]

_PASSED = "passed.txt"


def pass_folder(shipped: Shipped, folder: Path, listener: Progress) -> tuple[Problem, ...]:
    """Let a folder with ``data.nq`` and its ``database`` pass the gate; raises Refused.

    Returns what is to be reviewed.
    """
    problems = judge_folder(shipped, folder, listener)
    (folder / _PASSED).write_text(f"{_rules(shipped)}\n", encoding="utf-8")
    return problems


def pass_snapshot(shipped: Shipped, home: Path, found: Snapshot, listener: Progress) -> Snapshot:
    """Let a snapshot pass the gate that was made without it; the caller holds the lock.

    Raises Refused.
    """
    problems = pass_folder(shipped, found.directory, listener)
    return renew_manifest(home, replace(found.manifest, validation=read_validation(problems)))


def is_passed(shipped: Shipped, snapshot: Snapshot) -> bool:
    """Tell whether a snapshot is known to have passed these shapes and checks.

    One that was made of records has, before it was written.
    """
    if any(name.startswith("shapes/") for name in snapshot.manifest.inputs.files):
        return True
    try:
        return (snapshot.directory / _PASSED).read_text(encoding="utf-8").strip() == _rules(shipped)
    except OSError:
        return False


def _rules(shipped: Shipped) -> str:
    """Return the digest of all shapes and checks."""
    paths = sorted((*shipped.shapes.glob("*.ttl"), *shipped.shapes.glob("checks/*.rq")))
    text = "".join(f"{path.name}\t{sha256_of(path)}\n" for path in paths)
    return hashlib.sha256(text.encode()).hexdigest()
