"""Answers of the Reasoner API keep to its specifications, whatever is asked."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx
import pytest
from trapi_queries import QUERIES
from trapi_service import SHARED, ask, get_validator, nulls, schema_of

Json = dict[str, Any]
EMPTY = {
    "path of nothing",
    "source denied",
    "empty unknown id",
    "empty category",
    "empty predicate",
    "empty pair",
}
"""The queries that nothing fits."""

ONLY_NEWEST = {"set COLLATE"}


@pytest.fixture(scope="module")
def answers(address: str) -> dict[str, Json]:
    with httpx.Client(base_url=address, timeout=60) as client:
        return {name: ask(client, query) for name, query in QUERIES.items()}


def test_the_query_set_is_wide() -> None:
    assert len(QUERIES) >= 60


def test_every_query_finds_something_but_those_that_must_not(answers: dict[str, Json]) -> None:
    found = {name for name, answer in answers.items() if not answer["message"]["results"]}
    assert found == EMPTY


def test_every_answer_keeps_to_the_schema(answers: dict[str, Json]) -> None:
    schema = schema_of("2.0.0", "Response")
    for name, answer in answers.items():
        wrong = [
            f"{each.instance_path}: {each.message}"[:300] for each in schema.iter_errors(answer)
        ]
        assert not wrong, (name, wrong[:3])


def test_no_answer_has_nulls(answers: dict[str, Json]) -> None:
    for name, answer in answers.items():
        assert not list(nulls(answer)), name


def test_every_reference_leads_somewhere(answers: dict[str, Json]) -> None:
    for name, answer in answers.items():
        message = answer["message"]
        nodes, edges = (message["knowledge_graph"][part] for part in ("nodes", "edges"))
        graphs = message.get("auxiliary_graphs", {})
        for each in edges.values():
            assert {each["subject"], each["object"]} <= nodes.keys(), name
            assert supports(each) <= graphs.keys(), name
        for graph in graphs.values():
            assert graph["edges"], name
            assert set(graph["edges"]) <= edges.keys(), name
        for result in message["results"]:
            assert result["node_bindings"].keys() == message["query_graph"]["nodes"].keys()
            analyses = result.get("analyses", ())
            assert bound([result], "node_bindings") <= nodes.keys(), name
            assert bound(analyses, "edge_bindings") <= edges.keys(), name
            assert bound(analyses, "path_bindings") <= graphs.keys(), name


def test_every_edge_has_one_primary_source_and_says_who_knows_what(
    answers: dict[str, Json],
) -> None:
    for name, answer in answers.items():
        for edge in answer["message"]["knowledge_graph"]["edges"].values():
            roles = [each["resource_role"] for each in edge["sources"]]
            assert roles.count("primary_knowledge_source") == 1, name
            is_made = edge["agent_type"] == "automated_agent"
            kinds = {each["attribute_type_id"] for each in edge.get("attributes", ())}
            assert is_made == ("biolink:support_graphs" in kinds), name


def test_no_result_is_scored_or_told_twice(answers: dict[str, Json]) -> None:
    for name, answer in answers.items():
        results = answer["message"]["results"]
        assert all("score" not in each for r in results for each in r.get("analyses", ())), name
        bound = [json.dumps(each["node_bindings"], sort_keys=True) for each in results]
        assert len(bound) == len(set(bound)), name


def test_the_same_query_has_the_same_answer(address: str, answers: dict[str, Json]) -> None:
    with httpx.Client(base_url=address, timeout=60) as client:
        for name in ("subclass trials", "two hops wide", "path", "set COLLATE"):
            again = ask(client, QUERIES[name])
            assert json.dumps(again["message"]) == json.dumps(answers[name]["message"]), name


def test_every_answer_of_the_older_version_keeps_to_its_schema(address: str) -> None:
    schema = schema_of("1.5", "Response")
    with httpx.Client(base_url=address, timeout=60) as client:
        for name, query in QUERIES.items():
            if "paths" in query["message"]["query_graph"] or name in ONLY_NEWEST:
                continue
            answer = ask(client, older(query), version="1.5")
            assert not wrong_with(answer, schema), name
            assert answer["schema_version"] == "1.5.0"


def test_the_validator_finds_nothing_wrong_but_what_was_made_so(
    answers: dict[str, Json], tmp_path: Path
) -> None:
    wrong = {f"wrong {part}": spoilt(answers["ids both"], part) for part in ("edge", "node")}
    found = validate({**answers, **wrong}, tmp_path)
    assert found.keys() == wrong.keys(), {name: found[name] for name in found.keys() - wrong.keys()}


@pytest.mark.soak
def test_the_tool_passes_an_answer_and_refuses_a_wrong_one(
    answers: dict[str, Json], tmp_path: Path
) -> None:
    right = answers["ids both"]
    assert check(right, tmp_path) == 0
    for edge in right["message"]["knowledge_graph"]["edges"].values():
        edge["sources"] = []
    assert check(right, tmp_path) == 1


def supports(edge: Json) -> set[str]:
    return {
        graph
        for each in edge.get("attributes", ())
        if each["attribute_type_id"] == "biolink:support_graphs"
        for graph in each["value"]
    }


def bound(parts: Iterable[Json], kind: str) -> set[str]:
    return {
        each for part in parts for binding in part.get(kind, {}).values() for each in binding["ids"]
    }


def wrong_with(answer: Json, schema: Any) -> list[str]:
    return [f"{each.instance_path}: {each.message}"[:300] for each in schema.iter_errors(answer)]


def spoilt(answer: Json, part: str) -> Json:
    """Return an answer with one thing wrong in the first of its edges or nodes."""
    changed: Json = json.loads(json.dumps(answer))
    first = next(iter(changed["message"]["knowledge_graph"][f"{part}s"].values()))
    first.update({"sources": []} if part == "edge" else {"categories": ["biolink:Nothing"]})
    return changed


def validate(answers: dict[str, Json], folder: Path) -> dict[str, Any]:
    """Return the errors that the validator finds in some answers, by their names."""
    python, files = get_validator(), {}
    for number, (name, answer) in enumerate(answers.items()):
        files[str(folder / f"{number}.json")] = name
        (folder / f"{number}.json").write_text(json.dumps(answer), encoding="utf-8")
    program = Path(__file__).parent / "trapi_validation.py"
    tool = SHARED / "tools" / "trapi_check.py"
    specification = SHARED / "specs" / "trapi_2.0.0.yaml"
    run = subprocess.run(
        [python, str(program), str(tool), str(specification), *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    found = json.loads(run.stdout)
    assert found.keys() == files.keys()
    return {
        files[file]: each
        for file, each in found.items()
        if each.get("error") or each.get("critical")
    }


def check(answer: Json, folder: Path) -> int:
    """Return what the tool of the shared folder says of one answer, as its status."""
    python = get_validator()
    (folder / "answer.json").write_text(json.dumps(answer), encoding="utf-8")
    tool = SHARED / "tools" / "trapi_check.py"
    specification = SHARED / "specs" / "trapi_2.0.0.yaml"
    command = [python, str(tool), str(specification), str(folder / "answer.json")]
    return subprocess.run(command, capture_output=True, check=False).returncode


def older(query: Json) -> Json:
    """Return a query in the words of version 1.5."""
    changed: Json = json.loads(json.dumps(query))
    for node in changed["message"]["query_graph"]["nodes"].values():
        for each in node.get("constraints", []):
            each["name"] = each["id"]
    for edge in changed["message"]["query_graph"].setdefault("edges", {}).values():
        constraints = edge.pop("constraints", {})
        edge["attribute_constraints"] = [
            {"name": each["id"], **each} for each in constraints.get("attributes", [])
        ]
        edge["qualifier_constraints"] = [
            {
                "qualifier_set": [
                    {"qualifier_type_id": name, "qualifier_value": value}
                    for name, value in each.items()
                ]
            }
            for each in constraints.get("qualifiers", [])
        ]
        edge["knowledge_type"] = None
    changed.update(changed.pop("parameters", {}))
    return changed
