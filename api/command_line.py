"""The whole command line: that of the library, and ``serve``."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from api.application import create_app
from api.asked_ahead import Ask
from api.authorization import read_authority
from api.connection_limits import ConnectionLimits, most_connections
from api.connections import Connections
from api.endpoint_calls import CallLimits
from api.engine import EmbeddedEngine, Engine
from api.forwarder import ServiceForwarder
from api.front import Front
from api.kgx_claims import read_claims
from api.messages import QueryRequest
from api.remote_opening import check_engine, opened_engine
from api.request_body import MIB
from api.request_log import LineHandler, logged
from api.serve_options import (
    AccessLog,
    AllowedService,
    AnswerCache,
    Default,
    DrainSeconds,
    Empty,
    EngineAddress,
    GraphFiles,
    Host,
    LogQueries,
    MemoryBelow,
    NoGate,
    Port,
    QueryTimeout,
    Queue,
    ReportTo,
    RootPath,
    TokenFile,
    TrustedProxy,
    UploadLimit,
    WorkerMemory,
    Workers,
    Writable,
)
from api.served_base import choose_base, name_base
from api.server import Server, server_config
from api.surroundings import Surroundings
from kg.base import ShippedBase
from kg.building import Base, build
from kg.cli import app, run
from kg.cli.display import print_note, print_problems, shown_progress
from kg.cli.options import Data, Home, NoImports, Verbose
from kg.commit import catch_up
from kg.export import query_prefixes
from kg.namespaces import read_namespaces
from kg.problem import Refused
from kg.settings import Settings, SettingsError, read_settings
from kg.shipped import find_shipped
from kg.snapshot import Snapshot, find_current

__all__ = ["main", "serve"]

EXAMPLES = """\b
Examples:
  sarcoma-kg serve
  sarcoma-kg serve --port 8080 --data my-records/
  sarcoma-kg serve --writable --token-file token
  curl 'http://127.0.0.1:8000/api/v1/paths?drug=imatinib&histology=GIST'
"""


def serve(
    *,
    home: Home = None,
    data: Data = None,
    empty: Empty = None,
    graph: GraphFiles = None,
    engine: EngineAddress = None,
    host: Host = None,
    port: Port = None,
    workers: Workers = None,
    default_graph: Default = None,
    writable: Writable = None,
    token_file: TokenFile = None,
    no_gate: NoGate = False,
    no_imports: NoImports = False,
    upload_limit: UploadLimit = None,
    query_timeout: QueryTimeout = None,
    worker_memory: WorkerMemory = None,
    memory_below: MemoryBelow = None,
    answer_cache: AnswerCache = None,
    queue: Queue = None,
    service_allow: AllowedService = None,
    trusted_proxy: TrustedProxy = None,
    root_path: RootPath = None,
    report_to: ReportTo = None,
    drain_seconds: DrainSeconds = None,
    access_log: AccessLog = None,
    log_queries: LogQueries = None,
    verbose: Verbose = False,
) -> None:
    """Answer over HTTP with SPARQL, JSON and pages.

    The graph is built when needed. Queries run in worker processes that are killed when they
    overrun. Ctrl-C stops the server.
    """
    flags = dict(locals())
    is_verbose = flags.pop("verbose")
    settings = _settings_of(flags)
    # Refused here, before anything is built.
    read_authority(settings)
    check_engine(settings)
    forwarder = _forwarder(settings)
    base = choose_base(settings, find_shipped())
    # Taken before the build: who cannot listen need not wait for one.
    with _listening(settings.host, settings.port) as listener:
        if settings.engine:
            _run_elsewhere(settings, settings.engine, base, listener)
        else:
            _run(settings, base, listener, forwarder, verbose=is_verbose)


def _settings_of(flags: dict[str, Any]) -> Settings:
    for left_out in ("gate", "imports"):
        flags[left_out] = False if flags.pop(f"no_{left_out}") else None
    return read_settings(**flags)


def main() -> None:
    """Run the command line of the process."""
    sys.exit(run(app))


app.command(epilog=EXAMPLES)(serve)
# What export and release know of Biolink: kg never imports api.
app.info.context_settings = {**(app.info.context_settings or {}), "obj": read_claims}


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


def _snapshot(base: Base, settings: Settings, *, verbose: bool) -> Snapshot:
    """Return the snapshot to serve: of the inputs as they are, or the last one that passed."""
    home = base.home(settings.home)
    print_note(f"snapshots are kept in {home}")
    try:
        with shown_progress(verbose=verbose) as progress:
            return build(base, settings.home, progress=progress)
    except Refused as refused:
        if find_current(home) is None:
            raise
        # A write may have been accepted, and its snapshot not made current, when a server died.
        old = catch_up(base, settings.home)
        print_problems(refused.problems)
        print_note(f"the records are refused; the last snapshot that passed, {old.id[:12]}, stays")
        return old


def _forwarder(settings: Settings) -> ServiceForwarder | None:
    """Return the way to the endpoints of SERVICE; raises SettingsError for what is none."""
    if not settings.service_allow:
        return None
    try:
        return ServiceForwarder(settings.service_allow, CallLimits(seconds=settings.query_timeout))
    except ValueError as error:
        raise SettingsError(f"--service-allow: {error}") from None


def _run(
    settings: Settings,
    base: Base,
    listener: socket.socket,
    forwarder: ServiceForwarder | None,
    *,
    verbose: bool,
) -> None:
    snapshot = _snapshot(base, settings, verbose=verbose)
    engine = EmbeddedEngine(
        snapshot,
        workers=settings.workers,
        memory=settings.worker_memory,
        prefixes=_prefixes(),
        patience=settings.query_timeout,
        queue_per_worker=settings.queue,
        memory_below=settings.memory_below,
        forwarder=forwarder,
        has_made_graphs=isinstance(base, ShippedBase),
    )
    _serve(settings, base, engine, listener)


def _run_elsewhere(settings: Settings, address: str, base: Base, listener: socket.socket) -> None:
    home = base.home(settings.home)
    with opened_engine(settings, address, home, _prefixes()) as engine:
        _serve(settings, base, engine, listener)


def _prefixes() -> dict[str, str]:
    names = read_namespaces(find_shipped().context)
    return query_prefixes(names)


def _serve(settings: Settings, base: Base, engine: Engine, listener: socket.socket) -> None:
    limits = ConnectionLimits(most_connections(), trusted_proxies=settings.trusted_proxy)
    with logged(requests=settings.access_log) as log:
        front = _front(settings, engine, log)
        connections = Connections(limits, front)
        around = Surroundings(
            lambda: connections.cut,
            lambda: log.dropped,
            None if front is None else front.figures,
            figures_keep=1.0,
            warms=True,
        )
        server = Server(
            server_config(
                create_app(settings, engine, base=base, surroundings=around),
                connections,
            ),
            on_start=lambda: print_note(_greeting(settings, base, engine, _address(listener))),
            on_stop=around.stop,
            drain=settings.drain_seconds,
        )
        server.run(sockets=[listener])
    if not server.started:
        raise OSError("the server did not start; the lines above say why")


def _front(settings: Settings, engine: Engine, log: LineHandler) -> Front | None:
    if not settings.answer_cache:
        return None
    take_line = log.take_line if settings.access_log else None

    def ask(query: QueryRequest, client: str) -> Ask:
        return engine.ask(query, client=client)

    return Front(lambda: engine.snapshot, settings.answer_cache * MIB, take_line, ask)


def _greeting(settings: Settings, base: Base, engine: Engine, address: str) -> str:
    """Return what is served, where, who may write, and what keeps queries from the network."""
    snapshot = engine.snapshot
    manifest = snapshot.manifest
    return (
        f"serving {settings.engine or name_base(base)}, "
        f"snapshot {snapshot.id[:12]}: {manifest.quads:,} quads, {manifest.claims:,} claims\n"
        f"{_writes(settings)}\n{engine.isolation}\n"
        f"{address} (pages), {address}/sparql, {address}/docs; Ctrl-C stops the server"
    )


def _writes(settings: Settings) -> str:
    if not settings.writable:
        return "nobody may write (--writable lets who has the token)"
    checked = "shapes and checks must pass" if settings.gate else "nothing is checked (--no-gate)"
    return f"who has the token may write; {checked}"


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
