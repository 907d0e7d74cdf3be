"""The whole command line: that of the library, and ``serve``."""

from __future__ import annotations

import sys
from typing import Any

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
from kg.cli import app, run
from kg.cli.options import Data, Home, NoImports, Verbose
from kg.kgx import KgxClaims
from kg.settings import Settings, read_settings
from kg.shipped import Shipped
from kg.snapshot import Snapshot

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
    # Here, and not above: other commands start without all that a server needs.
    from api.serving import serve_settings  # noqa: PLC0415

    serve_settings(_settings_of(flags), verbose=is_verbose)


def _settings_of(flags: dict[str, Any]) -> Settings:
    for left_out in ("gate", "imports"):
        flags[left_out] = False if flags.pop(f"no_{left_out}") else None
    return read_settings(**flags)


def main() -> None:
    """Run the command line of the process."""
    sys.exit(run(app))


def _read_claims(snapshot: Snapshot, shipped: Shipped) -> KgxClaims:
    """Return the claims of a snapshot for KGX, as ``api.kgx_claims`` does."""
    from api.kgx_claims import read_claims  # noqa: PLC0415 - as above

    return read_claims(snapshot, shipped)


app.command(epilog=EXAMPLES)(serve)
# What export and release know of Biolink: kg never imports api.
app.info.context_settings = {**(app.info.context_settings or {}), "obj": _read_claims}
