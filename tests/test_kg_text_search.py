"""What a search finds, what it must not find, and in which order."""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store
from search_cases import MEANT, NOTHING, STARTED

from api.kinds import KINDS
from kg.build import Assembly
from kg.search_fields import FIELDS, Tier, find_rank, is_statement
from kg.search_index import Entry, SearchIndex, make_index
from kg.search_loading import load_index
from kg.search_near import find_similar
from kg.search_words import compact, read_words
from kg.text_search import LONGEST, MOST, Hit, How, search

ROOT = "https://w3id.org/sarcoma-kg/"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SKOS = "http://www.w3.org/2004/02/skos/core#"
NOTE = "http://www.w3.org/2000/01/rdf-schema#comment"


@pytest.fixture(scope="module")
def index(assembly: Assembly) -> SearchIndex:
    return load_index(assembly.store)


def expand(curie: str) -> str | None:
    return curie.replace("drug:", f"{ROOT}drug/") if curie.startswith("drug:") else None


def found(index: SearchIndex, text: str, *, is_prefix: bool = False) -> list[tuple[str, How]]:
    hits = search(index, text, is_prefix=is_prefix, expand=expand)
    return [(index.things[hit.thing].removeprefix(ROOT), hit.how) for hit in hits]


def small(*names: str, **more: tuple[str, ...]) -> SearchIndex:
    entries = [Entry(f"urn:{number}", LABEL, name) for number, name in enumerate(names)]
    entries += [
        Entry(f"urn:{number}", SKOS + key, name)
        for key, given in more.items()
        for number, name in enumerate(given)
    ]
    return make_index(entries, {})


def names(index: SearchIndex, text: str) -> list[str]:
    return [index.labels[hit.thing] for hit in search(index, text)]


@pytest.mark.parametrize(("text", "meant"), MEANT)
def test_a_text_finds_first_what_it_means(index: SearchIndex, text: str, meant: str) -> None:
    assert [thing for thing, _ in found(index, text)[:1]] == [meant]


@pytest.mark.parametrize(("text", "meant"), STARTED)
def test_a_beginning_finds_first_what_it_means(index: SearchIndex, text: str, meant: str) -> None:
    assert found(index, text, is_prefix=True)[0][0] == meant


@pytest.mark.parametrize("text", NOTHING)
def test_what_the_graph_has_not_is_not_found(index: SearchIndex, text: str) -> None:
    assert found(index, text) == []
    assert found(index, text, is_prefix=True) == []


def test_there_are_enough_cases() -> None:
    assert len(MEANT) >= 60
    assert len(NOTHING) >= 30


def test_the_ways_come_in_their_order(index: SearchIndex) -> None:
    for text in ("imatinib", "sarcoma", "GIST", "toxicity", "surgery"):
        ways = [how for _, how in found(index, text)]
        assert ways == sorted(ways)
        assert len(found(index, text)) == len({thing for thing, _ in found(index, text)})


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("RAD001", How.EXACT),
        ("drug:imatinib", How.EXACT),
        ("ewings", How.PREFIX),
        ("liposarcoma dedifferentiated", How.WORDS),
        ("pazopanip", How.TYPO),
        ("disease-free time", How.TEXT),
    ],
)
def test_each_way_is_named(index: SearchIndex, text: str, how: How) -> None:
    assert found(index, text)[0][1] is how


def test_an_ambiguous_text_shows_all_that_it_may_mean(index: SearchIndex) -> None:
    """A code comes before a synonym: OS is the code of a tumour and short for an endpoint."""
    assert found(index, "OS") == [
        ("histology/osteosarcoma", How.EXACT),
        ("ontology/OverallSurvival", How.EXACT),
    ]
    both = [thing for thing, _ in found(index, "EudraCT 2009-014907-29")]
    assert len(both) == 2


def test_an_identifier_is_better_than_a_code_a_label_and_a_synonym() -> None:
    index = make_index(
        [
            Entry("urn:a", SKOS + "altLabel", "X1"),
            Entry("urn:b", LABEL, "X1"),
            Entry("urn:c", SKOS + "notation", "X1"),
            Entry("urn:d", "http://purl.org/dc/terms/identifier", "X1"),
            Entry("urn:/x1", LABEL, "something"),
        ],
        {},
    )
    hits = search(index, "x-1")
    assert [index.things[hit.thing] for hit in hits] == [
        *("urn:d", "urn:c", "urn:b", "urn:a"),
        "urn:/x1",
    ]
    assert [hit.tier for hit in hits] == [*Tier][:5]


def test_shorter_names_and_things_come_before_statements(index: SearchIndex) -> None:
    kinds = [thing.split("/")[0] for thing, how in found(index, "imatinib") if how is How.PREFIX]
    assert kinds.index("claim") > kinds.index("study")


def typed_wrong(label: str, at: int, chance: random.Random) -> str:
    """Return a label with a letter missing, doubled by another, wrong, or moved, at a place."""
    other = chance.choice([each for each in string.ascii_lowercase if each != label[at].lower()])
    before, letter, behind = label[:at], label[at], label[at + 1 :]
    swapped = before + behind[:1] + letter + behind[1:]
    slips = [before + behind, before + other + letter + behind, before + other + behind]
    return chance.choice([*slips, swapped if behind[:1].isalpha() else slips[0]])


def test_a_label_with_a_typo_is_found(index: SearchIndex) -> None:
    """Also where the slip is in a code or a short word, which are never guessed."""
    chance = random.Random(7)
    labels = sorted(
        {
            value
            for number, value in enumerate(index.names.values)
            if index.properties[index.names.properties[number]] == LABEL
            and sum(map(str.isalpha, value)) >= 6
        }
    )
    missed = []
    for label in labels:
        places = [at for at, letter in enumerate(label) if letter.isalpha()]
        hits = search(index, typed_wrong(label, chance.choice(places), chance))
        if not hits or label not in (index.labels[hits[0].thing], hits[0].text):
            missed.append(label)
    assert len(labels) > 1500
    assert len(missed) < 0.05 * len(labels), missed


@given(st.text(max_size=60))
def test_any_text_is_searched_and_twice_alike(text: str) -> None:
    index = small("soft tissue sarcoma", "Ewing sarcoma", "RAD-001", definition=("a tumour",))
    for is_prefix in (True, False):
        first = search(index, text, is_prefix=is_prefix)
        assert search(index, text, is_prefix=is_prefix) == first


@given(st.text(alphabet="abcrosm 01-'", min_size=1, max_size=30))
def test_every_name_finds_itself(name: str) -> None:
    index = small(name, "sarcoma", "soft tissue sarcoma")
    if compact(read_words(name)):
        assert any(hit.how is How.EXACT and hit.thing == 0 for hit in search(index, name))


def test_the_order_of_the_entries_does_not_matter() -> None:
    entries = [Entry(f"urn:{n}", LABEL, f"sarcoma {n % 3}") for n in range(20)]
    one, other = make_index(entries, {}), make_index(reversed(entries), {})
    assert search(one, "sarcoma") == search(other, "sarcoma")


def test_codes_are_not_mistyped_and_not_put_in_the_singular() -> None:
    index = small("RAD001", "LGFMS", "RETINOBLASTOMA", "PDGFRA")
    for text in ("RAD002", "LGFM", "PDGFRB"):
        assert names(index, text) == []
    assert names(index, "lgfms") == ["LGFMS"]
    assert names(index, "retinoblastona") == ["RETINOBLASTOMA"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("symptomatic tumour", "asymptomatic tumour"),
        ("resectable sarcoma", "unresectable sarcoma"),
        ("hypotension", "hypertension"),
        ("microscopic margin", "macroscopic margin"),
        ("phase II of a long trial", "phase III of a long trial"),
        ("RET inhibitors", "MET inhibitors"),
        ("prednisone", "prednisolone"),
        ("dasatinib", "lapatinib"),
    ],
)
def test_a_word_of_another_meaning_is_no_typo(name: str, text: str) -> None:
    assert names(small(name), text) == []


def test_two_slips_are_forgiven_in_long_words_only() -> None:
    index = small("dermatofibrosarcoma", "sarcoma")
    assert names(index, "dermatofibosarkoma") == ["dermatofibrosarcoma"]
    assert names(index, "serkoma") == []


def test_words_of_other_scripts_are_found() -> None:
    index = small(
        "\u9aa8\u8089\u7624 GIST",
        "\u0441\u0430\u0440\u043a\u043e\u043c\u0430 \u042e\u0438\u043d\u0433\u0430",
        "Stra\u00dfe",
    )
    assert names(index, "\u8089\u7624")[0].endswith("GIST")
    assert len(names(index, "\u042e\u0418\u041d\u0413\u0410")) == 1
    assert names(index, "STRASSE") == ["Stra\u00dfe"]


def test_what_is_said_of_a_part_belongs_to_the_thing_above_it() -> None:
    entries = [
        Entry("urn:x/trial", LABEL, "a trial"),
        Entry("urn:x/trial/site/1", NOTE, "Warsaw only"),
        Entry("urn:x/nameless", NOTE, "Lisbon"),
    ]
    index = make_index(entries, {})
    assert names(index, "warsaw") == ["a trial"]
    assert names(index, "lisbon") == ["nameless"]
    assert search(index, "warsaw", is_prefix=True) == ()


def test_fillers_count_only_where_they_are_all() -> None:
    index = small("sarcoma of the bone", "The Of", "bone")
    assert names(index, "bone sarcoma in") == ["sarcoma of the bone"]
    assert names(index, "the of")[0] == "The Of"


def test_identifiers_of_other_systems_are_found() -> None:
    index = make_index(
        [
            Entry("urn:imatinib", LABEL, "imatinib"),
            Entry(
                "urn:imatinib", SKOS + "exactMatch", "http://purl.obolibrary.org/obo/CHEBI_45783"
            ),
            Entry("urn:imatinib", SKOS + "exactMatch", "https://identifiers.org/drugbank/DB00619"),
        ],
        {},
    )
    for text in ("CHEBI:45783", "chebi_45783", "45783", "DB00619", "drugbank:DB00619"):
        assert names(index, text) == ["imatinib"], text
    assert names(index, "CHEBI:45784") == []


def test_labels_of_any_graph_are_searched() -> None:
    store = Store()
    for subject, predicate, value in (
        ("urn:a", SKOS + "prefLabel", Literal("Regenw\u00fcrmer", language="de")),
        ("urn:b", "http://xmlns.com/foaf/0.1/name", Literal("Earthworm")),
        ("urn:c", "urn:unknown", Literal("Beetle")),
    ):
        store.add(Quad(NamedNode(subject), NamedNode(predicate), value, NamedNode("urn:g")))
    index = load_index(store)
    assert names(index, "regenwurmer") == ["Regenw\u00fcrmer"]
    assert names(index, "earthwrom") == ["Earthworm"]
    assert names(index, "beetle") == []


def test_of_very_many_names_the_shortest_are_looked_at() -> None:
    index = small(*(f"sarcoma number {number}" for number in range(MOST + 10)), "sarcoma")
    hits = search(index, "sarcoma")
    assert len(hits) == MOST
    assert index.labels[hits[0].thing] == "sarcoma"


def test_a_text_that_is_too_long_finds_nothing() -> None:
    name = "a" * LONGEST
    assert len(search(small(name), name)) == 1
    assert search(small(name + "a"), name + "a") == ()


def test_of_a_very_long_text_the_beginning_is_read() -> None:
    entries = [Entry("urn:a", LABEL, "a"), Entry("urn:a", NOTE, f"first {'x ' * 5000}last")]
    assert names(make_index(entries, {}), "first") == ["a"]
    assert names(make_index(entries, {}), "last") == []


def test_similar_names_are_offered_apart(index: SearchIndex) -> None:
    near = [index.things[thing].removeprefix(ROOT) for thing, _ in find_similar(index, "pazoponip")]
    assert near[0] == "drug/pazopanib"
    assert find_similar(index, "RAD002") == ()
    assert find_similar(index, "qwxzzy") == ()


def test_classes_of_statements_come_last() -> None:
    ontology = ROOT + "ontology/"
    ranks = {kind.path: find_rank([ontology + kind.class_name]) for kind in KINDS}
    statements = {path for path, rank in ranks.items() if is_statement(rank)}
    assert statements == {
        *("evidence", "comparisons", "recommendations", "contraindications", "precautions"),
        *("approvals", "funding", "claims"),
    }
    assert ranks["drugs"] == min(ranks.values())


def test_every_searched_property_of_the_ontology_is_declared(assembly: Assembly) -> None:
    """A brand name may come with an overlay."""
    ontology = ROOT + "ontology/"
    for iri in FIELDS:
        if iri.startswith(ontology) and iri != f"{ontology}brandName":
            quads = assembly.store.quads_for_pattern(NamedNode(iri), None, None)
            assert next(iter(quads), None) is not None, iri


def test_a_hit_says_what_matched(index: SearchIndex) -> None:
    (hit, *_) = search(index, "RAD001")
    thing = hit.thing
    assert hit == Hit(thing, How.EXACT, Tier.CODE, "developmentCode", "RAD-001")
    (hit, *_) = search(index, "pazopanip")
    assert (hit.field, hit.text, hit.edits) == ("label", "pazopanib", 1)


def test_a_letter_or_a_small_number_is_looked_for_as_a_whole_name(index: SearchIndex) -> None:
    for text in ("1", "1; --", "1 1 1", "T", "OR", "a", "I", "CR", "OS", "T1"):
        assert {how for _, how in found(index, text)} <= {How.EXACT}, text
    assert found(index, "T1")[0][0].endswith("staging-t1")
    assert {how for _, how in found(index, "T1", is_prefix=True)} == {How.EXACT, How.PREFIX}
    assert found(index, "im", is_prefix=True)[0][1] is How.PREFIX


def test_words_that_say_what_a_name_names_do_not_count_beside_it() -> None:
    index = small("GIST", "dasatinib in GIST and other tumours", "desmoid tumour", "tumour")
    assert names(index, "gist tumor") == ["GIST", "dasatinib in GIST and other tumours"]
    assert names(index, "desmoid cancer") == []
    assert names(index, "tumor")[0] == "tumour"
    assert [hit.how for hit in search(index, "drug GIST")] == [How.WORDS]
    assert search(index, "gist tumor", is_prefix=True)[0].text.startswith("dasatinib")
