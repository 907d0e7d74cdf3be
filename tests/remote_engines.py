"""Engines elsewhere for tests: processes on free ports of this machine, with a snapshot in them."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize
from serving import engine_of, prefixes, snapshot_of

from api.remote_endpoint import Endpoint
from api.remote_engine import RemoteEngine
from kg.change import graph_name
from kg.publication import GRAPH, Publication, PublishedGraph, to_triples
from kg.snapshot import Snapshot

__all__ = ["find_missing", "oxigraph", "published", "remote_engine", "virtuoso"]

_CONFIGURATION = """[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 20
NumberOfBuffers = 60000
MaxDirtyBuffers = 45000
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = {rows}
MaxConstructTriples = {rows}
DefaultGraph = urn:nothing
"""
_LOAD = (
    "log_enable(2, 1); DB.DBA.TTLP_MT(file_open('{file}'), '', 'urn:nothing', 512, 2); checkpoint;"
)
_START = 60.0


def find_missing(engine: str) -> str:
    """Return why an engine cannot be started here, or nothing."""
    if engine == "virtuoso" and not (shutil.which("virtuoso-t") and shutil.which("isql-vt")):
        return "skipped: no virtuoso-t (Debian's virtuoso-opensource-7-bin)"
    if engine == "oxigraph" and not _oxigraph():
        return "skipped: no program oxigraph (PyPI's oxigraph)"
    return ""


def published(snapshot: Snapshot) -> tuple[Publication, bytes]:
    """Return a publication of a snapshot, and all its quads at an endpoint as N-Quads."""
    mark = f".test-{snapshot.id[:12]}"
    union = f"https://w3id.org/sarcoma-kg/graph/union{mark}"
    graphs = (
        PublishedGraph(name, name + mark, counts.triples, counts.claims)
        for name, counts in snapshot.manifest.graphs.items()
    )
    publication = Publication(snapshot.id, "digest", tuple(sorted(graphs)), union)
    quads = []
    for quad in parse(path=str(snapshot.nquads), format=RdfFormat.N_QUADS):
        place = NamedNode(graph_name(quad.graph_name) + mark)
        quads += [_in(quad.triple, place), _in(quad.triple, NamedNode(union))]
    quads += [_in(triple, NamedNode(GRAPH)) for triple in to_triples(publication)]
    made = serialize(quads, format=RdfFormat.N_QUADS)
    assert made is not None
    return publication, made


@contextmanager
def oxigraph(folder: Path, quads: bytes) -> Iterator[str]:
    """Run ``oxigraph serve`` with quads, and give the address of its endpoint."""
    port = _free_port()
    command = [_oxigraph(), "serve", "--location", str(folder / "store")]
    with _process([*command, "--bind", f"127.0.0.1:{port}"], folder):
        _wait(f"http://127.0.0.1:{port}/query?query=ASK%7B%7D")
        headers = {"Content-Type": "application/n-quads"}
        address = f"http://127.0.0.1:{port}"
        httpx.post(f"{address}/store", content=quads, headers=headers, timeout=120)
        yield f"{address}/query"


@contextmanager
def virtuoso(folder: Path, quads: bytes, *, rows: int = 1_000_000) -> Iterator[str]:
    """Run Virtuoso with quads, and give the address of its endpoint."""
    sql, http = _free_port(), _free_port()
    settings = folder / "virtuoso.ini"
    settings.write_text(_CONFIGURATION.format(folder=folder, sql=sql, http=http, rows=rows))
    with _process(["virtuoso-t", "+foreground", "+configfile", str(settings)], folder):
        _wait(f"http://127.0.0.1:{http}/sparql?query=ASK%7B%7D")
        file = folder / "data.nq"
        file.write_bytes(quads)
        command = ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={_LOAD.format(file=file)}"]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        yield f"http://127.0.0.1:{http}/sparql"


def remote_engine(address: str, folder: Path, **more: int) -> RemoteEngine:
    """Return an engine that asks an endpoint, which was looked at."""
    reader = engine_of(snapshot_of(Store(), folder / "reader"), workers=1)
    endpoint = Endpoint(address, **more)
    engine = RemoteEngine(
        endpoint, reader, home=folder / "home", beside=folder, prefixes=prefixes()
    )

    async def look() -> None:
        try:
            engine.serve(await engine.look())
        finally:
            await endpoint.close()

    asyncio.run(look())
    return engine


def _in(triple: Triple, graph: NamedNode) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)


def _oxigraph() -> str:
    beside = Path(sys.executable).with_name("oxigraph")
    return str(beside) if beside.exists() else shutil.which("oxigraph") or ""


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _wait(address: str) -> None:
    end = time.monotonic() + _START
    while time.monotonic() < end:
        try:
            httpx.get(address, timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"{address} did not start")


@contextmanager
def _process(command: list[str], folder: Path) -> Iterator[None]:
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder)
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
