"""The reconciliation service as clients ask it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import httpx
from reconcile_schemas import check

__all__ = ["ask", "ask_one", "extend", "form", "post_form"]

Json = dict[str, Any]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def form(**fields: Any) -> str:
    """Return a form as OpenRefine writes it: JSON texts, percent-encoded."""
    return urlencode({name: json.dumps(value) for name, value in fields.items()})


def post_form(client: httpx.Client, **fields: Any) -> httpx.Response:
    """Send a form."""
    return client.post("/reconcile", content=form(**fields), headers=FORM)


def ask(client: httpx.Client, queries: Json) -> Json:
    """Return the results of a batch, by the keys of its queries."""
    answer = post_form(client, queries=queries)
    assert answer.status_code == 200, answer.text
    found = check("reconciliation-result-batch", answer.json())
    assert found.keys() == queries.keys()
    for each in found.values():
        scores = [candidate["score"] for candidate in each["result"]]
        assert scores == sorted(scores, reverse=True)
        assert sum(candidate["match"] for candidate in each["result"]) <= 1
    return {key: each["result"] for key, each in found.items()}


def ask_one(client: httpx.Client, query: str, **more: Any) -> list[Json]:
    """Return the candidates of one query."""
    found: list[Json] = ask(client, {"q0": {"query": query, **more}})["q0"]
    return found


def extend(client: httpx.Client, ids: list[str], *properties: Json | str) -> Json:
    """Return what an extension answers."""
    asked = [{"id": each} if isinstance(each, str) else each for each in properties]
    answer = post_form(client, extend={"ids": ids, "properties": asked})
    assert answer.status_code == 200, answer.text
    found = check("data-extension-response", answer.json())
    assert list(found["rows"]) == list(dict.fromkeys(ids))
    assert [each["id"] for each in found["meta"]] == [each["id"] for each in asked]
    return found
