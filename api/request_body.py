"""The body of a request: what its header says of it, and its bytes up to a limit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from python_multipart.multipart import parse_options_header
from starlette.requests import Request

from api.problems import TooLarge, UnknownCoding
from api.quotation import clipped

__all__ = ["MIB", "ContentType", "read_body", "read_content_type", "show_content_type"]

MIB = 1024 * 1024
_UTF_8 = re.compile(r"utf[-_ ]?8", re.IGNORECASE)


@dataclass(frozen=True)
class ContentType:
    """The media type of a body, in small letters, and those of its parameters that count."""

    media_type: str
    charset: str = ""
    boundary: bytes = b""

    @property
    def is_utf_8(self) -> bool:
        """Whether the text is UTF-8, in any spelling of it; what says nothing is."""
        return not self.charset or _UTF_8.fullmatch(self.charset) is not None


def read_content_type(header: str | None) -> ContentType:
    """Return what a Content-Type header says; without one, the media type is empty.

    >>> read_content_type("Text/Turtle; charset='UTF8'")
    ContentType(media_type='text/turtle', charset='UTF8', boundary=b'')
    >>> read_content_type("text/turtle; charset=UTF-16").is_utf_8
    False
    """
    media_type, parameters = parse_options_header(header)
    charset = parameters.get(b"charset", b"").decode("latin-1").strip("' ")
    return ContentType(
        media_type.decode("latin-1").strip().lower(), charset, parameters.get(b"boundary", b"")
    )


def show_content_type(header: str | None) -> str:
    """Return how a message names the media type that a request has.

    >>> show_content_type(None)
    'the header Content-Type is missing'
    """
    return f"this one is {clipped(header)}" if header else "the header Content-Type is missing"


async def read_body(request: Request, longest: int) -> bytes:
    """Return the body of a request; ``longest`` is in bytes.

    Raises TooLarge, before it reads where the header tells the length, and UnknownCoding for a
    compressed body.
    """
    encoding = request.headers.get("content-encoding", "identity")
    if encoding.strip().lower() not in ("identity", ""):
        raise UnknownCoding(f"a body is sent as it is, and not as {clipped(encoding)}")
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > longest:
        raise _too_large(longest)
    held = bytearray()
    async for piece in request.stream():
        held += piece
        if len(held) > longest:
            raise _too_large(longest)
    return bytes(held)


def _too_large(longest: int) -> TooLarge:
    return TooLarge(f"the body of this request has at most {longest:,} bytes")
