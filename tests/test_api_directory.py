from __future__ import annotations

import pytest

from api.directory import AmbiguousName, Directory, Entry, UnknownName
from kg.namespaces import Namespaces

ROOT = "https://example.org/"
NAMES = Namespaces({"drug": f"{ROOT}drug/", "histology": f"{ROOT}histology/"}, f"{ROOT}ontology/")


def entry(curie: str, label: str, *names: str) -> Entry:
    prefix, _, slug = curie.partition(":")
    kind = {"drug": "drugs", "histology": "histologies"}[prefix]
    return Entry(f"{ROOT}{prefix}/{slug}", curie, label, names, frozenset({kind}))


IMATINIB = entry("drug:imatinib", "imatinib", "imatinib mesylate")
DACARBAZINE = entry("drug:dacarbazine", "dacarbazine", "DTIC", "XX-1")
MTIC = entry("drug:mtic", "MTIC", "XX-1")
GIST = entry("histology:gist", "gastrointestinal stromal tumour", "GIST")
LABELLED = entry("histology:a", "sarcoma")
SYNONYM = entry("histology:b", "soft tissue sarcoma", "sarcoma")
PDGFRA = entry("drug:a", "ramucirumab", "PDGFR\u03b1")
ENTRIES = (IMATINIB, DACARBAZINE, MTIC, GIST, LABELLED, SYNONYM, PDGFRA)
DIRECTORY = Directory({each.iri: each for each in ENTRIES}, NAMES)


@pytest.mark.parametrize(
    "name",
    [
        f"{ROOT}drug/dacarbazine",
        "drug:dacarbazine",
        "dacarbazine",
        "Dacarbazine",
        " dtic ",
        "DTIC",
    ],
)
def test_an_iri_a_curie_a_slug_a_label_or_a_synonym_will_do(name: str) -> None:
    assert DIRECTORY.get(name, ["drugs"]) == DACARBAZINE


def test_a_label_goes_before_the_synonym_of_another() -> None:
    assert DIRECTORY.get("sarcoma", ["histologies"]) == LABELLED


def test_a_name_of_several_things_is_ambiguous() -> None:
    with pytest.raises(AmbiguousName, match="drug 'xx-1' means 2 things") as caught:
        DIRECTORY.get("xx-1", ["drugs"], parameter="drug")
    assert caught.value.candidates == (DACARBAZINE, MTIC)


def test_an_unknown_name_has_near_matches() -> None:
    with pytest.raises(UnknownName, match="id 'imatnib' is not known as a drug") as caught:
        DIRECTORY.get("imatnib", ["drugs"])
    assert caught.value.near[0] == IMATINIB


@pytest.mark.parametrize("name", ["", "!", "qqqqqq"])
def test_a_name_like_nothing_has_no_near_matches(name: str) -> None:
    with pytest.raises(UnknownName) as caught:
        DIRECTORY.get(name, ["drugs"])
    assert caught.value.near == ()


@pytest.mark.parametrize("name", ["GIST", "histology:gist"])
def test_a_name_of_another_kind_is_said_to_be_one(name: str) -> None:
    with pytest.raises(UnknownName, match="is the histology histology:gist, not a drug") as caught:
        DIRECTORY.get(name, ["drugs"])
    assert caught.value.near == (GIST,)


def test_the_members_of_a_kind_stand_in_the_order_of_their_labels() -> None:
    assert DIRECTORY.members("drugs") == (DACARBAZINE, IMATINIB, MTIC, PDGFRA)
    assert DIRECTORY.members("trials") == ()


def test_a_search_looks_into_every_name() -> None:
    assert DIRECTORY.search("drugs", "tic") == (DACARBAZINE, MTIC)
    assert DIRECTORY.search("drugs", "MESYLATE") == (IMATINIB,)
    assert DIRECTORY.search("drugs", "nothing") == ()


def test_terms_of_the_ontology_have_a_curie_that_json_ld_can_hold() -> None:
    assert DIRECTORY.shorten(f"{ROOT}ontology/FirstLine") == "sarcoma:FirstLine"
    assert DIRECTORY.shorten("urn:other") == "urn:other"


def test_a_record_is_found_under_its_kind() -> None:
    assert IMATINIB.address == "/api/v1/drugs/drug:imatinib"
    assert Entry("urn:x", "urn:x", "x").address is None


@pytest.mark.parametrize(
    ("name", "kind", "meant"),
    [
        ("gists", "histologies", GIST),
        ("gastro-intestinal stromal tumors", "histologies", GIST),
        ("soft-tissue sarcomas", "histologies", SYNONYM),
        ("D.T.I.C.", "drugs", DACARBAZINE),
        ("PDGFR-alpha", "drugs", PDGFRA),
        ("pdgfr alpha", "drugs", PDGFRA),
        ("PDGFR\u03b1", "drugs", PDGFRA),
    ],
)
def test_another_spelling_of_one_name_will_do(name: str, kind: str, meant: Entry) -> None:
    assert DIRECTORY.get(name, [kind]) == meant


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("xx1", "drugs"),  # of two
        ("DTICs, ", "drugs"),  # a comma parts names
        ("XX-2", "drugs"),
        ("PDGFR-beta", "drugs"),
        ("gists", "drugs"),
        ("-", "drugs"),
    ],
)
def test_another_spelling_of_none_or_several_is_unknown(name: str, kind: str) -> None:
    with pytest.raises(UnknownName):
        DIRECTORY.get(name, [kind])
