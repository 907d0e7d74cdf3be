"""Whether a release is what it says: digests, the snapshot's id, counts, descriptions."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.change import graph_of_line
from kg.import_catalogue import IMPORT_GRAPHS
from kg.kgx import EDGE_COLUMNS, NODE_COLUMNS
from kg.kgx_check import check_pair
from kg.kgx_writing import write_tsv
from kg.manifest import Manifest
from kg.problem import Place, Problem
from kg.release import FACTS_FILE, SUMS_FILE
from kg.release_crate import CRATE_FILE, crate_problems
from kg.release_data import WITHOUT_IMPORTS, graph_file
from kg.release_file import walk_files

__all__ = ["check_release"]

_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
_EMPTY = hashlib.sha256().hexdigest()
_APART = "#"
"""What stands for all graphs but those of imports: no IRI is so."""

_MOST = 20
"""Problems of one kind that are told."""


def check_release(folder: Path) -> Iterator[Problem]:
    """Yield what is wrong with a release, a problem a file; raises OSError without the folder.

    A file is read a few lines at a time. Where files are damaged or missing, nothing else is
    looked at.
    """
    names = tuple(walk_files(folder))
    damaged = list(_damages(folder, names))
    yield from damaged
    if not damaged:
        for check in (_check_snapshot, _check_records, _check_kgx, _check_crate):
            yield from _checked(check, folder, names)


def _checked(
    check: Callable[[Path, tuple[str, ...]], Iterator[Problem]],
    folder: Path,
    names: tuple[str, ...],
) -> Iterator[Problem]:
    """Yield what a check finds; a file that cannot be understood is a problem too."""
    try:
        yield from check(folder, names)
    except (ValueError, KeyError, TypeError, AttributeError, FileNotFoundError) as error:
        yield _problem(FACTS_FILE, f"it cannot be compared with its files: {error!r}")


def _damages(folder: Path, names: tuple[str, ...]) -> Iterator[Problem]:
    if SUMS_FILE not in names:
        yield _problem(SUMS_FILE, "it is missing; is this the folder of a release?")
        return
    said: dict[str, str] = {}
    text = (folder / SUMS_FILE).read_text(encoding="utf-8", errors="replace")
    for number, line in enumerate(text.split("\n")[:-1], 1):
        if found := _LINE.fullmatch(line):
            said[found[2]] = found[1]
        else:
            yield Problem(Place(SUMS_FILE, number), "no digest, two blanks and a name")
    for name in sorted(said.keys() | {*names} - {SUMS_FILE}):
        # Only what was found below the folder is read, whatever the list names.
        if name not in names:
            yield _problem(name, "it is missing")
        elif name not in said:
            yield _problem(name, f"it is not in {SUMS_FILE}")
        elif (folder / name).is_symlink() or not (folder / name).is_file():
            yield _problem(name, "it is no plain file")
        elif _digest(folder / name) != said[name]:
            yield _problem(name, "its SHA-256 is another one; fetch it again")


def _check_snapshot(folder: Path, _: tuple[str, ...]) -> Iterator[Problem]:
    facts = _facts(folder)
    manifest = Manifest.from_json((folder / "manifest.json").read_text(encoding="utf-8"))
    found = _digest(folder / "data.nq")
    for name, said in ((FACTS_FILE, facts["snapshot"]), ("manifest.json", manifest.id)):
        if said != found:
            yield _problem(name, f"it is of snapshot {said[:12]}, but data.nq is {found[:12]}")
    counts, digests = _read_graphs(folder / "data.nq")
    sizes = {graph: each.triples for graph, each in manifest.graphs.items()}
    for name, graphs in ((FACTS_FILE, facts["graphs"]), ("manifest.json", sizes)):
        if {graph: size for graph, size in graphs.items() if size} != counts:
            yield _problem(name, "its graphs have other sizes than those in data.nq")
    if not sum(counts.values()) == facts["quads"] == manifest.quads:
        yield _problem(FACTS_FILE, "data.nq has another number of quads")
    for name in (*map(graph_file, facts["graphs"]), WITHOUT_IMPORTS):
        if _digest(folder / name) != digests.get(name, _EMPTY):
            yield _problem(name, "it does not hold what data.nq has of it")


def _check_records(folder: Path, names: tuple[str, ...]) -> Iterator[Problem]:
    for name, count in _facts(folder)["records"].items():
        if name not in names:
            yield _problem(name, "it is missing")
            continue
        heads = 1 if name.endswith(".tsv") else 0
        found = _count_lines(folder / name) - heads
        if found != count:
            yield _problem(name, f"it has {found:,} records, and should have {count:,}")


def _check_kgx(folder: Path, names: tuple[str, ...]) -> Iterator[Problem]:
    for name in names:
        if name.startswith("kgx/") and name.endswith("_nodes.jsonl"):
            edges = name.replace("_nodes.jsonl", "_edges.jsonl")
            for number, message in enumerate(check_pair(folder / name, folder / edges)):
                if number < _MOST:
                    yield _problem(edges, message)
            yield from _check_table(folder, name, NODE_COLUMNS)
            yield from _check_table(folder, edges, EDGE_COLUMNS)


def _check_table(folder: Path, lines: str, columns: Sequence[str]) -> Iterator[Problem]:
    """Compare a table of KGX with what its lines give."""
    table = f"{lines.removesuffix('.jsonl')}.tsv"
    with tempfile.TemporaryDirectory(prefix="sarcoma-kg-") as made:
        wanted = Path(made) / "table"
        write_tsv(folder / lines, wanted, columns)
        if _digest(wanted) != _digest(folder / table):
            yield _problem(table, f"it does not hold what {lines} has")


def _check_crate(folder: Path, names: tuple[str, ...]) -> Iterator[Problem]:
    described = [each for each in names if each not in (SUMS_FILE, CRATE_FILE)]
    text = (folder / CRATE_FILE).read_text(encoding="utf-8")
    for number, message in enumerate(crate_problems(text, described)):
        if number < _MOST:
            yield _problem(CRATE_FILE, message)


def _facts(folder: Path) -> Mapping[str, Any]:
    read: Mapping[str, Any] = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
    return read


def _read_graphs(path: Path) -> tuple[Counter[str], Mapping[str, str]]:
    """Return how large each graph is, and the digests of the files that hold some of them."""
    counts: Counter[str] = Counter()
    hashes: dict[str, Any] = defaultdict(hashlib.sha256)
    with path.open("rb") as file:
        for line in file:
            graph = None if line.startswith(b"#") else graph_of_line(line[:-1])
            if graph is not None:
                counts[graph] += 1
                hashes[graph].update(line)
            if graph is None or not graph.startswith(IMPORT_GRAPHS):
                hashes[_APART].update(line)
    found = {graph_file(graph): hashes[graph].hexdigest() for graph in counts}
    return counts, {**found, WITHOUT_IMPORTS: hashes[_APART].hexdigest()}


def _count_lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(not line.startswith(b"#") for line in file)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _problem(name: str, message: str) -> Problem:
    return Problem(Place(name, 0), message)
