"""The Guide to PHARMACOLOGY: rows as claims with affinities, and the real table row by row."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from kg.importing.gtopdb import find_version, read
from kg.importing.record import Item, Record, Reject, RejectRule
from kg.importing.terms import Kind, MatchedBy
from kg.importing.terms_reading import KnownTerms, Naming, terms_of
from kg.shipped import find_shipped

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
TABLE = SHARED / "idmap" / "drug_target_evidence.tsv"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="skipped: no ../shared")
IMPORTED = "https://w3id.org/sarcoma-kg/imported/gtopdb/"

HEADER = "source\tdrug\ttarget\tuniprot\taction\taffinity_or_context\treferences\tlevel"
ROW = (
    "gtopdb\tcediranib\tKDR\tP35968\tInhibitor/Inhibition\tpKd=8.96000003814697\t22037378\tprimary"
)
TERMS = KnownTerms(
    [
        Naming(Kind.DRUG, "e:cediranib", MatchedBy.LABEL, "cediranib"),
        Naming(Kind.TARGET, "e:vegfr2", MatchedBy.IDENTIFIER, "UNIPROT:P35968"),
    ]
)


def items(folder: Path, *rows: str, header: str = HEADER) -> list[Item]:
    path = folder / "table.tsv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return [*read([path], TERMS)]


def record(folder: Path, row: str) -> Record:
    (found,) = items(folder, row)
    assert isinstance(found, Record), found
    return found


def values(found: Record, name: str) -> list[str]:
    """Return what the claim of a record states."""
    return [
        getattr(t.object, "value", str(t.object))
        for t in found.triples
        if t.predicate.value.endswith(f"/{name}") and "/term/" not in str(t.subject)
    ]


def test_a_row_is_a_claim_with_its_affinity(tmp_path: Path) -> None:
    found = record(tmp_path, ROW)
    said = {
        "concernsDrug": ["e:cediranib"],
        "concernsTarget": ["e:vegfr2"],
        "statedDrug": ["cediranib"],
        "statedTarget": ["KDR"],
        "statedAction": ["Inhibitor/Inhibition"],
        "statedAffinity": ["pKd=8.96000003814697"],
        "affinityMeasure": ["pKd"],
        "affinityValue": ["8.96000003814697"],
        "isPrimaryTarget": ["true"],
        "citedReference": ["pubmed:22037378"],
        "matchedBy": ["identifier", "label"],
        "recordPlace": ["table.tsv:2"],
        "reportedToInhibit": ["e:vegfr2"],
    }
    assert {name: values(found, name) for name in said} == said


def test_a_row_without_affinity_states_none(tmp_path: Path) -> None:
    found = record(tmp_path, "gtopdb\tdocetaxel\tTUBB\tP07437\tInhibitor/Inhibition\t-=\t\t")
    for name in ("statedAffinity", "affinityValue", "citedReference", "isPrimaryTarget"):
        assert values(found, name) == []
    assert {(each.kind, each.name) for each in found.unmatched} == {
        ("drug", "docetaxel"),
        ("target", "TUBB"),
    }


def test_an_agonist_inhibits_nothing(tmp_path: Path) -> None:
    found = record(tmp_path, "gtopdb\tpaclitaxel\tNR1I2\tO75469\tAgonist/Agonist\tpEC50=5.3\t1\t")
    assert values(found, "statedAction") == ["Agonist/Agonist"]
    assert values(found, "reportedToInhibit") == []


def test_two_affinities_of_one_pair_are_two_claims(tmp_path: Path) -> None:
    first, second = items(tmp_path, ROW, ROW.replace("pKd=8.96000003814697", "pIC50=9"))
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert first.id != second.id


@pytest.mark.parametrize(
    ("row", "rule", "said"),
    [
        (ROW.replace("gtopdb", "drugmechdb:DB1"), RejectRule.NOT_WANTED, "drugmechdb:DB1"),
        (ROW.replace("KDR\tP35968", "\t"), RejectRule.UNREADABLE, "no target of cediranib"),
        (ROW.replace("P35968", ""), RejectRule.UNREADABLE, "no target of cediranib"),
        (ROW.replace("cediranib", ""), RejectRule.UNREADABLE, "no drug"),
        (ROW.replace("Inhibitor/Inhibition", ""), RejectRule.UNREADABLE, "does not say"),
        (ROW.replace("pKd=8.96000003814697", "8 nM"), RejectRule.UNREADABLE, "affinity '8 nM'"),
        (ROW.replace("\tprimary", ""), RejectRule.UNREADABLE, "7 columns"),
    ],
)
def test_a_row_that_states_nothing_is_refused(
    tmp_path: Path, row: str, rule: RejectRule, said: str
) -> None:
    (found,) = items(tmp_path, row)
    assert isinstance(found, Reject)
    assert (found.rule, found.place) == (rule, "table.tsv:2")
    assert said in found.message


def test_the_second_of_two_equal_rows_is_refused(tmp_path: Path) -> None:
    _, second = items(tmp_path, ROW, ROW)
    assert isinstance(second, Reject)
    assert (second.rule, second.place) == (RejectRule.DUPLICATE, "table.tsv:3")


def test_other_columns_are_a_wrong_schema(tmp_path: Path) -> None:
    (found,) = items(tmp_path, ROW, header=HEADER.replace("uniprot", "protein"))
    assert isinstance(found, Reject)
    assert found.rule is RejectRule.WRONG_SCHEMA
    assert "uniprot" in found.message


def test_files_state_no_version() -> None:
    assert find_version([TABLE]) is None


@cache
def rows() -> tuple[dict[str, str], ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(row for row in csv.DictReader(file, delimiter="\t"))


@cache
def real() -> tuple[Item, ...]:
    return tuple(read([TABLE], terms_of(find_shipped())))


def kept() -> list[Record]:
    return [item for item in real() if isinstance(item, Record)]


@needs_shared
def test_every_row_of_the_table_is_a_claim_or_listed() -> None:
    own = [row for row in rows() if row["source"] == "gtopdb"]
    assert (len(rows()), len(own), len(kept())) == (166, 66, 65)
    rejects = Counter(item.rule for item in real() if isinstance(item, Reject))
    assert rejects == {RejectRule.NOT_WANTED: 100, RejectRule.UNREADABLE: 1}
    (unread,) = [item for item in real() if getattr(item, "rule", "") == RejectRule.UNREADABLE]
    assert isinstance(unread, Reject)
    assert "no target of tanespimycin" in unread.message


@needs_shared
def test_each_claim_says_what_its_row_says() -> None:
    printed = Counter(
        (r["drug"], r["target"], r["action"], r["affinity_or_context"].strip("-="), r["references"])
        for r in rows()
        if r["source"] == "gtopdb" and r["target"]
    )
    stated = Counter(
        (
            values(found, "statedDrug")[0],
            values(found, "statedTarget")[0],
            values(found, "statedAction")[0],
            "".join(values(found, "statedAffinity")),
            "|".join(each.removeprefix("pubmed:") for each in values(found, "citedReference")),
        )
        for found in kept()
    )
    assert stated == printed


@needs_shared
@pytest.mark.parametrize("drug", sorted({row["drug"] for row in rows()} if SHARED.is_dir() else ()))
def test_a_drug_has_exactly_the_targets_of_the_table(drug: str) -> None:
    tabled = {r["target"] for r in rows() if r["drug"] == drug and r["source"] == "gtopdb"} - {""}
    claims = [found for found in kept() if values(found, "statedDrug") == [drug]]
    assert {values(found, "statedTarget")[0] for found in claims} == tabled
    terms = terms_of_graph()
    for found in claims:
        symbol = values(found, "statedTarget")[0]
        (protein,) = {r["uniprot"] for r in rows() if r["target"] == symbol}
        match = terms.find(Kind.TARGET, identifiers=[f"UNIPROT:{protein}"], names=[symbol])
        expected = match.iri if match else f"{IMPORTED}term/UNIPROT%3A{protein}"
        assert values(found, "concernsTarget") == [expected]


@cache
def terms_of_graph() -> KnownTerms:
    return terms_of(find_shipped())
