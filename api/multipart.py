"""The parts of a multipart body (RFC 2046): of a form with files, or of documents one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError

from api.problems import ParameterError

__all__ = ["MOST_PARTS", "Part", "read_parts"]

MOST_PARTS = 100
_MOST_HEADERS = 16


@dataclass(frozen=True)
class Part:
    """A part: its headers, their names in small letters, and its bytes."""

    headers: Mapping[str, str]
    body: bytes


@dataclass
class _Reader:
    """Takes what the parser finds."""

    parts: list[Part] = field(default_factory=list)
    is_whole: bool = False
    _headers: dict[str, str] = field(default_factory=dict)
    _name: bytearray = field(default_factory=bytearray)
    _value: bytearray = field(default_factory=bytearray)
    _body: bytearray = field(default_factory=bytearray)

    def on_part_begin(self) -> None:
        self._headers, self._body = {}, bytearray()
        if len(self.parts) == MOST_PARTS:
            raise ParameterError("body", f"a body has at most {MOST_PARTS} parts")

    def on_header_begin(self) -> None:
        self._name, self._value = bytearray(), bytearray()

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def on_header_end(self) -> None:
        name = self._name.decode("latin-1").lower()
        self._headers[name] = self._value.decode("latin-1")

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._body += memoryview(data)[start:end]

    def on_part_end(self) -> None:
        self.parts.append(Part(self._headers, bytes(self._body)))

    def on_end(self) -> None:
        self.is_whole = True


def read_parts(body: bytes, boundary: bytes) -> tuple[Part, ...]:
    r"""Return the parts of a body; raises ParameterError for one that is ill-formed or cut off.

    >>> read_parts(b"--x\r\nContent-Type: text/turtle\r\n\r\n<> a <urn:A>.\r\n--x--\r\n", b"x")
    (Part(headers={'content-type': 'text/turtle'}, body=b'<> a <urn:A>.'),)
    """
    if not boundary:
        raise ParameterError(
            "Content-Type", "a body of parts needs their boundary; add boundary=... to the header"
        )
    reader = _Reader()
    callbacks = {name: getattr(reader, name) for name in dir(reader) if name.startswith("on_")}
    try:
        parser = MultipartParser(boundary, callbacks, max_header_count=_MOST_HEADERS)  # type: ignore[arg-type]
        parser.write(body)
        parser.finalize()
    except FormParserError as error:
        raise ParameterError(
            "body", f"the parts of the body cannot be told apart: {error}"
        ) from None
    if not reader.is_whole:
        raise ParameterError("body", "the body ends before the last boundary of its parts")
    return tuple(reader.parts)
