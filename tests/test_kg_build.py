"""Build: the same inputs give the same snapshot, and nothing but a whole one is ever served."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock
from pyoxigraph import NamedNode, QuerySolutions, Store

from kg.build import InputsChangedError, assemble, build
from kg.problem import Refused
from kg.progress import Silence
from kg.shipped import Shipped
from kg.snapshot import Snapshot, find_current, find_snapshots, get_current
from kg.sources import GRAPH, OverlayError, find_sources

MINIATURE = Path(__file__).parent / "fixtures" / "miniature"
BUILD = """\
import sys
from pathlib import Path
from kg.build import build
from kg.shipped import Shipped
print(build(Shipped(Path(sys.argv[1])), Path(sys.argv[2])).id)
"""
KILLED_AT_A_TIME = BUILD.replace("print(", "print('ready', flush=True); (")
KILLED_AT_A_CHANGE = (
    """\
import os, signal, sys
CHANGES = ("tempfile.mkdtemp", "os.rename", "os.symlink", "os.rmdir", "os.remove", "os.chmod")
seen = []
def kill(event, arguments):
    if event in CHANGES and str(arguments[0]).startswith(sys.argv[2]):
        seen.append(event)
        if len(seen) == int(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(kill)
"""
    + BUILD
)
OWN_DRUG = """\
id: drug:new
type: Drug
label: a new drug
inhibits: kit
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MINIATURE, tmp_path / "shipped"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path.parent


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def _run(root: Path, home: Path, *, folder: Path, seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(root), str(home)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def _select(store: Store, query: str) -> list[tuple[str, ...]]:
    prefixes = {
        "": "https://w3id.org/sarcoma-kg/ontology/",
        "graph": GRAPH,
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    }
    rows = store.query(query, prefixes=prefixes, use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    return sorted(tuple(term.value for term in row) for row in rows)


def _assert_whole(snapshot: Snapshot) -> None:
    content = snapshot.nquads.read_bytes()
    assert hashlib.sha256(content).hexdigest() == snapshot.id == snapshot.directory.name
    store = Store.read_only(str(snapshot.database))
    lines = content.splitlines(keepends=True)
    assert sorted(f"{quad} .\n".encode() for quad in store) == lines
    assert snapshot.manifest.quads == len(lines)


def test_a_build_gives_a_whole_snapshot_and_makes_it_current(home: Path) -> None:
    snapshot = build(Shipped(MINIATURE), home)
    _assert_whole(snapshot)
    assert get_current(home).id == snapshot.id
    assert not (home / "current").readlink().is_absolute()


def test_the_manifest_counts_what_the_graphs_hold(home: Path) -> None:
    manifest = build(Shipped(MINIATURE), home).manifest
    counts = {iri.removeprefix(GRAPH): (n.triples, n.claims) for iri, n in manifest.graphs.items()}
    assert counts["document-review"] == (37, 2)
    assert counts["inferred-relevant-to-histology"] == (3, 0)
    assert counts["vocabulary-targets"] == (4, 0)
    assert sum(triples for triples, _ in counts.values()) == manifest.quads
    assert manifest.claims == 2
    assert "data/vocabularies/drugs.yaml" in manifest.inputs.files
    assert manifest.validation.warnings == 1
    (warning,) = manifest.validation.problems
    assert str(warning).startswith(
        "data/studies/review/first.yaml:27: warning: study:first/result/no-"
    )


def test_inferred_triples_are_told_from_asserted_ones_with_their_rule(home: Path) -> None:
    store = Store.read_only(str(build(Shipped(MINIATURE), home).database))
    query = """
      PREFIX prov: <http://www.w3.org/ns/prov#>
      PREFIX dcterms: <http://purl.org/dc/terms/>
      SELECT ?label (COUNT(*) AS ?n) {
        ?graph dcterms:isPartOf graph:inferred ; prov:wasDerivedFrom/rdfs:label ?label .
        GRAPH ?graph { ?s ?p ?o }
      } GROUP BY ?label"""
    assert _select(store, query) == [
        ("A result is relevant to the broader histologies of what it is about.", "3"),
        ("A subclass of a histology has it as a broader histology.", "2"),
        ("A target is inhibited by what inhibits it.", "2"),
    ]


def test_the_same_inputs_give_the_same_id_in_any_place_order_and_process(
    root: Path, tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere" / "copy"
    for path in sorted(root.rglob("*"), reverse=True):
        if path.is_file():
            (other / path.relative_to(root)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, other / path.relative_to(root))
            os.utime(other / path.relative_to(root), (1, 1))
    first = _run(root, tmp_path / "one", folder=tmp_path, seed="1")
    second = _run(other, tmp_path / "two", folder=Path("/"), seed="2")
    assert first == second
    assert (tmp_path / "one" / "current" / "data.nq").read_bytes() == (
        tmp_path / "two" / "current" / "data.nq"
    ).read_bytes()


def test_unchanged_inputs_are_not_built_again(home: Path) -> None:
    first = build(Shipped(MINIATURE), home)
    before = (first.directory / "manifest.json").stat()
    started = time.perf_counter()
    assert build(Shipped(MINIATURE), home).id == first.id
    assert time.perf_counter() - started < 0.5
    after = (first.directory / "manifest.json").stat()
    assert after.st_ino == before.st_ino
    assert after.st_mtime_ns > before.st_mtime_ns


def test_a_snapshot_of_earlier_inputs_is_taken_up_again(root: Path, home: Path) -> None:
    first = build(Shipped(root), home)
    mine = _write(root / "mine" / "drug.yaml", OWN_DRUG)
    assert build(Shipped(root), home, overlay=mine).id != first.id
    before = (first.directory / "manifest.json").stat()
    assert build(Shipped(root), home).id == first.id == get_current(home).id
    after = (first.directory / "manifest.json").stat()
    assert after.st_ino == before.st_ino
    assert after.st_mtime_ns > before.st_mtime_ns


@pytest.mark.parametrize(
    "damaged", ["data.nq", "database/CURRENT", "manifest.json", "database/*.sst"]
)
@pytest.mark.parametrize("is_current", [True, False])
def test_a_damaged_snapshot_is_not_taken_up_again(
    root: Path, home: Path, damaged: str, is_current: bool
) -> None:
    first = build(Shipped(root), home)
    if not is_current:
        build(Shipped(root), home, overlay=_write(root / "mine" / "drug.yaml", OWN_DRUG))
    paths = [*first.directory.glob(damaged)]
    assert paths
    for path in paths:
        os.truncate(path, path.stat().st_size // 2)
    again = build(Shipped(root), home)
    assert again.id == first.id == get_current(home).id
    _assert_whole(get_current(home))


def test_a_snapshot_can_be_built_without_being_served(root: Path, home: Path) -> None:
    first = build(Shipped(root), home)
    mine = _write(root / "mine" / "drug.yaml", OWN_DRUG)
    second = build(Shipped(root), home, overlay=mine, as_current=False)
    _assert_whole(second)
    assert get_current(home).id == first.id
    assert build(Shipped(root), home, overlay=mine, as_current=False).id == second.id
    assert get_current(home).id == first.id
    assert build(Shipped(root), home, overlay=mine).id == second.id == get_current(home).id


def test_the_snapshot_that_was_current_is_no_first_victim(root: Path, home: Path) -> None:
    mine = root / "mine" / "drug.yaml"
    first = build(Shipped(root), home)
    for number in range(2):
        build(
            Shipped(root),
            home,
            overlay=_write(mine, f"{OWN_DRUG}# {number}\n".replace("new", f"n{number}")),
        )
    build(Shipped(root), home)
    build(Shipped(root), home, overlay=_write(mine, OWN_DRUG))
    assert first.id in [each.id for each in find_snapshots(home)]


class Meddler(Silence):
    """A listener that changes a file in the middle of a build, a number of times."""

    def __init__(self, path: Path, times: int) -> None:
        self.path, self.times, self.original = path, times, path.read_text(encoding="utf-8")

    def start(self, stage: str, total: int | None = None) -> None:
        """Write a version that no digest was taken of."""
        if stage == "Reading the records" and self.times:
            self.times -= 1
            text = self.original.replace("label: ex", f"label: {self.times} ex", 1)
            assert text != self.original
            self.path.write_text(text, encoding="utf-8")


def test_a_file_that_changes_meanwhile_is_read_again(root: Path, home: Path) -> None:
    meddler = Meddler(root / "data/vocabularies/drugs.yaml", 1)
    changed = build(Shipped(root), home, progress=meddler)
    assert b"0 examplinib" in changed.nquads.read_bytes()
    meddler.path.write_text(meddler.original, encoding="utf-8")
    first = build(Shipped(root), home)
    assert first.id != changed.id
    assert b"0 examplinib" not in first.nquads.read_bytes()


def test_files_that_always_change_are_refused(root: Path, home: Path) -> None:
    with pytest.raises(InputsChangedError, match="build again when nobody writes them"):
        build(Shipped(root), home, progress=Meddler(root / "data/vocabularies/drugs.yaml", 3))
    assert find_current(home) is None


def test_a_change_that_says_nothing_new_keeps_the_id_and_renews_the_manifest(
    root: Path, home: Path
) -> None:
    first = build(Shipped(root), home)
    _replace(
        root / "data/vocabularies/drugs.yaml", "- id: drug:exampli", "# note\n- id: drug:exampli"
    )
    second = build(Shipped(root), home)
    assert second.id == first.id
    assert second.manifest.inputs.digest != first.manifest.inputs.digest
    _assert_whole(get_current(home))
    assert get_current(home).manifest == second.manifest


def test_an_overlay_adds_graphs_and_is_in_the_union(root: Path, home: Path) -> None:
    mine = _write(root / "mine" / "My Drug.yaml", OWN_DRUG)
    snapshot = build(Shipped(root), home, overlay=mine)
    store = Store.read_only(str(snapshot.database))
    assert _select(store, 'SELECT ?g { GRAPH ?g { ?drug rdfs:label "a new drug" } }') == [
        (f"{GRAPH}overlay-my-drug",)
    ]
    assert _select(store, 'SELECT ?t { ?t :inhibitedBy/rdfs:label "a new drug" }') == [
        ("https://w3id.org/sarcoma-kg/target/kit",)
    ]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (OWN_DRUG.replace("label", "lable"), 3, "did you mean 'label'"),
        (OWN_DRUG.replace("kit", "kitt"), 4, "did you mean target:kit"),
        (OWN_DRUG.replace("drug:new", "drug:examplinib"), 1, "already described"),
        (OWN_DRUG.replace("label: a new drug\n", ""), 1, "label: give exactly one name"),
        (OWN_DRUG + "label: again\n", 5, "label"),
        ("id: [", 1, ""),
    ],
)
def test_a_bad_record_of_the_user_stops_the_build_at_its_line(
    root: Path, home: Path, monkeypatch: pytest.MonkeyPatch, text: str, line: int, reason: str
) -> None:
    served = build(Shipped(root), home)
    _write(root / "mine" / "drug.yaml", text)
    monkeypatch.chdir(root)
    with pytest.raises(Refused) as refused:
        build(Shipped(root), home, overlay=Path("mine"))
    shown = str(refused.value).splitlines()
    assert shown[0].startswith(f"mine/drug.yaml:{line}: ")
    assert reason in shown[0]
    assert len(shown) == 1
    assert get_current(home).id == served.id
    _assert_whole(get_current(home))
    assert sorted(path.name for path in (home / "snapshots").iterdir()) == [served.id]


def test_the_problems_of_all_files_are_reported_at_once(root: Path, home: Path) -> None:
    _replace(root / "data/vocabularies/drugs.yaml", "label: examplinib", "lable: examplinib")
    _replace(root / "data/documents/review.yaml", "label", "labell")
    _replace(root / "ontology/histology.ttl", '"sarcoma" .', '"sarcoma" ; ;; x')
    with pytest.raises(Refused) as refused:
        build(Shipped(root), home)
    assert [problem.place.file for problem in refused.value.problems] == [
        "data/documents/review.yaml",
        "data/vocabularies/drugs.yaml",
        "ontology/histology.ttl",
    ]
    assert find_current(home) is None


def test_a_violation_stops_before_a_warning_is_shown(root: Path, home: Path) -> None:
    _replace(root / "data/studies/review/first.yaml", "responders: 5", "responders: 50")
    with pytest.raises(Refused) as refused:
        build(Shipped(root), home)
    assert str(refused.value).startswith(
        "data/studies/review/first.yaml:10: study:first/result/response: responders: no more than"
    )
    assert len(refused.value.problems) == 1


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_an_unusable_overlay_is_refused(root: Path, home: Path, name: str) -> None:
    (root / "empty").mkdir()
    with pytest.raises(OverlayError, match=f"--data .*{name}: "):
        build(Shipped(root), home, overlay=root / name)


def test_leftovers_of_dead_builds_are_removed(home: Path) -> None:
    dead = home / "snapshots" / ".building-dead"
    _write(dead / "data.nq", "half")
    snapshot = build(Shipped(MINIATURE), home)
    assert [path.name for path in (home / "snapshots").iterdir()] == [snapshot.id]


def test_a_second_build_waits_for_the_first(home: Path) -> None:
    home.mkdir()
    lock = FileLock(home / "build.lock")
    lock.acquire()
    found: list[Snapshot] = []
    other = threading.Thread(target=lambda: found.append(build(Shipped(MINIATURE), home)))
    other.start()
    other.join(0.2)
    assert other.is_alive()
    assert find_current(home) is None
    lock.release()
    other.join(10)
    assert [snapshot.id for snapshot in found] == [get_current(home).id]


def test_two_builds_at_once_both_succeed(root: Path, home: Path) -> None:
    running = [_start(BUILD, root, home) for _ in range(2)]
    outputs = {process.communicate(timeout=30)[0].strip() for process in running}
    assert [process.returncode for process in running] == [0, 0]
    assert outputs == {get_current(home).id}


@pytest.fixture
def interrupted(root: Path, home: Path) -> Path:
    """A home whose current snapshot is of the tree before its last change."""
    build(Shipped(root), home)
    _replace(root / "data/vocabularies/drugs.yaml", "label: examplinib", "label: examplinib (new)")
    return home


def _start(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def test_a_build_killed_before_any_change_of_its_folders_leaves_a_whole_snapshot_current(
    root: Path, interrupted: Path
) -> None:
    old, served = get_current(interrupted).id, []
    for moment in range(1, 40):
        process = _start(KILLED_AT_A_CHANGE, root, interrupted, moment)
        process.communicate(timeout=30)
        _assert_whole(get_current(interrupted))
        served.append(get_current(interrupted).id)
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL
    assert len(served) > 5
    assert served == sorted(served, key=lambda snapshot: snapshot != old)
    assert served[-1] != old
    build(Shipped(root), interrupted)
    assert not list((interrupted / "snapshots").glob(".*"))


def test_a_build_killed_at_any_time_leaves_a_whole_snapshot_current(
    root: Path, interrupted: Path
) -> None:
    chance = random.Random(7)
    for _ in range(6):
        process = _start(KILLED_AT_A_TIME, root, interrupted)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0, 0.08))
        process.kill()
        process.communicate()
        _assert_whole(get_current(interrupted))
    build(Shipped(root), interrupted)
    _assert_whole(get_current(interrupted))


def test_assembling_writes_nothing(root: Path) -> None:
    before = sorted(root.parent.rglob("*"))
    shipped = Shipped(root)
    assembly = assemble(shipped, find_sources(shipped))
    assert len(assembly.store) == sum(counts.triples for counts in assembly.counts.values())
    assert NamedNode(f"{GRAPH}catalogue") in set(assembly.store.named_graphs())
    assert sorted(root.parent.rglob("*")) == before
