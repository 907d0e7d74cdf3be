"""Commits: kept, gated, inferred from, and the same as a fresh build of records and journal."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace as changed
from pathlib import Path

import pytest
from builds import assert_whole
from miniature import OWN_DRUG, replace, write
from pyoxigraph import NamedNode, QuerySolutions
from writes import PREFIXES, effect_on, make_write, store_of

from kg.base import Base, EmptyBase, FilesBase, ShippedBase, build
from kg.catalogue import CATALOGUE
from kg.change import Change
from kg.commit import CommitReply, CommitRequest, catch_up, commit, take_back
from kg.journal import JournalDamagedError, count_entries, drop_last, read_journal
from kg.places import PlaceFinder
from kg.problem import Finding, Problem, Refused
from kg.query_error import QueryForbiddenError
from kg.shipped import Shipped
from kg.snapshot import (
    Snapshot,
    SnapshotDamagedError,
    find_current,
    find_snapshots,
    get_current,
    make_current,
)
from kg.sources import GRAPH
from kg.write_gate import YOUR_UPDATE
from kg.writing import GraphWrite, Payload

NEW_DRUG = """INSERT DATA { GRAPH graph:mine {
  drug:new a :Drug ; rdfs:label "new" ; :inhibits target:kit } }"""
BUILD_ANY = """\
import json, sys
from pathlib import Path
from kg.base import build, read_base
base, home = sys.argv[1:]
print(build(read_base(json.loads(base)), Path(home)).id)
"""


@pytest.fixture
def base(root: Path) -> ShippedBase:
    return ShippedBase(Shipped(root))


@pytest.fixture
def files(tmp_path: Path) -> FilesBase:
    path = write(tmp_path / "given" / "a.ttl", '@prefix e: <http://e.org/> . e:a e:p [ e:q "x" ] .')
    return FilesBase.of([path / "a.ttl"])


def _journalled(base: Base, home: Path, tmp_path: Path) -> Path:
    """Return another home that has nothing but the journal of this one."""
    other = tmp_path / "other home"
    shutil.rmtree(other, ignore_errors=True)
    base.home(other).mkdir(parents=True)
    if (base.home(home) / "journal").exists():
        shutil.copytree(base.home(home) / "journal", base.home(other) / "journal")
    return other


def _assert_same_as_fresh(base: Base, home: Path, tmp_path: Path) -> Snapshot:
    """Hold the current snapshot to a fresh build from the journal, also as its manifest says."""
    current = get_current(base.home(home))
    assert_whole(current)
    fresh = build(base, _journalled(base, home, tmp_path))
    assert fresh.manifest == current.manifest
    assert fresh.nquads.read_bytes() == current.nquads.read_bytes()
    assert build(base, home).directory == current.directory
    return current


def _rows(base: Base, home: Path, query: str) -> list[tuple[str, ...]]:
    found = store_of(base, home).query(query, prefixes=PREFIXES, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return sorted(tuple(term.value for term in row) for row in found)


def test_a_write_is_kept_inferred_from_and_described(
    base: ShippedBase, home: Path, tmp_path: Path
) -> None:
    before = build(base, home)
    reply = make_write(base, home, NEW_DRUG)
    assert reply == CommitReply(get_current(home).id)
    assert reply.snapshot != before.id
    assert _rows(base, home, "SELECT ?d { target:kit :inhibitedBy ?d . ?d rdfs:label 'new' }")
    described = f"SELECT ?t {{ GRAPH <{CATALOGUE}> {{ graph:mine ?p ?t FILTER isLiteral(?t) }} }}"
    assert _rows(base, home, described) == [("Written by users: mine",)]
    current = _assert_same_as_fresh(base, home, tmp_path)
    assert current.manifest.graphs[f"{GRAPH}mine"].triples == 3
    assert current.manifest.inputs.journal == 1


WRITES = (
    (NEW_DRUG, True),
    ("INSERT DATA { <e:default> rdfs:label 'in the default graph' }", True),
    ("CREATE GRAPH <e:empty>", False),
    ("DELETE WHERE { GRAPH ?g { drug:examplicin rdfs:label ?l } }", False),
    (
        "INSERT { GRAPH <e:new> { ?s rdfs:comment [ rdfs:label ?l ] } } WHERE { ?s rdfs:label ?l }",
        0,
    ),
    ("INSERT DATA { GRAPH <e:new> { drug:examplicin rdfs:label 'examplicin' } }", True),
    ("DROP GRAPH graph:mine ; DROP GRAPH <e:empty>", True),
)


def test_each_commit_is_what_a_fresh_build_makes(
    base: ShippedBase, home: Path, tmp_path: Path
) -> None:
    build(base, home)
    for update, gated in WRITES:
        assert not make_write(base, home, update, gated=bool(gated)).problems
        _assert_same_as_fresh(base, home, tmp_path)
    assert [entry.is_gated for entry in read_journal(home)] == [bool(each) for _, each in WRITES]


FOREIGN_WRITES = (
    ("INSERT DATA { e:a e:p 'default' . GRAPH e:g { e:a e:p [ e:q 'named' ] } }", True),
    ("CREATE GRAPH <e:empty>", True),
    ("INSERT { GRAPH graph:catalogue { ?o e:r ?s } } WHERE { ?s e:p ?o FILTER isIRI(?s) }", False),
    ("DELETE WHERE { GRAPH e:g { ?s e:q ?o } }", False),
)


@pytest.mark.parametrize("kind", ["empty", "files"])
def test_other_bases_keep_their_writes_without_rules_or_catalogue(
    files: FilesBase, home: Path, tmp_path: Path, kind: str
) -> None:
    base: Base = EmptyBase() if kind == "empty" else files
    start = build(base, home)
    assert start.directory.is_relative_to(home / "datasets")
    assert start.manifest.quads == (2 if kind == "files" else 0)
    for update, gated in FOREIGN_WRITES:
        assert not make_write(base, home, update, gated=gated).problems
        _assert_same_as_fresh(base, home, tmp_path)
    assert store_of(base, home).contains_named_graph(NamedNode("e:empty"))
    document = Payload("text/turtle", b"<e:a> <e:b> <e:c> .")
    make_write(base, home, GraphWrite("PUT", CATALOGUE, (document,)))
    current = _assert_same_as_fresh(base, home, tmp_path)
    assert current.manifest.graphs[CATALOGUE].triples == 1
    assert not (home / "journal").exists()


def test_the_shipped_shapes_hold_for_our_terms_in_any_data_set(home: Path) -> None:
    build(EmptyBase(), home)
    reply = make_write(EmptyBase(), home, "INSERT DATA { drug:new a :Drug }")
    assert "drug:new" in str(reply.problems[0])
    assert str(reply.problems[0]).startswith("your update: ")
    assert not make_write(
        EmptyBase(), home, "INSERT DATA { drug:new a :Drug }", gated=False
    ).problems


def test_a_commit_is_a_build_in_another_process_and_directory(
    base: ShippedBase, home: Path, tmp_path: Path
) -> None:
    build(base, home)
    make_write(base, home, NEW_DRUG)
    other = _journalled(base, home, tmp_path)
    environment = {**os.environ, "PYTHONHASHSEED": "5", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", BUILD_ANY, json.dumps(base.to_json()), str(other)],
        cwd="/",
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == get_current(home).id


def test_writes_outlive_changed_records_and_an_overlay(
    base: ShippedBase, root: Path, home: Path, tmp_path: Path
) -> None:
    build(base, home)
    make_write(base, home, NEW_DRUG)
    make_write(
        base,
        home,
        "DELETE DATA { GRAPH graph:vocabulary-drugs { "
        "drug:examplinib rdfs:label 'examplinib' } } ; "
        "INSERT DATA { GRAPH graph:mine { drug:examplinib rdfs:label 'mine' } }",
    )
    replace(root / "data/vocabularies/targets.yaml", "label: KIT", "label: KIT (new)")
    own = ShippedBase(
        base.shipped, write(root / "mine" / "own.yaml", OWN_DRUG.replace("new", "own"))
    )
    build(own, home)
    assert _rows(
        own, home, "SELECT ?l { VALUES ?x { target:kit drug:examplinib } ?x rdfs:label ?l }"
    ) == [
        ("KIT (new)",),
        ("mine",),
    ]
    assert _rows(own, home, "SELECT ?l { ?d :inhibits target:kit ; rdfs:label ?l }") == [
        ("a own drug",),
        ("mine",),
        ("new",),
    ]
    make_write(own, home, "INSERT DATA { GRAPH graph:mine { drug:new rdfs:comment 'more' } }")
    _assert_same_as_fresh(own, home, tmp_path)


def test_a_violation_refuses_the_write_whole(base: ShippedBase, home: Path) -> None:
    before = build(base, home)
    replies = {
        "INSERT DATA { GRAPH graph:mine { drug:new a :Drug ; :inhibits target:kit } }": (
            "your update: drug:new: label: give exactly one name"
        ),
        "INSERT DATA { drug:examplinib rdfs:label 'again' }": (
            "your update: drug:examplinib: label: give exactly one name"
        ),
        "DELETE WHERE { GRAPH ?g { target:vegfr2 a ?type } }": (
            "data/vocabularies/drugs.yaml:4: drug:examplinib: inhibits: must name a molecular "
            "target (found target:vegfr2)"
        ),
        "INSERT DATA { _:d a :Drug ; rdfs:label 'd' ; :inhibits target:kit }": (
            "ontology/rules/inhibited-by.rq:1: gives a blank node"
        ),
    }
    for update, problem in replies.items():
        reply = make_write(base, home, update)
        assert str(reply.problems[0]).startswith(problem)
        assert (reply.snapshot, reply.is_stale) == (before.id, False)
    assert get_current(home) == before
    assert [each.id for each in find_snapshots(home)] == [before.id]
    assert count_entries(home) == 0


def test_a_violation_by_a_write_without_the_gate_is_kept_and_stays_so(
    base: ShippedBase, home: Path, tmp_path: Path
) -> None:
    build(base, home)
    nameless = "INSERT DATA { GRAPH graph:mine { drug:new a :Drug } }"
    assert not make_write(base, home, nameless, gated=False).problems
    _assert_same_as_fresh(base, home, tmp_path)
    assert make_write(base, home, "CREATE GRAPH <e:more>").problems
    assert not make_write(base, home, "INSERT DATA { drug:new rdfs:label 'new' }").problems
    _assert_same_as_fresh(base, home, tmp_path)


def test_records_that_forbid_an_accepted_write_are_refused_with_its_line(
    base: ShippedBase, root: Path, home: Path
) -> None:
    build(base, home)
    make_write(base, home, NEW_DRUG)
    with (root / "data/vocabularies/drugs.yaml").open("a", encoding="utf-8") as file:
        file.write("- id: drug:new\n  type: Drug\n  label: another\n")
    with pytest.raises(Refused, match=r"^journal/00000001\.patch:\d+: drug:new: label: give"):
        build(base, home)


def test_warnings_are_kept_with_their_places(base: ShippedBase, home: Path, tmp_path: Path) -> None:
    build(base, home)
    claim = """INSERT DATA { GRAPH graph:mine {
      <e:claim> a :EvidenceItem ; :aboutDrug drug:examplinib ; :passage <e:p> ;
        :responders 1 ; :evaluable 2 ; :value 70.0 } }"""
    make_write(base, home, claim)
    current = _assert_same_as_fresh(base, home, tmp_path)
    places = [str(each.place) for each in current.manifest.validation.problems]
    assert places == ["data/studies/review/first.yaml:27", "journal/00000001.patch:8"]
    make_write(base, home, "DELETE WHERE { GRAPH ?g { <e:claim> ?p ?o } }")
    assert _assert_same_as_fresh(base, home, tmp_path).manifest.validation.warnings == 1


def test_records_are_read_again_only_for_a_place_that_nothing_tells(
    base: ShippedBase, root: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = build(base, home)
    read: list[bool] = []
    original = ShippedBase.read_places

    def note(self: ShippedBase) -> PlaceFinder:
        read.append(True)
        return original(self)

    monkeypatch.setattr(ShippedBase, "read_places", note)
    make_write(base, home, NEW_DRUG)
    assert get_current(home).manifest.validation == before.manifest.validation
    assert make_write(base, home, "INSERT DATA { drug:other a :Drug }").problems
    assert not read
    removal = "DELETE WHERE { GRAPH ?g { target:vegfr2 a ?type } }"
    assert (
        str(make_write(base, home, removal).problems[0].place) == "data/vocabularies/drugs.yaml:4"
    )
    write(root / "data" / "vocabularies" / "broken.yaml", "id: [")
    assert str(make_write(base, home, removal).problems[0].place) == "your update"
    assert len(read) == 2


def test_a_change_of_nothing_is_no_commit(base: ShippedBase, home: Path) -> None:
    before = build(base, home)
    assert make_write(
        base, home, "CLEAR GRAPH graph:inferred-none ; ".replace("CLEAR", "CLEAR SILENT")
    ) == CommitReply(before.id)
    assert make_write(base, home, "INSERT DATA { }") == CommitReply(before.id)
    assert get_current(home) == before
    assert count_entries(home) == 0


def test_a_change_of_another_snapshot_is_stale(base: ShippedBase, home: Path) -> None:
    first = build(base, home)
    change = effect_on(base, home, NEW_DRUG).change
    second = make_write(base, home, "CREATE GRAPH <e:g>").snapshot
    stale = commit(CommitRequest(base, home, change, first.id))
    assert stale == CommitReply(second, is_stale=True)
    assert get_current(home).id == second
    assert commit(CommitRequest(base, home, change, second)).snapshot == get_current(home).id


@pytest.mark.parametrize("graph", ["catalogue", "inferred", "inferred-inhibited-by"])
def test_a_graph_of_the_build_is_not_written(base: ShippedBase, home: Path, graph: str) -> None:
    before = build(base, home)
    line = f"<e:a> <e:b> <e:c> <{GRAPH}{graph}> .".encode()
    for change in (Change(added=(line,)), Change(removed=(line,))):
        with pytest.raises(QueryForbiddenError, match="is made by the build"):
            commit(CommitRequest(base, home, change, before.id))
    assert get_current(home) == before


@pytest.fixture
def half_way(base: ShippedBase, home: Path) -> tuple[Snapshot, Snapshot]:
    """A home whose last write was accepted, and whose current snapshot is the one before it."""
    before = build(base, home)
    make_write(base, home, NEW_DRUG)
    after = get_current(home)
    make_current(home, before.id)
    return before, after


def test_an_accepted_write_is_taken_up_after_a_death(
    base: ShippedBase, home: Path, half_way: tuple[Snapshot, Snapshot]
) -> None:
    before, after = half_way
    change = Change(created_graphs=("e:g",))
    assert commit(CommitRequest(base, home, change, before.id)) == CommitReply(after.id, (), True)
    assert get_current(home).id == after.id
    assert commit(CommitRequest(base, home, change, after.id)).snapshot == get_current(home).id


@pytest.mark.parametrize("is_lost", [False, True])
def test_catching_up_needs_no_records(
    base: ShippedBase, root: Path, home: Path, half_way: tuple[Snapshot, Snapshot], is_lost: bool
) -> None:
    write(root / "data" / "vocabularies" / "broken.yaml", "id: [")
    if is_lost:
        shutil.rmtree(half_way[1].directory)
    assert catch_up(base, home).id == half_way[1].id == get_current(home).id
    assert_whole(get_current(home))
    assert catch_up(base, home).id == half_way[1].id


def test_a_build_takes_up_an_accepted_write(
    base: ShippedBase, home: Path, half_way: tuple[Snapshot, Snapshot]
) -> None:
    assert build(base, home).id == half_way[1].id == get_current(home).id


def test_an_undo_that_died_is_finished(base: ShippedBase, home: Path) -> None:
    before = build(base, home)
    make_write(base, home, NEW_DRUG)
    drop_last(home)
    reply = commit(CommitRequest(base, home, Change(created_graphs=("e:g",)), get_current(home).id))
    assert reply == CommitReply(before.id, is_stale=True)
    assert get_current(home).id == before.id


def test_writes_are_taken_back_one_by_one(base: ShippedBase, home: Path) -> None:
    ids = [build(base, home).id]
    for number in range(5):
        ids.append(make_write(base, home, f"CREATE GRAPH <e:g{number}>").snapshot)
    for identifier in reversed(ids[:-1]):
        taken = take_back(base, home)
        assert taken
        assert taken.id == identifier == get_current(home).id
    assert take_back(base, home) is None


def test_a_damaged_journal_and_a_damaged_snapshot_are_named(base: ShippedBase, home: Path) -> None:
    build(base, home)
    make_write(base, home, NEW_DRUG)
    expected = get_current(home)
    request = CommitRequest(base, home, Change(created_graphs=("e:g",)), expected.id)
    text = expected.nquads.read_bytes()
    expected.nquads.write_bytes(text[:-50])
    with pytest.raises(SnapshotDamagedError, match=f"delete the folder {expected.directory}"):
        commit(request)
    expected.nquads.write_bytes(text)
    (entry,) = read_journal(home)
    entry.path.write_bytes(entry.content[:-5])
    shutil.rmtree(expected.directory)
    with pytest.raises(JournalDamagedError, match=r"00000001\.patch:.*damaged"):
        build(base, home)


def test_rules_that_changed_since_make_no_snapshot_that_a_build_takes(
    base: ShippedBase, root: Path, home: Path
) -> None:
    build(base, home)
    rule = root / "ontology" / "rules" / "inhibited-by.rq"
    text = rule.read_text(encoding="utf-8")
    rule.write_text(text.replace(":inhibitedBy", ":stoppedBy"), encoding="utf-8")
    make_write(base, home, NEW_DRUG)
    assert _rows(base, home, "SELECT ?d { target:kit :stoppedBy ?d ; :inhibitedBy ?d }") == []
    rule.write_text(text, encoding="utf-8")
    build(base, home)
    assert _rows(base, home, "SELECT ?d { target:kit :stoppedBy ?d }") == []
    assert len(_rows(base, home, "SELECT ?d { target:kit :inhibitedBy ?d }")) == 2


def test_a_first_commit_builds_what_is_missing(base: ShippedBase, home: Path) -> None:
    reply = commit(CommitRequest(base, home, Change(created_graphs=("e:g",)), "none"))
    assert reply.is_stale
    current = find_current(home)
    assert current
    assert current.id == reply.snapshot


def test_a_home_that_cannot_be_written_says_so(base: ShippedBase, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        commit(CommitRequest(base, tmp_path / "file", Change(), "none"))


def test_requests_and_replies_survive_the_way_to_another_process(
    base: ShippedBase, files: FilesBase, home: Path
) -> None:
    change = Change(added=(b"<e:a> <e:b> <e:c> .",), dropped_graphs=("e:g",))
    for each in (base, changed(base, overlay=Path("mine")), files, EmptyBase()):
        request = CommitRequest(each, home, change, "ab", gated=False)
        assert CommitRequest.from_bytes(request.to_bytes()) == request
    problem = Problem(YOUR_UPDATE, 'a "b"\nc')
    for reply in (CommitReply("ab", (problem,)), CommitReply("ab", is_stale=True)):
        assert CommitReply.from_bytes(reply.to_bytes()) == reply
    found = Problem(YOUR_UPDATE, "no", finding=Finding("<urn:a>", "<urn:p>", "x", '"é"'))
    (read,) = CommitReply.from_bytes(CommitReply("ab", (found,)).to_bytes()).problems
    assert read.finding == found.finding


def test_a_graph_that_is_too_large_takes_no_writes(
    files: FilesBase, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    current = build(files, home)
    monkeypatch.setattr("kg.commit.LARGEST_WRITTEN", 10)
    change = Change(added=(b"<e:a> <e:b> <e:new> .",))
    reply = commit(CommitRequest(files, home, change, current.id))
    assert reply.snapshot == current.id
    (problem,) = reply.problems
    assert "add the statements to its files, and build with them" in problem.message
    assert find_current(files.home(home)) == current
