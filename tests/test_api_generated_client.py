"""A client generated from the contract: built, checked for its types, and used on a server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

PACKAGE = "sarcoma_client"
BODIES = (
    *("application/sparql-query", "application/sparql-update", "text/turtle"),
    *("application/n-triples", "application/rdf+xml", "application/n-quads", "application/trig"),
)
"""Bodies of standard protocols, which the generator takes for bytes when it is told to."""

CONFIG = "\n".join(
    (
        "post_hooks: []",
        "content_type_overrides:",
        *(f"  {each}: application/octet-stream" for each in BODIES),
        "",
    )
)

PROGRAM = """
import sys

from sarcoma_client import Client
from sarcoma_client.api.paths import find_paths_api_v1_paths_get as find_paths
from sarcoma_client.api.records import (
    get_drugs, get_evidence, list_comparisons, list_evidence, list_interventions,
)
from sarcoma_client.models import (
    Comparison, ComparisonsList, DrugsRecord, EvidenceList, EvidenceRecord, InterventionsList,
    PathAnswer, Problem, Side, Source,
)

client = Client(base_url=sys.argv[1])

evidence = list_evidence.sync(
    client=client, drug=["imatinib"], histology=["GIST"], min_percent=50.0, sort=["-percent"],
    facets=["endpoint"], limit=2,
)
assert isinstance(evidence, EvidenceList)
assert evidence.total >= len(evidence.items) == 2
first: EvidenceRecord = evidence.items[0]
assert isinstance(first.source, Source)
assert first.source.issued == "2007"
assert isinstance(first.percent, float | int)
assert first.percent >= 50

single = get_evidence.sync(first.id, client=client)
assert isinstance(single, EvidenceRecord)
assert single.label == first.label

drug = get_drugs.sync("DTIC", client=client)
assert isinstance(drug, DrugsRecord)
assert drug.id == "drug:dacarbazine"
assert isinstance(drug.synonyms, list)
assert "DTIC" in drug.synonyms

comparisons = list_comparisons.sync(client=client, drug=["sunitinib"], limit=1)
assert isinstance(comparisons, ComparisonsList)
compared = comparisons.items[0].comparison
assert isinstance(compared, Comparison)
assert [side.side for side in compared.sides] == [Side.STUDIED, Side.COMPARATOR]

others = list_interventions.sync(client=client, type_=["Procedure"])
assert isinstance(others, InterventionsList)
assert others.total == 30

paths = find_paths.sync(client=client, drug=["imatinib"], histology=["GIST"])
assert isinstance(paths, PathAnswer)
assert paths.total == len(paths.paths) > 0
assert paths.paths[0].drug.id == "drug:imatinib"

unknown = get_drugs.sync_detailed("imatinb", client=client)
assert unknown.status_code == 404
assert isinstance(unknown.parsed, Problem)
assert isinstance(unknown.parsed.near, list)
assert unknown.parsed.near[0].id == "drug:imatinib"

wrong = list_evidence.sync(client=client, min_percent=3.0, max_percent=2.0)
assert isinstance(wrong, Problem)
assert wrong.status == 400
assert wrong.detail == "minPercent (3) is more than maxPercent (2): nothing can match"
print("used")
"""


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(address: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the generated client, and what the generator said in ``log``."""
    folder = tmp_path_factory.mktemp("client")
    contract = httpx.get(f"{address}/openapi.json", timeout=30).json()
    (folder / "openapi.json").write_text(json.dumps(contract), encoding="utf-8")
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    made = run(
        "-m", "openapi_python_client", "generate", "--path", "openapi.json", "--meta", "none",
        "--config", "config.yaml", "--output-path", PACKAGE, cwd=folder,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    (folder / "log").write_text(made.stdout + made.stderr, encoding="utf-8")
    (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
    return folder


def test_no_operation_is_left_out(folder: Path) -> None:
    log = (folder / "log").read_text(encoding="utf-8")
    assert "WARNING" not in log
    made = {path.stem for path in (folder / PACKAGE / "api" / "sparql").glob("*.py")}
    assert made >= {"sparql_get", "sparql_post", "graph_store_put", "graph_store_post"}
    assert "Unable to" not in log
    assert "Attempted to generate duplicate models" not in log


def test_the_client_and_a_program_with_it_have_sound_types(folder: Path) -> None:
    checked = run(
        "-m", "mypy", "--no-incremental", "--config-file=", "--check-untyped-defs", "program.py",
        cwd=folder,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout


def test_the_client_works(folder: Path, address: str) -> None:
    used = run("program.py", address, cwd=folder)
    assert used.returncode == 0, used.stderr
    assert used.stdout == "used\n"
