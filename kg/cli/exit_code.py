"""What a script can tell from how a command ends."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["ExitCode"]


class ExitCode(IntEnum):
    """What a script can tell from how a command ends."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    NOT_FOUND = 3
    INTERNAL = 70
    INPUT_OUTPUT = 74
