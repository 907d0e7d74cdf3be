"""What a client wrote, as a message repeats it: quoted, and not at any length."""

from __future__ import annotations

__all__ = ["clipped", "quoted"]

_LONGEST = 100


def clipped(text: str) -> str:
    """Return a text of at most 100 characters, cut with an ellipsis.

    >>> clipped("imatinib")
    'imatinib'
    >>> len(clipped("a" * 5000))
    100
    """
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def quoted(text: object) -> str:
    r"""Return a value in quotation marks, clipped, with control characters escaped.

    >>> quoted("two\nlines")
    "'two\\nlines'"
    """
    return repr(clipped(str(text)))
