"""A body must come at a pace; what comes after it may take its time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from api.buffer_room import room_of
from api.client_limits import ALWAYS_ANSWERED, SPARE, ClientLimits, Pace
from api.problems import TooSlow

PACE = Pace(seconds=0.1, bytes_per_second=100)


def run(app: Any, messages: Sequence[tuple[float, Message]], **scope: Any) -> list[Message]:
    """Run an app within limits; each message comes so many seconds after the one before."""
    waiting, sent = list(messages), []

    async def receive() -> Message:
        pause, message = waiting.pop(0) if waiting else (60.0, {"type": "http.disconnect"})
        await asyncio.sleep(pause)
        return message

    async def send(message: Message) -> None:
        sent.append(message)

    given = {"type": "http", "method": "POST", "path": "/", "headers": [], **scope}
    asyncio.run(ClientLimits(app, pace=PACE)(given, receive, send))
    return sent


def body(text: bytes, *, more: bool = True) -> Message:
    return {"type": "http.request", "body": text, "more_body": more}


async def read(scope: Scope, receive: Receive, send: Send) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 204, "headers": []})


def test_a_body_that_keeps_the_pace_is_read() -> None:
    assert run(read, [(0.05, body(b"x" * 50)), (0.3, body(b"", more=False))])[0]["status"] == 204


@pytest.mark.parametrize(
    "messages", [[], [(0.0, body(b"x"))], [(0.02, body(b"x")) for _ in range(100)]]
)
def test_a_body_that_does_not_is_too_slow(messages: list[tuple[float, Message]]) -> None:
    with pytest.raises(TooSlow, match="came slower than 100 bytes a second"):
        run(read, messages)


def test_after_the_body_a_client_may_wait_for_its_answer_as_long_as_it_likes() -> None:
    async def wait(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        assert (await receive())["type"] == "http.disconnect"

    run(wait, [(0.0, body(b"x", more=False)), (0.3, {"type": "http.disconnect"})])


def test_a_client_that_leaves_is_not_slow() -> None:
    run(read, [(0.0, body(b"x")), (0.0, {"type": "http.disconnect"})])


def test_answers_find_the_room_for_what_is_held_back() -> None:
    async def look(scope: Scope, receive: Receive, send: Send) -> None:
        room = room_of(scope)
        assert room is not None
        assert room.take(1)

    run(look, [])
    assert room_of({}) is None


@pytest.mark.parametrize("path", ["/", "/sparql", *ALWAYS_ANSWERED])
def test_a_connection_too_many_gets_health_alone(path: str) -> None:
    sent = run(read, [(0.0, body(b"", more=False))], path=path, extensions={SPARE: {}})
    headers = dict(sent[0]["headers"])
    if path in ALWAYS_ANSWERED:
        assert sent[0]["status"] == 204
    else:
        assert sent[0]["status"] == 503
        assert headers[b"retry-after"] == b"1"
        assert headers[b"connection"] == b"close"
