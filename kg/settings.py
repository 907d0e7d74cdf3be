"""The settings of a run: from flags, else from ``SARCOMA_KG_<NAME>``, else a default."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from enum import StrEnum
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from rapidfuzz import fuzz, process

from kg.endpoint_address import check_address

__all__ = ["PREFIX", "DefaultGraph", "Settings", "SettingsError", "read_settings"]

PREFIX = "SARCOMA_KG_"


class DefaultGraph(StrEnum):
    """What a query without FROM sees."""

    UNION = "union"
    STRICT = "strict"


class SettingsError(ValueError):
    """A setting is unknown or ill-typed; the message says which, and how to mend it."""


def _default_home() -> Path:
    return platformdirs.user_data_path("sarcoma-kg", appauthor=False)


def _cores() -> int:
    return os.cpu_count() or 1


def _listed(given: object) -> object:
    """Split what the environment gives, a text, at its blanks; flags give lists."""
    return tuple(given.split()) if isinstance(given, str) else given


def _named_in_utf_8(path: Path) -> Path:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise ValueError("no database can have a name that is not UTF-8; choose another") from None
    return path


Texts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
Paths = Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_listed)]
Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(partial(ip_network, strict=False))]
Networks = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_listed)]


def _reports_taken(address: str) -> str:
    if not address.lower().startswith(("https://", "http://", "mailto:")):
        raise ValueError("it starts with https://, http:// or mailto:")
    if not address.isprintable() or " " in address:
        raise ValueError("an address has no blanks in it")
    return address


ReportTo = Annotated[str, AfterValidator(_reports_taken)]


EngineAddress = Annotated[str, AfterValidator(check_address)]


def _below_the_root(path: str) -> str:
    parts = path.rstrip("/").split("/")
    if not all(re.fullmatch(r"[A-Za-z0-9._~-]+", part) for part in parts[1:]) or parts[0]:
        raise ValueError("it is a slash and letters or digits, such as /sarcoma")
    if {".", ".."} & {*parts}:
        raise ValueError("a path has no dots alone between slashes")
    return "/".join(parts)


RootPath = Annotated[str, AfterValidator(_below_the_root)]


class Settings(BaseSettings):
    """Every setting, one row each: name, type, default, meaning."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid"
    )

    home: Annotated[Path, AfterValidator(_named_in_utf_8)] = Field(
        default_factory=_default_home, description="folder where snapshots live"
    )
    data: Path | None = Field(None, description="folder of your own records, added to the graph")
    imports: bool = Field(
        True, description="whether what was imported from other databases is part of the graph"
    )
    host: str = Field("127.0.0.1", min_length=1, description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on; 0 picks a free one")
    engine: EngineAddress | None = Field(
        None, description="a SPARQL 1.1 endpoint that answers in place of the engine inside"
    )
    workers: int = Field(
        default_factory=_cores, ge=1, le=1024, description="number of query worker processes"
    )
    default_graph: DefaultGraph = Field(
        DefaultGraph.UNION, description="what a query without FROM sees: union or strict"
    )
    query_timeout: float = Field(
        30.0, gt=0, allow_inf_nan=False, description="seconds that one query may take"
    )
    worker_memory: int = Field(
        2048, ge=64, description="MiB of memory that one query worker may take"
    )
    memory_below: int = Field(
        64, ge=0, description="MiB of N-Quads up to which workers hold the graph in memory"
    )
    answer_cache: int = Field(
        64, ge=0, description="MiB of answers that are kept for whoever asks the same; 0 keeps none"
    )
    queue: int = Field(
        16, ge=1, le=1024, description="queries that may wait, for each query worker"
    )
    empty: bool = Field(False, description="serve an empty data set instead of the shipped graph")
    graph: Paths = Field((), description="RDF files to serve instead of the shipped graph")
    writable: bool = Field(
        False, description="accept updates and graph-store writes with the bearer token"
    )
    token_file: Path | None = Field(None, description="file whose text is the bearer token")
    token: SecretStr | None = Field(
        None, description="the bearer token itself; no flag gives it, as others could read it"
    )
    gate: bool = Field(
        True, description="whether shapes and checks must pass before a write counts"
    )
    upload_limit: int = Field(
        64, ge=1, le=4096, description="MiB that the body of a write may have"
    )
    service_allow: Texts = Field((), description="endpoints that SERVICE may reach, as full IRIs")
    trusted_proxy: Networks = Field(
        (), description="addresses or networks of proxies whose X-Forwarded-For names the client"
    )
    report_to: ReportTo | None = Field(
        None, description="where mistakes in the data are reported: a mailto: or https: address"
    )
    root_path: RootPath = Field(
        "", description="path below which a proxy shows the server, such as /sarcoma"
    )
    drain_seconds: float = Field(
        0.0,
        ge=0,
        le=3600,
        allow_inf_nan=False,
        description="seconds after SIGTERM in which /readyz says 503 and all else is answered",
    )
    access_log: bool = Field(True, description="whether each request is a line of standard error")
    log_queries: bool = Field(
        False, description="log the start of queries that take too long or end their worker"
    )


def read_settings(**flags: object) -> Settings:
    """Return the settings of this process; a flag that is not None overrides the environment.

    Raises SettingsError for an unknown ``SARCOMA_KG_`` variable and for an ill-typed value.

    >>> read_settings(port=8001, host=None).port
    8001
    """
    unknown = next(_unknown_variables(), None)
    if unknown:
        raise SettingsError(unknown)
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError(_sentence(error, given)) from None


def _unknown_variables() -> Iterator[str]:
    known = [name.upper() for name in Settings.model_fields]
    for variable in sorted(os.environ):
        name = variable.removeprefix(PREFIX)
        if name == variable or name in known:
            continue
        near = process.extractOne(name, known, scorer=fuzz.ratio, score_cutoff=70)
        hint = f"did you mean {PREFIX}{near[0]}?" if near else f"the names are {', '.join(known)}"
        yield f"{variable} in the environment is no setting of sarcoma-kg; {hint}"


def _sentence(error: ValidationError, flags: dict[str, object]) -> str:
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0])
    shown = "--" + name.replace("_", "-") if name in flags else PREFIX + name.upper()
    meaning = Settings.model_fields[name].description
    message = first["msg"].removeprefix("Value error, ")
    reason = message[0].lower() + message[1:]
    return f"{shown} is {str(first['input'])!r}, but {reason} ({meaning})"
