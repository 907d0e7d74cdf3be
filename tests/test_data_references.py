"""The documents' references: each there once, cited by records, and cited by number alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions

from kg.build import Assembly
from kg.shipped import find_shipped

ROOT = find_shipped().root
DATA = find_shipped().data
DOCUMENTS = ROOT.parent / "shared" / "documents"
GUIDELINE, REVIEW = "document:alberta-2017", "document:jnccn-2007"
BASE = "https://w3id.org/sarcoma-kg/"
PREFIXES = f"""
PREFIX : <{BASE}ontology/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX document: <{BASE}document/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX study: <{BASE}study/>
"""

with_documents = pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="skipped: no ../shared")


@pytest.mark.parametrize(("document", "number"), [(GUIDELINE, 34), (REVIEW, 67)])
def test_a_document_has_each_of_its_references(
    assembly: Assembly, document: str, number: int
) -> None:
    found = select(assembly, f"?item a :DocumentReference ; :referenceOf {document}")
    slug = document.removeprefix("document:")
    names = {f"{BASE}document/{slug}/reference/{one}" for one in range(1, number + 1)}
    assert {one["item"] for one in found} == names


def test_a_reference_has_its_number_as_id(assembly: Assembly) -> None:
    found = select(assembly, "?item a :DocumentReference ; :citationNumber ?text")
    assert found
    assert [one for one in found if one["item"].rpartition("/")[2] != one["text"]] == []


def test_the_entries_of_the_guideline_are_complete(assembly: Assembly) -> None:
    entry = f"?item :referenceOf {GUIDELINE} ; :firstAuthor ?author ; dcterms:title ?title ; "
    entry += ":bibliographicReference ?place ; :passage ?passage"
    assert len(select(assembly, entry)) == 34
    undated = f"?item :referenceOf {GUIDELINE} FILTER NOT EXISTS {{ ?item :issued ?year }}"
    assert numbers(select(assembly, undated)) == {"34"}


def test_a_citation_is_one_number(assembly: Assembly) -> None:
    found = select(assembly, "?item :citationNumber ?text")
    assert [one for one in found if not re.fullmatch("[1-9][0-9]*", one["text"])] == []
    assert len(select(assembly, '?item :citationNumber "23" . ?any :passage ?item')) > 5


def test_every_number_that_records_cite_is_a_reference_of_their_document(
    assembly: Assembly,
) -> None:
    for pattern in (
        "?item :passage ?passage . ?passage :inDocument ?document ; :citationNumber ?text",
        "?item :reportedIn ?document ; :citationNumber ?text",
    ):
        unknown = "?entry :referenceOf ?document ; :citationNumber ?text"
        assert select(assembly, pattern)
        assert select(assembly, f"{pattern} FILTER NOT EXISTS {{ {unknown} }}") == []


def test_a_record_cites_the_references_of_its_numbers_and_no_others(assembly: Assembly) -> None:
    cited = select(assembly, "study:jnccn-2007-refs-22-24 :cites ?item")
    assert {one["item"] for one in cited} == {
        f"{BASE}document/jnccn-2007/reference/{number}" for number in (22, 23, 24)
    }
    other = """?item :cites ?entry ; :passage ?passage .
      MINUS { ?passage :inDocument ?document ; :citationNumber ?text .
              ?entry :referenceOf ?document ; :citationNumber ?text }"""
    assert select(assembly, other) == []


def test_every_reference_is_cited(assembly: Assembly) -> None:
    uncited = "?item a :DocumentReference FILTER NOT EXISTS { ?any :cites ?item }"
    assert select(assembly, uncited) == []


@with_documents
def test_an_entry_stands_in_its_passage(assembly: Assembly) -> None:
    text = next(DOCUMENTS.glob("003_*.txt")).read_bytes().decode()
    limits = ":passage/:range [ :start ?start ; :end ?end ]"
    joined = 'BIND (CONCAT(STR(?start), " ", STR(?end)) AS ?text)'
    found = select(assembly, f"?item :referenceOf {GUIDELINE} ; {limits} {joined}")
    entries = {one["item"]: slice(*map(int, one["text"].split())) for one in found}
    assert len(entries) == 34
    for value in printed_values(assembly):
        assert value["text"] in text[entries[value["item"]]].replace("*", ""), value


def printed_values(assembly: Assembly) -> Iterator[Mapping[str, str]]:
    for path in (":firstAuthor", "dcterms:title", ":bibliographicReference", ":otherIdentifier"):
        yield from select(assembly, f"?item :referenceOf {GUIDELINE} ; {path} ?text")


def numbers(found: list[Mapping[str, str]]) -> set[str]:
    return {one["item"].rpartition("/")[2] for one in found}


def test_records_write_numbers_as_lists_of_digits() -> None:
    written = re.compile(r'\bcitation: (?!("[1-9][0-9]*"|\[("[1-9][0-9]*"(, )?)+\])(\s|,|}|$))(.*)')
    wrong = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in sorted(Path(DATA).rglob("*.yaml"))
        for found in written.finditer(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def select(assembly: Assembly, pattern: str) -> list[Mapping[str, str]]:
    query = f"{PREFIXES} SELECT DISTINCT ?item ?text WHERE {{ {pattern} }}"
    answer = assembly.store.query(query, use_default_graph_as_union=True)
    assert isinstance(answer, QuerySolutions)
    return [{name: getattr(row[name], "value", "") for name in ("item", "text")} for row in answer]
