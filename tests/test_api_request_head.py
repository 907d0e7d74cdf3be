"""What the head of a request must be: its host, its version, how its body comes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from api.request_head import REFUSAL, Refusal, WellFormed

HOST = (b"host", b"kg.example:8000")


def ask(headers: Sequence[tuple[bytes, bytes]], **scope: Any) -> tuple[int, dict[str, Any]]:
    """Return the status and the problem; that of the application is 204."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError("the body is not read")

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    given = {"type": "http", "http_version": "1.1", "method": "GET", "path": "/", **scope}
    asyncio.run(WellFormed(app)({**given, "headers": list(headers)}, receive, send))
    return sent[0]["status"], json.loads(sent[1]["body"])


@pytest.mark.parametrize(
    ("headers", "version"),
    [
        ([HOST], "1.1"),
        ([HOST], "1.0"),
        ([], "1.0"),
        ([(b"host", b"")], "1.1"),
        ([(b"host", b"[::1]:80")], "1.1"),
        ([HOST, (b"transfer-encoding", b"Chunked ")], "1.1"),
    ],
)
def test_a_head_as_it_should_be_passes(headers: list[tuple[bytes, bytes]], version: str) -> None:
    assert ask(headers, http_version=version) == (204, {})


@pytest.mark.parametrize(
    ("headers", "version", "words"),
    [
        ([], "1.1", "is missing; HTTP/1.1 needs it"),
        ([HOST, HOST], "1.1", "is given 2 times"),
        ([HOST, (b"host", b"other")], "1.0", "is given 2 times"),
        ([(b"host", b"a b")], "1.1", "is 'a b', which is no host"),
        ([(b"host", b"[")], "1.0", "is no host"),
        ([(b"host", b"\xe9")], "1.1", "is no host"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "OPTIONS", "PUT"])
def test_a_host_is_named_once(
    headers: list[tuple[bytes, bytes]], version: str, words: str, method: str
) -> None:
    status, problem = ask(headers, http_version=version, method=method)
    assert (status, problem["parameter"]) == (400, "Host")
    assert words in problem["detail"]


@pytest.mark.parametrize("coding", [b"gzip, chunked", b"identity", b"chunked, chunked", b""])
def test_a_transfer_coding_that_is_not_known_is_501(coding: bytes) -> None:
    status, problem = ask([HOST, (b"transfer-encoding", coding)])
    assert status == 501
    assert "send the body as it is, or in chunks" in problem["detail"]


@pytest.mark.parametrize("version", ["0.9", "2.0", "9.9"])
def test_another_version_is_505(version: str) -> None:
    status, problem = ask([HOST], http_version=version)
    assert (status, problem["title"]) == (505, "HTTP Version Not Supported")


def test_what_stands_in_for_no_request_is_refused() -> None:
    refusal = Refusal(431, "too long")
    status, problem = ask([HOST], extensions={REFUSAL: refusal})
    assert (status, problem["detail"]) == (431, "too long")


def test_other_scopes_pass() -> None:
    passed: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append(scope)

    async def nothing(*_: Any) -> Any:
        return {}

    asyncio.run(WellFormed(app)({"type": "lifespan"}, nothing, nothing))
    assert passed == [{"type": "lifespan"}]
