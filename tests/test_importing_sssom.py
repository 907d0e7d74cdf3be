"""Mapping sets in SSSOM as imports: each row a link and a node, by a reading of its own."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from known_terms import Known, edges, values
from pyoxigraph import Triple

from kg.importing.ontology_files import find_version, read
from kg.importing.record import Item, Record, Reject, RejectRule

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
FILES = sorted((SHARED / "data" / "mondo").glob("*.sssom.tsv"))
needs_shared = pytest.mark.skipif(not FILES, reason="skipped: no ../shared")
MANY = 500_000
"""Bytes of a set that takes a while."""

GIST = "https://w3id.org/sarcoma-kg/histology/gastrointestinal-stromal-tumour"
HEADER = """#curie_map:
#  MY: https://example.org/my/
#  HERE: https://w3id.org/sarcoma-kg/
#mapping_set_version: "7"
subject_id\tpredicate_id\tobject_id\tmapping_justification\tpredicate_modifier\tconfidence
"""
HOW = "semapv:ManualMappingCuration"


def sets() -> list[Any]:
    soak = pytest.mark.soak
    return [
        pytest.param(file, id=file.name, marks=[soak] if file.stat().st_size > MANY else [])
        for file in FILES
    ]


def items_of(
    path: Path, *rows: str, header: str = HEADER, known: Known | None = None
) -> list[Item]:
    file = path / "x.sssom.tsv"
    file.write_text(header + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return [*read("mine", [file], known or Known())]


def links(items: list[Item]) -> set[tuple[str, str, str]]:
    """Return the statements that are no part of a node."""
    triples = [triple for item in items if isinstance(item, Record) for triple in item.triples]
    return {parts(triple) for triple in triples if "/imported/mine/" not in str(triple.subject)}


def parts(triple: Triple) -> tuple[str, str, str]:
    first, second, third = (str(term)[1:-1] for term in triple)
    return first, second, third


def refusals(items: list[Item]) -> list[tuple[str, RejectRule]]:
    return [(item.place, item.rule) for item in items if isinstance(item, Reject)]


@needs_shared
@pytest.mark.parametrize("file", sets())
def test_every_row_of_a_real_set_is_a_link_and_a_node(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    rows = [*csv.DictReader([each for each in lines if not each.startswith("#")], delimiter="\t")]
    items = [*read("mine", [file], Known())]
    assert not refusals(items)
    assert len(items) == len(rows)
    triples = [triple for item in items if isinstance(item, Record) for triple in item.triples]
    mondo = {
        f"http://purl.obolibrary.org/obo/{row['subject_id'].replace(':', '_')}" for row in rows
    }
    assert {subject for subject, _, _ in links(items)} == mondo
    pairs = {(row["subject_id"], row["predicate_id"], row["object_id"]) for row in rows}
    assert len(links(items)) == len(pairs)
    labels = {row["object_label"] for row in rows if row.get("object_label")}
    assert {label for _, label in values(triples, "object_label")} == labels
    assert str(find_version([file])).endswith(f"/releases/2026-08-04/mappings/{file.name}")


def test_a_row_has_a_link_and_a_node_with_all_that_it_says(tmp_path: Path) -> None:
    known = Known({"MONDO:0011719": GIST})
    (item,) = items_of(tmp_path, f"MY:1\tskos:closeMatch\tmondo:0011719\t{HOW}\t\t0.8", known=known)
    assert isinstance(item, Record)
    assert item.place == "x.sssom.tsv:6"
    assert item.refers == {GIST}
    mondo = "http://purl.obolibrary.org/obo/MONDO_0011719"
    skos = "http://www.w3.org/2004/02/skos/core#closeMatch"
    assert links([item]) == {("https://example.org/my/1", skos, mondo)}
    assert {value for _, value in edges(item.triples, "annotatedTarget")} == {mondo}
    assert {value for _, value in edges(item.triples, "annotatedProperty")} == {skos}
    assert {value for _, value in edges(item.triples, "mapping_justification")} == {
        "https://w3id.org/semapv/vocab/ManualMappingCuration"
    }
    assert {value for _, value in values(item.triples, "confidence")} == {"0.8"}


def test_negated_mappings_and_those_of_nothing_state_no_link(tmp_path: Path) -> None:
    items = items_of(
        tmp_path,
        f"MY:1\tskos:exactMatch\tMY:2\t{HOW}\tNot\t",
        f"MY:1\tskos:exactMatch\tsssom:NoTermFound\t{HOW}\t\t",
    )
    assert len(items) == 2
    assert links(items) == set()


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (f"OTHER:1\tskos:exactMatch\tMY:2\t{HOW}\t\t", RejectRule.WRONG_SCHEMA),
        (f"MY:1\tskos:exactMatch\tMY:2 3\t{HOW}\t\t", RejectRule.WRONG_SCHEMA),
        (f"MY:1\tskos:exactMatch\t\t{HOW}\t\t", RejectRule.WRONG_SCHEMA),
        ("MY:1\tskos:exactMatch\tMY:2\t\t\t", RejectRule.WRONG_SCHEMA),
        (f"MY:1\tskos:exactMatch\tMY:2\t{HOW}\t\t\t", RejectRule.WRONG_SCHEMA),
        (f"MY:1\tskos:exactMatch\tMY:2\t{HOW}", RejectRule.WRONG_SCHEMA),
        (f"HERE:drug/imatinib\trdfs:subClassOf\tMY:2\t{HOW}\t\t", RejectRule.NOT_WANTED),
    ],
)
def test_a_row_that_is_none_is_refused_with_its_line(
    tmp_path: Path, row: str, rule: RejectRule
) -> None:
    good = f"MY:1\tskos:exactMatch\tMY:2\t{HOW}\t\t"
    items = items_of(tmp_path, good, row, f"MY:3\tskos:exactMatch\tMY:2\t{HOW}\t\t")
    assert refusals(items) == [("x.sssom.tsv:7", rule)]
    assert len(items) == 3


def test_things_of_this_graph_may_be_matched(tmp_path: Path) -> None:
    (item,) = items_of(tmp_path, f"HERE:drug/imatinib\tskos:broadMatch\tMY:2\t{HOW}\t\t")
    assert isinstance(item, Record)
    assert item.refers == {"https://w3id.org/sarcoma-kg/drug/imatinib"}


@pytest.mark.parametrize(
    ("header", "place", "rule"),
    [
        ("subject_id\tobject_id\n", "x.sssom.tsv:1", RejectRule.WRONG_SCHEMA),
        ("", "x.sssom.tsv:1", RejectRule.WRONG_SCHEMA),
        (
            "#curie_map: [1, 2]\n" + HEADER.splitlines()[-1] + "\n",
            "x.sssom.tsv:1",
            RejectRule.WRONG_SCHEMA,
        ),
        ("#a: b: c\n" + HEADER, "x.sssom.tsv:1", RejectRule.UNREADABLE),
    ],
)
def test_a_file_that_is_no_set_is_refused_whole(
    tmp_path: Path, header: str, place: str, rule: RejectRule
) -> None:
    items = items_of(tmp_path, header=header)
    assert [(where, each) for where, each in refusals(items)] == [(place, rule)]


def test_a_set_that_is_cut_off_says_so(tmp_path: Path) -> None:
    file = tmp_path / "x.sssom.tsv"
    row = f"MY:1\tskos:exactMatch\tMY:2\t{HOW}\t\t"
    file.write_text(f"{HEADER}{row}\nMY:3\tskos:exact", encoding="utf-8")
    items = [*read("mine", [file], Known())]
    assert refusals(items) == [("x.sssom.tsv:7", RejectRule.TRUNCATED)]
