"""The path below which a proxy shows the server: taken off requests, put before addresses."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from fastapi import FastAPI
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.addresses import taken_parts
from api.client_identity import Network, find_client_address
from api.raw_headers import find_header
from kg.namespaces import Namespaces
from kg.settings import SettingsError

__all__ = ["HEADER", "Prefix", "check_root_path", "first_parts", "prefix_of"]

HEADER = "x-forwarded-prefix"
_HEADER = HEADER.encode()
_KEY = "sarcoma_kg.prefix"
_PREFIX = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]{1,64}){1,8}")


def prefix_of(scope: Scope) -> str:
    """Return what stands before the paths of this server where its client is: ``/sarcoma``.

    It is empty where no proxy shows the server below a path. All paths that the server writes
    into an answer start at its own root: ``api.prefix_links`` puts the prefix before them. It is
    to be added only to whole addresses with scheme and host, as ``own_address`` does.

    >>> prefix_of({})
    ''
    """
    return str(scope.get(_KEY, ""))


def first_parts(app: FastAPI, names: Namespaces) -> frozenset[str]:
    """Return what the paths of the server start with, and the names of things in its graph."""
    asked = Request({"type": "http", "app": app})
    things = (
        namespace.removeprefix(names.root).partition("/")[0]
        for namespace in names.prefixes.values()
        if namespace.startswith(names.root)
    )
    return frozenset({*taken_parts(asked), *things} - {""})


def check_root_path(root_path: str, taken: Collection[str]) -> None:
    """Raise SettingsError for a path that a path of the server itself starts with.

    Nobody could tell then whether a proxy has taken it off.

    >>> check_root_path("/api", {"api", "sparql"})
    Traceback (most recent call last):
    kg.settings.SettingsError: --root-path '/api': the server has addresses below /api itself; ...
    """
    first = root_path.split("/", 2)[1:2]
    if first and first[0] in taken:
        raise SettingsError(
            f"--root-path {root_path!r}: the server has addresses below /{first[0]} itself; "
            "choose another, such as /sarcoma"
        )


class Prefix:
    """Takes the prefix off the path of a request, if a proxy has not; what lies inside knows none.

    The prefix is ``root_path``, or what a trusted proxy says by ``X-Forwarded-Prefix``. One that
    paths of the server itself start with was taken off by the proxy.
    """

    def __init__(
        self,
        app: ASGIApp,
        names: Namespaces,
        root_path: str = "",
        trusted_proxies: Sequence[Network] = (),
    ) -> None:
        self._app = app
        self._names = names
        self._root_path = root_path
        self._trusted_proxies = trusted_proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on."""
        if scope["type"] == "http":
            prefix = self._find(scope)
            if prefix:
                scope = {**self._strip(scope, prefix), _KEY: prefix}
        await self._app(scope, receive, send)

    def _find(self, scope: Scope) -> str:
        sent = find_header(scope["headers"], _HEADER)
        if sent is None:
            return self._root_path
        given = sent.decode("latin-1").strip().rstrip("/")
        if given and _PREFIX.fullmatch(given) and self._is_trusted(scope):
            return given
        return self._root_path

    def _is_trusted(self, scope: Scope) -> bool:
        peer = find_client_address(scope, ())
        return peer is not None and any(peer in each for each in self._trusted_proxies)

    def _strip(self, scope: Scope, prefix: str) -> Scope:
        path: str = scope["path"]
        if not f"{path}/".startswith(f"{prefix}/"):
            return scope
        if prefix.split("/")[1] in first_parts(scope["app"], self._names):
            return scope
        raw: bytes = scope.get("raw_path") or path.encode()
        rest = {"path": path[len(prefix) :] or "/"}
        # A client may have encoded letters of the prefix that need not be.
        if f"{raw.decode('latin-1')}/".startswith(f"{prefix}/"):
            return {**scope, **rest, "raw_path": raw[len(prefix) :] or b"/"}
        return {**scope, **rest, "raw_path": None}
