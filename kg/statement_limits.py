"""What a statement may be at most, so that what is written can be read again."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pyoxigraph import Quad

from kg.query_error import QueryError

__all__ = [
    "LONGEST_STATEMENT",
    "StatementError",
    "check_lengths",
    "check_statement",
    "check_statements",
    "explain_memory_error",
    "find_long_statement",
]

LONGEST_STATEMENT = 16_000_000
"""Bytes of a statement as N-Quads: the engine's readers take 16 MiB, 2**24, for one."""

_SHOWN = 120
_HINT = "keep long texts in files of their own, and refer to them"
_FULL_BUFFER = "Reached the buffer maximal size"
_ESCAPES = re.compile(rb"(?<!\\)(\\+)u0000")
_NUL_ESCAPE = rb"\u0000"


class StatementError(QueryError):
    """A write has a statement that could not be kept, or not be sent again."""


def check_statements(lines: Iterable[bytes]) -> None:
    r"""Refuse statements, as lines of N-Quads that the engine wrote, that none may be.

    Raises StatementError for one that is too long, and for a NUL, which no document that is
    uploaded may hold either.

    >>> check_statements([rb'<e:a> <e:b> "\\u0000" .'])
    >>> check_statements([rb'<e:a> <e:b> "\u0000" .'])
    Traceback (most recent call last):
    kg.statement_limits.StatementError: a value of <e:a> <e:b> holds a NUL character
    hint: leave it out
    """
    for line in lines:
        if len(line) > LONGEST_STATEMENT:
            raise StatementError(_too_long(line), hint=_HINT)
        if _NUL_ESCAPE in line and _holds_nul(line):
            message = f"a value of {_start(line)} holds a NUL character"
            raise StatementError(message, hint="leave it out")


def check_statement(quad: Quad) -> None:
    """Refuse a quad that is too long as N-Quads; raises StatementError."""
    line = f"{quad} ."
    # A character has at most four bytes.
    if 4 * len(line) > LONGEST_STATEMENT and len(line.encode()) > LONGEST_STATEMENT:
        raise StatementError(_too_long(line.encode()), hint=_HINT)


def check_lengths(lines: Iterable[bytes]) -> None:
    """Refuse lines of N-Quads of which one is too long; raises StatementError."""
    longest = max(lines, key=len, default=b"")
    if len(longest) > LONGEST_STATEMENT:
        raise StatementError(_too_long(longest), hint=_HINT)


def find_long_statement(quads: bytes) -> str | None:
    """Return what is wrong with a line of N-Quads that is too long, or None."""
    if len(quads) <= LONGEST_STATEMENT:
        return None
    longest = max(quads.split(b"\n"), key=len)
    return _too_long(longest) if len(longest) > LONGEST_STATEMENT else None


def explain_memory_error(error: MemoryError) -> str | None:
    """Return what a reader of the engine met that was too long for it; None: memory ran out."""
    if _FULL_BUFFER not in str(error):
        return None
    return "a term or a comment has more than 16 MiB, which no reader of the engine takes"


def _holds_nul(line: bytes) -> bool:
    """Tell whether an escape of NUL has a backslash that none before it escapes."""
    return any(len(found[1]) % 2 for found in _ESCAPES.finditer(line))


def _too_long(line: bytes) -> str:
    return (
        f"a statement has at most {LONGEST_STATEMENT:,} bytes as N-Quads, "
        f"and one of {_start(line)} has {len(line):,}"
    )


def _start(line: bytes) -> str:
    """Return the subject and the predicate of a line, cut."""
    start = b" ".join(line[: 4 * _SHOWN].split(b" ", 2)[:2]).decode(errors="ignore")
    return start if len(start) <= _SHOWN else f"{start[:_SHOWN]}…"
