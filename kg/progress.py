"""How a build tells how far it is."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Progress", "Silence"]


class Progress(Protocol):
    """Somebody who wants to know the stages of a build, one after the other."""

    def start(self, stage: str, total: int | None = None) -> None:
        """Say that a stage begins; ``total`` is the number of its steps, where known."""

    def advance(self) -> None:
        """Say that a step of the stage is done."""

    def finish(self, summary: str) -> None:
        """Say that the stage is over, and what it counted."""


class Silence:
    """A listener that does not care."""

    def start(self, stage: str, total: int | None = None) -> None:
        """Ignore the stage."""

    def advance(self) -> None:
        """Ignore the step."""

    def finish(self, summary: str) -> None:
        """Ignore the summary."""
