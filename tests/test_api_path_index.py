from __future__ import annotations

from api.evidence import Chosen, Evidence, EvidenceItem
from api.histologies import Histologies, Match
from api.path_index import Action, Edge, Effect, Links, Path, PathIndex, PathKind

TREE = Histologies({"sarcoma": frozenset({"lms", "gist"}), "lms": frozenset({"uterine lms"})})


def item(iri: str, drug: str, histology: str, evaluable: int | None = None) -> EvidenceItem:
    about = {"aboutDrug": frozenset({drug}), "aboutHistology": frozenset({histology})}
    return EvidenceItem(iri, about, evaluable)


EVIDENCE = Evidence(
    (
        item("e1", "imatinib", "gist", 40),
        item("e2", "imatinib", "uterine lms"),
        item("e3", "sunitinib", "gist", 5),
    ),
    TREE,
)
INDEX = PathIndex(
    actions=(
        Action("anlotinib", "pdgfra", {Effect.INHIBITS: ("c1",)}),
        Action("drug 17", "kit", {Effect.INDIRECT: ("c2", "c3")}),
        Action("imatinib", "kit", {Effect.INHIBITS: ("c4",), Effect.ACTS: ("c5",)}),
        Action("imatinib", "pdgfr", {Effect.INHIBITS: ("c6",)}),
    ),
    families={"pdgfra": frozenset({"pdgfr"})},
    parts={
        "kit": {"gist": ("p1",)},
        "pdgfr": {"desmoid": ("p2",)},
        "pdgfra": {"gist": ("p3",)},
    },
    links=Links(
        {
            ("imatinib", "kit"): {"inhibits": ("rule",), "actsOn": ("rule 2",)},
            ("kit", "gist"): {"implicatedIn": ("rule 3",)},
        }
    ),
    evidence=EVIDENCE,
)


def shown(paths: list[Path]) -> list[tuple[str, tuple[str, ...], str]]:
    return [(path.drug, path.targets, path.histology) for path in paths]


def mechanisms(
    drug: str | None = None, target: str | None = None, histology: str | None = None
) -> list[Path]:
    found = INDEX.find(drug=drug, target=target, histology=histology)
    return [path for path in found if path.kind is PathKind.MECHANISM]


def trials(
    drug: str | None = None, target: str | None = None, histology: str | None = None
) -> list[Path]:
    found = INDEX.find(drug=drug, target=target, histology=histology)
    return [path for path in found if path.kind is PathKind.TESTED]


def test_a_mechanism_goes_over_a_target_to_a_histology() -> None:
    (path,) = mechanisms(drug="imatinib", histology="gist")
    assert path.targets == ("kit",)
    assert path.match is Match.DIRECT
    assert path.edges == (
        Edge("imatinib", "inhibits", "kit", ("rule",), ("c4",)),
        Edge("imatinib", "actsOn", "kit", ("rule 2",), ("c5",)),
        Edge("kit", "implicatedIn", "gist", ("rule 3",), ("p1",)),
    )


def test_a_claim_on_a_member_reaches_what_its_family_plays_a_part_in() -> None:
    paths = mechanisms(drug="anlotinib")
    assert shown(paths) == [
        ("anlotinib", ("pdgfra",), "gist"),
        ("anlotinib", ("pdgfra", "pdgfr"), "desmoid"),
    ]
    assert [edge.predicate for edge in paths[1].edges] == [
        "inhibitsMemberOf",
        "memberOfFamily",
        "implicatedIn",
    ]


def test_a_claim_on_a_family_says_nothing_of_its_members() -> None:
    assert shown(mechanisms(drug="imatinib")) == [
        ("imatinib", ("kit",), "gist"),
        ("imatinib", ("pdgfr",), "desmoid"),
    ]
    assert mechanisms(drug="imatinib", target="pdgfra") == []


def test_a_family_is_found_by_claims_on_its_members() -> None:
    assert {path.drug for path in mechanisms(target="pdgfr")} == {"anlotinib", "imatinib"}


def test_an_indirect_action_is_not_shown_as_a_direct_one() -> None:
    (path,) = mechanisms(drug="drug 17")
    assert path.edges[0] == Edge("drug 17", "actsIndirectlyOn", "kit", (), ("c2", "c3"))


def test_a_wider_histology_takes_narrower_ones_along_and_says_so() -> None:
    paths = mechanisms(histology="sarcoma")
    assert {(path.histology, path.match) for path in paths} == {("gist", Match.INHERITED)}
    assert mechanisms(histology="uterine lms") == []


def test_nothing_is_inferred_downward() -> None:
    assert trials(drug="imatinib", histology="uterine lms") != []
    assert trials(drug="sunitinib", histology="uterine lms") == []
    wider = PathIndex((), {}, {}, Links({}), Evidence((item("e", "a", "sarcoma"),), TREE))
    assert list(wider.find(histology="gist")) == []


def test_a_test_is_a_path_without_targets() -> None:
    assert shown(trials(drug="imatinib")) == [
        ("imatinib", (), "gist"),
        ("imatinib", (), "uterine lms"),
    ]


def test_with_a_target_tests_are_those_of_the_drugs_that_act_on_it() -> None:
    (gist, lms) = trials(target="kit")
    assert shown([gist, lms]) == [
        ("imatinib", ("kit",), "gist"),
        ("imatinib", ("kit",), "uterine lms"),
    ]
    assert [edge.predicate for edge in gist.edges] == ["inhibits", "actsOn", "testedIn"]


def test_the_results_of_a_path_are_those_in_its_histology_or_a_narrower_one() -> None:
    (path,) = trials(drug="imatinib", histology="gist")
    assert INDEX.results(path) == (Chosen("e1", Match.DIRECT),)


def test_evidence_is_chosen_by_histology_and_size() -> None:
    def chosen(**wanted: object) -> list[tuple[str, Match | None]]:
        return [(each.iri, each.match) for each in EVIDENCE.choose(**wanted)]  # type: ignore[arg-type]

    assert chosen(histology="lms") == [("e2", Match.INHERITED)]
    assert chosen(histology="lms", only_direct=True) == []
    assert chosen(min_evaluable=6) == [("e1", None)]
    assert chosen(min_evaluable=0) == [("e1", None), ("e3", None)]
    assert chosen(aboutDrug="sunitinib") == [("e3", None)]
    assert chosen(aboutDrug="none") == []
    assert chosen(endpoint="none") == []


def test_a_cycle_in_the_tree_ends() -> None:
    tree = Histologies({"a": frozenset({"b"}), "b": frozenset({"a", "b"})})
    assert tree.scope("a").narrower == {"b"}
