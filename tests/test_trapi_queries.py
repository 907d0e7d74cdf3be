"""What queries of the Reasoner API find in the shipped graph."""

from __future__ import annotations

import httpx
import pytest
from trapi_queries import (
    GIST,
    IMATINIB,
    KIT,
    LEIOMYOSARCOMA,
    QUERIES,
    SARCOMA,
    SUNITINIB,
    body_of,
    edge,
    node,
    one_hop,
)
from trapi_service import ask, bindings, stated_edges

PDGFR = "family:pdgfr"


def test_only_what_is_approved_treats(client: httpx.Client) -> None:
    found = bindings(ask(client, QUERIES["predicate treats"]), "s", "o")
    assert ("imatinib", "gastrointestinal stromal tumour") in found
    assert ("doxorubicin", "sarcoma") not in found
    assert ("sunitinib", "alveolar soft part sarcoma") not in found
    assert ("eribulin", "liposarcoma") not in found


def test_an_inverse_finds_the_same_as_its_predicate(client: httpx.Client) -> None:
    there = bindings(ask(client, QUERIES["predicate treats"]), "s", "o")
    back = bindings(ask(client, QUERIES["inverse treated_by"]), "o", "s")
    assert there == back


@pytest.mark.parametrize(
    "curie",
    ["MONDO:0011719", "mondo:0011719", "DOID:9253", "NCIT:C3868", "ncit:c3868", "UMLS:C0238198"],
)
def test_any_code_of_a_thing_will_do(client: httpx.Client, curie: str) -> None:
    answer = ask(client, one_hop(node("Drug"), node(ids=(curie,)), "treats"))
    results = answer["message"]["results"]
    assert [each["node_bindings"]["s"]["ids"] for each in results] == [[SUNITINIB], [IMATINIB]]
    assert {each["node_bindings"]["o"]["ids"][0] for each in results} == {GIST}


def test_registered_identifiers_stand_first_and_ours_are_the_same(client: httpx.Client) -> None:
    answer = ask(client, QUERIES["two hops"])
    nodes = answer["message"]["knowledge_graph"]["nodes"]
    assert {IMATINIB, GIST, KIT} <= nodes.keys()
    same = {key: found["attributes"][0]["value"] for key, found in nodes.items()}
    assert same[IMATINIB][0] == IMATINIB
    assert {"drug:imatinib", "DRUGBANK:DB00619", "CHEMBL.COMPOUND:CHEMBL941"} <= {*same[IMATINIB]}
    assert {"target:kit", "HGNC:6342", "UniProtKB:P10721"} <= {*same[KIT]}
    assert nodes[IMATINIB]["categories"] == ["biolink:SmallMolecule", "biolink:Drug"]


def test_inhibition_has_its_qualifiers(client: httpx.Client) -> None:
    answer = ask(client, one_hop(node(ids=(IMATINIB,)), node(ids=(KIT,)), "affects"))
    [(_, found, values)] = stated_edges(answer)
    assert {each["qualifier_type_id"]: each["qualifier_value"] for each in found["qualifiers"]} == {
        "biolink:causal_mechanism_qualifier": "inhibition",
        "biolink:object_aspect_qualifier": "activity",
        "biolink:object_direction_qualifier": "decreased",
        "biolink:qualified_predicate": "biolink:causes",
    }
    assert values["sarcoma:statement"] == ["claim:jnccn-2007-imatinib-inhibits-kit"]


def test_a_result_has_its_figures_and_its_place(client: httpx.Client) -> None:
    answer = ask(client, QUERIES["attribute matches"])
    with_counts = [
        (found, values)
        for _, found, values in stated_edges(answer)
        if "sarcoma:responders" in values
    ]
    assert with_counts
    for found, values in with_counts:
        assert values["sarcoma:evaluable"][0] > 40
        assert values["biolink:supporting_study_size"] == values["sarcoma:evaluable"]
        assert values["sarcoma:endpoint"][0].endswith("ResponseRate")
        for kind in ("line", "direction", "evidenceLevel", "ofStudy", "document", "passage"):
            assert f"sarcoma:{kind}" in values
        place = next(
            each for each in found["attributes"] if each["attribute_type_id"] == "sarcoma:passage"
        )
        parts = {each["attribute_type_id"]: each["value"] for each in place["attributes"]}
        assert len(parts["sarcoma:sha256"]) == 64
        assert all(start < end for start, end in parts["sarcoma:characters"])


def test_results_against_a_drug_are_denied_and_answer_no_question_for_treats(
    client: httpx.Client,
) -> None:
    denied = ask(client, QUERIES["predicate ameliorates_condition"])
    assert ("dasatinib", "gastrointestinal stromal tumour") in bindings(denied, "s", "o")
    for _, found, values in stated_edges(denied):
        assert values["biolink:negated"] == [True]
        assert values["sarcoma:direction"] == ["sarcoma:Refutes"]
        assert found["knowledge_level"] == "observation"
    for name in ("predicate treats", "predicate treats_or_applied_or_studied_to_treat"):
        for _, _, values in stated_edges(ask(client, QUERIES[name])):
            assert "biolink:negated" not in values
    asked = bindings(ask(client, QUERIES["negated treats"]), "s", "o")
    assert asked == bindings(denied, "s", "o")


def test_no_edge_denies_help_for_few_complete_responses_or_less_than_elsewhere(
    client: httpx.Client,
) -> None:
    denied = bindings(ask(client, QUERIES["predicate ameliorates_condition"]), "s", "o")
    # Few of its responses are complete, and there were more of them in earlier studies.
    assert not {drug for drug, _ in denied} & {"doxorubicin"}
    # Six patients of eighteen were not helped: of the others that says nothing.
    assert ("gemcitabine", "sarcoma") not in denied
    assert ("gemcitabine", "gastrointestinal leiomyosarcoma") in denied


def test_what_is_not_denied_is_negated_false(client: httpx.Client) -> None:
    kept = {"id": "biolink:negated", "operator": "==", "value": False}
    asked = one_hop(node("Drug"), node("Disease"), attributes=[kept])
    found = list(stated_edges(ask(client, asked)))
    assert found
    assert not [name for name, _, values in found if "biolink:negated" in values]


def test_a_value_of_p_stands_in_biolinks_slot_only_where_it_is_exact(client: httpx.Client) -> None:
    asked = {"id": "sarcoma:pValue", "operator": "<", "value": 1}
    answer = ask(client, one_hop(node("Drug"), node("Disease"), attributes=[asked]))
    operators = set()
    for _, _, values in stated_edges(answer):
        [operator] = values["sarcoma:pOperator"]
        operators.add(operator)
        exact = values["sarcoma:pValue"] if operator == "sarcoma:EqualTo" else None
        assert values.get("biolink:p_value") == exact
    assert operators == {"sarcoma:EqualTo", "sarcoma:LessThan", "sarcoma:GreaterThan"}


@pytest.mark.parametrize("curie", [GIST, "NCIT:C3868", "doid:9253", SARCOMA])
def test_the_tumour_of_a_qualifier_goes_by_any_code_and_takes_in_its_kinds(
    client: httpx.Client, curie: str
) -> None:
    ends = node("SequenceVariant"), node("Drug")
    answer = ask(client, one_hop(*ends, qualifiers=[{"biolink:disease_context_qualifier": curie}]))
    found = bindings(answer, "s", "o")
    assert found == bindings(ask(client, QUERIES["qualifier context"]), "s", "o")
    assert ("PDGFRA mutation", "imatinib") in found


def test_a_tumour_that_is_none_of_a_qualifier_finds_nothing(client: httpx.Client) -> None:
    context = {"biolink:disease_context_qualifier": LEIOMYOSARCOMA}
    answer = ask(client, one_hop(node("SequenceVariant"), node("Drug"), qualifiers=[context]))
    assert answer["message"]["results"] == []


def test_a_wide_tumour_is_answered_by_its_kinds_with_the_reason(client: httpx.Client) -> None:
    answer = ask(client, QUERIES["subclass treats"])
    assert ("imatinib", "sarcoma") in bindings(answer, "s", "o")
    message = answer["message"]
    for result in message["results"]:
        assert result["node_bindings"]["o"]["ids"] == [SARCOMA]
        for name in result["analyses"][0]["edge_bindings"]["e"]["ids"]:
            found = message["knowledge_graph"]["edges"][name]
            assert found["knowledge_level"] == "logical_entailment"
            for graph in found["attributes"][0]["value"]:
                held = [
                    message["knowledge_graph"]["edges"][each]
                    for each in message["auxiliary_graphs"][graph]["edges"]
                ]
                first, *steps = held
                assert first["predicate"] == "biolink:treats"
                assert {each["predicate"] for each in steps} == {"biolink:subclass_of"}
                assert steps[0]["subject"] == first["object"]
                assert steps[-1]["object"] == SARCOMA


def test_what_does_not_help_in_one_tumour_is_not_said_of_a_wider_one(client: httpx.Client) -> None:
    for _, found, values in stated_edges(ask(client, QUERIES["negated subclass"])):
        assert found["object"] == SARCOMA
        assert "biolink:support_graphs" not in values


def test_sets_bind_all_members_or_those_that_fit(client: httpx.Client) -> None:
    assert bindings(ask(client, QUERIES["set ALL"]), "s", "o") == {("imatinib+sunitinib", "KIT")}
    many = bindings(ask(client, QUERIES["set MANY"]), "s", "o")
    assert {("imatinib+sunitinib", "KIT"), ("imatinib", "ABL"), ("sunitinib", "RET")} <= many
    found = bindings(ask(client, QUERIES["set COLLATE"]), "s", "o")
    collated = {target: drugs for drugs, target in found}
    assert "imatinib" in collated["KIT"].split("+")


def test_hops_meet_at_their_nodes(client: httpx.Client) -> None:
    found = bindings(ask(client, QUERIES["two hops"]), "d", "g", "s")
    assert found == {("imatinib", "KIT", "gastrointestinal stromal tumour")}
    triangle = bindings(ask(client, QUERIES["triangle"]), "d", "g")
    assert triangle == {("imatinib", "KIT"), ("sunitinib", "KIT")}


def test_a_node_alone_is_looked_up(client: httpx.Client) -> None:
    answer = ask(client, QUERIES["node alone"])
    assert answer["message"]["results"] == [{"node_bindings": {"d": {"ids": [IMATINIB]}}}]


def test_paths_are_lines_from_start_to_goal(client: httpx.Client) -> None:
    for name in ("path", "path over genes", "path over two", "path wide", "path turned"):
        answer = ask(client, QUERIES[name])
        message = answer["message"]
        [result] = message["results"]
        ends = {binding["ids"][0] for binding in result["node_bindings"].values()}
        for analysis in result["analyses"]:
            [graph] = analysis["path_bindings"]["p"]["ids"]
            edges = [
                message["knowledge_graph"]["edges"][each]
                for each in message["auxiliary_graphs"][graph]["edges"]
            ]
            times: dict[str, int] = {}
            for end in (each[part] for each in edges for part in ("subject", "object")):
                times[end] = times.get(end, 0) + 1
            assert {end for end, number in times.items() if number == 1} == ends
            assert set(times.values()) <= {1, 2}


def test_paths_hold_the_categories_asked_for(client: httpx.Client) -> None:
    answer = ask(client, QUERIES["path over two"])
    message = answer["message"]
    for analysis in message["results"][0]["analyses"]:
        [graph] = analysis["path_bindings"]["p"]["ids"]
        held = {
            category
            for each in message["auxiliary_graphs"][graph]["edges"]
            for end in ("subject", "object")
            for category in message["knowledge_graph"]["nodes"][
                message["knowledge_graph"]["edges"][each][end]
            ]["categories"]
        }
        assert {"biolink:Gene", "biolink:SequenceVariant"} <= held


def test_no_path_takes_a_claim_on_a_family_for_one_on_a_member(client: httpx.Client) -> None:
    answer = ask(client, QUERIES["path"])
    members = [name for name in answer["message"]["auxiliary_graphs"] if "member_of" in name]
    assert not [name for name in members if "affects|drug:imatinib|family:pdgfr" in name]


def test_parameters_come_back_and_logs_keep_to_their_level(client: httpx.Client) -> None:
    answer = ask(client, QUERIES["parameters"])
    assert answer["parameters"] == QUERIES["parameters"]["parameters"]
    assert answer["workflow"] == [{"id": "lookup"}]
    assert answer["schema_version"] == "2.0.0"
    assert answer["biolink_version"] == "4.4.6"
    quiet = {**QUERIES["empty unknown id"], "parameters": {"log_level": "ERROR"}}
    assert "logs" not in ask(client, quiet)
    logs = ask(client, QUERIES["empty unknown id"])["logs"]
    assert logs[0]["code"] == "UnknownIdentifier"
    assert "MONDO:9999999" in logs[0]["message"]
    unknown = [{"biolink:subject_aspect_qualifier": "activity"}]
    logs = ask(client, one_hop(node("Drug"), node("Gene"), qualifiers=unknown))["logs"]
    assert logs[0]["code"] == "UnknownQualifier"
    small = one_hop(node("SmallMolecule", ids=("CHEMBL.COMPOUND:CHEMBL92",)), node("Disease"))
    [log, _] = ask(client, small)["logs"]
    assert log["code"] == "UnmatchedCategory"
    assert log["message"].startswith("s: CHEMBL.COMPOUND:CHEMBL92 is biolink:Drug, and")
    long = ask(client, one_hop(node(ids=("MONDO:" + "9" * 5000,)), node("Drug")))
    assert len(long["logs"][0]["message"]) < 200


def test_the_older_version_says_which_id_it_answers(client: httpx.Client) -> None:
    nodes = {"s": node("Drug"), "o": node(ids=("NCIT:C3868",))}
    query = body_of(nodes, {"e": edge("s", "o", "treats")})
    answer = ask(client, query, version="1.5")
    for result in answer["message"]["results"]:
        [bound] = result["node_bindings"]["o"]
        assert bound == {"id": GIST, "attributes": [], "query_id": "NCIT:C3868"}
    for _, found, values in stated_edges(answer):
        assert "knowledge_level" not in found
        assert values["biolink:knowledge_level"] == ["knowledge_assertion"]
        assert values["biolink:agent_type"] == ["manual_agent"]


def test_the_older_version_takes_the_empty_lists_that_it_allows(client: httpx.Client) -> None:
    empty: dict[str, list[str]] = {"constraints": [], "member_ids": []}
    nodes = {"s": {**node("Drug"), **empty}, "o": {**node(ids=(GIST,)), **empty}}
    lists: dict[str, list[str]] = {"attribute_constraints": [], "qualifier_constraints": []}
    body = body_of(nodes, {"e": edge("s", "o", "treats", **lists)})
    assert ask(client, body, version="1.5")["message"]["results"]


def test_both_versions_find_the_same(client: httpx.Client) -> None:
    for name in ("subclass treats", "batch both", "two hops open"):
        newest = ask(client, QUERIES[name])["message"]
        older = ask(client, QUERIES[name], version="1.5")["message"]
        assert older["knowledge_graph"]["edges"].keys() == newest["knowledge_graph"]["edges"].keys()
        assert len(older["results"]) == len(newest["results"])
