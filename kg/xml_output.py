"""XML on its way out: what XML cannot hold ends the answer, instead of spoiling it."""

from __future__ import annotations

import io
import re
from typing import IO, TYPE_CHECKING

from kg.query_error import QueryFailedError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

__all__ = ["NotXmlError", "XmlOutput"]

_PIECE = 64 * 1024
_CONTROLS = tuple(bytes([code]) for code in range(0x20) if code not in (0x09, 0x0A, 0x0D))
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NO_CHARACTER = re.compile(rb"\xef\xbf[\xbe\xbf]")


class NotXmlError(QueryFailedError):
    """A text holds a character that no XML document can (XML 1.0, section 2.2)."""

    def __init__(self, character: str) -> None:
        super().__init__(
            f"the answer holds the character U+{ord(character):04X}, which XML cannot carry",
            hint="ask for JSON or CSV, or for triples as Turtle, which can",
        )


class XmlOutput(io.BufferedWriter):
    r"""An output for the XML of an engine, which writes the characters of literals as they are.

    Carriage returns become references: a reader would take them for ends of lines. Raises
    NotXmlError for a character that cannot be in XML, at the latest when it is closed.

    >>> output = io.BytesIO()
    >>> with XmlOutput(output) as xml:
    ...     _ = xml.write(b"<a>\r</a>")
    >>> output.getvalue()
    b'<a>&#xD;</a>'
    >>> with XmlOutput(output) as xml:
    ...     _ = xml.write(b"<a>\x01</a>")
    Traceback (most recent call last):
    kg.xml_output.NotXmlError: the answer holds the character U+0001, which XML cannot carry
    hint: ask for JSON or CSV, or for triples as Turtle, which can
    """

    def __init__(self, output: IO[bytes]) -> None:
        super().__init__(_Checked(output), _PIECE)


class _Checked(io.RawIOBase):
    """Passes pieces on that hold nothing but characters of XML."""

    def __init__(self, output: IO[bytes]) -> None:
        super().__init__()
        self._output = output
        self._last = b""

    def writable(self) -> bool:
        """Tell that the output can be written to."""
        return True

    def write(self, piece: ReadableBuffer) -> int:
        """Pass a piece on."""
        text = bytes(piece)
        _check(text, self._last)
        self._last = text[-2:]
        self._output.write(text.replace(b"\r", b"&#xD;") if b"\r" in text else text)
        return len(text)


def _check(text: bytes, before: bytes) -> None:
    """Refuse a piece, of which a character may have started in the piece before."""
    # Single bytes are found at the speed of memory; a pattern for all takes ten times as long.
    if any(map(text.__contains__, _CONTROLS)):
        raise NotXmlError(_FORBIDDEN.findall(text.decode(errors="ignore"))[0])
    if (b"\xef" in text or b"\xef" in before) and (found := _NO_CHARACTER.search(before + text)):
        raise NotXmlError(found[0].decode())
