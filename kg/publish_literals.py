"""Literals that an engine keeps in another form: what changed, and whether the value did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from pyoxigraph import Literal

__all__ = ["change_of", "find_change"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_WHOLE = frozenset(
    _XSD + name
    for name in (
        "integer",
        "int",
        "long",
        "short",
        "byte",
        "nonNegativeInteger",
        "positiveInteger",
        "nonPositiveInteger",
        "negativeInteger",
        "unsignedLong",
        "unsignedInt",
        "unsignedShort",
        "unsignedByte",
    )
)
_NUMBERS = _WHOLE | {_XSD + "decimal"}
_FLOATS = frozenset({_XSD + "double", _XSD + "float"})
_BOOLEANS: Mapping[str, bool] = MappingProxyType(
    {"true": True, "1": True, "false": False, "0": False}
)


def find_change(sent: Literal, found: Iterable[Literal]) -> tuple[str, Literal] | None:
    """Return how a literal was changed, and into which of those found; None for a lost value."""
    return next(
        ((change, other) for other in found if (change := change_of(sent, other)) is not None), None
    )


def change_of(sent: Literal, found: Literal) -> str | None:
    """Return how an engine changed a literal whose value it kept; None for another value.

    >>> from pyoxigraph import NamedNode
    >>> decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    >>> change_of(Literal("5.40", datatype=decimal), Literal("5.4", datatype=decimal))
    'decimal in another form'
    >>> change_of(Literal("5.40", datatype=decimal), Literal("5.5", datatype=decimal)) is None
    True
    >>> change_of(Literal("a", language="en-GB"), Literal("a", language="en-gb"))
    'language tag in another case'
    """
    if sent.language or found.language:
        is_same = sent.value == found.value and _tag(sent) == _tag(found)
        return "language tag in another case" if is_same else None
    name = _local(sent)
    if sent.datatype != found.datatype:
        if sent.value == found.value:
            return f"{name} as {_local(found)}"
        both = {sent.datatype.value, found.datatype.value}
        if not (both <= _NUMBERS and _value(sent) == _value(found) is not None):
            return None
        return f"{name} as {_local(found)}"
    mine, other = _value(sent), _value(found)
    return f"{name} in another form" if mine is not None and mine == other else None


def _value(literal: Literal) -> object | None:
    """Return the value of a literal in a form that can be compared, or None for texts."""
    datatype = literal.datatype.value
    try:
        if datatype in _NUMBERS:
            return Decimal(literal.value)
        if datatype in _FLOATS:
            return float(literal.value)
        read = _READERS.get(datatype)
        return read(literal.value) if read else None
    except (ValueError, KeyError, InvalidOperation):
        return None


def _instant(text: str) -> tuple[datetime, bool]:
    read = datetime.fromisoformat(text)
    return (read.astimezone(UTC), True) if read.tzinfo else (read, False)


def _day(text: str) -> tuple[str, str]:
    """Return a date and its time zone."""
    zone = text[10:].replace("Z", "+00:00")
    return text[:10], zone


def _tag(literal: Literal) -> str:
    return (literal.language or "").lower()


def _local(literal: Literal) -> str:
    return literal.datatype.value.rpartition("#")[2]


_READERS: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {
        _XSD + "boolean": _BOOLEANS.__getitem__,
        _XSD + "dateTime": _instant,
        _XSD + "date": _day,
    }
)
