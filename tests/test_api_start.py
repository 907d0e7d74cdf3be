"""What a start does before the first answer, and what it leaves for later."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, cast

import pytest
from engine_at_hand import EngineAtHand
from fastapi import FastAPI
from serving import settings_of

from api.addresses import _find, known_paths
from api.application import create_app
from api.contract_keeper import ContractKeeper
from kg.base import EmptyBase

UNNEEDED = (
    *("rdflib", "owlready2", "pyshacl", "pylode", "fastobo", "ijson", "sqlite3", "lxml"),
    *("pandas", "numpy", "matplotlib", "IPython", "pytest"),
)
"""What takes long to import, and no request needs that is not about it."""

OF_THE_SERVER = ("fastapi", "starlette", "uvicorn", "httpx", "typer", "rich", "jinja2")
"""What the processes that answer queries do not need either."""


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    """Return an application that was not started."""
    return create_app(settings_of(tmp_path), EngineAtHand(EmptyBase(), tmp_path))


@pytest.mark.parametrize(
    ("module", "unneeded"),
    [("api.command_line", UNNEEDED), ("api.zygote", (*UNNEEDED, *OF_THE_SERVER))],
)
def test_a_start_imports_what_it_needs_only(module: str, unneeded: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert not {*unneeded} & {*done.stdout.split()}


def test_an_application_is_made_without_its_contract(app: FastAPI) -> None:
    assert app.openapi_schema is None


def test_addresses_are_known_as_the_contract_says(app: FastAPI) -> None:
    operations, contract = app.state.operations, app.openapi()["paths"]
    assert [*operations] == [*contract]
    for path in contract:
        assert {*operations[path]} == {*contract[path]}, path
        place = path.replace("{", "").replace("}", "")
        found, wanted = _find(operations, place), _find(contract, place)
        assert found == wanted, path
        assert found is not None
        assert wanted is not None
        assert [*found.parameters] == [*wanted.parameters], path


def test_paths_are_known_without_the_contract(app: FastAPI) -> None:
    request: Any = type("Request", (), {"app": app})()
    assert {"/sparql", "/healthz", "/api/v1/drugs"} <= {*known_paths(request)}
    assert app.openapi_schema is None


class _Slow:
    """Stands for an application: its contract takes until it is let go."""

    def __init__(self) -> None:
        self.makers: list[str] = []
        self.may_end = threading.Event()

    def openapi(self) -> dict[str, Any]:
        self.makers.append(threading.current_thread().name)
        self.may_end.wait(20)
        return {"paths": {}}


def test_the_contract_is_made_once_and_beside_the_loop() -> None:
    slow, keeper = _Slow(), ContractKeeper()
    app = cast(FastAPI, slow)

    async def ask() -> list[dict[str, Any]]:
        asked = [asyncio.create_task(keeper.get(app)) for _ in range(3)]
        await asyncio.sleep(0.01)
        asked.pop().cancel()
        slow.may_end.set()
        return [*await asyncio.gather(*asked), await keeper.get(app)]

    answers = asyncio.run(ask())
    assert len(answers) == 3
    assert all(each is answers[0] for each in answers)
    assert slow.makers == ["contract"]


def test_a_server_that_ends_does_not_wait_for_the_contract() -> None:
    slow, keeper = _Slow(), ContractKeeper()

    async def leave() -> None:
        asked = asyncio.create_task(keeper.get(cast(FastAPI, slow)))
        await asyncio.sleep(0.01)
        assert not asked.done()

    asyncio.run(leave())
    assert not slow.may_end.is_set()
    slow.may_end.set()


def test_a_contract_that_cannot_be_made_is_told_to_who_asks() -> None:
    class _Broken:
        def openapi(self) -> dict[str, Any]:
            raise RuntimeError("two models of one name")

    async def ask() -> None:
        await ContractKeeper().get(cast(FastAPI, _Broken()))

    with pytest.raises(RuntimeError, match="two models"):
        asyncio.run(ask())
