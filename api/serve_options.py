"""The options of ``serve``; what they mean is said once, in kg.settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import help_of
from kg.settings import DefaultGraph

__all__ = [
    "AccessLog",
    "AllowedService",
    "AnswerCache",
    "Default",
    "DrainSeconds",
    "Empty",
    "EngineAddress",
    "GraphFiles",
    "Host",
    "LogQueries",
    "MemoryBelow",
    "NoGate",
    "Port",
    "QueryTimeout",
    "Queue",
    "ReportTo",
    "RootPath",
    "TokenFile",
    "TrustedProxy",
    "UploadLimit",
    "WorkerMemory",
    "Workers",
    "Writable",
]


def _option(name: str, metavar: str | None = None) -> typer.models.OptionInfo:
    """Return the option of a setting."""
    flag = f"--{name.replace('_', '-')}"
    shown: typer.models.OptionInfo = typer.Option(
        flag, metavar=metavar, help=help_of(name), show_default=False
    )
    return shown


Empty = Annotated[bool | None, _option("empty")]
EngineAddress = Annotated[str | None, _option("engine", "URL")]
GraphFiles = Annotated[list[Path] | None, _option("graph", "FILE")]
Host = Annotated[str | None, _option("host")]
Port = Annotated[int | None, _option("port")]
Workers = Annotated[int | None, _option("workers")]
Default = Annotated[DefaultGraph | None, _option("default_graph")]
Writable = Annotated[bool | None, _option("writable")]
TokenFile = Annotated[Path | None, _option("token_file", "FILE")]
NoGate = Annotated[
    bool, typer.Option("--no-gate", help="Let writes count without shapes and checks.")
]
UploadLimit = Annotated[int | None, _option("upload_limit", "MIB")]
QueryTimeout = Annotated[float | None, _option("query_timeout")]
WorkerMemory = Annotated[int | None, _option("worker_memory")]
MemoryBelow = Annotated[int | None, _option("memory_below", "MIB")]
AnswerCache = Annotated[int | None, _option("answer_cache", "MIB")]
Queue = Annotated[int | None, _option("queue")]
AllowedService = Annotated[list[str] | None, _option("service_allow", "URL")]
TrustedProxy = Annotated[list[str] | None, _option("trusted_proxy", "ADDR")]
ReportTo = Annotated[str | None, _option("report_to", "URL")]
RootPath = Annotated[str | None, _option("root_path", "PATH")]
DrainSeconds = Annotated[float | None, _option("drain_seconds")]
AccessLog = Annotated[
    bool | None,
    typer.Option("--access-log/--no-access-log", help=help_of("access_log"), show_default=False),
]
LogQueries = Annotated[bool | None, _option("log_queries")]
