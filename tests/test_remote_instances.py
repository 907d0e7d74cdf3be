"""Two servers on one engine behind one address: the same answers, and one snapshot in each."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path

import httpx
import pytest
from miniature import replace
from publishing import publish
from remote_engines import find_missing, remote_engine
from serving import running, settings_of
from sparql_engines import oxigraph_served
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.application import create_app
from kg.build import build
from kg.shipped import Shipped
from kg.snapshot import Snapshot

pytestmark = pytest.mark.skipif(bool(find_missing("oxigraph")), reason=find_missing("oxigraph"))

_PATHS = (
    "/api/v1/drugs",
    "/api/v1/drugs/examplicin",
    "/api/v1/search?q=exampl&prefix=true",
    "/sparql?query=SELECT%20*%20%7B%20%3Fs%20rdfs%3Alabel%20%3Fo%20%7D%20ORDER%20BY%20%3Fs%20%3Fo",
)
_HEADER = "sarcoma-kg-snapshot"
_SWAP = 20.0


@contextmanager
def _round_robin(addresses: list[str], asked: Counter[str]) -> Iterator[str]:
    """Run a balancer that asks one server after the other, and give its address."""
    turns, lock = cycle(addresses), threading.Lock()

    async def pass_on(request: Request) -> Response:
        with lock:
            address = next(turns)
            asked[address] += 1
        async with httpx.AsyncClient(timeout=60) as client:
            found = await client.get(f"{address}{request.url.path}?{request.url.query}")
        kept = {name: found.headers[name] for name in (_HEADER,) if name in found.headers}
        return Response(found.content, found.status_code, kept)

    with running(Starlette(routes=[Route("/{path:path}", pass_on)])) as address:
        yield address


@contextmanager
def _instances(engine: str, folder: Path, number: int) -> Iterator[list[str]]:
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                running(
                    create_app(settings_of(folder / each), remote_engine(engine, folder / each))
                )
            )
            for each in map(str, range(number))
        ]


@pytest.fixture
def snapshots(root: Path, tmp_path: Path) -> tuple[Snapshot, Snapshot]:
    """Two snapshots of the miniature graph, which call a drug otherwise."""
    before = build(Shipped(root), tmp_path / "home")
    drugs = root / "data" / "vocabularies" / "drugs.yaml"
    replace(drugs, "label: examplicin", "label: exampletin")
    return before, build(Shipped(root), tmp_path / "home")


def test_two_servers_on_one_engine_answer_as_one(
    snapshots: tuple[Snapshot, Snapshot], tmp_path: Path
) -> None:
    first, second = snapshots
    asked: Counter[str] = Counter()
    answers: dict[tuple[str, str], set[bytes]] = defaultdict(set)
    with (
        oxigraph_served(tmp_path / "engine") as engine,
        ExitStack() as servers,
    ):
        publish(first, engine, tmp_path)
        addresses = servers.enter_context(_instances(engine, tmp_path, 2))
        balancer = servers.enter_context(_round_robin(addresses, asked))
        client = servers.enter_context(httpx.Client(base_url=balancer, timeout=60))

        def ask() -> set[str]:
            seen = set()
            for path in (*_PATHS, *_PATHS[:1]):  # an odd number: each server gets each path
                found = client.get(path)
                assert found.status_code == 200, found.text
                answers[path, found.headers[_HEADER]].add(found.content)
                seen.add(found.headers[_HEADER])
            return seen

        assert ask() | ask() == {first.id}
        publish(second, engine, tmp_path)
        end = time.monotonic() + _SWAP
        while ask() | ask() != {second.id}:
            assert time.monotonic() < end, "a server still serves the former snapshot"
    assert min(asked.values()) >= len(_PATHS)
    assert len(asked) == 2
    # Of one snapshot there is one answer, whoever gives it and whenever.
    assert {key: len(bodies) for key, bodies in answers.items()} == dict.fromkeys(
        ((path, each.id) for path in _PATHS for each in snapshots), 1
    )
    named = {each.id: b"exampletin" in answers[_PATHS[0], each.id].pop() for each in snapshots}
    assert named == {first.id: False, second.id: True}
