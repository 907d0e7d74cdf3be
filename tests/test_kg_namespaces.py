from __future__ import annotations

from pathlib import Path

import pytest

from kg.namespaces import Namespaces, read_namespaces

NAMESPACES = read_namespaces(Path(__file__).parent / "loader" / "context.jsonld")
ROOT = "https://w3id.org/sarcoma-kg/"


@pytest.mark.parametrize(
    ("curie", "iri"),
    [
        ("drug:doxorubicin", f"{ROOT}drug/doxorubicin"),
        ("study:a/arm/b", f"{ROOT}study/a/arm/b"),
        (":Drug", f"{ROOT}ontology/Drug"),
        ("xsd:date", "http://www.w3.org/2001/XMLSchema#date"),
    ],
)
def test_expands_and_compacts_declared_prefixes(curie: str, iri: str) -> None:
    assert NAMESPACES.expand(curie) == iri
    assert NAMESPACES.compact(iri) == curie
    assert NAMESPACES.shorten(iri) == curie


@pytest.mark.parametrize(
    "text", ["foo:bar", "Drug", "", "https://example.org/x", "id:x", "label:x"]
)
def test_does_not_expand_what_is_no_curie(text: str) -> None:
    assert NAMESPACES.expand(text) is None


def test_leaves_foreign_iris_as_they_are() -> None:
    assert NAMESPACES.compact("https://example.org/x") is None
    assert NAMESPACES.shorten("https://example.org/x") == "https://example.org/x"
    assert not NAMESPACES.owns("https://example.org/x")


def test_root_holds_every_kind() -> None:
    assert NAMESPACES.root == ROOT
    assert NAMESPACES.owns(f"{ROOT}drug/doxorubicin")
    assert NAMESPACES.owns(f"{ROOT}ontology/Drug")


def test_kind_is_the_prefix_of_the_nearest_namespace() -> None:
    assert NAMESPACES.find_kind(f"{ROOT}study/a/arm/b") == "study"
    assert NAMESPACES.find_kind(f"{ROOT}ontology/Drug") == ""
    assert NAMESPACES.find_kind("https://example.org/x") is None


def test_terms_and_keywords_are_no_prefixes() -> None:
    assert set(NAMESPACES.prefixes) == {"xsd", "rdfs", "document", "drug", "regimen", "study"}


def test_namespaces_are_values() -> None:
    assert Namespaces({"a": "https://e.org/a/"}, "https://e.org/o/") == Namespaces(
        {"a": "https://e.org/a/"}, "https://e.org/o/"
    )
