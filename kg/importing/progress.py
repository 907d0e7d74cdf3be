"""How an import tells how far it is."""

from __future__ import annotations

from typing import Protocol

from kg.importing.tally import Tally

__all__ = ["ImportProgress", "SilentImport"]


class ImportProgress(Protocol):
    """Somebody who wants to know how an import gets on."""

    def say(self, sentence: str) -> None:
        """Hear something that happens once, such as that an unfinished import goes on."""

    def count(self, tally: Tally) -> None:
        """Hear the counts so far; often."""


class SilentImport:
    """A listener that does not care."""

    def say(self, sentence: str) -> None:
        """Ignore the sentence."""

    def count(self, tally: Tally) -> None:
        """Ignore the counts."""
