"""Numbers of command lines that count something."""

from __future__ import annotations

import argparse

__all__ = ["natural"]


def natural(text: str) -> int:
    """Return a whole number that is not negative; raises ArgumentTypeError.

    >>> natural("7")
    7
    """
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 on")
    return int(text)
