"""Imports of a small importer: what is kept, rejected, counted, resumed and left alone."""

from __future__ import annotations

import csv
import gzip
import hashlib
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from import_lines import (
    EXAMPLINIB,
    LINES,
    TERMS,
    make_lines_order,
    read_lines,
    shipped_with_imports,
    with_importer,
    write_records,
)
from pyoxigraph import RdfFormat, Store

from kg.importing.folder import Import, find_imports
from kg.importing.keeping import FolderTarget, HomeTarget, import_locked
from kg.importing.pipeline import Limits
from kg.importing.record import Item
from kg.importing.run import Options, Order, run_import
from kg.importing.terms import Terms
from kg.importing.terms_reading import KnownTerms
from kg.nquads import canonical_quads
from kg.problem import Refused
from kg.shipped import Shipped

MANY = [
    {"id": f"r{number}", "labels": [f"label {number % 7}"], "drug": ["EX-1", "nothing"][number % 2]}
    for number in range(500)
]
SMALL = Limits(items=20, run_bytes=2_000, seconds=1000)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Shipped:
    return shipped_with_imports(tmp_path_factory.mktemp("import") / "shipped")


class Heard:
    def __init__(self) -> None:
        self.sentences: list[str] = []
        self.counts = 0

    def say(self, sentence: str) -> None:
        self.sentences.append(sentence)

    def count(self, tally: object) -> None:
        self.counts += 1


def rows(made: Import, name: str) -> list[dict[str, str]]:
    with (made.directory / name).open(encoding="utf-8", newline="") as lines:
        return [*csv.DictReader(lines, delimiter="\t")]


def content(folder: Path) -> dict[str, bytes]:
    names = ("graph.nq", "import.json", "rejects.tsv", "unmatched.tsv")
    return {name: (folder / name).read_bytes() for name in names}


def refusal(order: Order, home: Path) -> str:
    with pytest.raises(Refused) as refused:
        run_import(order, HomeTarget(home, "lines"))
    return str(refused.value)


def test_an_import_is_what_a_store_holds_sorted_in_its_graph(
    shipped: Shipped, tmp_path: Path, home: Path
) -> None:
    records = [{"id": "b", "labels": ["B"], "drug": "ex 1"}, {"id": "a", "labels": ["A"]}]
    file = write_records(tmp_path / "a.jsonl", records)
    outcome = run_import(make_lines_order(shipped, file), HomeTarget(home, "lines"))
    made, text = outcome.made, outcome.made.nquads.read_bytes()
    store = Store()
    store.load(text, format=RdfFormat.N_QUADS)
    assert canonical_quads(store) == text
    assert [str(graph) for graph in store.named_graphs()] == [f"<{made.graph}>"]
    assert made.digest == hashlib.sha256(text).hexdigest()
    assert made.counts.triples == len(store) == 9
    assert (made.counts.read, made.counts.kept, made.counts.matched) == (2, 2, 1)
    assert f"<{EXAMPLINIB}>".encode() in text
    assert made.description.version == "1"
    assert made.description.terms == TERMS.digest
    assert made.description.files == {"a.jsonl": hashlib.sha256(file.read_bytes()).hexdigest()}


def test_what_is_damaged_is_left_out_counted_and_listed_with_its_place(
    shipped: Shipped, tmp_path: Path, home: Path
) -> None:
    records: list[dict[str, Any] | str] = [
        {"id": "good", "drug": "unheard of"},
        "{no json",
        {"id": "good", "labels": ["again"]},
        {"id": "nameless", "nameless": True, "drug": "lost"},
        {"id": "two names", "labels": ["one", "two"]},
        {"id": "wrong", "links": {"concernsDrug": "https://w3id.org/sarcoma-kg/target/kit"}},
        {"id": "ours", "class": "EvidenceItem"},
        {"id": "last", "drug": "unheard of"},
    ]
    file = write_records(tmp_path / "a.jsonl", records)
    with file.open("a") as end:
        end.write('{"id": "cut')
    made = run_import(make_lines_order(shipped, file), HomeTarget(home, "lines")).made
    assert (made.counts.read, made.counts.kept) == (9, 2)
    assert made.counts.rejects == {
        "duplicate": 1,
        "refused by the gate": 4,
        "truncated": 1,
        "unreadable": 1,
    }
    listed = {(row["place"], row["rule"], row["id"]) for row in rows(made, "rejects.tsv")}
    assert listed == {
        ("a.jsonl:2", "unreadable", ""),
        ("a.jsonl:3", "duplicate", "good"),
        ("a.jsonl:4", "refused by the gate", "nameless"),
        ("a.jsonl:5", "refused by the gate", "two names"),
        ("a.jsonl:6", "refused by the gate", "wrong"),
        ("a.jsonl:7", "refused by the gate", "ours"),
        ("a.jsonl:9", "truncated", ""),
    }
    messages = {row["id"]: row["message"] for row in rows(made, "rejects.tsv")}
    assert "recordId: give an id" in messages["nameless"]
    assert "drug: name a drug" in messages["wrong"]
    assert ":EvidenceItem is a class of curated things" in messages["ours"]
    assert b"again" not in made.nquads.read_bytes()
    assert b"two%20names" not in made.nquads.read_bytes()
    assert rows(made, "unmatched.tsv") == [
        {
            "kind": "drug",
            "name": "unheard of",
            "identifier": "",
            "records": "2",
            "example": "good",
        }
    ]


def test_batches_and_runs_change_nothing(shipped: Shipped, tmp_path: Path, home: Path) -> None:
    file = write_records(tmp_path / "a.jsonl", [*MANY[:80], *MANY[:3]])
    whole = run_import(make_lines_order(shipped, file), FolderTarget(tmp_path / "whole"))
    for limits in (SMALL, Limits(items=1, run_bytes=1), Limits(triples=7, run_bytes=300)):
        order = make_lines_order(shipped, file, limits=limits)
        parts = run_import(order, FolderTarget(tmp_path / "parts"))
        assert content(parts.made.directory) == content(whole.made.directory)
    assert whole.made.counts.rejects == {"duplicate": 3}
    assert rows(whole.made, "unmatched.tsv")[0]["records"] == "40"
    assert [*tmp_path.glob(".importing-*")] == []


def test_the_same_files_are_imported_once(shipped: Shipped, tmp_path: Path, home: Path) -> None:
    file = write_records(tmp_path / "a.jsonl", MANY[:3])
    target = HomeTarget(home, "lines")
    first = run_import(make_lines_order(shipped, file), target)
    before = {path: path.lstat().st_mtime_ns for path in home.rglob("*")}
    again = run_import(make_lines_order(shipped, file), target)
    assert (first.is_new, again.is_new) == (True, False)
    assert {path: path.lstat().st_mtime_ns for path in home.rglob("*")} == before
    order = make_lines_order(shipped, file)
    for changed in (
        replace(order, terms=KnownTerms([])),
        replace(order, code="another"),
        replace(order, options=Options(only_matched=True)),
    ):
        assert run_import(changed, target).is_new
    write_records(file, MANY[:4])
    assert run_import(make_lines_order(shipped, file), target).is_new
    assert len([*(home / "imports").glob(".kept-*")]) == 1


def test_a_damaged_import_is_made_anew(shipped: Shipped, tmp_path: Path, home: Path) -> None:
    order = make_lines_order(shipped, write_records(tmp_path / "a.jsonl", MANY[:3]))
    target = HomeTarget(home, "lines")
    made = run_import(order, target).made
    whole = content(made.directory)
    for name in ("graph.nq", "import.json"):
        (made.directory / name).write_text("damaged")
        assert run_import(order, target).is_new
        assert content(target.place) == whole


def test_the_date_is_that_of_the_first_import_of_the_files(
    shipped: Shipped, tmp_path: Path, home: Path
) -> None:
    file = write_records(tmp_path / "a.jsonl", MANY[:3])
    target = HomeTarget(home, "lines")
    told = Options(retrieved="2020-01-02")
    assert (
        run_import(make_lines_order(shipped, file, options=told), target).made.description.retrieved
        == "2020-01-02"
    )
    later = run_import(make_lines_order(shipped, file), target)
    assert (later.is_new, later.made.description.retrieved) == (True, "2020-01-02")
    other = run_import(make_lines_order(shipped, write_records(file, MANY[:4])), target)
    assert other.made.description.retrieved > "2020-01-02"


def test_only_matched_leaves_out_what_is_on_nothing_here(
    shipped: Shipped, tmp_path: Path, home: Path
) -> None:
    file = write_records(tmp_path / "a.jsonl", MANY)
    order = make_lines_order(shipped, file, options=Options(only_matched=True))
    made = run_import(order, HomeTarget(home, "lines")).made
    assert (made.counts.read, made.counts.kept, made.counts.matched) == (500, 250, 250)
    assert made.counts.rejects == {"not wanted": 250}
    assert rows(made, "rejects.tsv") == rows(made, "unmatched.tsv") == []
    assert made.description.only_matched


def test_where_nothing_matches_the_option_to_leave_out_is_named(
    shipped: Shipped, tmp_path: Path, home: Path
) -> None:
    records = [{"id": each, "labels": ["A"], "drug": "nothing"} for each in ("a", "b")]
    file = write_records(tmp_path / "a.jsonl", [*records, "{"])
    order = make_lines_order(shipped, file, options=Options(only_matched=True))
    told = refusal(order, home)
    assert "no record of 3 can be kept: 2 can be read, and none of them refers to a thing" in told
    assert "leave --only-matched out" in told
    assert run_import(make_lines_order(shipped, file), HomeTarget(home, "lines")).made.counts.kept


def test_nothing_is_kept_of_files_without_a_good_record(
    shipped: Shipped, tmp_path: Path, home: Path
) -> None:
    good = make_lines_order(shipped, write_records(tmp_path / "a.jsonl", MANY[:3]))
    before = content(run_import(good, HomeTarget(home, "lines")).made.directory)
    for broken in ("{", *[""] * 0):
        told = refusal(
            make_lines_order(shipped, write_records(tmp_path / "b.jsonl", [broken])), home
        )
        assert "b.jsonl:1: this line is no JSON; mend it" in told
        assert "no record of 1 can be kept; nothing is imported" in told
    empty = make_lines_order(shipped, write_records(tmp_path / "c.jsonl", []))
    assert "no record of 0 can be kept" in refusal(empty, home)
    assert content(home / "imports" / "lines") == before
    assert not (home / "imports" / ".importing-lines").exists()


def test_strict_refuses_the_whole(shipped: Shipped, tmp_path: Path, home: Path) -> None:
    broken = write_records(tmp_path / "a.jsonl", [*MANY[:3], *["{"] * 30])
    told = refusal(make_lines_order(shipped, broken, options=Options(strict=True)), home)
    assert "import lines: refused whole" in told
    assert "there are 30, of which the first 20 are listed" in told
    assert not (home / "imports" / "lines").exists()
    good = write_records(tmp_path / "a.jsonl", MANY[:3])
    order = make_lines_order(shipped, good, options=Options(strict=True))
    assert run_import(order, HomeTarget(home, "lines")).made.counts.kept == 3


def test_a_file_that_changes_while_it_is_read_is_refused(
    shipped: Shipped, tmp_path: Path, home: Path
) -> None:
    file = write_records(tmp_path / "a.jsonl", MANY)

    def changing(files: Sequence[Path], terms: Terms) -> Iterator[Item]:
        yield from read_lines(files, terms)
        write_records(file, MANY[:5])

    order = with_importer(make_lines_order(shipped, file), read=changing)
    assert "it was changed while it was read" in refusal(order, home)
    assert not (home / "imports" / "lines").exists()


def cut_off(order: Order, after: int) -> Order:
    """Return an order whose reader fails as a dying process would, after some records."""

    def read(files: Sequence[Path], terms: Terms) -> Iterator[Item]:
        for number, item in enumerate(read_lines(files, terms)):
            if number == after:
                raise KeyboardInterrupt
            yield item

    return with_importer(order, read=read)


@pytest.mark.parametrize("after", [1, 19, 20, 21, 119, 260, 499, 500])
def test_an_import_that_is_cut_off_goes_on(
    after: int, shipped: Shipped, tmp_path: Path, home: Path
) -> None:
    file = write_records(tmp_path / "a.jsonl", [*MANY, MANY[0], "{"])
    order = make_lines_order(shipped, file, limits=SMALL)
    whole = content(run_import(order, FolderTarget(tmp_path / "whole")).made.directory)
    with pytest.raises(KeyboardInterrupt):
        run_import(cut_off(order, after), HomeTarget(home, "lines"))
    assert find_imports(home, shipped) == ()
    heard = Heard()
    made = run_import(order, HomeTarget(home, "lines"), heard).made
    assert content(made.directory) == whole
    going_on = [each for each in heard.sentences if each.startswith("going on after")]
    assert bool(going_on) is (after >= 20)
    assert not (home / "imports" / ".importing-lines").exists()


def test_another_order_begins_anew_and_says_so(
    shipped: Shipped, tmp_path: Path, home: Path
) -> None:
    order = make_lines_order(shipped, write_records(tmp_path / "a.jsonl", MANY), limits=SMALL)
    with pytest.raises(KeyboardInterrupt):
        run_import(cut_off(order, 300), HomeTarget(home, "lines"))
    write_records(tmp_path / "a.jsonl", MANY[:100])
    other = make_lines_order(shipped, tmp_path / "a.jsonl", limits=SMALL)
    heard = Heard()
    made = run_import(other, HomeTarget(home, "lines"), heard).made
    assert made.counts.kept == 100
    assert any("it is begun anew" in each for each in heard.sentences)


@pytest.mark.parametrize("damage", ["run-000001.nq", "ids.jsonl", "rejects.part"])
def test_a_damaged_checkpoint_is_not_gone_on_from(
    damage: str, shipped: Shipped, tmp_path: Path, home: Path
) -> None:
    order = make_lines_order(
        shipped, write_records(tmp_path / "a.jsonl", ["{", *MANY]), limits=SMALL
    )
    whole = content(run_import(order, FolderTarget(tmp_path / "whole")).made.directory)
    with pytest.raises(KeyboardInterrupt):
        run_import(cut_off(order, 300), HomeTarget(home, "lines"))
    path = home / "imports" / ".importing-lines" / damage
    path.write_bytes(path.read_bytes()[:-5])
    heard = Heard()
    made = run_import(order, HomeTarget(home, "lines"), heard).made
    assert content(made.directory) == whole
    assert not any("going on" in each for each in heard.sentences)


def test_a_full_disk_leaves_the_former_import_and_what_is_done(
    shipped: Shipped, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = HomeTarget(home, "lines")
    former = run_import(
        make_lines_order(shipped, write_records(tmp_path / "b.jsonl", MANY[:3])), target
    )
    before = content(former.made.directory)
    order = make_lines_order(shipped, write_records(tmp_path / "a.jsonl", MANY), limits=SMALL)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("kg.importing.run.merge_runs", full)
        with pytest.raises(OSError, match="No space left on device"):
            run_import(order, target)
    assert content(target.place) == before
    heard = Heard()
    assert run_import(order, target, heard).made.counts.kept == 500
    assert heard.sentences[0].startswith("going on after 500 records")


def test_gzipped_files_and_folders_give_the_same_graph(
    shipped: Shipped, tmp_path: Path, home: Path
) -> None:
    plain = write_records(tmp_path / "plain" / "deep" / "a.jsonl", MANY)
    write_records(tmp_path / "plain" / ".hidden" / "b.jsonl", [{"id": "hidden"}])
    zipped = tmp_path / "zipped" / "a.jsonl.gz"
    zipped.parent.mkdir()
    zipped.write_bytes(gzip.compress(plain.read_bytes()))
    found = [
        run_import(
            make_lines_order(shipped, path.parent), FolderTarget(tmp_path / "out")
        ).made.digest
        for path in (plain.parent, zipped)
    ]
    assert found[0] == found[1]
    zipped.write_bytes(zipped.read_bytes()[:-200])
    assert "no whole gzip file" in refusal(make_lines_order(shipped, zipped), home)


def test_an_import_to_a_folder_is_that_folder_alone(shipped: Shipped, tmp_path: Path) -> None:
    out = tmp_path / "out" / "lines"
    file = write_records(tmp_path / "a.jsonl", MANY[:5])
    first = run_import(make_lines_order(shipped, file), FolderTarget(out)).made
    assert {path.name for path in out.iterdir()} == {*content(out)}
    before = content(out)
    (out / "LICENSE").write_text("theirs")
    assert run_import(make_lines_order(shipped, file), FolderTarget(out)).is_new
    assert content(out) == before
    assert (out / "LICENSE").read_text() == "theirs"
    assert first.directory == out
    assert {path.name for path in out.parent.iterdir()} == {"lines"}


def test_those_who_wait_for_a_folder_take_turns(tmp_path: Path) -> None:
    """The file of a lock goes while it is held; one who waited for it must not share the turn."""
    target, held, shared = FolderTarget(tmp_path / "lines"), list[int](), list[int]()

    def take(number: int) -> None:
        for _ in range(5):
            with import_locked(target, Heard()):
                shared.extend(held)
                held.append(number)
                time.sleep(0.01)
                held.remove(number)

    takers = [threading.Thread(target=take, args=(number,)) for number in range(4)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join(timeout=30)
    assert (shared, held, [*tmp_path.iterdir()]) == ([], [], [])


def test_records_judged_together_are_judged_by_themselves(
    shipped: Shipped, tmp_path: Path, home: Path
) -> None:
    """Two names of one thing in two records break a shape only together: both stay."""

    def read(files: Sequence[Path], terms: Terms) -> Iterator[Item]:
        for item in read_lines(files, terms):
            yield replace(item, id=item.place)

    records = [{"id": "shared", "labels": ["one"]}, {"id": "shared", "labels": ["another"]}]
    file = write_records(tmp_path / "a.jsonl", records)
    order = with_importer(make_lines_order(shipped, file), read=read)
    assert run_import(order, HomeTarget(home, "lines")).made.counts.kept == 2


def test_the_table_of_the_importer_has_all_its_fields() -> None:
    described = LINES.described({"title": "Other", "licence": "https://example.org/"})
    assert (described.title, described.licence) == ("Other", "https://example.org/")
    assert described.read is LINES.read


def test_waiting_leaves_no_trace(shipped: Shipped, tmp_path: Path, home: Path) -> None:
    order = make_lines_order(shipped, write_records(tmp_path / "a.jsonl", MANY[:3]))
    run_import(order, HomeTarget(home, "lines"))
    shutil.rmtree(home / "imports" / (home / "imports" / "lines").readlink())
    assert run_import(order, HomeTarget(home, "lines")).is_new
