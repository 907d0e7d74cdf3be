"""The address that a client knows the server by: its own names are made of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.requests import Request

from api.client_identity import Network, find_client_address
from api.prefix import prefix_of
from api.problems import ParameterError
from api.quotation import quoted

__all__ = ["is_host", "own_address"]

_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~-]+)(?::[0-9]{1,5})?")
_USUAL_PORTS = {"http": ":80", "https": ":443"}


def own_address(request: Request, trusted_proxies: Sequence[Network] = ()) -> str:
    """Return the address of the server, as its client wrote it: ``http://localhost:8000``.

    Where a proxy shows the server below a path, that follows. The scheme is that of
    ``X-Forwarded-Proto`` where a trusted proxy sent it; proxies pass the header Host on. Raises
    ParameterError for a Host that is none.
    """
    given = request.headers.get("host") or request.url.netloc
    if not is_host(given):
        raise ParameterError("Host", f"the header Host is {quoted(given)}, which is no host")
    scheme = _scheme(request, trusted_proxies)
    host = given.lower().removesuffix(_USUAL_PORTS[scheme])
    return f"{scheme}://{host}{prefix_of(request.scope)}"


def is_host(text: str) -> bool:
    """Tell whether a text is a host, with or without a port.

    >>> is_host("kg.example.org:8443"), is_host("a/b")
    (True, False)
    """
    return _HOST.fullmatch(text) is not None


def _scheme(request: Request, trusted_proxies: Sequence[Network]) -> str:
    peer = find_client_address(request.scope, ())
    forwarded = request.headers.get("x-forwarded-proto", "").strip().lower()
    if forwarded in _USUAL_PORTS and peer and any(peer in each for each in trusted_proxies):
        return forwarded
    return "https" if request.url.scheme == "https" else "http"
