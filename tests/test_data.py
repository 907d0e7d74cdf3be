"""The shipped records: true to their documents, no copy of them, complete, and canonical."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store
from word_runs import Index, index_of, shared_runs

from kg.build import Assembly
from kg.citations import check_citations
from kg.shipped import find_shipped

ROOT = find_shipped().root
DATA = find_shipped().data
DOCUMENTS = ROOT.parent / "shared" / "documents"
ALLOWED = ROOT / "docs" / "curation" / "allowed-runs.txt"
RECORDS = sorted(DATA.rglob("*.yaml"))
VOCABULARIES = sorted(DATA.glob("vocabularies/*.yaml"))
NO_TEXT_OF_OURS = frozenset({"__pycache__", "node_modules", "build", "dist", "bundle"})

PREFIXES = """\
PREFIX : <https://w3id.org/sarcoma-kg/ontology/>
PREFIX document: <https://w3id.org/sarcoma-kg/document/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
FROM_REVIEW_OR_GUIDELINE = """\
  VALUES ?document { document:jnccn-2007 document:alberta-2017 }
  ?item a :EvidenceItem ; :passage/:inDocument ?document .
"""
KINDS_OF_EVIDENCE = {
    "a response rate with n and N": """
        ?item a :ProportionResult ; :endpoint :ObjectiveResponseRate ;
          :responders ?n ; :evaluable ?all ; :percent ?percent""",
    "a median": "?item a :TimeToEventResult ; :isMedian true ; :value ?value ; :unit ?unit",
    "a hazard ratio with p": "?item a :ComparativeResult ; :hazardRatio ?ratio ; :pValue ?p",
    "a negative finding": """
        VALUES ?finding { :NoResponsesSeen :NoBenefit :NoDifference :NoSignificantDifference }
        ?item :finding ?finding ; :direction :Refutes""",
    "a biomarker subgroup": "?item :aboutBiomarker ?biomarker ; :isSubgroup true",
    "a range": "?item :percentLow ?low ; :percentHigh ?high FILTER (?low < ?high)",
    "a dose comparison": """
        ?item a :ComparativeResult ; :arm/:dose ?dose ; :comparatorArm/:dose ?other .
        ?dose :ofDrug ?drug ; :amount ?amount ; :unit ?unit .
        ?other :ofDrug ?drug ; :amount ?less ; :unit ?unit
        FILTER (?amount > ?less)""",
}

with_documents = pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="skipped: no ../shared")


@with_documents
def test_every_claim_stands_in_its_passage(assembly: Assembly) -> None:
    report = check_citations(assembly.store, DOCUMENTS)
    assert report.passed, "\n".join([report.summary(), *(one.message for one in report.findings)])
    assert report.checked > 500


@pytest.fixture(scope="module")
def documents() -> Index:
    return index_of(path.read_text(encoding="utf-8") for path in DOCUMENTS.glob("*.txt"))


@with_documents
def test_no_text_of_the_project_copies_a_document(documents: Index) -> None:
    forbidden = documents - index_of(_allowed(ALLOWED.read_text(encoding="utf-8")))
    copied = [
        f"{path.relative_to(ROOT)}: {run}"
        for path, text in _texts_of_the_project()
        for run in shared_runs(text, forbidden)
    ]
    assert not copied, (
        "these words stand in a document too; say it in your own words, or list a title, a name, "
        "a reference or a printed dose in docs/curation/allowed-runs.txt:\n" + "\n".join(copied)
    )


@with_documents
def test_every_allowed_run_is_still_shared(documents: Index) -> None:
    shared = index_of(
        run for _, text in _texts_of_the_project() for run in shared_runs(text, documents)
    )
    allowed = _allowed(ALLOWED.read_text(encoding="utf-8"))
    stale = [line for line in allowed if not shared_runs(line, shared)]
    assert not stale, "docs/curation/allowed-runs.txt: remove what nothing shares:\n" + "\n".join(
        stale
    )


def test_a_copied_sentence_is_found_however_it_is_set() -> None:
    printed = index_of(["Of the nine who were treated,4 six saw no re-\nsponse for long."])
    assert shared_runs("# of the nine who were\n#   Treated six SAW", printed)
    assert shared_runs("treated, six saw no response for long; who were", printed) == ()
    assert shared_runs("nine who were treated 4 six saw no response for long", printed)
    assert shared_runs("of the nine who were treated none", printed) == ()
    other = printed - index_of(["who were treated six saw no response for long"])
    assert shared_runs("who were treated six saw no response for long", other) == ()
    assert shared_runs("the nine who were treated six saw no", other)


def test_an_allowed_run_has_a_reason() -> None:
    assert _allowed("# why\n\n[titles]\nA title\n") == ("A title",)
    with pytest.raises(AssertionError, match="A title"):
        _allowed("A title\n[titles]\n")


def test_there_are_forty_results_of_review_and_guideline(assembly: Assembly) -> None:
    assert len(_select(assembly.store, FROM_REVIEW_OR_GUIDELINE)) >= 40


@pytest.mark.parametrize("kind", KINDS_OF_EVIDENCE)
def test_every_kind_of_evidence_is_there(assembly: Assembly, kind: str) -> None:
    assert _select(assembly.store, FROM_REVIEW_OR_GUIDELINE + KINDS_OF_EVIDENCE[kind])


def test_records_are_in_canonical_form() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{number}: {message}"
        for path in RECORDS
        for number, message in _flaws(path.read_bytes().decode())
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("a: b\n\tc: d\n", (2, "a tab; indent with two spaces")),
        ("a:\n   b: c\n", (2, "indented by 3; indent with two spaces a level")),
        ("a: b \nc: d\n", (1, "blanks at the end of the line; remove them")),
        ("a: b\r\n", (1, "a carriage return; end lines with a line feed alone")),
        ("a: b", (1, "no line feed at the end of the file; add one")),
        ("a: b\n\n", (2, "an empty line at the end of the file; remove it")),
    ],
)
def test_a_flaw_of_form_is_named_with_its_line_and_remedy(text: str, flaw: tuple[int, str]) -> None:
    assert list(_flaws(text)) == [flaw]
    assert list(_flaws("a:\n  - b: c\n    d: >-\n      e\n")) == []


@pytest.mark.parametrize("path", VOCABULARIES, ids=lambda path: path.stem)
def test_a_vocabulary_is_sorted_by_id(path: Path) -> None:
    found = re.findall(r"^- id: (\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    late = next((two for one, two in pairwise(found) if one > two), None)
    assert late is None, f"{path.relative_to(ROOT)}: move {late} up, so that ids are in order"


def _allowed(text: str) -> tuple[str, ...]:
    """Return the lines of a list of allowed runs; each must stand under a reason."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert lines[0].startswith("["), f"{lines[0]!r} has no [reason] above it"
    return tuple(line for line in lines if not line.startswith("["))


def _texts_of_the_project() -> Iterator[tuple[Path, str]]:
    for path in _files(ROOT):
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        hidden = path.name.startswith(".") and path.name not in {".ci", ".gitignore"}
        if hidden or path.name in NO_TEXT_OF_OURS or path == ALLOWED:
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path


def _flaws(text: str) -> Iterator[tuple[int, str]]:
    """Return the number and the flaw of each line that is not in canonical form."""
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        indent = len(line) - len(line.lstrip(" "))
        if "\r" in line:
            yield number, "a carriage return; end lines with a line feed alone"
        elif "\t" in line:
            yield number, "a tab; indent with two spaces"
        elif line != line.rstrip():
            yield number, "blanks at the end of the line; remove them"
        elif indent % 2:
            yield number, f"indented by {indent}; indent with two spaces a level"
    if lines[-1]:
        yield len(lines), "no line feed at the end of the file; add one"
    elif lines[-2:-1] == [""]:
        yield len(lines) - 1, "an empty line at the end of the file; remove it"


def _select(store: Store, pattern: str) -> list[Mapping[str, str]]:
    found = store.query(
        f"{PREFIXES}SELECT DISTINCT ?item WHERE {{\n{pattern}\n}}",
        use_default_graph_as_union=True,
    )
    assert isinstance(found, QuerySolutions)
    return [{"item": str(row["item"])} for row in found]
