from __future__ import annotations

import pytest

from kg.negotiation import MediaRange, choose_media_type, read_accept

OFFERED = ("application/json", "application/ld+json", "text/turtle")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/ld+json, application/json", "application/json"),
        ("application/json;q=0.1, application/ld+json;q=0.2", "application/ld+json"),
        ("text/turtle, */*", "text/turtle"),
        ("application/json;q=0, application/*;q=0.5", "application/ld+json"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', OFFERED[1]),
        ("text/turtle;q=nan", None),
        ("text/turtle;q=high", None),
        ("text/turtle;q=7", "text/turtle"),
        ("a/b/c", None),
        ('text/turtle;note="a, b;q=0", */*;q=0.1', "text/turtle"),
        ('application/json;q=0.1, text/turtle;note="never closed', "text/turtle"),
        ("text/turtle;q=-1", None),
        ("text/turtle;q=.5, */*;q=0.1", "text/turtle"),
        (",,,", OFFERED[0]),
        (" , \t,", OFFERED[0]),
        (",;,", None),
        (", text/turtle ,", "text/turtle"),
    ],
)
def test_the_best_media_type_wins(accept: str, expected: str | None) -> None:
    assert choose_media_type(accept, OFFERED) == expected


def test_what_is_no_range_is_left_out() -> None:
    assert read_accept("text, /, text/, , */*;q=0.5") == (MediaRange("*", "*", 0.5),)


def test_a_header_of_thousands_of_ranges_is_read_in_part() -> None:
    assert len(read_accept("image/png," * 20_000)) == 100
