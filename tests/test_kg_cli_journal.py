"""The journal from the command line: its entries listed, and the last one taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_lines import Cli
from writes import make_write

from kg.base import EmptyBase, ShippedBase, build
from kg.shipped import Shipped
from kg.snapshot import get_current

WRITES = (
    "INSERT DATA { GRAPH graph:mine { <http://e.org/a> rdfs:label 'a', 'b' } }",
    "DELETE DATA { GRAPH graph:mine { <http://e.org/a> rdfs:label 'a' } } ; "
    "INSERT DATA { <http://e.org/a> rdfs:label 'c' }",
)


def test_a_home_without_writes_has_nothing_to_list_or_take_back(cli: Cli, home: Path) -> None:
    for arguments in (["journal"], ["journal", "--drop-last"]):
        done = cli(*arguments)
        assert (done.code, done.out, done.err) == (0, "", "nothing was written yet\n")
    assert not (home / "snapshots").exists()


def test_entries_are_listed_and_taken_back(cli: Cli, root: Path, home: Path) -> None:
    base = ShippedBase(Shipped(root))
    build(base, home)
    ids = [make_write(base, home, each, gated="INSERT" in each[:6]).snapshot for each in WRITES]
    first, second = cli("journal").out.splitlines()
    assert first.startswith("journal/00000001.patch  20")
    assert first.endswith("  +2 -0  mine")
    assert second.endswith("  +1 -1  default, mine  (not checked)")
    assert cli("query", "ASK { ?s rdfs:label 'c' }").out == "true\n"
    dropped = cli("journal", "--drop-last")
    assert dropped.out == f"{ids[0]}\n"
    assert get_current(home).id == ids[0]
    assert cli("query", "ASK { ?s rdfs:label 'c' }").out == "false\n"
    assert cli("build").out == dropped.out
    assert len(cli("journal").out.splitlines()) == 1


def test_a_damaged_entry_is_named_and_can_be_taken_back(cli: Cli, root: Path, home: Path) -> None:
    base = ShippedBase(Shipped(root))
    build(base, home)
    make_write(base, home, WRITES[0])
    (home / "journal" / "00000001.patch").write_text("TX .\n", encoding="utf-8")
    damaged = cli("journal")
    assert damaged.code == 74
    assert damaged.err.startswith(f"sarcoma-kg: {home}/journal/00000001.patch:2: this entry of")
    assert "--drop-last" in damaged.err
    assert cli("build").code == 74
    assert cli("journal", "--drop-last").code == 0
    assert cli("build").code == 0


def test_export_and_query_see_what_was_written(cli: Cli, root: Path, home: Path) -> None:
    base = ShippedBase(Shipped(root))
    build(base, home)
    make_write(base, home, f"{WRITES[1]} ; CREATE GRAPH <http://e.org/empty>")
    assert '"c"' in cli("export", "--format", "turtle").out
    assert cli("export", "--format", "nquads", "--graph", "default").out == (
        '<http://e.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "c" .\n'
    )
    assert cli("export", "-f", "nquads").out.startswith("# empty graph <http://e.org/empty>\n")
    assert cli("export", "-f", "trig").code == 0
    assert cli("export", "-g", "http://e.org/empty").out == ""
    asked = cli(
        "query", "SELECT ?g { GRAPH ?g { } FILTER(CONTAINS(STR(?g), 'e.org')) }", "-f", "csv"
    )
    assert asked.out.split() == ["g", "http://e.org/empty"]
    strict = cli("query", "--default-graph", "strict", "SELECT ?l { ?s ?p ?l }", "-f", "csv")
    assert strict.out.split() == ["l", "c"]


def test_other_data_sets_are_asked_by_the_settings(
    cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(EmptyBase(), home)
    make_write(EmptyBase(), home, "INSERT DATA { <http://e.org/a> <http://e.org/p> 1 }")
    monkeypatch.setenv("SARCOMA_KG_EMPTY", "1")
    assert cli("query", "SELECT ?s { ?s ?p ?o }", "-f", "csv").out.split() == [
        "s",
        "http://e.org/a",
    ]
    assert cli("export", "-f", "ntriples").out.startswith("<http://e.org/a> ")
    assert cli("journal").out.startswith("journal/00000001.patch")
    assert cli("build").code == 0
    assert not (home / "current").exists()
