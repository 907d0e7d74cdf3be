"""The miniature graph of the fixtures, a record to lay over it, and edits of its files."""

from __future__ import annotations

from pathlib import Path

__all__ = ["MINIATURE", "OWN_DRUG", "replace", "write"]

MINIATURE = Path(__file__).parent / "fixtures" / "miniature"
OWN_DRUG = """\
id: drug:new
type: Drug
label: a new drug
inhibits: kit
"""


def write(path: Path, text: str) -> Path:
    """Write a file, and give its folder, made where it was missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path.parent


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
