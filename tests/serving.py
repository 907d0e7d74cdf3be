"""A server for tests: the application on a real socket of this machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from pyoxigraph import Store
from starlette.types import ASGIApp

from api.engine import EmbeddedEngine
from kg.inputs import Inputs
from kg.manifest import Manifest, count_graphs, read_validation
from kg.namespaces import read_namespaces
from kg.nquads import canonical_quads, snapshot_id
from kg.settings import Settings, read_settings
from kg.shipped import find_shipped
from kg.snapshot import Snapshot, write_snapshot

__all__ = ["ONTOLOGY", "engine_of", "running", "settings_of", "snapshot_of"]

ONTOLOGY = "https://w3id.org/sarcoma-kg/ontology/"


def snapshot_of(store: Store, home: Path, inputs: Inputs | None = None) -> Snapshot:
    """Write a store as a snapshot; with the ``inputs`` of a build, that build takes it."""
    quads = canonical_quads(store)
    manifest = Manifest(
        id=snapshot_id(quads),
        quads=len(store),
        graphs=count_graphs(store, ontology=ONTOLOGY),
        inputs=inputs or Inputs(digest="", files={}),
        validation=read_validation([]),
        tools={},
    )
    return write_snapshot(home, quads, manifest)


def prefixes() -> Mapping[str, str]:
    names = read_namespaces(find_shipped().ontology / "context.jsonld")
    rdfs = "http://www.w3.org/2000/01/rdf-schema#"
    return {**names.prefixes, "": names.ontology, "sarcoma": names.ontology, "rdfs": rdfs}


def engine_of(
    snapshot: Snapshot,
    *,
    workers: int = 2,
    memory: int = 512,
    queue: int = 16,
    **more: Any,
) -> EmbeddedEngine:
    return EmbeddedEngine(
        snapshot,
        workers=workers,
        memory=memory,
        prefixes=prefixes(),
        queue_per_worker=queue,
        **more,
    )


def settings_of(home: Path, **given: object) -> Settings:
    return read_settings(home=home, **given)


@contextmanager
def running(app: ASGIApp) -> Iterator[str]:
    """Run an application on a free port, and give its address."""
    config = uvicorn.Config(
        app, port=0, loop="asyncio", log_config=None, access_log=False, lifespan="on"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        host, port = server.servers[0].sockets[0].getsockname()[:2]
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
