from __future__ import annotations

import hashlib
from pathlib import Path
from types import MappingProxyType

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from kg.citations import check_citations, cite, get_text
from kg.passages import Range, digest
from kg.places import Places
from kg.problem import Place
from kg.snippets import Snippet

ONTOLOGY = "https://w3id.org/sarcoma-kg/ontology/"
BASE = "https://w3id.org/sarcoma-kg/study/s/result/"
TEXT = "Of 34 patients, 5 (15%) improved. The rest did not.\n"
SENTENCE = Range(0, 33)


def records(*claims: str) -> list[Quad]:
    head = (
        "PREFIX : <https://w3id.org/sarcoma-kg/ontology/> "
        "PREFIX document: <https://w3id.org/sarcoma-kg/document/> "
        f"BASE <{BASE}> document:d :textSha256 '{hashlib.sha256(TEXT.encode()).hexdigest()}' . "
    )
    return list(parse(head + " ".join(claims), RdfFormat.TURTLE))


def claim(name: str, values: str, one: Range = SENTENCE, document: str = "d") -> str:
    return (
        f"<{name}> :passage <{name}/passage> ; {values} . "
        f"<{name}/passage> :inDocument document:{document} ; :sha256 '{digest(TEXT, [one])}' ; "
        f":range <{name}/passage/range> . "
        f"<{name}/passage/range> :order 1 ; :start {one.start} ; :end {one.end} . "
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "any name").write_bytes(TEXT.encode())
    return tmp_path


def messages(folder: Path | None, *claims: str) -> list[str]:
    return [finding.message for finding in check_citations(records(*claims), folder).findings]


def test_a_claim_whose_numbers_are_printed_passes(folder: Path) -> None:
    report = check_citations(records(claim("a", ":responders 5 ; :percent 15.0")), folder)
    assert (report.checked, report.passed) == (1, True)
    assert report.summary() == "1 claim checked, 0 problems"


def test_a_number_that_is_not_printed_is_found(folder: Path) -> None:
    (message,) = messages(folder, claim("a", ":responders 5 ; :evaluable 33"))
    assert message.startswith("evaluable is 33, which the passage does not print;")


def test_a_number_of_another_sentence_is_not_enough(folder: Path) -> None:
    assert len(messages(folder, claim("a", ":responders 5", Range(34, 51)))) == 1


@pytest.mark.parametrize("words", ["5 (15%)", "Of 34 ... improved", "5 ... (15%)"])
def test_words_as_printed_pass(folder: Path, words: str) -> None:
    assert messages(folder, claim("a", f":asPrinted '{words}'")) == []


@pytest.mark.parametrize("words", ["5 (16%)", "4 patients", "improved ... 34", "5 of 34", ""])
def test_words_that_are_not_as_printed_are_found(folder: Path, words: str) -> None:
    (message,) = messages(folder, claim("a", f":asPrinted '{words}'"))
    assert message.startswith(f"asPrinted is {words!r}, which the passage does not print;")


def test_a_passage_over_two_sentences_is_found(folder: Path) -> None:
    (message,) = messages(folder, claim("a", ":responders 5", Range(0, 51)))
    assert "is longer than its sentence or table row" in message


def test_a_foreign_digest_is_found(folder: Path) -> None:
    foreign = claim("a", ":responders 5").replace(digest(TEXT, [SENTENCE]), "0" * 64)
    assert messages(folder, foreign)[0].startswith("the digest is not that of the text")


def test_without_a_folder_nothing_is_checked() -> None:
    report = check_citations(records(claim("a", ":responders 99")), None)
    assert (report.checked, report.passed, report.findings) == (0, False, ())
    assert report.summary() == (
        "1 claim not checked: no documents "
        "(the text of https://w3id.org/sarcoma-kg/document/d is not at hand)"
    )


def test_a_text_that_the_folder_lacks_is_not_passed(folder: Path) -> None:
    report = check_citations(
        records(claim("a", ":responders 5"), claim("b", ":responders 5", document="e")), folder
    )
    assert (report.checked, dict(report.unchecked), report.passed) == (
        1,
        {"https://w3id.org/sarcoma-kg/document/e": 1},
        False,
    )
    assert report.summary().startswith("1 claim checked, 0 problems\n1 claim not checked:")


def test_a_wrong_length_of_a_text_is_found(folder: Path) -> None:
    wrong = "document:d :textLength 50 ."
    assert messages(folder, wrong) == [
        "textLength is 50, but the text has 52 characters; correct it"
    ]
    assert messages(folder, wrong.replace("50", "52")) == []


def test_a_changed_text_counts_as_missing(folder: Path) -> None:
    (folder / "any name").write_bytes(TEXT.replace("34", "35").encode())
    assert check_citations(records(claim("a", ":responders 5")), folder).checked == 0


def test_problems_stand_at_the_line_that_states_the_number(folder: Path) -> None:
    report = check_citations(records(claim("a", ":evaluable 33")), folder)
    line, record = Place("a.yaml", 7), Place("a.yaml", 3)
    entries = {(BASE + "a", ONTOLOGY + "evaluable"): line, (BASE + "a", None): record}
    (problem,) = report.problems(Places(MappingProxyType(entries)))
    assert str(problem).startswith("a.yaml:7: evaluable is 33")
    (unplaced,) = report.problems(Places())
    assert unplaced.place.file == BASE + "a"


def test_nothing_to_check_says_so(folder: Path) -> None:
    assert check_citations([], folder).summary() == "no claims to check"


def test_citing_finds_the_words() -> None:
    made = cite(TEXT, "d", [Snippet("Of ... improved.")], section="Results", citations=["2"])
    assert (made.ranges, made.section, made.citations) == ((SENTENCE,), "Results", ("2",))
    assert made.sha256 == digest(TEXT, [SENTENCE])


def test_citing_over_two_sentences_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than its sentence"):
        cite(TEXT, "d", [Snippet("improved. The rest")])


@pytest.mark.parametrize("name", ["d", "document:d", "https://w3id.org/sarcoma-kg/document/d"])
def test_a_document_is_found_by_slug_curie_and_iri(folder: Path, name: str) -> None:
    assert get_text(records(), folder, name) == ("https://w3id.org/sarcoma-kg/document/d", TEXT)


def test_an_unknown_document_is_refused(folder: Path) -> None:
    with pytest.raises(LookupError, match="no document is called 'x'; the graph has d"):
        get_text(records(), folder, "x")


def test_a_document_without_its_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="has no file with the text of d; its SHA-256 must be"):
        get_text(records(), tmp_path, "d")
