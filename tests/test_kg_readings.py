"""Two readings of the documents: what is the same, and that each difference is settled."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli.application import app
from kg.facts import Fact
from kg.problem import Refused
from kg.readings import SETTLED, compare, read_differences, read_readings, settle, to_tsv
from kg.shipped import find_shipped

CURATION = find_shipped().root / "docs" / "curation"
FACT = Fact(
    "some-review", 10, 12, "3", "result", "drug-a leiomyosarcoma", "ObjectiveResponseRate", "16%"
)
SLUG = re.compile(r"[a-z0-9-]*( [a-z0-9-]+)*")


def statuses(first: list[Fact], second: list[Fact]) -> list[str]:
    return [one.status for one in compare(first, second).differences]


@pytest.mark.parametrize(
    "changes",
    [
        {"line": 14, "last": 14},
        {"subject": "drug-a"},
        {"subject": ""},
        {"citation": "3,4"},
        {"context": "first line"},
    ],
)
def test_the_same_number_near_by_is_the_same_fact(changes: dict[str, object]) -> None:
    assert statuses([FACT], [replace(FACT, **changes)]) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["15%", "1.6%", "16-17%", ">16%", "n=16", "16 weeks", "stated"])
def test_another_number_is_never_matched(value: str) -> None:
    assert statuses([FACT], [replace(FACT, value=value)]) != []


def test_another_number_of_the_same_thing_is_shown_beside_the_first() -> None:
    (found,) = compare([FACT], [replace(FACT, value="61%")]).differences
    assert (found.status, found.first, found.second) == ("differs", "16%", "61%")


@pytest.mark.parametrize(
    "changes",
    [
        {"document": "another"},
        {"line": 15, "last": 15},
        {"citation": "4"},
        {"subject": "drug-b"},
        {"kind": "dose"},
    ],
)
def test_a_number_elsewhere_is_another_fact(changes: dict[str, object]) -> None:
    found = statuses([FACT], [replace(FACT, **changes)])  # type: ignore[arg-type]
    assert found == ["first only", "second only"] or found == ["second only", "first only"]


def test_another_endpoint_with_the_same_number_is_a_difference() -> None:
    (found,) = compare([FACT], [replace(FACT, aspect="PartialResponseRate")]).differences
    assert found.aspect == "ObjectiveResponseRate / PartialResponseRate"


def test_words_are_matched_by_what_they_are_about() -> None:
    word = replace(FACT, value="Higher")
    assert statuses([word], [replace(word, value="more responses")]) == []
    assert statuses([word], [replace(word, aspect="OverallSurvival")]) != []


def test_a_dose_is_matched_by_its_study_wherever_it_stands() -> None:
    dose = replace(FACT, kind="dose", aspect="schedule", value="75")
    assert statuses([dose], [replace(dose, line=90, last=91)]) == []
    assert statuses([dose], [replace(dose, citation="9")]) != []


def test_a_comorbidity_needs_the_drug_and_the_condition() -> None:
    row = replace(
        FACT, kind="comorbidity", subject="drug-a infection", aspect="Precaution", value="yes"
    )
    assert statuses([row], [row]) == []
    assert statuses([row], [replace(row, subject="drug-a diabetes")]) != []
    assert statuses([row], [replace(row, aspect="Contraindication")]) != []


def test_settlements_are_kept_and_those_of_nothing_are_told() -> None:
    (found,) = compare([FACT], [replace(FACT, value="61%")]).differences
    settled = replace(found, settled="first", reason="misread")
    assert settle([found], [settled]) == ((settled,), ())
    assert settle([], [settled]) == ((), (settled,))


def test_the_committed_comparison_is_what_the_readings_give() -> None:
    table = CURATION / "comparison.tsv"
    committed = read_differences(table)
    differences, stale = settle(compare(*read_readings(CURATION)).differences, committed)
    assert not stale
    assert to_tsv(differences) == table.read_text(encoding="utf-8")


def test_every_difference_is_settled() -> None:
    found = read_differences(CURATION / "comparison.tsv")
    assert [one for one in found if one.settled not in SETTLED or not one.reason] == []
    assert [one for one in found if one.settled == "second" and not one.changed] == []


def test_both_readings_hold_facts_of_every_document() -> None:
    documents = {path.stem for path in (find_shipped().data / "documents").glob("*.yaml")}
    for facts in read_readings(CURATION):
        assert {fact.document for fact in facts} == documents
        assert len(facts) > 1000


def test_a_fact_is_a_number_or_a_short_term() -> None:
    for facts in read_readings(CURATION):
        assert [fact for fact in facts if len(fact.value.split()) > 7 or not fact.value] == []
        assert [fact for fact in facts if not SLUG.fullmatch(fact.subject)] == []


def copied(folder: Path) -> Path:
    for path in CURATION.rglob("*.tsv"):
        target = folder / path.relative_to(CURATION)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    return folder


def test_the_command_compares_by_document_and_kind() -> None:
    ran = CliRunner().invoke(app, ["readings", str(CURATION)])
    assert ran.exit_code == 0, ran.output
    assert re.search(r"^jnccn-2007 +result( +\d+){5}$", ran.output, re.MULTILINE)
    assert re.search(r"^all( +\d+){5}$", ran.output, re.MULTILINE)


def test_the_command_refuses_a_changed_reading_and_writes_it_anew(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    table = folder / "second" / "nct03651375.tsv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("\t46\t", "\t47\t"), encoding="utf-8"
    )
    ran = CliRunner().invoke(app, ["readings", str(folder)])
    assert isinstance(ran.exception, Refused)
    assert "has no settlement" in str(ran.exception)
    with pytest.raises(Refused):
        CliRunner().invoke(app, ["readings", str(folder), "--write"], catch_exceptions=False)
    assert "\t47\t" in (folder / "comparison.tsv").read_text(encoding="utf-8")


@pytest.mark.parametrize("damage", ["x", "1\t2\tonly three"])
def test_a_row_that_is_no_fact_is_refused_with_its_line(tmp_path: Path, damage: str) -> None:
    table = copied(tmp_path) / "first" / "anlotinib-record.tsv"
    rows = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([*rows, damage]) + "\n", encoding="utf-8")
    with pytest.raises(Refused, match=rf"anlotinib-record\.tsv:{len(rows) + 1}: "):
        read_readings(tmp_path)


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no table of facts"):
        read_readings(tmp_path)


def test_every_known_problem_is_told_once_with_where_it_shows() -> None:
    told = (CURATION.parent / "curation.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| D-(\d\d) \| ([^|]+) \| ([^|]+) \|$", told, re.MULTILINE)
    assert [int(number) for number, _, _ in rows] == list(range(1, 54))
    files = {path.stem for path in (find_shipped().data / "studies" / "jnccn-2007").glob("*")}
    named = re.findall(r"`(?:jnccn-2007-)?(refs?-\d[\w-]*)`", "".join(row[2] for row in rows))
    holders = {name for name in named if name not in files}
    assert holders <= {"ref-08", "ref-09", "refs-52-53"}


def test_the_figures_of_the_comparison_are_those_told() -> None:
    comparison = compare(*read_readings(CURATION))
    told = (CURATION.parent / "curation.md").read_text(encoding="utf-8")
    sums = [sum(pair[at] for pair in comparison.counts.values()) for at in (0, 1)]
    sums += [sum(pair[at] for pair in comparison.matched.values()) for at in (0, 1)]
    sums.append(len(comparison.differences))
    assert f"| all | {' | '.join(map(str, sums))} |" in told
