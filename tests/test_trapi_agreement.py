"""The Reasoner API tells the same as the paths and SPARQL, of every drug and tumour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from questions import ask as select
from trapi_queries import body_of, node, one_hop
from trapi_service import ask, stated_edges

Pair = tuple[str, str]
Json = dict[str, Any]

_ROOT = "https://w3id.org/sarcoma-kg/"
_STUDIED = (
    "in_clinical_trials_for",
    "studied_to_treat",
    "applied_to_treat",
    "in_preclinical_trials_for",
    "beneficial_in_models_for",
)
_APPROVED = """SELECT DISTINCT ?claim ?drug ?histology WHERE {
  ?claim a :RegulatoryStatus ; :decision :Approved ; :aboutDrug ?drug ; :aboutHistology ?histology
}"""
_RESULTS = """SELECT DISTINCT ?claim ?drug ?histology WHERE {
  ?claim a :EvidenceItem ; :aboutDrug ?drug ; :aboutHistology ?histology
}"""
_DENIED = """SELECT DISTINCT ?claim ?drug ?histology WHERE {
  ?claim a :EvidenceItem ; :direction :Refutes ; :aboutDrug ?drug ; :aboutHistology ?histology ;
    :treatmentMode ?mode ; :endpoint ?endpoint .
  FILTER (?mode IN (:Monotherapy, :SequentialMonotherapy))
  FILTER (?endpoint NOT IN (:AdverseEventOccurrence, :CompleteResponseRate, :DoseReductionRate,
    :Tolerability, :TreatmentDiscontinuation, :TreatmentRelatedDeath))
  FILTER NOT EXISTS { ?claim a :ComparativeResult }
  FILTER NOT EXISTS { ?claim a :ProportionResult ; :endpoint :GeneralActivity }
  FILTER NOT EXISTS { ?claim :comparatorDrug ?other }
  FILTER NOT EXISTS { ?claim :aboutBiomarker ?marker }
  FILTER NOT EXISTS { ?claim :aboutDrug ?second FILTER (?second != ?drug) }
}"""
_ACTIONS = """SELECT DISTINCT ?claim ?drug ?target WHERE {
  ?claim a :DrugTargetAssertion ; :aboutDrug ?drug ; :aboutTarget ?target
}"""
_PARTS = """SELECT DISTINCT ?claim ?target ?histology WHERE {
  ?claim a :TargetHistologyAssertion ; :aboutTarget ?target ; :aboutHistology ?histology
}"""


@pytest.fixture(scope="module")
def edges(address: str) -> dict[str, set[tuple[str, str, str]]]:
    """The statement and ends of the edges of each predicate; denied ones under ``not``."""
    found: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    with httpx.Client(base_url=address, timeout=60) as client:
        answer = ask(client, body_of({"s": {}, "o": {}}, {"e": {"subject": "s", "object": "o"}}))
    nodes = answer["message"]["knowledge_graph"]["nodes"]
    for _, edge, values in stated_edges(answer):
        ends = (ours(nodes[edge[end]]) for end in ("subject", "object"))
        predicate = edge["predicate"].removeprefix("biolink:")
        name = "not" if "biolink:negated" in values else predicate
        statement = values.get("sarcoma:statement", [""])[0]
        found[name].add((statement, *ends))
    return found


def ours(node: Json) -> str:
    """Return the identifier of a node in this graph: the last of those that are the same."""
    return str(node["attributes"][0]["value"][-1])


def rows(address: str, query: str) -> set[tuple[str, ...]]:
    with httpx.Client(base_url=address, timeout=60) as client:
        answer = select(client, query, "application/sparql-results+json").json()
    names = answer["head"]["vars"]
    return {
        tuple(shorten(row[name]["value"]) for name in names)
        for row in answer["results"]["bindings"]
    }


def shorten(iri: str) -> str:
    kind, _, slug = iri.removeprefix(_ROOT).partition("/")
    return f"{kind}:{slug}"


def paths(address: str, kind: str) -> Iterator[Json]:
    asked = f"/api/v1/paths?drug=*&kind={kind}&fields=sortKey&limit=1000"
    with httpx.Client(base_url=address, timeout=60) as client:
        while asked:
            page = client.get(asked).json()
            yield from page["paths"]
            asked = page.get("next", "")


def pairs(address: str, kind: str) -> set[Pair]:
    return {(each["drug"]["id"], each["histology"]["id"]) for each in paths(address, kind)}


def test_approvals_and_actions_and_parts_are_those_of_sparql(
    address: str, edges: dict[str, set[tuple[str, str, str]]]
) -> None:
    assert edges["treats"] == rows(address, _APPROVED)
    acting = {(claim, *ends) for claim, *ends in edges["affects"]}
    acting |= edges["directly_physically_interacts_with"]
    assert acting == rows(address, _ACTIONS)
    parts = edges["gene_associated_with_condition"] | edges["contributes_to"]
    parts |= {each for each in edges["target_for"] | edges["associated_with"] if each[0]}
    stated = rows(address, _PARTS)
    assert stated <= parts
    assert {each for each in parts if each[1].startswith(("target:", "family:"))} == stated


def test_results_are_those_of_sparql(
    address: str, edges: dict[str, set[tuple[str, str, str]]]
) -> None:
    studied = set[tuple[str, str, str]]().union(*(edges[name] for name in _STUDIED))
    results = rows(address, _RESULTS)
    assert len(results) > 300
    assert results <= studied
    assert edges["not"] == rows(address, _DENIED)


def test_every_pair_stands_in_trials_or_studies_as_the_paths_say(
    address: str, edges: dict[str, set[tuple[str, str, str]]]
) -> None:
    studied = set[tuple[str, str, str]]().union(*(edges[name] for name in _STUDIED))
    with_results = {(drug, histology) for _, drug, histology in rows(address, _RESULTS)}
    tested = pairs(address, "tested")
    assert tested <= with_results
    # The results of a pair with a mechanism stand with that path.
    assert with_results - tested <= pairs(address, "mechanism")
    recommended, trials = pairs(address, "recommended"), pairs(address, "in-trial")
    assert {(drug, histology) for _, drug, histology in studied} == (
        with_results | recommended | trials
    )
    assert {each[1:] for each in edges["in_clinical_trials_for"]} >= trials
    assert {each[1:] for each in edges["applied_to_treat"]} >= recommended


def test_every_mechanism_is_found_by_pathfinder(address: str) -> None:
    with httpx.Client(base_url=address, timeout=60) as client:
        for path in paths(address, "mechanism"):
            if path["reach"] != ["direct"]:
                continue
            ends = {"s": node(ids=(path["drug"]["id"],)), "o": node(ids=(path["histology"]["id"],))}
            answer = ask(client, body_of(ends, paths={"p": {"subject": "s", "object": "o"}}))
            targets = {each["id"] for each in path["targets"]}
            nodes = answer["message"]["knowledge_graph"]["nodes"].values()
            assert targets <= {ours(each) for each in nodes}, path["sortKey"]


def test_wide_tumours_take_in_what_lists_with_narrower_ones_do(address: str) -> None:
    with httpx.Client(base_url=address, timeout=60) as client:
        asked = "/api/v1/paths?drug=*&histology=leiomyosarcoma&kind=tested&limit=1000"
        listed = client.get(f"{asked}&fields=sortKey").json()["paths"]
        wide = node(ids=("histology:leiomyosarcoma",))
        answer = ask(client, one_hop(node("Drug"), wide, "treats_or_applied_or_studied_to_treat"))
        nodes = answer["message"]["knowledge_graph"]["nodes"]
        found = {
            ours(nodes[each["node_bindings"]["s"]["ids"][0]])
            for each in answer["message"]["results"]
        }
    assert {each["drug"]["id"] for each in listed} <= found
