"""Answers are kept up to a size, and given to each client anew."""

from __future__ import annotations

from starlette.responses import Response

from api.entity_cache import AnswerCache


def test_an_answer_is_given_again_with_its_headers() -> None:
    cache = AnswerCache()
    cache.keep("a", Response(b"one", headers={"Content-Type": "text/turtle", "Link": "<x>"}))
    one, two = cache.find("a"), cache.find("a")
    assert one is not None
    assert two is not None
    one.headers["Vary"] = "Accept"
    assert (two.body, two.headers["Link"], "Vary" in two.headers) == (b"one", "<x>", False)
    assert two.headers["Content-Length"] == "3"
    assert cache.find("b") is None


def test_what_was_asked_for_longest_ago_makes_room() -> None:
    cache = AnswerCache(10)
    for tag in "ab":
        cache.keep(tag, Response(b"1234"))
    assert cache.find("a")
    cache.keep("c", Response(b"1234"))
    assert [bool(cache.find(tag)) for tag in "abc"] == [True, False, True]
    cache.keep("c", Response(b"123456"))
    assert [bool(cache.find(tag)) for tag in "ac"] == [True, True]
    cache.keep("large", Response(b"1" * 11))
    assert cache.find("large") is None
    assert cache.find("a")
