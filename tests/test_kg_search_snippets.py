"""Snippets: what surrounds the words that were looked for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.search_snippets import make_snippet


def marked(text: str, looked_for: str) -> list[str]:
    return [piece.text for piece in make_snippet(text, looked_for) if piece.is_match]


def test_all_words_are_marked_in_any_spelling() -> None:
    text = "Tumours of the bone, and Ewing\u2019s sarcoma; PDGFR\u03b1"
    assert marked(text, "tumor ewing") == ["Tumours", "Ewing\u2019s"]
    assert marked(text, "the PDGFR alpha of") == ["PDGFR\u03b1"]


def test_a_long_text_is_cut_between_words_around_the_first() -> None:
    text = "before " * 100 + "toxicity " + "behind " * 100
    shown = "".join(piece.text for piece in make_snippet(text, "toxicity"))
    assert shown.startswith("\u2026before")
    assert shown.endswith("behind\u2026")
    assert "toxicity" in shown
    assert len(shown) < 250


@given(st.text(max_size=400), st.text(max_size=20))
def test_a_snippet_is_a_part_of_the_text(text: str, looked_for: str) -> None:
    pieces = make_snippet(text, looked_for)
    shown = "".join(piece.text for piece in pieces)
    assert shown.strip("\u2026") in text
    assert len(shown) <= 242
