"""The page on reconciliation: its examples run, and its limits are those of the program."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl

import httpx
import pytest
from reconcile_service import FORM

from api.reconcile import limits
from api.reconcile.extending import SETTINGS
from api.reconcile.matching import FEATURES
from api.reconcile.properties import COMPUTED

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reconciliation.md"
TEXT = PAGE.read_text(encoding="utf-8")
LINE = re.compile(
    r"^curl '?(?:http://)?localhost:8000(?P<path>[^\s']+)'?(?: --data-urlencode '(?P<data>.+)')?$",
    re.M,
)
COMMANDS = [(each["path"], each["data"]) for each in LINE.finditer(TEXT)]


def test_there_are_examples() -> None:
    assert len(COMMANDS) == TEXT.count("\ncurl ") == 8


@pytest.mark.parametrize(("path", "data"), COMMANDS)
def test_every_example_finds_something(client: httpx.Client, path: str, data: str | None) -> None:
    if data is None:
        answer = client.get(path)
    else:
        name, _, value = data.partition("=")
        answer = client.post(path, content=str(httpx.QueryParams({name: value})), headers=FORM)
        assert parse_qsl(answer.request.content.decode()) == [(name, value)]
    assert answer.status_code == 200, answer.text
    found = answer.json()
    for each in found.values() if data and data.startswith("queries") else ():
        assert each["result"]
    assert found.get("result", True)
    assert all(any(row.values()) for row in found.get("rows", {}).values())


def test_limits_settings_features_and_properties_are_named() -> None:
    words = " ".join(TEXT.split())
    assert f"at most {limits.LARGEST_BATCH} queries (`batchSize`)" in words
    assert f"{limits.MOST_VALUES} values of properties" in words
    assert f"{limits.MOST_EXTENDED} ids and {limits.MOST_PROPERTIES} properties" in words
    assert f"a form {limits.LONGEST_BODY // 1024**2} MiB" in words
    assert f"{limits.USUAL_CANDIDATES} candidates" in words
    assert f"{limits.MOST_CANDIDATES} at most" in words
    names = [*FEATURES, *(each["name"] for each in SETTINGS), *(each.id for each in COMPUTED)]
    for name in names:
        assert f"`{name}`" in TEXT, name
