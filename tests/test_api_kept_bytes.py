"""Answers that are kept: made once, whoever asks meanwhile, and never when making them failed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial

import pytest

from api.kept_bytes import KeptAnswers, KeptBytes


class Maker:
    def __init__(self) -> None:
        self.made: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    def make(self, name: str) -> bytes:
        self.gate.wait(5)
        self.made.append(name)
        return name.encode()

    def __call__(self, name: str) -> Callable[[], bytes]:
        return partial(self.make, name)


def test_an_answer_is_made_once_also_for_those_who_ask_meanwhile() -> None:
    make = Maker()

    async def ask() -> list[KeptBytes]:
        kept = KeptAnswers()
        make.gate.clear()
        asked = [asyncio.create_task(kept.get("a", make("a"))) for _ in range(5)]
        await asyncio.sleep(0.01)
        make.gate.set()
        return [*await asyncio.gather(*asked), await kept.get("a", make("other"))]

    assert set(asyncio.run(ask())) == {b"a"}
    assert make.made == ["a"]


def test_what_was_asked_for_longest_ago_makes_room() -> None:
    make = Maker()

    async def ask() -> None:
        kept = KeptAnswers(most=2)
        for name in "abacba":
            assert await kept.get(name, make(name)) == name.encode()

    asyncio.run(ask())
    assert "".join(make.made) == "abcba"


def test_a_failure_is_told_and_not_kept_and_who_leaves_stops_nothing() -> None:
    make = Maker()

    def fail() -> bytes:
        raise ValueError("no")

    async def ask() -> KeptBytes:
        kept = KeptAnswers()
        with pytest.raises(ValueError, match="no"):
            await kept.get("a", fail)
        make.gate.clear()
        left = asyncio.create_task(kept.get("a", make("a")))
        await asyncio.sleep(0.01)
        left.cancel()
        await asyncio.gather(left, return_exceptions=True)
        make.gate.set()
        return await kept.get("a", make("other"))

    assert asyncio.run(ask()) == b"a"


def test_another_form_of_an_answer_is_made_once_and_few_are_kept() -> None:
    changed: list[bytes] = []

    def upper(text: bytes) -> bytes:
        changed.append(text)
        return text.upper()

    async def ask() -> None:
        text = KeptBytes(b"a")
        assert await (await text.derive("upper", upper)).derive("upper", upper) == b"A"
        for number in range(20):
            await text.derive(number, upper)
        assert await text.derive(19, upper) is await text.derive(19, upper)
        before = len(changed)
        await text.derive("upper", upper)
        assert len(changed) == before + 1

    asyncio.run(ask())
    assert changed[:2] == [b"a", b"A"]
