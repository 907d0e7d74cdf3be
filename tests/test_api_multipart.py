from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.multipart import MOST_PARTS, read_parts
from api.problems import ParameterError

BODY = (
    b'--x\r\nContent-Disposition: form-data; name="a"; filename="a.ttl"\r\n'
    b"Content-Type: text/turtle\r\n\r\none\r\n--x\r\n\r\ntwo\r\n\r\n--x--\r\n"
)


def body_of(*parts: bytes, boundary: bytes = b"x") -> bytes:
    started = b"".join(b"--%s\r\n\r\n%s\r\n" % (boundary, part) for part in parts)
    return started + b"--%s--\r\n" % boundary


def test_parts_have_headers_and_bytes() -> None:
    first, second = read_parts(BODY, b"x")
    assert first.body == b"one"
    assert first.headers["content-type"] == "text/turtle"
    assert 'filename="a.ttl"' in first.headers["content-disposition"]
    assert (second.headers, second.body) == ({}, b"two\r\n")


@given(st.lists(st.binary().filter(lambda part: b"--boundary" not in part), min_size=1))
def test_parts_come_back_byte_by_byte(parts: list[bytes]) -> None:
    read = read_parts(body_of(*parts, boundary=b"boundary"), b"boundary")
    assert [part.body for part in read] == parts


@given(st.binary(), st.binary(max_size=80))
def test_any_body_is_read_or_refused(body: bytes, boundary: bytes) -> None:
    with suppress(ParameterError):
        assert isinstance(read_parts(body, boundary), tuple)


@pytest.mark.parametrize("length", range(0, len(BODY) - 4, 7))
def test_a_body_that_is_cut_off_is_refused(length: int) -> None:
    with pytest.raises(ParameterError):
        read_parts(BODY[:length], b"x")


def test_a_body_without_a_boundary_is_refused() -> None:
    for body, boundary in ((b"text", b"x"), (BODY, b"y"), (BODY, b"x" * 5000)):
        with pytest.raises(ParameterError):
            read_parts(body, boundary)
    with pytest.raises(ParameterError, match="needs their boundary") as refused:
        read_parts(BODY, b"")
    assert refused.value.parameter == "Content-Type"


def test_there_are_only_so_many_parts() -> None:
    assert len(read_parts(body_of(*[b"a"] * MOST_PARTS), b"x")) == MOST_PARTS
    with pytest.raises(ParameterError, match=f"at most {MOST_PARTS} parts"):
        read_parts(body_of(*[b"a"] * (MOST_PARTS + 1)), b"x")
    many = b"".join(b"a%d: b\r\n" % n for n in range(1000))
    with pytest.raises(ParameterError, match="cannot be told apart"):
        read_parts(b"--x\r\n" + many + b"\r\na\r\n--x--\r\n", b"x")
