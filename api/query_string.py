"""The parameters of every request: an unknown or repeated one is refused, not ignored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.addresses import find_address
from api.problems import ParameterError, problem_of
from api.quotation import clipped
from kg.near import suggest

__all__ = ["KnownParameters", "check_parameters"]

_UPDATE = "update"


class KnownParameters:
    """Refuses requests with parameters that their address does not declare, or not twice."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a problem, or hand the request on."""
        if scope["type"] != "http" or not scope["query_string"]:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        address = find_address(request)
        try:
            if address and scope["method"] in address.methods and not address.takes_any:
                check_parameters(_names(scope["query_string"]), address.parameters)
        except ParameterError as error:
            await problem_of(request, error)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def check_parameters(given: Iterable[str], known: Mapping[str, bool]) -> None:
    """Raise ParameterError for a name that is not known, or repeated where that says nothing.

    >>> check_parameters(["q", "Limit"], {"q": False, "limit": False})
    Traceback (most recent call last):
    api.problems.ParameterError: there is no parameter 'Limit', only q, limit; did you mean 'limit'?
    """
    names = [*given]
    if len({*names}) == len(names) and known.keys() >= {*names}:
        return
    for name, times in Counter(names).items():
        if name not in known:
            raise ParameterError(clipped(name), _unknown(name, known))
        if times > 1 and not known[name]:
            raise ParameterError(name, f"the parameter {name} is given {times} times; give it once")


def _unknown(name: str, known: Mapping[str, bool]) -> str:
    if name == _UPDATE and "query" in known:
        return (
            "an update is no part of an address; POST it as the field update of a form, or as"
            " application/sparql-update"
        )
    if not known:
        return f"there is no parameter '{clipped(name)}'; this address takes none"
    listed = ", ".join(known)
    return f"there is no parameter '{clipped(name)}', only {listed}{suggest(name, known)}"


def _names(query_string: bytes) -> list[str]:
    """Return the names of parameters as ``parse_qsl`` does, without decoding the values.

    >>> _names(b"query=ASK+%7B%7D&default%2Dgraph-uri&&a+b=1")
    ['query', 'default-graph-uri', 'a b']
    """
    given = query_string.decode("latin-1").split("&")
    return [unquote(each.partition("=")[0].replace("+", " ")) for each in given if each]
