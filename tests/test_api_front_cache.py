"""What is kept ahead of the application: within its bound, and of one snapshot alone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.asked_ahead import Asker
from api.front import Front
from api.front_answer import FrontAnswer, read_answer
from api.front_cache import FrontCache
from api.front_capture import Capture, CaptureRoom, show_query, show_record
from api.front_key import Wish, read_wish
from api.front_query import AskedQuery, FrontQueries
from api.messages import Head, QueryRequest
from api.request_record import RequestRecord

OLD = b"0" * 64


@dataclass(eq=False)
class Shelf:
    """What is served; snapshots are told apart by what they are."""

    id: str


@dataclass
class Stand:
    """A cache, and the snapshot that its server serves."""

    largest: int = 100_000
    served: Shelf = field(default_factory=lambda: Shelf(OLD.decode()))

    def __post_init__(self) -> None:
        self.cache = FrontCache(lambda: self.served, self.largest)

    def keep(self, name: str, size: int = 10, known: bytes | None = None) -> FrontAnswer | None:
        made = answer(size)
        return self.cache.keep(wish(name, known), made, self.served, is_whole=known is None)


def wish(name: str, known: bytes | None = None) -> Wish:
    tags = [(b"if-none-match", known)] if known is not None else []
    found = read_wish(b"GET", f"/{name}".encode(), [(b"host", b"a"), *tags])
    assert found is not None
    return found


def answer(size: int = 10) -> FrontAnswer:
    return FrontAnswer(b"HTTP/1.1 200 OK\r\n", b"", b"x" * size, OLD + b".1", False, "{}")


def test_what_is_kept_is_found_by_key_and_by_head() -> None:
    stand = Stand()
    kept = stand.keep("a")
    assert kept is not None
    stand.cache.remember(b"GET /a", kept)
    assert stand.cache.find(wish("a")) is kept
    assert stand.cache.find_by_head(b"GET /a") is kept
    assert stand.cache.find(wish("b")) is None
    assert stand.cache.find_by_head(b"GET /b") is None


def test_nothing_is_found_once_another_snapshot_is_served() -> None:
    for asked in ("find", "find_by_head"):
        stand = Stand()
        kept = stand.keep("a")
        assert kept is not None
        stand.cache.remember(b"GET /a", kept)
        stand.served = Shelf(OLD.decode())  # the same id does not make it the same
        if asked == "find":
            assert stand.cache.find(wish("a")) is None
        assert stand.cache.find_by_head(b"GET /a") is None
        assert stand.cache.find(wish("a")) is None
        assert (stand.cache.figures.answers, stand.cache.figures.size) == (0, 0)


def test_an_answer_of_a_snapshot_that_is_served_no_more_is_not_kept() -> None:
    stand = Stand()
    before = stand.served
    stand.served = Shelf("1" * 64)
    assert stand.cache.keep(wish("a"), answer(), before, is_whole=True) is None
    assert stand.cache.find(wish("a")) is None
    late = answer()
    stand.cache.remember(b"GET /a", late)
    assert stand.cache.find_by_head(b"GET /a") is None


def test_an_answer_replaced_is_found_by_no_head() -> None:
    stand = Stand()
    first = stand.keep("a")
    assert first is not None
    stand.cache.remember(b"GET /a", first)
    second = stand.keep("a")
    assert second is not first
    assert stand.cache.find_by_head(b"GET /a") is None
    assert stand.cache.find(wish("a")) is second


@pytest.mark.parametrize(
    ("known", "is_found"),
    [
        (b'"x"', True),
        (b'W/"x", "y"', True),
        (b"", True),
        (b"*", False),
        (b'"x", *', False),
        (b'"%b.1"' % OLD, False),
        (b'W/"%b.1-gzip"' % OLD, False),
        (b'"%b.2"' % OLD, False),
    ],
)
def test_a_whole_answer_is_for_tags_that_it_cannot_have(known: bytes, is_found: bool) -> None:
    stand = Stand()
    whole = stand.keep("a")
    assert stand.cache.find(wish("a", known)) is (whole if is_found else None)
    told = stand.keep("a", known=known)
    assert stand.cache.find(wish("a", known)) is told
    assert stand.cache.find(wish("a")) is whole


def test_what_was_asked_for_longest_ago_makes_room() -> None:
    stand = Stand(largest=19_000)
    assert all(stand.keep(name, 5_000) for name in ("a", "b"))
    assert stand.cache.find(wish("a"))
    stand.cache.count_hit(stand.cache.find(wish("a")))  # type: ignore[arg-type]
    assert stand.keep("c", 5_000)
    assert stand.cache.find(wish("b")) is None
    assert stand.cache.find(wish("a"))
    assert stand.cache.find(wish("c"))


def test_what_is_too_large_drives_nothing_out() -> None:
    stand = Stand(largest=20_000)
    assert stand.keep("a")
    assert stand.keep("b", 20_001) is None
    assert stand.cache.find(wish("a"))


def test_an_answer_has_few_heads_and_no_long_ones() -> None:
    stand = Stand()
    kept = stand.keep("a")
    assert kept is not None
    size = stand.cache.figures.size
    for number in range(100):
        stand.cache.remember(b"GET /a %d" % number, kept)
    stand.cache.remember(b"GET /a" + b"x" * 5000, kept)
    assert len(kept.requests) == 4
    assert stand.cache.figures.size - size < 100
    assert stand.cache.find_by_head(b"GET /a 99") is kept
    assert stand.cache.find_by_head(b"GET /a 0") is None


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 9_000), st.binary(max_size=30)),
        max_size=60,
    )
)
def test_the_bound_holds_and_all_is_given_back(kept: list[tuple[str, int, bytes]]) -> None:
    stand = Stand(largest=25_000)
    for name, size, head in kept:
        made = stand.keep(name, size)
        if made is not None:
            stand.cache.remember(head, made)
        assert stand.cache.figures.size <= 25_000
    for name in "abcdefgh":
        found = stand.cache.find(wish(name))
        assert found is None or all(
            stand.cache.find_by_head(head) is found for head in found.requests
        )
    stand.served = Shelf("")
    stand.cache.find(wish("a"))
    assert stand.cache.figures.size == 0


ADDED = [(b"date", b"Sun")]
SENT = (
    b'HTTP/1.1 200 OK\r\ndate: Sun\r\netag: W/"%b.1-gzip"\r\nx-request-id: a\r\n'
    b"content-length: 2\r\n\r\n{}" % OLD
)


def record(**given: Any) -> RequestRecord:
    usual = {"id": "a", "route": "/sparql", "status": 200, "snapshot": OLD.decode()}
    return RequestRecord(**{**usual, **given})


def test_an_answer_is_read_around_what_is_of_its_request() -> None:
    found = read_answer(SENT, b"date: Sun\r\n", record(), closes=False)
    assert found is not None
    assert found.validator == OLD + b".1"
    shown = found.show(b"date: Mon\r\n", "other")
    assert shown == SENT.replace(b"Sun", b"Mon").replace(b"-id: a", b"-id: other")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"etag: ", b"x-tag: "),
        (b"x-request-id: a", b"x-request-id: b"),
        (b"x-request-id: a", b"x-request-id: a\r\nx-request-id: a"),
        (b"content-length", b"cache-control: no-store\r\ncontent-length"),
        (b"date: Sun", b"date: Mon"),
    ],
)
def test_what_may_not_be_kept_is_not_read(before: bytes, after: bytes) -> None:
    sent = SENT.replace(before, after)
    assert read_answer(sent, b"date: Sun\r\n", record(), closes=False) is None


class Wire:
    """A transport to nowhere."""

    def write(self, data: bytes) -> None:
        pass


def taken_in(
    change: Callable[[Stand], None] = lambda _: None, *, asks: bool = False, **given: Any
) -> bool:
    """Tell whether an answer is kept whose request had some record; meanwhile there is a change."""
    stand = Stand()
    asker = Asker(lambda *_: nullcontext()) if asks else None  # type: ignore[arg-type]
    front = Front(lambda: stand.served, 100_000, None, asker)
    capture, begun = front.capture(Wire()), stand.served
    scope: dict[str, Any] = {"extensions": {}}
    capture.offer(scope)
    show_record(scope, record(**given), ())
    query = AskedQuery(QueryRequest("ASK {}"), lambda *_: "", may_compress=False)
    show_query(scope, query, Head("ASK", "text/csv", "text/csv", is_volatile=False))
    capture.write(SENT)
    change(stand)
    kept = front.take_in(wish("a"), capture, ADDED, begun, closes=False)
    assert (front.cache.find(wish("a")) is not None) == (kept is not None)
    return kept is not None


def test_only_what_one_snapshot_decides_is_taken_in() -> None:
    def swap(stand: Stand) -> None:
        stand.served = Shelf(OLD.decode())

    assert taken_in()
    assert not taken_in(swap)
    assert not taken_in(status=206)
    assert not taken_in(status=404)
    assert not taken_in(route="/downloads")
    assert not taken_in(route=None)
    assert not taken_in(snapshot="1" * 64)
    assert not taken_in(snapshot=None)


def test_nothing_is_learnt_of_a_snapshot_that_is_served_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    learnt = list[Wish]()
    monkeypatch.setattr(FrontQueries, "learn", lambda _, wish, *__: learnt.append(wish))

    def swap(stand: Stand) -> None:
        stand.served = Shelf("1" * 64)

    assert taken_in(asks=True)
    assert learnt == [wish("a")]
    assert not taken_in(swap, asks=True)
    assert learnt == [wish("a")]


def test_there_is_room_for_so_much_at_a_time() -> None:
    room = CaptureRoom(100, 60)
    first, second = (Capture(Wire(), room) for _ in range(2))  # type: ignore[arg-type]
    first.write(b"x" * 60)
    second.write(b"x" * 50)
    assert second.end() is None
    first.write(b"x")
    assert first.end() is None
    third = Capture(Wire(), room)  # type: ignore[arg-type]
    third.write(b"x" * 60)
    assert third.end() == b"x" * 60
    assert room.take(60, 0)
