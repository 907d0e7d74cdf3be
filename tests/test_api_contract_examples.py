"""The contract tells every error that comes, and its examples are those of the shipped graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import httpx
import jsonschema_rs
import pytest
from api_examples import COMMAND, ask_all, settled

from api.contract_errors import statuses_of
from api.contract_examples import read_answers

METHODS = ("get", "put", "post", "delete")
WRITING = frozenset({"/rdf-graph-store", "/rdf-graph-store/{path}"})
"""Nothing is written to the graph that these tests share."""

NOT_SHIPPED = frozenset({"/api/v1/imported-trials/{id}", "/api/v1/imported-evidence/{id}"})
"""Single records of kinds that users import: the shipped graph has none to show."""

ONE_OF = {"/sparql": {"query": "ASK {}"}, "/api/v1/paths": {"drug": "imatinib"}}
"""What is asked where one of several parameters is needed."""

Json = dict[str, Any]


@pytest.fixture(scope="module")
def contract(address: str) -> Any:
    return httpx.get(f"{address}/openapi.json").json()


def operations(contract: Json) -> Iterator[tuple[str, str, Json]]:
    for path, found in contract["paths"].items():
        yield from ((method, path, found[method]) for method in METHODS if method in found)


def example_of(parameter: Mapping[str, Any]) -> Any:
    """Return the first example of a parameter, wherever it stands."""
    schema = parameter["schema"]
    return schema["examples"][0] if "examples" in schema else parameter["example"]


def test_every_error_of_every_operation_is_told(contract: Json) -> None:
    for method, path, operation in operations(contract):
        for status in statuses_of(method, path, operation):
            described = operation["responses"][str(status)]
            assert described["description"], (method, path, status)
            schema = described["content"]["application/problem+json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}, (method, path, status)


@pytest.mark.parametrize(
    ("path", "asked", "headers", "status"),
    [
        ("/api/v1/search", "/api/v1/search?q=", {}, 400),
        ("/api/v1/search", "/api/v1/search?q=a", {"Accept": "image/png"}, 406),
        ("/api/v1/contradictions", "/api/v1/contradictions?drug=imatinb", {}, 404),
        ("/api/v1/contradictions", "/api/v1/contradictions", {"If-Match": '"x"'}, 412),
        ("/api/v1/snapshots", "/api/v1/snapshots?x=1", {}, 400),
        ("/api/v1/snapshots/{id}", "/api/v1/snapshots/00000000", {}, 404),
        ("/api/v1/differences", "/api/v1/differences?from=current&kind=Drugg", {}, 400),
        ("/api/v1/differences", "/api/v1/differences?from=00000000", {}, 404),
        ("/downloads", "/downloads", {"Accept": "image/png"}, 406),
        ("/downloads/{file}", "/downloads/other", {}, 404),
        ("/downloads/{file}", "/downloads/data.nq", {"Range": "bytes=999999999-"}, 416),
        ("/downloads/{file}", "/downloads/shapes.ttl", {"Range": "bytes=999999999-"}, 416),
        ("/downloads/{snapshot}/{file}", "/downloads/00000000/data.nq", {}, 404),
        ("/{kind}/{slug}", "/drug/nothing", {}, 404),
        ("/{kind}/{slug}", "/drug/imatinib", {"Accept": "image/png"}, 406),
        ("/{kind}/{slug}", "/drug/imatinib", {"If-Match": '"x"'}, 412),
        ("/resource", "/resource?iri=x", {}, 400),
        ("/ontology", "/ontology?format=x", {}, 400),
        ("/.well-known/void", "/.well-known/void?format=x", {}, 400),
        ("/sparql", "/sparql?query=x", {}, 400),
        ("/sparql", "/sparql?query=ASK%20%7BSERVICE%20%3Ce:x%3E%20%7B%7D%7D", {}, 403),
        ("/rdf-graph-store", "/rdf-graph-store?graph=graph:none", {}, 404),
        ("/healthz", "/healthz?x=1", {}, 400),
    ],
)
def test_an_error_that_comes_is_told(
    client: httpx.Client,
    contract: Json,
    path: str,
    asked: str,
    headers: dict[str, str],
    status: int,
) -> None:
    answer = client.get(asked, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert str(status) in contract["paths"][path]["get"]["responses"]


def test_every_parameter_has_an_example(contract: Json) -> None:
    for method, path, operation in operations(contract):
        for parameter in operation.get("parameters", ()):
            assert parameter["description"], (method, path, parameter["name"])
            if path in NOT_SHIPPED:
                assert parameter["name"] == "id"
                continue
            example_of(parameter)


def test_examples_of_parameters_work(client: httpx.Client, contract: Json) -> None:
    """Lists have a test of their own, which holds the examples to find something."""
    for method, path, operation in operations(contract):
        if method != "get" or path in WRITING or operation["tags"] == ["records"]:
            continue
        parameters = operation.get("parameters", [])
        place = path
        for each in parameters:
            if each["in"] == "path":
                place = place.replace(
                    f"{{{each['name']}}}", quote(str(example_of(each)), safe=":/")
                )
        needed = {each["name"]: example_of(each) for each in parameters if each.get("required")}
        needed = {name: value for name, value in needed.items() if f"{{{name}}}" not in path}
        needed |= ONE_OF.get(path, {})
        for each in parameters:
            if each["in"] == "query" and each["name"] != "cursor":
                asked = {**needed, each["name"]: example_of(each)}
                answer = client.get(place, params=asked)
                assert answer.status_code == 200, (place, asked, answer.text)


def test_every_answer_in_json_has_an_example(contract: Json) -> None:
    for method, path, operation in operations(contract):
        content = operation["responses"].get("200", {}).get("content", {})
        if "application/json" in content and path not in WRITING and method == "get":
            shown = any({"example", "examples"} & each.keys() for each in content.values())
            assert shown is (path not in NOT_SHIPPED), path


@pytest.mark.parametrize("path", sorted(NOT_SHIPPED))
def test_kinds_without_an_example_have_no_record(client: httpx.Client, path: str) -> None:
    assert client.get(path.removesuffix("/{id}")).json()["total"] == 0


def test_examples_of_answers_are_real(client: httpx.Client) -> None:
    real = {name: settled(each) for name, each in ask_all(client)}
    kept = {name: settled(each) for name, each in read_answers().items()}
    changed = [name for name in {*real, *kept} if real.get(name) != kept.get(name)]
    assert not changed, f"{sorted(changed)} answer otherwise than their examples: run {COMMAND}"


def test_examples_of_answers_are_as_the_contract_says(contract: Json) -> None:
    schemas = {"components": contract["components"]}
    checked = 0
    for _, path, operation in operations(contract):
        described = operation["responses"].get("200", {}).get("content", {})
        for media_type, content in described.items():
            for each in content.get("examples", {}).values():
                schema = {**schemas, **content.get("schema", {})}
                errors = jsonschema_rs.Draft202012Validator(schema).iter_errors(each["value"])
                assert not [f"{path} {media_type}: {error.message}" for error in errors]
                checked += 1
    assert checked > 80
