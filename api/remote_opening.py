"""An endpoint elsewhere, opened to be served."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from api.engine import EmbeddedEngine
from api.failures import Overloaded, QueryCrashed, QueryTimedOut
from api.pages.results_frame import results_frame
from api.remote_endpoint import Endpoint
from api.remote_engine import RemoteEngine
from kg.base import EmptyBase
from kg.building import build
from kg.endpoint_address import without_secret
from kg.query_error import QueryError
from kg.settings import Settings, SettingsError

__all__ = ["check_engine", "opened_engine"]

_READERS = 2
_PART = 8
"""What part of the memory of a query an answer may take as it comes."""


def check_engine(settings: Settings) -> None:
    """Refuse settings that mean nothing where the graph is elsewhere; raises SettingsError."""
    flags = {
        "--writable": settings.writable,
        "--data": settings.data is not None,
        "--empty": settings.empty,
        "--graph": bool(settings.graph),
        "--no-imports": not settings.imports,
    }
    given = next((flag for flag, is_given in flags.items() if is_given), None)
    if settings.engine and given:
        raise SettingsError(
            f"--engine serves what is published at {without_secret(settings.engine)}, so {given} "
            "changes nothing; leave it out, and bring another graph there with sarcoma-kg publish"
        )


@contextmanager
def opened_engine(
    settings: Settings, address: str, home: Path, prefixes: Mapping[str, str]
) -> Iterator[RemoteEngine]:
    """Give an engine for an endpoint that was looked at; raises OSError where that fails.

    ``home`` is where snapshots live, of which one may be published there.
    """
    with TemporaryDirectory(prefix="sarcoma-kg-reader-") as folder:
        empty = build(EmptyBase(), Path(folder))
        reader = EmbeddedEngine(
            empty,
            workers=min(settings.workers, _READERS),
            memory=settings.worker_memory,
            prefixes=prefixes,
            patience=settings.query_timeout,
            queue_per_worker=settings.queue * settings.workers,
        )
        connections = 4 * settings.workers
        endpoint = Endpoint(
            address,
            longest=max(1, settings.worker_memory // _PART),
            connections=2 * connections,
        )
        engine = RemoteEngine(
            endpoint,
            reader,
            home=home,
            beside=Path(folder),
            prefixes=prefixes,
            services=settings.service_allow,
            connections=connections,
            frame=results_frame(prefixes.get("", "")),
        )
        asyncio.run(_look(engine, endpoint))
        yield engine


async def _look(engine: RemoteEngine, endpoint: Endpoint) -> None:
    """Serve what there is; connections belong to the loop that they were made in."""
    try:
        engine.serve(await engine.look())
    except (QueryCrashed, QueryTimedOut, QueryError, Overloaded) as error:
        raise OSError(f"--engine: {error}") from None
    finally:
        await endpoint.close()
