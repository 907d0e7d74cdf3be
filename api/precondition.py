"""Requests on a condition: ``If-Match`` and ``If-None-Match`` (RFC 9110, section 13)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from starlette.requests import Request

from api.problems import PreconditionFailed

__all__ = ["Precondition"]


@dataclass(frozen=True)
class Precondition:
    """The tags that what is written or read must have, and must not have; ``*`` is any at all."""

    needed: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()

    @classmethod
    def of_request(cls, request: Request) -> Precondition:
        """Return the condition of a request."""
        headers = (request.headers.getlist(name) for name in ("if-match", "if-none-match"))
        return cls(*(_tags(", ".join(values)) for values in headers))

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


def _tags(header: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in header.split(",") if each.strip())


def _meets(listed: Collection[str], tags: Collection[str]) -> bool:
    return bool(tags) and ("*" in listed or any(each in tags for each in listed))
