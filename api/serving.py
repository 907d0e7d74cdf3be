"""What ``serve`` does: a snapshot, workers that open it, and meanwhile the server around them.

To read the graph takes about as long as to import the application. Other processes do the one,
while this one does the other: so nothing here imports the application, but where it says why.
"""

from __future__ import annotations

import asyncio
import errno
import gc
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from uvicorn.loops.auto import auto_loop_factory

from api.authorization import read_authority
from api.engine import EmbeddedEngine, Engine
from api.request_log import LineHandler, logged
from api.served_base import choose_base, name_base
from api.zygote_process import Forwarder
from kg.base import ShippedBase
from kg.building import Base, build
from kg.cli.display import print_note, print_problems, shown_progress
from kg.commit import catch_up
from kg.endpoint_address import without_secret
from kg.export import query_prefixes
from kg.namespaces import read_namespaces
from kg.problem import Refused
from kg.settings import Settings, SettingsError
from kg.shipped import find_shipped
from kg.snapshot import Snapshot, find_current

if TYPE_CHECKING:
    from api.server import Server

__all__ = ["serve_settings"]


def serve_settings(settings: Settings, *, verbose: bool) -> None:
    """Answer over HTTP until told to end; raises SettingsError, Refused and OSError."""
    # Refused here, before anything is built.
    read_authority(settings)
    forwarder = _forwarder(settings)
    if settings.engine:
        _serve_elsewhere(settings, settings.engine)
        return
    base = choose_base(settings, find_shipped())
    # Taken before the build: who cannot listen need not wait for one.
    with _listening(settings.host, settings.port) as listener:
        engine = EmbeddedEngine(
            _snapshot(base, settings, verbose=verbose),
            workers=settings.workers,
            memory=settings.worker_memory,
            prefixes=_prefixes(),
            patience=settings.query_timeout,
            queue_per_worker=settings.queue,
            memory_below=settings.memory_below,
            forwarder=forwarder,
            has_made_graphs=isinstance(base, ShippedBase),
        )
        _run(settings, base, engine, listener, begin=engine.begin)


def _serve_elsewhere(settings: Settings, address: str) -> None:
    # A client of HTTP, for which a server of its own graph has no use.
    from api.remote_opening import check_engine, opened_engine  # noqa: PLC0415

    check_engine(settings)
    base = choose_base(settings, find_shipped())
    with (
        _listening(settings.host, settings.port) as listener,
        opened_engine(settings, address, base.home(settings.home), _prefixes()) as engine,
    ):
        _run(settings, base, engine, listener)


def _forwarder(settings: Settings) -> Forwarder | None:
    """Return the way to the endpoints of SERVICE; raises SettingsError for what is none."""
    if not settings.service_allow:
        return None
    from api.endpoint_calls import CallLimits  # noqa: PLC0415 - a client of HTTP, too
    from api.forwarder import ServiceForwarder  # noqa: PLC0415

    try:
        return ServiceForwarder(settings.service_allow, CallLimits(seconds=settings.query_timeout))
    except ValueError as error:
        raise SettingsError(f"--service-allow: {error}") from None


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


def _prefixes() -> dict[str, str]:
    names = read_namespaces(find_shipped().context)
    return query_prefixes(names)


def _run(
    settings: Settings,
    base: Base,
    engine: Engine,
    listener: socket.socket,
    *,
    begin: Callable[[], None] = lambda: None,
) -> None:
    """Serve until told to end; ``begin`` starts what takes its time beside."""

    def greet() -> None:
        print_note(_greeting(settings, base, engine, _address(listener)))

    async def serve() -> bool:
        begin()
        try:
            server = await asyncio.to_thread(_make_server, settings, base, engine, log, greet)
        except BaseException:
            await engine.close()
            raise
        await server.serve(sockets=[listener])
        return server.started

    with (
        logged(requests=settings.access_log) as log,
        asyncio.Runner(loop_factory=auto_loop_factory()) as runner,
    ):
        is_served = runner.run(serve())
    if not is_served:
        raise OSError("the server did not start; the lines above say why")


def _make_server(
    settings: Settings,
    base: Base,
    engine: Engine,
    log: LineHandler,
    greet: Callable[[], None],
) -> Server:
    # All that is made here stays: to look through it for garbage takes a tenth of the time.
    gc.disable()
    try:
        from api.server_making import make_server  # noqa: PLC0415 - what takes its time

        return make_server(settings, base, engine, log, greet)
    finally:
        gc.enable()


def _greeting(settings: Settings, base: Base, engine: Engine, address: str) -> str:
    """Return what is served, where, who may write, and what keeps queries from the network."""
    snapshot = engine.snapshot
    manifest = snapshot.manifest
    return (
        f"serving {without_secret(settings.engine or name_base(base))}, "
        f"snapshot {snapshot.id[:12]}: {manifest.quads:,} quads, {manifest.claims:,} claims\n"
        f"{_not_judged(settings)}{_writes(settings)}\n{engine.isolation}\n"
        f"{address} (pages), {address}/sparql, {address}/docs; Ctrl-C stops the server"
    )


def _not_judged(settings: Settings) -> str:
    """Return a line on what a user's files are served without, if these are served."""
    if not settings.graph:
        return ""
    files = " ".join(f"--graph {path}" for path in settings.graph)
    return f"these files are served as they are; sarcoma-kg check {files} judges them\n"


def _writes(settings: Settings) -> str:
    if not settings.writable:
        return "nobody may write (--writable lets who has the token)"
    checked = "shapes and checks must pass" if settings.gate else "nothing is checked (--no-gate)"
    return f"who has the token may write; {checked}"


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
