"""The whole API on a published snapshot: what the embedded engine answers, engines elsewhere do.

``pytest -m soak`` asks the server's own queries as raw SPARQL too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from publishing import Quiet
from remote_engines import find_missing, remote_engine
from remote_questions import Question, all_questions, answers_of, count_agreeing, rounded
from serving import engine_of, running, settings_of
from sparql_engines import oxigraph_served, virtuoso_served

from api.application import create_app
from api.engine import Engine
from kg.publish import Order, Publisher
from kg.publish_endpoint import Addresses, Endpoint
from kg.snapshot import Snapshot

ENGINES = {"oxigraph": oxigraph_served, "virtuoso": virtuoso_served}
Key = tuple[str, str]
Answers = Mapping[Key, Any]

_SEARCH = "search functions are of the embedded engine: refused, and 400 says so"
_OPTIONAL = "an OPTIONAL in an OPTIONAL may leave the outer one without a solution, by its plan"
_COMPILER = "its compiler fails on a variable for GRAPH that a triple binds: SQ156"
EXCEPTIONS: Mapping[str, Mapping[Key, str]] = {
    "oxigraph": {("examples", "a-thing-by-a-mistyped-name"): _SEARCH},
    "virtuoso": {
        ("examples", "a-thing-by-a-mistyped-name"): _SEARCH,
        ("examples", "graphs-and-their-sizes"): _COMPILER,
        ("examples", "rules-and-their-yield"): _COMPILER,
        ("queries", "ret-inhibitor-outcomes"): _OPTIONAL,
        ("queries", "ranges-that-are-no-intervals"): "BOUND is true of what OPTIONAL left unbound",
    },
}
"""What an engine answers otherwise, and why, by kind and name: raw SPARQL, and no other route."""

_NOW_AND_THEN = {("queries", "ret-inhibitor-outcomes")}
"""Exceptions that some publications show: sampled statistics choose the plan that fails."""

_ROUTES = ("reconciliation", "route", "trapi")
_DEFAULT = (*_ROUTES, "examples", "queries")


@contextmanager
def _client(engine: Engine, home: Path) -> Iterator[httpx.Client]:
    app = create_app(settings_of(home, query_timeout=120), engine)
    with running(app) as address, httpx.Client(base_url=address, timeout=180) as client:
        yield client


@cache
def _questions() -> list[Question]:
    return all_questions()


def _asked(*kinds: str) -> list[Question]:
    return [each for each in _questions() if each.kind in kinds]


@pytest.fixture(scope="module")
def embedded(
    snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A client of a server of the embedded engine."""
    with _client(engine_of(snapshot), tmp_path_factory.mktemp("embedded")) as client:
        yield client


@pytest.fixture(scope="module")
def wanted(embedded: httpx.Client) -> Answers:
    """What the embedded engine answers."""
    return answers_of(embedded, _asked(*_DEFAULT))


@pytest.fixture(scope="module", params=sorted(ENGINES))
def elsewhere(
    request: pytest.FixtureRequest, snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, httpx.Client]]:
    """The name of an engine that the snapshot was published to, and a client of a server on it."""
    name: str = request.param
    if missing := find_missing(name):
        pytest.skip(missing)
    folder = tmp_path_factory.mktemp(name)
    with ENGINES[name](folder / "engine") as address:
        with Endpoint(Addresses(address), say=Quiet().say) as endpoint:
            Publisher(Order(snapshot, folder, compared=2000), endpoint, Quiet()).publish()
        with _client(remote_engine(address, folder), folder) as client:
            yield name, client


def test_every_engine_answers_alike(elsewhere: tuple[str, httpx.Client], wanted: Answers) -> None:
    _compare(*elsewhere, wanted, _DEFAULT)


def test_no_route_is_an_exception() -> None:
    kinds = {kind for engine in EXCEPTIONS.values() for kind, _ in engine}
    assert kinds.isdisjoint(_ROUTES)


@pytest.mark.soak
def test_the_servers_own_queries_are_answered_alike(
    elsewhere: tuple[str, httpx.Client], embedded: httpx.Client
) -> None:
    _compare(*elsewhere, answers_of(embedded, _asked("canned")), ("canned",))


def _compare(name: str, client: httpx.Client, wanted: Answers, kinds: tuple[str, ...]) -> None:
    """Fail where answers differ that are no exceptions, and where exceptions do not differ."""
    clean = rounded if name == "virtuoso" else _as_it_is
    found = answers_of(client, _asked(*kinds))
    differing = {key for key in wanted if clean(found[key]) != clean(wanted[key])}
    for kind, (agreeing, asked) in count_agreeing(wanted, differing).items():
        print(f"{name}: {kind} {agreeing} of {asked}")
    listed = {key for key in EXCEPTIONS[name] if key[0] in kinds}
    new = {key: _difference(clean(found[key]), clean(wanted[key])) for key in differing - listed}
    assert not new, "\n".join(f"{key}: {value}" for key, value in sorted(new.items()))
    assert not listed - differing - _NOW_AND_THEN, "these hold no longer: take them off the list"


def _as_it_is(answer: Any) -> Any:
    return answer


def _difference(found: Any, wanted: Any) -> str:
    try:
        return f"more {str(found - wanted)[:500]}, less {str(wanted - found)[:500]}"
    except TypeError:
        pairs = enumerate(zip(str(found), str(wanted), strict=False))
        at = max(0, next((at for at, (one, other) in pairs if one != other), 0) - 100)
        return f"{str(found)[at : at + 300]!r}, not {str(wanted)[at : at + 300]!r}"
