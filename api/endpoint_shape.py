"""Whether an endpoint's answer is whole, and of a shape that its reader can take.

The engine reads an answer row by row: it takes a document that breaks off between two rows for a
whole one, and what it stumbles over in a later row ends the query, SILENT or not.
"""

from __future__ import annotations

import re
import xml.parsers.expat
from array import array
from itertools import accumulate
from typing import Protocol

from kg.formats import ResultFormat

__all__ = ["DEEPEST_ANSWER", "MOST_VARIABLES", "ShapeError", "ShapeReader", "read_shape"]

DEEPEST_ANSWER = 100
"""How deep elements, arrays and objects may nest: a triple in a triple takes two or three."""

MOST_VARIABLES = 1_000
"""The engine needs time by the square of them."""

_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_VARIABLES = re.compile(rb'"vars"\s*:\s*\[([^\]]{0,1000000})')
_STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")
_OTHERS = bytes(set(range(256)) - set(b"[{]}"))
_TOO_DEEP = f"nests more than {DEEPEST_ANSWER} deep"
_TOO_MANY = f"has more than {MOST_VARIABLES:,} variables"


class ShapeError(ValueError):
    """What an answer does wrong, as the predicate of a sentence about it."""


class ShapeReader(Protocol):
    """Looks at an answer piece by piece."""

    def add(self, piece: bytes) -> None:
        """Look at the next piece; raises ShapeError."""

    def end(self, body: bytes) -> None:
        """Look at all pieces together; raises ShapeError where they break off."""


def read_shape(media_type: str) -> ShapeReader:
    """Return what looks at an answer of a media type: results in XML, else in JSON.

    >>> reader = read_shape("application/sparql-results+xml")
    >>> reader.add(b"<sparql><results>")
    >>> reader.end(b"<sparql><results>")
    Traceback (most recent call last):
    api.endpoint_shape.ShapeError: is no whole XML document: no element found
    """
    form = ResultFormat.XML
    return _Xml() if media_type in (form.media_type, *form.also) else _Json()


class _Xml:
    """Reads XML, and no entities: whoever declares some is refused."""

    def __init__(self) -> None:
        self._parser = parser = xml.parsers.expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        self._depth = self._variables = 0

    def add(self, piece: bytes) -> None:
        self._parse(piece, is_last=False)

    def end(self, body: bytes) -> None:  # noqa: ARG002 - the parser has read it
        self._parse(b"", is_last=True)

    def _parse(self, piece: bytes, *, is_last: bool) -> None:
        try:
            self._parser.Parse(piece, is_last)
        except xml.parsers.expat.ExpatError as error:
            reason = xml.parsers.expat.ErrorString(error.code)
            raise ShapeError(f"is no whole XML document: {reason}") from None

    def _refuse_doctype(self, *_: object) -> None:
        raise ShapeError("has a DOCTYPE, which is never read here")

    def _open(self, name: str, _: object) -> None:
        self._depth += 1
        if self._depth > DEEPEST_ANSWER:
            raise ShapeError(_TOO_DEEP)
        if name.endswith("variable"):
            self._variables += 1
            if self._variables > MOST_VARIABLES:
                raise ShapeError(_TOO_MANY)

    def _close(self, _: str) -> None:
        self._depth -= 1


class _Json:
    """Counts the brackets of JSON outside of its strings: that is cheap, and tells the end."""

    def __init__(self) -> None:
        self._depth = 0
        self._is_in_string = False
        self._rest = b""

    def add(self, piece: bytes) -> None:
        text = self._rest + piece
        kept = len(text) - (len(text) - len(text.rstrip(b"\\"))) % 2
        self._rest = text[kept:]
        parts = _ESCAPE.sub(b"", text[:kept]).split(b'"')
        steps = array("b", b"".join(parts[self._is_in_string :: 2]).translate(_STEPS, _OTHERS))
        if max(accumulate(steps, initial=self._depth)) > DEEPEST_ANSWER:
            raise ShapeError(_TOO_DEEP)
        self._depth += sum(steps)
        self._is_in_string ^= len(parts) % 2 == 0

    def end(self, body: bytes) -> None:
        text = body.strip()
        is_closed = text.startswith(b"{") and text.endswith(b"}")
        if not is_closed or self._depth != 0 or self._is_in_string:
            raise ShapeError("is no whole JSON object")
        found = _VARIABLES.search(text)
        if found and found[1].count(b'"') > 2 * MOST_VARIABLES:
            raise ShapeError(_TOO_MANY)
