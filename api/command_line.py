"""The whole command line: that of the library, and ``serve``."""

from __future__ import annotations

import errno
import logging
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
import uvicorn

from api.application import create_app
from api.engine import EmbeddedEngine
from kg.build import build
from kg.cli import app, run
from kg.cli.display import print_note, print_problems, shown_progress
from kg.cli.options import Data, Home, Verbose, help_of
from kg.export import known_prefixes
from kg.namespaces import read_namespaces
from kg.problem import Refused
from kg.settings import DefaultGraph, Settings, read_settings
from kg.shipped import Shipped, find_shipped
from kg.snapshot import Snapshot, find_current, hold

__all__ = ["main", "serve"]

EXAMPLES = """\b
Examples:
  sarcoma-kg serve
  sarcoma-kg serve --port 8080 --data my-records/
  curl 'http://127.0.0.1:8000/api/v1/paths?drug=imatinib&histology=GIST'
"""

_GRACE = 1


def serve(
    *,
    home: Home = None,
    data: Data = None,
    host: Annotated[str | None, typer.Option(help=help_of("host"), show_default=False)] = None,
    port: Annotated[int | None, typer.Option(help=help_of("port"), show_default=False)] = None,
    workers: Annotated[
        int | None, typer.Option(help=help_of("workers"), show_default=False)
    ] = None,
    default_graph: Annotated[
        DefaultGraph | None,
        typer.Option("--default-graph", help=help_of("default_graph"), show_default=False),
    ] = None,
    query_timeout: Annotated[
        float | None,
        typer.Option("--query-timeout", help=help_of("query_timeout"), show_default=False),
    ] = None,
    worker_memory: Annotated[
        int | None,
        typer.Option("--worker-memory", help=help_of("worker_memory"), show_default=False),
    ] = None,
    verbose: Verbose = False,
) -> None:
    """Answer over HTTP with SPARQL, JSON and pages.

    The graph is built when needed. Queries run in worker processes that are killed when they
    overrun. Ctrl-C stops the server.
    """
    settings = read_settings(
        home=home,
        data=data,
        host=host,
        port=port,
        workers=workers,
        default_graph=default_graph,
        query_timeout=query_timeout,
        worker_memory=worker_memory,
    )
    shipped = find_shipped()
    # Taken before the build: who cannot listen need not wait for one.
    with _listening(settings.host, settings.port) as listener:
        snapshot = _snapshot(shipped, settings, verbose=verbose)
        with hold(snapshot):
            _run(settings, shipped, snapshot, listener)


def main() -> None:
    """Run the command line of the process."""
    sys.exit(run(app))


app.command(epilog=EXAMPLES)(serve)


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise OSError(_why_not(host, port, error)) from None
    with listener:
        yield listener


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is taken by another program; choose one with --port"
    return f"cannot listen on port {port} of {host}: {error.strerror or error}"


def _snapshot(shipped: Shipped, settings: Settings, *, verbose: bool) -> Snapshot:
    """Return the snapshot to serve: of the inputs as they are, or the last one that passed."""
    print_note(f"snapshots are kept in {settings.home}")
    try:
        with shown_progress(verbose=verbose) as progress:
            return build(shipped, settings.home, overlay=settings.data, progress=progress)
    except Refused as refused:
        old = find_current(settings.home)
        if old is None:
            raise
        print_problems(refused.problems)
        print_note(f"the records are refused; the last snapshot that passed, {old.id[:12]}, stays")
        return old


def _run(settings: Settings, shipped: Shipped, snapshot: Snapshot, listener: socket.socket) -> None:
    names = read_namespaces(shipped.context)
    engine = EmbeddedEngine(
        snapshot,
        workers=settings.workers,
        memory=settings.worker_memory,
        prefixes={**known_prefixes(names), "sarcoma": names.ontology},
        patience=settings.query_timeout,
    )
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    config = uvicorn.Config(
        create_app(settings, engine, shipped=shipped),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
    )
    manifest = snapshot.manifest
    address = _address(listener)
    server = _Server(
        config,
        f"serving snapshot {snapshot.id[:12]}: {manifest.quads:,} quads, {manifest.claims:,} "
        f"claims\n{address} (pages), {address}/sparql, {address}/docs; Ctrl-C stops the server",
    )
    server.run(sockets=[listener])
    if not server.started:
        raise OSError("the server did not start; the lines above say why")


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """A server that says when it answers, and for which being stopped is no failure."""

    def __init__(self, config: uvicorn.Config, greeting: str) -> None:
        super().__init__(config)
        self._greeting = greeting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            print_note(self._greeting)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on Ctrl-C and SIGTERM, and do not raise them again afterwards."""
        wanted = (signal.SIGINT, signal.SIGTERM)
        before = {each: signal.signal(each, self.handle_exit) for each in wanted}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)
