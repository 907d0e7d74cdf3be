"""A SPARQL endpoint that is written to: queries, updates and graphs, tried again with patience."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx

from kg.endpoint_address import without_secret
from kg.publish_credentials import Credentials
from kg.settings import SettingsError

__all__ = ["Addresses", "Endpoint", "EndpointError", "EndpointRefusedError", "Patience", "Term"]

Term = Mapping[str, str]
"""A term of the results in JSON: ``type``, ``value``, and ``datatype`` or ``xml:lang``."""

_RESULTS = "application/sparql-results+json"
_UPDATE = "application/sparql-update"
_N_TRIPLES = "application/n-triples"
_BUSY = frozenset({429, 502, 503, 504})
_DEADLOCK = ("deadlock", "40001")
_SHOWN = 300
_CONNECTING = 10.0
_LONG = 30.0


class EndpointError(OSError):
    """An endpoint cannot be reached, or fails; the message says which and how to go on."""


class EndpointRefusedError(EndpointError):
    """An endpoint does not take a request; ``status`` is that of HTTP."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Addresses:
    """Where an endpoint is asked, where it is updated, and its graph store if it has one.

    What is None is not known yet; a store that is ``"none"`` is not used.
    """

    query: str
    update: str | None = None
    store: str | None = None

    @property
    def shown(self) -> str:
        """Where it is asked, without a name and a password that may stand in the address."""
        return without_secret(self.query)


@dataclass(frozen=True)
class Patience:
    """How often a request is tried, the first pause in seconds (they double), and the longest.

    ``timeout`` is how long an answer may take, and ``first`` the very first one.
    """

    tries: int = 8
    pause: float = 0.5
    longest_pause: float = 30.0
    timeout: float = 900.0
    first: float = 60.0


@dataclass
class Endpoint:
    """An endpoint, and who hears of pauses; use it in a ``with`` statement.

    ``server`` is what its header of that name said last.
    """

    addresses: Addresses
    credentials: Credentials = field(default_factory=Credentials)
    patience: Patience = field(default_factory=Patience)
    say: Callable[[str], None] = print
    transport: httpx.BaseTransport | None = None
    server: str = ""

    def __post_init__(self) -> None:
        self._has_answered = False
        self._client = httpx.Client(
            auth=self.credentials.auth,
            follow_redirects=False,
            trust_env=False,
            transport=self.transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def select(self, query: str) -> list[dict[str, Term]]:
        """Return the rows of a query; raises EndpointError."""
        answer = self._send(
            self.addresses.query, {"Accept": _RESULTS}, data={"query": query}, is_query=True
        )
        assert answer is not None
        self.server = answer.headers.get("server", "")
        try:
            rows: list[dict[str, Term]] = answer.json()["results"]["bindings"]
        except (ValueError, KeyError, TypeError):
            raise EndpointError(
                f"{self.addresses.shown} answers a query with no SPARQL results; "
                "give the address of its SPARQL endpoint with --engine"
            ) from None
        if answer.headers.get("x-sql-state"):
            raise EndpointError(
                f"{self.addresses.shown} broke off its answer after a time; "
                "raise MaxQueryExecutionTime in its configuration"
            )
        return rows

    def update(self, text: str | bytes) -> None:
        """Make an update; raises EndpointError."""
        content = text.encode() if isinstance(text, str) else text
        self._send(self._update_address, {"Content-Type": _UPDATE}, content=content)

    def update_once(self, text: bytes, is_done: Callable[[], bool]) -> None:
        """Make an update that must not be made twice; ``is_done`` tells whether it was made."""
        headers = {"Content-Type": _UPDATE}
        self._send(self._update_address, headers, is_done=is_done, content=text)

    def empty(self, graph: str) -> None:
        """Remove all triples of a graph, which may not be there; raises EndpointError."""
        try:
            self.update(f"DROP SILENT GRAPH <{graph}>")
        except EndpointRefusedError:
            # Some engines, QLever among them, have updates of triples alone.
            self.update(f"DELETE WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")

    def post_graph(self, graph: str, triples: bytes) -> None:
        """Add N-Triples to a graph by the Graph Store Protocol; raises EndpointError."""
        assert self.addresses.store is not None
        headers = {"Content-Type": _N_TRIPLES}
        self._send(self.addresses.store, headers, params={"graph": graph}, content=triples)

    @property
    def _update_address(self) -> str:
        return self.addresses.update or self.addresses.query

    def _send(
        self,
        address: str,
        headers: Mapping[str, str],
        *,
        is_query: bool = False,
        is_done: Callable[[], bool] | None = None,
        **request: Any,
    ) -> httpx.Response | None:
        """Return the answer to a request, or None where a try without an answer was enough."""
        pause, shown = self.patience.pause, without_secret(address)
        for left in range(self.patience.tries - 1, -1, -1):
            try:
                answer = self._post(address, headers, **request)
            except httpx.TransportError as error:
                problem = f"{shown} cannot be reached ({_reason(error)})"
            except (httpx.InvalidURL, ValueError) as error:
                raise SettingsError(f"{shown!r} is no address of an endpoint: {error}") from None
            else:
                if answer.is_success:
                    return answer
                if not _is_passing(answer):
                    raise self._refused(shown, answer, is_query=is_query)
                problem = f"{shown} is busy (status {answer.status_code})"
                pause = max(pause, _retry_after(answer))
            if left:
                self.say(f"{problem}; trying again in {pause:.1f} s, {left} times at most")
                time.sleep(min(pause, self.patience.longest_pause))
                pause *= 2
                if is_done and is_done():
                    return None
        raise EndpointError(
            f"{problem}, tried {self.patience.tries} times; start the engine or correct the "
            "address, then run the same command again: it goes on where it stopped"
        )

    def _post(self, address: str, headers: Mapping[str, str], **request: Any) -> httpx.Response:
        """Return the whole answer to a request, which has its time from its first byte to its last.

        Raises EndpointError where nothing comes of the very first one.
        """
        seconds = self.patience.timeout if self._has_answered else self.patience.first
        until, pieces = time.monotonic() + seconds, []
        limits = httpx.Timeout(seconds, connect=_CONNECTING)
        try:
            with (
                self._told_of_waiting(without_secret(address), seconds),
                self._client.stream(
                    "POST", address, headers=headers, timeout=limits, **request
                ) as answer,
            ):
                for piece in answer.iter_bytes():
                    pieces.append(piece)
                    if time.monotonic() > until:
                        raise httpx.ReadTimeout(f"no whole answer in {seconds:.0f} s")
        except httpx.ReadTimeout:
            if self._has_answered:
                raise
            raise EndpointError(
                f"{without_secret(address)} took a small query and gave no answer in "
                f"{seconds:.0f} s; look whether the engine is at work, or correct the address"
            ) from None
        self._has_answered = True
        # What was read is decoded already.
        told = [each for each in answer.headers.items() if each[0] != "content-encoding"]
        return httpx.Response(answer.status_code, headers=told, content=b"".join(pieces))

    @contextmanager
    def _told_of_waiting(self, shown: str, seconds: float) -> Iterator[None]:
        """Say once that an answer is long in coming."""
        words = f"{shown} has not answered for {_LONG:.0f} s; waiting for up to {seconds:.0f} s"
        timer = threading.Timer(_LONG, self.say, [words])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _refused(self, shown: str, answer: httpx.Response, *, is_query: bool) -> Exception:
        said = " ".join(answer.text.split())[:_SHOWN] or "nothing"
        status = answer.status_code
        if status in (401, 403) or "permission" in said.lower():
            return SettingsError(
                f"{shown} does not let us {'read' if is_query else 'write'} (status {status}: "
                f"{said}); give credentials with --token-file, or grant them at the engine"
            )
        if status in (404, 405) and is_query:
            return SettingsError(
                f"{shown} is no SPARQL endpoint (status {status}); correct --engine"
            )
        return EndpointRefusedError(f"{shown} refused a request (status {status}): {said}", status)


def _is_passing(answer: httpx.Response) -> bool:
    """Tell whether a failure may be gone when the same is asked again."""
    if answer.status_code in _BUSY:
        return True
    said = answer.text[:_SHOWN].lower() if answer.is_server_error else ""
    return any(word in said for word in _DEADLOCK)


def _retry_after(answer: httpx.Response) -> float:
    given = answer.headers.get("retry-after", "")
    return float(given) if given.isdigit() else 0.0


def _reason(error: httpx.TransportError) -> str:
    return str(error).partition("] ")[2].lower() or str(error).lower() or type(error).__name__
