"""Comunica, a client from npm, against a running server: it reads the service description."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from server_process import TOKEN, Server, serving

HERE = Path(__file__).parent
NODE = shutil.which("node")
PACKAGE = HERE / "node_modules" / "@comunica" / "query-sparql"

pytestmark = [
    pytest.mark.skipif(not NODE, reason="no node on PATH"),
    pytest.mark.skipif(
        not PACKAGE.exists(), reason="no Comunica: npm ci --prefix tests/clients installs it"
    ),
]
PEOPLE = """\
<urn:ann> <urn:name> "Ann"@en ; <urn:knows> <urn:bo> .
<urn:bo> <urn:name> "Bo" .
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("comunica")
    graph = folder / "people.ttl"
    graph.write_text(PEOPLE)
    with serving(folder, "--port", "0", "--graph", str(graph), "--writable", "--no-gate") as found:
        yield found


@pytest.fixture(params=["described", "named"])
def source(server: Server, request: pytest.FixtureRequest) -> object:
    """The endpoint as Comunica finds it by the service description, and called by its type.

    Comunica takes an address that ends in /sparql for an endpoint unseen, and any other not.
    """
    address = f"{server.address}/sparql"
    named = {"type": "sparql", "value": address}
    return f"{address}#described" if request.param == "described" else named


def comunica(source: object, *asked: tuple[str, str], token: str | None = None) -> list[Any]:
    """Return what Comunica finds, for each form and text."""
    message = json.dumps({"asked": asked, "source": source, "token": token})
    done = subprocess.run(
        [str(NODE), "comunica.mjs", message],
        cwd=HERE,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        raise ValueError(done.stderr)
    return list(json.loads(done.stdout))


def test_rows_triples_and_truth(source: object) -> None:
    rows, triples, true, false = comunica(
        source,
        ("SELECT", "SELECT ?a ?b { ?x <urn:knows> ?y . ?x <urn:name> ?a . ?y <urn:name> ?b }"),
        ("CONSTRUCT", "CONSTRUCT { ?x <urn:called> ?n } WHERE { ?x <urn:name> ?n }"),
        ("ASK", "ASK { <urn:bo> <urn:name> 'Bo' }"),
        ("ASK", "ASK { <urn:bo> <urn:name> 'Di' }"),
    )
    assert rows == [{"a": "Ann", "b": "Bo"}]
    assert sorted(triples) == [["urn:ann", "urn:called", "Ann"], ["urn:bo", "urn:called", "Bo"]]
    assert (true, false) == (True, False)


def test_updates(source: object) -> None:
    asked = ("ASK", "ASK { <urn:cy> <urn:name> 'Cy' }")
    _, inserted, _, deleted = comunica(
        source,
        ("UPDATE", "INSERT DATA { <urn:cy> <urn:name> 'Cy' }"),
        asked,
        ("UPDATE", "DELETE DATA { <urn:cy> <urn:name> 'Cy' }"),
        asked,
        token=TOKEN,
    )
    assert (inserted, deleted) == (True, False)


def test_an_update_without_the_token_fails(source: object) -> None:
    with pytest.raises(ValueError, match="401"):
        comunica(source, ("UPDATE", "INSERT DATA { <urn:di> <urn:name> 'Di' }"))
