"""Paths of the shipped graph, over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from pyoxigraph import NamedNode, Store, Triple

from api.path_batch import MOST_QUERIES
from api.path_contract import EXAMPLE_QUERY
from api.path_kinds import IMPORTED_KINDS, EdgeKind, PathField, PathKind
from api.path_models import BatchAnswer, PathAnswer
from api.path_room import LARGEST_ANSWER
from kg.snapshot import Snapshot, open_database

PATHS = "/api/v1/paths"
ROOT = "https://w3id.org/sarcoma-kg/"
Get = Callable[..., Any]


@pytest.fixture
def get(client: httpx.Client) -> Get:
    def fetch(**parameters: object) -> Any:
        answer = client.get(PATHS, params=parameters)  # type: ignore[arg-type]
        assert answer.status_code == 200, answer.text
        return answer.json()

    return fetch


@pytest.fixture(scope="module")
def everything(address: str) -> Any:
    """All paths of the shipped graph, of as many answers as they take."""
    with httpx.Client(base_url=address, timeout=60) as client:
        whole = client.get(PATHS, params={"drug": "*", "limit": 1000}).json()
        address_of_more = whole.pop("next", None)
        while address_of_more:
            more = client.get(address_of_more).json()
            whole["paths"] += more["paths"]
            address_of_more = more.get("next")
    return whole


@pytest.fixture(scope="module")
def served(snapshot: Snapshot) -> Store:
    return open_database(snapshot)


def path_of(answer: Any, kind: str, *targets: str) -> Any:
    """The one path of a kind over some targets."""
    (found,) = [
        path
        for path in answer["paths"]
        if path["kind"] == kind and [each["label"] for each in path["targets"]] == list(targets)
    ]
    return found


def ends(answer: Any) -> set[tuple[str, str]]:
    return {(path["drug"]["label"], path["histology"]["label"]) for path in answer["paths"]}


def results(path: Any) -> list[Any]:
    return [item for side in path["evidence"].values() for item in side]


def missing(path: Any) -> set[str]:
    return {each["what"] for each in path["missing"]}


def test_the_answer_is_as_the_contract_says(everything: Any) -> None:
    PathAnswer.model_validate(everything)
    assert everything["total"] == len(everything["paths"]) == sum(everything["byKind"].values())
    assert list(everything["byKind"]) == list(everything["kinds"])
    assert {kind for kind, count in everything["byKind"].items() if count} == set(PathKind)


def test_every_edge_is_a_link_of_the_graph(everything: Any, served: Store) -> None:
    triples = {quad.triple for quad in served}
    edges = [edge for path in everything["paths"] for edge in path["edges"]]
    assert {edge["kind"] for edge in edges} == set(EdgeKind)
    for edge in edges:
        terms = [_iri(edge[name]) for name in ("subject", "predicate", "object")]
        assert Triple(*terms) in triples, edge
        assert edge["inferred"] is bool(edge["rules"])
        assert edge["graphs"]


def _iri(curie: str) -> NamedNode:
    kind, _, rest = curie.partition(":")
    return NamedNode(ROOT + ("ontology" if kind == "sarcoma" else kind) + "/" + rest)


def test_every_node_has_its_iri_id_label_and_kind(everything: Any) -> None:
    for path in everything["paths"]:
        nodes = path["nodes"]
        assert (nodes[0]["kind"], nodes[0]["id"]) == ("drug", path["drug"]["id"])
        end = path["histology"] or path["targets"][0]
        assert end["id"] in [node["id"] for node in nodes]
        for node in nodes:
            assert node["label"], node
            assert NamedNode(node["iri"]) == _iri(node["id"])


def test_every_claim_has_its_document_with_its_date_and_its_place(everything: Any) -> None:
    undated = {"document:anlotinib-record", "document:cabazitaxel-record"}
    for path in everything["paths"]:
        documented = [edge for edge in path["edges"] if edge["source"]["kind"] == "documents"]
        claims = [claim for edge in documented for claim in edge["claims"]]
        for claim in (*claims, *results(path), *path["contraindications"], *path["approvals"]):
            assert claim["document"]["id"] == claim["passage"]["inDocument"]["id"]
            assert (claim["document"]["issued"] is None) is (claim["document"]["id"] in undated)
            assert claim["passage"]["ranges"]
            assert claim["passage"].get("section") or claim["document"]["id"] in {
                *undated,
                "document:nct03651375",
            }


def test_every_claim_of_an_import_has_its_place_there(everything: Any) -> None:
    imported = [
        edge
        for path in everything["paths"]
        for edge in path["edges"]
        if edge["source"]["kind"] == "import"
    ]
    assert {edge["source"]["import"] for edge in imported} == {"drugmechdb", "gtopdb"}
    for edge in imported:
        assert edge["source"]["licence"].startswith("https://")
        assert edge["claims"], edge
        for claim in edge["claims"]:
            assert (claim["source"], claim["document"]) == (edge["source"], None)
            assert claim["recordPlace"]
            assert claim["iri"].startswith(f"{ROOT}imported/{edge['source']['import']}/")


def test_every_kind_of_edge_that_claims_make_has_claims(everything: Any) -> None:
    vocabulary = {"family", "alteration", "regimen"}
    for path in everything["paths"]:
        for edge in path["edges"]:
            assert bool(edge["claims"]) is (edge["kind"] not in vocabulary), edge


def test_the_results_of_a_path_are_those_that_sparql_counts(everything: Any, served: Store) -> None:
    query = """
        PREFIX : <https://w3id.org/sarcoma-kg/ontology/>
        SELECT ?drug ?histology (COUNT(DISTINCT ?result) AS ?number)
        WHERE { ?drug :hasEvidence ?result . ?result :relevantToHistology ?histology }
        GROUP BY ?drug ?histology"""
    counted = {
        (row["drug"].value, row["histology"].value): int(row["number"].value)
        for row in served.query(query, use_default_graph_as_union=True)  # type: ignore[union-attr]
    }
    for path in everything["paths"]:
        if path["histology"] is None:
            assert results(path) == []
            continue
        pair = (_iri(path["drug"]["id"]).value, _iri(path["histology"]["id"]).value)
        assert len(results(path)) == counted.get(pair, 0)


def test_every_result_says_what_it_takes_to_read_it(everything: Any) -> None:
    for path in everything["paths"]:
        assert list(path["evidence"]) == ["for", "against", "inconclusive"]
        for item in results(path):
            assert item["endpoint"]["label"]
            assert item["line"]["label"]
            assert item["level"]["statement"].endswith(".")
            assert item["level"]["rule"]["id"] == "rule:evidence-level"
            assert {"n", "N", "given", "regimen", "phase", "studied", "because"} <= item.keys()
            assert item["n"] == item.get("responders")
            assert item["N"] == item.get("evaluable")
            here = path["histology"]["id"] in [each["id"] for each in item["aboutHistology"]]
            assert item["match"] == ("direct" if here else "inherited")
            assert item["from"]
            directions = {"for": "Supports", "against": "Refutes"}
            for side, direction in directions.items():
                if item in path["evidence"][side]:
                    assert item["direction"]["id"] == f"sarcoma:{direction}"


def test_no_score_and_no_word_of_eligibility(everything: Any) -> None:
    for path in everything["paths"]:
        assert not {"score", "rank", "eligible"} & path.keys()
    said = json.dumps([everything["kinds"], everything["note"]])
    assert "eligib" not in said
    assert "no medical advice" in said


def test_imatinib_acts_on_kit_which_drives_gist(get: Get) -> None:
    answer = get(drug="imatinib", histology="GIST")
    path = path_of(answer, "mechanism", "KIT")
    assert [node["kind"] for node in path["nodes"]] == [
        "drug",
        "target",
        *["biomarker", "statement"] * 2,
        "histology",
    ]
    inhibits, implicated, *others = path["edges"]
    assert (inhibits["predicate"], inhibits["inferred"]) == ("sarcoma:inhibits", True)
    assert inhibits["rules"][0]["id"] == "rule:inhibits"
    assert inhibits["rules"][0]["label"].startswith("A drug inhibits a single target")
    assert implicated["predicate"] == "sarcoma:implicatedIn"
    assert {claim["targetRole"]["label"] for claim in implicated["claims"]} == {
        "activated by an alteration that drives the tumour",
        "expressed by the tumour",
    }
    assert {edge["kind"] for edge in others} == {"alteration", "biomarker in the histology"}
    assert path["match"] == "direct"
    assert path["evidence"]["for"]
    assert path["evidence"]["against"]


def test_imatinib_in_gist_is_approved_tested_alone_and_was_never_compared(get: Get) -> None:
    path = path_of(get(drug="imatinib", histology="GIST"), "mechanism", "KIT")
    (approval,) = path["approvals"]
    assert approval["jurisdiction"][0]["label"] == "United States"
    assert (approval["asOf"], approval["relation"]) == ("2007", "this histology")
    assert approval["date"] is None
    assert approval["decision"]["label"] == "approved"
    assert not {"approval", "result", "result-alone", "mechanism-statement"} & missing(path)
    # The randomised trials compare two doses of imatinib, which says nothing of the drug itself.
    assert {"randomised-comparison", "recommendation", "contraindication"} <= missing(path)


def test_a_comparison_of_two_doses_speaks_neither_for_nor_against_the_drug(get: Get) -> None:
    evidence = path_of(get(drug="imatinib", histology="GIST"), "mechanism", "KIT")["evidence"]
    comparison = "study:jnccn-2007-ref-47/result/overall-survival-comparison"
    (found,) = [item for item in evidence["inconclusive"] if item["id"] == comparison]
    assert found["direction"]["id"] == "sarcoma:Refutes"
    assert "both sides" in found["because"]
    for side in ("for", "against"):
        for item in evidence[side]:
            assert "drug:imatinib" not in [drug["id"] for drug in item.get("comparatorDrug", ())]


def test_a_test_is_over_targets_without_a_part_in_the_histology(everything: Any) -> None:
    parts = {
        (target["id"], path["histology"]["id"])
        for path in everything["paths"]
        if path["kind"] == "mechanism"
        for target in path["targets"]
    }
    tested = [path for path in everything["paths"] if path["kind"] == "tested"]
    for path in tested:
        assert path["edges"][-1]["predicate"] == "sarcoma:testedIn"
        for target in path["targets"]:
            assert (target["id"], path["histology"]["id"]) not in parts
        assert ("mechanism-statement" in missing(path)) is bool(path["targets"])
        assert ("target-statement" in missing(path)) is (not path["targets"])


def test_17_aag_acts_on_kit_through_hsp90(get: Get) -> None:
    answer = get(drug="17-AAG", histology="GIST")
    path = path_of(answer, "mechanism", "HSP90", "KIT")
    assert path["reach"] == ["indirect"]
    direct, indirect = path["edges"][:2]
    assert (direct["kind"], direct["predicate"], direct["object"]) == (
        "action",
        "sarcoma:inhibits",
        "target:hsp90",
    )
    assert (indirect["kind"], indirect["predicate"], indirect["object"]) == (
        "indirect action",
        "sarcoma:actsIndirectlyOn",
        "target:kit",
    )
    assert {claim["throughTarget"][0]["id"] for claim in indirect["claims"]} == {"target:hsp90"}
    assert path_of(answer, "mechanism", "HSP90")["reach"] == ["direct"]
    assert [item["studied"] for item in results(path)] == ["laboratory"]
    assert "result" in missing(path)


def test_ipi_504_is_the_prodrug_of_17_aag(get: Get) -> None:
    path = path_of(get(drug="IPI-504", histology="GIST"), "mechanism", "HSP90", "KIT")
    assert path["reach"] == ["indirect", "prodrug"]
    assert [node["label"] for node in path["nodes"][:2]] == ["IPI-504", "17-AAG"]
    prodrug = path["edges"][0]
    assert (prodrug["kind"], prodrug["predicate"]) == ("prodrug", "sarcoma:prodrugOf")
    assert prodrug["claims"][0]["id"] == "claim:jnccn-2007-ipi-504-is-prodrug-of-17-aag"
    assert get(drug="IPI-504", reach="direct")["total"] == 0


def test_what_is_said_of_trabectedin(get: Get) -> None:
    answer = get(drug="trabectedin", histology="leiomyosarcoma")
    assert answer["byKind"]["recommended"] == 1
    path = path_of(answer, "recommended", "minor groove of DNA")
    assert path["edges"][0]["hypothetical"] is True
    recommends, about = path["edges"][-2:]
    assert (recommends["subject"], recommends["predicate"], recommends["object"]) == (
        "claim:alberta-2017-recommendation-18",
        "sarcoma:recommends",
        "drug:trabectedin",
    )
    assert about["object"] == "histology:leiomyosarcoma"
    decided = [(each["decision"]["label"], each["asOf"]) for each in path["approvals"]]
    assert decided == [("not funded", "2017-03"), ("approved", "2017-03")]
    assert [each["jurisdiction"][0]["label"] for each in path["approvals"]] == ["Alberta", "Canada"]
    assert {each["ruling"] for each in path["contraindications"]} == {
        "contraindication",
        "precaution",
    }
    assert not {"approval", "recommendation", "contraindication"} & missing(path)


def test_only_what_is_recommended_is_called_so(get: Get) -> None:
    answer = get(drug="*", kind="recommended", limit=1000)
    assert ends(answer) == {
        ("gemcitabine", "angiosarcoma"),
        ("gemcitabine", "cutaneous angiosarcoma"),
        ("docetaxel", "angiosarcoma"),
        ("docetaxel", "cutaneous angiosarcoma"),
        ("ifosfamide", "soft tissue sarcoma"),
        ("pazopanib", "non-adipocytic soft tissue sarcoma"),
        ("trabectedin", "leiomyosarcoma"),
        ("trabectedin", "liposarcoma"),
    }


def test_a_class_is_recommended_and_its_members_by_another_statement(get: Get) -> None:
    answer = get(drug="doxorubicin", kind="recommended-class")
    (path,) = answer["paths"]
    assert [node["kind"] for node in path["nodes"]].count("drug class") == 1
    first = path["edges"][0]
    assert (first["kind"], first["predicate"]) == ("class", "sarcoma:memberOfClass")
    assert "recommendation" in missing(path)


def test_a_class_as_wide_as_chemotherapy_recommends_no_member(get: Get) -> None:
    answer = get(drug="*", kind="recommended-class")
    assert ends(answer) == {("doxorubicin", "soft tissue sarcoma")}
    for drug in ("vincristine", "temozolomide", "cyclophosphamide", "dacarbazine"):
        assert get(drug=drug, kind="recommended-class")["total"] == 0
        assert get(drug=drug, drugClass="chemotherapy")["total"] > 0
    asked = {"document": ["alberta-2017", "jnccn-2007"], "kind": "recommended-class"}
    assert ends(get(drug="*", **asked)) <= ends(answer)


def missed(path: Any, what: str) -> Any:
    (found,) = [each for each in path["missing"] if each["what"] == what]
    return found


def test_a_trial_whose_tumour_is_not_stated_comes_near(get: Get) -> None:
    for path in get(drug="olaratumab", kind="tested")["paths"]:
        found = missed(path, "trial")
        (near,) = found["near"]
        assert (near["id"], near["why"]) == (
            "study:alberta-2017-olaratumab-phase-3",
            "tumour not stated",
        )
        assert found["statement"].endswith("to patients with which tumour is not stated.")


def test_a_trial_against_placebo_comes_near_a_randomised_one(get: Get) -> None:
    found = missed(
        path_of(get(drug="sunitinib", histology="GIST"), "mechanism", "KIT"),
        "randomised-comparison",
    )
    assert [each["id"] for each in found["near"]] == ["study:jnccn-2007-ref-51"]
    assert "is placebo-controlled; that it was randomised is not stated" in found["statement"]


def test_what_is_stated_of_a_member_comes_near_what_is_not_of_its_family(get: Get) -> None:
    path = path_of(get(drug="imatinib", histology="GIST"), "tested", "PDGFR")
    found = missed(path, "mechanism-statement")
    (near,) = found["near"]
    assert (near["id"], near["why"]) == ("target:pdgfra", "stated of a member of the family")
    assert "claim:jnccn-2007-pdgfra-drives-gist" in [each["id"] for each in near["claims"]]
    assert found["statement"].endswith("It is stated of its member PDGFRA.")


@pytest.mark.parametrize(
    ("name", "written", "other"),
    [
        ("histology", "leiomyosarcoma", "Leiomyosarcomas"),
        ("histology", "soft tissue sarcoma", "soft-tissue sarcomas"),
        ("target", "PDGFRA", "PDGFR-alpha"),
        ("target", "PDGFRA", "PDGFR-\N{GREEK SMALL LETTER ALPHA}"),
        ("line", "first line", "first-line"),
    ],
)
def test_number_hyphens_and_greek_letters_of_a_name_do_not_matter(
    get: Get, name: str, written: str, other: str
) -> None:
    drugs = {"drug": "*", "limit": 1000, "fields": "sortKey"}
    found = get(**{**drugs, name: other})
    assert found["total"] > 0
    assert found["paths"] == get(**{**drugs, name: written})["paths"]


def test_alone_takes_one_drug_after_another_along(get: Get) -> None:
    totals = [
        get(drug="*", treatmentMode=mode)["total"]
        for mode in ("alone", ["monotherapy", "SequentialMonotherapy"], "monotherapy")
    ]
    assert totals[0] == totals[1] > totals[2]


def test_only_the_fields_asked_for_are_shown(client: httpx.Client, get: Get) -> None:
    asked = {"drug": "imatinib", "histology": "GIST"}
    whole = get(**asked)["paths"]
    always = {"kind", "match", "reach", "drug", "targets", "histology"}
    part = get(**asked, fields="nodes,missing", limit=1)
    assert part["paths"] == [
        {key: value for key, value in whole[0].items() if key in {*always, "nodes", "missing"}}
    ]
    after = client.get(part["next"]).json()
    PathAnswer.model_validate(after)
    assert after["paths"][0].keys() == {*always, "nodes", "missing"}
    for name in PathField:
        (shown, *_) = get(**asked, fields=name.value)["paths"]
        assert shown == {key: whole[0][key] for key in whole[0] if key in {*always, name.value}}
    whole_batch = client.post(PATHS, json={"queries": [{**asked, "fields": ["missing"]}]}).json()
    assert whole_batch["answers"][0]["paths"][0].keys() == {*always, "missing"}
    assert client.get(PATHS, params={**asked, "fields": "score"}).status_code == 400


def test_a_batch_has_the_room_of_one_answer_and_says_where_to_go_on(
    client: httpx.Client, everything: Any
) -> None:
    asked = {"queries": [{"drug": "*", "source": "documents", "limit": 1000}] * MOST_QUERIES}
    documented = [path for path in everything["paths"] if path["kind"] not in IMPORTED_KINDS]
    posted = client.post(PATHS, json=asked, timeout=60)
    assert posted.status_code == 200
    assert len(posted.content) < LARGEST_ANSWER + MOST_QUERIES * 8192
    answer = posted.json()
    BatchAnswer.model_validate(answer)
    first, second, *others = answer["answers"]
    assert first["paths"] == documented
    assert "shortened" not in first
    assert 0 < len(second["paths"]) < second["total"]
    assert f"{len(second['paths'])} of the {second['total']} paths" in second["shortened"]
    for each in others:
        assert (each["status"], each["paths"], each["total"]) == (200, [], len(documented))
        assert "8 MiB" in each["shortened"]
    rest = client.get(second["next"], timeout=60).json()
    assert second["paths"] + rest["paths"] == documented
    assert client.get(others[-1]["next"], timeout=60).json()["paths"] == documented


def test_the_examples_of_the_contract_are_true(client: httpx.Client) -> None:
    contract = client.get("/openapi.json").json()
    described = contract["paths"][PATHS]
    example = described["get"]["responses"]["200"]["content"]["application/json"]["example"]
    answer = client.get(PATHS, params=EXAMPLE_QUERY).json()
    assert example == {**answer, "snapshot": example["snapshot"]}
    batch = described["post"]["responses"]["200"]["content"]["application/json"]["example"]
    BatchAnswer.model_validate(batch)
    posted = client.post(PATHS, json={"queries": [EXAMPLE_QUERY, {"drug": "imatinb"}]}).json()
    assert posted["answers"][0] == {**batch["answers"][0], "snapshot": posted["snapshot"]}
    problem = batch["answers"][1]["problem"]
    assert problem.items() <= posted["answers"][1]["problem"].items()


def test_every_parameter_has_an_example_that_finds_paths(client: httpx.Client) -> None:
    for each in client.get("/openapi.json").json()["paths"][PATHS]["get"]["parameters"]:
        assert each["description"]
        (example, *_) = each["schema"]["examples"]
        if each["name"] != "cursor":
            found = client.get(PATHS, params={"drug": "*", "limit": 1, each["name"]: example})
            assert found.status_code == 200, each["name"]
            assert found.json()["total"] > 0, each["name"]


@pytest.mark.parametrize(
    ("method", "statuses"),
    [
        ("get", (400, 404, 406, 409, 429, 500, 503, 504)),
        ("post", (400, 404, 406, 408, 409, 413, 415, 429, 500, 503, 504)),
    ],
)
def test_every_error_is_described(
    client: httpx.Client, method: str, statuses: tuple[int, ...]
) -> None:
    responses = client.get("/openapi.json").json()["paths"][PATHS][method]["responses"]
    assert responses.keys() >= {"200", *map(str, statuses)}
    for status in statuses:
        content = responses[str(status)]["content"]["application/problem+json"]
        assert content["schema"] == {"$ref": "#/components/schemas/Problem"}


def test_anlotinib_is_in_a_trial_without_results(get: Get) -> None:
    answer = get(drug="anlotinib", kind="in-trial", target="VEGFR2")
    (path,) = answer["paths"]
    assert path["histology"]["label"] == "soft tissue sarcoma"
    assert [node["kind"] for node in path["nodes"]] == [
        "drug",
        "target",
        "trial group",
        "trial",
        "histology",
    ]
    assert [edge["predicate"] for edge in path["edges"]] == [
        "sarcoma:inhibits",
        "sarcoma:givesDrug",
        "sarcoma:interventionOf",
        "sarcoma:includesHistology",
    ]
    (trial,) = path["edges"][-1]["claims"]
    assert trial["recruitmentStatus"]["id"] == "sarcoma:Recruiting"
    assert trial["id"] not in {item["ofStudy"]["id"] for item in results(path)}
    assert {"approval", "recommendation", "overall-survival"} <= missing(path)
    assert not {"trial", "result"} & missing(path)
    assert get(drug="anlotinib", kind="in-trial", treatmentMode="alone")["total"] == 0
    assert get(drug="anlotinib", kind="in-trial", treatmentMode="combination")["total"] == 13


def test_who_acts_on_vegfr_pdgfr_or_kit(get: Get) -> None:
    answer = get(target=["VEGFR", "PDGFR", "KIT"], kind="mechanism", limit=1000)
    assert {drug for drug, _ in ends(answer)} == {
        *("imatinib", "sunitinib", "nilotinib", "dasatinib", "AMG 706", "anlotinib"),
        *("17-AAG", "IPI-504"),
    }
    commas = get(target="VEGFR,PDGFR, KIT", kind="mechanism", limit=1000)
    assert commas["total"] == answer["total"]
    vegfr = get(family="VEGFR", drug="anlotinib", kind="in-trial")
    assert [path["targets"][0]["label"] for path in vegfr["paths"]] == ["VEGFR2", "VEGFR3"]
    for path in vegfr["paths"]:
        assert path["edges"][-1]["predicate"] == "sarcoma:memberOfFamily"


def test_which_drugs_inhibit_ret_and_where_was_each_tested(get: Get) -> None:
    assert {
        ("sunitinib", "gastrointestinal stromal tumour"),
        ("sunitinib", "alveolar soft part sarcoma"),
        ("AMG 706", "gastrointestinal stromal tumour"),
    } <= ends(get(target="RET", kind="tested"))


def test_which_non_gist_sarcomas_is_pdgfr_inhibition_proposed_for(get: Get) -> None:
    found = ends(get(target="PDGFR", kind="mechanism", drug="imatinib"))
    assert {histology for _, histology in found} == {
        "dermatofibrosarcoma protuberans",
        "desmoid tumour",
    }


def test_a_wider_histology_says_what_it_takes_along(get: Get) -> None:
    wide = get(drug="doxorubicin", histology="sarcoma", kind="tested")
    matches = {path["histology"]["label"]: path["match"] for path in wide["paths"]}
    assert matches["sarcoma"] == "direct"
    assert matches["leiomyosarcoma"] == "inherited"
    (whole,) = (path for path in wide["paths"] if path["match"] == "direct")
    froms = {each["label"] for item in results(whole) for each in item["from"]}
    assert {"sarcoma", "leiomyosarcoma", "uterine sarcoma"} <= froms
    (direct,) = get(drug="doxorubicin", histology="sarcoma", kind="tested", direct=True)["paths"]
    assert {each["label"] for item in results(direct) for each in item["from"]} == {"sarcoma"}
    assert 0 < len(results(direct)) < len(results(whole))
    assert direct["missing"] == whole["missing"]


def test_filters_keep_paths_with_such_results_and_show_no_others(get: Get) -> None:
    endpoint = get(drug="imatinib", histology="GIST", endpoint="PartialResponseRate")
    assert {item["endpoint"]["id"] for path in endpoint["paths"] for item in results(path)} == {
        "sarcoma:PartialResponseRate"
    }
    large = get(histology="GIST", minEvaluable=10)
    assert large["total"] < get(histology="GIST")["total"]
    assert min(item["N"] for path in large["paths"] for item in results(path)) >= 10
    alone = get(drug="doxorubicin", treatmentMode="alone", kind="tested")
    assert {item["given"] for path in alone["paths"] for item in results(path)} == {"alone"}
    phase = get(drug="imatinib", phase="phase III", kind="mechanism")
    assert {item["phase"]["label"] for path in phase["paths"] for item in results(path)} == {
        "phase III"
    }
    line = get(drug="*", line="SecondLineOrLater", kind="recommended", limit=1000)
    assert {drug for drug, _ in ends(line)} == {"trabectedin", "pazopanib", "ifosfamide"}


def test_what_filters_leave_out_is_not_missing(get: Get) -> None:
    whole = path_of(get(drug="imatinib", histology="GIST"), "mechanism", "KIT")
    part = get(drug="imatinib", histology="GIST", endpoint="PartialResponseRate")
    assert path_of(part, "mechanism", "KIT")["missing"] == whole["missing"]


def test_a_biomarker_shows_the_results_of_its_patients(get: Get) -> None:
    path = path_of(get(biomarker="KIT exon 11 mutation", drug="imatinib"), "mechanism", "KIT")
    assert {biomarker["id"] for item in results(path) for biomarker in item["aboutBiomarker"]} == {
        "biomarker:kit-exon-11-mutation"
    }
    found = get(biomarker="secondary KIT mutation", drug="imatinib")
    assert len(path_of(found, "mechanism", "KIT")["biomarkers"]) == 3


def test_only_documents_issued_by_a_date_count(get: Get) -> None:
    early = get(drug="*", asOf="2010", limit=1000)
    assert [each["id"] for each in early["documentsCounted"]] == ["document:jnccn-2007"]
    assert early["byKind"]["recommended"] == 0
    for path in early["paths"]:
        shown = [claim for edge in path["edges"] for claim in edge["claims"]]
        for claim in (*shown, *results(path), *path["approvals"], *path["contraindications"]):
            assert claim["document"]["issued"] == "2007"
    assert get(drug="*", as_of="2010")["total"] == early["total"]
    assert get(drug="anlotinib", asOf="2026")["total"] == 0
    assert get(drug="*", asOf="2006-12")["total"] == 0


def test_a_document_counts_alone(get: Get) -> None:
    found = get(drug="trabectedin", document="alberta-2017")
    assert all(path["targets"] == [] for path in found["paths"])
    for path in found["paths"]:
        assert {item["document"]["id"] for item in results(path)} <= {"document:alberta-2017"}


def test_an_answer_does_not_depend_on_earlier_ones(get: Get) -> None:
    question = {"drug": "doxorubicin", "histology": "sarcoma", "kind": "tested"}
    first = get(**question)
    for narrower in ({"direct": True}, {"endpoint": "OverallSurvival"}, {"asOf": "2010"}):
        assert get(**question, **narrower)["paths"] != first["paths"]
    assert get(**question) == first


def test_paths_are_sorted_as_they_say(everything: Any) -> None:
    kinds = list(everything["kinds"])

    def key(path: Any) -> tuple[object, ...]:
        words = {each["by"]: each["value"] for each in path["sortKey"]}
        assert list(words) == everything["sortedBy"]
        level = words["strongest result for"]
        names = (words[name].casefold() for name in ("drug", "histology", "targets"))
        return (kinds.index(words["kind"]), level == "none", level, *names)

    found = [key(path) for path in everything["paths"]]
    assert found == sorted(found)


def test_paths_are_paged_to_the_end(client: httpx.Client, everything: Any) -> None:
    found: list[Any] = []
    address: str | None = f"{PATHS}?drug=*&limit=90"
    while address:
        answer = client.get(address)
        found += answer.json()["paths"]
        address = answer.json().get("next")
        assert (f'<{address}>; rel="next"' == answer.headers.get("link")) is bool(address)
    assert found == everything["paths"]


def test_the_next_page_of_a_list_of_names(client: httpx.Client) -> None:
    first = client.get(f"{PATHS}?drug=imatinib&drug=sunitinib&limit=1&direct=true").json()
    second = client.get(first["next"]).json()
    assert (second["total"], len(second["paths"])) == (first["total"], 1)
    assert second["paths"][0] != first["paths"][0]


def test_the_same_question_is_answered_304(client: httpx.Client) -> None:
    first = client.get(f"{PATHS}?drug=trabectedin")
    again = client.get(
        f"{PATHS}?drug=trabectedin", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(f"{PATHS}?drug=imatinib", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_a_long_list_is_refused_tagged_and_not_sent_again_as_a_short_one(
    client: httpx.Client,
) -> None:
    asked: dict[str, str | int] = {"drug": "*", "limit": 101}
    first = client.get(PATHS, params=asked, headers={"Accept-Encoding": "identity"})
    assert len(first.content) == int(first.headers["content-length"]) > 1_000_000
    assert first.headers["link"] == f'<{first.json()["next"]}>; rel="next"'
    tag = {"If-None-Match": first.headers["etag"]}
    assert client.get(PATHS, params=asked, headers=tag).status_code == 304
    assert client.head(PATHS, params=asked).content == b""
    assert client.get(PATHS, params=asked, headers={"Accept": "text/csv"}).status_code == 406
    assert client.get(PATHS, params={**asked, "drug": "imatinb"}).status_code == 404


def test_a_post_is_answered_as_the_get(client: httpx.Client) -> None:
    asked = client.get(f"{PATHS}?drug=imatinib&histology=GIST&minEvaluable=10")
    body = {"drug": "imatinib", "histology": ["GIST"], "minEvaluable": 10}
    posted = client.post(PATHS, json=body)
    assert posted.json() == asked.json()
    assert "etag" not in posted.headers
    tag = {"If-None-Match": asked.headers["etag"]}
    assert client.post(PATHS, json=body, headers=tag).status_code == 200


def test_several_queries_are_answered_or_have_their_own_problem(client: httpx.Client) -> None:
    queries = [
        {"drug": "trabectedin", "limit": 1},
        {"drug": "nothing at all"},
        {"drugs": "imatinib"},
        {"histology": "GIST", "kind": "magic"},
        {"limit": 5},
        "imatinib",
        {"target": ["KIT"], "minEvaluable": "many"},
        {"drug": "imatinib", "cursor": "x"},
    ]
    answer = client.post(PATHS, json={"queries": queries})
    assert answer.status_code == 200
    body = answer.json()
    BatchAnswer.model_validate(body)
    statuses = [each["status"] for each in body["answers"]]
    assert statuses == [200, 404, *[400] * 6]
    assert body["total"] == len(queries)
    first, unknown, misspelt, *_ = body["answers"]
    alone = client.get(f"{PATHS}?drug=trabectedin&limit=1").json()
    assert first["paths"] == alone["paths"]
    assert unknown["problem"]["detail"] == "drug 'nothing at all' is not known as a drug"
    assert "did you mean 'drug'?" in misspelt["problem"]["detail"]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "no JSON text"),
        (b"{", 400, "no JSON text"),
        (b"[]", 400, "a JSON object"),
        (b"NaN", 400, "no JSON text: it has no NaN"),
        (b'{"drug": "a", "drug": "b"}', 400, "the key drug stands twice"),
        (b'{"queries": []}', 400, f"a list of 1 to {MOST_QUERIES}"),
        (b'{"queries": {}}', 400, f"a list of 1 to {MOST_QUERIES}"),
        (b'{"queries": [{"drug": "*"}], "limit": 1}', 400, "there is no parameter 'limit'"),
        (json.dumps({"queries": [{}] * (MOST_QUERIES + 1)}).encode(), 400, "a list of 1 to"),
        (b'{"zebra": 1}', 400, "there is no parameter 'zebra'"),
        (b'{"drug": []}', 400, "at least one of drug, drugClass"),
        (b'{"drug": [""]}', 400, "drug: string should have at least 1"),
        (b'{"drug": {"a": 1}}', 400, "drug:"),
        (b'{"drug": "*", "limit": 0}', 400, "limit:"),
        (b'{"drug": "\xff"}', 400, "no JSON text"),
        (b"[" * 100_000, 400, "no JSON text"),
        (b" " * 300_000, 413, "at most"),
    ],
)
def test_a_wrong_body_is_a_problem_with_a_sentence(
    client: httpx.Client, body: bytes, status: int, words: str
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client.post(PATHS, content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]


def test_a_body_of_another_type_and_a_question_in_the_address_are_refused(
    client: httpx.Client,
) -> None:
    assert client.post(PATHS, content=b"{}").status_code == 415
    answer = client.post(f"{PATHS}?drug=imatinib", json={"drug": "imatinib"})
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "a POST has its parameters in the body",
    )


@pytest.mark.parametrize(
    ("parameters", "status", "words"),
    [
        ({}, 400, "at least one of drug, drugClass, target, family, biomarker and histology"),
        ({"kind": "mechanism"}, 400, "at least one of"),
        ({"drug": "GIST"}, 404, "is the histology"),
        ({"target": "nothing"}, 404, "not known as a target or a target family"),
        ({"family": "KIT"}, 404, "is the target target:kit, not a target family"),
        ({"target": "KIT,nothing"}, 404, "target 'nothing' is not known"),
        ({"drugClass": "imatinib"}, 404, "is the drug drug:imatinib, not a drug class"),
        ({"drug": "imatinib", "kind": "magic"}, 400, "kind:"),
        ({"drug": "imatinib", "kind": ["tested", "magic"]}, 400, "'magic'"),
        ({"drug": "imatinib", "reach": "far"}, 400, "and not 'far'"),
        ({"drug": "imatinib", "endpoint": "Happiness"}, 404, "not known as an endpoint"),
        ({"drug": "imatinib", "endpoint": "*"}, 400, "endpoint has no *"),
        ({"drug": "imatinib", "phase": "Phase9"}, 404, "not known as a phase"),
        ({"drug": "imatinib", "treatmentMode": "together"}, 404, "treatmentMode 'together'"),
        ({"drug": "imatinib", "asOf": "May 2017"}, 400, "a year, month or day"),
        ({"drug": "imatinib", "asOf": "2017-13"}, 400, "a year, month or day"),
        ({"drug": "imatinib", "asOf": "2017", "as_of": "2017"}, 400, "give one of them"),
        ({"drug": "imatinib", "minEvaluable": "-1"}, 400, "minEvaluable:"),
        ({"drug": "imatinib", "limit": "1001"}, 400, "limit:"),
        ({"drug": "imatinib", "explain": "perhaps"}, 400, "explain:"),
        ({"drug": "imatinib", "direct": ["true", "false"]}, 400, "give it once"),
        ({"drug": "imatinib", "cursor": "x"}, 400, "the cursor is not one"),
        ({"drugs": "imatinib"}, 400, "did you mean 'drug'?"),
    ],
)
def test_a_wrong_question_is_a_problem_with_a_sentence(
    client: httpx.Client, parameters: dict[str, Any], status: int, words: str
) -> None:
    answer = client.get(PATHS, params=parameters)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]


@pytest.mark.parametrize(
    "asked",
    [
        {"drug": "imatinib", "histology": "GIST"},
        {"target": ["VEGFR", "PDGFR", "KIT"], "histology": "sarcoma", "minEvaluable": 5},
        {"drug": "*", "kind": "in-trial", "asOf": "2021"},
        {"biomarker": "CD117 expression", "drugClass": "tyrosine kinase inhibitors"},
    ],
)
def test_the_explanation_runs_as_it_stands_and_has_the_same_rows(
    client: httpx.Client, asked: dict[str, Any]
) -> None:
    answer = client.get(PATHS, params={**asked, "explain": "true", "limit": 1000}).json()
    query = answer["explain"]["sparql"]
    found = client.post(
        "/sparql",
        content=query,
        headers={"Content-Type": "application/sparql-query", "Accept": "application/json"},
    )
    assert found.status_code == 200, found.text
    rows = list(_rows(found.json(), answer["explain"]["columns"]))
    assert len(rows) == answer["total"] > 0
    assert sorted(rows) == sorted(tuple(path["row"].values()) for path in answer["paths"])


def _rows(found: Any, columns: list[str]) -> Iterator[tuple[str, ...]]:
    for binding in found["results"]["bindings"]:
        yield tuple(binding[name]["value"] if name in binding else "" for name in columns)


def test_without_asking_nothing_is_explained(get: Get) -> None:
    answer = get(drug="trabectedin")
    assert "explain" not in answer
    assert "row" not in answer["paths"][0]


def test_json_ld_keeps_decimals_and_says_nothing_of_paths_in_rdf(client: httpx.Client) -> None:
    accept = {"Accept": "application/ld+json"}
    answer = client.get(f"{PATHS}?drug=imatinib&histology=GIST", headers=accept)
    assert answer.headers["content-type"] == "application/ld+json"
    context = client.get("/api/v1/context.jsonld").json()["@context"]
    for key in answer.json().keys() - {"@context"}:
        assert context[key] is None, key
