"""A stand-in of the API v2 of ClinicalTrials.gov, as far as its specification says what it does.

It answers ``/version``, ``/studies`` page by page and ``/studies/{nctId}``; what the
specification does not allow is answered 400 in plain text. Faults happen by the number of the
request for ``/studies``, counted from 0.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

__all__ = ["Asked", "Registry", "serving"]

_PARAMETERS = {
    *("format", "markupFormat", "fields", "sort", "countTotal", "pageSize", "pageToken"),
    *(f"query.{name}" for name in ("cond", "term", "locn", "titles", "intr", "outc", "spons")),
    *("query.lead", "query.id", "query.patient"),
    *(f"{when}.{name}" for when in ("filter", "postFilter") for name in ("overallStatus", "ids")),
}
_FIELD = re.compile(r"([a-zA-Z][a-zA-Z0-9\-. ]*)|(@query)")
_DEFAULT, _MOST = 10, 1000


@dataclass(frozen=True)
class Asked:
    """A request: its path, its parameters, its agent, and when it came."""

    path: str
    parameters: Mapping[str, str]
    agent: str
    at: float


@dataclass
class Registry:
    """The studies of the stand-in, and how it misbehaves.

    ``faults`` are words by the number of the request: a status such as ``503``; ``429 after 2``;
    ``slow``, ``cut`` (the connection ends within the page), ``half`` (half a page, as a whole
    answer), ``html``, and ``same token``.
    """

    studies: Sequence[Mapping[str, Any]]
    faults: dict[int, str] = field(default_factory=dict)
    timestamp: str = "2026-08-03T09:00:05"
    missing: int = 0
    """How many studies are counted that no page has."""
    asked: list[Asked] = field(default_factory=list)

    def page(self, parameters: Mapping[str, str]) -> dict[str, Any]:
        """Return a page; raises ValueError for what the specification does not allow."""
        _check(parameters)
        found = [s for s in self.studies if _is_found(s, parameters.get("query.cond", ""))]
        token = parameters.get("pageToken", "")
        start = _start(token) if token else 0
        size = min(int(parameters.get("pageSize", "0")) or _DEFAULT, _MOST)
        page: dict[str, Any] = {
            "studies": [_only(s, parameters) for s in found[start : start + size]]
        }
        if parameters.get("countTotal") == "true" and not token:
            page = {"totalCount": len(found) + self.missing, **page}
        if start + size < len(found):
            page["nextPageToken"] = _token(start + size)
        return page

    @property
    def pages_asked(self) -> list[Asked]:
        """The requests for pages."""
        return [asked for asked in self.asked if asked.path.endswith("/studies")]


def _check(parameters: Mapping[str, str]) -> None:
    if unknown := parameters.keys() - _PARAMETERS:
        raise ValueError(f"unknown parameter {min(unknown)}")
    if parameters.get("format", "json") not in {"json", "csv"}:
        raise ValueError("format must be csv or json")
    if not re.fullmatch(r"\d{1,9}", parameters.get("pageSize", "0")):
        raise ValueError("pageSize must be an integer of at least 0")
    if parameters.get("countTotal", "true") not in {"true", "false"}:
        raise ValueError("countTotal must be a boolean")
    for name in re.split(r"[,|]", parameters.get("fields", "NCTId")):
        if not _FIELD.fullmatch(name):
            raise ValueError(f"fields has {name!r}")


def _is_found(study: Mapping[str, Any], query: str) -> bool:
    conditions = study["protocolSection"]["conditionsModule"]["conditions"]
    text = " ".join(conditions).lower()
    return not query or any(p.strip().strip('"').lower() in text for p in query.split(" OR "))


def _only(study: Mapping[str, Any], parameters: Mapping[str, str]) -> Mapping[str, Any]:
    wanted = re.split(r"[,|]", parameters.get("fields", ""))
    sections = {f"{name[:1].lower()}{name[1:]}" for name in wanted if name}
    return {k: v for k, v in study.items() if k in sections} if sections else study


def _token(start: int) -> str:
    return f"ZVNj{start:06}"


def _start(token: str) -> int:
    if not re.fullmatch(r"ZVNj\d{6}", token):
        raise ValueError("pageToken is none of ours")
    return int(token[4:])


class _Handler(BaseHTTPRequestHandler):
    registry: Registry

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        parameters = dict(parse_qsl(address.query, keep_blank_values=True))
        agent = self.headers.get("User-Agent", "")
        number = len(self.registry.pages_asked)
        self.registry.asked.append(Asked(address.path, parameters, agent, time.monotonic()))
        if address.path == "/api/v2/version":
            said = {"apiVersion": "2.0.3", "dataTimestamp": self.registry.timestamp}
            self._send(200, json.dumps(said).encode(), "application/json")
        elif address.path == "/api/v2/studies":
            self._send_page(parameters, self.registry.faults.get(number, ""))
        else:
            self._send(404, b"Not found", "text/plain")

    def _send_page(self, parameters: Mapping[str, str], fault: str) -> None:
        status, _, wait = fault.partition(" after ")
        if status.isdigit():
            headers = {"Retry-After": wait} if wait else {}
            self._send(int(status), b"busy", "text/plain", headers)
            return
        try:
            page = self.registry.page(parameters)
        except ValueError as error:
            self._send(400, str(error).encode(), "text/plain")
            return
        if fault == "same token":
            page["nextPageToken"] = parameters.get("pageToken", _token(1))
        text = json.dumps(page).encode()
        self._send_faulty(text, fault)

    def _send_faulty(self, text: bytes, fault: str) -> None:
        if fault == "slow":
            time.sleep(3.0)
        if fault == "cut":
            self._head(200, "application/json", {"Content-Length": str(len(text))})
            self.wfile.write(text[: len(text) // 2])
            self.close_connection = True
        elif fault == "html":
            self._send(200, b"<html>maintenance</html>", "text/html")
        else:
            self._send(200, text[: len(text) // 2] if fault == "half" else text, "application/json")

    def _send(
        self, status: int, text: bytes, media: str, headers: Mapping[str, str] | None = None
    ) -> None:
        self._head(status, media, {**(headers or {}), "Content-Length": str(len(text))})
        self.wfile.write(text)

    def _head(self, status: int, media: str, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": media, **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep the output of tests clean."""


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no fault of the stand-in."""


@contextmanager
def serving(registry: Registry) -> Iterator[str]:
    """Serve a registry on a free port of this machine; yields the address of its API."""
    handler = type("Handler", (_Handler,), {"registry": registry})
    server = _Quiet(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/api/v2"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
