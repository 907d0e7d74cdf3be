"""Bulks of invented studies through the importer, and through the whole import, counted apart."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from trial_bulk import Expected, write_pages, write_zip
from trial_records import TERMS

from kg.importing.clinicaltrials import read
from kg.importing.record import Record, Reject, RejectRule
from kg.importing.statement import ONTOLOGY

COUNT, SOAK = 2_000, 100_000
MEBIBYTES = 700
"""What the import of the large bulk may take: that of a small one is about 200."""

MEASURED = """
import resource, sys
from pathlib import Path
from kg.importing.importers import choose_importer
from kg.importing.keeping import FolderTarget
from kg.importing.ordering import make_order
from kg.importing.run import run_import
from kg.shipped import find_shipped

importer = choose_importer("clinicaltrials", has_files=True)
order = make_order(importer, [Path(sys.argv[1])], find_shipped())
outcome = run_import(order, FolderTarget(Path(sys.argv[2])))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(f"{outcome.seconds} {peak}")
"""


def counted(path: Path) -> Expected:
    """Return what the importer makes of a bulk, without what comes twice: that is not its task."""
    found, seen = Expected(), set[str]()
    for item in read([path], TERMS):
        if isinstance(item, Reject):
            found.rejects[item.rule] += 1
        elif item.id in seen:
            found.rejects[RejectRule.DUPLICATE] += 1
        else:
            seen.add(item.id)
            found.records += 1
            found.things.update(classes(item))
    return found


def classes(record: Record) -> Counter[str]:
    names = (t.object.value for t in record.triples if isinstance(t.object, NamedNode))
    return Counter(name.removeprefix(ONTOLOGY) for name in names if name.startswith(ONTOLOGY))


def agree(found: Expected, expected: Expected) -> None:
    assert (found.records, found.rejects) == (expected.records, expected.rejects)
    assert {kind: found.things[kind] for kind in expected.things} == dict(expected.things)


def test_of_a_zip_all_is_kept_that_is_sound(tmp_path: Path) -> None:
    expected = write_zip(tmp_path / "bulk.zip", COUNT)
    assert (expected.records, expected.rejects.total()) == (COUNT * 95 // 100, COUNT // 20)
    agree(counted(tmp_path / "bulk.zip"), expected)


@pytest.mark.parametrize("is_zipped", [False, True])
def test_of_pages_all_is_kept_that_is_sound(is_zipped: bool, tmp_path: Path) -> None:
    expected = write_pages(tmp_path, COUNT // 4, 100, is_zipped=is_zipped)
    agree(counted(tmp_path), expected)


def imported(source: Path, target: Path) -> tuple[float, int]:
    """Return the seconds and the peak memory, in MiB, of an import in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(source), str(target)],
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, peak = done.stdout.split()
    return float(seconds), int(peak)


def check_import(target: Path, expected: Expected) -> int:
    """Compare what an import wrote with what the bulk holds; return its triples."""
    counts = json.loads((target / "import.json").read_text())["counts"]
    assert counts["kept"] == expected.records
    assert counts["rejects"] == {str(rule): n for rule, n in expected.rejects.items()}
    things, triples = Counter[str](), 0
    kind = re.compile(rb"rdf-syntax-ns#type> <" + ONTOLOGY.encode() + rb"(\w+)>")
    with (target / "graph.nq").open("rb") as lines:
        for line in lines:
            triples += 1
            if found := kind.search(line):
                things[found[1].decode()] += 1
    assert triples == counts["triples"]
    assert {kind: things[kind] for kind in expected.things} == dict(expected.things)
    return triples


def test_a_bulk_is_imported_through_the_gate(tmp_path: Path) -> None:
    expected = write_zip(tmp_path / "bulk.zip", COUNT // 5)
    imported(tmp_path / "bulk.zip", tmp_path / "made")
    assert check_import(tmp_path / "made", expected) > 50 * expected.records


@pytest.mark.soak
@pytest.mark.parametrize("form", ["zip", "page"])
def test_a_large_bulk_is_imported_in_bounded_memory(form: str, tmp_path: Path) -> None:
    if form == "zip":
        source, count = tmp_path / "bulk.zip", SOAK
        expected = write_zip(source, count)
    else:
        source, count = tmp_path / "pages", SOAK // 10
        source.mkdir()
        expected = write_pages(source, count, count)
    seconds, peak = imported(source, tmp_path / "made")
    triples = check_import(tmp_path / "made", expected)
    print(
        f"{form}: {count / seconds:,.0f} studies/s, {triples / seconds:,.0f} triples/s, {peak} MiB"
    )
    assert peak < MEBIBYTES
