"""What an endpoint elsewhere has, looked at again and again: its publication, or its loss."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from api.remote_answer import ROWS, read_bindings
from api.remote_dialect import STANDARD, find_dialect
from api.remote_endpoint import Endpoint, RemoteQuery
from api.remote_failures import Unpublished
from api.remote_snapshot import (
    Served,
    check_still_published,
    find_publication,
    is_lost,
    snapshot_of,
)

__all__ = ["Lookout"]

_PATIENCE = 60.0


class Lookout:
    """Knows what is served of an endpoint, and what was wrong when it was last looked at.

    ``home`` and ``beside`` are as `api.remote_snapshot.snapshot_of` takes them. ``trouble`` is
    empty where nothing was wrong.
    """

    def __init__(self, endpoint: Endpoint, home: Path, beside: Path) -> None:
        self._endpoint = endpoint
        self._home = home
        self._beside = beside
        self._served: Served | None = None
        self._is_lost = False
        self.dialect = STANDARD
        self.trouble = ""

    @property
    def served(self) -> Served:
        """What is served; raises Unpublished before there is anything."""
        if self._served is None:
            raise Unpublished("the endpoint has not been looked at yet")
        return self._served

    @property
    def is_well(self) -> bool:
        """Whether the endpoint was as it should be when it was last looked at."""
        return self._served is not None and not self.trouble

    def serve(self, served: Served) -> None:
        """Serve from now on what was found."""
        self._served = served

    def asked(self) -> Served:
        """Return what is asked; raises Unpublished where it has been removed from the endpoint."""
        if self._is_lost:
            raise Unpublished(self.trouble)
        return self.served

    async def look(self) -> Served:
        """Return what the endpoint has now; raises Unpublished, EndpointFailed and the like.

        Where what is served has been removed from there, it is not asked until it is back.
        """
        try:
            found = await self._find()
        except Exception as error:
            self.trouble = str(error)
            if isinstance(error, Unpublished) and self._served is not None:
                self._is_lost = await is_lost(self._ask, self._served.publication)
            raise
        self.trouble, self._is_lost = "", False
        return found

    async def _find(self) -> Served:
        probe = RemoteQuery("SELECT ?s WHERE { ?s ?p ?o } LIMIT 1")
        answer = await self._endpoint.ask(probe, ROWS, _PATIENCE)
        self.dialect = find_dialect(answer.server)
        found = await find_publication(self._ask, self._endpoint.shown, self.dialect)
        served = self._served
        if served is not None:
            check_still_published(served.publication, found[0], self._endpoint.shown)
            # After a loss nothing that is kept of answers may be trusted: it is served anew.
            if found == (served.publication, served.whole) and not self._is_lost:
                return served
        publication, whole = found
        return Served(publication, snapshot_of(publication, self._home, self._beside), whole)

    async def _ask(self, query: RemoteQuery) -> list[dict[str, Any]]:
        answer = await self._endpoint.ask(query, ROWS, _PATIENCE)
        found: list[dict[str, Any]] = read_bindings(answer, self.dialect)["results"]["bindings"]
        return found
