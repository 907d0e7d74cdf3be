"""The choice of a media type by an Accept header, with its q-values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["MediaRange", "choose_media_type", "read_accept"]

_QUOTED = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?')
_QUALITY = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")
_EMPTY = ", \t"
"""What a list without members may hold (RFC 9110, section 5.6.1)."""

_MOST_RANGES = 100
"""Every range is held against every type that is offered: a header of thousands takes time."""


@dataclass(frozen=True)
class MediaRange:
    """One member of an Accept header, parameters other than ``q`` left out."""

    kind: str
    subtype: str
    quality: float = 1.0

    @property
    def specificity(self) -> int:
        """How narrow the range is: 0 for ``*/*``, 1 for ``text/*``, 2 for ``text/csv``."""
        return (self.kind != "*") + (self.subtype != "*")

    def covers(self, media_type: str) -> bool:
        """Tell whether the range covers a media type; parameters do not count."""
        kind, _, subtype = media_type.partition(";")[0].strip().lower().partition("/")
        return self.kind in ("*", kind) and self.subtype in ("*", subtype)


def read_accept(accept: str) -> tuple[MediaRange, ...]:
    """Return the ranges of an Accept header, the first hundred; what is none is left out.

    See https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1.

    >>> [(each.subtype, each.quality) for each in read_accept("text/csv, application/*;q=0.5")]
    [('csv', 1.0), ('*', 0.5)]
    """
    # No quality is quoted, and what is quoted may hold commas.
    members = _QUOTED.sub("", accept).split(",")
    ranges = map(_read_range, members[:_MOST_RANGES])
    return tuple(each for each in ranges if each is not None)


def choose_media_type(accept: str | None, offered: Sequence[str]) -> str | None:
    """Return the offered media type that an Accept header likes best, or None.

    Equal wishes go to the type named more exactly, then to the one offered first; no header,
    or one that lists nothing, means anything.

    >>> choose_media_type("text/csv;q=0.5, */*;q=0.1", ["application/json", "text/csv"])
    'text/csv'
    >>> choose_media_type(None, ["application/json", "text/csv"])
    'application/json'
    >>> choose_media_type("image/png", ["application/json"]) is None
    True
    """
    if accept is None or not accept.strip(_EMPTY):
        return offered[0]
    ranges = read_accept(accept)
    wishes = [(*_wish(each, ranges), -order, each) for order, each in enumerate(offered)]
    quality, _, _, best = max(wishes)
    return best if quality > 0 else None


def _wish(media_type: str, ranges: Sequence[MediaRange]) -> tuple[float, int]:
    covering = [each for each in ranges if each.covers(media_type)]
    if not covering:
        return (0.0, 0)
    narrowest = max(covering, key=lambda each: (each.specificity, each.quality))
    return (narrowest.quality, narrowest.specificity)


def _read_range(member: str) -> MediaRange | None:
    name, *parameters = (part.strip() for part in member.split(";"))
    kind, slash, subtype = name.lower().partition("/")
    if not (kind and slash and subtype):
        return None
    return MediaRange(kind, subtype, _read_quality(parameters))


def _read_quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "q":
            return _quality(value.strip())
    return 1.0


def _quality(value: str) -> float:
    """Return a q-value: what is none wishes for nothing."""
    return min(float(value), 1.0) if _QUALITY.fullmatch(value) else 0.0
