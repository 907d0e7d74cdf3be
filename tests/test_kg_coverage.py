"""Coverage: what records account for in a text, and that gaps and loose numbers are found."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, Triple, parse

from kg.claims import find_text_digests
from kg.cli.cite import read_asserted
from kg.coverage import Coverage, DocumentCoverage, measure
from kg.document_texts import read_texts
from kg.passages import Range, digest
from kg.recorded import read_omissions, read_recorded
from kg.shipped import find_shipped

DOCUMENT = "https://w3id.org/sarcoma-kg/document/a"
TEXT = "Results\n\nAlphanib helped 7 of 29 men. Betanib failed in 3 men.2 It rained.\n"
DOCUMENTS = Path(__file__).parents[2] / "shared" / "documents"
HEAD = """\
@base <https://w3id.org/sarcoma-kg/> .
@prefix : <https://w3id.org/sarcoma-kg/ontology/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def passage(owner: str, words: str) -> str:
    start = TEXT.index(words)
    sha256 = digest(TEXT, [Range(start, start + len(words))])
    return (
        f"<{owner}> :passage <{owner}/passage> . "
        f'<{owner}/passage> :inDocument <document/a> ; :sha256 "{sha256}" ; :range '
        f"<{owner}/passage/range> . <{owner}/passage/range> :order 1 ; :start {start} ; "
        f":end {start + len(words)} .\n"
    )


HEADING = "<claim/heading> a :Omission ; :omissionReason :NavigationText .\n" + passage(
    "claim/heading", "Results"
)
RAIN = "<claim/rain> a :Omission ; :omissionReason :ConnectiveText .\n" + passage(
    "claim/rain", "It rained."
)
HELPED = (
    "<study/s/result/r> a :ProportionResult ; :responders 7 ; :arm <study/s/arm/m> .\n"
    "<study/s/arm/m> :numberOfPatients 29 .\n"
    + passage("study/s/result/r", "Alphanib helped 7 of 29 men.")
)
FAILED = '<claim/failed> a :BackgroundStatement ; rdfs:label "It failed in 3" .\n' + passage(
    "claim/failed", "Betanib failed in 3 men.2"
)
WHOLE = HEADING + RAIN + HELPED + FAILED


def triples(turtle: str) -> tuple[Triple, ...]:
    return tuple(quad.triple for quad in parse((HEAD + turtle).encode(), RdfFormat.TURTLE))


def covered(turtle: str) -> DocumentCoverage:
    (one,) = measure(triples(turtle), {DOCUMENT: TEXT}, [DOCUMENT]).documents
    return one


def test_what_is_accounted_for_is_counted_by_letters_and_digits() -> None:
    one = covered(WHOLE)
    assert one.complete
    assert one.characters == len(re.findall(r"[^\W_]", TEXT))
    assert one.omitted == {"NavigationText": 7, "ConnectiveText": 8}
    assert (one.uncovered, one.numbers) == (0, 3)


def test_a_gap_has_a_line_and_three_words() -> None:
    one = covered(HEADING + RAIN + FAILED)
    assert [(gap.line, gap.words) for gap in one.gaps] == [(3, "Alphanib helped 7")]
    assert one.uncovered == 22
    assert not one.complete


def test_a_unit_that_is_covered_in_part_is_a_gap() -> None:
    part = HELPED.replace(":end 37 .", ":end 30 .")
    assert part != HELPED
    assert [gap.words for gap in covered(HEADING + RAIN + FAILED + part).gaps] == ["29 men."]


@pytest.mark.parametrize(
    ("old", "new", "loose"),
    [
        (":responders 7", ":responders 8", ["7"]),
        (":numberOfPatients 29", ":numberOfPatients 28", ["29"]),
        (":arm <study/s/arm/m>", ":arm <study/s/arm/other>", ["29"]),
        ("It failed in 3", "It failed", ["3"]),
    ],
)
def test_a_number_that_no_record_states_is_loose(old: str, new: str, loose: list[str]) -> None:
    one = covered(WHOLE.replace(old, new))
    assert [number.printed for number in one.loose_numbers] == loose
    assert not one.gaps


def test_the_offsets_and_the_citation_of_a_passage_state_no_number() -> None:
    cited = WHOLE.replace("It failed in 3", "It failed") + (
        '<claim/failed/passage> :citationNumber "3" .'
    )
    assert [number.printed for number in covered(cited).loose_numbers] == ["3"]


def test_an_omission_accounts_for_a_number_by_its_explanation() -> None:
    omission = "<claim/failed> a :Omission ; :omissionReason :ConnectiveText .\n" + passage(
        "claim/failed", "Betanib failed in 3 men.2"
    )
    silent = covered(HEADING + RAIN + HELPED + omission)
    assert [number.printed for number in silent.loose_numbers] == ["3"]
    assert [iri.rpartition("/")[2] for iri, _ in silent.faults] == ["failed"]
    explained = omission + '<claim/failed> :explanation "Invented." .'
    assert covered(HEADING + RAIN + HELPED + explained).complete


def test_an_entry_of_a_bibliography_accounts_for_its_numbers() -> None:
    entry = FAILED.replace(
        ':BackgroundStatement ; rdfs:label "It failed in 3"', ":DocumentReference"
    )
    assert covered(HEADING + RAIN + HELPED + entry).complete


def test_a_name_in_an_omission_is_a_fault() -> None:
    named = WHOLE + '<drug/rain> rdfs:label "rained" .'
    assert "name 'rained'" in covered(named).faults[0][1]


@pytest.mark.parametrize(("start", "faults"), [(9, 0), (0, 1)])
def test_what_is_duplicated_must_be_recorded(start: int, faults: int) -> None:
    duplicate = RAIN.replace(":ConnectiveText", ":DuplicateText") + (
        "<claim/rain> :duplicates <claim/rain/duplicates> . "
        f"<claim/rain/duplicates> :start {start} ; :end {start + 7} ."
    )
    assert len(covered(HEADING + HELPED + FAILED + duplicate).faults) == faults


def test_a_text_that_is_missing_is_named() -> None:
    measured = measure(triples(WHOLE), {}, [DOCUMENT])
    assert measured == Coverage((), (DOCUMENT,))
    assert json.loads(measured.to_json())["missing"] == [DOCUMENT]


def test_ranges_outside_the_text_cover_nothing() -> None:
    wrong = FAILED.replace(":end 63", ":end 900")
    assert wrong != FAILED
    assert [gap.words for gap in covered(HEADING + RAIN + HELPED + wrong).gaps] == [
        "Betanib failed in"
    ]


def test_json_tells_what_the_text_tells() -> None:
    content = json.loads(measure(triples(WHOLE), {DOCUMENT: TEXT}, [DOCUMENT]).to_json())
    (one,) = content["documents"]
    assert (one["uncovered"], one["complete"], one["numbers"]) == (0, True, 3)


@cache
def shipped() -> tuple[Quad, ...]:
    return tuple(read_asserted(None, find_shipped()).store)


@cache
def texts() -> dict[str, str]:
    if not DOCUMENTS.is_dir():
        pytest.skip("skipped: no ../shared")
    return read_texts(DOCUMENTS, find_text_digests(shipped()))


@cache
def all_documents() -> Coverage:
    return measure(shipped(), texts(), find_text_digests(shipped()))


def test_every_document_is_accounted_for() -> None:
    texts()
    measured = all_documents()
    assert (len(measured.documents), measured.missing) == (5, ())
    for one in measured.documents:
        assert (one.gaps, one.loose_numbers, one.faults) == ((), (), ()), one.document
        assert one.uncovered == 0


def test_omissions_are_no_claims_and_few() -> None:
    texts()
    omitted = {one.iri for one in read_omissions(shipped())}
    assert omitted.isdisjoint(one.iri for one in read_recorded(shipped()))
    for one in all_documents().documents:
        unread = sum(count for reason, count in one.omitted.items() if reason != "DuplicateText")
        assert unread < 0.15 * one.characters, one.document


def without(iri: str) -> Iterator[Quad]:
    return (quad for quad in shipped() if str(quad.subject) != f"<{iri}/passage>")


@pytest.mark.parametrize("which", ["recorded", "omission"])
def test_a_planted_gap_is_found(which: str) -> None:
    texts()
    nodes = read_recorded(shipped()) if which == "recorded" else read_omissions(shipped())
    iri = "https://w3id.org/sarcoma-kg/claim/" + (
        "alberta-2017-detailed-query" if which == "recorded" else "jnccn-2007-passed-over-l17"
    )
    (node,) = [one for one in nodes if one.iri == iri]
    document = node.passage.document
    (one,) = measure(without(iri), {document: texts()[document]}, [document]).documents
    assert len(one.gaps) == 1
    assert one.uncovered == one.gaps[0].characters > 0
