"""Compression changes nothing but the bytes on the way, and hides no failure."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from contextlib import nullcontext

import httpx
import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from api.compression import SHORTEST, Compression, encoding_of
from api.conditional import knows, not_modified, tagged
from api.middleware import CrossOrigin, HeadAsGet, StandardHeaders

LONG = b"<urn:s> <urn:p> <urn:o> .\n" * 8000
TAG = '"abc"'


async def answer(request: Request) -> Response:
    if knows(request, TAG):
        return not_modified(TAG)
    body = LONG[: int(request.query_params.get("size", len(LONG)))]
    media_type = request.query_params.get("type", "application/n-triples")
    return Response(body, media_type=media_type, headers=tagged(TAG))


async def stream(request: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(LONG), 5000):
            yield LONG[start : start + 5000]
            if "broken" in request.query_params and start > 100_000:
                raise ZeroDivisionError

    return StreamingResponse(pieces(), media_type="text/turtle")


async def match(request: Request) -> Response:
    return Response(request.headers.get("if-match", ""))


APP = Starlette(
    routes=[Route("/", answer), Route("/stream", stream), Route("/match", match, methods=["PUT"])],
    middleware=[
        Middleware(CrossOrigin),
        Middleware(StandardHeaders, snapshot=lambda: "abc"),
        Middleware(Compression),
        Middleware(HeadAsGet),
    ],
)


def ask(path: str = "/", method: str = "GET", **headers: str) -> httpx.Response:
    async def request() -> httpx.Response:
        transport = httpx.ASGITransport(APP)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            # httpx asks for gzip by itself.
            del client.headers["accept-encoding"]
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            return await client.request(method, path, headers=given)

    return asyncio.run(request())


def test_a_long_answer_is_compressed_when_asked() -> None:
    plain, packed = ask(), ask(accept_encoding="gzip")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content == LONG
    assert int(packed.headers["content-length"]) < len(LONG) / 10
    for each in (plain, packed):
        assert each.headers["vary"] == "Accept, Accept-Encoding"


def test_a_streamed_answer_is_compressed_piece_by_piece() -> None:
    packed = ask("/stream", accept_encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-length" not in packed.headers
    assert packed.content == LONG


@pytest.mark.parametrize("query", [f"size={SHORTEST - 1}", "size=0", "type=image/png"])
def test_what_gains_nothing_is_left_as_it_is(query: str) -> None:
    answered = ask(f"/?{query}", accept_encoding="gzip")
    assert "content-encoding" not in answered.headers
    assert answered.headers["etag"] == TAG


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("GZIP;Q=1.0", "gzip"),
        ("x-gzip", "gzip"),
        ("br, deflate", "identity"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0, *", "identity"),
        ("*", "gzip"),
        ("*;q=0", "identity"),
        ("gzip;q=0.1, identity;q=0.9", "identity"),
        ("gzip;q=0.5, br;q=1.0", "gzip"),
        ("gzip;q=nan", "identity"),
        ("gzip;q=9", "identity"),
        (";;;,,gzip;;", "gzip"),
    ],
)
def test_the_client_chooses(accepted: str, encoding: str) -> None:
    assert encoding_of(Headers({"accept-encoding": accepted})) == encoding


def test_each_encoding_has_its_tag_and_knows_it_again() -> None:
    plain, packed = ask(), ask(accept_encoding="gzip")
    assert plain.headers["etag"] == TAG
    assert packed.headers["etag"] == '"abc-gzip"'
    again = ask(accept_encoding="gzip", if_none_match='"abc-gzip"')
    assert (again.status_code, again.headers["etag"]) == (304, '"abc-gzip"')
    assert "Accept-Encoding" in again.headers["vary"]
    assert ask(if_none_match=TAG).status_code == 304
    assert ask(if_none_match='"abc-gzip"').status_code == 200


def test_a_write_may_name_the_tag_of_either_encoding() -> None:
    assert ask("/match", "PUT", if_match='"abc-gzip", "d"').text == '"abc", "d"'
    assert ask("/match", "PUT", if_match=TAG, accept_encoding="gzip").text == TAG


def test_head_has_the_headers_of_get() -> None:
    head, get = ask(method="HEAD", accept_encoding="gzip"), ask(accept_encoding="gzip")
    for name in ("content-encoding", "content-length", "etag", "vary"):
        assert head.headers[name] == get.headers[name]


def run_raw(path: str, query: bytes, version: str) -> list[dict[str, object]]:
    """Give the messages of an answer in gzip, up to where it fails."""
    sent: list[dict[str, object]] = []
    scope = {
        "type": "http",
        "http_version": version,
        "method": "GET",
        "path": path,
        "query_string": query,
        "headers": [(b"accept-encoding", b"gzip")],
    }

    async def receive() -> dict[str, object]:
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    async def run() -> None:
        await APP(scope, receive, send)  # type: ignore[arg-type]

    with pytest.raises(ZeroDivisionError) if b"broken" in query else nullcontext():
        asyncio.run(run())
    return sent


def test_what_breaks_off_has_no_end_of_gzip_either() -> None:
    sent = run_raw("/stream", b"broken=1", "1.1")
    body = b"".join(each["body"] for each in sent[1:])  # type: ignore[misc]
    assert all(each["more_body"] for each in sent[1:])
    unpacked = zlib.decompressobj(16 + zlib.MAX_WBITS)
    unpacked.decompress(body)
    assert not unpacked.eof
    with pytest.raises(EOFError):
        gzip.decompress(body)


def test_http_1_0_is_not_compressed() -> None:
    sent = run_raw("/stream", b"", "1.0")
    assert b"".join(each["body"] for each in sent[1:]) == LONG  # type: ignore[misc]
