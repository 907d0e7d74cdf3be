"""Query files: the sentence they start with, and the options in their head."""

from __future__ import annotations

import pytest

from kg.problem import Refused
from kg.query_file import find_option, read_comment


def test_the_first_line_states_the_rule() -> None:
    assert read_comment("## A rule.\n# More.\nSELECT", shown_as="a.rq") == "A rule."


@pytest.mark.parametrize("text", ["", "\n# late", "SELECT # not a head", "#", "# \nSELECT"])
def test_a_file_that_states_nothing_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(Refused, match=r"^shapes/checks/a\.rq:1: the first line must be a comment"):
        read_comment(text, shown_as="shapes/checks/a.rq")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# A rule.\n# severity: warning\nSELECT", "warning"),
        ("# A rule.\n\n#severity:  info  \nSELECT", "info"),
        ("# A rule.\nSELECT\n# severity: warning", None),
        ("# A rule.\n# the severity: warning\nSELECT", None),
    ],
)
def test_an_option_stands_among_the_comments_at_the_head(text: str, found: str | None) -> None:
    assert find_option(text, "severity") == found
