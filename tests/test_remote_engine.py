"""A server whose graph is at an endpoint elsewhere: answers, problems, and a new snapshot."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, serialize
from remote_engines import find_missing, oxigraph, published, remote_engine
from serving import engine_of, prefixes, settings_of, snapshot_of

from api.messages import GraphRequest, QueryRequest, WriteRequest
from api.remote_endpoint import Endpoint
from api.remote_engine import RemoteEngine
from api.remote_failures import EndpointDown, Unpublished
from api.remote_opening import check_engine, opened_engine
from api.remote_watch import RemoteWatch
from api.serving import _greeting
from kg.base import EmptyBase
from kg.graph_reading import GraphNotFoundError
from kg.publication import GRAPH, LEDGER
from kg.query_error import QueryForbiddenError, QuerySyntaxError
from kg.settings import SettingsError
from kg.snapshot import Snapshot
from kg.writing import Update

pytestmark = pytest.mark.skipif(bool(find_missing("oxigraph")), reason=find_missing("oxigraph"))

ONE = """
INSERT DATA {
  GRAPH <urn:a> { <urn:s> <urn:p> 5.40, "x"@en, [ <urn:q> 1 ] . <urn:a> <urn:title> "A" }
  GRAPH <urn:b> { <urn:s> <urn:p> 5.40 . <urn:t> <urn:p> 2 }
}"""


def _snapshot(update: str, home: Path) -> Snapshot:
    store = Store()
    store.update(update)
    return snapshot_of(store, home)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return _snapshot(ONE, tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def address(made: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with oxigraph(tmp_path_factory.mktemp("engine"), published(made)[1]) as found:
        yield found


async def _read(engine: RemoteEngine, request: QueryRequest | GraphRequest) -> str:
    async with engine.ask(request) as reply:
        return (await reply.read()).decode()


def _asked(address: str, folder: Path, *requests: QueryRequest | GraphRequest) -> list[str]:
    engine = remote_engine(address, folder)

    async def ask() -> list[str]:
        await engine.start()
        try:
            return [await _read(engine, each) for each in requests]
        finally:
            await engine.close()

    return asyncio.run(ask())


def test_queries_are_answered_in_every_format(address: str, tmp_path: Path) -> None:
    rows, xml, triples, page, yes = _asked(
        address,
        tmp_path,
        QueryRequest("SELECT ?o { <urn:s> <urn:p> ?o FILTER(isNumeric(?o)) }", "text/csv"),
        QueryRequest("SELECT ?s { ?s <urn:p> 2 }", "application/sparql-results+xml"),
        QueryRequest("CONSTRUCT { ?s :p ?o } { ?s <urn:p> ?o . ?o <urn:q> ?x }", "text/turtle"),
        QueryRequest("SELECT ?s { ?s <urn:p> 2 }", "text/html"),
        QueryRequest("ASK { ?s <urn:p> 2 }", "text/csv"),
    )
    # In both graphs, a triple is one triple of their union.
    assert rows == "o\r\n5.4\r\n"
    assert "<uri>urn:t</uri>" in xml
    assert ":p _:" in triples
    assert "urn:t" in page
    assert yes == "true"


def test_graphs_have_the_names_of_the_snapshot(address: str, tmp_path: Path) -> None:
    named, titled, graph, default = _asked(
        address,
        tmp_path,
        QueryRequest(
            "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
            "text/csv",
        ),
        QueryRequest("SELECT ?t { GRAPH ?g { ?s ?p 5.40 } ?g <urn:title> ?t }", "text/csv"),
        GraphRequest("urn:b", "application/n-triples"),
        GraphRequest(None, "application/n-triples"),
    )
    assert named == "g,n\r\nurn:a,5\r\nurn:b,2\r\n"
    assert titled == "t\r\nA\r\n"
    assert sorted(graph.splitlines())[1].startswith("<urn:t> <urn:p>")
    assert not default


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("SELECT ?s { ?s drog:x 1 }", QuerySyntaxError),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", QueryForbiddenError),
    ],
)
def test_what_users_ask_is_read_first(
    address: str, tmp_path: Path, query: str, wanted: type[Exception]
) -> None:
    with pytest.raises(wanted):
        _asked(address, tmp_path, QueryRequest(query))


def test_a_graph_that_is_not_there(address: str, tmp_path: Path) -> None:
    with pytest.raises(GraphNotFoundError, match="urn:c"):
        _asked(address, tmp_path, GraphRequest("urn:c"))


def test_nothing_is_written(address: str, tmp_path: Path) -> None:
    engine = remote_engine(address, tmp_path)
    update = WriteRequest(Update("INSERT DATA { <urn:a> <urn:b> 1 }"))
    with pytest.raises(QueryForbiddenError, match="nothing is written") as refused:
        asyncio.run(engine.evaluate_write(update))
    assert "sarcoma-kg publish" in str(refused.value)


def test_the_snapshot_is_the_one_that_is_published(
    address: str, made: Snapshot, tmp_path: Path
) -> None:
    engine = remote_engine(address, tmp_path)
    assert engine.snapshot.id == made.id
    assert engine.lasting is engine.snapshot
    assert engine.snapshot.manifest.graphs == made.manifest.graphs
    reader = engine_of(made)
    at_home = RemoteEngine(
        Endpoint(address),
        reader,
        home=made.directory.parent.parent,
        beside=tmp_path,
        prefixes=prefixes(),
    )

    async def look() -> Snapshot:
        try:
            return (await at_home.look()).snapshot
        finally:
            await at_home.close()

    assert asyncio.run(look()) == made


def test_without_a_publication_the_endpoint_is_the_snapshot(tmp_path: Path) -> None:
    quads = serialize(
        [Quad(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:o"), NamedNode("urn:g"))],
        format=RdfFormat.N_QUADS,
    )
    assert quads is not None
    with oxigraph(tmp_path, quads) as address:
        engine = remote_engine(address, tmp_path / "one")
        assert engine.lasting is None, "what it holds may change and leave all counts"
        first = engine.snapshot
        again = remote_engine(address, tmp_path / "two").snapshot
        _update(address, "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }")
        other = remote_engine(address, tmp_path / "three").snapshot
        assert first.id == again.id != other.id
        assert first.manifest.quads == 1
        _update(address, "DROP ALL")
        with pytest.raises(Unpublished, match="publish a snapshot"):
            remote_engine(address, tmp_path / "four")


def test_what_is_being_published_is_not_the_snapshot(tmp_path: Path) -> None:
    graphs = (
        "urn:g",
        "urn:g.snapshot-0123456789ab",
        "urn:h.snapshot-0123456789ab.remainder",
        LEDGER,
    )
    quads = serialize(
        [
            Quad(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:o"), NamedNode(each))
            for each in graphs
        ],
        format=RdfFormat.N_QUADS,
    )
    assert quads is not None
    with oxigraph(tmp_path, quads) as address:
        engine = remote_engine(address, tmp_path / "one")
        assert [*engine.snapshot.manifest.graphs] == ["urn:g"]
        (count,) = _asked(
            address,
            tmp_path / "two",
            QueryRequest("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv"),
        )
        assert count == "n\r\n1\r\n"
        _update(address, "DROP GRAPH <urn:g>")
        with pytest.raises(Unpublished, match="publish a snapshot"):
            remote_engine(address, tmp_path / "three")


def test_what_asks_no_graph_is_computed_here(made: Snapshot, tmp_path: Path) -> None:
    with oxigraph(tmp_path, published(made)[1]) as address:
        engine = remote_engine(address, tmp_path)

    async def ask() -> str:
        await engine.start()
        try:
            query = "SELECT ?x { VALUES ?x { 1 2 } FILTER(REGEX(STR(?x), '^2')) }"
            async with engine.ask_for_server(QueryRequest(query, "text/csv")) as reply:
                return (await reply.read()).decode()
        finally:
            await engine.close()

    # Nobody listens there any more.
    assert asyncio.run(ask()) == "x\r\n2\r\n"


def _update(address: str, text: str) -> None:
    found = httpx.post(address.replace("/query", "/update"), data={"update": text})
    assert found.is_success, found.text


def test_what_is_published_anew_is_served(tmp_path: Path) -> None:
    before = _snapshot(ONE, tmp_path / "before")
    after = _snapshot("INSERT DATA { GRAPH <urn:a> { <urn:s> <urn:p> 7 } }", tmp_path / "after")
    counted: list[str] = []
    with oxigraph(tmp_path, published(before)[1]) as address:
        engine = remote_engine(address, tmp_path)

        async def watch() -> None:
            prepared: list[str] = []

            async def prepare() -> None:
                prepared.append(engine.snapshot.id)

            looker = RemoteWatch(engine, prepare, counted.append)
            await looker.look()
            assert not prepared
            store = f"{address.removesuffix('/query')}/store"
            httpx.delete(store, params={"graph": GRAPH})
            headers = {"Content-Type": "application/n-quads"}
            httpx.post(store, content=published(after)[1], headers=headers)
            await looker.look()
            assert prepared == [engine.snapshot.id] == [after.id]
            # Half a publication is none: the last whole one stays.
            _update(address, f"DELETE WHERE {{ GRAPH <{GRAPH}> {{ <urn:a> ?p ?o }} }}")
            httpx.delete(store, params={"graph": GRAPH})
            _update(address, f"INSERT DATA {{ GRAPH <{GRAPH}> {{ <urn:x> <urn:y> 1 }} }}")
            await looker.look()
            assert engine.snapshot.id == after.id
            assert not engine.is_ready
            await engine.close()

        asyncio.run(watch())
    assert counted == ["served"]


def test_what_was_removed_from_the_endpoint_is_asked_no_more(tmp_path: Path) -> None:
    """An empty engine in the place of the published one answers, and not about the snapshot."""
    made = _snapshot(ONE, tmp_path / "made")
    with oxigraph(tmp_path, published(made)[1]) as address:
        engine, store = remote_engine(address, tmp_path), f"{address.removesuffix('/query')}/store"

        async def prepare() -> None:
            """Read nothing."""

        async def watch() -> None:
            await engine.start()
            looker, first = RemoteWatch(engine, prepare), engine.served
            # What remains may be anything: it is not served in the place of the snapshot.
            _update(address, "DROP ALL ; INSERT DATA { GRAPH <urn:x> { <urn:x> <urn:y> 1 } }")
            await looker.look()
            assert engine.served is first
            assert not engine.is_ready
            assert "has no publication any more" in engine.trouble
            for asked in (engine.ask, engine.ask_for_server):
                with pytest.raises(Unpublished, match="no publication any more"):
                    async with asked(QueryRequest("SELECT * { ?s ?p ?o }", "text/csv")):
                        pass
            headers = {"Content-Type": "application/n-quads"}
            httpx.post(store, content=published(made)[1], headers=headers)
            await looker.look()
            assert engine.is_ready
            assert not engine.trouble
            assert engine.snapshot.id == made.id
            # What was kept of answers meanwhile is not trusted.
            assert engine.snapshot is not first.snapshot
            assert await _read(engine, QueryRequest("ASK { ?s ?p 2 }", "text/csv")) == "true"
            await engine.close()

        asyncio.run(watch())


def test_the_greeting_has_no_password(address: str, tmp_path: Path) -> None:
    secret = address.replace("://", "://me:geheim@")
    settings, engine = settings_of(tmp_path, engine=secret), remote_engine(secret, tmp_path)
    shown = _greeting(settings, EmptyBase(), engine, "http://127.0.0.1:1")
    assert shown.startswith(f"serving {address}, snapshot {engine.snapshot.id[:12]}")
    assert "geheim" not in shown


def test_an_endpoint_that_is_away_is_said_at_the_start(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, engine="http://127.0.0.1:9/sparql")
    with (
        pytest.raises(OSError, match="cannot be reached"),
        opened_engine(settings, settings.engine or "", tmp_path, prefixes()),
    ):
        pass


def test_settings_of_another_graph_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--writable"):
        check_engine(
            settings_of(tmp_path, engine="http://127.0.0.1:9/", writable=True, token="x" * 32)
        )
    with pytest.raises(SettingsError, match="whole address"):
        settings_of(tmp_path, engine="127.0.0.1:9")
    check_engine(settings_of(tmp_path, writable=False))


def test_it_goes_away(made: Snapshot, tmp_path: Path) -> None:
    with oxigraph(tmp_path, published(made)[1]) as address:
        engine = remote_engine(address, tmp_path)

    async def ask() -> None:
        await engine.start()
        try:
            await _read(engine, QueryRequest("ASK { ?s ?p 1 }"))
        finally:
            await engine.close()

    with pytest.raises(EndpointDown):
        asyncio.run(ask())
