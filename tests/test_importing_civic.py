"""CIViC: rows as claims on variants, what is refused, and the real files counted by themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Triple

from kg.importing.civic import find_version, read
from kg.importing.record import Item, Record, Reject, RejectRule
from kg.importing.terms import Kind, MatchedBy
from kg.importing.terms_reading import KnownTerms, Naming

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
FILE = SHARED / "data" / "civic" / "nightly-ClinicalEvidenceSummaries.tsv"
CUT = SHARED / "data" / "civic" / "civic_sarcoma_evidence_subset.tsv"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="skipped: no ../shared")

OLD = [
    *("gene", "entrez_id", "variant", "disease", "doid", "phenotypes", "drugs"),
    *("drug_interaction_type", "evidence_type", "evidence_direction", "evidence_level"),
    *("clinical_significance", "citation_id", "source_type", "nct_ids", "rating"),
    *("evidence_status", "evidence_id", "variant_id", "chromosome", "start", "stop"),
    *("reference_bases", "variant_bases", "representative_transcript", "chromosome2", "start2"),
    *("stop2", "representative_transcript2", "ensembl_version", "reference_build"),
    *("variant_origin", "last_review_date", "evidence_civic_url"),
]
NEW = [
    *("molecular_profile", "molecular_profile_id", "disease", "doid", "phenotypes", "therapies"),
    *("therapy_interaction_type", "evidence_type", "evidence_direction", "evidence_level"),
    *("significance", "citation_id", "source_type", "nct_ids", "rating", "evidence_status"),
    *("evidence_id", "variant_origin", "last_review_date", "evidence_civic_url"),
]
ROW = {
    "gene": "KIT",
    "entrez_id": "3815",
    "variant": "D816V",
    "molecular_profile": "KIT D816V",
    "molecular_profile_id": "29",
    "variant_id": "65",
    "disease": "Gastrointestinal Stromal Tumor",
    "doid": "9253",
    "drugs": "Imatinib,Dasatinib",
    "therapies": "Imatinib,Dasatinib",
    "drug_interaction_type": "Substitutes",
    "evidence_type": "Predictive",
    "evidence_direction": "Supports",
    "evidence_level": "B",
    "clinical_significance": "Resistance",
    "significance": "Resistance",
    "citation_id": "15928335",
    "source_type": "PubMed",
    "rating": "4",
    "evidence_status": "accepted",
    "evidence_id": "15",
    "chromosome": "4",
    "start": "55599321",
    "stop": "55599321",
    "reference_bases": "A",
    "variant_bases": "T",
    "reference_build": "GRCh37",
    "last_review_date": "2015-06-21 16:49:39 UTC",
    "evidence_civic_url": "https://civicdb.org/links/evidence/15",
}
TERMS = KnownTerms(
    [
        Naming(Kind.DRUG, "e:imatinib", MatchedBy.LABEL, "imatinib"),
        Naming(Kind.TARGET, "e:kit", MatchedBy.IDENTIFIER, "NCBIGENE:3815"),
        Naming(Kind.HISTOLOGY, "e:gist", MatchedBy.IDENTIFIER, "DOID:9253"),
    ]
)


def table(path: Path, *rows: dict[str, str], columns: list[str] = OLD, end: str = "\n") -> Path:
    lines = ["\t".join(columns)]
    lines += ["\t".join({**ROW, **row}.get(name, "") for name in columns) for row in rows]
    path.write_bytes((end.join(lines) + end).encode())
    return path


def items(path: Path) -> list[Item]:
    return [*read([path], TERMS)]


def record(path: Path) -> Record:
    (item,) = items(path)
    assert isinstance(item, Record), item
    return item


def values(found: Record, name: str, part: str = "evidence-15") -> list[str]:
    return [
        getattr(t.object, "value", str(t.object))
        for t in found.triples
        if t.predicate.value.endswith(f"/{name}") and str(t.subject).endswith(f"/{part}>")
    ]


def test_a_row_is_a_claim(tmp_path: Path) -> None:
    found = record(table(tmp_path / "a.tsv", {}))
    said = {
        "claimType": ["Predictive"],
        "claimDirection": ["Supports"],
        "claimLevel": ["B"],
        "clinicalSignificance": ["Resistance"],
        "starRating": ["4"],
        "curationStatus": ["accepted"],
        "variantName": ["D816V"],
        "variantRecord": ["civic.vid:65"],
        "drugInteraction": ["Substitutes"],
        "statedDrug": ["Imatinib", "Dasatinib"],
        "statedTarget": ["KIT"],
        "statedDisease": ["Gastrointestinal Stromal Tumor"],
        "concernsTarget": ["e:kit"],
        "concernsHistology": ["e:gist"],
        "concernsDrug": ["e:imatinib", "https://w3id.org/sarcoma-kg/imported/civic/term/Dasatinib"],
        "citedReference": ["pubmed:15928335"],
        "lastReviewed": ["2015-06-21T16:49:39Z"],
        "matchedBy": ["identifier", "label"],
        "recordPlace": ["a.tsv:2"],
        "recordId": ["15"],
    }
    assert {name: values(found, name) for name in said} == said
    assert found.refers == {"e:imatinib", "e:kit", "e:gist"}
    assert [(each.kind, each.name) for each in found.unmatched] == [("drug", "Dasatinib")]


def test_a_variant_lies_where_the_row_prints_it(tmp_path: Path) -> None:
    second = {
        "chromosome2": "X",
        "start2": "7",
        "stop2": "8",
        "representative_transcript2": "ENST2",
    }
    found = record(table(tmp_path / "a.tsv", second))
    assert len(values(found, "variantPlace")) == 2
    assert values(found, "startPosition", "place/1") == ["55599321"]
    assert values(found, "variantBases", "place/1") == ["T"]
    assert values(found, "chromosome", "place/2") == ["X"]
    assert values(found, "variantBases", "place/2") == []


def test_no_prose_is_taken(tmp_path: Path) -> None:
    prose = {"evidence_statement": "Patients did well.", "variant_summary": "A common variant."}
    path = table(tmp_path / "a.tsv", prose, columns=[*OLD, *prose])
    assert not [t for t in record(path).triples if "did well" in str(t) or "common" in str(t)]


def test_an_item_that_is_not_accepted_is_kept_and_marked(tmp_path: Path) -> None:
    found = record(table(tmp_path / "a.tsv", {"evidence_status": "submitted"}))
    assert values(found, "curationStatus") == ["submitted"]


def test_releases_with_molecular_profiles_are_read(tmp_path: Path) -> None:
    found = record(table(tmp_path / "a.tsv", {"entrez_id": ""}, columns=NEW))
    assert values(found, "variantName") == ["KIT D816V"]
    assert values(found, "variantRecord") == ["civic.mpid:29"]
    assert values(found, "statedTarget") == ["KIT"]
    assert values(found, "variantPlace") == []


def test_a_profile_of_several_variants_has_no_target_of_its_own(tmp_path: Path) -> None:
    several = {"molecular_profile": "KIT D816V AND NOT KIT V560G"}
    found = record(table(tmp_path / "a.tsv", several, columns=NEW))
    assert values(found, "statedTarget") == ["KIT D816V AND NOT KIT V560G"]
    assert "e:kit" not in found.refers


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"evidence_id": "fifteen"}, "no number"),
        ({"evidence_id": ""}, "no number"),
        ({"evidence_level": "F"}, "none of A to E"),
        ({"evidence_level": ""}, "none of A to E"),
        ({"evidence_type": "Guess"}, "none of Diagnostic"),
        ({"rating": "6"}, "no number up to 5"),
        ({"doid": "DOID:9253"}, "doid"),
        ({"entrez_id": "3815a"}, "entrez_id"),
        ({"start": "about here"}, "start"),
        ({"gene": ""}, "no gene"),
        ({"variant": ""}, "no variant"),
        ({"last_review_date": "yesterday"}, "no date"),
        ({"evidence_civic_url": "javascript:alert(1)"}, "no address"),
    ],
)
def test_a_row_that_cannot_be_is_refused(tmp_path: Path, change: dict[str, str], said: str) -> None:
    good = {"evidence_id": "2"}
    first, second = items(table(tmp_path / "a.tsv", change, good))
    assert isinstance(first, Reject)
    assert (first.rule, first.place) == (RejectRule.UNREADABLE, "a.tsv:2")
    assert said in first.message
    assert isinstance(second, Record)


def test_the_second_of_two_items_with_one_id_is_refused(tmp_path: Path) -> None:
    first, second = items(table(tmp_path / "a.tsv", {}, {}))
    assert isinstance(first, Record)
    assert isinstance(second, Reject)
    assert (second.rule, second.place, second.id) == (RejectRule.DUPLICATE, "a.tsv:3", "15")
    assert "a.tsv:2" in second.message


def test_an_item_whose_first_row_was_refused_is_taken_from_the_next(tmp_path: Path) -> None:
    first, second = items(table(tmp_path / "a.tsv", {"evidence_level": "?"}, {}))
    assert isinstance(first, Reject)
    assert isinstance(second, Record)


def test_a_row_of_too_many_columns_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "a.tsv", {}, {"evidence_id": "2", "evidence_civic_url": "a\tb"})
    _, second = items(path)
    assert isinstance(second, Reject)
    assert "35 columns, and the header 34" in second.message


def test_a_file_that_ends_within_a_row_is_truncated(tmp_path: Path) -> None:
    path = table(tmp_path / "a.tsv", {}, {"evidence_id": "2"})
    path.write_bytes(path.read_bytes()[:-90])
    _, second = items(path)
    assert isinstance(second, Reject)
    assert (second.rule, second.place) == (RejectRule.TRUNCATED, "a.tsv:3")


@pytest.mark.parametrize("columns", [OLD[1:], ["gene", "drug"], ["only"], [*OLD, "gene"]])
def test_other_columns_are_a_wrong_schema(tmp_path: Path, columns: list[str]) -> None:
    (found,) = items(table(tmp_path / "a.tsv", {}, columns=columns))
    assert isinstance(found, Reject)
    assert (found.rule, found.place) == (RejectRule.WRONG_SCHEMA, "a.tsv:1")


def test_a_wrong_schema_names_the_missing_columns(tmp_path: Path) -> None:
    (found,) = items(table(tmp_path / "a.tsv", {}, columns=[c for c in OLD if c != "drugs"]))
    assert isinstance(found, Reject)
    assert "releases before molecular profiles (drugs)" in found.message


def test_an_empty_file_and_one_of_bytes_are_a_wrong_schema(tmp_path: Path) -> None:
    for content in (b"", b"\xff\xfe\x00", b"PK\x03\x04"):
        path = tmp_path / "a.tsv"
        path.write_bytes(content)
        (found,) = items(path)
        assert isinstance(found, Reject)
        assert found.rule is RejectRule.WRONG_SCHEMA


def test_line_ends_of_any_system_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = table(tmp_path / "a.tsv", {}, end="\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert values(record(path), "statedTarget") == ["KIT"]


def test_a_row_of_endless_length_costs_no_memory_and_the_next_is_read(tmp_path: Path) -> None:
    path = table(tmp_path / "a.tsv", {"variant": "x" * 2_500_000}, {"evidence_id": "2"})
    first, second = items(path)
    assert isinstance(first, Reject)
    assert first.rule is RejectRule.UNREADABLE
    assert "more than 1,000,000 bytes" in first.message
    assert "UTF-8" not in first.message
    assert isinstance(second, Record)
    assert second.place == "a.tsv:3"


def test_bytes_that_are_no_text_are_told_from_endless_rows(tmp_path: Path) -> None:
    path = table(tmp_path / "a.tsv", {"variant": "V600E"})
    path.write_bytes(path.read_bytes().replace(b"V600E", b"\xff"))
    (found,) = items(path)
    assert isinstance(found, Reject)
    assert found.message == "the row is not UTF-8; save the file as UTF-8"
    path.write_bytes(b"x" * 2_500_000)
    (found,) = items(path)
    assert isinstance(found, Reject)
    assert "more than 1,000,000 bytes" in found.message


def test_files_state_no_version() -> None:
    assert find_version([FILE]) is None


@cache
def fields(path: Path) -> tuple[dict[str, str], ...]:
    """Read a file as a person would count it: lines and tabs, and nothing else."""
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(dict(zip(header.split("\t"), line.split("\t"), strict=True)) for line in lines)


@cache
def records(path: Path) -> tuple[Record, ...]:
    found = tuple(read([path], TERMS))
    assert all(isinstance(item, Record) for item in found)
    return tuple(item for item in found if isinstance(item, Record))


def counted(path: Path, name: str) -> Counter[str]:
    return Counter(t.object.value for t in claims(path) if t.predicate.value.endswith(f"/{name}"))  # type: ignore[union-attr]


def claims(path: Path) -> Iterator[Triple]:
    return (t for found in records(path) for t in found.triples if "/evidence-" in str(t.subject))


@needs_shared
@pytest.mark.parametrize(("path", "rows"), [(FILE, 3706), (CUT, 185)], ids=["nightly", "sarcoma"])
def test_every_row_of_a_real_file_is_a_record(path: Path, rows: int) -> None:
    assert len(fields(path)) == len(records(path)) == rows
    assert {row["evidence_id"] for row in fields(path)} == {found.id for found in records(path)}


@needs_shared
@pytest.mark.parametrize("path", [FILE, CUT], ids=["nightly", "sarcoma"])
@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("claimLevel", "evidence_level"),
        ("claimType", "evidence_type"),
        ("claimDirection", "evidence_direction"),
        ("clinicalSignificance", "clinical_significance"),
        ("starRating", "rating"),
        ("variantName", "variant"),
        ("variantOrigin", "variant_origin"),
        ("statedTarget", "gene"),
        ("statedDisease", "disease"),
        ("drugInteraction", "drug_interaction_type"),
    ],
)
def test_values_are_as_often_as_in_the_file(path: Path, name: str, column: str) -> None:
    printed = Counter(row[column] for row in fields(path) if row[column])
    assert counted(path, name) == printed


@needs_shared
def test_names_of_drugs_with_commas_stay_whole() -> None:
    found = counted(FILE, "statedDrug")
    with_commas = {name: count for name, count in found.items() if "," in name}
    assert with_commas == {
        "2,4-pyrimidinediamine": 1,
        "HER2 Inhibitor CP-724,714": 1,
        "FGF/VEGF Receptor Tyrosine Kinase Inhibitor, PD173074": 1,
    }
    commas = sum(row["drugs"].count(",") for row in fields(FILE))
    rows = sum(bool(row["drugs"]) for row in fields(FILE))
    assert found.total() == rows + commas - sum(with_commas.values())


@needs_shared
def test_references_and_trials_are_as_often_as_in_the_file() -> None:
    cited = counted(FILE, "citedReference")
    assert sum(each.startswith("pubmed:") for each in cited.elements()) == 3696
    assert sum(each.startswith("asco:") for each in cited.elements()) == 10
    printed = Counter(
        f"clinicaltrials:{trial.strip()}"
        for row in fields(FILE)
        for trial in row["nct_ids"].replace(";", ",").split(",")
        if trial.strip()
    )
    assert counted(FILE, "citedTrial") == printed
