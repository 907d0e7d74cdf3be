"""Mappings: rows of SSSOM as links and records, and every way in which a row can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from kg.mapping_file import read_mapping_file
from kg.mappings import Mappings, check_mappings, read_mappings
from kg.namespaces import Namespaces
from kg.problem import Refused

_ROOT = "https://w3id.org/sarcoma-kg/"
_NAMES = Namespaces(
    {"drug": f"{_ROOT}drug/", "target": f"{_ROOT}target/", "skos": "http://www.w3.org/2004/02/skos/core#"},
    f"{_ROOT}ontology/",
)  # fmt: skip
_HEAD = (
    "# mapping_set_id: https://example.org/set",
    "# mapping_set_title: Drugs",
    '# mapping_set_version: "1"',
    "# license: https://example.org/licence",
)
_COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification\tcomment"
_ROW = "drug:imatinib\tskos:exactMatch\tDRUGBANK:DB00619\tsemapv:MappingChaining\tSame name."


def _file(
    tmp_path: Path, *rows: str, head: tuple[str, ...] = _HEAD, columns: str = _COLUMNS
) -> Path:
    path = tmp_path / "drugs.sssom.tsv"
    path.write_text("\n".join((*head, columns, *rows)) + "\n", encoding="utf-8")
    return path


def _read(path: Path, name: str = "drugs") -> Mappings:
    return read_mappings(path, name=name, namespaces=_NAMES, shown_as=path.name)


def _refusal(path: Path) -> list[str]:
    with pytest.raises(Refused) as refused:
        _read(path)
    return [str(problem) for problem in refused.value.problems]


def _check(
    *sets: Mappings, known: tuple[str, ...] = ("drug/imatinib", "drug/nilotinib")
) -> list[str]:
    whole = frozenset(_ROOT + name for name in known)
    return [str(each) for each in check_mappings(sets, known=whole, namespaces=_NAMES)]


def _local(predicate: NamedNode) -> str:
    return predicate.value.rpartition("/")[2].rpartition("#")[2]


def test_a_row_is_a_link_of_skos_and_a_record_of_its_grounds(tmp_path: Path) -> None:
    found = _read(_file(tmp_path, _ROW))
    told = {(t.subject, _local(t.predicate)): t.object for t in found.triples}
    drug, node = (
        NamedNode(f"{_ROOT}drug/imatinib"),
        NamedNode(f"{_ROOT}mapping/drugs/imatinib-db00619"),
    )
    target = NamedNode("https://identifiers.org/drugbank:DB00619")
    exact = NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch")
    assert Triple(drug, exact, target) in found.triples
    assert told[node, "type"] == NamedNode(f"{_ROOT}ontology/Mapping")
    assert told[node, "mappingSubject"] == drug
    assert told[node, "mappingRelation"] == exact
    assert told[node, "mappingObject"] == target
    assert told[node, "mappingJustification"] == NamedNode(
        "https://w3id.org/semapv/vocab/MappingChaining"
    )
    assert told[node, "objectIdentifier"] == Literal("DRUGBANK:DB00619")
    assert told[node, "objectSystem"] == Literal("DRUGBANK")
    assert told[node, "comment"] == Literal("Same name.")
    assert told[node, "inMappingSet"] == NamedNode(f"{_ROOT}mapping/drugs")
    assert str(found.places.find(node.value)) == "drugs.sssom.tsv:6"


def test_a_set_says_its_licence_title_and_version(tmp_path: Path) -> None:
    found = _read(_file(tmp_path, _ROW))
    node = NamedNode(f"{_ROOT}mapping/drugs")
    told = {
        t.predicate.value.rpartition("/")[2]: t.object for t in found.triples if t.subject == node
    }
    assert told["license"] == NamedNode("https://example.org/licence")
    assert told["rdf-schema#label"] == Literal("Drugs")
    assert told["mappingSetVersion"] == Literal("1")


def test_identifiers_are_kept_as_this_graph_writes_them(tmp_path: Path) -> None:
    row = _ROW.replace("DRUGBANK:DB00619", "drugbank:db00619")
    assert [mapping.object for mapping in _read(_file(tmp_path, row)).mappings] == [
        "DRUGBANK:DB00619"
    ]


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("drug:imatinib", "medicine:imatinib", "'medicine:imatinib' is no thing of this graph"),
        ("drug:imatinib", "skos:Concept", "'skos:Concept' is no thing of this graph"),
        ("skos:exactMatch", "owl:sameAs", "'owl:sameAs' is none of skos:exactMatch"),
        ("skos:exactMatch", "skos:broader", "'skos:broader' is none of"),
        ("DRUGBANK:DB00619", "FDA:1", "the prefix 'FDA' is none of MONDO"),
        ("DRUGBANK:DB00619", "DB00619", "the prefix 'DB00619' is none of"),
        ("DRUGBANK:DB00619", "DRUGBANK:DB619", "'DB619' is no identifier of DrugBank"),
        ("semapv:MappingChaining", "guessed", "mapping_justification must be a term"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, hint: str
) -> None:
    (problem,) = _refusal(_file(tmp_path, _ROW.replace(old, new)))
    assert problem.startswith(f"drugs.sssom.tsv:6: {hint}")


def test_every_wrong_row_is_told_at_once(tmp_path: Path) -> None:
    wrong = _ROW.replace("drug:", "x:"), _ROW.replace("DRUGBANK:", "x:")
    places = [
        problem.split(": ")[0] for problem in _refusal(_file(tmp_path, wrong[0], _ROW, wrong[1]))
    ]
    assert places == ["drugs.sssom.tsv:6", "drugs.sssom.tsv:8"]


def test_a_pair_mapped_twice_is_refused(tmp_path: Path) -> None:
    again = _ROW.replace("exactMatch", "closeMatch")
    (problem,) = _refusal(_file(tmp_path, _ROW, again))
    assert problem == (
        "drugs.sssom.tsv:7: the subject is mapped to DRUGBANK:DB00619 at drugs.sssom.tsv:6 "
        "already; keep one row"
    )


@pytest.mark.parametrize(
    "column", ["subject_id", "predicate_id", "object_id", "mapping_justification"]
)
def test_a_missing_column_is_refused(tmp_path: Path, column: str) -> None:
    (problem,) = _refusal(_file(tmp_path, columns=_COLUMNS.replace(column, "x")))
    assert problem == f"drugs.sssom.tsv:5: the table has no column {column}; add it"


def test_a_row_with_a_cell_too_few_is_refused(tmp_path: Path) -> None:
    (problem,) = _refusal(_file(tmp_path, _ROW, "drug:imatinib\tskos:exactMatch"))
    assert problem == "drugs.sssom.tsv:7: the row has 2 cells, the table 5 columns; mend the row"


@pytest.mark.parametrize(
    ("head", "hint"),
    [
        ((), "the head does not say mapping_set_id and license; add '# mapping_set_id: ...'"),
        (_HEAD[:1], "the head does not say license"),
        (("# license: a: b",), "the YAML is broken"),
        (("# - one",), "the head does not say mapping_set_id"),
    ],
)
def test_a_wrong_head_is_refused(tmp_path: Path, head: tuple[str, ...], hint: str) -> None:
    (problem,) = _refusal(_file(tmp_path, _ROW, head=head))
    assert problem.startswith("drugs.sssom.tsv:1: ")
    assert hint in problem


def test_a_comment_inside_the_table_is_refused(tmp_path: Path) -> None:
    (problem,) = _refusal(_file(tmp_path, _ROW, "# later"))
    assert "a line with # stands in the table" in problem


def test_other_encodings_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "drugs.sssom.tsv"
    path.write_bytes("# license: ü".encode("latin-1"))
    with pytest.raises(Refused, match="this is no UTF-8"):
        read_mapping_file(path)


def test_an_unknown_subject_is_told(tmp_path: Path) -> None:
    found = _read(_file(tmp_path, _ROW))
    assert _check(found) == []
    assert _check(found, known=()) == [
        "drugs.sssom.tsv:6: drug:imatinib is described nowhere; correct the subject, or add a "
        "record of it"
    ]


def test_a_thing_is_the_same_as_one_identifier_of_a_system(tmp_path: Path) -> None:
    found = _read(_file(tmp_path, _ROW, _ROW.replace("DB00619", "DB04868")))
    (problem,) = _check(found)
    assert problem.startswith(
        "drugs.sssom.tsv:7: drug:imatinib is an exact match of DRUGBANK:DB04868, but drug:imatinib "
        "of DRUGBANK:DB00619 at drugs.sssom.tsv:6; keep one"
    )


def test_an_identifier_is_the_same_as_one_thing_in_all_files(tmp_path: Path) -> None:
    first = _read(_file(tmp_path, _ROW))
    second = _read(_file(tmp_path, _ROW.replace("imatinib", "nilotinib")), "mine")
    (problem,) = _check(first, second)
    assert "drug:nilotinib is an exact match of DRUGBANK:DB00619, but drug:imatinib" in problem
    close = _read(
        _file(tmp_path, _ROW.replace("imatinib", "nilotinib").replace("exact", "close")), "mine"
    )
    assert _check(first, close) == []


def test_two_files_may_say_the_same(tmp_path: Path) -> None:
    assert _check(_read(_file(tmp_path, _ROW)), _read(_file(tmp_path, _ROW), "mine")) == []
