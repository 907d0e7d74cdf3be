"""Examples of parameters and answers for the contract, of the shipped graph.

The answers are made by ``tests/api_examples.py``; long lists and texts in them are cut.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

__all__ = ["ANSWERS", "add_examples", "read_answers"]

Json = dict[str, Any]

ANSWERS = Path(__file__).with_name("contract_examples.json")
"""The file of the answers: for each operation what was asked, and the answer."""

_CURSOR = "WzUsIjlkOGY0YjhhY2ExYSIsIjM1YjJiYWIwYWY0YyJd"
_GRAPH = "graph:documents"
_PARAMETERS: Mapping[str, Any] = {
    "query": "SELECT ?name { ?drug :inhibits target:kit ; rdfs:label ?name }",
    "default-graph-uri": [_GRAPH],
    "named-graph-uri": [_GRAPH],
    "using-graph-uri": [_GRAPH],
    "using-named-graph-uri": [_GRAPH],
    "timeout": "5",
    "output": ["json"],
    "results": ["json"],
    "graph": _GRAPH,
    "default": "",
    "path": "notes",
    "format": "ttl",
    "limit": 5,
    "cursor": _CURSOR,
    "iri": "drug:imatinib",
    "page": 1,
    "slug": "imatinib",
    "snapshot": "current",
    "file": "data.nq",
    "q": "pazopanip",
    "prefix": True,
    "from": "current",
    "to": "current",
    "change": "changed",
    "drug": "doxorubicin",
    "regimen": "gemcitabine and docetaxel",
    "histology": "leiomyosarcoma",
    "endpoint": "ObjectiveResponseRate",
    "document": "jnccn-2007",
    "rule": "opposed-directions",
    "withinStudy": True,
}
_SPECIAL: Mapping[tuple[str, str], Any] = {
    ("/sparql", "format"): ["csv"],
    ("/api/v1/differences", "format"): "csv",
    ("/api/v1/differences", "kind"): "EvidenceItem",
    ("/api/v1/search", "kind"): ["drugs"],
    ("/api/v1/snapshots/{id}", "id"): "current",
    ("/api/v1/hierarchies/{name}", "name"): "oncotree",
    ("/api/v1/hierarchies/{name}", "root"): "LIPO",
    ("/api/v1/hierarchies/{name}", "depth"): 1,
    ("/api/v1/hierarchies/{name}/{term}", "name"): "disease-ontology",
    ("/api/v1/hierarchies/{name}/{term}", "term"): "DOID:3382",
    ("/downloads/graphs/{file}", "file"): "documents.ttl",
    ("/downloads/{snapshot}/graphs/{file}", "file"): "documents.ttl",
    ("/downloads/kgx/{file}", "file"): "claims_nodes.tsv",
    ("/downloads/{snapshot}/kgx/{file}", "file"): "claims_nodes.tsv",
    ("/{kind}/{slug}", "kind"): "drug",
}
_MEDIA_TYPES = ("application/json", "application/sparql-results+json", "application/ld+json")


def add_examples(contract: Json) -> None:
    """Give the parameters and answers of a contract the examples that they lack."""
    answers = read_answers()
    for path, operations in contract["paths"].items():
        for method, operation in operations.items():
            found = answers.get(f"{method.upper()} {path}")
            for parameter in operation.get("parameters", ()):
                _add_to_parameter(parameter, path, found)
            if found:
                content = operation["responses"]["200"]["content"]
                _add_to_answer(content, found["request"], found["answer"])


@cache
def read_answers() -> Mapping[str, Json]:
    """Return what was asked of each operation, and the answer."""
    read: Mapping[str, Json] = json.loads(ANSWERS.read_text(encoding="utf-8"))
    return read


def _add_to_parameter(parameter: Json, path: str, found: Json | None) -> None:
    name, schema = parameter["name"], parameter["schema"]
    if "examples" in schema or "example" in parameter or "examples" in parameter:
        return
    if (path, name) in _SPECIAL:
        schema["examples"] = [_SPECIAL[path, name]]
    elif name == "id" and found:
        schema["examples"] = [unquote(found["request"].removeprefix(path.partition("{")[0]))]
    elif name in _PARAMETERS:
        schema["examples"] = [_PARAMETERS[name]]


def _add_to_answer(content: Json, request: str, answer: Any) -> None:
    chosen = next((each for each in _MEDIA_TYPES if each in content), None)
    if chosen is not None and not {"example", "examples"} & content[chosen].keys():
        content[chosen]["examples"] = {"shipped": {"summary": request, "value": answer}}
