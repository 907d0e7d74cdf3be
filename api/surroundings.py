"""What the application is told of the server that it runs in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from api.front_cache import FrontFigures

__all__ = ["Surroundings"]


@dataclass
class Surroundings:
    """What is counted outside of the application, and whether the server is about to end.

    ``cut_connections`` gives how many connections were cut off, by reason, and ``lost_lines``
    how many lines of the log there was no room for; ``kept_answers`` gives how what answers ahead
    of the application fares. ``figures_keep`` is for how many seconds the same figures are given
    to whoever asks. ``warms`` says that what first visitors would wait for is made ahead.
    """

    cut_connections: Callable[[], Mapping[str, int]] = dict
    lost_lines: Callable[[], int] = int
    kept_answers: Callable[[], FrontFigures] | None = None
    is_stopping: bool = False
    figures_keep: float = 0.0
    warms: bool = False

    def stop(self) -> None:
        """Take note that the server is about to end."""
        self.is_stopping = True
