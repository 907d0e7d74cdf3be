"""Entity tags: the same snapshot, version, address and media type give the same answer."""

from __future__ import annotations

import hashlib

from starlette.requests import Request
from starlette.responses import Response

__all__ = ["asks_for_none", "digest_tag", "entity_tag", "knows", "not_modified", "tagged"]


def entity_tag(request: Request, snapshot: str, *parts: str) -> str:
    """Return the tag of the answer to a request; ``parts`` are what else the answer depends on."""
    scope = request.scope
    query = scope["query_string"].decode("latin-1")
    return digest_tag(snapshot, scope["path"], query, *parts)


def digest_tag(snapshot: str, *parts: str) -> str:
    """Return the tag of what a snapshot and some texts decide: its id, and a digest of the texts.

    >>> digest_tag("448eb71f55d8", "text/turtle")
    '"448eb71f55d8.d295df4e11ae61a5"'
    """
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return f'"{snapshot}.{digest}"'


def knows(request: Request, tag: str) -> bool:
    """Tell whether the client holds the answer with a tag already."""
    given = request.headers.get("if-none-match", "")
    return tag in (each.strip().removeprefix("W/") for each in given.split(","))


def asks_for_none(request: Request) -> bool:
    """Tell whether the client wants an answer only where there is none, by ``If-None-Match: *``.

    This is known when there is an answer: what is missing or wrong is still a problem.
    """
    return request.headers.get("if-none-match", "").strip() == "*"


def tagged(tag: str) -> dict[str, str]:
    """Return the headers of an answer with a tag: to be kept, and to be asked for again."""
    return {"ETag": tag, "Cache-Control": "no-cache"}


def not_modified(tag: str) -> Response:
    """Return the answer to a client that holds the answer already."""
    return Response(status_code=304, headers=tagged(tag))
