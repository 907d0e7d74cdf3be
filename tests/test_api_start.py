"""What a start does before the first answer, and what it leaves for later."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, cast

import pytest
from engine_at_hand import EngineAtHand
from fastapi import FastAPI
from pyoxigraph import NamedNode, Quad, Store
from serving import settings_of

from api import search_held, serving
from api.addresses import _find, known_paths
from api.application import create_app
from api.contract_keeper import ContractKeeper
from api.search_held import MOST_QUADS
from kg.base import EmptyBase
from kg.settings import SettingsError
from kg.snapshot import Snapshot

UNNEEDED = (
    *("rdflib", "owlready2", "pyshacl", "pylode", "fastobo", "ijson", "sqlite3", "lxml"),
    *("pandas", "numpy", "matplotlib", "IPython", "pytest"),
)
"""What takes long to import, and no request needs that is not about it."""

OF_THE_APPLICATION = (
    *("fastapi", "api.application", "api.server_making", "httpx", "rich", "email_validator"),
    "prometheus_client",
)
"""What is imported while other processes read the graph already."""

OF_THE_SERVER = ("fastapi", "starlette", "uvicorn", "httpx", "typer", "rich", "jinja2")
"""What the processes that answer queries do not need either."""


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    """Return an application that was not started."""
    return create_app(settings_of(tmp_path), EngineAtHand(EmptyBase(), tmp_path))


@pytest.mark.parametrize(
    ("module", "unneeded"),
    [
        ("api.command_line", (*UNNEEDED, *OF_THE_APPLICATION, "curies", "kg.base", "api.serving")),
        ("api.serving", (*UNNEEDED, *OF_THE_APPLICATION)),
        ("api.server_making", UNNEEDED),
        ("api.zygote", (*UNNEEDED, *OF_THE_SERVER)),
    ],
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


def test_workers_start_while_the_application_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_running = threading.Event()

    class _Made:
        started = True

        async def serve(self, sockets: list[socket.socket]) -> None:
            assert sockets

    def make(*_: object) -> _Made:
        # The loop goes on meanwhile, or this would never be.
        assert is_running.wait(20)
        return _Made()

    def begin() -> None:
        asyncio.get_running_loop().call_soon(is_running.set)

    monkeypatch.setattr(serving, "_make_server", make)
    engine = EngineAtHand(EmptyBase(), tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving._run(settings_of(tmp_path), EmptyBase(), engine, listener, begin=begin)


def test_an_application_that_cannot_be_made_leaves_no_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(*_: object) -> None:
        raise SettingsError("no such path")

    class _Closing(EngineAtHand):
        is_closed = False

        async def close(self) -> None:
            self.is_closed = True

    monkeypatch.setattr(serving, "_make_server", make)
    engine = _Closing(EmptyBase(), tmp_path)
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        pytest.raises(SettingsError, match="no such path"),
    ):
        serving._run(settings_of(tmp_path), EmptyBase(), engine, listener)
    assert engine.is_closed


def test_the_search_index_of_the_shipped_graph_is_made_once_with_room_to_grow(
    snapshot: Snapshot,
) -> None:
    assert 3 * snapshot.manifest.quads <= MOST_QUADS


def test_a_store_has_its_search_index_before_workers_are_forked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small, large = Store(), Store()
    for number in range(3):
        name = NamedNode(f"urn:{number}")
        (small if number == 0 else large).add(Quad(name, name, name))
    made: list[Store] = []
    monkeypatch.setattr(search_held, "MOST_QUADS", 1)
    monkeypatch.setattr(search_held, "served_index", made.append)
    monkeypatch.setattr("gc.freeze", lambda: None)
    search_held.prepare_search(small)
    search_held.prepare_search(large)
    assert made == [small]
