"""Requests on a condition: ``If-Match`` and ``If-None-Match`` (RFC 9110, section 13)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import PreconditionFailed, problem_of
from api.raw_headers import find_header, find_headers, has_any

__all__ = ["Precondition", "ReadIfMatch"]

_GOOD = frozenset({200, 206, 304})
_TAG_END = '-gzip"'
_NAMES = (b"if-match", b"if-none-match")
_CONDITIONS = frozenset(_NAMES)


@dataclass(frozen=True)
class Precondition:
    """The tags that what is written or read must have, and must not have; ``*`` is any at all."""

    needed: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()

    @classmethod
    def of_request(cls, request: Request) -> Precondition:
        """Return the condition of a request."""
        sent = request.scope["headers"]
        if not has_any(sent, _CONDITIONS):
            return _NO_CONDITION
        return cls(*(_tags(b", ".join(find_headers(sent, name))) for name in _NAMES))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked."""
        return not (self.needed or self.unwanted)

    def check(self, tags: Collection[str]) -> None:
        """Raise PreconditionFailed unless a thing is as wanted; it has no tag if it is not there.

        >>> Precondition(unwanted=("*",)).check([])
        >>> Precondition(needed=('"a"', '"b"')).check(['"b"'])
        """
        self._check_needed(tags, "written")
        if _meets(self.unwanted, tags):
            raise PreconditionFailed(
                "If-None-Match does not hold: what is written is there already"
            )

    def check_reading(self, tag: str) -> None:
        """Raise PreconditionFailed for an answer with another tag than ``If-Match`` names.

        What ``If-None-Match`` names is no failure here: the answer is known already.

        >>> Precondition(needed=('"a"',), unwanted=('"a"',)).check_reading('"a"')
        """
        self._check_needed([tag], "read")

    def _check_needed(self, tags: Collection[str], done: str) -> None:
        if self.needed and not _meets(self.needed, tags):
            there = "has another tag" if tags else "is not there"
            raise PreconditionFailed(f"If-Match does not hold: what is {done} {there}")


_NO_CONDITION = Precondition()


class ReadIfMatch:
    """Answers 412 in place of what is read where ``If-Match`` names other tags than it has.

    What is written has its condition checked before it is written.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, and hold its answer against the condition."""
        is_reading = scope["type"] == "http" and scope["method"] == "GET"
        if not is_reading or find_header(scope["headers"], b"if-match") is None:
            await self._app(scope, receive, send)
            return
        condition = Precondition.of_request(Request(scope))
        refused = False

        async def checked(message: Message) -> None:
            nonlocal refused
            if not refused and message["type"] == "http.response.start":
                problem = _find_unmet(condition, message)
                if problem is not None:
                    refused = True
                    await problem_of(Request(scope), problem)(scope, receive, send)
            if not refused:
                await send(message)

        await self._app(scope, receive, checked if condition.needed else send)


def _find_unmet(condition: Precondition, head: Message) -> PreconditionFailed | None:
    """Return what is wrong with an answer, whose tag may name its encoding."""
    tag = Headers(raw=head["headers"]).get("etag", "")
    if head["status"] not in _GOOD or not tag:
        return None
    try:
        condition.check_reading(tag.replace(_TAG_END, '"'))
    except PreconditionFailed as error:
        return error
    return None


def _tags(header: bytes) -> tuple[str, ...]:
    listed = header.decode("latin-1").split(",")
    return tuple(each.strip() for each in listed if each.strip())


def _meets(listed: Collection[str], tags: Collection[str]) -> bool:
    return bool(tags) and ("*" in listed or any(each in tags for each in listed))
