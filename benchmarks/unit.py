"""What the records of one made-up drug share: its tokens, its passages, and fixed vocabularies."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from benchmarks.tokens import Tokens

__all__ = ["Record", "Unit", "Vocabulary", "digest_of", "words_of"]

Record = dict[str, Any]


@dataclass(frozen=True)
class Vocabulary:
    """The slugs of what stays fixed, each kind in a fixed order."""

    histologies: Sequence[str]
    targets: Sequence[str]
    classes: Sequence[str]
    comorbidities: Sequence[str]
    organisations: Sequence[str]


@dataclass(frozen=True)
class Unit:
    """What the records of a unit share."""

    tokens: Tokens
    draw: Random
    words: Vocabulary
    histologies: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the drug."""
        return self.tokens.name

    def passage(self, order: int, *, citation: str = "") -> Record:
        """Return a passage of two ranges; passages of other orders are others."""
        start = 40 + 400 * order
        passage: Record = {
            "inDocument": self.tokens.document,
            "section": f"Section {order % 7 + 1}",
            "sha256": digest_of(self.tokens, str(order)),
            "ranges": [
                {"order": 1, "start": start, "end": start + 90 + order % 50},
                {"order": 2, "start": start + 150, "end": start + 260 + order % 50},
            ],
        }
        return passage | ({"citation": citation} if citation else {})


def digest_of(tokens: Tokens, text: str) -> str:
    """Return a digest that ends in digits of the unit: what they digest is nowhere."""
    digest = hashlib.sha256(f"{tokens.number} {text}".encode()).hexdigest()
    return digest[: -len(tokens.digits)] + tokens.digits


def words_of(slug: str) -> str:
    """Return a slug as words.

    >>> words_of("synovial-sarcoma")
    'synovial sarcoma'
    """
    return slug.replace("-", " ")
