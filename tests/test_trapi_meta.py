"""The meta knowledge graph and the contract of the Reasoner API."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from trapi_queries import QUERIES, node, one_hop
from trapi_service import ask, schema_of

from api.trapi.biolink import categories, predicates
from api.trapi.limits import LARGEST_BATCH
from api.trapi.versions import BIOLINK, INFORES

VERSIONS = [("2.0", "2.0.0", "2.0.0"), ("1.5", "1.5.0", "1.5")]
Json = dict[str, Any]


@pytest.fixture
def meta(client: httpx.Client) -> Json:
    found: Json = client.get("/trapi/2.0/meta_knowledge_graph").json()
    return found


@pytest.mark.parametrize(("number", "schema", "file"), VERSIONS)
def test_it_keeps_to_the_schema(client: httpx.Client, number: str, schema: str, file: str) -> None:
    found = client.get(f"/trapi/{number}/meta_knowledge_graph")
    assert not list(schema_of(file, "MetaKnowledgeGraph").iter_errors(found.json())), schema


def test_it_is_asked_for_again_by_its_tag(client: httpx.Client) -> None:
    first = client.get("/trapi/2.0/meta_knowledge_graph")
    tag = first.headers["etag"]
    again = client.get("/trapi/2.0/meta_knowledge_graph", headers={"If-None-Match": tag})
    assert (first.status_code, again.status_code) == (200, 304)
    assert first.headers["sarcoma-kg-snapshot"] in tag


def test_its_terms_may_stand_in_answers(meta: Json) -> None:
    for name in meta["nodes"]:
        assert categories().is_usable(name.removeprefix("biolink:")), name
    for edge in meta["edges"]:
        predicate = edge["predicate"].removeprefix("biolink:")
        # treats is a mixin in this release, and what all providers use for approved drugs.
        assert predicate == "treats" or predicates().is_usable(predicate), predicate
        assert {edge["subject"], edge["object"]} <= meta["nodes"].keys()


def test_its_identifiers_are_those_that_queries_may_have(meta: Json) -> None:
    found = {name: set(each["id_prefixes"]) for name, each in meta["nodes"].items()}
    assert {"MONDO", "DOID", "NCIT", "UMLS", "histology"} <= found["biolink:Disease"]
    assert {"CHEBI", "CHEMBL.COMPOUND", "DRUGBANK", "drug"} <= found["biolink:SmallMolecule"]
    assert {"NCBIGene", "HGNC", "UniProtKB", "target"} <= found["biolink:Gene"]


def test_every_kind_of_edge_is_found_by_a_query(client: httpx.Client, meta: Json) -> None:
    for kind in meta["edges"]:
        subject, target, predicate = (
            kind[part].removeprefix("biolink:") for part in ("subject", "object", "predicate")
        )
        answer = ask(client, one_hop(node(subject), node(target), predicate))
        edges = answer["message"]["knowledge_graph"]["edges"]
        found = [each for each in edges.values() if each["predicate"] == kind["predicate"]]
        assert found, kind
        held = {
            each["qualifier_type_id"]: each["qualifier_value"]
            for edge in found
            for each in edge.get("qualifiers", ())
        }
        assert held.keys() == {each["qualifier_type_id"] for each in kind.get("qualifiers", ())}


def test_no_answer_has_a_kind_of_edge_that_it_lacks(client: httpx.Client, meta: Json) -> None:
    known = {(each["subject"], each["predicate"], each["object"]) for each in meta["edges"]}
    for name in ("related_to", "member_of", "subclass_of", "associated_with"):
        message = ask(client, QUERIES[f"predicate {name}"])["message"]["knowledge_graph"]
        for edge in message["edges"].values():
            ends = [message["nodes"][edge[end]]["categories"] for end in ("subject", "object")]
            kinds = {(one, edge["predicate"], two) for one in ends[0] for two in ends[1]}
            assert kinds <= known


@pytest.mark.parametrize(("number", "schema", "file"), VERSIONS)
def test_the_contract_has_the_blocks_of_translator(
    client: httpx.Client, number: str, schema: str, file: str
) -> None:
    found = client.get(f"/trapi/{number}/openapi.json").json()
    trapi, translator = found["info"]["x-trapi"], found["info"]["x-translator"]
    assert trapi["version"] == schema
    assert trapi["batch_size_limit"] == LARGEST_BATCH
    assert trapi["asyncquery"] is False
    assert trapi["pathfinderquery"] is (file == "2.0.0")
    assert trapi["operations"] == ["lookup"]
    assert translator["biolink-version"] == BIOLINK
    assert translator["infores"] == INFORES
    assert translator["component"] == "KP"
    assert found["paths"].keys() == {"/query", "/meta_knowledge_graph"}
    errors = found["paths"]["/query"]["post"]["responses"]
    for status in ("400", "413", "429", "500", "501"):
        assert errors[status]["content"]["application/json"]["schema"] == {"type": "string"}
    tags = {each["name"] for each in found["tags"]}
    assert {"query", "meta_knowledge_graph", "translator", "trapi"} <= tags


def test_every_reference_of_the_contract_leads_somewhere(client: httpx.Client) -> None:
    found = client.get("/trapi/2.0/openapi.json").json()
    schemas = found["components"]["schemas"]

    def check(part: Any) -> None:
        if isinstance(part, dict):
            if reference := part.get("$ref"):
                assert reference.removeprefix("#/components/schemas/") in schemas
            for each in part.values():
                check(each)
        elif isinstance(part, list):
            for each in part:
                check(each)

    check(found)
