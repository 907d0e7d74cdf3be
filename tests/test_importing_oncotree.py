"""OncoTree as an import: each node with its place, by a walk of its own; what is refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from known_terms import Known, edges, values
from pyoxigraph import Triple

from kg.importing.oncotree import find_version, read
from kg.importing.record import Record, Reject, RejectRule
from kg.importing.statement import imported_iri

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
FILE = SHARED / "data" / "oncotree" / "oncotree_2025_10_03.json"
needs_shared = pytest.mark.skipif(not FILE.exists(), reason="skipped: no ../shared")
LEAF: dict[str, Any] = {
    "code": "LIPO",
    "name": "Liposarcoma",
    "mainType": "Soft Tissue Sarcoma",
    "tissue": "Soft Tissue",
    "parent": "SOFT_TISSUE",
    "level": 2,
    "history": [],
    "revocations": [],
    "precursors": [],
    "externalReferences": {"UMLS": ["C0023827 "], "NCI": ["C3194"]},
    "children": {},
}
TREE: dict[str, Any] = {
    "SOFT_TISSUE": {
        **LEAF,
        "code": "SOFT_TISSUE",
        "name": "Soft Tissue",
        "parent": None,
        "level": 1,
        "history": ["SOFT"],
        "externalReferences": {},
        "children": {"LIPO": LEAF},
    }
}


def walk(
    nodes: Mapping[str, Any], above: str | None = None
) -> Iterator[tuple[str, str | None, Any]]:
    for code, node in nodes.items():
        yield code, above, node
        yield from walk(node["children"], code)


def items_of(path: Path, tree: object, known: Known | None = None) -> list[Record | Reject]:
    file = path / "tree.json"
    file.write_text(tree if isinstance(tree, str) else json.dumps(tree), encoding="utf-8")
    return [*read([file], known or Known())]


def rejects(items: list[Record | Reject]) -> list[tuple[str, RejectRule]]:
    return [(item.place, item.rule) for item in items if isinstance(item, Reject)]


@needs_shared
def test_every_node_of_the_file_has_its_parent_level_codes_and_references() -> None:
    nodes = [*walk(json.loads(FILE.read_text(encoding="utf-8")))]
    items = [*read([FILE], Known())]
    records = [item for item in items if isinstance(item, Record)]
    triples = [triple for record in records for triple in record.triples]
    assert (len(items), len(records)) == (898, len(nodes))
    assert {record.id for record in records} == {f"ONCOTREE:{code}" for code, _, _ in nodes}
    assert edges(triples, "broaderTerm") == {
        (imported_iri("oncotree", code), imported_iri("oncotree", above))
        for code, above, _ in nodes
        if above
    }
    levels = Counter(value for _, value in values(triples, "hierarchyLevel"))
    assert levels == Counter(str(node["level"]) for _, _, node in nodes)
    for name, stated in (
        ("history", "previousCode"),
        ("revocations", "revokedCode"),
        ("precursors", "precursorCode"),
    ):
        given = {(imported_iri("oncotree", c), each) for c, _, node in nodes for each in node[name]}
        assert values(triples, stated) == given, name
    references = [each for _, _, node in nodes for each in node["externalReferences"].values()]
    assert len(values(triples, "hasDbXref")) == sum(len(set(each)) for each in references) == 1360


def test_a_node_states_what_the_file_does_and_nothing_else(tmp_path: Path) -> None:
    known = Known({"ONCOTREE:LIPO": "https://w3id.org/sarcoma-kg/histology/liposarcoma"})
    root, leaf = items_of(tmp_path, TREE, known)
    assert isinstance(root, Record)
    assert isinstance(leaf, Record)
    assert leaf.place == "tree.json#/SOFT_TISSUE/children/LIPO"
    said = {(local(triple), text(triple)) for triple in leaf.triples}
    assert said - {("type", each) for each in ("ExternalDisease", "ExternalTerm")} == {
        ("type", "ImportedRecord"),
        ("label", "Liposarcoma"),
        ("recordId", "ONCOTREE:LIPO"),
        ("externalIdentifier", "ONCOTREE:LIPO"),
        ("recordPlace", leaf.place),
        ("importedFrom", "import-oncotree"),
        ("registeredAs", "oncotree:LIPO"),
        ("broaderTerm", "SOFT_TISSUE"),
        ("mainType", "Soft Tissue Sarcoma"),
        ("tissue", "Soft Tissue"),
        ("hierarchyLevel", "2"),
        ("hasDbXref", "UMLS:C0023827"),
        ("hasDbXref", "NCIT:C3194"),
        ("seeAlso", "umls:C0023827"),
        ("seeAlso", "NCIT_C3194"),
        ("exactMatch", "liposarcoma"),
        ("matchedBy", "identifier"),
    }
    assert leaf.refers == {"https://w3id.org/sarcoma-kg/histology/liposarcoma"}
    assert leaf.unmatched == ()
    assert [(each.kind, each.identifier) for each in root.unmatched] == [
        ("disease", "ONCOTREE:SOFT_TISSUE")
    ]
    assert known.names == []  # a name alone aligns nothing


def local(triple: Triple) -> str:
    return triple.predicate.value.replace("#", "/").rpartition("/")[2]


def text(triple: Triple) -> str:
    value = getattr(triple.object, "value", "")
    return value.rpartition("/")[2] if value.startswith("http") else value


@pytest.mark.parametrize(
    "edit",
    [
        {"name": None},
        {"code": "OTHER"},
        {"parent": "BONE"},
        {"children": []},
        {"level": "2"},
        {"history": "SOFT"},
        {"externalReferences": {"UMLS": "C1"}},
        {"tissue": 1},
    ],
)
def test_a_node_that_cannot_be_read_is_refused_with_all_below_it(
    tmp_path: Path, edit: dict[str, Any]
) -> None:
    below = {**LEAF, "code": "WDLS", "parent": "LIPO", "level": 3}
    leaf = {**LEAF, "children": {"WDLS": below}, **edit}
    root = {**TREE["SOFT_TISSUE"], "children": {"LIPO": leaf, "AA": {**LEAF, "code": "AA"}}}
    items = items_of(tmp_path, {"SOFT_TISSUE": root})
    kept = [item.id for item in items if isinstance(item, Record)]
    assert kept == ["ONCOTREE:SOFT_TISSUE", "ONCOTREE:AA"]
    place = "tree.json#/SOFT_TISSUE/children/LIPO"
    expected = [(place, RejectRule.WRONG_SCHEMA)]
    if "children" not in edit:
        expected.append((f"{place}/children/WDLS", RejectRule.WRONG_SCHEMA))
    assert rejects(items) == expected


@pytest.mark.parametrize(
    ("text", "place", "rule"),
    [
        ('{"A": {"code": "A",\n', "tree.json:2", RejectRule.TRUNCATED),
        ('{"A" 1}', "tree.json:1", RejectRule.UNREADABLE),
        ("[1]", "tree.json", RejectRule.WRONG_SCHEMA),
        ('{"graphs": []}', "tree.json", RejectRule.WRONG_SCHEMA),
        ('{"A": {}, "A": {}}', "tree.json", RejectRule.DUPLICATE),
        ('{"A": "x\ny"}', "tree.json:1", RejectRule.UNREADABLE),
        ('{"A": tree}', "tree.json:1", RejectRule.UNREADABLE),
        ("[" * 200_000, "tree.json", RejectRule.UNREADABLE),
    ],
)
def test_a_file_that_is_no_tree_is_refused_whole(
    tmp_path: Path, text: str, place: str, rule: RejectRule
) -> None:
    assert rejects(items_of(tmp_path, text)) == [(place, rule)]


def test_a_file_that_is_cut_off_anywhere_gives_nothing(tmp_path: Path) -> None:
    more = {"z": [True, None, -1.5e-10, "T\u00e4\u20ac"]}
    escaped = json.dumps({"y": '\u20ac"\\\n'})[1:-1]
    whole = f"{{{escaped}, {json.dumps({**TREE, **more}, ensure_ascii=False)[1:]}".encode()
    assert json.loads(whole)
    file = tmp_path / "tree.json"
    for end in range(1, len(whole)):
        file.write_bytes(whole[:end])
        (found,) = read([file], Known())
        assert isinstance(found, Reject)
        assert found.rule is RejectRule.TRUNCATED, whole[:end]


def test_a_byte_order_mark_is_read_over(tmp_path: Path) -> None:
    items = items_of(tmp_path, "\ufeff" + json.dumps(TREE))
    assert items
    assert not rejects(items)


def test_the_version_is_that_of_the_name_of_the_file() -> None:
    assert find_version([Path("oncotree_2025_10_03.json")]) == "2025-10-03"
    assert find_version([Path("tree.json")]) is None
