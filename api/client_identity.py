"""Who a client is, for fairness: its token, else its address, through trusted proxies only."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Protocol

from starlette.requests import Request
from starlette.types import Scope

__all__ = [
    "Address",
    "Network",
    "Tokens",
    "client_of",
    "find_client_address",
    "is_trusted",
    "own_call",
    "show_client",
]

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NOBODY = "unknown"
_OWN_CALL = "x-sarcoma-kg-call"
_OWN = secrets.token_hex(16)
_SITE = 64
"""Bits of an IPv6 address that name a site: whoever has one has all addresses below it."""


class Tokens(Protocol):
    """Something that knows which requests carry a valid token."""

    def allows(self, request: Request) -> bool:
        """Tell whether a request carries a valid token."""


def client_of(
    request: Request, trusted_proxies: Sequence[Network], tokens: Tokens | None = None
) -> str:
    """Return a name for the client of a request: the same for all that share one's fair part.

    Only a valid token counts: with any other, one client could be many. What this server calls of
    itself by SERVICE takes the part of no client.
    """
    if request.headers.get(_OWN_CALL) == _OWN:
        return "service"
    credentials = request.headers.get("authorization", "")
    if credentials and tokens is not None and tokens.allows(request):
        token = credentials.partition(" ")[2].strip()
        return "token:" + hashlib.sha256(token.encode()).hexdigest()[:16]
    return show_client(find_client_address(request.scope, trusted_proxies))


def own_call() -> dict[str, str]:
    """Return the header by which this server knows its own calls, when they come to itself."""
    return {_OWN_CALL: _OWN}


def show_client(address: Address | None) -> str:
    """Return the name of the client at an address.

    >>> show_client(ip_address("192.0.2.7")), show_client(ip_address("2001:db8:1:2:3::4"))
    ('192.0.2.7', '2001:db8:1:2::/64')
    """
    if address is None:
        return _NOBODY
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((int(address), _SITE), strict=False))


def find_client_address(scope: Scope, trusted_proxies: Sequence[Network]) -> Address | None:
    """Return the address that a request came from, or None where the connection has none.

    Behind trusted proxies it is the right-most address of ``X-Forwarded-For`` that is not a
    trusted proxy itself: what stands further left was written by the client. ``Forwarded``
    (RFC 7239) is not read: a proxy that writes one header passes the other on unread.
    """
    peer = _read_address(scope["client"][0]) if scope.get("client") else None
    if peer is None or not _is_within(peer, trusted_proxies):
        return peer
    known = peer
    for hop in reversed(_forwarded_for(scope)):
        address = _read_address(hop)
        if address is None:
            return known
        known = address
        if not _is_within(address, trusted_proxies):
            return known
    return known


def is_trusted(host: str, trusted_proxies: Sequence[Network]) -> bool:
    """Tell whether the address of a connection is that of a trusted proxy."""
    address = _read_address(host)
    return address is not None and _is_within(address, trusted_proxies)


def _forwarded_for(scope: Scope) -> list[str]:
    values = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return [hop for value in values for hop in value.decode("latin-1").split(",") if hop.strip()]


def _is_within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


@lru_cache(maxsize=1024)
def _read_address(text: str) -> Address | None:
    """Return the address in a text, where some proxies add a port or a zone.

    >>> _read_address(" [2001:db8::1%eth0]:4711"), _read_address("192.0.2.7:80")
    (IPv6Address('2001:db8::1'), IPv4Address('192.0.2.7'))
    >>> _read_address("::ffff:192.0.2.7"), _read_address("unknown")
    (IPv4Address('192.0.2.7'), None)
    """
    bare = text.strip().strip('"')
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
