"""The examples of answers in the contract: asked of a server of the shipped graph, and cut.

Run as a program, it writes them anew.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from serving import engine_of, running, settings_of

from api.application import create_app
from api.contract_examples import ANSWERS
from kg.build import build
from kg.shipped import find_shipped

__all__ = ["COMMAND", "ask_all", "settled"]

COMMAND = "python tests/api_examples.py"

_MOST_ITEMS = 2
_MOST_KEYS = 30
_LONGEST = 240
_ASKED = {
    "/sparql": "/sparql?query=SELECT%20%3Fname%20%7B%20%3Fdrug%20%3Ainhibits%20target%3Akit%20%3B"
    "%20rdfs%3Alabel%20%3Fname%20%7D%20ORDER%20BY%20%3Fname%20LIMIT%202",
    "/api/v1/contradictions": "/api/v1/contradictions?drug=doxorubicin&limit=1",
    "/api/v1/contraindications": "/api/v1/contraindications?condition=renal%20impairment"
    "&drug=ifosfamide",
    "/api/v1/search": "/api/v1/search?q=pazopanip&limit=1",
    "/api/v1/snapshots/{id}": "/api/v1/snapshots/current",
    "/api/v1/differences": "/api/v1/differences?from=current",
    "/api/v1/hierarchies": "/api/v1/hierarchies",
    "/api/v1/hierarchies/{name}": "/api/v1/hierarchies/oncotree?root=LIPO&depth=1",
    "/api/v1/hierarchies/{name}/{term}": "/api/v1/hierarchies/disease-ontology/DOID:3382",
}
_ELSEWHERE = frozenset({"/api/v1/paths"})
"""What has examples of its own."""

_CHANGING = re.compile(r"[0-9a-f]{64}|cursor=[\w%=-]+|\d{4}-\d\d-\d\dT[\d:.]+Z")


def ask_all(client: httpx.Client) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield an example of each operation that answers in JSON and changes nothing."""
    for path, operations in client.get("/openapi.json").json()["paths"].items():
        content = operations.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        if path not in _ELSEWHERE and any(each.endswith("/json") for each in content):
            request = _ASKED.get(path) or _request(client, path)
            if request is None:
                continue
            answer = client.get(request, headers={"Accept": "application/json, */*;q=0.1"})
            assert answer.status_code == 200, request
            yield f"GET {path}", {"request": request, "answer": _cut(answer.json())}


def settled(value: Any) -> Any:
    """Return an example without what is another in each snapshot: its id, times, counts of it."""
    text = _CHANGING.sub("*", json.dumps(value))
    return json.loads(re.sub(r'"(quads|triples|bytes|journal)": \d+', r'"\1": 0', text))


def _request(client: httpx.Client, path: str) -> str | None:
    """Return what to ask of an operation; None for records of a kind that ships none."""
    if not path.startswith("/api/v1/") or path.endswith(".jsonld") or path == "/api/v1/snapshots":
        return path
    if "{" not in path:
        return f"{path}?limit=1"
    # A record that states much says more of its kind.
    kind = path.partition("/{")[0]
    items = client.get(f"{kind}?limit=1").json()["items"]
    return f"{kind}/{quote(items[0]['id'], safe=':/')}" if items else None


def _cut(value: Any) -> Any:
    if isinstance(value, list):
        return [_cut(each) for each in value[:_MOST_ITEMS]]
    if isinstance(value, dict):
        return {key: _cut(value[key]) for key in list(value)[:_MOST_KEYS]}
    if isinstance(value, str) and len(value) > _LONGEST and not value.startswith(("http", "/")):
        return value[: _LONGEST - 1] + "\u2026"
    return value


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        snapshot = build(find_shipped(), Path(folder))
        app = create_app(settings_of(snapshot.directory), engine_of(snapshot))
        with running(app) as address, httpx.Client(base_url=address, timeout=60) as client:
            found = dict(ask_all(client))
    text = json.dumps(found, ensure_ascii=False, indent=1)
    ANSWERS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
