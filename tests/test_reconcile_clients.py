"""What clients in use do: whole batches with empty cells, frames in their pages, many at once."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import httpx
import pytest
from reconcile_schemas import check
from reconcile_service import ask, extend, post_form

from api.failures import QueryTimedOut
from api.reconcile import routes
from api.reconcile.limits import LARGEST_BATCH


def test_an_empty_cell_does_not_spoil_a_batch(client: httpx.Client) -> None:
    found = ask(client, {"q0": {"query": " "}, "q1": {"query": "GIST"}, "q2": {"query": ""}})
    assert (found["q0"], found["q2"]) == ([], [])
    assert found["q1"][0]["match"]


def test_an_empty_cell_of_another_column_does_not_either(client: httpx.Client) -> None:
    # As reconciler for Python has it, which sends a column with all its cells.
    queries = {
        str(n): {"query": name, "type": "sarcoma:Drug", "properties": [{"pid": "target", "v": v}]}
        for n, (name, v) in enumerate((("imatinib", "KIT"), ("pazopanib", ""), ("RAD001", "MTOR")))
    }
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    found = check("reconciliation-result-batch", answer.json())
    assert all(each["result"][0]["match"] for each in found.values())


def test_all_may_stand_in_the_address_of_a_post(client: httpx.Client) -> None:
    queries = json.dumps({"q0": {"query": "GIST"}})
    answer = client.post("/reconcile", params={"queries": queries})
    assert "content-type" not in answer.request.headers
    assert answer.json() == client.get("/reconcile", params={"queries": queries}).json()


def test_half_a_character_comes_back_as_it_was_named(client: httpx.Client) -> None:
    # A text that was cut within an emoji, as JavaScript writes it.
    key, data = r"\ud83d", r'{"\ud83d": {"query": "GIST \ud83d"}}'
    answer = client.post("/reconcile", data={"queries": data})
    assert answer.status_code == 200, answer.text
    assert f'{{"{key}":'.encode() in answer.content
    rows = client.post("/reconcile", data={"extend": r'{"ids": ["\ud83d"], "properties": []}'})
    assert rows.json()["rows"] == {json.loads(f'"{key}"'): {}}
    refused = r'{"ids": [], "properties": [{"id": "\ud83d"}]}'
    assert client.post("/reconcile", data={"extend": refused}).status_code == 400


def test_a_trial_has_the_same_values_whatever_stands_beside_it(client: httpx.Client) -> None:
    trial, study = "trial:nct03651375", "study:jnccn-2007-ref-47"
    asked = ("drug", "histology", "phase", "document")
    alone = extend(client, [trial], *asked)["rows"][trial]
    assert extend(client, [study, trial], *asked)["rows"][trial] == alone


def test_batches_of_codes_are_looked_up(client: httpx.Client) -> None:
    queries = {
        str(n): {"properties": [{"pid": "chembl", "v": f"CHEMBL{n + 600}"}]}
        for n in range(LARGEST_BATCH)
    }
    post_form(client, queries={"q": queries["0"]})
    start = time.perf_counter()
    found = ask(client, queries)
    assert time.perf_counter() - start < 5
    assert found["341"][0]["id"] == "drug:imatinib"
    assert found["340"] == []


def test_many_values_are_looked_up(client: httpx.Client) -> None:
    values = [{"pid": "label", "v": [f"x{n}" for n in range(50)]}] * 50
    start = time.perf_counter()
    ask(client, {str(n): {"query": "sarcoma", "properties": values} for n in range(4)})
    assert time.perf_counter() - start < 5


def test_a_batch_gives_way_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: Any) -> None:
        return None

    async def answer(*_: Any) -> list[Any]:
        time.sleep(0.02)
        return []

    monkeypatch.setattr(routes, "load_names", nothing)
    monkeypatch.setattr(routes, "answer_question", answer)
    asyncio.run(_answer_while_others_wait())


async def _answer_while_others_wait() -> None:
    batch: Any = {str(n): None for n in range(20)}
    desk: Any = None
    answering = asyncio.create_task(routes._answer_batch(desk, batch=batch, seconds=60))
    await asyncio.sleep(0)
    assert not answering.done()
    assert len(await answering) == 20
    with pytest.raises(QueryTimedOut, match=r"the batch took longer than 0\.1 s"):
        await routes._answer_batch(desk, batch=batch, seconds=0.1)


@pytest.mark.parametrize("path", ["preview?id=drug:imatinib", "feature?id=edits"])
def test_a_preview_may_stand_in_a_frame_of_any_client(client: httpx.Client, path: str) -> None:
    page = client.get(f"/reconcile/{path}")
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "frame-ancestors" not in page.headers["content-security-policy"]
    assert "x-frame-options" not in page.headers


def test_a_preview_is_a_small_page(client: httpx.Client) -> None:
    page = client.get("/reconcile/preview", params={"id": "drug:imatinib"})
    assert "<h1>imatinib</h1>" in page.text
    assert "CHEMBL941" in page.text
    assert len(page.content) < 3000
    # It stands alone, and what it leads to opens beside the client.
    assert "<nav" not in page.text
    assert "<link" not in page.text
    assert page.text.count("<a ") == page.text.count('target="_blank" rel="noopener"') == 1
