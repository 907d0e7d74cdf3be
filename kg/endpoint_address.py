"""The address of a SPARQL endpoint, as people give it and as it may be shown."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

__all__ = ["check_address", "without_secret"]

_SECRET = re.compile(r"(?<=://)[^/?#]*@")


def check_address(address: str) -> str:
    """Return an address over which an endpoint can be asked; raises ValueError for another.

    >>> check_address("http://127.0.0.1:7878/query")
    'http://127.0.0.1:7878/query'
    >>> check_address("http://127.0.0.1:99999/query")
    Traceback (most recent call last):
    ValueError: its port is no number from 1 to 65535
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or not address.isprintable():
        raise ValueError("it is the whole address of an endpoint: http:// or https://, and a host")
    if not _has_port_of_tcp(address):
        raise ValueError("its port is no number from 1 to 65535")
    if parts.fragment:
        raise ValueError("an endpoint has no #fragment; leave it out")
    return address


def _has_port_of_tcp(address: str) -> bool:
    try:
        return urlsplit(address).port != 0
    except ValueError:
        return False


def without_secret(address: str) -> str:
    """Return an address without the name and the password that may stand in it.

    >>> without_secret("http://me:secret@127.0.0.1:7878/query")
    'http://127.0.0.1:7878/query'
    >>> without_secret("http://127.0.0.1:7878?ask=me@home")
    'http://127.0.0.1:7878?ask=me@home'
    """
    # What is no address is shown too, so that nothing is parsed here.
    return _SECRET.sub("", address, count=1)
