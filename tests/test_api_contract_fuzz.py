"""The contract is kept by whatever it allows, and by what it does not: found by schemathesis."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CheckContext
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from serving import engine_of, running, settings_of

from api.application import create_app
from kg.base import EmptyBase
from kg.building import build
from kg.snapshot import Snapshot

KINDS = re.compile(r"/api/v1/(?!drugs|evidence|paths|contradictions|search|context)")
"""The addresses of records that differ in nothing but their kind from drugs and evidence."""

RECORDS = re.compile(r"/api/v1/")

KNOWN: dict[str, tuple[object, ...]] = {
    "id": ("drug:imatinib", "DTIC", "imatinib", "https://w3id.org/sarcoma-kg/drug/pazopanib"),
    "query": (
        "ASK {}",
        "SELECT * { ?s a :Drug } LIMIT 3",
        "CONSTRUCT WHERE { ?s a :Drug } LIMIT 1",
        "DESCRIBE drug:imatinib",
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    ),
    "update": (
        "INSERT DATA { GRAPH <urn:a> { <urn:s> <urn:p> 1 } }",
        "DELETE WHERE { GRAPH <urn:a> { ?s ?p ?o } }",
        "CREATE GRAPH <urn:b>",
        "DROP GRAPH <urn:c>",
        "LOAD <http://127.0.0.1/>",
    ),
    "timeout": ("0.2", "1", "9e99"),
    "format": ("csv", "json", "ttl", "html"),
    "graph": ("graph:drugs", "urn:nothing"),
    "drug": ("imatinib", "DTIC"),
    "histology": ("GIST", "leiomyosarcoma", "sarcoma"),
    "target": ("KIT", "target:kit"),
    "endpoint": ("ObjectiveResponseRate",),
    "limit": (1, 1000),
}
"""Values that get further than what is drawn at random."""

Case = schemathesis.Case[Any]
Operation = APIOperation[Any, Any, Any, Any]
TOKEN = "0123456789abcdef"
ALLOWED_FAULTS = (503, 504)


class Fault(Failure):
    """The server failed."""


def no_fault(_: CheckContext, response: Response, case: Case) -> None:
    """Fail for a status that says that the server has a fault."""
    if response.status_code >= 500 and response.status_code not in ALLOWED_FAULTS:
        raise Fault(
            operation=case.operation.label,
            title=f"status {response.status_code}",
            message=response.text,
        )


def named(_: CheckContext, response: Response, case: Case) -> None:
    """Fail for an answer that does not name its snapshot and its request, or lacks CORS."""
    for name in ("sarcoma-kg-snapshot", "x-request-id", "access-control-allow-origin"):
        if not response.headers.get(name):
            raise Fault(operation=case.operation.label, title=f"no {name}", message="")


CHECKS = [
    no_fault,
    named,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    unsupported_method,
    allow_header_conformance,
]


@pytest.fixture(scope="module")
def served(snapshot: Snapshot) -> Iterator[str]:
    """A server that may be written to, were it not for the token."""
    chosen = settings_of(
        snapshot.directory, query_timeout=5.0, writable=True, token=TOKEN, gate=False
    )
    with running(create_app(chosen, engine_of(snapshot, workers=1))) as address:
        yield address


def failures_of(
    operation: Operation, mode: GenerationMode, examples: int, headers: dict[str, str]
) -> list[str]:
    """Ask an operation so many times, and give what went wrong the first time."""

    @given(operation.as_strategy(generation_mode=mode), st.randoms(use_true_random=False))
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Case, random: Random) -> None:
        if mode is GenerationMode.POSITIVE:
            make_known(case, random)
        case.call_and_validate(checks=CHECKS, headers=headers)

    try:
        ask()
    except (FailureGroup, Failure) as error:
        return [f"{operation.label}: {error}"]
    except Unsatisfiable:
        pass  # nothing can be wrong with what takes no parameters
    return []


def make_known(case: Case, random: Random) -> None:
    """Let some of the values of a request be known ones."""
    places: tuple[Any, ...] = (case.path_parameters, case.query, case.body)
    for values in places:
        for name in list(values) if isinstance(values, dict) else ():
            if name in KNOWN and random.random() < 0.7:
                values[name] = random.choice(KNOWN[name])


def keep_the_contract(
    address: str, examples: int, *, skipped: re.Pattern[str] | None = None, token: str = ""
) -> None:
    contract = schemathesis.openapi.from_url(f"{address}/openapi.json")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    operations = [found.ok() for found in contract.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) > 50
    failures = [
        failure
        for operation in operations
        if not (skipped and skipped.match(operation.path))
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        for failure in failures_of(operation, mode, examples, headers)
    ]
    assert not failures, "\n\n".join(failures)


def test_every_answer_keeps_the_contract(served: str) -> None:
    keep_the_contract(served, 3, skipped=KINDS)


def test_every_address_says_which_methods_it_takes_and_takes_no_others(served: str) -> None:
    with httpx.Client(base_url=served, timeout=30) as client:
        described = client.get("/openapi.json").json()["paths"]
        assert len(described) > 40
        for path, operations in described.items():
            address = path.replace("{id}", "x").replace("{path}", "x")
            options = client.options(address)
            allowed = set(options.headers["allow"].split(", "))
            assert options.status_code == 204
            assert {each.upper() for each in operations} <= allowed
            for method in {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "TRACE"} - allowed:
                refused = client.request(method, address)
                assert (refused.status_code, method, path) == (405, method, path)
                assert set(refused.headers["allow"].split(", ")) == allowed
            if "HEAD" in allowed:
                head, get = client.head(address), client.get(address)
                assert (head.status_code, head.content) == (get.status_code, b"")
                assert head.headers["content-type"] == get.headers["content-type"]


@pytest.mark.soak
def test_many_answers_keep_the_contract(served: str) -> None:
    keep_the_contract(served, 200)


@pytest.mark.soak
def test_what_is_written_keeps_the_contract_too(tmp_path: Path) -> None:
    chosen = settings_of(
        tmp_path, query_timeout=5.0, writable=True, token=TOKEN, gate=False, empty=True
    )
    snapshot = build(EmptyBase(), tmp_path)
    app = create_app(chosen, engine_of(snapshot, workers=1), base=EmptyBase())
    with running(app) as address:
        keep_the_contract(address, 100, skipped=RECORDS, token=TOKEN)
