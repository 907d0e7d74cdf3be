"""The page on lists names every kind and parameter, and its figures are those of the graph."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from list_client import ask, count
from pyoxigraph import Store

from api.kinds import KINDS
from api.parameters import ListFilter, ListFormat
from api.record_models import Comparison
from api.tabular import JOINT
from kg.build import Assembly

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "lists.md").read_text(encoding="utf-8")
WORDS = " ".join(PAGE.split())


@pytest.fixture(scope="module")
def store(assembly: Assembly) -> Store:
    return assembly.store


@pytest.mark.parametrize("kind", [kind.path for kind in KINDS])
def test_every_kind_is_named(kind: str) -> None:
    assert f"`{kind}`" in PAGE


def test_every_parameter_of_all_lists_is_named() -> None:
    for name in {*ListFilter.model_fields, "direct", "asOf", "as_of"} - {"cursor"}:
        assert re.search(rf"`{name}[`=]", PAGE), name
    assert f"{ListFilter.model_fields['limit'].default}, and 1000 at most" in WORDS
    assert f"format={'|'.join(ListFormat)}" in PAGE
    assert f"`{JOINT}`" in PAGE
    for name in Comparison.model_fields:
        assert f"`{name}`" in PAGE or name in ("finding", "direction")


def test_the_figures_of_the_page_are_those_of_the_graph(store: Store) -> None:
    item = "?item a :EvidenceItem"
    results = count(store, item)
    defined = count(store, f"{item} ; :endpointDefinition ?d")
    assert f"Of {results} results only {defined} come with a definition" in WORDS
    unstated = count(store, f"{item} ; :line :LineNotStated")
    mixed = count(store, f"{item} ; :line :MixedLines")
    first = count(store, f"{item} ; :line :FirstLine")
    assert (
        f"{unstated} results do not state the line of therapy, {mixed} mix lines, {first}" in WORDS
    )
    whole = count(store, f"{item} ; :aboutHistology histology:soft-tissue-sarcoma")
    sarcoma = count(store, f"{item} ; :aboutHistology histology:sarcoma")
    assert f"{whole} results are about soft tissue sarcoma as a whole and {sarcoma} about" in WORDS
    patients = [
        int(n) for (n,) in ask(store, "SELECT ?n WHERE { ?i a :EvidenceItem ; :evaluable ?n }")
    ]
    middle = sorted(patients)[len(patients) // 2]
    assert f"{len(patients)} results state their evaluable patients" in WORDS
    assert f"in half of those there are {middle} or fewer" in WORDS
    randomised = count(store, "?item a :RandomisedTrial")
    assert f"{randomised} of {count(store, '?item a :Study')} studies" in WORDS
    assert count(store, f"{item} ; :ciLow|:ciHigh ?limit") == 0
    parts = count(store, f"{item} ; :isSubgroup true")
    pooled = count(store, f"{item} ; :isPooled true")
    assert f"{parts} results are about a part of a study" in WORDS
    assert f"in {pooled} the documents themselves put arms together" in WORDS
    same = count(store, "?item :probablySameStudy ?other")
    assert f"{same} studies are probably others" in WORDS
    assert f"{count(store, f'{item} ; :needsReview ?why')} results carry such a note" in WORDS


def test_the_durations_of_the_page_are_those_of_the_definitions(store: Store) -> None:
    rows = ask(
        store,
        "SELECT ?study ?n ?unit WHERE { ?item :ofStudy ?study ; :endpoint :StableDiseaseRate ;"
        " :endpointDefinition [ :minimumDuration ?n ; :minimumDurationUnit/rdfs:label ?unit ] }",
    )
    stated = {(study.rpartition("/")[2], f"{n} {unit}") for study, n, unit in rows}
    assert {
        ("jnccn-2007-ref-58", "22 week"),
        ("jnccn-2007-ref-59", "4 month"),
        ("jnccn-2007-ref-57", "3 cycle"),
        ("jnccn-2007-ref-65", "6 month"),
    } <= stated
