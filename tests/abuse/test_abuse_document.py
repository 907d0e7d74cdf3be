"""The page of attacks says what the table of the tests says."""

from __future__ import annotations

from pathlib import Path

from abuse_document import document

PAGE = Path(__file__).parents[2] / "docs" / "abuse.md"


def test_the_page_lists_every_attack() -> None:
    assert PAGE.read_text() == document(), "python tests/abuse/abuse_document.py > docs/abuse.md"
