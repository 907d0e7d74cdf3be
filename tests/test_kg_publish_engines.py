"""Publishing into real engines: Oxigraph's server and Virtuoso, where they are installed."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from publishing import Quiet, clear, hard_snapshot, numbered_snapshot, publish, select
from sparql_engines import oxigraph_served, virtuoso_served

from kg.problem import Refused
from kg.publication import GRAPH, QUERY, Publication, from_rows
from kg.publish import Order, Publisher
from kg.publish_addresses import complete
from kg.publish_endpoint import Addresses, Endpoint
from kg.publish_loading import write_quads
from kg.publish_plan import make_plan

_ENGINES = {"oxigraph": oxigraph_served, "virtuoso": virtuoso_served}
_SERVERS = {"oxigraph": "Oxigraph", "virtuoso": "Virtuoso"}


@pytest.fixture(scope="module", params=_ENGINES)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """The name of an engine, and its address."""
    with _ENGINES[request.param](tmp_path_factory.mktemp(request.param)) as address:
        yield request.param, address


@pytest.fixture
def address(engine: tuple[str, str]) -> str:
    """The address of an engine where nothing of ours is."""
    clear(engine[1], _update_address(engine))
    return engine[1]


def _update_address(engine: tuple[str, str]) -> str:
    return complete(Addresses(engine[1]), _SERVERS[engine[0]]).update or ""


def _visible(address: str) -> Publication:
    return from_rows((row["s"], row["p"], row["o"]) for row in select(address, QUERY))


def _update(engine: tuple[str, str], text: str) -> None:
    headers = {"Content-Type": "application/sparql-update"}
    httpx.post(_update_address(engine), content=text, headers=headers).raise_for_status()


def _graphs(address: str) -> list[str]:
    rows = select(address, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    return sorted(row["g"] for row in rows if "snapshot-" in row["g"])


@pytest.mark.parametrize("store", [None, "none"], ids=["graph-store", "insert-data"])
def test_what_is_hard_to_load_arrives_or_is_reported(
    engine: tuple[str, str], address: str, tmp_path: Path, store: str | None
) -> None:
    snapshot = hard_snapshot(tmp_path)
    outcome = publish(snapshot, address, tmp_path, store=store)
    exceptions = "\n".join(outcome.verdict.exceptions)
    assert outcome.verdict.is_whole
    assert "blank nodes as IRIs: 2 triples" in exceptions
    assert "empty graphs stand in the publication only: http://e.org/empty" in exceptions
    assert "decimal in another form" in exceptions
    assert '"5.40"' in exceptions
    # In its graph, and in the union.
    assert "equal values merged: 2 triples" in exceptions
    assert ("boolean in another form: 4" in exceptions) is (engine[0] == "virtuoso")
    published = _visible(address)
    assert (published.snapshot, published.quads) == (snapshot.id, snapshot.manifest.quads)
    place = published.by_name["http://e.org/one"].stands_as
    lists = select(
        address,
        f"PREFIX e: <http://e.org/> SELECT ?l ?n {{ GRAPH <{place}> {{ ?l e:list ?a . "
        "?a e:first ?n ; e:rest ?b . ?b e:first 'last' } }",
    )
    assert {row["l"]: row["n"] for row in lists} == {
        f"http://e.org/l{number}": str(number) for number in range(30)
    }


def test_the_merge_of_all_graphs_has_each_triple_once(address: str, tmp_path: Path) -> None:
    publish(hard_snapshot(tmp_path), address, tmp_path)
    published = _visible(address)
    two = published.by_name["http://e.org/two"]
    assert two.shares == ("http://e.org/one",)
    assert two.remainder
    rows = select(address, f"SELECT ?s {{ GRAPH <{two.remainder}> {{ ?s ?p ?o }} }}")
    assert [row["s"] for row in rows] == ["http://e.org/only"]


def test_a_reader_never_sees_a_mixture(address: str, tmp_path: Path) -> None:
    snapshots = [numbered_snapshot(tmp_path, number) for number in (1, 2)]
    publish(snapshots[0], address, tmp_path)
    seen: Counter[tuple[str, tuple[str, ...]]] = Counter()
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            published = _visible(address)
            where = " UNION ".join(
                f"{{ GRAPH <{graph.stands_as}> {{ ?s <http://e.org/p> ?o }} }}"
                for graph in published.graphs
            )
            rows = select(address, f"SELECT ?o (COUNT(*) AS ?n) {{ {where} }} GROUP BY ?o")
            found = tuple(sorted(f"{row['o']}: {row['n']}" for row in rows))
            seen[published.snapshot, found] += 1

    failures: list[BaseException] = []

    def read_or_fail() -> None:
        try:
            read()
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read_or_fail) for _ in range(2)]
    for reader in readers:
        reader.start()
    for snapshot in (snapshots[1], snapshots[0], snapshots[1]):
        publish(snapshot, address, tmp_path)
    is_over.set()
    for reader in readers:
        reader.join()
    assert not failures
    wanted = {
        (snapshot.id, (f"value {number}: 90",)) for number, snapshot in enumerate(snapshots, 1)
    }
    assert seen.keys() == wanted


def test_old_snapshots_go_after_their_time(address: str, tmp_path: Path) -> None:
    first, second, third = (numbered_snapshot(tmp_path, number) for number in (1, 2, 3))
    start = datetime.now(UTC)

    def at(seconds: int) -> datetime:
        return start + timedelta(seconds=seconds)

    publish(first, address, tmp_path, now=lambda: at(0))
    assert publish(second, address, tmp_path, now=lambda: at(10)).removed == ()
    young = publish(third, address, tmp_path, now=lambda: at(100))
    assert young.removed == ()
    assert set(young.waiting) == {first.id, second.id}
    again = publish(third, address, tmp_path, now=lambda: at(1000))
    assert (again.sent, again.was_visible) == (0, True)
    assert again.removed == (first.id,)
    assert not [graph for graph in _graphs(address) if first.id[:12] in graph]
    back = publish(second, address, tmp_path, now=lambda: at(2000))
    assert back.sent == 0
    assert _visible(address).snapshot == second.id


def test_damage_is_found_and_not_shown(
    engine: tuple[str, str], address: str, tmp_path: Path
) -> None:
    first, second = (numbered_snapshot(tmp_path, number) for number in (1, 2))
    publish(first, address, tmp_path)
    place = _visible(address).by_name["http://e.org/two"].stands_as
    _update(
        engine,
        f"DELETE DATA {{ GRAPH <{place}> {{ <http://e.org/s3> <http://e.org/p> 'value 1' }} }}",
    )
    _update(
        engine,
        f"INSERT DATA {{ GRAPH <{place}> {{ <http://e.org/s4> <http://e.org/p> 'value 7' }} }}",
    )
    with Endpoint(Addresses(address)) as endpoint:
        verdict = Publisher(Order(first, tmp_path, compared=0), endpoint, Quiet()).verify()
    said = "\n".join(map(str, verdict.problems))
    assert 'lacks <http://e.org/s3> <http://e.org/p> "value 1"' in said
    assert 'has <http://e.org/s4> <http://e.org/p> "value 7", not of the snapshot' in said
    publish(second, address, tmp_path)
    with pytest.raises(Refused, match="value 7"):
        publish(first, address, tmp_path)
    assert _visible(address).snapshot == second.id
    publish(first, address, tmp_path, restart=True)
    assert _visible(address).snapshot == first.id


def _die_at_requests(engine: tuple[str, str], folder: Path, step: int) -> int:
    program = Path(__file__).with_name("publish_deaths.py")
    command = [sys.executable, str(program), str(folder), engine[1], _update_address(engine)]
    done = subprocess.run(
        [*command, str(step)], check=False, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return int(done.stdout)


def test_a_publisher_that_is_killed_goes_on(engine: tuple[str, str], tmp_path: Path) -> None:
    if engine[0] == "virtuoso":
        pytest.skip("run with pytest -m soak")
    assert _die_at_requests(engine, tmp_path, 15) >= 2


@pytest.mark.soak
def test_a_publisher_may_be_killed_at_any_request(engine: tuple[str, str], tmp_path: Path) -> None:
    assert _die_at_requests(engine, tmp_path, 1) >= 30


def test_what_the_engine_has_loaded_itself_is_verified_and_shown(
    engine: tuple[str, str], address: str, tmp_path: Path
) -> None:
    if engine[0] == "virtuoso":
        pytest.skip("its loader reads files from folders that its configuration names")
    snapshot = hard_snapshot(tmp_path)
    path = tmp_path / "all.nq"
    plan = make_plan(snapshot)
    assert write_quads(plan, path) == plan.triples
    with pytest.raises(Refused, match="holds 0 triples"):
        publish(snapshot, address, tmp_path, is_there=True)
    store = address.removesuffix("/query") + "/store"
    headers = {"Content-Type": "application/n-quads"}
    httpx.post(store, content=path.read_bytes(), headers=headers).raise_for_status()
    outcome = publish(snapshot, address, tmp_path, is_there=True)
    assert (outcome.sent, outcome.verdict.is_whole) == (0, True)
    assert _visible(address).snapshot == snapshot.id


def test_an_engine_that_lost_everything_is_loaded_anew(
    engine: tuple[str, str], address: str, tmp_path: Path
) -> None:
    snapshot = numbered_snapshot(tmp_path, 1)
    whole = make_plan(snapshot).triples
    assert publish(snapshot, address, tmp_path).sent == whole
    clear(address, _update_address(engine))
    assert not select(address, f"SELECT ?s {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}")
    assert publish(snapshot, address, tmp_path).sent == whole


def test_the_union_has_every_triple_once_and_the_same_blank_nodes(
    address: str, tmp_path: Path
) -> None:
    snapshot = hard_snapshot(tmp_path)
    publish(snapshot, address, tmp_path)
    published = _visible(address)
    everything = published.merged([graph.name for graph in published.graphs])
    assert everything == (published.union,)
    (row,) = select(
        address, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{published.union}> {{ ?s ?p ?o }} }}"
    )
    # Two triples of one subject are equal numbers to the engine, and one stands in two graphs.
    assert int(row["n"]) == snapshot.manifest.quads - 1 - 1
    one = published.by_name["http://e.org/one"].stands_as
    (row,) = select(
        address,
        f"PREFIX e: <http://e.org/> SELECT (COUNT(*) AS ?n) {{ GRAPH <{one}> {{ ?l e:list ?a }} "
        f"GRAPH <{published.union}> {{ ?a e:rest ?b }} GRAPH <{one}> {{ ?b e:first ?last }} }}",
    )
    assert int(row["n"]) == 30


def test_the_union_may_be_left_out_and_a_visible_snapshot_gets_none(
    address: str, tmp_path: Path
) -> None:
    first, second = (numbered_snapshot(tmp_path, number) for number in (1, 2))
    outcome = publish(first, address, tmp_path, has_union=False)
    assert outcome.sent == first.manifest.quads
    assert _visible(address).union is None
    # Its graphs are seen: they must not be loaded again in their places.
    before = _graphs(address)
    with pytest.raises(Refused, match="it is visible at the endpoint"):
        publish(first, address, tmp_path)
    assert _graphs(address) == before
    publish(second, address, tmp_path)
    assert publish(first, address, tmp_path).sent == make_plan(first).triples
    assert _visible(address).union in _graphs(address)
    assert publish(second, address, tmp_path, has_union=False).sent == 0
    assert _visible(address).union is None
