"""What the head of a request must be (RFC 9112), and the refusal of what is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.own_address import is_host
from api.problems import ParameterError, ProblemKind, problem_of, show_problem
from api.quotation import quoted
from api.raw_headers import find_headers

__all__ = [
    "REFUSAL",
    "Header",
    "Refusal",
    "WellFormed",
    "chunks_too_small",
    "head_too_long",
    "no_request",
    "target_too_long",
    "with_host_of_target",
    "without_upgrade",
]

REFUSAL = "sarcoma_kg.refusal"
"""The extension of a scope that stands in for what is no request; its value is the `Refusal`."""

_VERSIONS = ("1.0", "1.1")

Header = tuple[bytes, bytes]


@dataclass(frozen=True)
class Refusal:
    """Why something is no request that is answered: a status, and a sentence."""

    status: int
    detail: str


class WellFormed:
    """Answers what is no request with a problem, before anybody else reads it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on if it is one."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif refusal := scope.get("extensions", {}).get(REFUSAL) or _find_refusal(scope):
            kind = ProblemKind(
                f"http-{refusal.status}", refusal.status, HTTPStatus(refusal.status).phrase
            )
            answer = show_problem(kind, refusal.detail, {"Connection": "close"})
            await answer(scope, receive, send)
        elif fault := _find_fault_of_host(scope):
            await problem_of(Request(scope), fault)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _find_refusal(scope: Scope) -> Refusal | None:
    version = scope.get("http_version", "1.1")
    if version not in _VERSIONS:
        return Refusal(505, f"HTTP/{version} is not spoken here; send the request in HTTP/1.1")
    for value in find_headers(scope["headers"], b"transfer-encoding"):
        if value.strip().lower() != b"chunked":
            detail = f"the transfer coding {quoted(value.decode('latin-1'))} is not known; "
            return Refusal(501, detail + "send the body as it is, or in chunks")
    return None


def _find_fault_of_host(scope: Scope) -> ParameterError | None:
    """Return what is wrong with the header Host (RFC 9112, section 3.2); it may be empty."""
    hosts = [value.decode("latin-1") for value in find_headers(scope["headers"], b"host")]
    if len(hosts) > 1:
        return ParameterError("Host", f"the header Host is given {len(hosts)} times; send it once")
    if not hosts and scope.get("http_version", "1.1") != "1.0":
        return ParameterError("Host", "the header Host is missing; HTTP/1.1 needs it")
    wrong = next((host for host in hosts if host and not is_host(host)), None)
    if wrong is None:
        return None
    return ParameterError("Host", f"the header Host is {quoted(wrong)}, which is no host")


def target_too_long(longest: int) -> Refusal:
    """Return the refusal of an address that is longer than so many bytes."""
    return Refusal(
        414,
        f"the address of a request has at most {longest:,} bytes; send a long query in the body "
        "of a POST",
    )


def head_too_long(longest: int) -> Refusal:
    """Return the refusal of a head that is longer than so many bytes."""
    return Refusal(431, f"the lines before the body of a request have at most {longest:,} bytes")


def chunks_too_small() -> Refusal:
    """Return the refusal of a chunked body that is more framing than body."""
    return Refusal(
        400, "the chunks of the body are too small, or what follows them is too long: send larger"
    )


def no_request(reason: str) -> Refusal:
    """Return the refusal of what cannot be read as a request."""
    return Refusal(
        400,
        f"what came is no request in HTTP/1.1 ({reason}); all but ASCII is percent-encoded in an "
        "address",
    )


def without_upgrade(headers: Sequence[Header]) -> list[Header]:
    """Return headers without the wish for another protocol.

    >>> without_upgrade([(b"upgrade", b"h2c"), (b"connection", b"Upgrade, close")])
    [(b'connection', b'close')]
    """
    return [
        (name, _without_token(value, b"upgrade") if name == b"connection" else value)
        for name, value in headers
        if name != b"upgrade"
    ]


def _without_token(value: bytes, token: bytes) -> bytes:
    listed = (each.strip() for each in value.split(b","))
    return b", ".join(each for each in listed if each.lower() != token)


def with_host_of_target(target: bytes, headers: Sequence[Header]) -> list[Header]:
    """Return headers in which the host is that of a whole address (RFC 9112, section 3.2.2).

    >>> with_host_of_target(b"http://b:1/sparql", [(b"host", b"a")])
    [(b'host', b'b:1')]
    """
    if target.startswith(b"/") or b"://" not in target:
        return list(headers)
    host = urlsplit(target).netloc.rpartition(b"@")[2]
    return [(name, host if name == b"host" else value) for name, value in headers]
