"""Graphs of files of any size: the same as in memory, resumed after a death, refused whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from kg.base import EmptyBase, FilesBase
from kg.building import InputsChangedError, build
from kg.disk_sync import sync
from kg.graph_runs import merge_sorted, sort_files
from kg.importing.runs import Run, write_run
from kg.making import open_workplace
from kg.manifest import count_graphs
from kg.merges_file import read_merges
from kg.merging import find_shared
from kg.nquads import canonical_quads, snapshot_id
from kg.problem import Refused
from kg.progress import Silence
from kg.quad_lines import sha256_of
from kg.rdf_files import read_rdf_files
from kg.snapshot import Snapshot, find_current, is_sound, open_database

ONTOLOGY = "https://w3id.org/sarcoma-kg/ontology/"
HARD = """\
<e:a> <e:b> "5.50"^^<http://www.w3.org/2001/XMLSchema#decimal> <e:g> .
<e:a> <e:b> "5.5"^^<http://www.w3.org/2001/XMLSchema#decimal> <e:g> .
<e:a> <e:b> "05"^^<http://www.w3.org/2001/XMLSchema#integer> .
<e:a> <e:b> "a \\"> b\\\\\\n \\u00e9"^^<e:type> .
<e:a> <e:b> "of <e:g> "@EN-us <e:g> .   # a comment
<e:a>\t<e:b> "2010-01-01T00:00:00.000Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> .
<e:a> <e:b> "1"^^<http://www.w3.org/2001/XMLSchema#boolean> .

_:x <e:b> _:y _:g .
_:y <e:b> "7.0"^^<http://www.w3.org/2001/XMLSchema#double> <e:g> .
<e:a> <e:b> "no _:blank node" .
<e:a> <e:b> <e:g> .
<e:a> <e:b> <e:c> <e:g> .
<e:a> <e:b> <e:c> <e:h> .
<e:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{0}Claim> <e:i> .
<e:a> <{0}passage> <e:q> <e:g> .
<e:a> <{0}passage> <e:p> <e:g> .
""".replace("{0}", ONTOLOGY)
TURTLE = "@prefix e: <e:> . e:a e:b [ e:c 5.50, 5.5 ], <#x> . e:s e:p (1 2) ."


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    (tmp_path / "hard.nq").write_text(HARD, encoding="utf-8")
    (tmp_path / "small.ttl").write_text(TURTLE, encoding="utf-8")
    lines = (f'<e:s{n}> <e:p> "{n}.0"^^<{_XSD}decimal> <e:g{n % 3}> .\n' for n in range(3_000))
    (tmp_path / "long.nq").write_text("".join(lines), encoding="utf-8")
    return [tmp_path / "long.nq", tmp_path / "hard.nq", tmp_path / "small.ttl"]


_XSD = "http://www.w3.org/2001/XMLSchema#"


def _expected(files: list[Path]) -> bytes:
    return canonical_quads(read_rdf_files(files))


def _check(snapshot: Snapshot, expected: bytes) -> None:
    assert snapshot.nquads.read_bytes() == expected
    assert snapshot.id == snapshot_id(expected)
    assert is_sound(snapshot)
    store = Store()
    store.extend(open_database(snapshot))
    assert canonical_quads(store) == expected
    counts = count_graphs(store, ontology=ONTOLOGY)
    assert snapshot.manifest.graphs == counts
    assert snapshot.manifest.quads == expected.count(b"\n")
    merges = read_merges(snapshot.merges)
    assert merges
    assert merges.shared == find_shared(expected.splitlines(keepends=True))
    assert merges.shared == {frozenset({"e:g", "e:h"})}


def test_files_are_what_they_are_in_memory(tmp_path: Path, files: list[Path]) -> None:
    snapshot = build(FilesBase.of(files), tmp_path / "home")
    assert snapshot.manifest.claims == 1
    _check(snapshot, _expected(files))
    assert not list((tmp_path / "home").rglob("*run-*"))


def test_literals_have_the_form_of_a_store(tmp_path: Path, files: list[Path]) -> None:
    """The engine's own loader is the judge, but for the names of blank nodes."""
    names = "integer decimal double float boolean date dateTime time gYear duration string"
    values = (
        "1",
        "01",
        "+1.0",
        "-0",
        "1e1",
        "true",
        "2010-01-01",
        "24:00:00",
        "P1Y",
        "",
        r"\"",
        "a> b",
    )
    lines = [
        f'<e:s> <e:p> "{value}"^^<{_XSD}{name}> .\n' for name in names.split() for value in values
    ]
    typed = tmp_path / "typed.nt"
    typed.write_text("".join(lines * 2), encoding="utf-8")
    for path, form in ((typed, RdfFormat.N_TRIPLES), (files[1], RdfFormat.N_QUADS)):
        store = Store()
        store.bulk_load(path=path, format=form)
        whole = canonical_quads(store).splitlines()
        plain = [line for line in whole if not re.search(rb"_:[0-9a-f]{10,}", line)]
        found = [line for line in _expected([path]).splitlines() if b"_:f" not in line]
        assert found == plain


def test_many_runs_give_the_same_lines(tmp_path: Path, files: list[Path]) -> None:
    given = [(path, sha256_of(path)) for path in files]
    place, state = open_workplace(tmp_path / "making", "key")
    state = merge_sorted(place, sort_files(place, state, given, Silence(), 1), Silence())
    assert place.data.read_bytes() == _expected(files)


class _DiedError(BaseException):
    """The process is gone."""


@pytest.fixture
def deaths(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Give how many more times something may be brought to disk before the process dies."""
    left = [1_000_000]

    def sync_or_die(path: Path) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise _DiedError
        sync(path)

    for module in ("kg.making", "kg.graph_runs", "kg.importing.runs", "kg.snapshot"):
        monkeypatch.setattr(f"{module}.sync", sync_or_die)
    monkeypatch.setattr("kg.graph_runs.RUN_BYTES", 20_000)
    monkeypatch.setattr("kg.normal_lines._CHUNK", 1_000)
    return left


def test_a_build_that_dies_anywhere_goes_on(
    tmp_path: Path, files: list[Path], deaths: list[int]
) -> None:
    expected, home = _expected(files), tmp_path / "home"
    base = FilesBase.of(files)
    for moment in range(200):
        deaths[0] = moment
        try:
            snapshot = build(base, home)
            break
        except _DiedError:
            current = find_current(base.home(home))
            assert current is None or current.nquads.read_bytes() == expected
    assert moment > 5
    _check(snapshot, expected)
    assert not (base.home(home) / "making").exists()


def test_finished_runs_are_not_sorted_again(
    tmp_path: Path, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.normal_lines._CHUNK", 1_000)
    given = [(path, sha256_of(path)) for path in files]
    place, state = open_workplace(tmp_path / "making", "key")
    written: list[Run] = []

    def die_at_the_fifth(folder: Path, number: int, lines: list[bytes]) -> Run:
        if len(written) == 5:
            raise _DiedError
        written.append(write_run(folder, number, lines))
        return written[-1]

    monkeypatch.setattr("kg.graph_runs.write_run", die_at_the_fifth)
    with pytest.raises(_DiedError):
        sort_files(place, state, given, Silence(), 20_000)
    monkeypatch.setattr("kg.graph_runs.write_run", write_run)
    place, state = open_workplace(tmp_path / "making", "key")
    assert state.offset > 50_000
    assert list(state.runs) == written
    done = sort_files(place, state, given, Silence(), 20_000)
    assert done.runs[:5] == tuple(written)
    merge_sorted(place, done, Silence())
    assert place.data.read_bytes() == _expected(files)


@pytest.mark.parametrize(("most", "goes_on"), [(10, True), (1, False)])
def test_a_file_with_few_blank_nodes_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, goes_on: bool
) -> None:
    monkeypatch.setattr("kg.normal_lines._CHUNK", 100)
    monkeypatch.setattr("kg.normal_lines._LABELS", most)
    path = tmp_path / "blank.nq"
    lines = (f"_:{'yxz'[n % 3]} <e:p{n}> _:z <e:g> .\n" for n in range(100))
    path.write_text("".join(lines), encoding="utf-8")
    given, place = [(path, sha256_of(path))], tmp_path / "making"

    def die_at_the_end(self: object) -> None:
        raise _DiedError

    begun = open_workplace(place, "key")
    with monkeypatch.context() as dying:
        dying.setattr("kg.graph_runs._Sorter.end", die_at_the_end)
        with pytest.raises(_DiedError):
            sort_files(*begun, given, Silence(), 500)
    workplace, state = open_workplace(place, "key")
    assert len(state.runs) > 3
    assert (state.offset > 2_000) is goes_on
    assert state.labels == (("y", "z", "x") if goes_on else ())
    merge_sorted(workplace, sort_files(workplace, state, given, Silence(), 500), Silence())
    assert workplace.data.read_bytes() == _expected([path])


def test_what_is_damaged_or_of_other_files_is_begun_anew(tmp_path: Path, files: list[Path]) -> None:
    given = [(path, sha256_of(path)) for path in files]
    place, state = open_workplace(tmp_path / "making", "key")
    sort_files(place, state, given, Silence(), 20_000)
    assert open_workplace(place.folder, "key")[1].is_sorted
    run = next(place.folder.glob("run-*.nq"))
    run.write_bytes(run.read_bytes()[:-5])
    assert not open_workplace(place.folder, "key")[1].runs
    place, state = open_workplace(tmp_path / "making", "key")
    sort_files(place, state, given, Silence())
    assert not open_workplace(place.folder, "another key")[1].runs


def test_nothing_is_left_of_files_that_are_refused(tmp_path: Path, files: list[Path]) -> None:
    (tmp_path / "bad.nq").write_text("<e:a> <e:b> <e:c> .\n" * 3 + "<e:a> .\n", encoding="utf-8")
    base, home = FilesBase.of([*files, tmp_path / "bad.nq"]), tmp_path / "home"
    with pytest.raises(Refused, match=r"bad\.nq:4: not N-Quads"):
        build(base, home)
    assert not (base.home(home) / "making").exists()
    assert find_current(base.home(home)) is None


def test_files_that_change_meanwhile_give_no_snapshot(
    tmp_path: Path, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    base, home = FilesBase.of(files), tmp_path / "home"

    def write(path: Path, quads: Path) -> None:
        files[0].write_text("<e:a> <e:b> <e:c> .\n", encoding="utf-8")
        path.mkdir()

    monkeypatch.setattr("kg.files_building.write_database", write)
    with pytest.raises(InputsChangedError):
        build(base, home)
    assert find_current(base.home(home)) is None


def test_the_gate_stops_what_breaks_a_rule(tmp_path: Path) -> None:
    drug = f"<https://w3id.org/sarcoma-kg/drug/x> <{ONTOLOGY}actsOn> <e:y> .\n"
    (tmp_path / "bad.nt").write_text(drug, encoding="utf-8")
    base, home = FilesBase.of([tmp_path / "bad.nt"]), tmp_path / "home"
    with pytest.raises(Refused, match="actsOn must not be written by hand"):
        build(base, home, gated=True)
    assert not (base.home(home) / "making").exists()
    ungated = build(base, home)
    with pytest.raises(Refused, match="actsOn must not be written by hand"):
        build(base, home, gated=True)
    assert find_current(base.home(home)) == ungated


def test_what_passed_the_gate_passes_it_once(
    tmp_path: Path, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "good.nt").write_text("<e:a> <e:b> <e:c> .\n", encoding="utf-8")
    base, home = FilesBase.of([tmp_path / "good.nt"]), tmp_path / "home"
    first = build(base, home)
    assert build(base, home, gated=True).id == first.id

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("kg.passing.judge_folder", never)
    assert build(base, home, gated=True).id == first.id
    assert build(base, home) == find_current(base.home(home))


def test_an_empty_data_set_needs_no_gate(tmp_path: Path) -> None:
    assert build(EmptyBase(), tmp_path).manifest.quads == 0
