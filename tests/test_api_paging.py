from __future__ import annotations

import base64

import pytest

from api.paging import CursorError, page_of


def test_pages_cover_a_list_once() -> None:
    letters: list[str] = []
    cursor = None
    for _ in range(4):
        page = page_of("abcdefg", limit=2, cursor=cursor, mark="m")
        assert page.total == 7
        letters += page.items
        cursor = page.cursor
    assert letters == list("abcdefg")
    assert cursor is None


def test_a_whole_page_has_no_following_one() -> None:
    assert page_of("ab", limit=2, cursor=None, mark="m").cursor is None
    assert page_of("", limit=2, cursor=None, mark="m").items == ()


@pytest.mark.parametrize(
    "cursor", ["", "x", "!!!", "é", base64.urlsafe_b64encode(b"7").decode(), "bnVsbA", "WzFd"]
)
def test_a_made_up_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(CursorError):
        page_of("abc", limit=1, cursor=cursor, mark="m")


def test_a_cursor_is_good_for_its_list_only() -> None:
    cursor = page_of("abc", limit=1, cursor=None, mark="s1 drugs").cursor
    with pytest.raises(CursorError, match="belongs to another list or question"):
        page_of("abc", limit=1, cursor=cursor, mark="s1 trials")
    with pytest.raises(CursorError, match="belongs to another snapshot"):
        page_of("abc", limit=1, cursor=cursor, mark="s2 drugs")
