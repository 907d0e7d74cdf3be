from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests_at_hand import request_of

from api.problems import TooLarge, UnsupportedMedia
from api.request_body import ContentType, read_body, read_content_type, show_content_type


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, ContentType("")),
        ("", ContentType("")),
        ("text/turtle", ContentType("text/turtle")),
        (" Text/Turtle ;Charset=UTF-8", ContentType("text/turtle", "UTF-8")),
        ('text/turtle; charset="utf-8"', ContentType("text/turtle", "utf-8")),
        ("multipart/mixed; boundary=a-b", ContentType("multipart/mixed", "", b"a-b")),
        ('multipart/mixed; boundary="a b"', ContentType("multipart/mixed", "", b"a b")),
    ],
)
def test_a_content_type_is_read(header: str | None, expected: ContentType) -> None:
    assert read_content_type(header) == expected


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8", "Utf_8", '"UTF-8"', "'utf-8'", ""])
def test_utf_8_is_known_in_any_spelling(charset: str) -> None:
    assert read_content_type(f"a/b; charset={charset}").is_utf_8


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "us-ascii", "utf-8-sig", "utf-80", "x"])
def test_another_charset_is_not_utf_8(charset: str) -> None:
    assert not read_content_type(f"a/b; charset={charset}").is_utf_8


@given(st.text(st.characters(max_codepoint=255)))
def test_any_header_is_read(header: str) -> None:
    assert isinstance(read_content_type(header).is_utf_8, bool)
    assert len(show_content_type(header)) < 200


def test_a_body_is_read_up_to_its_limit() -> None:
    pieces = [b"12345", b"", b"67890"]
    assert asyncio.run(read_body(request_of(pieces=pieces), 10)) == b"1234567890"
    with pytest.raises(TooLarge, match="at most 9 bytes"):
        asyncio.run(read_body(request_of(pieces=pieces), 9))


def test_a_body_that_says_it_is_too_large_is_not_read() -> None:
    request = request_of(body=b"", headers=[("Content-Length", "1000001")])
    with pytest.raises(TooLarge, match="at most 1,000,000 bytes"):
        asyncio.run(read_body(request, 1_000_000))


@pytest.mark.parametrize("length", ["-1", "x", "1e9", "²", ""])
def test_a_length_that_is_none_does_not_count(length: str) -> None:
    request = request_of(body=b"a", headers=[("Content-Length", length)])
    assert asyncio.run(read_body(request, 10)) == b"a"


def test_a_compressed_body_is_refused() -> None:
    request = request_of(body=b"a", headers=[("Content-Encoding", "gzip")])
    with pytest.raises(UnsupportedMedia, match="not as gzip"):
        asyncio.run(read_body(request, 10))
    plain = request_of(body=b"a", headers=[("Content-Encoding", "Identity")])
    assert asyncio.run(read_body(plain, 10)) == b"a"
