"""What names and identifiers of other databases mean here, and what they must not mean."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.importing.identifier_keys import identifier_key
from kg.importing.names import name_key, name_keys, parts_in_brackets
from kg.importing.terms import Kind, Match, MatchedBy
from kg.importing.terms_reading import KnownTerms, Naming, read_terms, terms_of
from kg.shipped import find_shipped

ROOT = "https://w3id.org/sarcoma-kg/"
GIST = f"{ROOT}histology/gastrointestinal-stromal-tumour"


@pytest.fixture(scope="module")
def shipped_terms() -> KnownTerms:
    return terms_of(find_shipped())


@pytest.mark.parametrize(
    ("kind", "name", "wanted"),
    [
        (Kind.HISTOLOGY, "Gastrointestinal Stromal Tumors", "gastrointestinal-stromal-tumour"),
        (Kind.HISTOLOGY, "gastro-intestinal stromal tumour", "gastrointestinal-stromal-tumour"),
        (
            Kind.HISTOLOGY,
            "Gastrointestinal Stromal Tumor (GIST)",
            "gastrointestinal-stromal-tumour",
        ),
        (
            Kind.HISTOLOGY,
            "GIST (gastrointestinal stromal tumor)",
            "gastrointestinal-stromal-tumour",
        ),
        (Kind.HISTOLOGY, "Gastrointestinal stromal neoplasm", "gastrointestinal-stromal-tumour"),
        (Kind.HISTOLOGY, "GISTs", "gastrointestinal-stromal-tumour"),
        (Kind.HISTOLOGY, "sarcoma", "sarcoma"),
        (Kind.HISTOLOGY, "Sarcomas", "sarcoma"),
        (Kind.HISTOLOGY, "Sarcoma, Soft Tissue", "soft-tissue-sarcoma"),
        (Kind.HISTOLOGY, "SOFT-TISSUE SARCOMA", "soft-tissue-sarcoma"),
        (Kind.HISTOLOGY, "Ewing's sarcoma", "ewing-sarcoma"),
        (Kind.HISTOLOGY, "Liposarcoma, Dedifferentiated", "dedifferentiated-liposarcoma"),
        (Kind.DRUG, "Imatinib", "imatinib"),
        (Kind.DRUG, "DTIC", "dacarbazine"),
        (Kind.DRUG, "AMG706", "amg-706"),
        (Kind.TARGET, "c-Kit", "kit"),
        (Kind.TARGET, "pdgfra", "pdgfra"),
        (Kind.FAMILY, "VEGFR", "vegfr"),
        (Kind.REGIMEN, "MAID", "maid"),
        (Kind.STUDY, "NCT03651375", "nct03651375"),
    ],
)
def test_a_name_in_another_spelling_is_found(
    kind: Kind, name: str, wanted: str, shipped_terms: KnownTerms
) -> None:
    found = shipped_terms.find(kind, names=[name])
    assert found is not None
    assert found.iri.rpartition("/")[2] == wanted
    assert found.by in (MatchedBy.LABEL, MatchedBy.SYNONYM)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Kind.HISTOLOGY, "breast cancer"),
        (Kind.HISTOLOGY, "Breast Neoplasms"),
        (Kind.HISTOLOGY, "sarcoma cells"),
        (Kind.HISTOLOGY, "metastatic sarcoma"),
        (Kind.HISTOLOGY, "advanced soft tissue sarcoma"),
        (Kind.HISTOLOGY, "breast carcinosarcoma"),
        (Kind.HISTOLOGY, "Sarcoma (canine)"),
        (Kind.HISTOLOGY, "Liposarcoma (soft tissue sarcoma)"),
        (Kind.HISTOLOGY, "neoplasm"),
        (Kind.HISTOLOGY, ""),
        (Kind.HISTOLOGY, "—"),
        (Kind.HISTOLOGY, "imatinib"),
        (Kind.DRUG, "imatinib or placebo"),
        (Kind.DRUG, "ima"),
        (Kind.DRUG, "Sunitinib, Imatinib"),
        (Kind.TARGET, "KIT+"),
        (Kind.TARGET, "KIT ligand"),
        (Kind.TARGET, "PDGFRB, PDGFRA"),
        (Kind.TARGET, "VEGFR"),
        (Kind.STUDY, "NCT0365137"),
    ],
)
def test_no_part_of_a_name_and_no_other_kind_is_found(
    kind: Kind, name: str, shipped_terms: KnownTerms
) -> None:
    assert shipped_terms.find(kind, names=[name]) is None


def test_an_identifier_comes_before_a_label_and_a_label_before_a_synonym() -> None:
    terms = KnownTerms(
        [
            Naming(Kind.DRUG, "e:a", MatchedBy.IDENTIFIER, "MESH:D000001"),
            Naming(Kind.DRUG, "e:b", MatchedBy.LABEL, "alpha"),
            Naming(Kind.DRUG, "e:c", MatchedBy.SYNONYM, "Alpha"),
            Naming(Kind.DRUG, "e:c", MatchedBy.SYNONYM, "beta"),
        ]
    )
    names = ["beta", "ALPHA"]
    both = terms.find(Kind.DRUG, identifiers=["mesh:D1"], names=names)
    assert both == Match("e:a", MatchedBy.IDENTIFIER)
    assert terms.find(Kind.DRUG, identifiers=["mesh:D2"], names=names) == Match(
        "e:b", MatchedBy.LABEL
    )
    assert terms.find(Kind.DRUG, names=["beta"]) == Match("e:c", MatchedBy.SYNONYM)
    assert terms.find(Kind.TARGET, identifiers=["mesh:D1"], names=names) is None
    assert (terms.label("e:b"), terms.label("e:c")) == ("alpha", None)


def test_what_two_things_are_called_means_neither() -> None:
    terms = KnownTerms(
        [
            Naming(Kind.DRUG, "e:a", MatchedBy.IDENTIFIER, "CHEBI:1"),
            Naming(Kind.DRUG, "e:b", MatchedBy.IDENTIFIER, "CHEBI:2"),
            Naming(Kind.DRUG, "e:a", MatchedBy.SYNONYM, "ABC"),
            Naming(Kind.DRUG, "e:b", MatchedBy.SYNONYM, "A-B-C"),
            Naming(Kind.DRUG, "e:b", MatchedBy.SYNONYM, "B"),
        ]
    )
    assert terms.find(Kind.DRUG, names=["abc"]) is None
    assert terms.find(Kind.DRUG, identifiers=["CHEBI:1", "CHEBI:2"], names=["B"]) is None
    assert terms.find(Kind.DRUG, names=["abc", "B"]) is None


def test_identifiers_compare_in_any_spelling() -> None:
    for one, other in (
        ("MESH:D000003550", "mesh:D003550"),
        ("DOID:1115", "http://purl.obolibrary.org/obo/DOID_1115"),
        ("HGNC:6342", "hgnc:HGNC:6342"),
        ("clinicaltrials:NCT03651375", "ClinicalTrials:nct03651375"),
    ):
        assert identifier_key(one) == identifier_key(other) is not None
    assert identifier_key("MESH:D003550") != identifier_key("MESH:C003550")
    assert identifier_key("https://example.org/A") != identifier_key("https://example.org/a")
    assert [identifier_key(each) for each in ("", "imatinib", "MESH:", ":1")] == [None] * 4


def test_names_compare_by_their_keys() -> None:
    assert name_key("tumour of bone") == name_key("Tumors of Bone") != name_key("tumour of bones+")
    assert name_key("PDGFR-\N{GREEK SMALL LETTER ALPHA}") == name_key("pdgfr alpha")
    assert name_keys(Kind.HISTOLOGY, "a, b, c") == (name_key("a b c"),)
    assert parts_in_brackets("a (b) c") is None


def test_only_curated_graphs_are_read() -> None:
    store, thing = Store(), NamedNode(f"{ROOT}drug/a")
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    match = NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch")
    for name, text in (
        ("vocabulary-drugs", "one"),
        ("import-civic", "two"),
        ("inferred-x", "three"),
        ("catalogue", "four"),
    ):
        graph = NamedNode(f"{ROOT}graph/{name}")
        type_ = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
        store.add(Quad(thing, type_, NamedNode(f"{ROOT}ontology/Drug"), graph))
        store.add(Quad(thing, label, Literal(text), graph))
        store.add(Quad(thing, match, NamedNode(f"http://example.org/{text}"), graph))
    terms = read_terms(store)
    assert {naming.text for naming in terms.namings} == {"one", "http://example.org/one"}
    assert terms.types == {f"{ROOT}drug/a": (f"{ROOT}ontology/Drug",)}


def test_another_name_is_another_digest() -> None:
    one = Naming(Kind.DRUG, "e:a", MatchedBy.SYNONYM, "a")
    two = Naming(Kind.DRUG, "e:a", MatchedBy.SYNONYM, "b")
    assert KnownTerms([one, two]).digest == KnownTerms([two, one, one]).digest
    assert len({KnownTerms(each).digest for each in ([], [one], [two], [one, two])}) == 4


def test_the_shipped_mappings_are_known(shipped_terms: KnownTerms) -> None:
    for identifiers in (["DOID:9253"], ["doid:9253"], ["http://purl.obolibrary.org/obo/DOID_9253"]):
        found = shipped_terms.find(Kind.HISTOLOGY, identifiers=identifiers)
        assert found == Match(GIST, MatchedBy.IDENTIFIER)
    found = shipped_terms.find(Kind.TARGET, identifiers=["HGNC:6342"])
    assert found == Match(f"{ROOT}target/kit", MatchedBy.IDENTIFIER)
