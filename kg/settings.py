"""The settings of a run: from flags, else from ``SARCOMA_KG_<NAME>``, else a default."""

from __future__ import annotations

import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from rapidfuzz import fuzz, process

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


class Settings(BaseSettings):
    """Every setting, one row each: name, type, default, meaning."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid"
    )

    home: Path = Field(default_factory=_default_home, description="folder where snapshots live")
    data: Path | None = Field(None, description="folder of your own records, added to the graph")
    host: str = Field("127.0.0.1", min_length=1, description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on; 0 picks a free one")
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
    reason = first["msg"][0].lower() + first["msg"][1:]
    return f"{shown} is {str(first['input'])!r}, but {reason} ({meaning})"
